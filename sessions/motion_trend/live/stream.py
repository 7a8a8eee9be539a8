"""One exercise set from one movement sensor, sample by sample; batch scoring pushes the same samples."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from prescriptions.movement.counting import SwingCounter
from prescriptions.movement.criteria import Criterion
from prescriptions.movement.imu_rules import ImuRules
from prescriptions.movement.results import (
    Baseline,
    Curve,
    LiveState,
    Message,
    Repetition,
    SetResult,
    ViewCheck,
    cue_of,
    last_shown,
    number_or_none,
    share_scored,
)
from prescriptions.movement.smoothing import AngleSmoother
from sessions.motion_trend.live.film import SensorFilm
from sessions.motion_trend.live.inclination import (
    DISAGREES_DEG,
    DISAGREES_FAR_OUT_DEG,
    UpTracker,
    tilt_deg,
)
from sessions.motion_trend.live.reference import Reference, ReferenceFinder
from sessions.motion_trend.live.scoring import SensorScoring
from sessions.motion_trend.live.trouble import CANNOT_COUNT, NOT_STILL, TROUBLE, why_signal_is_bad

ENGINE_VERSION = "imu-1.0"
LOOK_EVERY_S = 1.0 / 32.0
START_S = 0.5
FAR_OUT = ("wrist", "shank", "foot")
LONGEST_GAP_S = 1.0


class ImuStream:
    """Scores one set while it happens.

    `placement`: a `motion_trend.types.Placement`; `side`: which side moves ("left", "right", "both"). Times
    in ms; force in m/s² (at rest +9.81 upwards, in any fixed axes of the sensor), turning in rad/s, NaN or
    None without a gyroscope. A sample that does not go forward in time, or is no number, is ignored. A
    placement from which the exercise cannot be counted counts nothing and says so.
    """

    def __init__(self, rules: ImuRules, *, placement: str, side: str) -> None:
        self.rules, self.placement, self.side = rules, placement, side
        self._part = rules.part_of(placement, side=side)
        self._film = SensorFilm()
        limit = DISAGREES_FAR_OUT_DEG if self._part in FAR_OUT else DISAGREES_DEG
        self._tracker = UpTracker(disagrees_deg=limit)
        self._finder = ReferenceFinder()
        self._reference: Reference | None = None
        self._smoother = AngleSmoother()
        place = rules.placements.get(self._part)
        least = place.least_amplitude_deg if place else math.inf
        self._counter = SwingCounter(self._film, rules.segmentation, least_amplitude=least)
        self._scoring = SensorScoring(rules, self._film, part=self._part, side=side)
        self._origin_ms: float | None = None
        self._last_ms = -math.inf
        self._last_force: tuple[float, float, float] | None = None
        self._looked_s = -math.inf
        self._shake, self._samples, self._gap_s = 0.0, 0, 0.0
        self.ignored_samples = 0

    @property
    def criteria(self) -> tuple[Criterion, ...]:
        """The rules that this placement and side are judged by."""
        return self._scoring.criteria

    def push_many(
        self,
        t_ms: Sequence[float] | NDArray[np.floating],
        acceleration: NDArray[np.floating],
        angular_velocity: NDArray[np.floating] | None = None,
    ) -> LiveState:
        """Take k samples, force (k, 3) and turning (k, 3) or None; the state after the last."""
        forces = np.asarray(acceleration, dtype=np.float64)
        count = len(t_ms)
        turns = np.full((count, 3), np.nan) if angular_velocity is None else np.asarray(angular_velocity)
        if forces.shape != (count, 3) or turns.shape != (count, 3):
            raise ValueError(f"Samples must be ({count}, 3), not {forces.shape} and {turns.shape}.")
        times = np.asarray(t_ms, dtype=np.float64).tolist()
        for t, force, turn in zip(times, forces.tolist(), turns.tolist(), strict=True):
            self._take(t, force, turn)
        return self.state()

    def _take(self, t_ms: float, force: list[float], turn: list[float]) -> None:
        total = t_ms + force[0] + force[1] + force[2]
        if not (t_ms > self._last_ms and total - total == 0.0):
            self.ignored_samples += 1
            return
        if self._origin_ms is None:
            self._origin_ms = t_ms
        elif t_ms - self._last_ms > 1000.0 * self._gap_s:
            self._gap_s = (t_ms - self._last_ms) / 1000.0
        before = self._last_ms
        self._last_ms = t_ms
        t_s = (t_ms - self._origin_ms) / 1000.0
        now = (force[0], force[1], force[2])
        spin = (turn[0], turn[1], turn[2])
        if self._last_force is not None and t_ms - before < 250.0:
            last = self._last_force
            step = max(abs(now[0] - last[0]), abs(now[1] - last[1]), abs(now[2] - last[2]))
            self._shake += 1000.0 * step / (t_ms - before)
        self._last_force = now
        self._samples += 1
        self._tracker.push(t_s, now, spin)
        if self._reference is None:
            self._look_for_reference(t_s, now, spin)
        if t_s - self._looked_s >= LOOK_EVERY_S:
            self._look(t_s)

    def _look_for_reference(
        self, t_s: float, force: tuple[float, float, float], spin: tuple[float, float, float]
    ) -> None:
        found = self._finder.push(t_s, force, spin)
        if found is None and self._finder.waited_long(t_s):
            found = self._start_as_reference()
        if found is not None:
            self._begin_from(found)

    def _start_as_reference(self) -> Reference:
        """Nobody stood still: how it began has to do for counting; it is not judged."""
        film = self._film
        count = max(1, sum(1 for t in film.t_s if t - film.t_s[0] <= START_S))
        x, y, z = film.up(slice(0, count)).mean(axis=0).tolist()
        length = math.sqrt(x * x + y * y + z * z) or 1.0
        return Reference((x / length, y / length, z / length), self._tracker.gravity, still=False)

    def _begin_from(self, reference: Reference) -> None:
        """Count what was looked at before there was a reference."""
        self._reference = reference
        if reference.still:
            self._tracker.gravity = reference.gravity
        self._scoring.begin(reference)
        film = self._film
        for frame, t_s in enumerate(film.t_s):
            self._count(frame, t_s)

    def _look(self, t_s: float) -> None:
        film, tracker = self._film, self._tracker
        self._looked_s = t_s
        film.t_s.append(t_s)
        film.x.append(tracker.x)
        film.y.append(tracker.y)
        film.z.append(tracker.z)
        film.turn_deg.append(math.degrees(tracker.turn_rad))
        film.shake.append(self._shake / self._samples)
        film.samples.append(self._samples)
        film.gap_s.append(self._gap_s)
        film.angle.append(math.nan)
        self._shake, self._samples, self._gap_s = 0.0, 0, 0.0
        if self._reference is not None:
            self._count(len(film.t_s) - 1, t_s)

    def _count(self, frame: int, t_s: float) -> None:
        assert self._reference is not None  # noqa: S101 - only called once there is one
        film = self._film
        tilt = tilt_deg((film.x[frame], film.y[frame], film.z[frame]), self._reference.up)
        film.angle[frame] = angle = self._smoother.push(t_s, tilt)
        if self._part and self._counter.push(frame, angle):
            self._score()

    def _score(self) -> None:
        self._scoring.score(self._counter.swings, has_gyroscope=self._tracker.has_gyroscope)

    def state(self) -> LiveState:
        """What to show now."""
        angle = self._film.angle[-1] if self._film.angle else math.nan
        repetitions = self._scoring.repetitions
        last = repetitions[-1] if repetitions else None
        return LiveState(
            count=len(repetitions),
            phase=self._counter.phase(angle) if self._part else 0.0,
            angle_deg=number_or_none(round(angle, 1)),
            hold_s=None,
            cue=cue_of(last),
            limbs={},
            not_scored=self._complaint(last),
            side=self.side,
            last=None if last is None else last_shown(last),
        )

    def _complaint(self, last: Repetition | None) -> Message | None:
        if not self._part:
            return Message("wrong_place", CANNOT_COUNT)
        film = self._film
        code = ""
        if self._reference is not None:
            since = max(0, len(film.t_s) - int(2.0 / LOOK_EVERY_S))
            code = why_signal_is_bad(
                film, slice(since, len(film.t_s)), self._reference, has_gyroscope=self._tracker.has_gyroscope
            )
        if code:
            return Message(code, TROUBLE[code])
        return Message("not_scored", last.reason) if last is not None and last.reason else None

    def finish(self) -> SetResult:
        """The whole set. More samples may not follow."""
        if self._reference is None and self._film.t_s:
            self._begin_from(self._start_as_reference())
        if self._part:
            self._counter.finish()
            self._score()
        repetitions = self._scoring.repetitions
        return SetResult(
            code=self.rules.code,
            view=self.placement,
            side=self.side,
            repetitions=repetitions,
            curve=self._curve(),
            hold_s=None,
            coverage=round(self._coverage(), 4),
            scored_share=share_scored(repetitions),
            view_check=ViewCheck(self.placement, bool(self._part), None, "" if self._part else CANNOT_COUNT),
            not_scored=self._reasons(repetitions),
            baseline=self._scoring.baseline,
            versions={
                "rules": f"{self.rules.code}:imu{self.rules.version}",
                "engine": ENGINE_VERSION,
                "placement": self.placement,
            },
        )

    def _coverage(self) -> float:
        """Share of the set's time in which samples came."""
        film = self._film
        if len(film.t_s) < 2:
            return 0.0
        lost = sum(gap for gap in film.gap_s if gap > LONGEST_GAP_S)
        return max(0.0, 1.0 - lost / (film.t_s[-1] - film.t_s[0]))

    def _reasons(self, repetitions: Sequence[Repetition]) -> tuple[str, ...]:
        reasons = [repetition.reason for repetition in repetitions]
        if not self._part:
            reasons.append(CANNOT_COUNT)
        elif self._reference is not None and not self._reference.still:
            reasons.append(NOT_STILL)
        return tuple(dict.fromkeys(reason for reason in reasons if reason))

    def _curve(self) -> Curve:
        film = self._film
        angles = tuple(None if a != a else round(a, 2) for a in film.angle)
        return Curve("sensor_tilt", tuple(round(t, 4) for t in film.t_s), angles)

    @property
    def baseline(self) -> Baseline:
        """The person's own clean values so far."""
        return self._scoring.baseline


def score_samples(
    rules: ImuRules,
    t_ms: Iterable[float],
    acceleration: NDArray[np.floating],
    angular_velocity: NDArray[np.floating] | None = None,
    *,
    placement: str,
    side: str,
) -> SetResult:
    """Score a recording by streaming it: the same repetitions as live."""
    stream = ImuStream(rules, placement=placement, side=side)
    stream.push_many(np.asarray(list(t_ms), dtype=np.float64), acceleration, angular_velocity)
    return stream.finish()
