"""Scores and changes: whole or not at all, named by the published sizes."""

import math
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patients.questionnaires import (
    Answered,
    AnswerUnreadable,
    asked_links,
    checked_answers,
    function_change,
    function_score,
    pain_change,
    pain_score,
    rating_words,
    shipped_questionnaire,
    worsening_of,
    worst_pain,
)

DAY = date(2026, 11, 18)
STAIRS = ("climb stairs", "lift a bag", "sleep on my side")


def told(
    *pains: int, activities: tuple[int, ...] = (), names: tuple[str, ...] = STAIRS, groc: int | None = None
) -> Answered:
    answers = dict(zip(("nprs.now", "nprs.worst", "nprs.usual"), pains, strict=False))
    answers |= {f"psfs.{place}": value for place, value in enumerate(activities, start=1)}
    return Answered(DAY, answers | ({} if groc is None else {"groc": groc}), names)


class TestScores:
    def test_pain_is_the_mean_of_all_three(self) -> None:
        assert pain_score({"nprs.now": 2, "nprs.worst": 6, "nprs.usual": 4}) == 4.0

    def test_pain_with_two_answers_is_not_scored(self) -> None:
        assert pain_score({"nprs.now": 2, "nprs.worst": 6}) is None

    def test_activities_need_three(self) -> None:
        assert function_score({"psfs.1": 3, "psfs.2": 5}, STAIRS) is None
        assert function_score({"psfs.1": 3, "psfs.2": 5, "psfs.3": 7}, STAIRS) == 5.0

    def test_one_of_four_activities_may_be_left_out(self) -> None:
        four = (*STAIRS, "drive")
        assert function_score({"psfs.1": 3, "psfs.2": 5, "psfs.4": 7}, four) == 5.0

    @given(st.lists(st.integers(0, 10), min_size=3, max_size=3))
    def test_a_score_stays_on_its_scale(self, values: list[int]) -> None:
        score = pain_score(told(*values).answers)
        assert score is not None
        assert min(values) <= score <= max(values)


class TestChange:
    @pytest.mark.parametrize(
        ("after", "band"),
        [((5, 5, 5), "none"), ((5, 5, 6), "none"), ((7, 7, 7), "small"), ((8, 8, 8), "medium"),
         ((9, 9, 9), "large")],
    )  # fmt: skip
    def test_pain_is_named_by_its_sizes(self, after: tuple[int, ...], band: str) -> None:
        change = pain_change(told(5, 5, 5), told(*after))
        assert change is not None
        assert (change.band, change.is_better) == (band, False)

    @pytest.mark.parametrize(
        ("after", "band"),
        [((4, 4, 4), "none"), ((4, 4, 5), "small"), ((5, 5, 6), "medium"), ((6, 6, 6), "large")],
    )
    def test_activities_are_named_by_the_published_sizes(self, after: tuple[int, ...], band: str) -> None:
        change = function_change(told(activities=(3, 3, 3)), told(activities=after))
        assert change is not None
        assert (change.band, change.is_better) == (band, True)

    def test_a_mean_just_at_the_threshold_counts(self) -> None:
        """4.2 − 2.9 is 1.2999… in binary fractions."""
        names = tuple("abcde")
        before, after = (
            told(activities=(2, 3, 3, 3, 3), names=names),
            told(activities=(4, 4, 4, 4, 5), names=names),
        )
        change = function_change(before, after)
        assert change is not None
        assert (change.points, change.band) == (1.4, "small")
        assert shipped_questionnaire().function.bands.name(4.2 - 2.9) == "small"

    def test_other_activities_are_another_scale(self) -> None:
        other = ("climb stairs", "run", "swim")
        assert function_change(told(activities=(3, 3, 3)), told(activities=(6, 6, 6), names=other)) is None

    def test_the_same_activities_in_another_order_are_compared_by_name(self) -> None:
        before = told(activities=(1, 2, 3))
        after = told(activities=(3, 2, 1), names=STAIRS[::-1])
        change = function_change(before, after)
        assert change is not None
        assert change.points == 0

    def test_no_change_says_that_somebody_has_recovered(self) -> None:
        change = pain_change(told(9, 9, 9), told(0, 0, 0))
        assert change is not None
        assert change.words == "large change, better"


class TestWorsening:
    def test_nothing_yet(self) -> None:
        assert worsening_of([]) == worsening_of([told(9, 9, 9)]) == ""

    def test_since_last_time(self) -> None:
        assert (
            worsening_of([told(6, 6, 6), told(3, 3, 3), told(5, 5, 5)]) == "pain worse by 2.0 since last time"
        )

    def test_a_slow_slide_is_told_against_the_start(self) -> None:
        slide = [told(3, 3, 3), told(4, 4, 4), told(5, 5, 5)]
        assert worsening_of(slide) == "pain worse by 2.0 since the start"

    def test_less_than_what_matters_is_not_told(self) -> None:
        assert worsening_of([told(3, 3, 3), told(4, 5, 5)]) == ""

    def test_activities_and_the_own_rating_are_told_too(self) -> None:
        history = [told(activities=(6, 6, 6)), told(activities=(3, 3, 3), groc=-5)]
        assert worsening_of(history) == (
            "activities worse by 3.0 since last time; “a good deal worse” than at the start"
        )

    def test_hardly_any_worse_is_no_reason(self) -> None:
        assert worsening_of([told(groc=-1)]) == ""
        assert worsening_of([told(groc=-2)]) == "“a little worse” than at the start"


class TestReading:
    ASKED = asked_links(3, with_change=True)

    def test_what_is_asked(self) -> None:
        assert asked_links(3, with_change=False) == (
            "nprs.now", "nprs.worst", "nprs.usual", "psfs.1", "psfs.2", "psfs.3",
        )  # fmt: skip
        assert self.ASKED[-1] == "groc"

    @pytest.mark.parametrize("value", [11, -1, 3.5, math.nan, math.inf, True, "3", [3], 10**30])
    def test_anything_but_a_whole_number_on_the_scale_is_refused(self, value: object) -> None:
        with pytest.raises(AnswerUnreadable):
            checked_answers({"nprs.now": value}, asked=self.ASKED)

    @pytest.mark.parametrize("value", [-8, 8])
    def test_the_rating_has_its_own_scale(self, value: int) -> None:
        with pytest.raises(AnswerUnreadable):
            checked_answers({"groc": value}, asked=self.ASKED)
        assert checked_answers({"groc": -7}, asked=self.ASKED) == {"groc": -7}

    def test_a_question_that_was_not_asked_is_refused(self) -> None:
        with pytest.raises(AnswerUnreadable):
            checked_answers({"psfs.4": 3}, asked=self.ASKED)

    def test_what_was_left_out_is_not_there(self) -> None:
        assert checked_answers({"nprs.now": 0, "nprs.worst": None}, asked=self.ASKED) == {"nprs.now": 0}

    def test_the_worst_pain_is_of_any_pain_question(self) -> None:
        assert worst_pain({"nprs.usual": 7, "psfs.1": 10}) == 7
        assert worst_pain({"psfs.1": 10}) is None


class TestShipped:
    def test_the_words_of_the_rating_cover_its_scale(self) -> None:
        change = shipped_questionnaire().change
        assert [value for value, _ in change.choices] == list(range(7, -8, -1))
        assert (rating_words(-7), rating_words(None)) == ("A very great deal worse", "")

    def test_every_scale_names_its_source_and_rising_sizes(self) -> None:
        asks = shipped_questionnaire()
        for part in (asks.pain, asks.function, asks.change):
            assert len(part.source) > 40
            assert 0 < part.bands.small < part.bands.medium < part.bands.large
