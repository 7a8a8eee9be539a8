"""One line about findings, read by rules."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notes.finding_query import LONGEST_LINE, FindingQuery, read_query

TODAY = date(2026, 11, 22)
FLEXION = {"kind": "range", "region": "knee", "motion": "flexion", "comparison": "lt", "value": 90}
PAIN = {"kind": "pain", "comparison": "ge"}
LEFS = "Lower Extremity Functional Scale"


@pytest.mark.parametrize(
    ("line", "asked"),
    [
        ("knee flexion < 90", FLEXION),
        ("all left knees with flexion under 90°", {**FLEXION, "side": "left"}),
        ("LEFS under 40", {"kind": "score", "measure": LEFS, "comparison": "lt", "value": 40}),
        ("pain over 5 since May", {**PAIN, "comparison": "gt", "value": 5, "since": date(2026, 5, 1)}),
        ("pain >= 5/10 since December", {**PAIN, "value": 5, "since": date(2025, 12, 1)}),
        ("Pain at least 6 since 3 March 2026", {**PAIN, "value": 6, "since": date(2026, 3, 3)}),
        (
            "TUG over 13,5 s",
            {"kind": "score", "measure": "Timed Up and Go", "comparison": "gt", "value": 13.5},
        ),
        (
            "knee flexion between 60 and 90",
            {**FLEXION, "comparison": "", "value": None, "low": 60, "high": 90},
        ),
        ("knee flexion < -5 degrees", {**FLEXION, "value": -5}),
        ("knee flexion < 90 ever", {**FLEXION, "latest_only": False}),
        ("hip strength at most 4", {"kind": "strength", "region": "hip", "comparison": "le", "value": 4}),
        ("strength under 4+", {"kind": "strength", "comparison": "lt", "value": 4.33}),
        ("strength at least 4-/5", {"kind": "strength", "comparison": "ge", "value": 3.67}),
        ("strength between 3+ and 4-", {"kind": "strength", "low": 3.33, "high": 3.67}),
        ("pain between 3-5", {"kind": "pain", "low": 3, "high": 5}),
        ("pain in the last 2 weeks", {"kind": "pain", "since": date(2026, 11, 8)}),
        (
            "knee range since 2026-10-01 with goals",
            {"kind": "range", "region": "knee", "since": date(2026, 10, 1), "with_goals": True},
        ),
        ("", {}),
    ],
)
def test_lines_are_understood(line, asked):
    assert read_query(line, today=TODAY) == FindingQuery(**asked)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("foo flexion < 90", ("foo",)),
        ("knee flexion around 90", ("around", "90")),
        ("pain over five", ("over", "five")),
        ("knee flexion < 90 and hip flexion", ("hip", "flexion")),
        ("pain since 31 February", ("since", "31", "February")),
        ("rodilla", ("rodilla",)),
    ],
)
def test_what_is_not_understood_is_told(line, words):
    assert read_query(line, today=TODAY).misunderstood == words


@given(st.text(max_size=300))
def test_no_line_breaks_it(line):
    query = read_query(line, today=TODAY)
    assert query.value is None or abs(query.value) < 10_000


def test_a_line_without_end_is_read_to_its_limit():
    assert len("".join(read_query("x " * 4000, today=TODAY).misunderstood)) <= LONGEST_LINE


def test_a_query_of_nothing_is_empty():
    assert read_query("foo", today=TODAY).is_empty
    assert not read_query("pain", today=TODAY).is_empty
