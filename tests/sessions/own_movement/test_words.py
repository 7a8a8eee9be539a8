"""How a value is told to a patient, and how what patients write is read."""

import ast
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessions.forms_movement import AIDS, SHOES, MovementTestForm, answers_of_note, height_cm_of
from sessions.motion_trend.gait import reasons
from sessions.motion_trend.timed import reasons as timed_reasons
from sessions.movement_tests import PLACES, TESTS
from sessions.selectors.movement.own_words import (
    PLAIN_REASONS,
    WORDS,
    change_words,
    how_sure,
    own_measure,
    phases_of,
    plain_reason,
    remarks_of,
)

SPEED = WORDS["walking_speed_m_s"]


@pytest.mark.parametrize(
    ("written", "cm"),
    [
        ("168", 168),
        ("168 cm", 168),
        (" 168cm ", 168),
        ("1.68", 168),
        ("1,68 m", 168),
        ("1.7", 170),
        ("5 ft 6", 168),
        ("5'6", 168),
        ("5’ 6”", 168),
        ("5 foot 6 inches", 168),
        ("6ft", 183),
        ("168.5", 168),
    ],
)
def test_a_height_is_read_as_people_write_it(written, cm):
    assert height_cm_of(written) == cm


@pytest.mark.parametrize(
    "written", ["", "tall", "49", "251", "9.9", "0", "-168", "5 ft 6 ft", "168 kg", "1e2", "٣"]
)
def test_what_is_no_height_is_refused(written):
    assert height_cm_of(written) is None


@given(st.text(max_size=20))
def test_any_text_is_a_possible_height_or_none(written):
    cm = height_cm_of(written)
    assert cm is None or 50 <= cm <= 250


@given(
    shoe=st.sampled_from([value for value, _ in SHOES]),
    aid=st.sampled_from([value for value, _ in AIDS]),
    shoe_other=st.sampled_from(["", "clogs", "boots. Walking aid: none"]),
    aid_other=st.sampled_from(["", "tripod"]),
)
def test_the_same_answers_make_the_same_note_again(shoe, aid, shoe_other, aid_other):
    answers = {
        "shoe": shoe,
        "shoe_other": shoe_other,
        "aid": aid,
        "aid_other": aid_other,
        "placement": "waist",
    }
    note = note_of(answers)
    assert note_of({**answers_of_note(note), "placement": "waist"}) == note


def note_of(answers):
    form = MovementTestForm(answers, asks_height=False, asks_consent=False)
    assert form.is_valid(), form.errors
    return form.note


def test_another_note_gives_no_answers():
    assert answers_of_note("felt fine") == {}


def test_the_ends_of_a_band_are_rounded_outwards():
    assert how_sure(SPEED, 0.92, 0.84, 0.98) == "We are quite sure: between 0.8 and 1.0."
    assert how_sure(SPEED, 0.92, 0.75, 1.09) == "We are fairly sure: between 0.7 and 1.1."
    assert how_sure(SPEED, 0.92, 0.40, 1.40) == "This is a rough number: between 0.4 and 1.4."
    assert how_sure(SPEED, 0.92, 0.9, 0.9) == "We are quite sure."
    assert how_sure(SPEED, 0.92, None, 1.0) == ""


@given(st.floats(0.1, 2.5), st.floats(0, 0.5), st.floats(0, 0.5))
def test_the_value_lies_between_the_ends_that_are_said(value, below, above):
    said = how_sure(SPEED, value, value - below, value + above)
    ends = [float(word.rstrip(".")) for word in said.split() if word[0].isdigit()]
    if ends:
        assert ends[0] <= max(0.0, value - below) + 1e-5
        assert ends[1] >= value + above - 1e-5


def test_a_change_within_the_error_of_two_tests_is_none():
    assert change_words("tug_s", 10.0, None) == ""
    assert change_words("tug_s", 10.0, 10.9) == "About the same as last time. Small ups and downs are normal."
    assert change_words("tug_s", 10.0, 12.0) == "Quicker than last time (12.0)."
    assert change_words("tug_s", 10.0, 10.9, says_no_change=False) == ""
    fewer = change_words("chair_stand_count", 9.0, 12.0)
    assert fewer == "Fewer than last time (12). One test alone says little."
    assert change_words("walking_minutes", 9.0, 1.0) == ""


def test_what_is_usual_is_told_only_to_those_whom_it_fits():
    measure = {"code": "walking_speed_m_s", "value": 0.8, "low": 0.7, "high": 0.9}
    assert own_measure(measure, age=45).norm == ""
    kind = own_measure(measure, age=70).norm
    assert kind.startswith("Usual for healthy people over 60: 1.0 to 1.5.")
    assert "compares you with yourself" in kind
    fast = {**measure, "value": 1.2}
    assert own_measure(fast, age=70).norm.endswith("You are in that range.")


def test_a_faster_up_and_go_is_better_than_usual():
    measure = {"code": "tug_s", "value": 6.0, "low": 5.5, "high": 6.5}
    assert own_measure(measure, age=70).norm.endswith("You did better than that.")


@pytest.mark.parametrize(
    "stored", [None, {}, [], ["x"], [{"name": "walk"}], [{"name": "walk", "start_s": 2.0, "end_s": 2.0}]]
)
def test_phases_that_cannot_be_drawn_are_left_out(stored):
    assert phases_of(stored) == ()


def test_phases_fill_the_line_and_the_whole_is_no_part():
    bars = phases_of(
        [
            {"code": "up", "name": "standing up", "start_s": 1, "end_s": 2},
            {"code": "walk", "name": "walking", "start_s": 2, "end_s": 5},
            {"code": "test", "name": "the test", "start_s": 0, "end_s": 30},
        ]
    )
    assert [(bar.name, bar.x, bar.width, bar.seconds) for bar in bars] == [
        ("standing up", 0.0, 25.0, "1.0"),
        ("walking", 25.0, 75.0, "3.0"),
    ]


@pytest.mark.parametrize("module", [reasons, timed_reasons])
def test_every_reason_of_the_methods_has_plain_words(module):
    stated = {value for name, value in vars(module).items() if name.isupper() and isinstance(value, str)}
    assert len(stated) > 10
    assert {reason for reason in stated if plain_reason(reason) not in PLAIN_REASONS.values()} == set()


def test_a_reason_is_told_in_its_own_plain_words():
    measure = {"code": "step_length_m", "value": None, "withheld": reasons.SHORT}
    assert own_measure(measure).withheld == "Too few steps in a row. Walk a little longer next time."
    early = {"code": "chair_stand_count", "value": None, "withheld": timed_reasons.ENDS_EARLY.format(12, 30)}
    assert own_measure(early).withheld == "The test ended too soon. Go on until you hear “Stop”."


def test_the_timed_methods_say_nothing_but_those_reasons():
    """A reason that is written where it is found would reach the patient as the science wrote it."""
    folder = Path(timed_reasons.__file__).parent
    for file in folder.glob("*.py"):
        for said in ast.walk(ast.parse(file.read_text())):
            if isinstance(said, ast.Call) and getattr(said.func, "id", "") in ("Unusable", "withhold"):
                why = said.args[0 if said.func.id == "Unusable" else 1]
                assert not isinstance(why, ast.Constant | ast.JoinedStr), f"{file.name}:{said.lineno}"


def test_what_only_simulated_people_have_tried_is_a_guess():
    tug = {"code": "tug_s", "value": 10.0, "low": 9.5, "high": 10.5, "is_checked": False}
    assert own_measure(tug).sure == "Our best guess: between 9.5 and 10.5."


def test_remarks_are_plain_and_said_once():
    flags = [{"code": "arms_not_seen", "words": "x"}, {"code": "usual_rise", "words": "x"}, "y"]
    new = {"code": "new", "words": "Something new."}
    assert remarks_of([*flags, *flags, new]) == (
        "The phone cannot feel whether your arms helped.",
        "Something new.",
    )
    assert remarks_of(None) == ()


def test_every_test_can_be_done_and_says_where_the_phone_goes():
    assert {place.placement for place in PLACES} == {"lower_back", "waist", "pocket"}
    for test in TESTS.values():
        assert len(test.steps) == 3
        assert test.longest_s > (test.ends_after_s or 0)
        assert set(test.measures) <= set(WORDS)
