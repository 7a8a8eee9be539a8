"""Values in a table: what a column's head and a row's first cell say of them.

A table is consecutive lines whose cells are parted by tabs or bars, as imported documents and many typed
notes have them. A side in a column's head is that of the whole column.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from notes.clini_note_extractor.types import Entity, Label, Span

PARTED = re.compile(r"\t|\|")
MOST_ROWS = 60


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table: its cells as offsets in the text, in order."""

    cells: tuple[Span | None, ...]

    def column_of(self, place: int) -> int | None:
        """The number of the cell that holds a place, or None."""
        inside = (number for number, cell in enumerate(self.cells) if cell and cell.start <= place < cell.end)
        return next(inside, None)


@dataclass(frozen=True, slots=True)
class Heads:
    """What the table says of a value. Without a side, the heads do not fit the row: it stays open."""

    side: Entity | None
    region: Entity | None
    first_cell: Span | None


def heads_of(text: str, value: Entity, entities: Sequence[Entity]) -> Heads | None:
    """The heads of a value's column and row; None outside of a table, in a first column, under a head
    without sides, and where the value's own cell names its side. `entities` in reading order.
    """
    row = _row_at(text, value.start)
    column = row.column_of(value.start) if row else None
    if row is None or not column:
        return None
    if _named(entities, row.cells[column], Label.LATERALITY) is not None:
        return None
    for above in _rows_above(text, value.start):
        sides = [_named(entities, cell, Label.LATERALITY) for cell in above.cells]
        if not any(sides):
            continue
        head = above.cells[column] if column < len(above.cells) else None
        fits = len(above.cells) == len(row.cells)
        return Heads(
            sides[column] if fits else None,
            _named(entities, head, Label.BODY_REGION) if fits else None,
            row.cells[0],
        )
    return None


def _row_at(text: str, place: int) -> Row | None:
    start = text.rfind("\n", 0, place) + 1
    end = text.find("\n", place)
    return _row(text, start, len(text) if end < 0 else end)


def _rows_above(text: str, place: int) -> list[Row]:
    """The table's lines above the one of `place`, the nearest first."""
    rows: list[Row] = []
    end = text.rfind("\n", 0, place)
    while end > 0 and len(rows) < MOST_ROWS:
        start = text.rfind("\n", 0, end) + 1
        row = _row(text, start, end)
        if row is None:
            break
        rows.append(row)
        end = start - 1
    return rows


def _row(text: str, start: int, end: int) -> Row | None:
    line = text[start:end].strip("|")
    if not PARTED.search(line):
        return None
    offset = start + text[start:end].index(line)
    cells: list[Span | None] = []
    at = 0
    for parting in [*PARTED.finditer(line), None]:
        stop = parting.start() if parting else len(line)
        cells.append(Span(offset + at, offset + stop) if stop > at else None)
        at = parting.end() if parting else stop
    return Row(tuple(cells))


def _named(entities: Sequence[Entity], cell: Span | None, label: Label) -> Entity | None:
    if cell is None:
        return None
    first = bisect_left(entities, cell.start, key=_start)
    after = bisect_left(entities, cell.end, key=_start)
    return next((one for one in entities[first:after] if one.label is label), None)


def _start(entity: Entity) -> int:
    return entity.start
