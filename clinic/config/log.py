"""Logging without personal data: no bodies, no query strings, no names; one JSON line per event."""

from collections.abc import MutableMapping
from typing import Any

import structlog

# Keys that could hold what a person typed, or who they are.
FORBIDDEN_KEYS = frozenset(
    {"body", "query", "query_string", "email", "username", "name", "text", "data", "ip"}
)


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
