"""Eight weeks of invented movement for a patient, and a recording with a real file behind it."""

from datetime import UTC, date, datetime, time, timedelta

import numpy as np

from clinic.tenancy.scope import clinic_scope
from patients.local_time import local_day
from patients.models import Alert, EpisodeOfCare, Patient
from patients.red_flags import Severity
from patients.services import AlertRule, raise_alert
from sessions.models import (
    Device,
    MovementAlarm,
    MovementDay,
    MovementMeasure,
    Recording,
    TimedTest,
    WalkingBout,
)
from sessions.motion_files import write_pieces
from sessions.motion_trend.metrics import METRICS
from sessions.motion_trend.types import Placement
from sessions.motion_trend.walker import walk

# code: first day, last day, half a band, one day's noise
COURSES = {
    "walking_speed_m_s": (0.82, 1.06, 0.07, 0.03),
    "cadence_spm": (96.0, 108.0, 3.0, 2.0),
    "step_length_m": (0.51, 0.59, 0.04, 0.012),
    "step_time_asymmetry_pct": (9.0, 4.0, 2.5, 1.0),
    "stride_time_variability_pct": (4.2, 3.1, 0.8, 0.3),
    "step_count": (2400.0, 5600.0, 0.0, 500.0),
}


def make_course(
    patient: Patient,
    *,
    days: int = 56,
    every: int = 1,
    drop_from: int | None = None,
    codes: tuple[str, ...] = tuple(COURSES),
    seed: int = 3,
) -> None:
    """Daily measures and days up to today; from `drop_from` days ago walking is suddenly worse."""
    random = np.random.default_rng(seed)
    with clinic_scope(patient.clinic_id):
        today = local_day(patient)
        for back in range(days - 1, -1, -every):
            _make_day(patient, today - timedelta(days=back), 1 - back / max(1, days - 1), codes, random)
        if drop_from is not None:
            _drop(patient, since=today - timedelta(days=drop_from))


def _make_day(
    patient: Patient, day: date, share: float, codes: tuple[str, ...], random: np.random.Generator
) -> None:
    worn = float(random.choice([640, 700, 810, 420, 130]))
    for code in codes:
        first, last, half, noise = COURSES[code]
        value = first + (last - first) * share + float(random.normal(0, noise))
        MovementMeasure.objects.create(
            patient=patient,
            code=code,
            day=day,
            value=max(0.0, value),
            low=max(0.0, value - half) if half else None,
            high=value + half if half else None,
            unit=METRICS[code].unit,
            n=int(random.integers(4, 12)),
            origin="bouts",
        )
    MovementDay.objects.create(
        patient=patient,
        day=day,
        wear_minutes=worn,
        recorded_minutes=worn,
        walking_minutes=worn / 18,
        bout_count=9,
        step_count=3500,
        quality={"recordings": 1, "enough_wear": worn >= 600},
    )


def _drop(patient: Patient, *, since: date) -> None:
    for measure in MovementMeasure.objects.filter(patient=patient, day__gte=since, code="walking_speed_m_s"):
        measure.value, measure.low, measure.high = (
            measure.value - 0.22,
            measure.low - 0.22,
            measure.high - 0.22,
        )
        measure.save()


def make_movement_alarm(patient: Patient, *, days_ago: int = 3) -> tuple[MovementAlarm, Alert]:
    """A sudden deterioration with the alert that it raised."""
    with clinic_scope(patient.clinic_id):
        reason = "Walking speed fell by 0.22 m/s within 3 days."
        rule = AlertRule(id="movement_alarm", version=1, headline=reason, severity=Severity("same_day"))
        alert = raise_alert(patient, rule, text_shown="Nothing was shown.")
        today = local_day(patient)
        alarm = MovementAlarm.objects.create(
            patient=patient,
            code="walking_speed_m_s",
            metrics=[{"code": "walking_speed_m_s", "change": -0.22, "unit": "m/s", "days": 3, "z": 4.1}],
            onset_day=today - timedelta(days=days_ago + 2),
            detected_day=today - timedelta(days=days_ago),
            reason=reason,
            artefacts=["Another shoe was noted on that day."],
            alert=alert,
        )
    return alarm, alert


def set_surgery(patient: Patient, *, days_ago: int) -> None:
    with clinic_scope(patient.clinic_id):
        day = local_day(patient) - timedelta(days=days_ago)
        EpisodeOfCare.objects.filter(patient=patient).update(surgery_date=day)


def make_recording(
    patient: Patient,
    *,
    seconds: float = 30.0,
    bouts: int = 1,
    days_ago: int = 0,
    state: str = "analysed",
    with_file: bool = True,
    device: Device | None = None,
    **fields: object,
) -> Recording:
    """A walk that was recorded and analysed: file, bouts with their steps, one measure withheld."""
    with clinic_scope(patient.clinic_id):
        day = local_day(patient) - timedelta(days=days_ago)
        started = datetime.combine(day, time(9, 30), tzinfo=UTC)
        signal, truth = walk(seconds=seconds, cadence_spm=105, step_length_m=0.55, seed=2)
        recording = Recording.objects.create(
            patient=patient,
            modality="imu",
            source=fields.pop("source", "phone"),
            activity=fields.pop("activity", "walk"),
            placement="lower_back",
            device=device,
            started_at=started,
            ended_at=started + timedelta(seconds=float(signal.t_s[-1])),
            state=state,
            sampling_rate_hz=100.0,
            sample_count=len(signal),
            height_m=1.7,
            quality={"repairs": [{"code": "gap", "words": "A gap of 0.4 s was left as it is.", "count": 1}]},
            result={"kind": "gait", "flags": [], "versions": {"motion_trend": "1.0"}},
            **fields,
        )
        if with_file:
            _store(recording, signal, started)
        for index in range(bouts):
            _make_bout(recording, index, truth.contacts, started)
    return recording


def _store(recording: Recording, signal, started: datetime) -> None:
    stored = write_pieces(f"tests/{recording.ref}.parquet", [signal], origin=started)
    recording.file_key, recording.file_sha256 = stored.key, stored.sha256
    recording.file_bytes = stored.size_bytes
    recording.save()


def _make_bout(recording: Recording, index: int, steps, started: datetime) -> None:
    start_s, end_s = steps[0].t_s, steps[-1].t_s
    WalkingBout.objects.create(
        recording=recording,
        patient=recording.patient,
        index=index,
        started_at=started + timedelta(seconds=start_s + index),
        ended_at=started + timedelta(seconds=end_s + index),
        start_s=start_s,
        end_s=end_s,
        duration_s=end_s - start_s,
        step_count=len(steps),
        placement=Placement.LOWER_BACK,
        walking_speed_m_s=0.96 + index / 100,
        cadence_spm=105.0,
        stride_length_m=None,
        measures={
            "cadence_spm": _measure("cadence_spm", 105.0, 102.0, 108.0),
            "walking_speed_m_s": _measure("walking_speed_m_s", 0.96, 0.88, 1.04),
            "step_time_asymmetry_pct": _measure("step_time_asymmetry_pct", 4.2, 1.0, 7.4),
            "stride_length_m": {
                "code": "stride_length_m", "value": None, "unit": "m", "low": None, "high": None, "n": 0,
                "withheld": "The walk was too short for a length.",
            },
        },
        steps=[[step.t_s, step.side] for step in steps],
        flags=[{"code": "turns", "words": "There was a turn in it."}],
    )  # fmt: skip


def _measure(code: str, value: float, low: float, high: float) -> dict[str, object]:
    return {
        "code": code, "value": value, "unit": METRICS[code].unit, "low": low, "high": high, "n": 40,
        "withheld": "",
    }  # fmt: skip


def make_timed_test(
    patient: Patient, *, kind: str = "tug", value: float | None = 11.2, days_ago: int = 2
) -> TimedTest:
    """A timed test with its phases, its norm and the recording behind it."""
    recording = make_recording(patient, activity=kind, bouts=0, days_ago=days_ago, note="with a stick")
    with clinic_scope(patient.clinic_id):
        return TimedTest.objects.create(
            patient=patient,
            recording=recording,
            kind=kind,
            at=recording.started_at,
            value=value,
            unit="s",
            low=None if value is None else value - 0.6,
            high=None if value is None else value + 0.6,
            phases=[
                {"code": "stand_up", "name": "Standing up", "start_s": 4.0, "end_s": 6.1},
                {"code": "walk_out", "name": "Walking out", "start_s": 6.1, "end_s": 10.0},
            ],
            norm={
                "low": 7.1, "high": 9.0, "people": "people of 60–69", "source": "Bohannon 2006",
                "words": "slower than average for people of 60–69 (Bohannon 2006)",
            },
            withheld="" if value is not None else "Nobody stood up in this recording.",
        )  # fmt: skip
