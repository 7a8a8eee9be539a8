"""How the audit pages learn patients' names: the clinic lies below the patients app, which registers itself
here.
"""

from collections.abc import Iterable
from typing import Protocol


class PatientDirectory(Protocol):
    """What the patients app answers, always for the clinic in scope."""

    def names(self, ids: Iterable[int]) -> dict[int, str]:
        """Names by patient id, in one query."""
        ...

    def find(self, text: str) -> list[int]:
        """Ids of patients whose name or reference fits the text."""
        ...


class Numbered:
    """Until the patients app has registered: ids in place of names."""

    def names(self, ids: Iterable[int]) -> dict[int, str]:
        return {one: f"Patient {one}" for one in ids}

    def find(self, text: str) -> list[int]:
        return [int(text)] if text.isdigit() else []


_directory: PatientDirectory = Numbered()


def register_directory(directory: PatientDirectory) -> None:
    """Called once, in the patients app's ready()."""
    global _directory
    _directory = directory


def directory() -> PatientDirectory:
    """The directory in use."""
    return _directory
