"""The words of the shipped exercises: all there, and readable at sixth grade (Flesch-Kincaid)."""

import re

import pytest

from patients.red_flags import shipped_rules
from prescriptions import library

GRADE_ALLOWED = 6.0


def syllables(word: str) -> int:
    groups = re.findall(r"[aeiouy]+", word.lower())
    silent = word.lower().endswith("e") and not word.lower().endswith("le") and len(groups) > 1
    return max(1, len(groups) - silent)


def reading_grade(text: str) -> float:
    """US school grade after Kincaid 1975: 0.39 words a sentence + 11.8 syllables a word - 15.59."""
    sentences = [part for part in re.split(r"[.!?]+", text) if part.strip()]
    words = re.findall(r"[A-Za-z']+", text)
    return 0.39 * len(words) / len(sentences) + 11.8 * sum(map(syllables, words)) / len(words) - 15.59


@pytest.mark.parametrize("code", library.codes())
def test_an_exercise_is_explained_in_plain_words(code: str) -> None:
    spec = library.load(code)
    assert spec["summary"]
    assert spec["start_position"]
    assert spec["safety"]
    assert 3 <= len(spec["instructions"]) <= 6
    assert spec["tips"]
    text = " ".join(
        [spec["summary"], spec["start_position"], *spec["instructions"], *spec["tips"], spec["safety"]]
    )
    assert reading_grade(text) <= GRADE_ALLOWED


@pytest.mark.parametrize("code", library.codes())
def test_each_view_says_where_the_camera_goes(code: str) -> None:
    words = [view["camera"] for view in library.load(code)["views"].values()]
    assert all(words)
    assert reading_grade(" ".join(words)) <= GRADE_ALLOWED + 1


def test_the_stop_questions_are_plain() -> None:
    text = ". ".join(question.text for question in shipped_rules().questions)
    assert reading_grade(text) <= GRADE_ALLOWED
