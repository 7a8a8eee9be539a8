"""Judging a set by its whole recording. The result is the record; what was shown live is kept beside it."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import numpy as np
from django.db import transaction
from django.utils import timezone
from numpy.typing import NDArray

from prescriptions.movement.imu_rules import ImuRules
from prescriptions.movement.rules import ExerciseRules
from sessions import events, selectors
from sessions.codec import FRAME
from sessions.models import ExerciseSet, Recording, Repetition, TherapySession
from sessions.motion_codec import IMU_FRAME
from sessions.motion_trend import live as sensor
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


def _frames_of(recording: Recording, dtype: np.dtype[Any]) -> tuple[NDArray[np.void], str]:
    """Every stored frame in order, on the recording's own clock, and the sha256 of what was received."""
    parts, digest = [], hashlib.sha256()
    for raw, clock_offset_ms in selectors.stored_frames(recording.pk):
        frames = np.frombuffer(raw, dtype=dtype).copy()
        frames["capture_ms"] += clock_offset_ms
        digest.update(raw)
        parts.append(frames)
    return np.concatenate(parts) if parts else np.zeros(0, dtype=dtype), digest.hexdigest()


def read_motion(recording: Recording) -> StoredMotion:
    """Every stored frame of a camera's recording in order.

    Raises CorruptSegment when a segment is not what was received.
    """
    frames, digest = _frames_of(recording, FRAME)
    return StoredMotion(
        t_ms=np.ascontiguousarray(frames["capture_ms"]),
        image=np.ascontiguousarray(frames["image"]),
        world=np.ascontiguousarray(frames["world"]),
        presence=np.ascontiguousarray(frames["presence"]),
        width=recording.header["width"],
        height=recording.header["height"],
        digest=digest,
    )


def reanalyse_set(set_id: int, *, force: bool = False) -> ExerciseSet:
    """Score a set's stored frames anew. Doing it twice on the same frames and engine changes nothing."""
    exercise_set = ExerciseSet.objects.select_related("exercise_version", "session").get(pk=set_id)
    recording = _judged_recording(exercise_set)
    if recording is None:
        return exercise_set
    scoring = _score_sensor if recording.modality == Recording.Modality.IMU else _score_camera
    engine, digest, judge = scoring(exercise_set, recording)
    basis = {
        "digest": digest,
        "engine": engine,
        "exercise_version": exercise_set.exercise_version_id,
    }
    if exercise_set.result.get("basis") == basis and not force:
        return exercise_set
    return _store_result(exercise_set, judge(), basis=basis, recording=recording)


def _judged_recording(exercise_set: ExerciseSet) -> Recording | None:
    """The recording that a set is judged by: the camera sees more, so it comes first where it saw any."""
    kinds = Recording.objects.filter(
        exercise_set=exercise_set, modality__in=(Recording.Modality.POSE, Recording.Modality.IMU)
    )
    found = {recording.modality: recording for recording in kinds}
    pose, imu = found.get(Recording.Modality.POSE), found.get(Recording.Modality.IMU)
    return pose if imu is None or (pose is not None and pose.frame_count) else imu


# Engine, digest of the frames, and a function that judges them: it is not called when nothing has changed.
Scoring = tuple[str, str, Callable[[], SetResult]]


def _score_camera(exercise_set: ExerciseSet, recording: Recording) -> Scoring:
    motion = read_motion(recording)

    def judge() -> SetResult:
        return score_recording(
            ExerciseRules.from_dict(exercise_set.spec),
            motion.t_ms,
            motion.image,
            motion.presence,
            view=exercise_set.view,
            side=exercise_set.side,
            width=motion.width,
            height=motion.height,
        )

    return ENGINE_VERSION, motion.digest, judge


def _score_sensor(exercise_set: ExerciseSet, recording: Recording) -> Scoring:
    frames, digest = _frames_of(recording, IMU_FRAME)

    def judge() -> SetResult:
        return sensor.score_samples(
            ImuRules.from_spec(exercise_set.spec),
            frames["capture_ms"],
            frames["acceleration"],
            frames["angular_velocity"],
            placement=recording.header["placement"],
            side=exercise_set.side,
        )

    return sensor.ENGINE_VERSION, digest, judge


def _store_result(
    exercise_set: ExerciseSet, result: SetResult, *, basis: dict[str, Any], recording: Recording
) -> ExerciseSet:
    summary = result_summary(result) | {"basis": basis, "frames": recording.frame_count}
    versions = dict(result.versions)
    if recording.modality == Recording.Modality.POSE:
        versions["pose_model"] = recording.header.get("model_sha256", "")
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
