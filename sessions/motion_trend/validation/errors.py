"""What can be wrong with the data of a validation."""

from __future__ import annotations

from pathlib import Path


class BadData(ValueError):
    """A file of the validation data is missing or broken; says which and how."""

    def __init__(self, path: Path, why: str) -> None:
        super().__init__(f"{path}: {why}")
        self.path = path
        self.why = why
