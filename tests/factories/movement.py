"""Movement recordings for tests. Plain functions; each opens the clinic's scope itself."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pytest

from clinic.tenancy.scope import clinic_scope
from patients.models import Patient
from patients.services.people import give_consent
from sessions import services
from sessions.models import Recording
from sessions.motion_codec import IMU_FRAME, MotionFrames
from sessions.motion_trend.types import (
    GaitResult,
    Measure,
    Placement,
    SensorSignal,
    Step,
    WalkingBout,
)

MORNING = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


def make_signal(
    seconds: float = 30.0,
    *,
    rate_hz: float = 50.0,
    started_at: datetime | None = MORNING,
    source: str = "phone",
    placement: Placement = Placement.LOWER_BACK,
    has_gyroscope: bool = True,
    seed: int = 1,
) -> SensorSignal:
    """Noise around gravity: enough to be stored and read, not to be walked."""
    random = np.random.default_rng(seed)
    count = round(seconds * rate_hz)
    force = random.normal(0, 0.3, (count, 3)) + np.array([0.0, 0.0, 9.81])
    turn = random.normal(0, 0.2, (count, 3)).astype(np.float32) if has_gyroscope else None
    return SensorSignal(
        np.arange(count) / rate_hz, force.astype(np.float32), turn, rate_hz, placement, started_at, source
    )


def frames_of(signal: SensorSignal, *, first: int = 0, start_ms: float = 0.0) -> MotionFrames:
    """A signal as frames; times in ms since the recording's start."""
    frames = np.zeros(len(signal), dtype=IMU_FRAME)
    frames["sequence"] = np.arange(first, first + len(signal))
    frames["capture_ms"] = start_ms + 1000.0 * signal.t_s
    frames["acceleration"] = signal.acceleration_m_s2
    turn = signal.angular_velocity_rad_s
    frames["angular_velocity"] = np.nan if turn is None else turn
    return frames


def make_open_recording(patient: Patient, **said: Any) -> Recording:
    """A phone's recording that was begun and received nothing yet."""
    values: dict[str, Any] = {
        "activity": "walk",
        "source": "phone",
        "placement": "lower_back",
        "started_at": MORNING,
        "by": patient.membership,
        **said,
    }
    with clinic_scope(patient.clinic_id):
        give_consent(patient, "motion")
        return services.start_recording(patient, **values)


def fill(recording: Recording, signal: SensorSignal, *, segment_s: float = 10.0) -> Recording:
    """Store a signal in segments, as a phone's connection does."""
    with clinic_scope(recording.clinic_id):
        frames = frames_of(signal)
        size = max(1, round(segment_s * signal.sampling_rate_hz))
        for start in range(0, len(frames), size):
            services.store_motion_segment(recording.pk, frames[start : start + size])
        return Recording.objects.select_related("patient__clinic").get(pk=recording.pk)


def make_waiting_recording(
    patient: Patient, signal: SensorSignal | None = None, *, segment_s: float = 10.0, **said: Any
) -> Recording:
    """A finished recording that waits for its analysis."""
    opened = make_open_recording(patient, **said)
    recording = fill(opened, signal or make_signal(), segment_s=segment_s)
    with clinic_scope(patient.clinic_id):
        return services.finish_recording(recording)


def make_analysed_recording(patient: Patient, signal: SensorSignal | None = None, **said: Any) -> Recording:
    """A finished and analysed recording; needs a gait engine, real or false."""
    recording = make_waiting_recording(patient, signal, **said)
    with clinic_scope(patient.clinic_id):
        services.analyse_recording(recording.pk)
        return Recording.objects.select_related("patient__clinic", "device").get(pk=recording.pk)


def make_bout(start_s: float, end_s: float, *, speed: float | None = 1.0, half: float = 0.1) -> WalkingBout:
    """A bout with two steps a second and a speed."""
    times = np.arange(start_s, end_s, 0.5)
    steps = tuple(Step(float(t), "left" if index % 2 == 0 else "right") for index, t in enumerate(times))
    low, high = (None, None) if speed is None else (speed - half, speed + half)
    told = Measure(
        "walking_speed_m_s", speed, "m/s", low, high, n=len(steps), withheld="" if speed else "No height."
    )
    cadence = Measure("cadence_spm", 120.0, "steps/min", 118.0, 122.0, n=len(steps))
    return WalkingBout(start_s, end_s, steps, {told.code: told, cadence.code: cadence})


def gait_that_finds(*bouts: WalkingBout, wear_s: float | None = None) -> Callable[..., GaitResult]:
    """A false engine that always finds these bouts, in whole signals or in pieces."""

    def analyse(
        signals: Iterable[SensorSignal], *, height_m: float | None, placement: Placement | None = None
    ) -> GaitResult:
        heard = list(signals)
        worn = wear_s if wear_s is not None else float(heard[-1].t_s[-1] - heard[0].t_s[0])
        speechless = [bout if height_m else _without_speed(bout) for bout in bouts]
        return GaitResult(tuple(speechless), worn, quality={"coverage": 1.0}, versions={"engine": "false"})

    return analyse


def _without_speed(bout: WalkingBout) -> WalkingBout:
    speed = replace(
        bout.measures["walking_speed_m_s"], value=None, low=None, high=None, withheld="No height."
    )
    return replace(bout, measures={**bout.measures, speed.code: speed})


def use_engine(monkeypatch: pytest.MonkeyPatch, engine: Callable[..., Any]) -> None:
    """Put an engine in place of the real one, for whole signals and for pieces."""
    monkeypatch.setattr("sessions.motion_trend.gait.analyse_gait", engine)
    monkeypatch.setattr("sessions.motion_trend.gait.analyse_stream", engine)
