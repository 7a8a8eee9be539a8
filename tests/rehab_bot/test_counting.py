"""A count of repetitions is told from a pain, and from everything else that is said beside a number."""

import pytest

from sessions.rehab_bot.again import asks_again
from sessions.rehab_bot.counting import count_said


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("I did 8 out of 10 with my knee straight", 8),
        ("did eight of them", 8),
        ("i only managed 6 that time.", 6),
        ("I only managed 6 this time", 6),
        ("12 reps", 12),
        ("done 10, no pain", 10),
        ("8", None),
        ("8 out of 10", None),
        ("8/10", None),
        ("did 8 but my foot went numb", None),
        ("I did 8 and my knee hurts 8 out of 10", None),
        ("how many did I do, 8?", None),
        ("did " + "9" * 400, None),
        ("", None),
    ],
)
def test_only_what_can_be_nothing_else_is_a_count(text: str, count: int | None) -> None:
    assert count_said(text) == count


@pytest.mark.parametrize(
    ("text", "count"), [("8", 8), ("8 not 10", 8), ("about 7 with my hands", 7), ("9000", None)]
)
def test_where_a_count_was_asked_for_a_number_is_one(text: str, count: int | None) -> None:
    assert count_said(text, is_asked=True) == count


@pytest.mark.parametrize(
    "text",
    [
        "what?",
        "Huh?",
        "huh",
        "i don’t understand",
        "I dont get it",
        "sorry?",
        "explain please",
        "i not understand",
    ],
)
def test_words_that_ask_for_the_last_answer_again(text: str) -> None:
    assert asks_again(text)


@pytest.mark.parametrize(
    "text", ["sorry", "what is next", "i dont understand the squat", "what hurts", "", "no"]
)
def test_words_that_ask_for_something_else(text: str) -> None:
    assert not asks_again(text)
