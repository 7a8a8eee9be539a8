"""A small library of simulated, scored sets: made once per kind, then used for many made-up sessions."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from prescriptions.movement.generator import Motion, compensations, generate
from prescriptions.movement.rules import ExerciseRules
from sessions.codec import PackedFrames, encode_frames, pack_frames
from sessions.posture_guard import SetResult, score_recording

# A laptop's browser finds about 15 poses a second.
FRAMES_PER_SECOND = 15.0
SEGMENT_FRAMES = 150
# Steps of a sixth of a pixel, half a millimetre, and 1/256 of visibility: rounded numbers compress well.
STEPS_IMAGE = np.array([4096.0, 4096.0, 2048.0, 256.0])
STEPS_WORLD = 2048.0
CLEAN_FIRST = 2
MILD, CLEAR = 0.55, 0.9
SEEDS = 2


@dataclass(frozen=True)
class Wanted:
    """One kind of set: `poor` of the `repetitions` show `fault`; `covered` is a limb that nothing sees."""

    code: str
    side: str
    view: str
    repetitions: int
    poor: int = 0
    fault: str = ""
    severity: float = CLEAR
    covered: str = ""
    seed: int = 0


@dataclass(frozen=True)
class Segment:
    """A run of frames, packed as the stream would have stored it."""

    first_sequence: int
    last_sequence: int
    packed: PackedFrames


@dataclass(frozen=True)
class ScoredSet:
    """A simulated set with its recording and what PostureGuard says about it."""

    motion: Motion
    result: SetResult
    segments: tuple[Segment, ...]

    @property
    def seconds(self) -> float:
        return float(self.motion.t_ms[-1]) / 1000.0


def fault_seen_in(view: str, spec: Mapping[str, Any], *, usual: str) -> str:
    """The usual fault when this view can judge it, else one that it can; empty when there is none to draw."""
    judged = [rule["code"] for rule in spec["criteria"] if view in rule["views"]]
    drawn = [code for code in judged if code in compensations(str(spec["code"]))]
    return usual if usual in drawn or not usual else next(iter(drawn), "")


class MotionLibrary:
    """Scored sets by kind; `specs` are the exercises' records by code. The same kind is generated once."""

    def __init__(self, specs: Mapping[str, dict[str, Any]]) -> None:
        self._rules = {code: ExerciseRules.from_dict(spec) for code, spec in specs.items()}
        self.scored = lru_cache(maxsize=None)(self._scored)

    def _scored(self, wanted: Wanted) -> ScoredSet:
        motion = simulate(wanted)
        result = score_recording(
            self._rules[wanted.code],
            motion.t_ms,
            motion.image,
            motion.presence,
            view=wanted.view,
            side=wanted.side,
            width=motion.width,
            height=motion.height,
        )
        return ScoredSet(motion=motion, result=result, segments=packed_segments(motion))


def simulate(wanted: Wanted) -> Motion:
    """The motion of one kind of set; the poor repetitions are spread over the second half, as people tire."""
    return generate(
        wanted.code,
        repetitions=wanted.repetitions,
        seconds_per_repetition=3.0,
        compensation=wanted.fault if wanted.poor else None,
        severity=wanted.severity if wanted.poor else 0.0,
        compensated=poor_repetitions(wanted),
        side=wanted.side,
        view=wanted.view,
        fps=FRAMES_PER_SECOND,
        seed=wanted.seed,
        covered=(wanted.covered,) if wanted.covered else (),
    )


def poor_repetitions(wanted: Wanted) -> frozenset[int]:
    """Which repetitions (from 0) show the fault: never the first ones, which are the person's own measure."""
    later = list(range(CLEAN_FIRST, wanted.repetitions))
    rng = np.random.default_rng([wanted.seed, wanted.repetitions, wanted.poor])
    weights = np.arange(1, len(later) + 1, dtype=float)
    chosen = rng.choice(later, size=min(wanted.poor, len(later)), replace=False, p=weights / weights.sum())
    return frozenset(int(index) for index in chosen)


def packed_segments(motion: Motion) -> tuple[Segment, ...]:
    """The motion's frames in sealed segments of ten seconds."""
    count = len(motion.t_ms)
    sequence = np.arange(count)
    image = np.round(motion.image * STEPS_IMAGE) / STEPS_IMAGE
    world = np.round(motion.world * STEPS_WORLD) / STEPS_WORLD
    segments = []
    for start in range(0, count, SEGMENT_FRAMES):
        part = slice(start, min(start + SEGMENT_FRAMES, count))
        raw = encode_frames(
            sequence[part], motion.t_ms[part], motion.presence[part], image[part], world[part]
        )
        segments.append(Segment(start, part.stop - 1, pack_frames(raw)))
    return tuple(segments)
