"""Simulated motion as frames of the stream.

The sample that a patient without a camera can play, and tests.
"""

import struct

import numpy as np

from prescriptions.movement.generator import Motion, generate, views
from sessions.codec import FRAME_BYTES, encode_frames
from sessions.models import ExerciseSet

SAMPLE_SECONDS_PER_REPETITION = 3.0
MOST_SAMPLE_REPETITIONS = 12


def frames_of(motion: Motion, *, first_sequence: int = 0) -> bytes:
    """A generated motion as the binary frames of the stream."""
    count = len(motion.t_ms)
    sequence = np.arange(first_sequence, first_sequence + count, dtype=np.uint32)
    return encode_frames(sequence, motion.t_ms, motion.presence, motion.image, motion.world)


def motion_file(raw: bytes, *, width: int, height: int) -> bytes:
    """A motion file: width and height as uint32, then frames as on the stream."""
    return struct.pack("<II", width, height) + raw


def sample_motion(exercise_set: ExerciseSet) -> Motion:
    """A simulated person doing this set, with one repetition that shows a compensation."""
    code = exercise_set.spec["code"]
    wanted = exercise_set.target_repetitions or 5
    return generate(
        code,
        repetitions=min(wanted, MOST_SAMPLE_REPETITIONS),
        seconds_per_repetition=SAMPLE_SECONDS_PER_REPETITION,
        hold_s=float(exercise_set.target_hold_s or 0.15),
        side=exercise_set.side,
        view=exercise_set.view if exercise_set.view in views(code) else None,
        seed=exercise_set.pk,
    )


def messages_of(raw: bytes, *, frames_per_message: int = 3) -> list[bytes]:
    """Frames cut into messages as a page sends them."""
    step = frames_per_message * FRAME_BYTES
    return [raw[start : start + step] for start in range(0, len(raw), step)]
