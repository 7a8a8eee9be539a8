"""Swings of a sensor into judged repetitions: against the person's own first clean ones, and the ceilings."""

from __future__ import annotations

import math
from collections.abc import Sequence
from statistics import median

import numpy as np

from prescriptions.movement.criteria import Criterion
from prescriptions.movement.imu_rules import ImuRules
from prescriptions.movement.judging import (
    BASELINE_REPETITIONS,
    Measured,
    calibrates,
    classify,
    own_baseline,
)
from prescriptions.movement.results import Baseline, Repetition
from prescriptions.movement.swings import Swing
from sessions.motion_trend.live.film import SensorFilm
from sessions.motion_trend.live.inclination import tilt_deg
from sessions.motion_trend.live.measuring import (
    BodyFrame,
    body_frame,
    criteria_in,
    held_s,
    measure_swing,
)
from sessions.motion_trend.live.reference import Reference
from sessions.motion_trend.live.trouble import (
    GAP,
    LONGEST_GAP_S,
    NO_PLACE,
    NOT_STILL,
    QUICK_ALONE_S,
    SLIPPED,
    SLIPPED_DEG,
    TOO_QUICK_ALONE,
    TROUBLE,
    why_signal_is_bad,
)


class SensorScoring:
    """Measures swings, and judges all of them anew when more is known of the person."""

    def __init__(self, rules: ImuRules, film: SensorFilm, *, part: str, side: str) -> None:
        self._film, self._side = film, side
        self._usual = rules.placements[part].usual_deg if part else (0.0, math.inf)
        self.criteria: tuple[Criterion, ...] = rules.criteria_for(part, side) if part else ()
        self._judged = self.criteria
        self._reference: Reference | None = None
        self._frame: BodyFrame | None = None
        self._framed_by: tuple[Swing, ...] = ()
        self._known: dict[tuple[Swing, bool], Measured] = {}
        self.baseline: Baseline = own_baseline((), self.criteria)
        self.repetitions: tuple[Repetition, ...] = ()

    def begin(self, reference: Reference) -> None:
        """Where up was at the start."""
        self._reference = reference

    def score(self, swings: Sequence[Swing], *, has_gyroscope: bool) -> None:
        """Measure what is new, and say of each swing what it was."""
        if self._reference is None:
            return
        self._frame_by(tuple(swings[:BASELINE_REPETITIONS]))
        rests = [self._rest(swing) for swing in swings]
        misplaced = self._is_misplaced(swings)
        measured = [
            self._measure(swing, rests[: i + 1], misplaced=misplaced, has_gyroscope=has_gyroscope)
            for i, swing in enumerate(swings)
        ]
        self.baseline = own_baseline(measured, self._judged)
        clean = 0
        repetitions: list[Repetition] = []
        for one in measured:
            calibrating = clean < BASELINE_REPETITIONS and calibrates(one, self._judged)
            clean += calibrating
            repetitions.append(self._verdict(len(repetitions) + 1, one, calibrating=calibrating))
        self.repetitions = tuple(repetitions)

    def _frame_by(self, first: tuple[Swing, ...]) -> None:
        if first == self._framed_by or not first or self._reference is None:
            return
        self._framed_by = first
        peaks = np.concatenate([self._film.up(slice(swing.peak, swing.peak + 1)) for swing in first])
        self._frame = body_frame(self._reference.up, peaks)
        self._judged = criteria_in(self._frame, self.criteria)
        self._known.clear()

    def _rest(self, swing: Swing) -> tuple[float, float, float]:
        film, at = self._film, swing.start
        return film.x[at], film.y[at], film.z[at]

    def _is_misplaced(self, swings: Sequence[Swing]) -> bool:
        """The part moves less or more than it does in this exercise; told from two repetitions on."""
        if len(swings) < BASELINE_REPETITIONS:
            return False
        usual = median(swing.rise for swing in swings)
        return not self._usual[0] <= usual <= self._usual[1]

    def _measure(
        self,
        swing: Swing,
        rests: Sequence[tuple[float, float, float]],
        *,
        misplaced: bool,
        has_gyroscope: bool,
    ) -> Measured:
        reason = NO_PLACE if misplaced else self._why_not(swing, rests, has_gyroscope=has_gyroscope)
        key = (swing, bool(reason))
        known = self._known.get(key)
        if known is not None and known.not_scored == reason:
            return known
        assert self._frame is not None  # noqa: S101 - there is a swing, so there is a frame
        values = measure_swing(swing, self._film, self._frame, self._judged, has_turn=has_gyroscope)
        if reason:
            values = tuple((math.nan,) for _ in values)
        film = self._film
        self._known[key] = new = Measured(
            swing=swing,
            start_s=film.t_s[swing.start],
            peak_s=film.t_s[swing.peak],
            end_s=film.t_s[swing.end],
            peak_deg=film.angle[swing.peak],
            hold_s=held_s(swing, film),
            values=values,
            not_scored=reason,
        )
        return new

    def _why_not(
        self, swing: Swing, rests: Sequence[tuple[float, float, float]], *, has_gyroscope: bool
    ) -> str:
        film, window = self._film, slice(swing.start, swing.end + 1)
        if self._reference is None or not self._reference.still:
            return NOT_STILL
        code = why_signal_is_bad(film, window, self._reference, has_gyroscope=has_gyroscope)
        if code:
            return TROUBLE[code]
        if max(film.gap_s[window]) > LONGEST_GAP_S:
            return GAP
        if not has_gyroscope and film.t_s[swing.end] - film.t_s[swing.start] < QUICK_ALONE_S:
            return TOO_QUICK_ALONE
        return SLIPPED if self._has_slipped(rests) else ""

    def _has_slipped(self, rests: Sequence[tuple[float, float, float]]) -> bool:
        """It rests elsewhere than it rested before the repetitions up to this one."""
        if len(rests) < BASELINE_REPETITIONS:
            return False
        first = np.asarray(rests[:BASELINE_REPETITIONS]).mean(axis=0)
        x, y, z = (first / np.linalg.norm(first)).tolist()
        return tilt_deg(rests[-1], (x, y, z)) > SLIPPED_DEG

    def _verdict(self, index: int, one: Measured, *, calibrating: bool) -> Repetition:
        classification, findings, reason = classify(one, self._judged, self.baseline)
        return Repetition(
            index=index,
            side=self._side,
            start_s=round(one.start_s, 3),
            peak_s=round(one.peak_s, 3),
            end_s=round(one.end_s, 3),
            classification=classification,
            findings=findings,
            reason=reason,
            peak_deg=round(one.peak_deg, 1),
            hold_s=round(one.hold_s, 2),
            calibrating=calibrating,
        )
