"""What else may explain a change: another device, another place on the body, other shoes, little data."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, timedelta

import numpy as np

from sessions.motion_trend.metrics import METRICS
from sessions.motion_trend.trend import DailySeries, Floats
from sessions.motion_trend.types import Flag

BEFORE_DAYS = 28
LITTLE = 0.6
EXPLAINING = frozenset({"other_device", "other_placement", "other_note", "low_wear"})
SPARSE_A_WEEK = 3.5


def artefacts_of(
    series: Mapping[str, DailySeries], codes: Sequence[str], *, onset: date, detected: date
) -> tuple[Flag, ...]:
    """Artefacts that the days since `onset` show beside the four weeks before; each said once."""
    found: dict[str, Flag] = {}
    for code in codes:
        one = series[code]
        before = [at for at, day in enumerate(one.days) if onset - timedelta(BEFORE_DAYS) <= day < onset]
        since = [at for at, day in enumerate(one.days) if onset <= day <= detected]
        for flag in _flags(one, before, since):
            found.setdefault(flag.code, flag)
    return tuple(found.values())


def _flags(one: DailySeries, before: Sequence[int], since: Sequence[int]) -> list[Flag]:
    found = []
    if (device := _new_word(one.devices, before, since)) is not None:
        found.append(Flag("other_device", f"another device since then{_named(device)}"))
    if (placement := _new_word(one.placements, before, since)) is not None:
        found.append(Flag("other_placement", f"worn at another place since then{_named(placement)}"))
    if (note := _new_word(one.notes, before, since)) is not None:
        found.append(Flag("other_note", f"a note on these days{_named(note)}"))
    if METRICS[one.code].kin == "activity" and _fell(one.wear_minutes, before, since):
        found.append(Flag("low_wear", "the sensor was worn for much less time"))
    if _fell(one.n, before, since):
        found.append(Flag("few_data", "less walking was measured than usual"))
    if one.n is not None and len(since) and np.nansum(one.n[list(since)]) <= 2:
        found.append(Flag("one_recording", "it rests on one or two recordings only"))
    if _days_a_week(one, since) < SPARSE_A_WEEK:
        found.append(Flag("few_days", f"measured on few days: it rests on {len(since)} measured days"))
    return found


def _named(word: str) -> str:
    return f" ({word})" if word else ""


def _new_word(words: Sequence[str], before: Sequence[int], since: Sequence[int]) -> str | None:
    """The word that most days since carry, when it is another than most days before carried."""
    if not words or not before or not since:
        return None
    usual = Counter(words[at] for at in before).most_common(1)[0][0]
    now, times = Counter(words[at] for at in since).most_common(1)[0]
    return now if now != usual and now and times * 2 > len(since) else None


def _fell(column: Floats | None, before: Sequence[int], since: Sequence[int]) -> bool:
    """Whether the column stands far below its usual since the onset."""
    if column is None or not len(before) or not len(since):
        return False
    usual, now = column[list(before)], column[list(since)]
    if not np.isfinite(usual).any() or not np.isfinite(now).any():
        return False
    return bool(np.nanmedian(now) < LITTLE * np.nanmedian(usual))


def _days_a_week(one: DailySeries, since: Sequence[int]) -> float:
    """How many days a week were measured in the six weeks before the last of these days."""
    if not since:
        return 0.0
    last = one.days[since[-1]]
    first = max(one.days[0], last - timedelta(days=41))
    known = sum(first <= day <= last for day in one.days)
    return 7 * known / ((last - first).days + 1)
