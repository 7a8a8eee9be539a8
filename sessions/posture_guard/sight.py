"""What the camera sees of the person: which side is nearer, which way they face, what is hidden, is the view
right.
"""

from __future__ import annotations

import math
from array import array

import numpy as np
from numpy.typing import NDArray

from prescriptions.movement.landmarks import LANDMARK_COUNT, plain_names
from prescriptions.movement.quantities import facing_score
from prescriptions.movement.views import view_advice, view_fits, width_share
from sessions.posture_guard.observing import LEAST_TO_COUNT, SURE_TO_COUNT, Plan
from sessions.posture_guard.types import Message

HIDDEN_FOR_S = 0.5
# A guessed limb is surer in a frame or two; it is seen again when it has been for this long.
SEEN_FOR_S = 0.3
# A guessed limb looks surer at the far point than at rest; a seen one stays seen, before and all through the
# repetition, but for this share of the frames.
MOST_HIDDEN = 0.25
LOOK_BACK_S = 1.0
VISIBILITY_MEMORY_S = 1.0
VIEW_MEMORY_S = 2.0
FACING_MEMORY = 0.995
# Below this difference in visibility neither side of the body counts as the far one.
SAME_VISIBILITY = 0.02
_TRUNK_BITS = 1 << 11 | 1 << 12 | 1 << 23 | 1 << 24
_PLACES = np.arange(LANDMARK_COUNT, dtype=np.uint64)
_EVERYTHING_HIDDEN = (1 << LANDMARK_COUNT) - 1


def _bits_of(marks: NDArray[np.bool_]) -> int:
    return sum(1 << i for i in np.flatnonzero(marks).tolist())


class Sight:
    """Updated with every frame; `hidden_bits` and `widths` keep one entry per frame."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._faces_camera = plan.view in ("front", "feet_end")
        self.hidden_bits: array[int] = array("Q")
        self.widths: array[float] = array("f")
        self.visibility: list[float] | None = None
        self.facing = 0.0
        self._facing_sum = 0.0
        self._side_visibility = [0.0] * len(plan.primary)
        self._width_now = math.nan
        self._hidden_since: float | None = None
        self._missed_s = -math.inf
        self._missing: tuple[int, ...] = ()

    def nobody(self, t_s: float) -> None:
        """A frame without a person."""
        self.visibility = None
        self.hidden_bits.append(_EVERYTHING_HIDDEN)
        self.widths.append(math.nan)
        if self._hidden_since is None:
            self._hidden_since = t_s

    def take(
        self, points: list[complex], visibility: list[float], bits: int, *, t_s: float, step_s: float
    ) -> None:
        """A frame with a person."""
        self.visibility = visibility
        self._weigh_sides(visibility, step_s)
        self._watch_view(points, bits, step_s)
        self._note_hidden(bits, t_s)
        if not self._faces_camera:
            self._face(points)

    def _weigh_sides(self, visibility: list[float], step_s: float) -> None:
        keep = math.exp(-step_s / VISIBILITY_MEMORY_S)
        for k, channel in enumerate(self._plan.primary):
            now = min([visibility[i] for i in channel.needs])
            self._side_visibility[k] = self._side_visibility[k] * keep + now * (1.0 - keep)

    def _watch_view(self, points: list[complex], bits: int, step_s: float) -> None:
        width = math.nan if bits & _TRUNK_BITS else width_share(points)
        self.widths.append(width)
        if width == width:
            known = self._width_now == self._width_now
            keep = math.exp(-step_s / VIEW_MEMORY_S) if known else 0.0
            self._width_now = (self._width_now * keep if known else 0.0) + width * (1.0 - keep)

    def _note_hidden(self, bits: int, t_s: float) -> None:
        self.hidden_bits.append(bits)
        missing = self._plan.missing(bits) if bits else ()
        if missing:
            self._missing, self._missed_s = missing, t_s
            if self._hidden_since is None:
                self._hidden_since = t_s
        elif t_s - self._missed_s >= SEEN_FOR_S:
            self._hidden_since = None

    def _face(self, points: list[complex]) -> None:
        score = facing_score(points)
        if score == score:
            self._facing_sum = self._facing_sum * FACING_MEMORY + score
        self.facing = math.copysign(1.0, self._facing_sum)

    def weight(self, k: int) -> float:
        """How far the counted angle of side `k` may be trusted, 0 to 1, by its visibility over the last
        second.
        """
        return (self._side_visibility[k] - LEAST_TO_COUNT) / (SURE_TO_COUNT - LEAST_TO_COUNT)

    def far_side(self) -> int | None:
        """The side of the body that is turned away, 0 left, 1 right; None from the front or when both are
        seen.
        """
        if self._plan.view != "side" or len(self._side_visibility) < 2:
            return None
        left, right = self._side_visibility
        if abs(left - right) < SAME_VISIBILITY:
            return None
        return 0 if left < right else 1

    def width(self, frames: slice = slice(None)) -> float:
        """Median body width over trunk length in these frames; NaN when never seen."""
        widths = np.asarray(self.widths[frames])
        return float(np.nanmedian(widths)) if np.isfinite(widths).any() else math.nan

    def mostly_missing(self) -> tuple[int, ...]:
        """Landmarks that a score needs and that were out of sight for half of the set."""
        return self._plan.missing(_bits_of(self._hidden_shares(slice(None)) >= 0.5))

    def mostly_hidden(self) -> str:
        """What was out of sight for most of the set, in plain words; what it is counted by when nothing else
        was.
        """
        bits = np.asarray(self.hidden_bits, dtype=np.uint64)
        if not len(bits) or (bits == _EVERYTHING_HIDDEN).mean() >= 0.5:
            return "I cannot see anyone, not scored."
        return f"I cannot see your {plain_names(self.mostly_missing() or self._counted_by())}, not scored."

    def doubtful(self, frames: slice) -> frozenset[int]:
        """Landmarks that were out of sight for too much of these frames to be judged in any of them."""
        return frozenset(np.flatnonzero(self._hidden_shares(frames) > MOST_HIDDEN).tolist())

    def hidden(self, frames: slice, unjudged: tuple[int, ...]) -> tuple[int, ...]:
        """What to name as hidden in a repetition's frames: of the counted angle what was hidden too long, and
        of the `unjudged` landmarks the same, or the least seen ones.
        """
        shares = self._hidden_shares(frames)
        hidden = set(self._plan.missing(_bits_of(shares > MOST_HIDDEN), counted_only=True))
        if unjudged:
            least = min(MOST_HIDDEN, max(float(shares[i]) for i in unjudged))
            hidden.update(i for i in unjudged if shares[i] >= least)
        return tuple(sorted(hidden))

    def _hidden_shares(self, frames: slice) -> NDArray[np.float64]:
        """Share of the frames with a person in which each landmark was hidden."""
        bits = np.asarray(self.hidden_bits[frames], dtype=np.uint64)
        bits = bits[bits != _EVERYTHING_HIDDEN]
        if not len(bits):
            return np.ones(LANDMARK_COUNT)
        shares: NDArray[np.float64] = (bits[:, None] >> _PLACES & np.uint64(1)).mean(axis=0)
        return shares

    def _counted_by(self) -> tuple[int, ...]:
        return tuple(sorted({i for channel in self._plan.primary for i in channel.needs}))

    def complaint(self, t_s: float) -> Message | None:
        """Why nothing can be scored now, in plain words."""
        if self._hidden_since is not None and t_s - self._hidden_since >= HIDDEN_FOR_S:
            if self.visibility is None:
                return Message("nobody", "I cannot see anyone, not scored.")
            hidden = plain_names(self._missing or self._counted_by())
            return Message(f"hidden_{hidden.replace(' ', '_')}", f"I cannot see your {hidden}, not scored.")
        if not view_fits(self._plan.view, self._width_now):
            return Message("wrong_view", view_advice(self._plan.view, self._width_now))
        return None
