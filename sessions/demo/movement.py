"""Simulated sensor data of the demo's patients: daily values that follow each story's course, and a few
recordings that the real analysis measured. Everything is marked as simulated, and nothing is evidence.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from clinic.models import Membership
from patients.models import Patient
from patients.services.people import give_consent
from sessions import services
from sessions.demo import clock
from sessions.demo.cast import DemoPatient
from sessions.demo.past import value_at
from sessions.models import Device, MovementDay, MovementMeasure, Recording
from sessions.motion_trend.metrics import METRICS
from sessions.motion_trend.types import Placement, SensorSignal
from sessions.services.movement.days import LEAST_WEAR_MINUTES
from sessions.services.movement.imports import store_signals
from sessions.services.movement.trend_review import review_trend

PLACEMENT = Placement.LOWER_BACK
DEVICE_NAME = "Belt sensor (simulated)"
# How far a point of pain slows the walk: much for a leg, little for a shoulder.
SLOWS = {"shoulder": 0.008, "elbow": 0.004, "wrist_hand": 0.004, "neck": 0.01, "back": 0.03}
SLOWS_LEG = 0.05
MISSED_SHARE = 0.12
NEWEST = {"walk": 2, "chair_stand_30s": 5, "tug": 9, "walk_10m": 12}
OLDER_WALKS = (24, 48)
# Half the width of a day's band, as the validation of the lower-back method gives it.
HALF_BANDS = {
    "walking_speed_m_s": 0.23,
    "cadence_spm": 8.9,
    "step_length_m": 0.12,
    "stride_length_m": 0.24,
    "step_time_s": 0.048,
    "step_time_asymmetry_pct": 4.3,
    "step_length_asymmetry_pct": 5.5,
    "stride_time_variability_pct": 1.6,
}
SCATTER = {"speed": 0.025, "cadence": 0.012, "asymmetry_pct": 1.0, "variability_pct": 0.25, "steps": 0.14}


@dataclass(frozen=True, slots=True)
class WalkingDay:
    """How somebody walked on one day; speed in m/s, cadence in steps/min, asymmetry in % of the mean."""

    day: date
    speed_m_s: float
    cadence_spm: float
    asymmetry_pct: float
    length_asymmetry_pct: float
    variability_pct: float
    step_count: int
    wear_minutes: float

    @property
    def step_length_m(self) -> float:
        return 60 * self.speed_m_s / self.cadence_spm

    @property
    def walking_minutes(self) -> float:
        return self.step_count / self.cadence_spm

    def measures(self) -> dict[str, float]:
        """The day's values by metric; counts only where the sensor was worn long enough."""
        walked = {
            "walking_speed_m_s": self.speed_m_s,
            "cadence_spm": self.cadence_spm,
            "step_length_m": self.step_length_m,
            "stride_length_m": 2 * self.step_length_m,
            "step_time_s": 60 / self.cadence_spm,
            "step_time_asymmetry_pct": self.asymmetry_pct,
            "step_length_asymmetry_pct": self.length_asymmetry_pct,
            "stride_time_variability_pct": self.variability_pct,
        }
        counts = {
            "step_count": float(self.step_count),
            "walking_minutes": self.walking_minutes,
            "wear_minutes": self.wear_minutes,
        }
        return walked | (counts if self.wear_minutes >= LEAST_WEAR_MINUTES else {})


def height_cm(person: DemoPatient) -> int:
    """A made-up height."""
    return (160 if person.sex == "female" else 172) + (7 * person.seed) % 17


def walking_days(person: DemoPatient, *, first: date, today: date) -> list[WalkingDay]:
    """Every day that was measured, the oldest first; some are missing, as they are with real people."""
    rng = np.random.default_rng([person.seed, 23])
    count = max((today - first).days, 0)
    noise = np.clip(rng.normal(size=(count, 5)), -1.8, 1.8)
    kept = rng.random(count) >= MISSED_SHARE
    kept[-7:] = True
    days = [first + timedelta(days=number) for number in range(count)]
    return [
        _walking_day(person, day, days_ago=(today - day).days, noise=noise[number])
        for number, day in enumerate(days)
        if kept[number]
    ]


def _walking_day(person: DemoPatient, day: date, *, days_ago: int, noise: NDArray[np.float64]) -> WalkingDay:
    hurt = _hurt(person, days_ago=days_ago)
    sudden = _sudden_share(person, days_ago=days_ago)
    usual = (1.38 - 0.005 * max(day.year - person.born - 30, 0)) * (1 - _slows(person) * hurt)
    speed = usual * (1 - sudden) * (1 + SCATTER["speed"] * noise[0])
    cadence = (84 + 26 * speed) * (1 + SCATTER["cadence"] * noise[1])
    legs = 1.0 if person.region not in SLOWS else 0.3
    asymmetry = 2.0 + legs * (1.1 * hurt + 28 * sudden) + SCATTER["asymmetry_pct"] * noise[2]
    steps = (7800 - 620 * hurt) * (1 - 1.5 * sudden) * float(np.exp(SCATTER["steps"] * noise[3]))
    wear = 780.0 + 70 * noise[4]
    return WalkingDay(
        day,
        speed_m_s=float(max(speed, 0.3)),
        cadence_spm=float(cadence),
        asymmetry_pct=float(max(asymmetry, 0.3)),
        length_asymmetry_pct=float(max(0.7 * asymmetry + 0.4 * noise[3], 0.2)),
        variability_pct=float(max(2.2 + 0.25 * hurt + SCATTER["variability_pct"] * noise[4], 0.8)),
        step_count=max(round(steps), 300),
        wear_minutes=round(float(np.clip(wear, 420, 960)), 1),
    )


def _slows(person: DemoPatient) -> float:
    return SLOWS.get(person.region, SLOWS_LEG)


def _hurt(person: DemoPatient, *, days_ago: int) -> float:
    """Usual pain on that day; before a sudden deterioration the course went on as it had turned."""
    if person.course is None:
        return 0.0
    pain = person.course.pain
    steady = pain if person.worse_days_ago is None else (pain[0], pain[1], pain[1])
    return value_at(steady, person.course, days_ago=days_ago)


def _sudden_share(person: DemoPatient, *, days_ago: int) -> float:
    """How much of the speed is lost since the sudden deterioration."""
    if person.worse_days_ago is None or days_ago > person.worse_days_ago:
        return 0.0
    return person.worse_share


@dataclass(frozen=True, slots=True)
class Wearer:
    """A made-up patient with their sensor. `now`: the moment until which things may have happened."""

    person: DemoPatient
    patient: Patient
    therapist: Membership
    device: Device
    now: datetime


def write_movement(
    person: DemoPatient, patient: Patient, *, therapist: Membership, first: date, today: date, now: datetime
) -> int:
    """Eight weeks of sensor data of one patient, and a look at the trend; answers how many days.

    The recordings come first: where one was analysed, its own values stand for the day.
    """
    days = walking_days(person, first=first, today=today)
    if not days:
        return 0
    give_consent(patient, "motion")
    device, _ = services.register_device(
        patient, kind=Device.Kind.METAMOTION, name=DEVICE_NAME, placement=PLACEMENT, by=therapist
    )
    wearer = Wearer(person, patient, therapist, device, now)
    for plan in _recordings(wearer, days):
        _write_recording(wearer, *plan)
    _write_days(wearer, days)
    Device.objects.filter(pk=device.pk).update(last_seen_at=now - timedelta(hours=9), last_battery=0.74)
    review_trend(patient)
    return len(days)


def _recordings(wearer: Wearer, days: list[WalkingDay]) -> Iterator[tuple[datetime, str, SensorSignal]]:
    """When, what, and the signal: a newest walk, three timed tests, and two walks of weeks ago."""
    newest = days[-1].day
    wanted = {newest - timedelta(days=ago): kind for kind, ago in NEWEST.items()}
    wanted |= {newest - timedelta(days=ago): "walk" for ago in OLDER_WALKS}
    for number, walked in enumerate(one for one in days if one.day in wanted):
        kind = wanted[walked.day]
        at = wearer.now - timedelta(days=(wearer.now.date() - walked.day).days, minutes=90 + 7 * number)
        yield at, kind, _signal(wearer.person, walked, kind)


def _signal(person: DemoPatient, walked: WalkingDay, kind: str) -> SensorSignal:
    from sessions.motion_trend.timed import simulation
    from sessions.motion_trend.walker import walk

    seed = 100 * person.seed + walked.day.toordinal() % 97
    slow = 1.25 / walked.speed_m_s
    if kind == "tug":
        return simulation.timed_up_and_go(seconds=8.4 * slow)[0]
    if kind == "chair_stand_30s":
        cycle_s = 2.1 * slow
        return simulation.chair_stands(stands=int(30 / cycle_s), cycle_s=cycle_s)[0]
    return walk(
        seconds=40.0 if kind == "walk" else 10.0 / walked.speed_m_s,
        cadence_spm=walked.cadence_spm,
        step_length_m=walked.step_length_m,
        asymmetry_pct=walked.asymmetry_pct,
        length_asymmetry_pct=walked.length_asymmetry_pct,
        placement=PLACEMENT,
        height_m=height_cm(person) / 100,
        seed=seed,
    )[0]


def _write_recording(wearer: Wearer, at: datetime, kind: str, signal: SensorSignal) -> None:
    patient = wearer.patient
    with clock.at(at + timedelta(minutes=3)):
        recording = services.start_recording(
            patient,
            activity=kind,
            source=Recording.Source.SIMULATED,
            placement=PLACEMENT,
            device=wearer.device,
            started_at=at,
            by=patient.membership,
        )
        store_signals(recording, [replace(signal, started_at=at, source="simulated", placement=PLACEMENT)])
        services.analyse_recording(recording.pk, reviews_trend=False)


def _write_days(wearer: Wearer, days: list[WalkingDay]) -> None:
    MovementDay.objects.bulk_create(
        [_day_row(wearer, walked) for walked in days],
        update_conflicts=True,
        unique_fields=["clinic", "patient", "day"],
        update_fields=[
            "wear_minutes",
            "recorded_minutes",
            "walking_minutes",
            "bout_count",
            "step_count",
            "device",
            "quality",
        ],
    )
    rows = [row for walked in days for row in _measure_rows(wearer, walked)]
    MovementMeasure.objects.bulk_create(rows, ignore_conflicts=True, batch_size=1000)


def _day_row(wearer: Wearer, walked: WalkingDay) -> MovementDay:
    return MovementDay(
        patient=wearer.patient,
        day=walked.day,
        wear_minutes=walked.wear_minutes,
        recorded_minutes=min(walked.wear_minutes + 45, 1440),
        walking_minutes=round(walked.walking_minutes, 1),
        bout_count=_bout_count(walked),
        step_count=walked.step_count,
        device=wearer.device,
        quality={
            **_circumstances(wearer),
            "recordings": 1,
            "enough_wear": walked.wear_minutes >= LEAST_WEAR_MINUTES,
            "simulated": True,
        },
    )


def _measure_rows(wearer: Wearer, walked: WalkingDay) -> list[MovementMeasure]:
    return [
        MovementMeasure(
            patient=wearer.patient,
            code=code,
            day=walked.day,
            value=round(value, 4),
            low=_edge(code, value, -1),
            high=_edge(code, value, 1),
            unit=METRICS[code].unit,
            n=_bout_count(walked),
            origin=MovementMeasure.Origin.SIMULATED,
            device=wearer.device,
            circumstances=_circumstances(wearer),
        )
        for code, value in walked.measures().items()
    ]


def _edge(code: str, value: float, sign: int) -> float | None:
    half = HALF_BANDS.get(code)
    return None if half is None else round(max(value + sign * half, 0.0), 4)


def _bout_count(walked: WalkingDay) -> int:
    return max(round(walked.step_count / 240), 1)


def _circumstances(wearer: Wearer) -> dict[str, list[str]]:
    return {
        "activities": ["free_living"],
        "placements": [str(PLACEMENT)],
        "sources": [str(Recording.Source.SIMULATED)],
        "devices": [str(wearer.device.ref)],
        "notes": [],
    }
