"""Between two sets: easier within what is allowed, never harder, and too much pain always stops."""

from math import inf, nan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prescriptions.adapt_rx.in_session import LEARNED, Kind, SetAnswer, SetDose, adjust_next_set
from prescriptions.adapt_rx.types import Bounds
from tests.prescriptions.test_library_words import GRADE_ALLOWED, reading_grade

ALLOWED = Bounds(within_session=True)
TEN = SetDose(10)


def adjusted(*, dose=TEN, bounds=ALLOWED, left=2, **answer):
    return adjust_next_set(SetAnswer(**answer), dose, bounds, left)


def test_nothing_said_and_nothing_seen_changes_nothing():
    assert adjusted().kind == Kind.KEEP
    assert adjusted(effort=4, pain=1, form_correct=1.0, significant=0, completed_share=1.0).kind == Kind.KEEP


def test_too_hard_takes_a_fifth_away_and_says_why():
    answer = adjusted(effort=10)
    assert (answer.kind, answer.set_dose) == (Kind.FEWER, SetDose(8))
    assert answer.words == "That was too hard, so the next set is 8, not 10."


@pytest.mark.parametrize(
    ("answer", "repetitions"),
    [
        ({"effort": 7}, 10),
        ({"effort": 7, "completed_share": 0.5}, 8),
        ({"pain": 3}, 10),
        ({"pain": 4}, 8),
        ({"pain": 5}, 8),
        ({"pain": 5, "effort": 10}, 6),
        ({"significant": 1, "form_correct": 0.9}, 10),
        ({"significant": 1, "form_correct": 0.4}, 8),
        ({"significant": 2, "form_correct": 0.8}, 8),
        ({"form_correct": 0.0}, 10),
    ],
)
def test_what_makes_the_next_set_easier(answer, repetitions):
    assert adjusted(**answer).set_dose.repetitions == repetitions


def test_a_hold_becomes_shorter():
    answer = adjusted(dose=SetDose(1, 20), effort=10)
    assert (answer.kind, answer.set_dose) == (Kind.SHORTER_HOLD, SetDose(1, 16))
    assert answer.words == "That was too hard, so the next hold is 16 seconds, not 20."


def test_two_reasons_and_a_set_left_half_done_leave_out_the_rest():
    answer = adjusted(effort=10, significant=3, completed_share=0.5)
    assert (answer.kind, answer.set_dose) == (Kind.SKIP, TEN)
    assert answer.words == "That was too hard, so we leave out the rest of this exercise today."


@pytest.mark.parametrize(
    "bounds",
    [
        Bounds(),
        Bounds(within_session=True, pinned=True),
        Bounds(within_session=True, adaptive=False),
    ],
)
def test_without_leave_only_the_stop_rule_acts(bounds):
    assert adjusted(bounds=bounds, effort=10, significant=5).kind == Kind.KEEP
    assert adjusted(bounds=bounds, pain=6).kind == Kind.STOP


def test_pain_over_the_limit_stops_even_after_the_last_set():
    assert adjusted(pain=6, left=0).kind == Kind.STOP
    assert adjusted(effort=10, left=0).kind == Kind.KEEP


@pytest.mark.parametrize(("limit", "stops_at"), [(5, 6), (3, 4), (0, 1), (9, 6), (-4, 1)])
def test_a_therapist_may_lower_the_limit_and_not_raise_it(limit, stops_at):
    bounds = Bounds(within_session=True, pain_limit=limit)
    assert adjusted(bounds=bounds, pain=stops_at).kind == Kind.STOP
    assert adjusted(bounds=bounds, pain=stops_at - 1).kind != Kind.STOP


@pytest.mark.parametrize("pain", [11, 1e9, inf])
def test_a_pain_off_the_scale_stops(pain):
    assert adjusted(pain=pain).kind == Kind.STOP


def test_the_therapists_least_repetitions_hold():
    assert adjusted(bounds=Bounds(within_session=True, least_repetitions=9), effort=10).set_dose == SetDose(9)
    at_least = adjusted(bounds=Bounds(within_session=True, least_repetitions=10), effort=10)
    assert (at_least.kind, at_least.set_dose) == (Kind.KEEP, TEN)


def test_what_cannot_be_less_stays():
    assert adjusted(dose=SetDose(1), effort=10).kind == Kind.KEEP
    assert adjusted(dose=SetDose(1, 1), effort=10).kind == Kind.KEEP


anything = st.none() | st.integers(-5, 20) | st.floats(allow_nan=True, allow_infinity=True)
answers = st.builds(
    SetAnswer,
    effort=anything,
    pain=anything,
    form_correct=anything,
    significant=anything,
    completed_share=anything,
)
doses = st.builds(SetDose, st.integers(1, 60), st.integers(0, 120))
bounds_of_all_kinds = st.builds(
    Bounds,
    within_session=st.booleans(),
    pinned=st.booleans(),
    adaptive=st.booleans(),
    least_repetitions=st.none() | st.integers(1, 60),
    pain_limit=st.integers(-2, 12),
)


@given(answer=answers, dose=doses, bounds=bounds_of_all_kinds, left=st.integers(0, 10), tender=st.booleans())
def test_never_harder_never_under_half_and_short_enough_to_show(answer, dose, bounds, left, tender):
    adjustment = adjust_next_set(answer, dose, bounds, left, tender=tender)
    after = adjustment.set_dose
    assert dose.repetitions / 2 <= after.repetitions <= dose.repetitions
    assert after.repetitions >= min(dose.repetitions, bounds.least_repetitions or 1)
    assert dose.hold_s / 2 <= after.hold_s <= dose.hold_s
    assert (after == dose) == (adjustment.kind not in (Kind.FEWER, Kind.SHORTER_HOLD))
    assert bool(adjustment.words) == (adjustment.kind != Kind.KEEP)
    assert len(adjustment.words) <= 200
    if not bounds.within_session or bounds.pinned or not bounds.adaptive:
        assert adjustment.kind in (Kind.KEEP, Kind.STOP)


@given(
    answer=answers | st.builds(SetAnswer, effort=st.integers(6, 9)),
    dose=doses,
    bounds=bounds_of_all_kinds | st.just(ALLOWED),
    left=st.integers(0, 10),
)
def test_the_learner_only_tips_what_the_rules_would_keep_and_by_one_step(answer, dose, bounds, left):
    by_rules = adjust_next_set(answer, dose, bounds, left)
    tipped = adjust_next_set(answer, dose, bounds, left, tender=True)
    if tipped != by_rules:
        assert (by_rules.kind, tipped.code) == (Kind.KEEP, LEARNED)
        assert 7 <= answer.effort < 9
        assert tipped.set_dose.repetitions >= min(dose.repetitions - 1, 0.8 * dose.repetitions - 0.5)
        assert tipped.set_dose.hold_s >= min(dose.hold_s - 1, 0.8 * dose.hold_s - 0.5)
    assert LEARNED not in by_rules.code


def test_garbage_counts_as_not_said():
    assert adjusted(effort=nan, pain=nan, significant=-3, form_correct=7).kind == Kind.KEEP


def test_who_is_tender_to_load_gets_a_little_less_after_a_hard_set():
    hard = SetAnswer(effort=7, pain=3, completed_share=1.0)
    assert adjust_next_set(hard, TEN, ALLOWED, 2).kind == Kind.KEEP
    answer = adjust_next_set(hard, TEN, ALLOWED, 2, tender=True)
    assert (answer.kind, answer.set_dose, answer.code) == (Kind.FEWER, SetDose(8), LEARNED)
    assert answer.words == "That was hard, and hard sets take a lot out of you, so the next set is 8, not 10."
    held = adjust_next_set(hard, SetDose(1, 20), ALLOWED, 2, tender=True)
    assert (held.kind, held.set_dose, held.code) == (Kind.SHORTER_HOLD, SetDose(1, 16), LEARNED)
    for adjustment in (answer, held):
        assert reading_grade(adjustment.words) <= GRADE_ALLOWED


@pytest.mark.parametrize("answer", [{}, {"effort": 6}, {"effort": nan}, {"pain": 3}])
def test_a_set_that_was_not_hard_stays_whoever_did_it(answer):
    assert adjust_next_set(SetAnswer(**answer), TEN, ALLOWED, 2, tender=True).kind == Kind.KEEP


@pytest.mark.parametrize(
    "answer", [{"effort": 7, "pain": 5}, {"effort": 9}, {"effort": 7, "completed_share": 0.5}]
)
def test_where_a_rule_speaks_the_learner_adds_nothing(answer):
    said = SetAnswer(**answer)
    assert adjust_next_set(said, TEN, ALLOWED, 2, tender=True) == adjust_next_set(said, TEN, ALLOWED, 2)


@pytest.mark.parametrize(
    "bounds",
    [
        Bounds(),
        Bounds(within_session=True, pinned=True),
        Bounds(within_session=True, adaptive=False),
        Bounds(within_session=True, least_repetitions=10),
    ],
)
def test_the_learner_stays_within_what_the_therapist_allowed(bounds):
    assert adjust_next_set(SetAnswer(effort=8), TEN, bounds, 2, tender=True).kind == Kind.KEEP
    assert adjust_next_set(SetAnswer(effort=8), TEN, ALLOWED, 0, tender=True).kind == Kind.KEEP
