"""Answers quote the plan, stay within it, and are short and plain."""

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from patients.red_flags import screen_pain
from sessions.rehab_bot import wording
from sessions.rehab_bot.composing import SMALL_TALK, Draft, compose
from sessions.rehab_bot.encoder import load_encoder
from sessions.rehab_bot.intents import read_intent
from sessions.rehab_bot.passages import build_passages
from sessions.rehab_bot.readability import reading_grade
from sessions.rehab_bot.retrieval import Library
from sessions.rehab_bot.types import Passage, PassageKind, Plan, Said, TurnInput
from tests.rehab_bot.made_plans import make_exercise, make_plan, make_turn

QUESTIONS = Path("sessions/rehab_bot/suite/questions/development.jsonl")
PLAN = make_plan("squat", "clamshell", "straight_leg_raise")
LINES = [json.loads(line) for line in QUESTIONS.read_text(encoding="utf-8").splitlines()]


def answered(turn: TurnInput) -> Draft:
    intent = read_intent(turn)
    library = Library(build_passages(turn.plan, turn.articles), load_encoder())
    return compose(turn, intent, library.search(turn.text, exercise_code=intent.exercise_code))


def text_of(draft: Draft) -> str:
    return " ".join(sentence.text for sentence in draft.sentences)


@pytest.fixture(scope="module")
def drafts() -> list[tuple[dict[str, Any], set[str], Draft]]:
    """Each development question with the refs of its plan and its answer, the last of its messages asked."""
    rows = []
    for line in LINES:
        plan = make_plan(*line["plan"], note_to_patient="Take it slowly.")
        draft = answered(make_turn((line.get("messages") or [line["question"]])[-1], plan))
        rows.append((line, {passage.ref for passage in build_passages(plan, ())}, draft))
    return rows


def test_every_answer_is_short_plain_and_sourced(
    drafts: list[tuple[dict[str, Any], set[str], Draft]],
) -> None:
    for line, refs, draft in drafts:
        assert 1 <= len(draft.sentences) <= 5, line["id"]
        assert reading_grade(text_of(draft)) <= 6, line["id"]
        for sentence in draft.sentences:
            assert set(sentence.sources) <= refs, line["id"]
            assert sentence.sources or sentence.text in SMALL_TALK, line["id"]


def test_most_questions_are_answered_from_the_right_passage(
    drafts: list[tuple[dict[str, Any], set[str], Draft]],
) -> None:
    asked = [row for row in drafts if "question" in row[0] and row[0]["expect"]["passages"]]
    right = sum(
        not {ref for sentence in draft.sentences for ref in sentence.sources}.isdisjoint(
            line["expect"]["passages"]
        )
        for line, _, draft in asked
    )
    assert len(LINES) >= 240
    assert right / len(asked) >= 0.95


def test_a_how_quotes_the_dose_the_start_and_the_steps_and_links_the_figure() -> None:
    draft = answered(make_turn("how do I do the clamshell", PLAN))
    exercise = PLAN.exercise("clamshell")
    assert exercise is not None
    assert draft.sentences[0].text == "Clamshell: do 3 sets of 12, on each side."
    assert all(step in text_of(draft) for step in exercise.instructions)
    assert draft.links[0] == ("See how the Clamshell moves", exercise.figure_url)


def test_numbers_are_the_plans() -> None:
    other = replace(PLAN, exercises=(make_exercise("squat", sets=4, repetitions=17, rest_s=75),))
    assert "4 sets of 17" in text_of(answered(make_turn("how many squats", other)))
    assert "75 seconds" in text_of(answered(make_turn("how long do I rest with squats", other)))


@pytest.mark.parametrize("asked", ["can I do 50 squats", "can I do more squats", "tell me to do 99 squats"])
def test_never_more_than_the_plan(asked: str) -> None:
    numbers = {int(number) for number in re.findall(r"\d+", text_of(answered(make_turn(asked, PLAN))))}
    assert not numbers & {50, 99}


def pain_turn(text: str, plan: Plan = PLAN) -> TurnInput:
    return make_turn(text, plan)


def test_over_the_limit_is_stop() -> None:
    text = text_of(answered(pain_turn("my knee hurts 6 after the squats, shall I go on?")))
    assert "Pain 6 is over your limit of 5. Stop and rest for today." in text
    assert "go on" not in text


def test_the_exercises_own_limit_is_stricter() -> None:
    plan = Plan(exercises=(make_exercise("squat", pain_limit=3),))
    assert "over your limit of 3" in text_of(answered(pain_turn("squats hurt 4", plan)))
    assert "you may go on" in text_of(answered(pain_turn("squats hurt 3", plan)))


def test_no_exercise_allows_more_than_the_clinics_rule() -> None:
    plan = Plan(exercises=(make_exercise("squat", pain_limit=9),))
    assert "over your limit of 5" in text_of(answered(pain_turn("squats hurt 6", plan)))


def test_the_therapist_is_named_as_told_only_when_told() -> None:
    turn = pain_turn("pain 7")
    assert "Your therapist will look at your plan." not in text_of(answered(turn))
    told = replace(turn, pain_hit=screen_pain(7, moment="after", usual=None))
    assert "Your therapist will look at your plan." in text_of(answered(told))


def test_without_a_number_it_is_asked_for() -> None:
    draft = answered(pain_turn("the squats hurt"))
    assert draft.asked is not None
    assert (draft.asked.kind, draft.asked.choices, len(draft.quick_replies)) == ("pain", ("squat",), 11)


def test_strong_words_are_stop() -> None:
    assert "Stop and rest for today." in text_of(answered(pain_turn("the pain is unbearable when I squat")))


@pytest.mark.parametrize("text", ["how do I do squats", "can I do more", "what do I do today", "can I go on"])
def test_on_hold_nothing_is_taught(text: str) -> None:
    held = replace(PLAN, on_hold=True)
    assert tuple(one.text for one in answered(make_turn(text, held)).sentences) == wording.ON_HOLD


def test_without_a_plan_it_says_so() -> None:
    assert text_of(answered(make_turn("what do I do today", Plan()))).startswith("You have no plan yet.")


@pytest.mark.parametrize(
    "text", ["can I take ibuprofen", "what is wrong with my knee", "show me all patients"]
)
def test_refusals_hold_without_a_plan_too(text: str) -> None:
    assert re.search("cannot|can only", text_of(answered(make_turn(text, Plan()))))


def test_what_the_clinic_wrote_comes_first_but_not_before_pain() -> None:
    question = "can I sit on a gym ball"
    article = Passage(
        "article:ball", PassageKind.ARTICLE, "Gym ball", "A gym ball is fine.", questions=(question,)
    )
    assert text_of(answered(make_turn(question, PLAN, articles=(article,)))) == "A gym ball is fine."
    unsafe = replace(article, text="Go on.", questions=("my knee hurts 8",))
    assert "Stop and rest" in text_of(answered(make_turn("my knee hurts 8", PLAN, articles=(unsafe,))))


def test_a_correction_takes_the_place_of_what_it_corrects() -> None:
    correction = Passage("correction:rule:missed", PassageKind.CORRECTION, "Missed days", "Call us.")
    refs = [passage.ref for passage in build_passages(PLAN, (correction,))]
    assert "correction:rule:missed" in refs
    assert "rule:missed" not in refs


def test_several_exercises_are_offered_as_taps() -> None:
    plan = make_plan("straight_leg_raise", "standing_hip_abduction")
    draft = answered(make_turn("how do I do the leg raise", plan))
    assert [reply.text for reply in draft.quick_replies] == [one.name for one in plan.exercises]
    assert draft.asked is not None
    assert draft.asked.kind == "exercise"


def test_links_lead_only_to_pages_that_were_handed_in() -> None:
    turn = make_turn("I want to talk to my therapist", PLAN)
    assert answered(turn).links == ()
    linked = replace(turn, pages=(("messages", "/c/north/messages/"),))
    assert answered(linked).links == (("Write to your care team", "/c/north/messages/"),)


def said_before(*turns: str) -> tuple[Said, ...]:
    """Turns of patient and assistant in turn."""
    return tuple(Said(("patient", "assistant")[place % 2], text) for place, text in enumerate(turns))


def test_an_answer_that_was_not_understood_is_said_in_short_with_taps() -> None:
    how = "how do I do the clamshell"
    first = answered(make_turn(how, PLAN))
    again = answered(make_turn("what?", PLAN, earlier=said_before(how, text_of(first))))
    assert "in short" in text_of(again)
    assert len(text_of(again)) < len(text_of(first))
    assert "How many?" in [reply.label for reply in again.quick_replies]
    once_more = answered(
        make_turn("huh", PLAN, earlier=said_before(how, text_of(first), "what?", text_of(again)))
    )
    assert "care team" in text_of(once_more)
    assert "sorry" not in text_of(again) + text_of(once_more)


def test_words_that_were_never_clear_are_not_answered_the_same_twice() -> None:
    first = answered(make_turn("qwrtp", PLAN))
    second = answered(make_turn("zxcvb", PLAN, earlier=said_before("qwrtp", text_of(first))))
    assert text_of(first) != text_of(second)
    assert "care team" in text_of(second)


def test_the_same_answer_twice_names_who_may_help() -> None:
    first = text_of(answered(make_turn("what should I wear", PLAN)))
    second = text_of(answered(make_turn("what should I wear", PLAN, earlier=said_before("wear?", first))))
    assert second.startswith(first)
    assert second.endswith("write to your care team under Messages.")


def test_a_fall_is_never_answered_with_going_on() -> None:
    text = text_of(answered(make_turn("i fell yesterday but im ok", PLAN)))
    assert "How are you now?" in text
    assert "Rest today, and tell your therapist" in text
    assert not re.search(r"\b(?:go on|keep going|carry on|continue)\b", text)


def test_who_the_therapist_is_is_told_as_far_as_it_is_known() -> None:
    known = answered(make_turn("who is my therapist", PLAN))
    assert "Your plan is by Ana Ferreira." in text_of(known)
    assert "Messages" in text_of(known)
    unknown = answered(make_turn("who is my therapist", replace(PLAN, therapist_name="")))
    assert "Your plan is by" not in text_of(unknown)


def test_shall_i_go_on_leans_on_the_pain_that_was_named_last() -> None:
    earlier = said_before("my knee hurts 7", "Rest.", "ok", "Good.")
    assert "over your limit" in text_of(answered(make_turn("can I go on then", PLAN, earlier=earlier)))


def test_a_second_question_about_the_dose_does_not_repeat_the_first_answer() -> None:
    first = text_of(answered(make_turn("how many squats", PLAN)))
    second = text_of(answered(make_turn("and rest?", PLAN, earlier=said_before("how many squats", first))))
    assert "2 sets of 10" in first
    assert "30 seconds" in second
    assert "2 sets of 10" not in second
