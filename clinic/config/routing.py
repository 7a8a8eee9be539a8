"""Websocket routes of every app, behind the origin check and the signed-in session."""

from importlib import import_module
from importlib.util import find_spec
from typing import Any

from channels.auth import AuthMiddlewareStack
from channels.routing import URLRouter
from channels.security.websocket import AllowedHostsOriginValidator

APPS = ["clinic", "patients", "prescriptions", "sessions"]


def websocket_urlpatterns() -> list[Any]:
    """Collect ``websocket_urlpatterns`` from each app's routing module."""
    found: list[Any] = []
    for app in APPS:
        module = f"{app}.routing"
        if find_spec(module) is not None:
            found += getattr(import_module(module), "websocket_urlpatterns", [])
    return found


def socket_application() -> Any:
    """The websocket side of the ASGI application."""
    return AllowedHostsOriginValidator(AuthMiddlewareStack(URLRouter(websocket_urlpatterns())))
