"""One exercise set, frame by frame. Batch scoring pushes the same frames through the same code."""

from __future__ import annotations

import math
from array import array
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from prescriptions.movement.criteria import Criterion
from prescriptions.movement.landmarks import LANDMARK_COUNT, Side, plain_names
from prescriptions.movement.quantities import facing_score
from prescriptions.movement.rules import ExerciseRules
from prescriptions.movement.smoothing import AngleSmoother
from prescriptions.movement.views import view_advice, view_fits, width_share
from sessions.posture_guard.alike import POSE, odd_swings
from sessions.posture_guard.judging import (
    BASELINE_REPETITIONS,
    Measured,
    calibrates,
    classify,
    hidden_landmarks,
    measure,
    own_baseline,
)
from sessions.posture_guard.observing import (
    LEAST_TO_COUNT,
    LEAST_TO_SCORE,
    Frames,
    Plan,
    limbs_seen,
    read_frames,
)
from sessions.posture_guard.segmentation import PivotTracker, Swing, cut
from sessions.posture_guard.types import (
    ENGINE_VERSION,
    Baseline,
    Curve,
    LiveState,
    Message,
    Repetition,
    SetResult,
    ViewCheck,
    number_or_none,
)  # fmt: skip

LEAST_PRESENCE = 0.5
FINE_SHARE = 0.5
HIDDEN_FOR_S = 0.5
VISIBILITY_MEMORY_S = 1.0
VIEW_MEMORY_S = 2.0
_NO_POSE = (math.nan,) * (2 * len(POSE))
_SIGNS = {"up": (1.0,), "down": (-1.0,), "either": (1.0, -1.0)}
FACING_MEMORY = 0.995


class PostureStream:
    """Scores one set while it happens.

    Frames: image (33, 4) of x, y (shares of the picture), z, visibility. A frame that does not move forward in time is
    ignored; NaN or far-off landmarks are hidden ones; a wrong shape raises ValueError. `baseline` from an earlier set
    skips the calibration.
    """

    def __init__(
        self, rules: ExerciseRules, *, view: str, side: str, width: float, height: float,
        baseline: Baseline | None = None, timed_hold: bool = False,
    ) -> None:  # fmt: skip
        if view not in rules.views:
            raise ValueError(f"{rules.code} cannot be judged in view {view!r}; it knows {', '.join(rules.views)}.")
        if not (width > 0 and height > 0 and math.isfinite(width * height)):
            raise ValueError(f"The picture must have a size, not {width} by {height}.")
        self.rules, self.view, self.side = rules, view, Side(side)
        self.width, self.height = float(width), float(height)
        self._plan = Plan(rules, view=view, side=self.side)
        self._given_baseline = baseline
        self._timed_hold = timed_hold or rules.kind == "hold"
        self._signs = _SIGNS[rules.segmentation.direction]
        self._sign = self._signs[0]
        self._pending = [-math.inf] * len(self._signs)
        self._tracker = PivotTracker(FINE_SHARE * rules.views[view].least_amplitude_deg)
        self._smoother = AngleSmoother()
        self._t_s: array[float] = array("d")
        self._primary: array[float] = array("d")
        self._history: list[array[float]] = [array("f") for _ in self._plan.channels]
        self._hidden_bits: array[int] = array("Q")
        self._widths: array[float] = array("f")
        self._poses: array[float] = array("f")
        self._origin_ms: float | None = None
        self._last_ms = -math.inf
        self._facing_sum = 0.0
        self._side_visibility = [0.0, 0.0]
        self._width_now = math.nan
        self._hidden_since: float | None = None
        self._visibility: list[float] | None = None
        self._cut: tuple[Swing, ...] = ()
        self._measured: dict[int, Measured] = {}
        self._swings: tuple[dict[tuple[int, int, int, bool], Swing], ...] = tuple({} for _ in self._signs)
        self._judged_by: Baseline = {}
        self._verdicts: dict[tuple[int, bool, Swing], Repetition] = {}
        self._repetitions: tuple[Repetition, ...] = ()
        self._hold_from: float | None = None
        self.ignored_frames = 0

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
        self, t_ms: Sequence[float] | NDArray[np.floating], image: NDArray[np.floating],
        presence: Sequence[float] | NDArray[np.floating] | None = None,
    ) -> LiveState:  # fmt: skip
        """Take k frames, image (k, 33, 4); the state after the last. Cheaper than k single ones."""
        frames = np.asarray(image)
        if frames.ndim != 3 or frames.shape[1:] != (LANDMARK_COUNT, 4) or len(frames) != len(t_ms):
            raise ValueError(f"Frames must be (k, {LANDMARK_COUNT}, 4) with k times, not {frames.shape} and {len(t_ms)}.")
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
        self._t_s.append(t_s)
        if frames is None:
            self._nobody(t_s)
            return
        points, visibility = frames.points[i], frames.visibility[i]
        self._visibility = visibility
        facing = self._face(points)
        self._weigh_sides(visibility, step_s)
        self._watch_view(points, visibility, step_s)
        self._note_hidden(t_s, frames.hidden_bits[i])
        remember = self._poses.append
        for mark in POSE:
            point = points[mark]
            remember(point.real)
            remember(point.imag)
        for channel, history in zip(self._plan.channels, self._history, strict=True):
            history.append(channel.measure(points, visibility, facing))
        self._follow(t_s, self._primary_angle(points, visibility, facing))

    def _nobody(self, t_s: float) -> None:
        self._visibility = None
        for history in self._history:
            history.append(math.nan)
        self._hidden_bits.append((1 << LANDMARK_COUNT) - 1)
        self._poses.extend(_NO_POSE)
        self._widths.append(math.nan)
        if self._hidden_since is None:
            self._hidden_since = t_s
        self._follow(t_s, math.nan)

    def _face(self, points: list[complex]) -> float:
        if self.view in ("front", "feet_end"):
            return 0.0
        score = facing_score(points)
        if score == score:
            self._facing_sum = self._facing_sum * FACING_MEMORY + score
        return math.copysign(1.0, self._facing_sum)

    def _weigh_sides(self, visibility: list[float], step_s: float) -> None:
        keep = math.exp(-step_s / VISIBILITY_MEMORY_S)
        for k, channel in enumerate(self._plan.primary):
            now = min([visibility[i] for i in channel.needs])
            self._side_visibility[k] = self._side_visibility[k] * keep + now * (1.0 - keep)

    def _watch_view(self, points: list[complex], visibility: list[float], step_s: float) -> None:
        if min(visibility[11], visibility[12], visibility[23], visibility[24]) < LEAST_TO_SCORE:
            self._widths.append(math.nan)
            return
        width = width_share(points)
        self._widths.append(width)
        if width == width:
            keep = math.exp(-step_s / VIEW_MEMORY_S) if self._width_now == self._width_now else 0.0
            self._width_now = self._width_now * keep + width * (1.0 - keep) if keep else width

    def _note_hidden(self, t_s: float, bits: int) -> None:
        self._hidden_bits.append(bits)
        if not bits or not self._hidden_now(bits):
            self._hidden_since = None
        elif self._hidden_since is None:
            self._hidden_since = t_s

    def _hidden_now(self, bits: int) -> tuple[int, ...]:
        """Landmarks that a score needs and that are hidden; from the side, the better seen side is enough."""
        missing = [tuple(i for i in needed if bits >> i & 1) for needed in self._plan.by_side]
        if self.view == "side":
            return min(missing, key=len)
        return tuple(sorted({i for each in missing for i in each}))

    def _primary_angle(self, points: list[complex], visibility: list[float], facing: float) -> float:
        total = weights = 0.0
        for k, channel in enumerate(self._plan.primary):
            weight = min(1.0, (self._side_visibility[k] - LEAST_TO_COUNT) / (LEAST_TO_SCORE - LEAST_TO_COUNT))
            if weight <= 0:
                continue
            value = channel.measure(points, visibility, facing)
            if value == value:
                total += weight * value
                weights += weight
        return total / weights if weights else math.nan

    def _follow(self, t_s: float, angle: float) -> None:
        smooth = self._smoother.push(t_s, angle)
        self._primary.append(smooth)
        if smooth != smooth:
            return
        if self._tracker.push(len(self._primary) - 1, smooth) or self._passed(smooth):
            self._recut(finished=False)

    def _passed(self, smooth: float) -> bool:
        """The pending repetition has come back far enough to count."""
        return any(s * smooth <= level for s, level in zip(self._signs, self._pending, strict=True))

    def _recut(self, *, finished: bool) -> None:
        """Cut anew from all turning points; of two directions take the one with more repetitions."""
        pivots = self._tracker.so_far()
        least = self.rules.views[self.view].least_amplitude_deg
        counts_at = self.rules.segmentation.counts_at
        cuts = [
            cut(pivots, self._primary, least=least, counts_at=counts_at, sign=sign, finished=finished, known=known)
            for sign, known in zip(self._signs, self._swings, strict=True)
        ]
        self._pending = [found.pending_level for found in cuts]
        lasting = [tuple(s for s in found.swings if self._lasts(s)) for found in cuts]
        lasting = [self._same_movement(swings) for swings in lasting]
        kept = max(lasting, key=len)
        self._sign = self._signs[lasting.index(kept)]
        if finished or kept != self._cut:
            self._cut = kept
            self._judge()

    def _same_movement(self, swings: tuple[Swing, ...]) -> tuple[Swing, ...]:
        odd = odd_swings([self._pose_at(s.peak) for s in swings], limit=self.rules.segmentation.odd_pose)
        return tuple(swing for i, swing in enumerate(swings) if i not in odd) if odd else swings

    def _pose_at(self, frame: int) -> list[complex]:
        numbers = self._poses[frame * 2 * len(POSE) : (frame + 1) * 2 * len(POSE)]
        return [complex(x, y) for x, y in zip(numbers[::2], numbers[1::2], strict=True)]

    def _lasts(self, swing: Swing) -> bool:
        cutting = self.rules.segmentation
        return cutting.least_s <= self._t_s[swing.end] - self._t_s[swing.start] <= cutting.most_s

    def _judge(self) -> None:
        measured = [self._measure(swing) for swing in self._cut]
        baseline = self._baseline(measured)
        if baseline != self._judged_by:
            self._judged_by, self._verdicts = baseline, {}
        clean = 0 if self._given_baseline is None else BASELINE_REPETITIONS
        repetitions = []
        for index, repetition in enumerate(measured, start=1):
            calibrating = clean < BASELINE_REPETITIONS and calibrates(repetition, self._plan.criteria)
            clean += calibrating
            repetitions.append(self._verdict(index, repetition, calibrating=calibrating))
        self._repetitions = tuple(repetitions)

    def _verdict(self, index: int, repetition: Measured, *, calibrating: bool) -> Repetition:
        key = (index, calibrating, repetition.swing)
        if key not in self._verdicts:
            classification, findings, reason = classify(repetition, self._plan.criteria, self._judged_by)
            self._verdicts[key] = Repetition(
                index, repetition.side, round(repetition.start_s, 3), round(repetition.peak_s, 3),
                round(repetition.end_s, 3), classification, findings, reason, round(repetition.peak_deg, 1),
                round(repetition.hold_s, 2), calibrating,
            )  # fmt: skip
        return self._verdicts[key]

    @property
    def criteria(self) -> tuple[Criterion, ...]:
        """The rules that this view and side are judged by."""
        return self._plan.criteria

    @property
    def measured(self) -> tuple[Measured, ...]:
        """The numbers behind each repetition so far."""
        return tuple(self._measured[swing.peak] for swing in self._cut)

    def _baseline(self, measured: Sequence[Measured]) -> Baseline:
        return self._given_baseline if self._given_baseline is not None else own_baseline(measured, self._plan.criteria)

    def _measure(self, swing: Swing) -> Measured:
        known = self._measured.get(swing.peak)
        if known is not None and known.swing == swing:
            return known
        values, hold_s = measure(
            swing, self._plan, t_s=self._t_s, primary=self._primary, history=self._history,
            far_side=self._far_side(), sign=self._sign,
        )
        self._measured[swing.peak] = result = Measured(
            swing, self._t_s[swing.start], self._t_s[swing.peak], self._t_s[swing.end],
            self._primary[swing.peak], hold_s, values, self.side.value, self._why_not(swing, values),
        )  # fmt: skip
        return result

    def _why_not(self, swing: Swing, values: Sequence[Sequence[float]]) -> str:
        widths = np.asarray(self._widths[swing.start : swing.end + 1])
        width = float(np.nanmedian(widths)) if np.isfinite(widths).any() else math.nan
        if not view_fits(self.view, width):
            return f"{view_advice(self.view, width)} Not scored."
        hidden = hidden_landmarks(swing, self._plan, values, self._hidden_bits)
        return f"I cannot see your {plain_names(hidden)}, not scored." if hidden else ""

    def _far_side(self) -> int | None:
        left, right = self._side_visibility
        if self.view != "side" or self.side is not Side.BOTH or abs(left - right) < 0.02:
            return None
        return 0 if left < right else 1

    def state(self) -> LiveState:
        """What to show now."""
        t_s = self._t_s[-1] if self._t_s else 0.0
        angle = self._primary[-1] if self._primary else math.nan
        last = self._repetitions[-1] if self._repetitions else None
        return LiveState(
            count=len(self._repetitions), phase=self._phase(angle), angle_deg=number_or_none(round(angle, 1)),
            hold_s=self._hold_now(t_s, angle), cue=_cue(last), limbs=limbs_seen(self._visibility),
            not_scored=self._blind(t_s), side=self.side.value,
            last=None if last is None else {
                "index": last.index, "classification": last.classification, "words": last.words
            },
        )  # fmt: skip

    def _phase(self, angle: float) -> float:
        pivots = self._tracker.pivots
        if not pivots or angle != angle:
            return 0.0
        base = min(self._sign * pivot.value for pivot in pivots[-3:])
        least = self.rules.views[self.view].least_amplitude_deg
        swing = max([s.rise for s in self._cut[-3:]], default=least * 2)
        return round(min(1.0, max(0.0, (self._sign * angle - base) / swing)), 3)

    def _hold_now(self, t_s: float, angle: float) -> float | None:
        if not self._timed_hold:
            return None
        low = self.rules.views[self.view].target_deg[0]
        if not angle >= low:
            self._hold_from = None
            return 0.0
        if self._hold_from is None:
            self._hold_from = t_s
        return round(t_s - self._hold_from, 2)

    def _blind(self, t_s: float) -> Message | None:
        if self._hidden_since is not None and t_s - self._hidden_since >= HIDDEN_FOR_S:
            if self._visibility is None:
                return Message("nobody", "I cannot see anyone, not scored.")
            hidden = plain_names(self._hidden_now(self._hidden_bits[-1]))
            return Message(f"hidden_{hidden.replace(' ', '_')}", f"I cannot see your {hidden}, not scored.") if hidden else None
        if not view_fits(self.view, self._width_now):
            return Message("wrong_view", view_advice(self.view, self._width_now))
        return None

    def finish(self) -> SetResult:
        """The whole set. More frames may not follow."""
        if self._tracker.last is not None:
            self._recut(finished=True)
        widths = np.asarray(self._widths)
        width = float(np.nanmedian(widths)) if np.isfinite(widths).any() else math.nan
        fits = view_fits(self.view, width)
        repetitions = self._repetitions
        seen = sum(angle == angle for angle in self._primary)
        return SetResult(
            code=self.rules.code, view=self.view, side=self.side.value, repetitions=repetitions, curve=self._curve(),
            hold_s=max((r.hold_s for r in repetitions), default=0.0) if self._timed_hold else None,
            coverage=round(seen / len(self._primary), 4) if self._primary else 0.0,
            scored_share=_share_scored(repetitions),
            view_check=ViewCheck(
                self.view, fits, number_or_none(round(width, 3)), "" if fits else view_advice(self.view, width)
            ),
            not_scored=tuple(dict.fromkeys(r.reason for r in repetitions if r.reason)),
            baseline=self._baseline(self.measured),
            versions={"rules": f"{self.rules.code}:{self.rules.version}", "engine": ENGINE_VERSION},
        )  # fmt: skip

    def _curve(self) -> Curve:
        angles = tuple(None if a != a else round(a, 2) for a in self._primary)
        return Curve(self.rules.views[self.view].primary, tuple(round(t, 4) for t in self._t_s), angles)


def score_recording(
    rules: ExerciseRules, t_ms: Iterable[float], image: NDArray[np.floating], presence: Iterable[float] | None = None,
    *, view: str, side: str, width: float, height: float, baseline: Baseline | None = None,
) -> SetResult:  # fmt: skip
    """Score a recording, image (N, 33, 4), by streaming it: the same repetitions as live on the same frames."""
    stream = PostureStream(rules, view=view, side=side, width=width, height=height, baseline=baseline)
    times = np.asarray(list(t_ms), dtype=np.float64)
    stream.push_many(times, np.asarray(image), None if presence is None else list(presence))
    return stream.finish()


def _cue(last: Repetition | None) -> Message | None:
    if last is None or not last.findings:
        return None
    worst = last.findings[0]
    return Message(worst.code, worst.cue, worst.severity)


def _share_scored(repetitions: Sequence[Repetition]) -> float:
    if not repetitions:
        return 0.0
    return round(sum(r.classification != "not_scored" for r in repetitions) / len(repetitions), 4)


def describe_baseline(raw: Mapping[str, Sequence[Any]]) -> Baseline:
    """A baseline read back from JSON."""
    return {code: tuple(None if v is None else float(v) for v in values) for code, values in raw.items()}
