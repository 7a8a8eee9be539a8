"""The validation's science: clear errors, honest counting, people left out; real data where there is some."""

import json
import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from prescriptions.library import codes, load
from sessions.posture_guard.validation import BadData, as_text, store, validate
from sessions.posture_guard.validation.clips import count_clips, counting_rules, off_by_one, read_clip
from sessions.posture_guard.validation.form import Scored, accuracy, choose_limits, left_out
from sessions.posture_guard.validation.report import StudyResult, label
from sessions.posture_guard.validation.uiprmd import heading_deg, joined, landmarks, read_kinect
from tests.posture_guard.stick_figure import HEIGHT, WIDTH, squats

DATA = Path(os.environ.get("REHAB_DATA_DIR", "nowhere"))
needs_data = pytest.mark.skipif(not DATA.is_dir(), reason="needs REHAB_DATA_DIR")


def write_clip(folder: Path, *, entry: dict[str, object] | None = None, **arrays: Any) -> None:
    (folder / "landmarks").mkdir(exist_ok=True)
    recording = squats([95] * 4)
    stored: dict[str, Any] = {
        "image": recording.image,
        "fps": 30.0,
        "size": np.array([WIDTH, HEIGHT]),
    } | arrays
    np.savez(folder / "landmarks" / "clip.npz", **stored)
    index = [
        {"file": "clip.npz", "view": "side", "repetitions": [4], "count_by": "knee_flexion"} | (entry or {})
    ]
    (folder / "landmarks" / "index.json").write_text(json.dumps(index))


def test_a_clip_is_counted_live_and_in_batch(tmp_path: Path) -> None:
    write_clip(tmp_path)
    (count,) = count_clips(tmp_path)
    assert (count.counted, count.live, count.exact, count.off_by_one, count.error) == (4, 4, True, True, "")


@pytest.mark.parametrize(
    ("entry", "arrays", "says"),
    [
        ({"count_by": "wingspan"}, {}, "count_by 'wingspan'"),
        ({"file": "gone.npz"}, {}, "is not there"),
        ({}, {"image": np.zeros((5, 32, 4))}, "frames × 33"),
        ({}, {"fps": 0.0}, "frame rate"),
        ({"repetitions": []}, {}, "true count"),
        ({"repetitions": ["many"]}, {}, "true count"),
    ],
)
def test_a_broken_clip_says_why_and_does_not_stop_the_others(
    tmp_path: Path, entry: dict[str, object], arrays: dict[str, object], says: str
) -> None:
    write_clip(tmp_path, entry=entry, **arrays)
    (count,) = count_clips(tmp_path)
    assert count.counted is None
    assert says in count.error


def test_a_clip_of_nan_frames_counts_nothing(tmp_path: Path) -> None:
    write_clip(tmp_path, image=np.full((100, 33, 4), np.nan))
    assert count_clips(tmp_path)[0].counted == 0


@pytest.mark.parametrize("content", ["", "{", '{"file": 1}', '["clip.npz"]'])
def test_a_broken_index_is_an_error(tmp_path: Path, content: str) -> None:
    (tmp_path / "landmarks").mkdir()
    (tmp_path / "landmarks" / "index.json").write_text(content)
    with pytest.raises(BadData):
        count_clips(tmp_path)


def test_a_file_name_cannot_leave_the_folder(tmp_path: Path) -> None:
    (tmp_path / "landmarks").mkdir()
    entry = {"file": "../../etc/passwd", "count_by": "knee_flexion", "repetitions": [1]}
    with pytest.raises(BadData) as caught:
        read_clip(tmp_path, entry)
    assert caught.value.path.parent == tmp_path / "landmarks"


def write_kinect(folder: Path, **arrays: Any) -> None:
    (folder / "uiprmd").mkdir()
    stored: dict[str, Any] = {
        "X": np.random.default_rng(0).normal(size=(40, 66)), "off": np.array([0, 20, 40]),
        "meta": np.array([[1, 1, 1, 1], [1, 1, 2, 0]]), "fs": 30.0,
    } | arrays  # fmt: skip
    np.savez(folder / "uiprmd" / "kinect_joints.npz", **stored)


@pytest.mark.parametrize(
    ("arrays", "says"),
    [
        ({"X": np.full((40, 66), np.nan)}, "NaN"),
        ({"X": np.zeros((40, 60))}, "frames × 66"),
        ({"off": np.array([0, 40])}, "one more"),
        ({"off": np.array([0, 20, 80])}, "does not fit"),
        ({"fs": -1.0}, "fs"),
    ],
)
def test_broken_joints_say_what_is_wrong(tmp_path: Path, arrays: dict[str, object], says: str) -> None:
    write_kinect(tmp_path, **arrays)
    with pytest.raises(BadData, match=says):
        read_kinect(tmp_path)


def test_a_missing_folder_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(BadData, match="not a folder"):
        validate(tmp_path / "none")
    with pytest.raises(BadData, match="holds neither"):
        validate(tmp_path)


def test_clips_alone_are_counted_and_the_missing_people_named(tmp_path: Path) -> None:
    write_clip(tmp_path)
    report = validate(tmp_path).to_dict()
    assert report["missing"] == ["uiprmd/kinect_joints.npz"]
    assert report["pooled"]["exact"] == {"value": None, "low": None, "high": None}
    assert [clip["counted"] for clip in report["clips"]] == [4]
    assert "Not there, so not scored: uiprmd/kinect_joints.npz" in as_text(report)


def test_people_without_the_studied_movements_are_an_error(tmp_path: Path) -> None:
    write_kinect(tmp_path, meta=np.array([[9, 1, 1, 1], [9, 1, 2, 0]]))
    with pytest.raises(BadData, match="none of the movements"):
        validate(tmp_path)


def scored(person: int, depth: float, *, correct: bool, said: str | None = None) -> Scored:
    return Scored(person, 1, correct, said or ("correct" if depth < 1 else "mild"), (), (depth,))


def test_not_scored_is_wrong_for_both_truths() -> None:
    answers = [scored(1, 0, correct=True, said="not_scored"), scored(1, 2, correct=False)]
    assert accuracy(answers) == 0.5


def test_limits_are_chosen_on_the_others_only() -> None:
    """Person 1's faults are small: judged by the degrees that suit 2 and 3, they are missed."""
    people = {
        1: [scored(1, 0.2, correct=True), scored(1, 1.2, correct=False)],
        2: [scored(2, 1.4, correct=True), scored(2, 4.0, correct=False)],
        3: [scored(3, 1.4, correct=True), scored(3, 4.0, correct=False)],
    }
    assert choose_limits(people[2] + people[3])[0] >= 1.5
    assert left_out(people)[1] == [(False, False), (True, False)]


def test_an_exercise_under_three_quarters_is_labelled() -> None:
    poor = StudyResult(answers_left_out={1: [(True, False), (False, False), (True, True), (False, True)]})
    assert label(poor) == {"shown_to_separate": False, "label": "Not shown to separate good from poor form."}
    good = StudyResult(answers_left_out={1: [(True, True), (False, False)]})
    assert label(good)["shown_to_separate"]


def test_off_by_one_takes_either_true_count() -> None:
    assert off_by_one(12, (10, 11))
    assert not off_by_one(8, (10, 11))


def test_passages_between_joined_repetitions_are_smooth() -> None:
    start, end = np.zeros((10, 22, 3)), np.full((10, 22, 3), 8.0)
    steps = np.abs(np.diff(joined([start, end], rate_hz=30.0)[:, 0, 0]))
    assert steps.max() < 8.0 / 6


def test_counting_rules_only_count() -> None:
    assert counting_rules("knee_flexion", view="front").criteria == ()


def test_the_library_says_of_each_exercise_whether_it_was_tested() -> None:
    for code in codes():
        validation = load(code)["validation"]
        assert validation["words"]
        value = validation.get("balanced_accuracy_left_out", {}).get("value")
        assert bool(validation.get("shown_to_separate")) == (value is not None and value >= 0.75)


@needs_data
def test_people_face_the_camera_they_are_given() -> None:
    episodes, _ = read_kinect(DATA)
    joints = next(e.joints for e in episodes if e.movement == 3)
    image = landmarks(joints, view="side", facing_deg=heading_deg(joints))
    assert float(np.median(image[:, 31, 0] - image[:, 29, 0])) > 0, "toes to the right of the heels"


@needs_data
@pytest.mark.slow
def test_real_people_are_counted_and_judged(tmp_path: Path) -> None:
    report = validate(DATA).to_dict()
    assert report["pooled"]["off_by_one"]["value"] >= 0.95
    assert report["pooled"]["balanced_accuracy_left_out"]["value"] >= 0.85
    assert sum(clip["exact"] for clip in report["clips"]) >= 5
    json.dumps(report, allow_nan=False)
    assert "pooled" in as_text(report)
    for code in report["exercises"]:
        (tmp_path / f"{code}.json").write_text(json.dumps(load(code)))
    assert len(store(report, tmp_path)) == 5
