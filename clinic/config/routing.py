"""Websocket routes of every app, behind the origin check and the signed-in session."""

from importlib import import_module
from importlib.util import find_spec
from typing import Any

from channels.auth import AuthMiddlewareStack
from channels.routing import URLRouter
from channels.security.websocket import AllowedHostsOriginValidator
from django.urls import re_path

from clinic.tenancy.sockets import close_unknown

APPS = ["clinic", "patients", "prescriptions", "sessions", "notes"]


def websocket_urlpatterns() -> list[Any]:
    """Collect ``websocket_urlpatterns`` from each app's routing module."""
    found: list[Any] = []
    for app in APPS:
        module = f"{app}.routing"
        if find_spec(module) is not None:
            found += getattr(import_module(module), "websocket_urlpatterns", [])
    return found


def socket_application() -> Any:
    """The websocket side of the ASGI application. An address that nobody serves is closed as not found."""
    routes = [*websocket_urlpatterns(), re_path(r"", close_unknown)]  # type: ignore[arg-type]
    return AllowedHostsOriginValidator(AuthMiddlewareStack(URLRouter(routes)))
