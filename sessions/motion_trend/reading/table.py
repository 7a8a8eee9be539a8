"""Tables of numbers: which character separates, which marks decimals, where the header is; read in blocks."""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sessions.motion_trend.reading.errors import ReadingError, TableHead
from sessions.motion_trend.reading.text import (
    NOT_A_TABLE,
    SEND_A_TABLE,
    Chunk,
    find_encoding,
    read_chunks,
    read_head,
    read_last_line,
    read_lines,
)
from sessions.motion_trend.reading.types import Source

HEAD_LINES = 60
SHOWN_ROWS = 8
SEPARATORS = (",", ";", "\t", "|")
MOST_COLUMNS = 400
LONGEST_NAME = 200
NUMBER = re.compile(r"^[+-]?(\d[\d ]*)?([.,]\d+)?([eE][+-]?\d+)?$")
MISSING = frozenset({"", "null", "nan", "none", "na", "n/a", "-", "inf", "-inf"})


@dataclass(frozen=True, slots=True)
class Layout:
    """How a table is written: `header_lines` lie above the first row; `columns` are unique."""

    source: Source
    encoding: str
    separator: str
    decimal: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    header_lines: int
    has_header: bool

    @property
    def header_key(self) -> str:
        """The same for every file with the same columns, whatever their case and spaces."""
        names = [re.sub(r"\s+", " ", name.strip().lower()) for name in self.columns]
        return hashlib.sha256("\x1f".join(names).encode()).hexdigest()

    def head(self) -> TableHead:
        """The top of the table, to show to a person."""
        return TableHead(
            self.source.name,
            self.columns,
            self.rows[:SHOWN_ROWS],
            self.separator,
            self.decimal,
            self.header_key,
        )

    def column(self, name: str) -> int:
        """Where a column stands; raises ReadingError for a table without it."""
        try:
            return self.columns.index(name)
        except ValueError:
            words = f"There is no column “{name}”."
            raise ReadingError(self.source.name, self.header_lines, words, SEND_A_TABLE) from None


@dataclass(frozen=True, slots=True)
class Block:
    """Some rows of a table: numbers[n, k] of the wanted columns (NaN where unreadable), and texts by name."""

    numbers: NDArray[np.float64]
    texts: dict[str, Sequence[str]]
    first_line: int
    unreadable: int


NO_NUMBERS = "This table holds words, no measurements."


def find_layout(source: Source) -> Layout:
    """How a file is written. Raises ReadingError for what is no table, or a table without rows."""
    encoding = find_encoding(read_head(source), name=source.name)
    lines = read_lines(source, encoding=encoding, count=HEAD_LINES)
    separator, width = _find_separator(lines, name=source.name)
    cells = [_split(line, separator) for line in lines]
    start = _first_data_row(cells, width)
    header = _header_above(cells, start, width)
    if start is None:
        line = 1 if header is None else header + 1
        if header is not None and any(len(row) == width for row in cells[:header]):
            raise ReadingError(
                source.name, 1, NO_NUMBERS, "Send the table of samples, as the sensor exports it."
            )
        words = "The file has a header but no rows." if header is not None else NOT_A_TABLE
        raise ReadingError(source.name, line, words, "Check that the recording was not stopped at once.")
    rows = [tuple(row) for row in cells[start:] if len(row) == width]
    columns = _unique(cells[header]) if header is not None else tuple(f"column {n + 1}" for n in range(width))
    return Layout(
        source, encoding, separator, _find_decimal(rows, separator), columns, tuple(rows),
        start if header is None else header + 1, header is not None,
    )  # fmt: skip


def _find_separator(lines: list[str], *, name: str) -> tuple[str, int]:
    """The separator that cuts most lines into the same, largest number of cells."""
    best = ("", 0, 0)
    for separator in SEPARATORS:
        widths = Counter(len(_split(line, separator)) for line in lines if line.strip())
        width, count = max(
            widths.items(), key=lambda item: (item[1] * (item[0] > 1), item[0]), default=(1, 0)
        )
        if width > 1 and (count, width) > (best[2], best[1]):
            best = (separator, width, count)
    if not best[0] or best[1] > MOST_COLUMNS:
        raise ReadingError(name, 1, NOT_A_TABLE, SEND_A_TABLE)
    return _not_decimal_comma(lines, best)


def _not_decimal_comma(lines: list[str], best: tuple[str, int, int]) -> tuple[str, int]:
    """Of a table with semicolons and decimal commas, the semicolon separates."""
    for separator in (";", "\t"):
        widths = {len(_split(line, separator)) for line in lines if line.strip()} - {1}
        if best[0] == "," and len(widths) == 1 and (width := widths.pop()) >= 3:
            return separator, width
    return best[0], best[1]


def _split(line: str, separator: str) -> list[str]:
    try:
        return [cell.strip() for cell in next(csv.reader([line], delimiter=separator), [])]
    except csv.Error:
        return line.split(separator)


def _is_number(cell: str) -> bool:
    return bool(cell) and cell.lower() not in MISSING and NUMBER.match(cell) is not None


def _first_data_row(cells: list[list[str]], width: int) -> int | None:
    """The first row that holds at least three numbers."""
    for index, row in enumerate(cells):
        if len(row) == width and sum(_is_number(cell) for cell in row) >= min(3, width):
            return index
    return None


def _header_above(cells: list[list[str]], start: int | None, width: int) -> int | None:
    above = range(len(cells) if start is None else start)
    named = [n for n in above if len(cells[n]) == width and sum(map(bool, cells[n])) > width / 2]
    return named[-1] if named else None


def _unique(names: list[str]) -> tuple[str, ...]:
    seen: Counter[str] = Counter()
    unique = []
    for position, name in enumerate(names):
        shown = name.strip()[:LONGEST_NAME] or f"column {position + 1}"
        seen[shown] += 1
        unique.append(shown if seen[shown] == 1 else f"{shown} ({seen[shown]})")
    return tuple(unique)


def _find_decimal(rows: Sequence[tuple[str, ...]], separator: str) -> str:
    cells = [cell for row in rows for cell in row if _is_number(cell)]
    commas, points = (sum(mark in cell for cell in cells) for mark in (",", "."))
    quoted_commas = separator != "," or commas
    return "," if quoted_commas and commas > points else "."


def read_blocks(layout: Layout, *, numbers: Sequence[str], texts: Sequence[str] = ()) -> Iterator[Block]:
    """The rows of a table in blocks of about 4 MB of text; `numbers` and `texts` name the wanted columns."""
    wanted = [layout.column(name) for name in numbers]
    written = [layout.column(name) for name in texts]
    for chunk in read_chunks(layout.source, encoding=layout.encoding, skip_lines=layout.header_lines):
        frame = _parse(chunk, layout, sorted({*wanted, *written}))
        if not len(frame):
            continue
        values = np.column_stack([_numbers(frame[column], layout.decimal) for column in wanted])
        values = values.astype(np.float64)
        values[~np.isfinite(values)] = np.nan
        told = {name: frame[column].astype(str).tolist() for name, column in zip(texts, written, strict=True)}
        lines = chunk.text.count("\n") + (not chunk.text.endswith("\n"))
        blank = chunk.text.count("\n\n")
        yield Block(values, told, chunk.first_line, max(0, lines - blank - len(frame)))


def _parse(chunk: Chunk, layout: Layout, columns: list[int]) -> Any:
    import pandas as pd

    has_quotes = '"' in chunk.text
    try:
        return _read_csv(chunk.text, layout, columns, quoted=has_quotes)
    except (pd.errors.ParserError, pd.errors.EmptyDataError, ValueError):
        try:
            return _read_csv(chunk.text.replace('"', ""), layout, columns, quoted=False)
        except (pd.errors.ParserError, pd.errors.EmptyDataError, ValueError):
            return pd.DataFrame()


def _read_csv(text: str, layout: Layout, columns: list[int], *, quoted: bool) -> Any:
    import pandas as pd

    return pd.read_csv(
        io.StringIO(text), sep=layout.separator, decimal=layout.decimal, header=None,
        names=range(len(layout.columns)), usecols=columns, index_col=False, on_bad_lines="skip",
        quoting=csv.QUOTE_MINIMAL if quoted else csv.QUOTE_NONE, skip_blank_lines=True,
        skipinitialspace=True, low_memory=False, na_values=["null", "NULL", "-"],
    )  # fmt: skip


def _numbers(column: Any, decimal: str) -> Any:
    import pandas as pd

    if pd.api.types.is_numeric_dtype(column):
        return column.to_numpy(dtype=np.float64, na_value=np.nan)
    cells = column.astype(str)
    if decimal == ",":
        cells = cells.str.replace(",", ".")
    return pd.to_numeric(cells, errors="coerce").to_numpy(dtype=np.float64, na_value=np.nan)


def find_unreadable_line(layout: Layout, names: Sequence[str]) -> tuple[int, str]:
    """The first line that cannot be read, and the column that spoils it ("" where the row is too short)."""
    columns = [layout.column(name) for name in names]
    for chunk in read_chunks(layout.source, encoding=layout.encoding, skip_lines=layout.header_lines):
        for offset, line in enumerate(chunk.text.splitlines()):
            cells = _split(line, layout.separator)
            if line.strip() and len(cells) <= max(columns):
                return chunk.first_line + offset, ""
            for column in columns if line.strip() else ():
                if not _is_number(cells[column]):
                    return chunk.first_line + offset, layout.columns[column]
    return layout.header_lines + 1, ""


def read_last_row(layout: Layout, names: Sequence[str]) -> dict[str, str]:
    """Cells of the last whole row, by name; empty where it cannot be told cheaply."""
    cells = _split(read_last_line(layout.source, encoding=layout.encoding), layout.separator)
    if len(cells) != len(layout.columns):
        return {}
    return {name: cells[layout.column(name)] for name in names}
