"""What a false-alarm rate means: in words, for this clinic's patients, and for what is then missed."""

import json
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from typing import Any

from django.utils import timezone

from sessions.models import MovementMeasure
from sessions.motion_trend.alarm.thresholds import CURVE_FILE

RATES = (0.25, 0.5, 1.0, 2.0)
LATELY_DAYS = 28
EXAMPLE_PATIENTS = 60


@dataclass(frozen=True, slots=True)
class RateShown:
    """One choice: its words, and the percentages of sudden drops that are told in time (simulated people)."""

    rate: float
    words: str
    clinic_words: str
    daily: float | None
    twice_weekly: float | None


def rate_choices(chosen: float) -> list[tuple[str, str]]:
    """The rates to choose from; a rate that was set otherwise stays on offer."""
    return [(str(rate), rate_words(rate)) for rate in sorted({*RATES, chosen})]


def rate_words(rate: float) -> str:
    """The rate of one patient: "at most one per patient in 26 weeks"."""
    if rate >= 1:
        return f"at most {'one' if rate == 1 else f'{rate:g}'} per patient in 26 weeks"
    return f"at most one per patient in {26 / rate:g} weeks"


def clinic_words(rate: float, patients: int) -> str:
    """What the rate adds up to: "about one false alarm a fortnight for 60 patients"."""
    a_week = rate * patients / 26
    if a_week >= 1.5:
        often = f"{round(a_week)} false alarms a week"
    elif a_week >= 0.75:
        often = "one false alarm a week"
    elif a_week >= 0.35:
        often = "one false alarm a fortnight"
    elif a_week >= 0.17:
        often = "one false alarm a month"
    else:
        yearly = max(1, round(52 * a_week))
        often = "one false alarm a year" if yearly == 1 else f"{yearly} false alarms a year"
    return f"about {often} for {patients} {'patient' if patients == 1 else 'patients'}"


def rates_shown() -> list[RateShown]:
    """Each choice with its meaning for the clinic in scope: its patients measured lately, or an example's."""
    patients = measured_patients() or EXAMPLE_PATIENTS
    curve = _curve()
    return [_shown(rate, patients, curve.get(f"{rate:g}", {})) for rate in RATES]


def measured_patients() -> int:
    """How many of the clinic's patients were measured in the last four weeks."""
    since = timezone.now().date() - timedelta(days=LATELY_DAYS)
    return MovementMeasure.objects.filter(day__gte=since).values("patient_id").distinct().count()


def _shown(rate: float, patients: int, found: dict[str, Any]) -> RateShown:
    believed = found.get("false_alarms", rate)
    return RateShown(
        rate,
        rate_words(rate),
        clinic_words(believed, patients),
        _percent(found.get("daily")),
        _percent(found.get("twice_weekly")),
    )


def _percent(share: float | None) -> float | None:
    return None if share is None else round(100 * share)


@lru_cache(maxsize=1)
def _curve() -> dict[str, dict[str, Any]]:
    """The operating curve by rate, as `manage.py measure_alarms --store` wrote it."""
    if not CURVE_FILE.exists():
        return {}
    stored: dict[str, dict[str, Any]] = json.loads(CURVE_FILE.read_text(encoding="utf-8"))["by_rate"]
    return stored
