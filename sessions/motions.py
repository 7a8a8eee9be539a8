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
# The fault that a sample shows once: one that the exercise's first camera view can see.
SAMPLE_FAULTS = {
    "bridge": "back_arch",
    "calf_raise": "knee_bend",
    "clamshell": "short_range",
    "lunge": "trunk_lean",
    "shoulder_abduction": "elbow_bend",
    "sit_to_stand": "knee_valgus",
    "squat": "trunk_side_lean",
    "standing_hip_abduction": "trunk_side_lean",
    "standing_straight_leg_raise": "trunk_lean",
    "straight_leg_raise": "extensor_lag",
    "wall_slide": "shrug",
}
SAMPLE_FAULT_SEVERITY = 0.8
# Before this many, a fault would be taken for the person's own way of moving.
FEWEST_REPETITIONS_WITH_FAULT = 4


def frames_of(motion: Motion, *, first_sequence: int = 0) -> bytes:
    """A generated motion as the binary frames of the stream."""
    count = len(motion.t_ms)
    sequence = np.arange(first_sequence, first_sequence + count, dtype=np.uint32)
    return encode_frames(sequence, motion.t_ms, motion.presence, motion.image, motion.world)


def motion_file(raw: bytes, *, width: int, height: int) -> bytes:
    """A motion file: width and height as uint32, then frames as on the stream."""
    return struct.pack("<II", width, height) + raw


def sample_motion(exercise_set: ExerciseSet) -> Motion:
    """A simulated person doing this set; the last but one repetition shows a fault, so that a cue is seen."""
    code = exercise_set.spec["code"]
    repetitions = min(exercise_set.target_repetitions or 5, MOST_SAMPLE_REPETITIONS)
    fault = SAMPLE_FAULTS.get(code) if repetitions >= FEWEST_REPETITIONS_WITH_FAULT else None
    return generate(
        code,
        repetitions=repetitions,
        seconds_per_repetition=SAMPLE_SECONDS_PER_REPETITION,
        hold_s=float(exercise_set.target_hold_s or 0.15),
        compensation=fault,
        severity=SAMPLE_FAULT_SEVERITY if fault else 0.0,
        compensated={repetitions - 2},
        side=exercise_set.side,
        view=exercise_set.view if exercise_set.view in views(code) else None,
        seed=exercise_set.pk,
    )


def messages_of(raw: bytes, *, frames_per_message: int = 3) -> list[bytes]:
    """Frames cut into messages as a page sends them."""
    step = frames_per_message * FRAME_BYTES
    return [raw[start : start + step] for start in range(0, len(raw), step)]
