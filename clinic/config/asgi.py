"""The ASGI door: HTTP to Django, sockets to the routes in clinic.config.routing, the start to its warming."""

import os
from typing import Any

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clinic.config.settings.dev")
http_application: Any = get_asgi_application()

from channels.routing import ProtocolTypeRouter  # noqa: E402

import clinic.config.celery  # noqa: E402, F401  what a page queues goes to our broker, not to Celery's default
from clinic.config.routing import socket_application  # noqa: E402
from clinic.config.warming import lifespan  # noqa: E402
from sessions.body_limit import limit_body  # noqa: E402

application = ProtocolTypeRouter(
    {"http": limit_body(http_application), "websocket": socket_application(), "lifespan": lifespan}
)
