"""Reading films: times, rotation, limits, and a plain error for everything that is not a readable film."""

import numpy as np
import pytest

from sessions.video.errors import (
    NotAVideo,
    VideoMissing,
    VideoPictureSize,
    VideoProblem,
    VideoTooLarge,
    VideoTooLong,
    VideoTruncated,
)
from sessions.video.reader import VideoReader, check_file
from tests.video.films import convert, turned, write_noise, write_tone


def read(path, **limits):
    with VideoReader(path, **limits) as reader:
        return reader.facts, list(reader)


def test_all_pictures_come_in_order_with_their_times(tmp_path):
    facts, frames = read(write_noise(tmp_path / "room.mp4", frames=40, fps=25.0))
    assert (facts.width, facts.height, facts.frames, facts.rotation) == (320, 240, 40, 0)
    assert [f.t_ms for f in frames] == pytest.approx(np.arange(40) * 40.0)
    assert frames[0].rgb.shape == (240, 320, 3)


def test_colours_are_red_green_blue(tmp_path):
    _, frames = read(write_noise(tmp_path / "room.mp4", frames=3))
    blob = frames[0].rgb[120, 20]
    assert blob[0] < blob[2] < blob[1] or blob[1] > max(blob[0], blob[2])


def test_a_rotation_mark_turns_the_pictures(tmp_path):
    film = turned(write_noise(tmp_path / "room.mp4"), tmp_path / "turned.mp4", degrees=90)
    facts, frames = read(film)
    assert facts.rotation in (90, 270)
    assert frames[0].rgb.shape == (320, 240, 3)
    assert (facts.width, facts.height) == (240, 320)


def test_a_varying_rate_keeps_its_times(tmp_path):
    film = write_noise(tmp_path / "room.mp4", frames=60)
    keeps = "select='not(between(n,20,39))'"
    _, frames = read(convert(film, tmp_path / "gap.mp4", "-vf", keeps, "-fps_mode", "vfr"))
    steps = np.diff([f.t_ms for f in frames])
    assert len(frames) == 40
    assert steps.max() == pytest.approx(21 / 30 * 1000, abs=5)
    assert np.median(steps) == pytest.approx(1000 / 30, abs=1)


def test_more_than_sixty_pictures_a_second_are_thinned(tmp_path):
    _, frames = read(write_noise(tmp_path / "fast.mp4", frames=120, fps=120.0))
    assert 55 <= len(frames) <= 61


def test_webm_is_read(tmp_path):
    film = convert(
        write_noise(tmp_path / "room.mp4"), tmp_path / "room.webm", "-c:v", "libvpx", "-b:v", "500k"
    )
    assert len(read(film)[1]) == 40


def test_large_pictures_are_made_smaller(tmp_path):
    facts, frames = read(write_noise(tmp_path / "large.mp4", frames=3, size=(2560, 1440)))
    assert (facts.width, facts.height) == (2560, 1440)
    assert frames[0].rgb.shape == (720, 1280, 3)


def test_reading_may_stop_early(tmp_path):
    with VideoReader(write_noise(tmp_path / "room.mp4", frames=200)) as reader:
        next(iter(reader))
    assert not reader._decoder.is_alive()


def test_a_missing_file(tmp_path):
    with pytest.raises(VideoMissing, match=r"There is no file called gone\.mp4"):
        check_file(tmp_path / "gone.mp4")


def test_a_file_over_the_limit_is_refused_before_it_is_read(tmp_path):
    path = tmp_path / "huge.mp4"
    with path.open("wb") as file:
        file.truncate(1_100_000_000)
    with pytest.raises(VideoTooLarge, match=r"1,100 MB\. The limit is 1,000 MB"):
        VideoReader(path)


@pytest.mark.parametrize("content", [b"", b"Dear therapist,\n", b"\x00" * 4096, b"%PDF-1.7 not a film"])
def test_what_is_not_a_film(tmp_path, content):
    path = tmp_path / "film.mp4"
    path.write_bytes(content)
    with pytest.raises(NotAVideo, match="not a video that we can read"):
        VideoReader(path)


def test_a_play_list_that_names_another_file_is_not_opened(tmp_path):
    path = tmp_path / "list.mp4"
    path.write_text("#EXTM3U\n#EXTINF:10,\nfile:///etc/passwd\n")
    with pytest.raises(NotAVideo):
        VideoReader(path)


def test_a_film_with_a_right_beginning_and_rubbish_after_it(tmp_path):
    path = tmp_path / "film.mp4"
    path.write_bytes(b"\x00\x00\x00\x18ftypmp42" + bytes(range(256)) * 40)
    with pytest.raises(NotAVideo):
        VideoReader(path)


def test_sound_without_pictures(tmp_path):
    tone = write_tone(tmp_path / "tone.mp4")
    with pytest.raises(NotAVideo):
        VideoReader(tone)


def test_a_cut_off_film(tmp_path):
    whole = convert(
        write_noise(tmp_path / "room.mp4", frames=300), tmp_path / "whole.mp4", "-movflags", "+faststart"
    )
    cut = tmp_path / "cut.mp4"
    cut.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
    with pytest.raises((VideoTruncated, NotAVideo)) as caught:
        read(cut)
    assert isinstance(caught.value, VideoProblem)


def test_too_long(tmp_path):
    with pytest.raises(VideoTooLong, match="The limit is 0 minutes"):
        read(write_noise(tmp_path / "room.mp4", frames=90), limit_s=2.0)


@pytest.mark.parametrize("size", [(64, 48), (128, 64)])
def test_tiny_pictures(tmp_path, size):
    with pytest.raises(VideoPictureSize, match="Each side must have 96 to 4320 pixels"):
        VideoReader(write_noise(tmp_path / "tiny.mp4", size=size))


def test_odd_sizes_are_read(tmp_path):
    film = convert(
        write_noise(tmp_path / "room.mp4"), tmp_path / "odd.avi", "-vf", "scale=321:241", "-c:v", "mjpeg"
    )
    facts, frames = read(film)
    assert (facts.width, facts.height) == (321, 241)
    assert len(frames) == 40
