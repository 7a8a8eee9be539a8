"""A pinhole camera that frames the whole movement in one of the library's views."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from prescriptions.movement.body import Array

VIEWS: tuple[str, ...] = ("side", "front", "front_diagonal", "feet_end")
_FRAME_SHARE = 0.80
_DISTANCE_M = 3.2


class UnknownView(ValueError):
    """A camera view that the library does not know."""

    def __init__(self, view: str) -> None:
        super().__init__(f"unknown view {view!r}; known: {', '.join(VIEWS)}")
        self.view = view


@dataclass(frozen=True)
class Camera:
    """Position [3] and axes (right, up, forward) in the body's axes, focal length in pixels, picture size in
    pixels.
    """

    position_m: Array
    right: Array
    up: Array
    forward: Array
    focal_px: float
    centre: Array
    width: int
    height: int

    def project(self, points_m: Array) -> Array:
        """Pixels and depth [..., 3] (x right, y down, metres from the camera) of points [..., 3]."""
        away = points_m - self.position_m
        depth = away @ self.forward
        x = self.centre[0] + self.focal_px * (away @ self.right) / depth
        y = self.centre[1] - self.focal_px * (away @ self.up) / depth
        return np.stack([x, y, depth], axis=-1)

    def rotate(self, offsets_m: Array) -> Array:
        """Offsets [..., 3] in MediaPipe's world axes: x to the right of the picture, y down, z away from the
        camera.
        """
        return np.stack([offsets_m @ self.right, -(offsets_m @ self.up), offsets_m @ self.forward], axis=-1)


def bearing_deg(view: str, *, near_side: str, lying: str) -> float:
    """Compass bearing of the camera around the vertical: 0 = on +X (in front, or at the feet), 90 = on +Z
    (right).
    """
    beside = 90.0 if near_side == "right" else -90.0
    if lying in ("on_left_side", "on_right_side"):
        facing = -90.0 if lying == "on_left_side" else 90.0
        places = {"front": facing, "side": facing, "front_diagonal": facing * 0.55, "feet_end": 0.0}
    elif lying == "supine":
        places = {"side": beside, "front": beside, "front_diagonal": beside * 0.5, "feet_end": 0.0}
    else:
        places = {"side": beside, "front": 0.0, "front_diagonal": beside * 0.45, "feet_end": 0.0}
    if view not in places:
        raise UnknownView(view)
    return places[view]


def frame_movement(points_m: Array, *, bearing: float, height_m: float, width: int, height: int) -> Camera:
    """Place a camera on this bearing, 3.2 m away, so that all points [N,K,3] fill 80 % of the picture at
    most.
    """
    flat = points_m.reshape(-1, 3)
    middle = (flat.min(axis=0) + flat.max(axis=0)) / 2
    angle = np.radians(bearing)
    outward = np.array([np.cos(angle), 0.0, np.sin(angle)])
    position = middle + outward * _DISTANCE_M
    position[1] = height_m
    forward = middle - position
    forward /= np.linalg.norm(forward)
    right = np.cross(forward, [0.0, 1.0, 0.0])
    right /= np.linalg.norm(right)
    up = np.cross(right, forward)
    loose = Camera(position, right, up, forward, 1.0, np.zeros(2), width, height)
    seen = loose.project(flat)[:, :2]
    low, high = seen.min(axis=0), seen.max(axis=0)
    focal = float(np.min(_FRAME_SHARE * np.array([width, height]) / (high - low)))
    centre = np.array([width, height]) / 2 - focal * (low + high) / 2
    return Camera(position, right, up, forward, focal, centre, width, height)
