"""What a stream's socket says and hears beside frames."""

import asyncio
from typing import Any

import orjson
import structlog

from sessions.stream_header import LATEST_CLOCK_MS

log = structlog.get_logger(__name__)

LARGEST_TEXT = 4096


def parse_text(text: str | None) -> dict[str, Any]:
    """The JSON object of a message; empty for anything else."""
    if text is None or len(text) > LARGEST_TEXT:
        return {}
    try:
        said = orjson.loads(text)
    except orjson.JSONDecodeError:
        return {}
    return said if isinstance(said, dict) else {}


def go_ms_of(said: dict[str, Any]) -> float | None:
    """When the person was told to go, from a "go" message; None for any other, and for one without sense."""
    value = said.get("capture_ms") if said.get("type") == "go" else None
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) <= LATEST_CLOCK_MS:
        return None
    return float(value)


async def cancel(tasks: list[asyncio.Task[Any]]) -> None:
    """Cancel, wait, and raise what a task died of."""
    for task in tasks:
        task.cancel()
    for outcome in await asyncio.gather(*tasks, return_exceptions=True):
        if isinstance(outcome, Exception):
            log.error("stream_task_failed", exc_info=outcome)


def snake(name: str) -> str:
    """``SetIsOver`` as ``set_is_over``."""
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name).lstrip("_")
