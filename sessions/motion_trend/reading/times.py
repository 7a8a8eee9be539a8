"""Time columns: numbers in any unit, dates with and without a zone, times of day."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np
from numpy.typing import NDArray

LONGEST_TIME = 60
SCALES = {"s": 1.0, "ms": 1e-3, "us": 1e-6, "ns": 1e-9}
# Unix times of this century in each unit, by the smallest number that can be one.
EPOCH_FROM = (("ns", 1e17), ("us", 1e14), ("ms", 1e11), ("s", 1e8))
ZONE_AT_END = re.compile(r"(Z|[+-]\d{2}:?\d{2}|UTC|GMT)$")
DAY_FIRST = re.compile(r"^(\d{1,2})[./](\d{1,2})[./](\d{4})")
CLOCK_ONLY = re.compile(r"^\d{1,2}:\d{2}(:\d{2}([.,:]\d+)?)?$")
DATED = re.compile(r"^(\d{4}[-/]\d{1,2}[-/]\d{1,2}(\D|$)|\d{4}\.\d{2}\.\d{2}(\D|$)|\d{8}T\d)")
LOOSE_ZONE = re.compile(r"\s+(?=[+-]\d{2}:?\d{2}$)")
FRACTION = re.compile(r"(\d{1,2}:\d{2}:\d{2})[,:](\d+)")
DASHED_CLOCK = re.compile(r"T(\d{2})[-.](\d{2})[-.](\d{2})")


@dataclass(frozen=True, slots=True)
class TimeKind:
    """How a time column counts. `unit`: s, ms, us, ns or iso; `is_epoch`: whether it tells dates."""

    unit: str
    is_epoch: bool
    has_zone: bool = True


def zone_named(name: str) -> tzinfo:
    """A time zone by its name; UTC for one that is not known."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return UTC


def looks_like_time(cell: str) -> bool:
    """Whether a cell is a date or a time of day, not a number."""
    return bool(DATED.match(cell) or DAY_FIRST.match(cell) or CLOCK_ONLY.match(cell)) and not cell.isdigit()


def find_time_kind(cells: Sequence[str], *, name: str, unit: str = "") -> TimeKind:
    """How a time column counts, by its header, its first cells and, if given, the unit a person chose."""
    filled = [cell.strip() for cell in cells if cell.strip()]
    if unit == "iso" or (not unit and any(looks_like_time(cell) for cell in filled)):
        is_dated = any(not CLOCK_ONLY.match(cell) for cell in filled)
        return TimeKind("iso", is_dated, any(ZONE_AT_END.search(cell) for cell in filled))
    values = np.array([as_number(cell) for cell in filled])
    values = values[np.isfinite(values)]
    middle = float(np.median(values)) if len(values) else 0.0
    for known, least in EPOCH_FROM:
        if middle >= least and unit in ("", known):
            return TimeKind(known, is_epoch=True)
    return TimeKind(unit or _unit_of(name, values), False)


def _unit_of(name: str, values: NDArray[np.float64]) -> str:
    """The unit that a header names, or that makes the rate one of a body sensor."""
    plain = name.lower()
    for unit, pattern in (
        ("ns", r"\bns\b|nano"), ("us", r"\b[uµμ]s\b|micro"), ("ms", r"\bms\b|_ms\b|milli|\[ms\]"),
        ("s", r"\bs\b|\bsec|secon|sekund|segund|seconde"),
    ):  # fmt: skip
        if re.search(pattern, plain):
            return unit
    steps = np.diff(values)
    steps = steps[steps > 0]
    step = float(np.median(steps)) if len(steps) else 0.01
    if step < 0.5:
        return "s"
    return "ms" if step < 500 else "us" if step < 500_000 else "ns"


def as_number(cell: str) -> float:
    """A cell as a number, decimal comma or point; NaN else."""
    try:
        return float(cell.replace(" ", "").replace(",", "."))
    except ValueError:
        return float("nan")


def seconds_of_text(cells: Sequence[str]) -> NDArray[np.float64]:
    """Dates or times of day as seconds since 1970 (as UTC where no zone is given); NaN where unreadable."""
    import pandas as pd

    # No time is longer; patterns that look for blanks must not walk through a page of them.
    texts = pd.Series(cells, dtype=str).fillna("").str.strip().str.slice(0, LONGEST_TIME)
    texts = texts.str.replace(LOOSE_ZONE, "", regex=True).str.replace(FRACTION, r"\1.\2", regex=True)
    texts = texts.str.replace(DASHED_CLOCK, r"T\1:\2:\3", regex=True)
    clock_only = texts.str.match(CLOCK_ONLY)
    texts = texts.where(~clock_only, "1970-01-01T" + texts.str.zfill(8))
    first = next((text for text in texts if text), "")
    if DAY_FIRST.match(first):
        texts = texts.str.replace(".", "/", n=2, regex=False)
        stamps = pd.to_datetime(
            texts, errors="coerce", utc=True, dayfirst=_is_day_first(texts), format="mixed"
        )
    else:
        stamps = pd.to_datetime(texts, errors="coerce", utc=True, format="ISO8601")
        if stamps.isna().mean() > 0.5:
            stamps = pd.to_datetime(texts, errors="coerce", utc=True, format="mixed")
    unset = stamps.isna().to_numpy()
    seconds = stamps.to_numpy(dtype="datetime64[ns]").astype(np.int64) / 1e9
    return np.where(unset, np.nan, seconds)


def _is_day_first(texts: Sequence[str]) -> bool:
    """Whether 5/3/2024 is the 5th of March: unless some second number is over 12."""
    return not any((found := DAY_FIRST.match(text)) and int(found[2]) > 12 for text in texts)


def offset_of_text(cell: str) -> str:
    """The zone at the end of a date, or ""."""
    found = ZONE_AT_END.search(cell.strip())
    return found[1] if found else ""


def moment(seconds: float, *, zone: tzinfo | None) -> datetime:
    """A moment in UTC; `seconds` count as a local clock of `zone` shows them, or as Unix time without one."""
    plain = datetime.fromtimestamp(seconds, tz=UTC)
    if zone is None:
        return plain
    return plain.replace(tzinfo=zone).astimezone(UTC)
