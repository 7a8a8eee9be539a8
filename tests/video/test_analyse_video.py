"""Films of real people through MediaPipe and PostureGuard, and the command that does it."""

import io
import json

import numpy as np
import pytest
from django.core.management import CommandError, call_command

from prescriptions import library
from prescriptions.movement.rules import ExerciseRules
from sessions.video.analyse import analyse_video, find_landmarks
from sessions.video.errors import NobodyInVideo
from tests.avatar.film import film_of
from tests.video.films import turned, write_noise

pytestmark = pytest.mark.usefixtures("pose_weights")


def squat() -> ExerciseRules:
    return ExerciseRules.from_dict(library.load("squat"))


def test_a_real_person_is_found_in_every_picture(balancing_man):
    shares = []
    found = find_landmarks(balancing_man, size="lite", on_progress=shares.append)
    assert found.found_share == 1.0
    assert found.image.shape == (len(found.t_ms), 33, 4) and found.world.shape == (len(found.t_ms), 33, 3)
    assert np.all(np.diff(found.t_ms) > 0)
    assert shares == sorted(shares) and shares[-1] == 1.0
    upright = (
        found.image[:, 11:13, 1].mean() < found.image[:, 23:25, 1].mean() < found.image[:, 27:29, 1].mean()
    )
    assert upright


def test_a_man_who_balances_and_is_seen_from_the_wrong_side_has_no_scored_squat(balancing_man):
    result = analyse_video(balancing_man, squat(), view="side", side="both", size="lite").result
    assert not result.view_check.fits
    assert all(repetition.classification == "not_scored" for repetition in result.repetitions)


@pytest.mark.slow
def test_two_jumping_people_do_no_harm(jumping_people):
    analysis = analyse_video(jumping_people, squat(), view="front", side="both", size="lite")
    assert analysis.landmarks.found_share > 0.5


def test_a_turned_film_gives_an_upright_person(balancing_man, tmp_path):
    found = find_landmarks(turned(balancing_man, tmp_path / "turned.mp4", degrees=90), size="lite")
    assert found.facts.width > found.facts.height


def test_nobody_in_the_film(tmp_path):
    with pytest.raises(NobodyInVideo, match="no person"):
        find_landmarks(write_noise(tmp_path / "room.mp4"), size="lite")


def run(*arguments: str) -> tuple[str, str]:
    out, err = io.StringIO(), io.StringIO()
    call_command("analyze_video", *arguments, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


@pytest.mark.slow
def test_the_command_counts_the_avatars_squats():
    film, truth = film_of("squat", view="front", repetitions=4, repetition_s=2.4, fps=15.0)
    out, err = run(str(film), "--exercise", "squat", "--view", "front", "--json")
    told = json.loads(out)
    assert told["result"]["count"] == len(truth["repetitions"])
    assert told["video"]["found_share"] > 0.98
    assert "100% read" in err


@pytest.mark.slow
def test_the_command_tells_each_repetition_in_words():
    film, _ = film_of("squat", view="front", repetitions=4, repetition_s=2.4, fps=15.0)
    out, _ = run(str(film), "--exercise", "squat", "--view", "front", "--model", "lite")
    assert out.splitlines()[-1] == "4 repetitions."


def test_the_command_says_plainly_what_is_wrong(tmp_path):
    letter = tmp_path / "letter.mp4"
    letter.write_text("Dear therapist")
    with pytest.raises(CommandError, match="not a video that we can read"):
        run(str(letter), "--exercise", "squat")
    with pytest.raises(CommandError, match=r"There is no file called gone\.mp4"):
        run(str(tmp_path / "gone.mp4"), "--exercise", "squat")
    with pytest.raises(CommandError, match="no person in this video"):
        run(str(write_noise(tmp_path / "room.mp4")), "--exercise", "squat", "--model", "lite")
    with pytest.raises(CommandError, match="can be judged from: side, front, front_diagonal"):
        run(str(letter), "--exercise", "squat", "--view", "feet_end")
    with pytest.raises(CommandError, match="is done with: both"):
        run(str(letter), "--exercise", "squat", "--side", "left")
