"""Two texts compared by lines, and by words within the lines that differ. Pure; no markup.

`difflib` takes time that grows with the square of the lengths, so what both texts share at the ends is cut
off first, and what is left above a limit is shown as one change, without its words compared.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

MOST_LINES = 2_000
MOST_WORDS = 3_000
CONTEXT_LINES = 2
TOKEN = re.compile(r"\s+|\w+|[^\w\s]+")


class Change(StrEnum):
    SAME = "same"
    CHANGED = "changed"
    ADDED = "added"
    REMOVED = "removed"
    FOLDED = "folded"


@dataclass(frozen=True, slots=True)
class DiffPiece:
    text: str
    is_changed: bool = False


@dataclass(frozen=True, slots=True)
class DiffRow:
    """One line, or lines, of both texts side by side. A folded row has the equal lines that it stands for."""

    change: Change
    old: tuple[DiffPiece, ...] = ()
    new: tuple[DiffPiece, ...] = ()
    folded: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TextDiff:
    rows: tuple[DiffRow, ...]
    words_added: int
    words_removed: int

    @property
    def is_empty(self) -> bool:
        return all(row.change in (Change.SAME, Change.FOLDED) for row in self.rows)


def compare(old: str, new: str) -> TextDiff:
    """What became of `old` in `new`: joined by line ends, each side's pieces are that side's text."""
    rows = list(_rows(old.split("\n"), new.split("\n")))
    added = sum(_words(piece.text) for row in rows for piece in row.new if piece.is_changed)
    removed = sum(_words(piece.text) for row in rows for piece in row.old if piece.is_changed)
    return TextDiff(tuple(_folded(rows)), added, removed)


def _rows(old: Sequence[str], new: Sequence[str]) -> Iterator[DiffRow]:
    for tag, old_part, new_part in _blocks(old, new, most=MOST_LINES):
        if tag == "equal":
            for line in old_part:
                yield DiffRow(Change.SAME, (DiffPiece(line),), (DiffPiece(line),))
        elif len(old_part) == len(new_part):
            for old_line, new_line in zip(old_part, new_part, strict=True):
                yield _changed_row(old_line, new_line)
        elif not old_part:
            for line in new_part:
                yield DiffRow(Change.ADDED, new=(DiffPiece(line, is_changed=True),))
        elif not new_part:
            for line in old_part:
                yield DiffRow(Change.REMOVED, old=(DiffPiece(line, is_changed=True),))
        else:
            yield _changed_row("\n".join(old_part), "\n".join(new_part))


def _changed_row(old: str, new: str) -> DiffRow:
    if old == new:
        return DiffRow(Change.SAME, (DiffPiece(old),), (DiffPiece(new),))
    left: list[DiffPiece] = []
    right: list[DiffPiece] = []
    for tag, old_part, new_part in _blocks(TOKEN.findall(old), TOKEN.findall(new), most=MOST_WORDS):
        if old_part:
            left.append(DiffPiece("".join(old_part), is_changed=tag != "equal"))
        if new_part:
            right.append(DiffPiece("".join(new_part), is_changed=tag != "equal"))
    return DiffRow(Change.CHANGED, tuple(left), tuple(right))


def _blocks(
    old: Sequence[str], new: Sequence[str], *, most: int
) -> Iterator[tuple[str, Sequence[str], Sequence[str]]]:
    """Equal and different stretches in order, as difflib's opcodes; above `most` the middle is one."""
    shortest = min(len(old), len(new))
    start = next((i for i in range(shortest) if old[i] != new[i]), shortest)
    end = next((i for i in range(shortest - start) if old[-1 - i] != new[-1 - i]), shortest - start)
    old_middle, new_middle = old[start : len(old) - end], new[start : len(new) - end]
    if start:
        yield "equal", old[:start], new[:start]
    if max(len(old_middle), len(new_middle)) > most:
        yield "replace", old_middle, new_middle
    else:
        for tag, i1, i2, j1, j2 in SequenceMatcher(None, old_middle, new_middle).get_opcodes():
            yield tag, old_middle[i1:i2], new_middle[j1:j2]
    if end:
        yield "equal", old[len(old) - end :], new[len(new) - end :]


def _folded(rows: list[DiffRow]) -> Iterator[DiffRow]:
    """Long stretches of equal lines but for their ends."""
    run: list[DiffRow] = []
    for position, row in enumerate([*rows, None]):
        if row is not None and row.change == Change.SAME:
            run.append(row)
            continue
        is_first, is_last = position == len(run), row is None
        yield from _fold(run, before=0 if is_first else CONTEXT_LINES, after=0 if is_last else CONTEXT_LINES)
        run = []
        if row is not None:
            yield row


def _fold(run: list[DiffRow], *, before: int, after: int) -> Iterator[DiffRow]:
    hidden = len(run) - before - after
    if hidden < 2:
        yield from run
        return
    yield from run[:before]
    lines = ["".join(piece.text for piece in row.old) for row in run[before : before + hidden]]
    yield DiffRow(Change.FOLDED, folded=tuple(lines))
    yield from run[len(run) - after :]


def _words(text: str) -> int:
    return len(re.findall(r"\w+", text))
