"""Logging without personal data: no bodies, no query strings, no names; one JSON line per event."""

import re
from collections.abc import MutableMapping
from typing import Any

import structlog

# Keys that could hold what a person typed, or who they are.
FORBIDDEN_KEYS = frozenset(
    {"body", "query", "query_string", "email", "username", "name", "text", "data", "ip"}
)

MODEL_LIBRARIES = ("anthropic", "httpcore", "httpx", "langchain", "langgraph", "ollama", "openai")

# Addresses that open a door by themselves: an invitation's link, the key of a password reset.
SECRET_IN_PATH = re.compile(r"(/join/[^/\s]+/|/password/reset/key/|/confirm-email/)[^/\s]+")
# PostgreSQL repeats the refused row in this part of an error; a value may have lines of its own.
ROW_VALUES = re.compile(r"(?ms)^DETAIL:.*?(?=\n\nThe above exception|\n\nDuring handling|\Z)")


def hide_secrets(text: str) -> str:
    """The text without invitation tokens and reset keys."""
    return SECRET_IN_PATH.sub(r"\1…", text)


def drop_row_values(
    _logger: object, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Remove the values that PostgreSQL quotes in its errors, and secrets, from a formatted exception."""
    for key in ("exception", "event"):
        if isinstance(event.get(key), str):
            event[key] = hide_secrets(ROW_VALUES.sub("DETAIL: …", event[key]))
    return event


def drop_personal_data(
    _logger: object, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Remove forbidden keys and the query string of any request line."""
    for key in FORBIDDEN_KEYS & event.keys():
        del event[key]
    if isinstance(event.get("request"), str):
        event["request"] = event["request"].split("?", 1)[0]
    return event


SHARED_PROCESSORS: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    drop_personal_data,
]

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": structlog.stdlib.ProcessorFormatter,
            "foreign_pre_chain": SHARED_PROCESSORS,
            "processors": [
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                drop_row_values,
                structlog.processors.JSONRenderer(),
            ],
        }
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {
        # Request lines with query strings; ours are written by django-structlog instead.
        "uvicorn.access": {"level": "WARNING"},
        "axes": {"level": "ERROR"},
        # What is asked of a language model, and its answers, stand in their debug lines.
        **{name: {"level": "WARNING"} for name in MODEL_LIBRARIES},
    },
}


def configure_structlog() -> None:
    """Send structlog's events through the standard library's handlers above."""
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *SHARED_PROCESSORS,
            structlog.processors.StackInfoRenderer(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
