"""One exercise set, frame by frame. Batch scoring pushes the same frames through the same code."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from prescriptions.movement.criteria import Criterion
from prescriptions.movement.landmarks import LANDMARK_COUNT, Side
from prescriptions.movement.results import cue_of, last_shown, share_scored
from prescriptions.movement.rules import ExerciseRules
from prescriptions.movement.smoothing import AngleSmoother
from prescriptions.movement.views import view_advice, view_fits
from sessions.posture_guard.alternating import AlternatingCounter
from sessions.posture_guard.counting import RepetitionCounter
from sessions.posture_guard.film import Film
from sessions.posture_guard.holding import HoldTimer
from sessions.posture_guard.judging import Measured
from sessions.posture_guard.observing import Frames, Plan, limbs_seen, read_frames
from sessions.posture_guard.scoring import RepetitionScorer
from sessions.posture_guard.sight import Sight
from sessions.posture_guard.types import (
    ENGINE_VERSION,
    Baseline,
    Curve,
    LiveState,
    SetResult,
    ViewCheck,
    number_or_none,
)

LEAST_PRESENCE = 0.5


class PostureStream:
    """Scores one set while it happens.

    Frames: image (33, 4) of x, y (shares of the picture), z, visibility. A frame that does not move forward
    in time is ignored; NaN or far-off landmarks are hidden ones; a wrong shape raises ValueError. `baseline`
    from an earlier set skips the calibration.
    """

    def __init__(
        self,
        rules: ExerciseRules,
        *,
        view: str,
        side: str,
        width: float,
        height: float,
        baseline: Baseline | None = None,
        timed_hold: bool = False,
    ) -> None:
        if view not in rules.views:
            raise ValueError(
                f"{rules.code} cannot be judged in view {view!r}; it knows {', '.join(rules.views)}."
            )
        if not (width > 0 and height > 0 and math.isfinite(width * height)):
            raise ValueError(f"The picture must have a size, not {width} by {height}.")
        self.rules, self.view, self.side = rules, view, Side(side)
        self.width, self.height = float(width), float(height)
        self._plan = Plan(rules, view=view, side=self.side)
        self._view = rules.views[view]
        self._timed_hold = timed_hold or rules.kind == "hold"
        self._film = Film(len(self._plan.channels))
        self._sight = Sight(self._plan)
        self._smoother = AngleSmoother()
        cut = replace(rules.segmentation, most_s=math.inf) if self._timed_hold else rules.segmentation
        self._counter = RepetitionCounter(self._film, cut, least_amplitude=self._view.least_amplitude_deg)
        self._limbs = self._limb_counter()
        self._scorer = RepetitionScorer(
            self._plan, self._film, self._sight, side=self.side.value, given=baseline
        )
        self._sides: list[float] = []
        self._origin_ms: float | None = None
        self._last_ms = -math.inf
        self._hold = HoldTimer(self._view.least_amplitude_deg)
        self.ignored_frames = 0

    def _limb_counter(self) -> AlternatingCounter | None:
        if not self.rules.segmentation.by_limb or len(self._plan.primary) < 2:
            return None
        least = self._view.least_amplitude_deg
        return AlternatingCounter(self._film, self.rules.segmentation, least_amplitude=least)

    def push(self, t_ms: float, image: NDArray[np.floating] | None, presence: float = 1.0) -> LiveState:
        """Take one frame; `image` None or presence under 0.5 says that nobody was found."""
        if image is None:
            self._take(float(t_ms), None, 0)
            return self.state()
        frame = np.asarray(image)
        if frame.shape != (LANDMARK_COUNT, 4):
            raise ValueError(f"A frame must be ({LANDMARK_COUNT}, 4), not {frame.shape}.")
        return self.push_many((t_ms,), frame[None], (presence,))

    def push_many(
        self,
        t_ms: Sequence[float] | NDArray[np.floating],
        image: NDArray[np.floating],
        presence: Sequence[float] | NDArray[np.floating] | None = None,
    ) -> LiveState:
        """Take k frames, image (k, 33, 4); the state after the last. Cheaper than k single ones."""
        frames = np.asarray(image)
        if frames.ndim != 3 or frames.shape[1:] != (LANDMARK_COUNT, 4) or len(frames) != len(t_ms):
            raise ValueError(
                f"Frames must be (k, {LANDMARK_COUNT}, 4) with k times, not {frames.shape} and {len(t_ms)}."
            )
        found = [1.0] * len(frames) if presence is None else presence
        if len(found) != len(frames):
            raise ValueError(f"{len(frames)} frames need as many presences, not {len(found)}.")
        if len(frames):
            ready = read_frames(frames, width=self.width, height=self.height)
            for i, there in enumerate(found):
                self._take(float(t_ms[i]), ready if there >= LEAST_PRESENCE else None, i)
        return self.state()

    def _take(self, t_ms: float, frames: Frames | None, i: int) -> None:
        if not (math.isfinite(t_ms) and t_ms > self._last_ms):
            self.ignored_frames += 1
            return
        if self._origin_ms is None:
            self._origin_ms = t_ms
        step_s = (t_ms - self._last_ms) / 1000.0
        self._last_ms = t_ms
        t_s = (t_ms - self._origin_ms) / 1000.0
        self._film.t_s.append(t_s)
        if frames is None:
            self._sight.nobody(t_s)
            self._film.keep_nothing()
            self._follow(t_s, math.nan)
            return
        points, visibility = frames.points[i], frames.visibility[i]
        self._sight.take(points, visibility, frames.hidden_bits[i], t_s=t_s, step_s=step_s)
        self._film.keep_pose(points)
        facing = self._sight.facing
        for channel, values in zip(self._plan.channels, self._film.values, strict=True):
            values.append(channel.measure(points, visibility, facing))
        self._follow(t_s, self._primary_angle(points, visibility))

    def _primary_angle(self, points: list[complex], visibility: list[float]) -> float:
        """Mean of the sides, each as far as it is seen: both legs of a squat, each leg in turn of a march."""
        total = weights = 0.0
        self._sides = [math.nan] * len(self._plan.primary)
        for k, channel in enumerate(self._plan.primary):
            weight = min(1.0, self._sight.weight(k))
            if weight <= 0:
                continue
            value = channel.measure(points, visibility, self._sight.facing)
            if weight == 1.0:
                self._sides[k] = value
            if value == value:
                total += weight * value
                weights += weight
        return total / weights if weights else math.nan

    def _follow(self, t_s: float, angle: float) -> None:
        smooth = self._smoother.push(t_s, angle)
        self._film.angle.append(smooth)
        frame = len(self._film.angle) - 1
        changed = self._counter.push(frame, smooth)
        if self._limbs is not None:
            sides = (math.nan, math.nan) if angle != angle else (self._sides[0], self._sides[1])
            changed = self._limbs.push(frame, t_s, sides) or changed
        if changed:
            self._score()
        if self._timed_hold:
            self._hold.push(t_s, -smooth if self.rules.segmentation.direction == "down" else smooth)

    def _score(self) -> None:
        counter = self._counter if self._limbs is None else self._limbs.instead_of(self._counter)
        self._scorer.score(counter.swings, sign=counter.sign)

    @property
    def criteria(self) -> tuple[Criterion, ...]:
        """The rules that this view and side are judged by."""
        return self._plan.criteria

    @property
    def measured(self) -> tuple[Measured, ...]:
        """The numbers behind each repetition so far."""
        return self._scorer.measured

    def state(self) -> LiveState:
        """What to show now."""
        t_s = self._film.t_s[-1] if self._film.t_s else 0.0
        angle = self._film.angle[-1] if self._film.angle else math.nan
        repetitions = self._scorer.repetitions
        last = repetitions[-1] if repetitions else None
        return LiveState(
            count=len(repetitions),
            phase=self._counter.phase(angle),
            angle_deg=number_or_none(round(angle, 1)),
            hold_s=round(self._hold.now_s, 2) if self._timed_hold else None,
            cue=cue_of(self._scorer.latest()),
            limbs=limbs_seen(self._sight.visibility),
            not_scored=self._sight.complaint(t_s),
            side=self.side.value,
            last=None if last is None else last_shown(last),
        )

    def finish(self) -> SetResult:
        """The whole set. More frames may not follow."""
        self._counter.finish()
        if self._limbs is not None:
            self._limbs.finish()
        self._score()
        repetitions, coverage = self._scorer.repetitions, self._film.seen_share()
        return SetResult(
            code=self.rules.code,
            view=self.view,
            side=self.side.value,
            repetitions=repetitions,
            uncounted=self._scorer.uncounted,
            curve=self._curve(),
            hold_s=round(self._hold.longest_s, 2) if self._timed_hold else None,
            coverage=round(coverage, 4),
            scored_share=share_scored(repetitions),
            view_check=self._view_check(),
            not_scored=self._reasons(coverage),
            baseline=self._scorer.baseline,
            versions={"rules": f"{self.rules.code}:{self.rules.version}", "engine": ENGINE_VERSION},
        )

    def _view_check(self) -> ViewCheck:
        width = self._sight.width()
        fits = view_fits(self.view, width)
        words = "" if fits else view_advice(self.view, width)
        return ViewCheck(self.view, fits, number_or_none(round(width, 3)), words)

    def _reasons(self, coverage: float) -> tuple[str, ...]:
        reasons = [repetition.reason for repetition in self._scorer.repetitions if repetition.reason]
        if coverage < LEAST_PRESENCE or (not self._scorer.repetitions and self._sight.mostly_missing()):
            reasons.append(self._sight.mostly_hidden())
        return tuple(dict.fromkeys(reason for reason in reasons if reason))

    def _curve(self) -> Curve:
        angles = tuple(None if a != a else round(a, 2) for a in self._film.angle)
        return Curve(self._view.primary, tuple(round(t, 4) for t in self._film.t_s), angles)


def score_recording(
    rules: ExerciseRules,
    t_ms: Iterable[float],
    image: NDArray[np.floating],
    presence: Iterable[float] | None = None,
    *,
    view: str,
    side: str,
    width: float,
    height: float,
    baseline: Baseline | None = None,
    timed_hold: bool = False,
) -> SetResult:
    """Score a recording, image (N, 33, 4), by streaming it: the same repetitions as live."""
    stream = PostureStream(
        rules, view=view, side=side, width=width, height=height, baseline=baseline, timed_hold=timed_hold
    )
    times = np.asarray(list(t_ms), dtype=np.float64)
    stream.push_many(times, np.asarray(image), None if presence is None else list(presence))
    return stream.finish()


def describe_baseline(raw: Mapping[str, Sequence[Any]]) -> Baseline:
    """A baseline read back from JSON."""
    return {code: tuple(None if v is None else float(v) for v in values) for code, values in raw.items()}
