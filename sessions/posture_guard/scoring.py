"""Repetitions with their class: measures each swing once, and judges anew when the own baseline changes."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

from prescriptions.movement.landmarks import plain_names
from prescriptions.movement.views import view_advice, view_fits
from sessions.posture_guard.film import Film
from sessions.posture_guard.judging import (
    BASELINE_REPETITIONS,
    Measured,
    calibrates,
    classify,
    measure,
    own_baseline,
    unseen,
)
from sessions.posture_guard.observing import Plan
from sessions.posture_guard.segmentation import Swing
from sessions.posture_guard.sight import LOOK_BACK_S, Sight
from sessions.posture_guard.types import Baseline, Repetition


class RepetitionScorer:
    """Turns swings into judged repetitions; a baseline `given` from before skips the calibration."""

    def __init__(self, plan: Plan, film: Film, sight: Sight, *, side: str, given: Baseline | None) -> None:
        self._plan, self._film, self._sight, self._side, self._given = plan, film, sight, side, given
        self._known: dict[int, Measured] = {}
        self._verdicts: dict[tuple[int, bool, Swing], Repetition] = {}
        self.baseline: Baseline = given if given is not None else own_baseline((), plan.criteria)
        self.measured: tuple[Measured, ...] = ()
        self.repetitions: tuple[Repetition, ...] = ()
        self.uncounted: tuple[Repetition, ...] = ()
        self._no_repetition = frozenset(c.code for c in plan.criteria if c.uncounted)

    def score(self, swings: Sequence[Swing], *, sign: float) -> None:
        """Measure what is new and judge all that is counted now."""
        self.measured = tuple(self._measure(swing, sign=sign) for swing in swings)
        if self._given is None:
            baseline = own_baseline(self.measured, self._plan.criteria)
            if baseline != self.baseline:
                self.baseline, self._verdicts = baseline, {}
        clean = 0 if self._given is None else BASELINE_REPETITIONS
        repetitions: list[Repetition] = []
        uncounted: list[Repetition] = []
        for one in self.measured:
            calibrating = clean < BASELINE_REPETITIONS and calibrates(one, self._plan.criteria)
            clean += calibrating
            verdict = self._verdict(len(repetitions) + 1, one, calibrating=calibrating)
            (uncounted if self._is_none(verdict) else repetitions).append(verdict)
        self.repetitions, self.uncounted = tuple(repetitions), tuple(uncounted)

    def latest(self) -> Repetition | None:
        """The last movement, counted or not."""
        last = [*self.repetitions[-1:], *self.uncounted[-1:]]
        return max(last, key=lambda one: one.peak_s, default=None)

    def _is_none(self, verdict: Repetition) -> bool:
        return any(f.code in self._no_repetition and f.severity == "significant" for f in verdict.findings)

    def _verdict(self, index: int, one: Measured, *, calibrating: bool) -> Repetition:
        key = (index, calibrating, one.swing)
        if key not in self._verdicts:
            classification, findings, reason = classify(one, self._plan.criteria, self.baseline)
            self._verdicts[key] = Repetition(
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
        return self._verdicts[key]

    def _measure(self, swing: Swing, *, sign: float) -> Measured:
        known = self._known.get(swing.peak)
        if known is not None and known.swing == swing:
            return known
        film = self._film
        before = bisect_left(film.t_s, film.t_s[swing.start] - LOOK_BACK_S)
        around = slice(before, swing.end + 1)
        values, hold_s = measure(
            swing,
            self._plan,
            film,
            far_side=self._sight.far_side(),
            sign=sign,
            doubtful=self._sight.doubtful(around),
        )
        self._known[swing.peak] = new = Measured(
            swing=swing,
            start_s=film.t_s[swing.start],
            peak_s=film.t_s[swing.peak],
            end_s=film.t_s[swing.end],
            peak_deg=film.angle[swing.peak],
            hold_s=hold_s,
            values=values,
            not_scored=self._why_not(swing, values, around),
        )
        return new

    def _why_not(self, swing: Swing, values: Sequence[Sequence[float]], around: slice) -> str:
        width = self._sight.width(slice(swing.start, swing.end + 1))
        if not view_fits(self._plan.view, width):
            return f"{view_advice(self._plan.view, width)} Not scored."
        hidden = self._sight.hidden(around, unseen(self._plan, values))
        return f"I cannot see your {plain_names(hidden)}, not scored." if hidden else ""
