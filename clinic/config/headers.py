"""The Permissions-Policy header, which Django does not send."""

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.deprecation import MiddlewareMixin

from clinic.page_devices import HEADER, permissions_policy


class PermissionsPolicyMiddleware(MiddlewareMixin):
    """Say which device features a page may ask for."""

    def process_response(self, _request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Add the header unless a view has set its own."""
        response.headers.setdefault(HEADER, permissions_policy(settings.PERMISSIONS_POLICY))
        return response
