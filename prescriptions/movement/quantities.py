"""What can be measured of a pose: 2-D angles in pixels and lengths as shares of the body.

Points are complex numbers x + iy in pixels, y upwards. Each formula is written once and runs on one frame
(Python complex) and on many (complex arrays), so that live and batch scoring cannot drift apart. Angles are
degrees, flexion 0 = straight. Shares of an unsquare picture shift knee angles by 7-9 degrees: `pixel_points`
scales first.

These are projections. A knee angle seen from the front is foreshortened; each quantity lists the views that
can judge it.
"""

from __future__ import annotations

import cmath
import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from prescriptions.movement.landmarks import LANDMARK_COUNT, MIRRORED

# A scalar complex or an array of them; the arithmetic is the same, which is the point (see module docstring).
Number = Any
Points = Sequence[Number]

FAR_OUTSIDE = 10.0
EXTENSION_SEAM_DEG = 110.0
# Hip to ankle over shoulder width, adults; a share off moves the guessed standing angle, not its change.
LEG_IN_SHOULDER_WIDTHS = 2.3
_DEGREES = 180.0 / math.pi
ALL_VIEWS = ("side", "front", "front_diagonal", "feet_end")
_SIDE_VIEWS = ("side", "front_diagonal")
_FRONT_VIEWS = ("front", "front_diagonal")
_ARMS = ("shoulder_abduction", "shoulder_flexion")


class UnknownQuantity(ValueError):
    """No formula has this name."""

    def __init__(self, name: str) -> None:
        super().__init__(f"There is no quantity {name!r}. Known: {', '.join(sorted(QUANTITIES))}.")
        self.name = name


@dataclass(frozen=True, slots=True)
class Quantity:
    """A formula over landmarks. `landmarks` are those of the left side for a one-sided quantity."""

    name: str
    unit: str
    views: tuple[str, ...]
    landmarks: tuple[int, ...]
    one_sided: bool
    formula: Callable[[Points, int, float], Number]

    def needs(self, side: int) -> tuple[int, ...]:
        """Landmarks to see for a score, for `side` (0 left, 1 right)."""
        return tuple(MIRRORED[i] for i in self.landmarks) if self.one_sided and side else self.landmarks

    def needs_to_count(self, side: int) -> tuple[int, ...]:
        """Landmarks to see for a count: an arm raised above a hidden hip still shows its repetitions."""
        return (
            tuple(i for i in self.needs(side) if i not in (23, 24))
            if self.name in _ARMS
            else self.needs(side)
        )


def pixel_points(image: NDArray[np.floating], *, width: float, height: float) -> NDArray[np.complex128]:
    """Image shares (N, 33, ≥2) → complex pixels (33, N), y upwards; far outside the picture becomes NaN."""
    shares = np.asarray(image, dtype=np.float64)
    x, y = shares[..., 0].T, shares[..., 1].T
    points: NDArray[np.complex128] = x * width - 1j * (y * height)
    points[~((np.abs(x) < FAR_OUTSIDE) & (np.abs(y) < FAR_OUTSIDE))] = complex(math.nan, math.nan)
    return points


def phase_deg(z: Number) -> Number:
    """Angle of a complex number or array, degrees in (-180, 180]."""
    if isinstance(z, complex):
        return cmath.phase(z) * _DEGREES
    return np.angle(z, deg=True)


def turn_deg(u: Number, v: Number) -> Number:
    """Signed turn from direction u to direction v, counter-clockwise positive, degrees."""
    return phase_deg(v * u.conjugate())


def share(part: Number, whole: Number) -> Number:
    """part / whole; NaN where the whole has no length."""
    if isinstance(whole, float):
        return part / whole if whole > 0 else math.nan
    return part / np.where(whole > 0, whole, math.nan)


def _between(x: Number, low: float, high: float) -> Number:
    if isinstance(x, float):
        return x if x != x else min(high, max(low, x))
    return np.clip(x, low, high)


def _middle(p: Points, left: int) -> Number:
    return (p[left] + p[left + 1]) * 0.5


def _trunk(p: Points) -> Number:
    return _middle(p, 11) - _middle(p, 23)


def _sign(x: Number) -> Number:
    if isinstance(x, float):
        return math.copysign(1.0, x)
    return np.copysign(1.0, x)


def _to_the_left(p: Points, pair: int) -> Number:
    """+1 where the person's left is on the right of the picture (facing the camera), else -1."""
    return _sign((p[pair] - p[pair + 1]).real)


def _tilt_deg(z: Number) -> Number:
    """Slope of a segment against the horizontal, degrees, up positive, blind to left or right."""
    return phase_deg(abs(z.real) + 1j * z.imag)


def _knee_flexion(p: Points, s: int, facing: float) -> Number:
    return abs(turn_deg(p[25 + s] - p[23 + s], p[27 + s] - p[25 + s]))


def _signed_flexion(turn: Number, facing: float) -> Number:
    """Forward is positive; the seam of the circle lies at 110 degrees of extension, where no joint goes."""
    if not facing:
        return abs(turn)
    return (turn * facing + EXTENSION_SEAM_DEG) % 360.0 - EXTENSION_SEAM_DEG


def _flexion_of(p: Points, s: int, facing: float, end: int) -> Number:
    return _signed_flexion(turn_deg(p[23 + s] - p[11 + s], p[end + s] - p[23 + s]), facing)


def _hip_flexion(p: Points, s: int, facing: float) -> Number:
    return _flexion_of(p, s, facing, 25)


def _straight_leg_hip_flexion(p: Points, s: int, facing: float) -> Number:
    return _flexion_of(p, s, facing, 27)


def _shoulder_angle(p: Points, s: int, facing: float) -> Number:
    return abs(turn_deg(p[23 + s] - p[11 + s], p[13 + s] - p[11 + s]))


def _shoulder_flexion(p: Points, s: int, facing: float) -> Number:
    return _signed_flexion(turn_deg(p[23 + s] - p[11 + s], p[13 + s] - p[11 + s]), facing)


def _elbow_flexion(p: Points, s: int, facing: float) -> Number:
    return abs(turn_deg(p[13 + s] - p[11 + s], p[15 + s] - p[13 + s]))


def _ankle_plantarflexion(p: Points, s: int, facing: float) -> Number:
    return 90.0 - abs(turn_deg(p[27 + s] - p[25 + s], p[31 + s] - p[29 + s]))


def _heel_raise(p: Points, s: int, facing: float) -> Number:
    return _tilt_deg(p[29 + s] - p[31 + s])


def _forward_lean(z: Number, facing: float) -> Number:
    lean = -turn_deg(1j + 0 * z, z)
    return lean * facing if facing else abs(lean)


def _trunk_lean(p: Points, s: int, facing: float) -> Number:
    return _forward_lean(_trunk(p), facing)


def _shank_lean(p: Points, s: int, facing: float) -> Number:
    return _forward_lean(p[25 + s] - p[27 + s], facing)


def _trunk_tibia_difference(p: Points, s: int, facing: float) -> Number:
    return _trunk_lean(p, s, facing) - _shank_lean(p, s, facing)


def _leg_raise_standing(p: Points, s: int, facing: float) -> Number:
    return _signed_flexion(phase_deg((p[25 + s] - p[23 + s]) * 1j), facing)


def _trunk_side_lean(p: Points, s: int, facing: float) -> Number:
    trunk = _trunk(p)
    return -turn_deg(1j + 0 * trunk, trunk) * _to_the_left(p, 11)


def _outward(s: int) -> float:
    return -1.0 if s else 1.0


def _knee_valgus(p: Points, s: int, facing: float) -> Number:
    turn = turn_deg(p[25 + s] - p[23 + s], p[27 + s] - p[25 + s])
    return turn * _outward(s) * _to_the_left(p, 23)


def _hip_abduction(p: Points, s: int, facing: float) -> Number:
    return turn_deg(-_trunk(p), p[27 + s] - p[23 + s]) * _outward(s) * _to_the_left(p, 23)


def _leg_raise_sideways(p: Points, s: int, facing: float) -> Number:
    return phase_deg((p[27 + s] - p[23 + s]) * 1j) * _outward(s) * _to_the_left(p, 23)


def _knee_separation(p: Points, s: int, facing: float) -> Number:
    return share(abs(p[25] - p[26]), abs(_trunk(p)))


def _pelvis_shift(p: Points, s: int, facing: float) -> Number:
    return share((_middle(p, 23) - _middle(p, 27)).real * _to_the_left(p, 23), abs(_trunk(p)))


def _pelvis_tilt(p: Points, s: int, facing: float) -> Number:
    line = p[23] - p[24]
    return _tilt_deg(line)


def _shoulder_tilt(p: Points, s: int, facing: float) -> Number:
    return _tilt_deg(p[11] - p[12])


def _neck_length(p: Points, s: int, facing: float) -> Number:
    return share(abs(p[7 + s] - p[11 + s]), abs(_trunk(p)))


def _knee_opening(p: Points, s: int, facing: float) -> Number:
    ankles = _middle(p, 27)
    return abs(turn_deg(p[25] - ankles, p[26] - ankles))


def _pelvis_roll(p: Points, s: int, facing: float) -> Number:
    line = p[23] - p[24]
    return phase_deg(abs(line.imag) + 1j * line.real)


def _heel_separation(p: Points, s: int, facing: float) -> Number:
    return share(abs(p[29] - p[30]), abs(p[25] - p[27]))


def _knee_flexion_by_height(p: Points, s: int, facing: float) -> Number:
    """Rough: seen from the front a bending knee comes at the camera and its angle is lost, but the hips still
    sink.

    A straight line from 0 with the hips at leg length above the ankles to 180 with the hips at the ankles.
    """
    height = share((_middle(p, 23) - _middle(p, 27)).imag, LEG_IN_SHOULDER_WIDTHS * abs(p[11] - p[12]))
    return 180.0 - 180.0 * _between(height, 0.0, 1.5)


def _both(formula: Callable[[Points, int, float], Number]) -> Callable[[Points, int, float], Number]:
    def difference(p: Points, s: int, facing: float) -> Number:
        return abs(formula(p, 0, facing) - formula(p, 1, facing))

    return difference


def _negative(formula: Callable[[Points, int, float], Number]) -> Callable[[Points, int, float], Number]:
    def opposite(p: Points, s: int, facing: float) -> Number:
        return -formula(p, s, facing)

    return opposite


def _registry() -> dict[str, Quantity]:
    leg, arm, trunk, upright = (23, 25, 27), (23, 11, 13), (11, 12, 23, 24), (11, 12, 23, 24, 27, 28)
    rows: tuple[tuple[str, str, tuple[str, ...], tuple[int, ...], bool, Callable[..., Number]], ...] = (
        ("knee_flexion", "deg", ALL_VIEWS, leg, True, _knee_flexion),
        ("knee_extension", "deg", ALL_VIEWS, leg, True, _negative(_knee_flexion)),
        ("knee_flexion_by_height", "deg", ("front",), upright, False, _knee_flexion_by_height),
        (
            "knee_extension_by_height",
            "deg",
            ("front",),
            (11, 12, 23, 24, 27, 28),
            False,
            _negative(_knee_flexion_by_height),
        ),
        ("hip_flexion", "deg", _SIDE_VIEWS, (11, 23, 25), True, _hip_flexion),
        ("hip_extension", "deg", _SIDE_VIEWS, (11, 23, 25), True, _negative(_hip_flexion)),
        ("straight_leg_hip_flexion", "deg", _SIDE_VIEWS, (11, 23, 27), True, _straight_leg_hip_flexion),
        ("leg_raise_standing", "deg", _SIDE_VIEWS, (23, 25), True, _leg_raise_standing),
        ("hip_abduction", "deg", _FRONT_VIEWS, (11, 12, 23, 24, 27), True, _hip_abduction),
        ("leg_raise_sideways", "deg", _FRONT_VIEWS, (23, 24, 27), True, _leg_raise_sideways),
        ("shoulder_abduction", "deg", _FRONT_VIEWS, arm, True, _shoulder_angle),
        ("shoulder_flexion", "deg", _SIDE_VIEWS, arm, True, _shoulder_flexion),
        ("elbow_flexion", "deg", ALL_VIEWS, (11, 13, 15), True, _elbow_flexion),
        ("ankle_plantarflexion", "deg", _SIDE_VIEWS, (25, 27, 29, 31), True, _ankle_plantarflexion),
        ("heel_raise", "deg", _SIDE_VIEWS, (29, 31), True, _heel_raise),
        ("trunk_lean", "deg", _SIDE_VIEWS, trunk, False, _trunk_lean),
        ("shank_lean", "deg", _SIDE_VIEWS, (25, 27), True, _shank_lean),
        (
            "trunk_tibia_difference",
            "deg",
            _SIDE_VIEWS,
            (11, 12, 23, 24, 25, 27),
            True,
            _trunk_tibia_difference,
        ),
        ("trunk_side_lean", "deg", _FRONT_VIEWS, trunk, False, _trunk_side_lean),
        ("knee_valgus", "deg", _FRONT_VIEWS, leg, True, _knee_valgus),
        ("knee_separation", "share", _FRONT_VIEWS, (11, 12, 23, 24, 25, 26), False, _knee_separation),
        (
            "knee_flexion_difference",
            "deg",
            _FRONT_VIEWS,
            (23, 24, 25, 26, 27, 28),
            False,
            _both(_knee_flexion),
        ),
        (
            "shoulder_abduction_difference",
            "deg",
            _FRONT_VIEWS,
            (11, 12, 13, 14),
            False,
            _both(_shoulder_angle),
        ),
        ("pelvis_shift", "share", _FRONT_VIEWS, (11, 12, 23, 24, 27, 28), False, _pelvis_shift),
        ("pelvis_tilt", "deg", _FRONT_VIEWS, (23, 24), False, _pelvis_tilt),
        ("shoulder_tilt", "deg", _FRONT_VIEWS, (11, 12), False, _shoulder_tilt),
        ("neck_length", "share", _FRONT_VIEWS, (7, 11), True, _neck_length),
        ("knee_opening", "deg", ("front", "feet_end"), (25, 26, 27, 28), False, _knee_opening),
        ("pelvis_roll", "deg", ("front", "feet_end"), (23, 24), False, _pelvis_roll),
        ("heel_separation", "share", ("front", "feet_end"), (25, 27, 29, 30), False, _heel_separation),
    )
    return {name: Quantity(name, unit, views, marks, one, f) for name, unit, views, marks, one, f in rows}


QUANTITIES: dict[str, Quantity] = _registry()


def quantity(name: str) -> Quantity:
    """The formula of this name. Raises UnknownQuantity."""
    if name not in QUANTITIES:
        raise UnknownQuantity(name)
    return QUANTITIES[name]


def facing_score(p: Points) -> Number:
    """Which way a person seen from the side faces: positive towards the right of the picture.

    Sum of sines of bends that only go one way: foot on shank, shank on thigh, nose on neck. Holds standing,
    sitting, lying and on hands and knees; near 0 and meaningless when the person faces the camera.
    """
    score = _sine(_middle(p, 11) - _middle(p, 7), p[0] - _middle(p, 7)) * 0.5
    for s in (0, 1):
        shank = p[27 + s] - p[25 + s]
        score = score + _sine(shank, p[31 + s] - p[29 + s]) - _sine(p[25 + s] - p[23 + s], shank)
    return score


def _sine(u: Number, v: Number) -> Number:
    return share((v * u.conjugate()).imag, abs(u) * abs(v))


def quantities(
    image: NDArray[np.floating],
    *,
    names: Iterable[str],
    side: int,
    width: float,
    height: float,
    facing: float = 0.0,
) -> dict[str, NDArray[np.float64]]:
    """Named quantities of N frames at once: image (N, 33, ≥2) in picture shares → {name: (N,)}.

    `side` 0 left, 1 right; `facing` +1 right of the picture, -1 left, 0 unknown. Raises UnknownQuantity,
    ValueError on shape.
    """
    frames = np.asarray(image)
    if frames.ndim != 3 or frames.shape[1] != LANDMARK_COUNT or frames.shape[2] < 2:
        raise ValueError(f"Frames must be (N, {LANDMARK_COUNT}, 2 or more), not {frames.shape}.")
    points = list(pixel_points(frames, width=width, height=height))
    with np.errstate(invalid="ignore"):
        return {name: np.asarray(quantity(name).formula(points, side, facing)) for name in names}
