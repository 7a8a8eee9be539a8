"""Judging a set by its whole recording. The result is the record; what was shown live is kept beside it."""

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import numpy as np
from django.db import transaction
from django.utils import timezone
from numpy.typing import NDArray

from prescriptions.movement.rules import ExerciseRules
from sessions import events, selectors
from sessions.codec import FRAME
from sessions.models import ExerciseSet, Recording, Repetition, TherapySession
from sessions.posture_guard import ENGINE_VERSION, SetResult, score_recording
from sessions.services.settling import settle_session

LEFT_AFTER = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class StoredMotion:
    """A recording as arrays.

    T_ms[N], image[N,33,4] (shares of the picture), world[N,33,3] (m), presence[N].
    """

    t_ms: NDArray[np.float64]
    image: NDArray[np.float32]
    world: NDArray[np.float32]
    presence: NDArray[np.float32]
    width: int
    height: int
    digest: str

    @property
    def frame_count(self) -> int:
        return len(self.t_ms)


def read_motion(recording: Recording) -> StoredMotion:
    """Every stored frame of a recording in order.

    Raises CorruptSegment when a segment is not what was received.
    """
    parts, digest = [], hashlib.sha256()
    for raw, clock_offset_ms in selectors.stored_frames(recording.pk):
        frames = np.frombuffer(raw, dtype=FRAME).copy()
        frames["capture_ms"] += clock_offset_ms
        digest.update(raw)
        parts.append(frames)
    frames = np.concatenate(parts) if parts else np.zeros(0, dtype=FRAME)
    return StoredMotion(
        t_ms=np.ascontiguousarray(frames["capture_ms"]),
        image=np.ascontiguousarray(frames["image"]),
        world=np.ascontiguousarray(frames["world"]),
        presence=np.ascontiguousarray(frames["presence"]),
        width=recording.header["width"],
        height=recording.header["height"],
        digest=digest.hexdigest(),
    )


def reanalyse_set(set_id: int, *, force: bool = False) -> ExerciseSet:
    """Score a set's stored frames anew. Doing it twice on the same frames and engine changes nothing."""
    exercise_set = ExerciseSet.objects.select_related("exercise_version", "session").get(pk=set_id)
    recording = Recording.objects.filter(exercise_set=exercise_set).first()
    if recording is None:
        return exercise_set
    motion = read_motion(recording)
    basis = {
        "digest": motion.digest,
        "engine": ENGINE_VERSION,
        "exercise_version": exercise_set.exercise_version_id,
    }
    if exercise_set.result.get("basis") == basis and not force:
        return exercise_set
    result = score_recording(
        ExerciseRules.from_dict(exercise_set.spec),
        motion.t_ms,
        motion.image,
        motion.presence,
        view=exercise_set.view,
        side=exercise_set.side,
        width=motion.width,
        height=motion.height,
    )
    return _store_result(exercise_set, result, basis=basis, recording=recording)


def _store_result(
    exercise_set: ExerciseSet, result: SetResult, *, basis: dict[str, Any], recording: Recording
) -> ExerciseSet:
    summary = result_summary(result) | {"basis": basis, "frames": recording.frame_count}
    versions = dict(result.versions) | {"pose_model": recording.header.get("model_sha256", "")}
    with transaction.atomic():
        session = TherapySession.objects.select_for_update().get(pk=exercise_set.session_id)
        locked = ExerciseSet.objects.select_for_update().get(pk=exercise_set.pk)
        Repetition.objects.filter(exercise_set=locked).delete()
        Repetition.objects.bulk_create(repetition_rows(locked, result, versions=versions))
        locked.result = summary
        locked.repetition_count = len(result.repetitions)
        if locked.state == ExerciseSet.State.ENDED:
            locked.state = ExerciseSet.State.ANALYSED
        locked.save(update_fields=["result", "repetition_count", "state", "updated_at"])
        group = events.session_group(session.clinic_id, session.ref)
        events.announce(events.SET_ANALYSED, group=group, ref=locked.ref)
        settle_session(session)
    return locked


def result_summary(result: SetResult) -> dict[str, Any]:
    """What is kept of a set's result beside its repetitions; the curve rounded to what the eye can see."""
    summary = result.to_dict()
    summary.pop("repetitions")
    curve = summary["curve"]
    curve["t_s"] = [round(t, 3) for t in curve["t_s"]]
    curve["primary_deg"] = [None if value is None else round(value, 1) for value in curve["primary_deg"]]
    return summary


def repetition_rows(
    exercise_set: ExerciseSet, result: SetResult, *, versions: dict[str, Any]
) -> list[Repetition]:
    """The rows of a set's repetitions, not saved."""
    return [
        Repetition(
            exercise_set=exercise_set,
            index=repetition.index,
            side=repetition.side,
            start_s=repetition.start_s,
            peak_s=repetition.peak_s,
            end_s=repetition.end_s,
            classification=repetition.classification,
            findings=[finding.to_dict() for finding in repetition.findings],
            reason=repetition.reason,
            peak_deg=repetition.peak_deg,
            versions=versions,
        )
        for repetition in result.repetitions
    ]


def analyse_what_was_left() -> int:
    """Analyse ended sets whose message was lost; answers how many.

    Safe beside a worker that does the same.
    """
    left = ExerciseSet.objects.filter(state=ExerciseSet.State.ENDED, ended_at__lt=timezone.now() - LEFT_AFTER)
    ids = list(left.values_list("pk", flat=True)[:50])
    for set_id in ids:
        reanalyse_set(set_id)
    return len(ids)
