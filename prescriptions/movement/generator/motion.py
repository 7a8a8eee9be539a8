"""`generate`: a simulated person doing a set of an exercise, as landmarks of a pose model."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from prescriptions.movement.body import (
    SIDES,
    Array,
    Body,
    Pose,
    average_body,
    joint_centres,
    landmark_positions,
)
from prescriptions.movement.body import random_body as draw_body
from prescriptions.movement.generator import seeing
from prescriptions.movement.generator.camera import Camera, bearing_deg, frame_movement
from prescriptions.movement.generator.effort import Effort, Performance
from prescriptions.movement.generator.lying import LYING
from prescriptions.movement.generator.raising import RAISING
from prescriptions.movement.generator.standing import STANDING
from prescriptions.movement.generator.timing import (
    Stroke,
    Tempo,
    phase_course,
    plan_strokes,
    spread_over_strokes,
    total_seconds,
)

PERFORMANCES: dict[str, Performance] = {**STANDING, **RAISING, **LYING}


class UnknownExercise(ValueError):
    """The generator has no motion for this exercise."""

    def __init__(self, code: str) -> None:
        super().__init__(f"no motion for exercise {code!r}; known: {', '.join(sorted(PERFORMANCES))}")
        self.code = code


class UnknownCompensation(ValueError):
    """The generator cannot draw this compensation in this exercise."""

    def __init__(self, code: str, compensation: str, known: Sequence[str]) -> None:
        super().__init__(f"{code} cannot show {compensation!r}; known: {', '.join(known)}")
        self.code, self.compensation = code, compensation


@dataclass(frozen=True)
class TrueRepetition:
    """What was drawn: times in seconds from the first frame, the side that worked, and the injected
    compensation.
    """

    index: int
    side: str
    start_s: float
    peak_s: float
    end_s: float
    compensation: str | None
    severity: float


@dataclass(frozen=True)
class Truth:
    """Repetitions drawn, the limbs that something covers, and the seed of the body."""

    repetitions: tuple[TrueRepetition, ...]
    covered: tuple[str, ...]
    seed: int


@dataclass(frozen=True)
class Motion:
    """A simulated recording. t_ms [N]; image [N,33,4] (x, y as shares of the picture, z, visibility); world
    [N,33,3] metres from the middle of the hips; presence [N]; the picture's size; and the truth."""

    code: str
    view: str
    side: str
    t_ms: Array
    image: Array
    world: Array
    presence: Array
    width: int
    height: int
    truth: Truth

    def to_dict(self) -> dict[str, Any]:
        """The facts about this motion without its frames, for JSON."""
        repetitions = [vars(repetition) for repetition in self.truth.repetitions]
        return {"code": self.code, "view": self.view, "side": self.side, "frames": len(self.t_ms),
                "simulated": True, "seed": self.truth.seed, "repetitions": repetitions}  # fmt: skip


@dataclass(frozen=True)
class Scene:
    """The body in space behind a motion: joint centres by name [N,3], the camera, the body and the pose."""

    body: Body
    pose: Pose
    centres: Mapping[str, Array]
    camera: Camera
    t_ms: Array
    truth: Truth


def compensations(code: str) -> tuple[str, ...]:
    """Compensations that can be drawn in this exercise; those with a rule have the rule's code."""
    return performance_of(code).compensations


def views(code: str) -> tuple[str, ...]:
    """Camera views that suit this exercise, the best one first."""
    return performance_of(code).views


def exercises() -> tuple[str, ...]:
    """Codes of the exercises that can be drawn."""
    return tuple(PERFORMANCES)


def performance_of(code: str) -> Performance:
    """How an exercise is drawn. Raises UnknownExercise."""
    if code not in PERFORMANCES:
        raise UnknownExercise(code)
    return PERFORMANCES[code]


def generate(
    code: str,
    *,
    repetitions: int = 5,
    seconds_per_repetition: float = 3.5,
    compensation: str | None = None,
    severity: float = 0.0,
    compensated: Collection[int] | None = None,
    side: str = "both",
    view: str | None = None,
    fps: float = 30.0,
    noise: float = 1.0,
    seed: int = 0,
    hold_s: float = 0.15,
    rest_s: float = 0.6,
    lead_s: float = 1.0,
    covered: Collection[str] = (),
    width: int = 640,
    height: int = 480,
) -> Motion:
    """A set of an exercise as landmarks.

    `severity` 0–1: 1 is well past the rules' "significant". `compensated` names the repetitions (from 0)
    that show the compensation; all of them when None. `covered` hides whole limbs ("left_leg", …). `noise` 1
    is the jitter of real clips, 0 none. The same seed gives the same body, tempo and noise. One-sided
    exercises with side "both" alternate, left first. Raises UnknownExercise, UnknownCompensation,
    UnknownView.
    """
    tempo = Tempo(seconds_per_repetition, hold_s, rest_s, lead_s, unevenness=0.06 if noise > 0 else 0.0)
    scene = act(
        code, repetitions=repetitions, tempo=tempo, compensation=compensation, severity=severity,
        compensated=compensated, side=side, view=view, fps=fps, liveliness=min(noise, 1.0), seed=seed,
        covered=covered, width=width, height=height,
    )  # fmt: skip
    image, world = observe(scene, noise=noise, fps=fps, seed=seed)
    shown_view = view or performance_of(code).views[0]
    presence = np.full(len(scene.t_ms), 0.99)
    return Motion(code, shown_view, side, scene.t_ms, image, world, presence, width, height, scene.truth)


def act(
    code: str,
    *,
    repetitions: int,
    tempo: Tempo,
    compensation: str | None = None,
    severity: float = 0.0,
    compensated: Collection[int] | None = None,
    side: str = "both",
    view: str | None = None,
    fps: float = 30.0,
    liveliness: float = 1.0,
    seed: int = 0,
    covered: Collection[str] = (),
    width: int = 640,
    height: int = 480,
) -> Scene:
    """The body in space, before a pose model sees it; parameters as for `generate`."""
    performance = performance_of(code)
    if compensation is not None and compensation not in performance.compensations:
        raise UnknownCompensation(code, compensation, performance.compensations)
    rng = np.random.default_rng([seed, 1])
    body = draw_body(rng) if liveliness > 0 else average_body()
    strokes = plan_strokes(repetitions, tempo, rng)
    t_s = np.arange(round(total_seconds(strokes, tempo) * fps)) / fps
    sides = _working_sides(performance, side, repetitions)
    shown = [
        severity if compensation and (compensated is None or i in compensated) else 0.0
        for i in range(repetitions)
    ]
    effort = _effort(
        body, t_s, strokes, sides, {compensation: shown} if compensation else {}, liveliness, rng
    )
    pose = performance.draw(effort)
    _sway(pose, liveliness=liveliness, fps=fps, rng=rng)
    centres = joint_centres(body, pose)
    shown_view = view or performance.views[0]
    near = side if side in SIDES else (sides[0] if sides and sides[0] in SIDES else "left")
    bearing = bearing_deg(shown_view, near_side=near, lying=pose.lying) + liveliness * float(
        rng.uniform(-4.0, 4.0)
    )
    lens_m = 0.55 if pose.lying != "standing" else 0.95
    camera = frame_movement(
        landmark_positions(centres), bearing=bearing, height_m=lens_m, width=width, height=height
    )
    drawn = [
        TrueRepetition(
            i, sides[i], s.start_s, s.peak_s, s.end_s, compensation if shown[i] > 0 else None, shown[i]
        )
        for i, s in enumerate(strokes)
    ]
    return Scene(body, pose, centres, camera, t_s * 1000.0, Truth(tuple(drawn), tuple(covered), seed))


def _working_sides(performance: Performance, side: str, repetitions: int) -> list[str]:
    if side in SIDES:
        return [side] * repetitions
    if performance.one_sided:
        return [SIDES[i % 2] for i in range(repetitions)]
    return ["both"] * repetitions


def _effort(
    body: Body,
    t_s: Array,
    strokes: Sequence[Stroke],
    sides: Sequence[str],
    faults: Mapping[str, Sequence[float]],
    liveliness: float,
    rng: np.random.Generator,
) -> Effort:
    reach = 1.0 + liveliness * np.clip(rng.normal(-0.02, 0.02, len(strokes)), -0.05, 0.03)
    working = {
        side: spread_over_strokes(t_s, strokes, [float(s in (side, "both")) for s in sides]) for side in SIDES
    }
    courses = {code: spread_over_strokes(t_s, strokes, values) for code, values in faults.items()}
    amplitude = spread_over_strokes(t_s, strokes, list(reach)) if strokes else np.ones(len(t_s))
    return Effort(body, phase_course(t_s, strokes), amplitude, working, courses)


def _sway(pose: Pose, *, liveliness: float, fps: float, rng: np.random.Generator) -> None:
    """Small slow movements of a living body: hips some millimetres, trunk about a degree."""
    if liveliness == 0 or pose.frames == 0:
        return
    waves = seeing.wander((pose.frames, 5), seconds=1.2, fps=fps, rng=rng) * liveliness
    kernel = np.hanning(max(int(fps * 0.6), 3))
    smooth = np.stack([np.convolve(wave, kernel / kernel.sum(), mode="same") for wave in waves.T])
    still = 0.3 if pose.lying != "standing" else 1.0
    pose.pelvis_m[:, 0] += 0.004 * still * smooth[0]
    pose.pelvis_m[:, 2] += 0.005 * still * smooth[1]
    pose.trunk_flexion_deg = pose.trunk_flexion_deg + 0.8 * still * smooth[2]
    pose.trunk_bending_deg = pose.trunk_bending_deg + 0.6 * still * smooth[3]
    pose.head_flexion_deg = pose.head_flexion_deg + 2.0 * still * smooth[4]


def observe(scene: Scene, *, noise: float, fps: float, seed: int) -> tuple[Array, Array]:
    """Image [N,33,4] and world [N,33,3] landmarks as a pose model would give them for this scene."""
    rng = np.random.default_rng([seed, 2])
    camera = scene.camera
    places = landmark_positions(dict(scene.centres))
    projected = camera.project(places)
    middle = (places[:, 23] + places[:, 24]) / 2
    hidden = seeing.occlusion(scene.body, dict(scene.centres), places, camera)
    size = np.array([camera.width, camera.height], dtype=float)
    covered = scene.truth.covered
    seen = seeing.visibility(hidden, projected[..., :2] / size, covered=covered, rng=rng)
    trunk_px = np.linalg.norm(projected[:, 11:13, :2].mean(1) - projected[:, 23:25, :2].mean(1), axis=-1)
    trunk_px = np.full((len(trunk_px), 1, 1), max(float(np.median(trunk_px)), 0.12 * camera.height))
    offsets = seeing.jitter(seen, trunk=trunk_px, noise=noise, fps=fps, rng=rng)
    offsets = seeing.hallucinate(offsets, covered=covered, trunk=trunk_px, fps=fps, rng=rng)
    xy = (projected[..., :2] + offsets[..., :2]) / size
    hip_depth = camera.project(middle)[:, None, 2]
    z = (projected[..., 2] - hip_depth) * camera.focal_px / hip_depth / camera.width + 2 * offsets[
        ..., 2
    ] / camera.width
    image = np.concatenate([xy, z[..., None], seen[..., None]], axis=-1)
    metres_per_px = (hip_depth / camera.focal_px)[..., None]
    world = camera.rotate(places - middle[:, None]) + offsets * metres_per_px
    return image, world
