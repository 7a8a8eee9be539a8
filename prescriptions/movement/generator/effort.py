"""What a person does with an exercise over time: the phase of every frame and the faults that they show."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from prescriptions.movement.body import SIDES, Array, Body, Pose


@dataclass(frozen=True)
class Effort:
    """One set, frame by frame, as the exercise functions see it.

    phase [N]: 0 at the start position, 1 at the peak. amplitude [N]: how much of their range the person uses
    (about 1). working: for each body side, how much of the phase that side carries (0 or 1 per frame).
    faults: severity per frame (0–1) for each compensation drawn.
    """

    body: Body
    phase: Array
    amplitude: Array
    working: Mapping[str, Array]
    faults: Mapping[str, Array]

    @property
    def frames(self) -> int:
        return len(self.phase)

    def fault(self, code: str) -> Array:
        """Severity [N] of one compensation, zero when it is not drawn."""
        return self.faults.get(code, np.zeros(self.frames))

    def fault_as_it_moves(self, code: str) -> Array:
        """Severity [N] of a compensation that grows with the movement and is gone at the start position."""
        return self.fault(code) * self.phase

    def range(self, start: float, peak: float) -> Array:
        """An angle [N] that goes from `start` to `peak` with the phase, less of it with a short range."""
        share = self.amplitude * (1.0 - 0.5 * self.fault("short_range"))
        return start + (peak - start) * self.phase * share

    def side_range(self, side: str, start: float, peak: float) -> Array:
        """As `range`, for the side that works; the other side stays at the start."""
        return start + (self.range(start, peak) - start) * self.working[side]

    def leaning_sign(self) -> Array:
        """+1 when a lean goes to the right: away from a working left limb; to the right when both work."""
        return np.where(self.working["right"] > self.working["left"], -1.0, 1.0)


Draw = Callable[[Effort], Pose]


@dataclass(frozen=True)
class Performance:
    """How one exercise is drawn: its pose function, the views that suit it (best first), whether one side
    works at a time, the compensations that can be drawn."""

    draw: Draw
    views: tuple[str, ...]
    one_sided: bool
    compensations: tuple[str, ...]


def ease(share: Array) -> Array:
    """Minimum-jerk course from 0 to 1 (Flash & Hogan 1985); `share` is clipped to 0–1."""
    x = np.clip(share, 0.0, 1.0)
    return x**3 * (10.0 - 15.0 * x + 6.0 * x**2)


def both_sides(frames: int) -> dict[str, Array]:
    return {side: np.ones(frames) for side in SIDES}
