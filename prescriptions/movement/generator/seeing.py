"""How a pose model sees a body: which landmarks are hidden behind others, and how the points jitter.

Sizes come from the high-frequency residual and the visibilities of six public exercise clips of real people
(MediaPipe full model, VIDEO mode): frame-to-frame jitter 0.05–0.6 % of the trunk's length, 3–5 times that
for hidden limbs; hidden arms report a visibility of 0.05–0.45, hidden legs 0.3–0.95, trunk and face stay
near 1.
"""

from __future__ import annotations

from collections.abc import Collection

import numpy as np

from prescriptions.movement.body import LANDMARKS, SIDES, Array, Body
from prescriptions.movement.generator.camera import Camera

LIMBS: dict[str, tuple[int, ...]] = {
    "left_arm": (13, 15, 17, 19, 21), "right_arm": (14, 16, 18, 20, 22),
    "left_leg": (25, 27, 29, 31), "right_leg": (26, 28, 30, 32),
    "trunk": (11, 12, 23, 24), "head": tuple(range(11)),
}  # fmt: skip
"""Landmark numbers of each limb that can be hidden."""

_HIDDEN_VISIBILITY: dict[str, float] = {
    "left_arm": 0.12, "right_arm": 0.12, "left_leg": 0.50, "right_leg": 0.50, "trunk": 0.985, "head": 0.97,
}  # fmt: skip
_COVERED_VISIBILITY = 0.06
_CAPSULES: tuple[tuple[str, str, float, tuple[str, ...]], ...] = (
    ("pelvis", "chest", 0.095, ("trunk",)), ("neck", "crown", 0.055, ("head",)),
    *((f"{s}_shoulder", f"{s}_elbow", 0.027, (f"{s}_arm",)) for s in SIDES),
    *((f"{s}_hip", f"{s}_knee", 0.045, (f"{s}_leg", "trunk")) for s in SIDES),
    *((f"{s}_knee", f"{s}_ankle", 0.032, (f"{s}_leg",)) for s in SIDES),
)  # fmt: skip


def limb_of(landmark: int) -> str:
    """The limb that a landmark belongs to."""
    return next(limb for limb, members in LIMBS.items() if landmark in members)


def occlusion(body: Body, centres: dict[str, Array], landmarks_m: Array, camera: Camera) -> Array:
    """How much each landmark is behind another part of the body, [N,33] in 0–1."""
    hidden = np.zeros(landmarks_m.shape[:2])
    for start, end, radius_share, own in _CAPSULES:
        radius_m = radius_share * body.stature_m * body.girth
        members = [i for i in range(len(LANDMARKS)) if limb_of(i) not in own]
        gap_m, nearer_m = _sight_line_gap(centres[start], centres[end], landmarks_m[:, members], camera)
        behind = np.clip((radius_m * 1.1 - gap_m) / (0.5 * radius_m), 0.0, 1.0) * (nearer_m > 0.5 * radius_m)
        hidden[:, members] = np.maximum(hidden[:, members], behind)
    return hidden


def _sight_line_gap(start: Array, end: Array, points: Array, camera: Camera) -> tuple[Array, Array]:
    """Least distance between the line of sight to each point and a segment, and how much nearer the segment
    is.
    """
    best = np.full(points.shape[:2], np.inf)
    nearer = np.zeros(points.shape[:2])
    sight = points - camera.position_m
    reach = np.linalg.norm(sight, axis=-1)
    for share in np.linspace(0.0, 1.0, 7):
        middle = (start + share * (end - start) - camera.position_m)[:, None, :]
        along = np.sum(middle * sight, axis=-1) / reach
        gap = np.sqrt(np.maximum(np.sum(middle**2, axis=-1) - along**2, 0.0))
        closer = gap < best
        best = np.where(closer, gap, best)
        nearer = np.where(closer, reach - along, nearer)
    return best, nearer


def visibility(
    hidden: Array, image_xy: Array, *, covered: Collection[str], rng: np.random.Generator
) -> Array:
    """Visibility [N,33] from occlusion, the edges of the picture, and limbs that something else covers."""
    seen = np.empty_like(hidden)
    for limb, members in LIMBS.items():
        low = _COVERED_VISIBILITY if limb in covered else _HIDDEN_VISIBILITY[limb]
        share = np.ones_like(hidden[:, members]) if limb in covered else hidden[:, members]
        seen[:, members] = 0.995 * (1 - share) + low * share
    outside = np.any((image_xy < 0.0) | (image_xy > 1.0), axis=-1)
    seen = np.where(outside, np.minimum(seen, 0.08), seen)
    wobble = rng.normal(0.0, 0.02, seen.shape) * (1.0 - seen + 0.05)
    return np.clip(_smooth(seen, 5) + wobble, 0.0, 1.0)


def jitter(seen: Array, *, trunk: Array, noise: float, fps: float, rng: np.random.Generator) -> Array:
    """Offsets [N,33,3] in the unit of `trunk`: white jitter, a slow wander and a fixed bias per landmark."""
    frames = len(seen)
    shape = (frames, len(LANDMARKS), 3)
    doubt = 1.0 + 4.0 * (1.0 - seen[..., None])
    white = rng.normal(0.0, 0.0030, shape)
    drift = wander(shape, seconds=0.35, fps=fps, rng=rng) * 0.0070
    bias = rng.normal(0.0, 0.0070, (1, *shape[1:]))
    return noise * doubt * (white + drift + bias) * trunk


def hallucinate(
    offsets: Array, *, covered: Collection[str], trunk: Array, fps: float, rng: np.random.Generator
) -> Array:
    """Add the wandering guesses that a pose model makes for limbs that it cannot see."""
    frames = len(offsets)
    for limb in covered:
        members = list(LIMBS[limb])
        drift = wander((frames, 1, 3), seconds=0.5, fps=fps, rng=rng) * 0.10
        offsets[:, members] += drift * trunk * np.linspace(0.5, 1.5, len(members))[None, :, None]
    return offsets


def wander(shape: tuple[int, ...], *, seconds: float, fps: float, rng: np.random.Generator) -> Array:
    """First-order autoregressive noise of unit variance over the first axis, with this time constant."""
    keep = float(np.exp(-1.0 / (seconds * fps)))
    kicks = rng.normal(0.0, 1.0, shape)
    wave = np.empty(shape)
    wave[0] = kicks[0]
    for i in range(1, shape[0]):
        wave[i] = keep * wave[i - 1] + np.sqrt(1.0 - keep**2) * kicks[i]
    return wave


def _smooth(values: Array, width: int) -> Array:
    if len(values) < width:
        return values
    padded = np.concatenate([values[:1].repeat(width // 2, 0), values, values[-1:].repeat(width // 2, 0)])
    total = np.cumsum(np.concatenate([np.zeros((1, values.shape[1])), padded]), axis=0)
    means: Array = (total[width:] - total[:-width]) / width
    return means
