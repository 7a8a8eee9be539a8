"""Pictures of the clothed body in a plain room, painted with OpenCV: 640 × 480 RGB frames."""

from __future__ import annotations

from collections.abc import Iterator

import cv2
import numpy as np

from prescriptions.movement.generator import Scene
from tests.avatar.figure_mesh import Mesh, clothed_body

SCALE = 2
LIGHT = np.array([0.45, 0.80, -0.35])


def frames(scene: Scene, *, every: int = 1, seed: int = 0) -> Iterator[np.ndarray]:
    """RGB frames [H,W,3] uint8 of the scene."""
    rng = np.random.default_rng(seed)
    floor = min(
        float(scene.centres[f"{s}_{p}"][:, 1].min())
        for s in ("left", "right")
        for p in ("heel", "foot_index")
    )
    floor = min(floor, float(scene.centres["pelvis"][:, 1].min()) - 0.06 * scene.body.stature_m) - 0.012
    room = draw_room(scene, floor, rng)
    size = (scene.camera.height, scene.camera.width, 3)
    grain = [np.clip(rng.normal(0, 2.2, size), -7, 7).astype(np.int16) for _ in range(8)]
    for i in range(0, len(scene.t_ms), every):
        centres = {name: place[i] for name, place in scene.centres.items()}
        mesh = clothed_body(scene.body, centres)
        yield finish(paint(room.copy(), mesh, scene, floor), scene, grain[i % len(grain)])


def _screen(points: np.ndarray, scene: Scene) -> np.ndarray:
    projected = scene.camera.project(points)
    projected[..., :2] *= SCALE
    return projected


def draw_room(scene: Scene, floor: float, rng: np.random.Generator) -> np.ndarray:
    """A wall, skirting board and wooden floor where the camera would see them, with a soft light gradient."""
    camera = scene.camera
    height, width = camera.height * SCALE, camera.width * SCALE
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    across = (x / SCALE - camera.centre[0]) / camera.focal_px
    down = (y / SCALE - camera.centre[1]) / camera.focal_px
    rays = camera.forward + across[..., None] * camera.right - down[..., None] * camera.up
    back = camera.forward * [1, 0, 1]
    back /= np.linalg.norm(back)
    middle = scene.centres["pelvis"].mean(axis=0)
    wall_distance = float((middle - camera.position_m) @ back) + 1.3
    to_wall = wall_distance / np.maximum(rays @ back, 1e-6)
    to_floor = np.where(
        rays[..., 1] < -1e-6, (floor - camera.position_m[1]) / np.minimum(rays[..., 1], -1e-6), np.inf
    )
    on_floor = to_floor < to_wall
    place = camera.position_m + rays * np.minimum(to_wall, to_floor)[..., None]
    picture = np.empty((height, width, 3))
    picture[:] = np.array([214, 208, 198]) * (1.02 - 0.10 * (x / width))[..., None]
    sideways = place @ camera.right
    boards = (
        0.92
        + 0.05 * np.sin(np.floor(sideways / 0.14) * 12.9)
        + 0.02 * np.sin(place @ back * 40 + sideways * 9)
    )
    picture[on_floor] = (np.array([168, 132, 98]) * boards[..., None])[on_floor]
    skirting = ~on_floor & (place[..., 1] - floor < 0.10)
    picture[skirting] = (236, 233, 228)
    frame = (
        ~on_floor
        & (np.abs(sideways - middle @ camera.right - 1.0) < 0.28)
        & (np.abs(place[..., 1] - floor - 1.45) < 0.2)
    )
    picture[frame] = (120, 150, 140)
    return np.clip(picture, 0, 255).astype(np.uint8)


def paint(picture: np.ndarray, mesh: Mesh, scene: Scene, floor: float) -> np.ndarray:
    """Paint shadow and lit faces, far ones first."""
    _shadow(picture, mesh, scene, floor)
    corners = mesh.vertices[mesh.faces]
    normals = np.cross(corners[:, 2] - corners[:, 0], corners[:, 3] - corners[:, 1])
    normals /= np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-12)
    outward = corners.mean(axis=1) - scene.camera.position_m
    facing = np.einsum("ij,ij->i", normals, outward)
    light = LIGHT[0] * -scene.camera.forward + LIGHT[1] * scene.camera.up + LIGHT[2] * scene.camera.right
    light /= np.linalg.norm(light)
    diffuse = np.clip(normals @ light, 0, 1)
    fill = np.clip(normals @ -scene.camera.forward, 0, 1)
    bounce = np.clip(-normals[:, 1], 0, 1)
    shade = 0.34 + 0.50 * diffuse + 0.26 * fill + 0.06 * bounce
    colours = np.clip(mesh.colours * shade[:, None], 0, 255)
    screen = _screen(corners, scene)
    nearer = np.flatnonzero(facing < 0)
    order = nearer[np.argsort(-screen[nearer, :, 2].mean(axis=1))]
    polygons = np.round(screen[..., :2]).astype(np.int32)
    for i in order:
        cv2.fillConvexPoly(picture, polygons[i], colours[i].tolist())
    return picture


def _shadow(picture: np.ndarray, mesh: Mesh, scene: Scene, floor: float) -> None:
    down = np.array([-0.25, -1.0, 0.18])
    flat = mesh.vertices + (mesh.vertices[:, 1] - floor)[:, None] * down / -down[1]
    flat[:, 1] = floor
    coarse = 4
    mask = np.zeros((picture.shape[0] // coarse, picture.shape[1] // coarse), np.uint8)
    corners = np.round(_screen(flat, scene)[mesh.faces][..., :2] / coarse).astype(np.int32)
    for polygon in corners[::3]:
        cv2.fillConvexPoly(mask, polygon, 255)
    soft = cv2.GaussianBlur(mask, (0, 0), 9 * SCALE / coarse)
    soft = cv2.resize(soft, (picture.shape[1], picture.shape[0]))
    picture[:] = cv2.multiply(picture, cv2.cvtColor(255 - soft // 2, cv2.COLOR_GRAY2RGB), scale=1 / 255)


def finish(picture: np.ndarray, scene: Scene, grain: np.ndarray) -> np.ndarray:
    """Down to the camera's size, slightly soft, with sensor noise."""
    small = cv2.resize(picture, (scene.camera.width, scene.camera.height), interpolation=cv2.INTER_AREA)
    small = cv2.GaussianBlur(small, (0, 0), 0.6)
    return np.clip(small + grain, 0, 255).astype(np.uint8)
