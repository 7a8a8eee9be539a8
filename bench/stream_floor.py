"""The made-up clinic of the stream benchmark.

Patients, each with another motion, and fresh sets for each trial.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.utils import timezone

from clinic.models import Clinic, Membership, User
from clinic.tenancy.scope import clinic_scope
from patients.models import Patient
from prescriptions import library
from prescriptions.models import ExerciseVersion
from prescriptions.movement.generator import generate
from prescriptions.movement.rules import ExerciseRules
from prescriptions.selectors import current_versions
from prescriptions.services import copy_library_to_clinic
from sessions import selectors
from sessions.codec import FRAME_BYTES
from sessions.models import ExerciseSet, Recording, TherapySession
from sessions.motions import frames_of
from sessions.posture_guard import score_recording
from sessions.services.analysis import read_motion

SLUG = "bench"


@dataclass(frozen=True)
class Mover:
    """A patient of the benchmark: who they are, what they do, and the file with their frames."""

    patient: Patient
    cookie: str
    version: ExerciseVersion
    view: str
    side: str
    motion: Path


def make_clinic() -> Clinic:
    """The clinic with the shipped exercises."""
    clinic = Clinic.objects.create(slug=SLUG, name="Benchmark", simulated=True)
    with clinic_scope(clinic.pk):
        copy_library_to_clinic()
    return clinic


def make_mover(clinic: Clinic, number: int, *, seconds: float, folder: Path) -> Mover:
    """Patient ``number`` with an exercise, view, side, pace and body of their own."""
    with clinic_scope(clinic.pk):
        versions = {version.exercise.code: version for version in current_versions()}
        code, view, side = variety()[number % len(variety())]
        user = User.objects.create_user(f"mover{number}@example.org", "not-used-not-used")
        membership = Membership.objects.create(user=user, role="patient", display_name=f"Mover {number}")
        patient = Patient.objects.create(
            membership=membership, given_name="Mover", family_name=str(number), simulated=True
        )
    pace = 2.4 + 0.05 * (number % 23)
    repetitions = int(seconds / (pace + 0.7)) + 1
    motion = generate(
        code, repetitions=repetitions, seconds_per_repetition=pace, view=view, side=side, seed=1000 + number
    )
    path = folder / f"motion-{number}.frames"
    path.write_bytes(frames_of(motion))
    return Mover(patient, sign_in(user), versions[code], view, side, path)


def variety() -> list[tuple[str, str, str]]:
    """Every exercise, view and side that the library can judge and the generator can draw."""
    from prescriptions.movement.generator import views

    found = []
    for code in library.codes():
        rules = ExerciseRules.from_dict(library.load(code))
        found += [
            (code, view, side.value) for view in rules.views if view in views(code) for side in rules.sides
        ]
    return found


def sign_in(user: User) -> str:
    """The cookie of a signed-in browser."""
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    return f"sessionid={session.session_key}"


def make_set(mover: Mover) -> ExerciseSet:
    """A fresh set for one trial."""
    with clinic_scope(mover.patient.clinic_id):
        session = TherapySession.objects.create(
            patient=mover.patient, mode="sample", simulated=True, started_at=timezone.now(),
            last_activity_at=timezone.now(),
        )  # fmt: skip
        return ExerciseSet.objects.create(
            session=session, exercise_version=mover.version, order=0, set_number=1, side=mover.side,
            view=mover.view, counted_by="sample",
        )  # fmt: skip


def header() -> dict[str, Any]:
    """The stream header of every mover."""
    return {
        "version": 1, "model_sha256": "", "running_mode": "VIDEO", "width": 640, "height": 480,
        "mirror": False, "rotation": 0, "epoch_ms": 1.795e12, "monotonic_ms": 0.0, "source": "sample",
    }  # fmt: skip


@dataclass(frozen=True)
class Stored:
    """What the server kept of one set."""

    is_as_sent: bool
    batch_count: int
    shown_count: int


def stored_of(mover: Mover, set_id: int, *, frames: int) -> Stored:
    """Compare what is stored with what was sent, and count the stored frames in one batch."""
    with clinic_scope(mover.patient.clinic_id):
        exercise_set = ExerciseSet.objects.select_related("exercise_version").get(pk=set_id)
        recording = Recording.objects.get(exercise_set=exercise_set)
        raw = b"".join(raw for raw, _ in selectors.stored_frames(recording.pk))
        motion = read_motion(recording)
    result = score_recording(
        ExerciseRules.from_dict(exercise_set.spec), motion.t_ms, motion.image, motion.presence,
        view=mover.view, side=mover.side, width=motion.width, height=motion.height,
    )  # fmt: skip
    return Stored(
        is_as_sent=raw == mover.motion.read_bytes()[: frames * FRAME_BYTES],
        batch_count=len(result.repetitions),
        shown_count=exercise_set.as_shown.get("count", -1),
    )
