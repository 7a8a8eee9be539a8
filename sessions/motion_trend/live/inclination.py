"""Where up is, as the sensor sees it, sample by sample; and how far the sensor has turned about it."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

# The gyroscope is believed for what is quicker, the accelerometer for what is slower than this.
TIME_CONSTANT_S = 1.6
# Without a gyroscope only the accelerometer is left; faster than this it feels the movement, not the lean.
TIME_CONSTANT_ALONE_S = 0.25
# The force is believed as a direction while its length is within this share of gravity's.
BELIEVED_SHARE = 0.12
LONGEST_STEP_S = 0.25
# A gyroscope whose axes or unit are wrong disagrees with gravity by this much, on average, while it turns. Of
# six people a right one reached 4 degrees at thigh and chest, and 21 at wrist and shank, which swing.
DISAGREES_DEG = 7.0
DISAGREES_FAR_OUT_DEG = 35.0
_DISAGREES_S = 6.0
_TURNING_RAD_S = 0.35


class UpTracker:
    """A causal complementary filter: turns up by the gyroscope, draws it slowly to the measured force.

    The idea is that of VQF (Laidig & Seel, Information Fusion 91, 2023) in its simplest form: it takes each
    sample's own time, so a phone's jitter costs nothing, and needs no rate beforehand. Against VQF on the
    same simulated trunk it differs by under two degrees (tests). A gyroscope that disagrees with gravity for
    seconds on end (wrong axes, wrong unit) is not believed any more: `has_gyroscope` turns False.

    Weak where: several seconds of steady horizontal acceleration look like a lean.
    """

    __slots__ = (
        "_disagreement",
        "_disagrees_deg",
        "_samples",
        "gravity",
        "has_gyroscope",
        "last_s",
        "turn_rad",
        "x",
        "y",
        "z",
    )

    def __init__(self, *, disagrees_deg: float = DISAGREES_DEG) -> None:
        self._disagrees_deg = disagrees_deg
        self.x, self.y, self.z = 0.0, 0.0, 0.0
        self.turn_rad = 0.0
        self.gravity = 9.80665
        self.has_gyroscope = True
        self.last_s = -math.inf
        self._samples = 0
        self._disagreement = 0.0

    def push(
        self, t_s: float, force: tuple[float, float, float], turn: tuple[float, float, float] | None
    ) -> None:
        """Take a sample: force in the sensor's unit, turning in rad/s or None. Times must go forward."""
        fx, fy, fz = force
        length = math.sqrt(fx * fx + fy * fy + fz * fz)
        step = t_s - self.last_s
        self.last_s = t_s
        if length < 1e-6:
            return
        if step > LONGEST_STEP_S:
            self._begin(fx / length, fy / length, fz / length)
            return
        self._samples += 1
        turning = turn is not None and self.has_gyroscope and self._turn_by(turn, step)
        self._draw_to(fx / length, fy / length, fz / length, length, step, turning=turning)

    def _begin(self, x: float, y: float, z: float) -> None:
        """After a pause the force is all there is; the turn goes on from where it was."""
        self.x, self.y, self.z = x, y, z
        self._samples = 1

    def _turn_by(self, turn: tuple[float, float, float], step: float) -> bool:
        """Up stands still in the world: in the sensor it moves by -omega x up. True while it really turns."""
        wx, wy, wz = turn
        if wx != wx:
            self.has_gyroscope = False
            return False
        x, y, z = self.x, self.y, self.z
        self.turn_rad += (wx * x + wy * y + wz * z) * step
        self.x = x - (wy * z - wz * y) * step
        self.y = y - (wz * x - wx * z) * step
        self.z = z - (wx * y - wy * x) * step
        return wx * wx + wy * wy + wz * wz > _TURNING_RAD_S * _TURNING_RAD_S

    def _draw_to(self, fx: float, fy: float, fz: float, length: float, step: float, *, turning: bool) -> None:
        off = abs(length - self.gravity) / self.gravity
        constant = TIME_CONSTANT_S if self.has_gyroscope else TIME_CONSTANT_ALONE_S
        # While it begins, the mean of what has come is the best there is.
        share = max(1.0 - math.exp(-step / constant), 1.0 / self._samples if self._samples < 60 else 0.0)
        if off > BELIEVED_SHARE:
            share *= 0.1 if self._samples >= 60 else 1.0
        elif turning:
            self._compare(fx, fy, fz, step)
        x = self.x + (fx - self.x) * share
        y = self.y + (fy - self.y) * share
        z = self.z + (fz - self.z) * share
        norm = math.sqrt(x * x + y * y + z * z)
        if norm > 1e-6:
            self.x, self.y, self.z = x / norm, y / norm, z / norm

    def _compare(self, fx: float, fy: float, fz: float, step: float) -> None:
        norm = math.sqrt(self.x**2 + self.y**2 + self.z**2) or 1.0
        cosine = (fx * self.x + fy * self.y + fz * self.z) / norm
        apart = math.degrees(math.acos(max(-1.0, min(1.0, cosine))))
        self._disagreement += (apart - self._disagreement) * min(1.0, step / _DISAGREES_S)
        if self._disagreement > self._disagrees_deg:
            self.has_gyroscope = False


def rotation_to_vertical(up: NDArray[np.float64]) -> NDArray[np.float64]:
    """The shortest rotation (3, 3) that lays `up` (3,) on +z."""
    x, y, z = up / np.linalg.norm(up)
    if z < -0.999999:
        return np.diag([1.0, -1.0, -1.0])
    k = 1.0 / (1.0 + z)
    return np.array([[1 - k * x * x, -k * x * y, -x], [-k * x * y, 1 - k * y * y, -y], [x, y, z]])


def tilt_deg(up: tuple[float, float, float], reference: tuple[float, float, float]) -> float:
    """The angle between two unit vectors."""
    cosine = up[0] * reference[0] + up[1] * reference[1] + up[2] * reference[2]
    return math.degrees(math.acos(max(-1.0, min(1.0, cosine))))
