"""A small server that answers like an OpenAI-compatible endpoint, for tests."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Endpoint:
    """`mode`: "ready", "redirect", "refuse", "huge" or "garbage"; `seen` are the requests' headers."""

    mode: str = "ready"
    seen: list[dict[str, str]] = field(default_factory=list)
    port: int = 0

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}/v1"


@contextmanager
def running_endpoint() -> Iterator[Endpoint]:
    """Serve on a free port of this machine until the block ends."""
    endpoint = Endpoint()

    class Answers(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers.get("content-length", 0)))
            endpoint.seen.append({name.lower(): value for name, value in self.headers.items()})
            status, headers, body = _answer(endpoint.mode)
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(body))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("localhost", 0), Answers)
    endpoint.port = server.server_address[1]
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield endpoint
    finally:
        server.shutdown()
        server.server_close()


def _answer(mode: str) -> tuple[int, dict[str, str], bytes]:
    kind = {"Content-Type": "application/json"}
    if mode == "redirect":
        return 307, {"Location": "http://169.254.169.254/latest/"}, b""
    if mode == "refuse":
        return 401, kind, b'{"error": {"message": "bad key sk-very-secret-key"}}'
    if mode == "garbage":
        return 200, kind, b"\x00<<<not json"
    words = "x" * 3_000_000 if mode == "huge" else "ready"
    choice = {"index": 0, "message": {"role": "assistant", "content": words}, "finish_reason": "stop"}
    usage = {"prompt_tokens": 3, "completion_tokens": 1, "total_tokens": 4}
    whole = {"id": "c", "object": "chat.completion", "created": 1, "model": "m", "choices": [choice]}
    return 200, kind, json.dumps({**whole, "usage": usage}).encode()
