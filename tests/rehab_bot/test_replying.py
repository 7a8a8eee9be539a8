"""Short replies to a question back: a yes, a doubt, a no, and words that are neither."""

import pytest

from sessions.rehab_bot.replying import read_pain_moment, read_screening_reply

ASKED = ("calf_swollen", "hot_joint")


@pytest.mark.parametrize(
    "text", ["Yes", "yes it is", "Yeah!", "not sure", "a bit", "yes, since Monday", "I don't know"]
)
def test_a_yes_and_a_doubt_say_yes_to_all_that_was_asked(text: str) -> None:
    assert read_screening_reply(text, ASKED) == ASKED


@pytest.mark.parametrize(
    "text", ["No", "no, none of these", "Nope", "none", "No it isn't", "no, nothing like that"]
)
def test_a_no_says_no(text: str) -> None:
    assert read_screening_reply(text, ASKED) == ()


@pytest.mark.parametrize(
    "text",
    ["how many squats?", "no idea", "no but it is a bit warm", "not only that", "nothing hurts like it"],
)
def test_other_words_are_no_answer(text: str) -> None:
    assert read_screening_reply(text, ASKED) is None


def test_a_question_named_in_full_is_the_only_one_ticked() -> None:
    assert read_screening_reply("One calf is swollen, warm and sore", ASKED) == ("calf_swollen",)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("Before exercise", "before"),
        ("after the squats", "after"),
        ("This morning", "next_morning"),
        ("While exercising", "stop"),
        ("in my knee", None),
    ],
)
def test_when_a_pain_was_felt(text: str, moment: str | None) -> None:
    assert read_pain_moment(text) == moment
