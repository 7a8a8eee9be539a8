"""Analysing a film beside bare MediaPipe on the same film: frames a second, and their ratio.

The film shows real people (demo film of the Sports2D wheel). Bare means OpenCV's decoder and MediaPipe's
landmarker in a plain loop; ours adds rotation, timing, landmarks kept, scoring and progress. Each runs
twice, in turns; the better of the two counts.
"""

import time
from importlib.util import find_spec
from pathlib import Path

import cv2
import mediapipe
from mediapipe.tasks.python import BaseOptions, vision

from bench.measure import Measure
from prescriptions import library
from prescriptions.movement.rules import ExerciseRules
from sessions.video.analyse import analyse_video
from sessions.video.weights import weights_path

GOAL_RATIO = 0.9
ROUNDS = 2


def measure() -> list[Measure]:
    """Frames a second of both, and how much of the bare speed we keep."""
    film = real_film()
    rules = ExerciseRules.from_dict(library.load("squat"))
    bare, ours = [], []
    for _ in range(ROUNDS):
        bare.append(bare_frames_per_second(film))
        ours.append(our_frames_per_second(film, rules))
    return [
        Measure("bare MediaPipe", max(bare), "frames/s"),
        Measure("analyse_video", max(ours), "frames/s"),
        Measure("share of the bare speed", max(ours) / max(bare), "", goal=GOAL_RATIO, higher_is_better=True),
    ]


def real_film() -> Path:
    """The demo film of the Sports2D wheel; raises FilmMissing."""
    spec = find_spec("Sports2D")
    if spec is None or not spec.submodule_search_locations:
        raise FilmMissing
    return Path(spec.submodule_search_locations[0]) / "Demo" / "demo.mp4"


def bare_frames_per_second(film: Path) -> float:
    """OpenCV and MediaPipe, nothing else; the model's loading counts, as it does for ours."""
    began = time.perf_counter()
    options = vision.PoseLandmarkerOptions(
        base_options=BaseOptions(model_asset_path=str(weights_path("full"))),
        running_mode=vision.RunningMode.VIDEO,
    )
    capture = cv2.VideoCapture(str(film))
    fps = capture.get(cv2.CAP_PROP_FPS)
    frames = 0
    with vision.PoseLandmarker.create_from_options(options) as landmarker:
        while True:
            is_read, picture = capture.read()
            if not is_read:
                break
            rgb = cv2.cvtColor(picture, cv2.COLOR_BGR2RGB)
            image = mediapipe.Image(image_format=mediapipe.ImageFormat.SRGB, data=rgb)
            landmarker.detect_for_video(image, round(1000 * frames / fps))
            frames += 1
    capture.release()
    return frames / (time.perf_counter() - began)


def our_frames_per_second(film: Path, rules: ExerciseRules) -> float:
    """The whole analysis, as the upload page runs it."""
    began = time.perf_counter()
    analysis = analyse_video(film, rules, view="side", side="both")
    return len(analysis.landmarks.t_ms) / (time.perf_counter() - began)


class FilmMissing(Exception):
    """The wheel with the film is not installed."""

    def __init__(self) -> None:
        super().__init__("The film's wheel is missing: pip install --no-deps -r requirements/films.txt")
