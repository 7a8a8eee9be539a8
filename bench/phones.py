"""Two hundred phones that stream 60 Hz to one web process, each counted and judged live, beside a bare echo.

The web process is pinned to core 0; phones, PostgreSQL and Valkey run on the last core. Every phone sends a
quarter of a second a message. Lost frames are those not stored as sent; a wrong count differs from the batch.
"""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.measure import Measure, quantile
from bench.stream import _run_clients, _servers, core_offered, wait_for_a_free_core

PHONES = int(os.environ.get("BENCH_PHONES", "200"))
RATE_HZ = 60.0
SECONDS = float(os.environ.get("BENCH_PHONES_SECONDS", "20"))
FRAMES_PER_MESSAGE = 15
FRAMES = int(SECONDS * RATE_HZ) // FRAMES_PER_MESSAGE * FRAMES_PER_MESSAGE
P99_GOAL_MS = 50.0
PLACES = (("right_thigh", 80.0), ("pocket", 70.0), ("chest", 35.0), ("chest", 45.0))


@dataclass(frozen=True)
class PhoneMover:
    """A patient of the benchmark with a phone: who, the file with the samples, and where the phone sits."""

    patient: Any
    cookie: str
    placement: str
    motion: Path


def measure() -> list[Measure]:
    """All phones at once, after as many bare echoes of the same messages."""
    os.sched_setaffinity(0, {(os.cpu_count() or 1) - 1})
    if "BENCH_PRIORITY" in os.environ:
        # On a machine that others use too, this stands in for cores of one's own; needs root.
        os.setpriority(os.PRIO_PROCESS, 0, -int(os.environ["BENCH_PRIORITY"]))
    with _servers() as (port, folder):
        from bench import stream_floor

        clinic = stream_floor.make_clinic()
        movers = [_make_mover(clinic, number, folder=folder) for number in range(PHONES)]
        offered = wait_for_a_free_core()
        echo = _run(port, folder, [_echo_job(mover) for mover in movers])
        sets = [_make_set(mover) for mover in movers]
        said = _run(port, folder, [_phone_job(mover, one) for mover, one in zip(movers, sets, strict=True)])
        lost, wrong = _compare(movers, sets, said)
        return _report(said, echo, lost=lost, wrong=wrong, offered=min(offered, core_offered()))


def _make_mover(clinic: Any, number: int, *, folder: Path) -> PhoneMover:
    import numpy as np

    from bench.stream_floor import sign_in
    from clinic.models import Membership, User
    from clinic.tenancy.scope import clinic_scope
    from patients.models import Patient
    from patients.services import give_consent
    from sessions.motion_codec import encode_motion
    from sessions.motion_trend.live.virtual import SimulatedSet, simulate_set

    with clinic_scope(clinic.pk):
        user = User.objects.create_user(f"phone{number}@example.org", "not-used-not-used")
        membership = Membership.objects.create(user=user, role="patient", display_name=f"Phone {number}")
        patient = Patient.objects.create(
            membership=membership, given_name="Phone", family_name=str(number), simulated=True
        )
        give_consent(patient, "motion")
    placement, far_deg = PLACES[number % len(PLACES)]
    pace = 2.2 + 0.05 * (number % 23)
    plan = SimulatedSet(
        repetitions=int(SECONDS / (pace + 0.7)) + 1, forward_deg=far_deg, repetition_s=pace, rate_hz=RATE_HZ
    )
    samples = simulate_set(plan, seed=number)
    raw = encode_motion(
        np.arange(len(samples.t_ms)), samples.t_ms, samples.acceleration, samples.angular_velocity
    )
    path = folder / f"phone-{number}.frames"
    path.write_bytes(raw)
    return PhoneMover(patient, sign_in(user), placement, path)


def _make_set(mover: PhoneMover) -> Any:
    from django.utils import timezone

    from clinic.tenancy.scope import clinic_scope
    from prescriptions.selectors import current_versions
    from sessions.models import ExerciseSet, TherapySession

    with clinic_scope(mover.patient.clinic_id):
        version = next(one for one in current_versions() if one.exercise.code == "squat")
        now = timezone.now()
        session = TherapySession.objects.create(
            patient=mover.patient, mode="sensor", simulated=True, started_at=now, last_activity_at=now
        )
        return ExerciseSet.objects.create(
            session=session,
            exercise_version=version,
            order=0,
            set_number=1,
            side="both",
            view="front",
            counted_by="sensor",
        )


def _echo_job(mover: PhoneMover) -> dict[str, Any]:
    return {"path": "/ws/bench/echo/", "cookie": "", "motion": str(mover.motion), "header": {}}


def _phone_job(mover: PhoneMover, one: Any) -> dict[str, Any]:
    header = {
        "version": 1,
        "kind": "imu",
        "placement": mover.placement,
        "sampling_rate_hz": RATE_HZ,
        "has_gyroscope": True,
        "epoch_ms": 1.795e12,
        "monotonic_ms": 0.0,
        "source": "phone",
    }
    return {
        "path": f"/ws/c/bench/sets/{one.ref}/stream/",
        "cookie": mover.cookie,
        "motion": str(mover.motion),
        "header": header,
        "set": str(one.ref),
    }


def _run(port: int, folder: Path, jobs: list[dict[str, Any]]) -> dict[str, Any]:
    from sessions.motion_codec import IMU_FRAME_BYTES

    plan = {
        "port": port,
        "frames": FRAMES,
        "frames_per_message": FRAMES_PER_MESSAGE,
        "frame_bytes": IMU_FRAME_BYTES,
        "frame_ms": 1000.0 / RATE_HZ,
        "jobs": jobs,
    }
    return _run_clients(plan, folder)


def _compare(movers: Sequence[PhoneMover], sets: Sequence[Any], said: dict[str, Any]) -> tuple[int, int]:
    """Frames that are not stored as sent, and sets whose live count differs from the batch."""
    from clinic.tenancy.scope import clinic_scope
    from sessions import selectors, services
    from sessions.models import Recording
    from sessions.motion_codec import IMU_FRAME_BYTES

    lost = wrong = 0
    for mover, one, told in zip(movers, sets, said["patients"], strict=True):
        with clinic_scope(mover.patient.clinic_id):
            recording = Recording.objects.get(exercise_set=one)
            raw = b"".join(part for part, _ in selectors.stored_frames(recording.pk))
            batch = services.reanalyse_set(one.pk)
        sent = mover.motion.read_bytes()[: FRAMES * IMU_FRAME_BYTES]
        lost += 0 if raw == sent else max(1, (len(sent) - len(raw)) // IMU_FRAME_BYTES)
        wrong += not told["count"] == batch.as_shown.get("count") == batch.repetition_count
    return lost, wrong


def _report(
    said: dict[str, Any], echo: dict[str, Any], *, lost: int, wrong: int, offered: float
) -> list[Measure]:
    ours, bare = _delays_ms(said), _delays_ms(echo)
    in_server = [1000 * delay for delay in said["after"]["frame_to_state_s"]] or [0.0]
    unanswered = sum(one["sent"] - one["answered"] for one in said["patients"])
    errors = sorted({code for one in said["patients"] for code in one["errors"]})
    memory, bare_memory = said["after"]["peak_mib"], echo["after"]["peak_mib"]
    note = f"core 0 offered {offered:.0%} to one program; {', '.join(errors) or 'no errors'}"
    return [
        Measure(f"phones at {RATE_HZ:.0f} Hz on one process", PHONES, "phones", 200, True, note),
        Measure("message sent to reply, p50", quantile(ours, 0.5), "ms"),
        Measure("message sent to reply, p99", quantile(ours, 0.99), "ms", P99_GOAL_MS),
        Measure("frame to state in the server, p99", quantile(in_server, 0.99), "ms", P99_GOAL_MS),
        Measure("the same messages to a bare echo and back, p99", quantile(bare, 0.99), "ms"),
        Measure("web process, share of its core", 100 * _core_share(said), "%"),
        Measure("... when it only echoes", 100 * _core_share(echo), "%"),
        Measure("web process, peak memory", memory, "MiB"),
        Measure("... more than after the bare echo", memory - bare_memory, "MiB"),
        Measure("frames lost", lost, "frames"),
        Measure("frames passed over in the live view", said["after"]["skipped"], "frames"),
        Measure("messages without a reply", unanswered, "messages"),
        Measure("sets whose count differs from the batch", wrong, "sets"),
    ]


def _delays_ms(said: dict[str, Any]) -> list[float]:
    return [1000 * delay for one in said["patients"] for delay in one["delays_s"]] or [0.0]


def _core_share(said: dict[str, Any]) -> float:
    before, after = said["before"], said["after"]
    return float((after["cpu_s"] - before["cpu_s"]) / (after["clock_s"] - before["clock_s"]))
