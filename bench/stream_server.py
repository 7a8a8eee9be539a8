"""The web process of the stream benchmark.

The product's ASGI application, pinned to one core, with a page of numbers.
"""

import json
import os
import resource
import time
from typing import Any

os.sched_setaffinity(0, {0})

from channels.generic.websocket import AsyncWebsocketConsumer  # noqa: E402

from clinic.config.asgi import application as product  # noqa: E402
from sessions.stream_load import stream_load  # noqa: E402

ECHO_PATH = "/ws/bench/echo/"


class EchoConsumer(AsyncWebsocketConsumer):
    """What a Channels consumer costs when it does nothing."""

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        await self.send(bytes_data=bytes_data)


echo = EchoConsumer.as_asgi()


def numbers() -> dict[str, Any]:
    """What the streams have carried since the last question, and this process's use of its core."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    answer = {
        "received": stream_load.received,
        "scored": stream_load.scored,
        "skipped": stream_load.skipped,
        "refused": stream_load.refused,
        "frame_to_state_s": list(stream_load.frame_to_state_s),
        "cpu_s": usage.ru_utime + usage.ru_stime,
        "peak_mib": usage.ru_maxrss / 1024,
        "clock_s": time.monotonic(),
    }
    stream_load.clear()
    return answer


async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """The product, plus ``/bench/numbers`` and the echo socket."""
    if scope["type"] == "http" and scope["path"] == "/bench/numbers":
        body = json.dumps(numbers()).encode()
        headers = [(b"content-type", b"application/json")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})
    elif scope["type"] == "websocket" and scope["path"] == ECHO_PATH:
        await echo(scope, receive, send)
    else:
        await product(scope, receive, send)
