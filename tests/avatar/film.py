"""Films of the avatar: `python -m tests.avatar.film squat out.mjpeg --view front` and a truth file beside it.

A `.mjpeg` file (JPEG pictures one after another, 640 × 480, 30 a second) is what Chromium's fake camera
plays, in a loop; a `.mp4` file is for uploads. The avatar is a drawing: what is measured on it says nothing
about people.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import cv2
import numpy as np

from prescriptions.movement import body, generator
from prescriptions.movement.generator import Scene, Tempo, act, compensations, exercises
from tests.avatar.render import frames

FPS = 30.0
QUALITY = 92
FILMS = Path(__file__).resolve().parents[2] / "build" / "avatar"
DRAWN_BY = (Path(__file__).parent, Path(generator.__file__).parent)


def act_scene(
    code: str, *, repetitions: int, repetition_s: float = 3.0, view: str = "front", **choices
) -> Scene:
    """A scene for the avatar; `choices` as for `generator.act`."""
    choices = {"seed": 5, "fps": FPS, **choices}
    tempo = Tempo(repetition_s=repetition_s, hold_s=0.2, rest_s=0.7, lead_s=1.2)
    return act(code, repetitions=repetitions, tempo=tempo, view=view, **choices)


def hide(pictures: Iterator[np.ndarray], scene: Scene, limbs: tuple[str, ...]) -> Iterator[np.ndarray]:
    """Stand a cupboard in front of limbs: a plain panel over everything these limbs pass through."""
    if not limbs:
        yield from pictures
        return
    left, top, right, bottom = _panel(scene, limbs)
    for picture in pictures:
        picture[top:bottom, left:right] = (150, 132, 112)
        picture[top:bottom, left : left + 4] = (118, 102, 86)
        picture[top : top + 4, left:right] = (176, 158, 138)
        yield picture


def _panel(scene: Scene, limbs: tuple[str, ...]) -> tuple[int, int, int, int]:
    ends = {"arm": ("elbow", "wrist", "index"), "leg": ("knee", "ankle", "foot_index", "heel")}
    names = [f"{limb.split('_')[0]}_{joint}" for limb in limbs for joint in ends[limb.split("_")[1]]]
    points = scene.camera.project(np.concatenate([scene.centres[name] for name in names]))[:, :2]
    low, high = points.min(axis=0) - 14, points.max(axis=0) + 14
    limit = [scene.camera.width, scene.camera.height]
    (left, top), (right, bottom) = np.clip(low, 0, limit).astype(int), np.clip(high, 0, limit).astype(int)
    return int(left), int(top), int(right), int(bottom)


def write_film(path: Path, scene: Scene, *, hidden: tuple[str, ...] = ()) -> Path:
    """Write the scene as .mjpeg or .mp4, and its truth as JSON beside it; returns the truth's path."""
    path.parent.mkdir(parents=True, exist_ok=True)
    pictures = (cv2.cvtColor(p, cv2.COLOR_RGB2BGR) for p in hide(frames(scene), scene, hidden))
    if path.suffix == ".mjpeg":
        _write_mjpeg(path, pictures)
    else:
        _write_mp4(path, pictures, scene)
    truth = path.with_suffix(".json")
    drawn = [asdict(repetition) for repetition in scene.truth.repetitions]
    seconds = len(scene.t_ms) / frame_rate(scene)
    truth.write_text(
        json.dumps({"simulated": True, "seconds": seconds, "hidden": hidden, "repetitions": drawn}, indent=1)
    )
    return truth


def film_of(code: str, *, suffix: str = ".mp4", hidden: tuple[str, ...] = (), **choices) -> tuple[Path, dict]:
    """A film of the avatar and its truth, drawn once and kept in build/avatar until the drawing code changes.

    `choices` as for `act_scene`. Drawing takes about a second for 20 pictures.
    """
    asked = json.dumps([code, suffix, hidden, choices], sort_keys=True, default=list)
    key = hashlib.sha256((asked + _drawing_code()).encode()).hexdigest()[:16]
    path = FILMS / f"{code}-{key}{suffix}"
    truth = path.with_suffix(".json")
    if not truth.exists():
        write_film(path, act_scene(code, **choices), hidden=hidden)
    return path, json.loads(truth.read_text())


def _drawing_code() -> str:
    sources = [
        path
        for folder in DRAWN_BY
        for path in sorted(folder.glob("*.py"))
        if not path.name.startswith("test_")
    ]
    sources.append(Path(body.__file__))
    return hashlib.sha256(b"".join(path.read_bytes() for path in sources)).hexdigest()


def frame_rate(scene: Scene) -> float:
    """Pictures a second."""
    return 1000.0 / float(scene.t_ms[1] - scene.t_ms[0])


def _write_mjpeg(path: Path, pictures: Iterator[np.ndarray]) -> None:
    with path.open("wb") as file:
        for picture in pictures:
            encoded, jpeg = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, QUALITY])
            assert encoded
            file.write(jpeg.tobytes())


def _write_mp4(path: Path, pictures: Iterator[np.ndarray], scene: Scene) -> None:
    size = (scene.camera.width, scene.camera.height)
    film = cv2.VideoWriter(str(path), cv2.VideoWriter_fourcc(*"mp4v"), frame_rate(scene), size)
    for picture in pictures:
        film.write(picture)
    film.release()


def main() -> None:
    """Command line: write one film."""
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("exercise", choices=exercises())
    asked.add_argument("out", type=Path)
    asked.add_argument("--view", default="front")
    asked.add_argument("--side", default="both")
    asked.add_argument("--repetitions", type=int, default=5)
    asked.add_argument("--seconds", type=float, default=3.0)
    asked.add_argument("--compensation")
    asked.add_argument("--severity", type=float, default=1.0)
    asked.add_argument("--from-repetition", type=int, default=0)
    asked.add_argument("--hide", nargs="*", default=())
    asked.add_argument("--seed", type=int, default=5)
    given = asked.parse_args()
    if given.compensation and given.compensation not in compensations(given.exercise):
        asked.error(f"{given.exercise} can show: {', '.join(compensations(given.exercise))}")
    scene = act_scene(
        given.exercise,
        repetitions=given.repetitions,
        repetition_s=given.seconds,
        view=given.view,
        side=given.side,
        compensation=given.compensation,
        severity=given.severity if given.compensation else 0.0,
        compensated=range(given.from_repetition, given.repetitions),
        seed=given.seed,
    )
    truth = write_film(given.out, scene, hidden=tuple(given.hide))
    print(f"{given.out} ({len(scene.t_ms)} pictures), truth in {truth}")


if __name__ == "__main__":
    main()
