"""The rows of a template's form: moved, added and taken away on the page, before anything is stored."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class SectionRow:
    heading: str = ""
    prompt: str = ""


def rows_of(sections: Iterable[Mapping[str, str]]) -> list[SectionRow]:
    """A stored template's sections as rows."""
    return [SectionRow(section["heading"], section.get("prompt", "")) for section in sections]


def blank_rows(count: int) -> list[SectionRow]:
    return [SectionRow()] * count


def rows_after(act: str, rows: list[SectionRow]) -> list[SectionRow]:
    """The rows after a button was pressed: "add", "up-2", "down-0", "remove-1"; others change nothing."""
    if act == "add":
        return [*rows, SectionRow()]
    name, _, number = act.partition("-")
    at = int(number) if number.isdecimal() and len(number) < 4 else -1
    if not 0 <= at < len(rows):
        return rows
    rest = [*rows[:at], *rows[at + 1 :]]
    if name == "remove":
        return rest
    if name in ("up", "down"):
        to = max(0, at - 1) if name == "up" else min(len(rest), at + 1)
        return [*rest[:to], rows[at], *rest[to:]]
    return rows
