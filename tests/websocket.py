"""A websocket client for tests. channels.testing has one, but its package needs daphne, which we do not
install.
"""

import json
from typing import Any

from asgiref.testing import ApplicationCommunicator

# Whoever waits for something that comes waits no longer than it takes; a busy machine takes long.
PATIENCE_S = 20.0


class WebsocketCommunicator(ApplicationCommunicator):
    """Opens a websocket on an ASGI application and speaks JSON or bytes with it."""

    def __init__(self, application: Any, path: str, *, headers: list[tuple[bytes, bytes]]) -> None:
        scope = {
            "type": "websocket",
            "path": path,
            "query_string": b"",
            "headers": headers,
            "subprotocols": [],
            "client": ("127.0.0.1", 5000),
        }
        super().__init__(application, scope)

    async def connect(self, timeout: float = PATIENCE_S) -> bool:
        """Whether the application accepted."""
        await self.send_input({"type": "websocket.connect"})
        return (await self.receive_output(timeout))["type"] == "websocket.accept"

    async def send_json(self, content: Any) -> None:
        await self.send_input({"type": "websocket.receive", "text": json.dumps(content)})

    async def send_bytes(self, content: bytes) -> None:
        await self.send_input({"type": "websocket.receive", "bytes": content})

    async def receive_json(self, timeout: float = PATIENCE_S) -> Any:
        message = await self.receive_output(timeout)
        assert message["type"] == "websocket.send", message
        return json.loads(message["text"])

    async def close_code(self, timeout: float = PATIENCE_S) -> int:
        """The code with which the application closes next."""
        message = await self.receive_output(timeout)
        assert message["type"] == "websocket.close", message
        return int(message["code"])

    async def disconnect(self, code: int = 1000, timeout: float = PATIENCE_S) -> None:
        await self.send_input({"type": "websocket.disconnect", "code": code})
        await self.wait(timeout)
