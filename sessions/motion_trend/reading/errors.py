"""What can be wrong with a sensor file, told so that the person who sent it can put it right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


class ReadingError(Exception):
    """A file cannot be read: `file`, `line` (None where lines mean nothing), why, and the cure."""

    def __init__(self, file: str, line: int | None, words: str, cure: str) -> None:
        super().__init__(words)
        self.file = file
        self.line = line
        self.words = words
        self.cure = cure

    def __str__(self) -> str:
        place = self.file if self.line is None else f"{self.file}, line {self.line}"
        return f"{place}: {self.words} {self.cure}".strip()

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON."""
        return {"file": self.file, "line": self.line, "words": self.words, "cure": self.cure}


@dataclass(frozen=True, slots=True)
class TableHead:
    """The top of a table: its column names and first rows as they stand, and how they are separated."""

    file: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    separator: str
    decimal: str
    header_key: str

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON."""
        return {
            "file": self.file,
            "columns": list(self.columns),
            "rows": [list(row) for row in self.rows],
            "separator": self.separator,
            "decimal": self.decimal,
            "header_key": self.header_key,
        }


class ColumnsUnknown(ReadingError):
    """A table whose columns a person must name first; has its `head` and a `guess` (a plan as JSON)."""

    def __init__(
        self, head: TableHead, *, guess: Mapping[str, Any], missing: Sequence[str], words: str
    ) -> None:
        super().__init__(
            head.file, 1, words, "Say which column is which, once; the next file like it is known."
        )
        self.head = head
        self.guess = dict(guess)
        self.missing = tuple(missing)
