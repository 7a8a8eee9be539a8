"""Sessions for tests. Plain functions; each opens the clinic's scope itself."""

from typing import Any
from uuid import uuid4

from clinic.tenancy.scope import clinic_scope
from patients.models import Patient
from prescriptions import library
from prescriptions.movement.generator import Motion, generate
from sessions import services
from sessions.codec import FRAME_BYTES
from sessions.models import ExerciseSet, TherapySession
from sessions.motions import frames_of
from sessions.services.lifecycle import default_view
from sessions.services.streams import SealedFrames
from sessions.stream_header import StreamHeader
from tests.factories.kept import kept
from tests.factories.patients import Ward, make_ward
from tests.factories.prescriptions import make_prescription
from tests.people import make_people

EPOCH_MS = 1_795_000_000_000.0


@kept
def make_clinic_floor(*, codes: tuple[str, ...] = ("squat",), **dose: Any) -> Ward:
    """The cast with records, and a plan for Paul and for Sid."""
    ward = make_ward(make_people())
    make_prescription(ward.paul, by=ward.people.nora, codes=codes, **(dose or {"sets": 1, "repetitions": 4}))
    make_prescription(ward.sid, by=ward.people.sam, codes=codes, **(dose or {"sets": 1, "repetitions": 4}))
    return ward


def make_session(patient: Patient, *, mode: str = "camera") -> TherapySession:
    """A planned session of today's plan."""
    with clinic_scope(patient.clinic_id):
        return services.start_session(patient, mode=mode)


def first_set(session: TherapySession) -> ExerciseSet:
    with clinic_scope(session.clinic_id):
        return (
            session.sets.select_related("exercise_version", "session__patient__membership")
            .order_by("order")
            .first()
        )


def squats(count: int = 4, **options: Any) -> Motion:
    """A simulated set of squats, seen as the library asks for it."""
    return generate("squat", repetitions=count, view=default_view(library.load("squat")), seed=5, **options)


def header(motion: Motion | None = None, **changes: Any) -> dict[str, Any]:
    """A stream's header as a page sends it."""
    return {
        "version": 1,
        "model_sha256": "",
        "running_mode": "VIDEO",
        "width": motion.width if motion else 640,
        "height": motion.height if motion else 480,
        "mirror": True,
        "rotation": 0,
        "epoch_ms": EPOCH_MS,
        "monotonic_ms": 0.0,
        "source": "camera",
        **changes,
    }


def store_motion(exercise_set: ExerciseSet, motion: Motion) -> None:
    """Store a motion as one sealed segment, as if it had been streamed."""
    membership = exercise_set.session.patient.membership
    raw = frames_of(motion)
    with clinic_scope(exercise_set.clinic_id):
        opened = services.open_stream(
            exercise_set.ref, membership=membership, header=StreamHeader(**header(motion)), connection=uuid4()
        )
        sealed = SealedFrames(
            raw=raw,
            first_sequence=0,
            last_sequence=len(raw) // FRAME_BYTES - 1,
            frame_count=len(raw) // FRAME_BYTES,
            last_capture_ms=float(motion.t_ms[-1]),
            clock_offset_ms=0.0,
        )
        services.store_segment(opened.recording_id, sealed, connection=opened.connection)


def make_analysed_session(patient: Patient, motion: Motion | None = None) -> TherapySession:
    """A session with one recorded and analysed set, ended and settled."""
    session = make_session(patient)
    exercise_set = first_set(session)
    store_motion(exercise_set, motion or squats())
    with clinic_scope(patient.clinic_id):
        services.finish_set(exercise_set)
        services.reanalyse_set(exercise_set.pk)
        return services.complete_session(session)
