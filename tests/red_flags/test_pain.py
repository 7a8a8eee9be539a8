"""The pain rule: over 5, or the next morning at usual + 2 or more."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patients.red_flags import PainRule, screen_pain, usual_pain


@pytest.mark.parametrize(
    ("value", "moment", "usual", "rule_id"),
    [
        (5, "after", 2, None),
        (6, "after", 2, "pain_over_limit"),
        (6, "before", None, "pain_over_limit"),
        (4, "next_morning", 2, "pain_next_morning"),
        (3, "next_morning", 2, None),
        (4, "next_morning", None, None),
        (4, "after", 2, None),
        (7, "next_morning", 2, "pain_over_limit"),
    ],
)
def test_the_rule(value: int, moment: str, usual: int | None, rule_id: str | None) -> None:
    hit = screen_pain(value, moment=moment, usual=usual)
    assert (hit.rule_id if hit else None) == rule_id


def test_a_stricter_clinic_may_lower_the_limit() -> None:
    assert screen_pain(4, moment="after", usual=2, rule=PainRule(limit=3)) is not None


@pytest.mark.parametrize("value", [-1, 11, 3.5, float("nan"), True, "5", None])
def test_anything_but_a_whole_number_from_0_to_10_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match="0 to 10"):
        screen_pain(value, moment="after", usual=None)  # type: ignore[arg-type]


def test_usual_pain_is_the_middle_value() -> None:
    assert usual_pain([]) is None
    assert usual_pain([4]) == 4
    assert usual_pain([2, 3, 9]) == 3
    assert usual_pain([2, 3]) == 2


@given(st.integers(0, 10), st.integers(0, 10))
def test_more_pain_never_quietens_the_rule(value: int, usual: int) -> None:
    if screen_pain(value, moment="next_morning", usual=usual) and value < 10:
        assert screen_pain(value + 1, moment="next_morning", usual=usual) is not None
