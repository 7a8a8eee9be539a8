"""Reading stored frames."""

from uuid import UUID

import numpy as np

from clinic.models import Membership, Role
from sessions.codec import FRAME, unpack_frames
from sessions.errors import RecordingNotFound
from sessions.models import ExerciseSet, Recording, RecordingSegment
from sessions.selectors.access import as_uuid


def stored_frames(recording_id: int) -> list[tuple[bytes, float]]:
    """Each segment's frames as received, in order, with the milliseconds to add to their capture times.

    Raises CorruptSegment when a segment is not what was received.
    """
    segments = RecordingSegment.objects.filter(recording_id=recording_id).order_by("index")
    return [
        (
            unpack_frames(bytes(segment.payload), sha256=segment.sha256, codec=segment.codec),
            segment.clock_offset_ms,
        )
        for segment in segments
    ]


def recording_of(exercise_set: ExerciseSet) -> Recording | None:
    """The set's recording of body landmarks, if anything was stored."""
    return Recording.objects.filter(
        exercise_set=exercise_set, modality=Recording.Modality.POSE, frame_count__gt=0
    ).first()


def whole_recording(recording: Recording) -> bytes:
    """Every stored frame of a recording, in order, on one clock.

    Capture times go on after a reload of the page.
    """
    parts = []
    for raw, clock_offset_ms in stored_frames(recording.pk):
        if clock_offset_ms:
            frames = np.frombuffer(raw, dtype=FRAME).copy()
            frames["capture_ms"] += clock_offset_ms
            raw = frames.tobytes()
        parts.append(raw)
    return b"".join(parts)


def own_phone_recording(membership: Membership, ref: UUID | str) -> Recording:
    """A recording that the signed-in patient's own phone makes; raises RecordingNotFound for anybody else."""
    if membership.role != Role.PATIENT:
        raise RecordingNotFound
    mine = Recording.objects.select_related("patient").filter(
        patient__membership=membership,
        exercise_set=None,
        modality=Recording.Modality.IMU,
        source=Recording.Source.PHONE,
    )
    found = mine.filter(ref=as_uuid(ref, RecordingNotFound)).first()
    if found is None:
        raise RecordingNotFound
    return found
