"""The Permissions-Policy header, which Django does not send."""

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.deprecation import MiddlewareMixin


def permissions_policy(rules: dict[str, list[str]]) -> str:
    """Write ``{"camera": ["self"]}`` as ``camera=(self)``."""
    return ", ".join(f"{feature}=({' '.join(allowed)})" for feature, allowed in rules.items())


class PermissionsPolicyMiddleware(MiddlewareMixin):
    """Say which device features a page may ask for."""

    def process_response(self, _request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Add the header unless a view has set its own."""
        response.headers.setdefault("Permissions-Policy", permissions_policy(settings.PERMISSIONS_POLICY))
        return response
