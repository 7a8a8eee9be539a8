"""The shipped exercise library: one JSON file an exercise, read without any web framework."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Any


class UnknownExercise(KeyError):
    """Nobody ships an exercise with this code."""

    def __init__(self, code: str, known: tuple[str, ...]) -> None:
        super().__init__(code)
        self.code = code
        self.known = known

    def __str__(self) -> str:
        return f"There is no exercise {self.code!r}. Known: {', '.join(self.known)}."


@cache
def codes() -> tuple[str, ...]:
    """Codes of all shipped exercises, sorted."""
    names = (entry.name for entry in files(__name__).iterdir())
    return tuple(sorted(name.removesuffix(".json") for name in names if name.endswith(".json")))


def load(code: str) -> dict[str, Any]:
    """The whole library file of an exercise, a fresh copy each time. Raises UnknownExercise."""
    if code not in codes():
        raise UnknownExercise(code, codes())
    content: dict[str, Any] = json.loads(files(__name__).joinpath(f"{code}.json").read_text("utf-8"))
    return content
