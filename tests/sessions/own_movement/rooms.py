"""Recordings with results, for the tests of a patient's own movement."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from clinic.tenancy.scope import clinic_scope
from patients.models import Patient
from patients.services import give_consent, set_height
from sessions.models import MovementMeasure, Recording, TimedTest, WalkingBout

SPEED = {
    "code": "walking_speed_m_s",
    "value": 0.92,
    "unit": "m/s",
    "low": 0.84,
    "high": 0.98,
    "n": 40,
    "withheld": "",
}
LENGTH = {
    "code": "step_length_m",
    "value": None,
    "unit": "m",
    "low": None,
    "high": None,
    "n": 0,
    "withheld": "Too few even steps in a row.",
}


def ready_to_walk(patient: Patient) -> None:
    """Height and consent are known."""
    with clinic_scope(patient.clinic_id):
        set_height(patient, 168)
        give_consent(patient, "motion")


def make_recording(patient: Patient, **fields: Any) -> Recording:
    """A phone recording; analysed unless told otherwise."""
    values = {
        "modality": "imu",
        "source": "phone",
        "activity": "walk",
        "placement": "lower_back",
        "state": "analysed",
        "note": "Shoes: Walking shoes or trainers. Walking aid: One stick.",
        "started_at": timezone.now() - timedelta(minutes=5),
        "sample_count": 12_000,
        "segment_count": 3,
    }
    with clinic_scope(patient.clinic_id):
        return Recording.objects.create(patient=patient, **{**values, **fields})


def make_walk(patient: Patient, *, speed: float = 0.92, steps: int = 212, **fields: Any) -> Recording:
    """A walk of one bout."""
    recording = make_recording(patient, **fields)
    speeds = {**SPEED, "value": speed, "low": speed - 0.08, "high": speed + 0.06}
    with clinic_scope(patient.clinic_id):
        WalkingBout.objects.create(
            recording=recording,
            patient=patient,
            index=0,
            started_at=recording.started_at,
            ended_at=recording.started_at + timedelta(seconds=120),
            start_s=0.0,
            end_s=120.0,
            duration_s=120.0,
            step_count=steps,
            measures={"walking_speed_m_s": speeds, "step_length_m": LENGTH},
        )
    return recording


def make_tug(patient: Patient, *, value: float | None = 9.8, withheld: str = "", **fields: Any) -> Recording:
    """An Up and Go with its phases."""
    recording = make_recording(patient, activity="tug", **fields)
    phases = [
        {"code": "stand_up", "name": "standing up", "start_s": 1.0, "end_s": 2.5},
        {"code": "walk_out", "name": "walking there", "start_s": 2.5, "end_s": 5.5},
        {"code": "sit_down", "name": "sitting down", "start_s": 5.5, "end_s": 10.8},
    ]
    with clinic_scope(patient.clinic_id):
        TimedTest.objects.create(
            patient=patient,
            recording=recording,
            kind="tug",
            at=recording.started_at,
            value=value,
            unit="s",
            low=9.0 if value else None,
            high=10.6 if value else None,
            phases=phases if value else [],
            withheld=withheld,
        )
    return recording


def make_day(
    patient: Patient, day: Any, value: float, *, code: str = "walking_speed_m_s", **fields: Any
) -> None:
    """One day's value of a metric."""
    with clinic_scope(patient.clinic_id):
        MovementMeasure.objects.create(
            patient=patient, code=code, day=day, value=value, unit="m/s", n=3, origin="bouts", **fields
        )
