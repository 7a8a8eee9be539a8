"""A patient's movement days: the bouts and the wear of every recording, drawn together by their own calendar.

Recordings may overlap (a phone in the pocket and a watch): what two sensors saw at the same time counts once,
for the sensor whose place on the body measures it best.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction

from patients.local_time import day_bounds, local_day
from patients.models import Patient
from sessions.models import MovementDay, MovementMeasure, Recording, WalkingBout
from sessions.motion_trend.metrics import METRICS
from sessions.motion_trend.types import Placement

# Which place is believed where two sensors saw the same walk, best first.
PLACES = (
    (Placement.LEFT_FOOT, Placement.RIGHT_FOOT),
    (Placement.LOWER_BACK,),
    (Placement.WAIST,),
    (Placement.POCKET, Placement.LEFT_THIGH, Placement.RIGHT_THIGH),
    (Placement.CHEST,),
    (Placement.LEFT_SHANK, Placement.RIGHT_SHANK),
    (Placement.LEFT_WRIST, Placement.RIGHT_WRIST),
)
RANKS = {str(place): rank for rank, places in enumerate(PLACES) for place in places}
# Ten hours of wear make a day whose steps may be compared with another's (Matthews 2012, Med Sci Sports Exerc
# 44:S68); less says more about the wear than about the walking.
LEAST_WEAR_MINUTES = 600.0
LITTLE_WALKING_S = 60.0
LITTLE_WALKING = {
    "code": "little_walking",
    "words": "Less than a minute of walking was measured on this day.",
}
COUNT_UNITS = {"step_count": "steps", "walking_minutes": "min", "wear_minutes": "min"}
LONGEST_DAYS = 400


@dataclass(frozen=True, slots=True)
class DayBout:
    """A bout as a day needs it."""

    recording_id: int
    start: datetime
    end: datetime
    duration_s: float
    step_count: int
    placement: str
    measures: dict[str, dict[str, Any]]

    @property
    def rank(self) -> int:
        """0 for the place that measures best."""
        return RANKS.get(self.placement, len(PLACES))


@dataclass(frozen=True, slots=True)
class DayShare:
    """What one recording has of a day: minutes recorded and worn."""

    recording: Recording
    recorded_minutes: float
    wear_minutes: float


def settle_movement_days(patient: Patient, days: Iterable[date]) -> None:
    """Work some of a patient's days out anew from all that is stored about them. Twice changes nothing."""
    for day in sorted(set(days))[:LONGEST_DAYS]:
        with transaction.atomic():
            _settle_day(patient, day)


def days_of(patient: Patient, start: datetime, end: datetime) -> list[date]:
    """The days on the patient's calendar that a stretch of time touches."""
    first, last = local_day(patient, at=start), local_day(patient, at=end)
    count = min((last - first).days, LONGEST_DAYS)
    return [first + timedelta(days=number) for number in range(count + 1)]


def _settle_day(patient: Patient, day: date) -> None:
    start, end = day_bounds(patient, day)
    row, _ = MovementDay.objects.get_or_create(patient=patient, day=day)
    # Two recordings of one day may be analysed at once: the second waits here and then sees the first.
    row = MovementDay.objects.select_for_update().get(pk=row.pk)
    shares = _shares(patient, start, end)
    bouts = without_doubles(_bouts(patient, start, end))
    MovementMeasure.objects.filter(
        patient=patient, day=day, origin=MovementMeasure.Origin.BOUTS, recording=None
    ).delete()
    if not shares and not bouts:
        row.delete()
        return
    _fill_day(row, shares, bouts)
    row.save()
    rows = _measure_rows(row, shares, bouts)
    made = {measure.code for measure in rows if measure.origin == MovementMeasure.Origin.SIMULATED}
    MovementMeasure.objects.filter(
        patient=patient, day=day, origin=MovementMeasure.Origin.SIMULATED, recording=None, code__in=made
    ).delete()
    MovementMeasure.objects.bulk_create(rows)


def _bouts(patient: Patient, start: datetime, end: datetime) -> list[DayBout]:
    found = WalkingBout.objects.filter(patient=patient, started_at__gte=start, started_at__lt=end)
    columns = ("recording_id", "started_at", "ended_at", "duration_s", "step_count", "placement", "measures")
    return [DayBout(*row) for row in found.order_by("started_at", "id").values_list(*columns)]


def _shares(patient: Patient, start: datetime, end: datetime) -> list[DayShare]:
    recordings = Recording.objects.filter(
        patient=patient,
        exercise_set=None,
        modality=Recording.Modality.IMU,
        state=Recording.State.ANALYSED,
        started_at__lt=end,
        ended_at__gte=start,
    ).select_related("device")
    return [_share(recording, start, end) for recording in recordings.order_by("started_at", "id")]


def _share(recording: Recording, start: datetime, end: datetime) -> DayShare:
    """A recording that runs over midnight is shared out by time."""
    if recording.started_at is None or recording.ended_at is None:
        return DayShare(recording, 0.0, 0.0)
    whole_s = max((recording.ended_at - recording.started_at).total_seconds(), 1e-9)
    inside_s = (min(end, recording.ended_at) - max(start, recording.started_at)).total_seconds()
    share = min(max(inside_s / whole_s, 0.0), 1.0)
    sensors = max(len(recording.quality.get("sensors", [])), 1)
    rate_hz = recording.sampling_rate_hz or 0.0
    received_s = recording.sample_count / sensors / rate_hz if rate_hz else whole_s
    recorded_minutes = share * min(received_s, whole_s) / 60
    worn = recording.result.get("worn")
    wear_minutes = recorded_minutes if worn is None else _worn_minutes(recording, worn, start, end)
    return DayShare(recording, recorded_minutes, wear_minutes)


def _worn_minutes(recording: Recording, worn: list[list[float]], start: datetime, end: datetime) -> float:
    """How long the sensor was worn between two moments; `worn`: s since the recording's start."""
    begun = recording.started_at or start
    low, high = (start - begun).total_seconds(), (end - begun).total_seconds()
    return sum(max(min(high, stop) - max(low, begin), 0.0) for begin, stop in worn) / 60


def without_doubles(bouts: Sequence[DayBout]) -> list[DayBout]:
    """Bouts in order of time; where two recordings overlap by half of the shorter, the better place stays."""
    kept: list[DayBout] = []
    for bout in sorted(bouts, key=lambda one: (one.rank, one.start, one.recording_id)):
        if not any(_is_double(bout, other) for other in kept):
            kept.append(bout)
    return sorted(kept, key=lambda one: (one.start, one.recording_id))


def _is_double(bout: DayBout, other: DayBout) -> bool:
    if bout.recording_id == other.recording_id:
        return False
    shared_s = (min(bout.end, other.end) - max(bout.start, other.start)).total_seconds()
    return shared_s > 0.5 * min(bout.duration_s, other.duration_s)


def _fill_day(row: MovementDay, shares: Sequence[DayShare], bouts: Sequence[DayBout]) -> None:
    devices = {share.recording.device_id for share in shares}
    row.device_id = devices.pop() if len(devices) == 1 else None
    row.recorded_minutes = round(_most_of_one_sensor(shares, "recorded_minutes"), 2)
    row.wear_minutes = round(_most_of_one_sensor(shares, "wear_minutes"), 2)
    row.walking_minutes = round(sum(bout.duration_s for bout in bouts) / 60, 2)
    row.bout_count = len(bouts)
    row.step_count = sum(bout.step_count for bout in bouts)
    row.quality = {
        **_circumstances(shares),
        "recordings": len(shares),
        "enough_wear": row.wear_minutes >= LEAST_WEAR_MINUTES,
        "simulated": bool(shares) and all(share.recording.simulated for share in shares),
    }


def _most_of_one_sensor(shares: Sequence[DayShare], name: str) -> float:
    """Two sensors worn at once do not make a longer day."""
    by_sensor: dict[object, float] = {}
    for share in shares:
        one = share.recording
        sensor = one.device_id or (one.source, one.placement)
        by_sensor[sensor] = by_sensor.get(sensor, 0.0) + float(getattr(share, name))
    return min(max(by_sensor.values(), default=0.0), 1440.0)


def _circumstances(shares: Sequence[DayShare]) -> dict[str, Any]:
    """What else may move a day's values: another device, place, shoe or kind of walk."""
    recordings = [share.recording for share in shares]
    return {
        "activities": _distinct(one.activity for one in recordings),
        "placements": _distinct(one.placement for one in recordings),
        "sources": _distinct(one.source for one in recordings),
        "devices": _distinct(str(one.device.ref) for one in recordings if one.device),
        "notes": _distinct(one.note for one in recordings),
    }


def _distinct(values: Iterable[str]) -> list[str]:
    return sorted({value for value in values if value})


def _measure_rows(
    row: MovementDay, shares: Sequence[DayShare], bouts: Sequence[DayBout]
) -> list[MovementMeasure]:
    measured = {bout.recording_id for bout in bouts}
    circumstances = _circumstances([share for share in shares if share.recording.pk in measured] or shares)
    simulated = bool(row.quality["simulated"])
    told: dict[str, Any] = {
        "patient_id": row.patient_id,
        "day": row.day,
        "origin": MovementMeasure.Origin.SIMULATED if simulated else MovementMeasure.Origin.BOUTS,
        "device_id": row.device_id,
        "circumstances": circumstances,
    }
    walked = [_bout_measure(code, bouts, told) for code in METRICS if code not in COUNT_UNITS]
    return [one for one in walked if one is not None] + _counts(row, told)


def _bout_measure(code: str, bouts: Sequence[DayBout], told: dict[str, Any]) -> MovementMeasure | None:
    """The mean of a day's bouts, each weighted by how long it lasted.

    The band is the mean of the bouts' bands: most of a method's error is the same in every bout of one
    person, so that averaging does not narrow it.
    """
    found = [(bout.duration_s, bout.measures[code]) for bout in bouts if _has_value(bout, code)]
    weight = sum(duration for duration, _ in found)
    if not found or weight <= 0:
        return None
    return MovementMeasure(
        code=code,
        value=_mean(found, "value", weight),
        low=_mean(found, "low", weight) if _all_have(found, "low") else None,
        high=_mean(found, "high", weight) if _all_have(found, "high") else None,
        unit=str(found[0][1].get("unit") or METRICS[code].unit),
        n=len(found),
        flags=[LITTLE_WALKING] if weight < LITTLE_WALKING_S else [],
        **told,
    )


def _has_value(bout: DayBout, code: str) -> bool:
    return bout.measures.get(code, {}).get("value") is not None


def _all_have(found: Sequence[tuple[float, dict[str, Any]]], name: str) -> bool:
    return all(measure.get(name) is not None for _, measure in found)


def _mean(found: Sequence[tuple[float, dict[str, Any]]], name: str, weight: float) -> float:
    return float(sum(duration * measure[name] for duration, measure in found) / weight)


def _counts(row: MovementDay, told: dict[str, Any]) -> list[MovementMeasure]:
    """How much was walked, for days that were worn long enough to compare."""
    if row.wear_minutes < LEAST_WEAR_MINUTES:
        return []
    return [
        MovementMeasure(code=code, value=float(getattr(row, code)), unit=unit, n=row.bout_count, **told)
        for code, unit in COUNT_UNITS.items()
    ]
