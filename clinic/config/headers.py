"""The Permissions-Policy header, which Django does not send."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse


def permissions_policy(rules: dict[str, list[str]]) -> str:
    """Write ``{"camera": ["self"]}`` as ``camera=(self)``."""
    return ", ".join(f"{feature}=({' '.join(allowed)})" for feature, allowed in rules.items())


class PermissionsPolicyMiddleware:
    """Say which device features a page may ask for."""

    async_capable = False

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.header = permissions_policy(settings.PERMISSIONS_POLICY)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", self.header)
        return response
