"""Nothing of a conversation is sent to a tracing service, whatever the environment asks for."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, cast

_PREFIXES = ("LANGSMITH_", "LANGCHAIN_")
_KEYS = ("TRACING", "ENDPOINT", "API_KEY", "HANDLER", "PROJECT", "SESSION", "OTEL", "VERBOSE", "DEBUG")


@contextmanager
def no_tracing() -> Iterator[None]:
    """Within it, in this thread, no run is traced, neither by the environment nor by a trace from outside."""
    from langsmith import utils
    from langsmith.run_helpers import tracing_context

    for name in [name for name in os.environ if name.startswith(_PREFIXES) and _is_about_tracing(name)]:
        del os.environ[name]
    # The library remembers what it once read.
    cast(Any, utils.get_env_var).cache_clear()
    with tracing_context(enabled=False, parent=False, project_name=None):
        yield


def _is_about_tracing(name: str) -> bool:
    return any(key in name for key in _KEYS)
