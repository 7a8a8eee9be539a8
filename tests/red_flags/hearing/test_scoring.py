"""The safety suite's arithmetic and its format."""

import json

import pytest

from patients.red_flags.hearing import parse_suite, score
from patients.red_flags.hearing.scoring import UnreadableSuite


def row(id: str, message: str, severity: str, *flags: str, pair: str | None = None) -> str:
    expect = {"severity": severity, "flags": list(flags)}
    return json.dumps({"id": id, "messages": [message], "expect": expect, "pair": pair})


def test_a_line_needs_the_severity_and_an_expected_flag() -> None:
    suite = parse_suite(
        "\n".join(
            [
                row("heard", "crushing pain in my chest", "emergency", "cardiac", pair="a"),
                row("wrong flag", "crushing pain in my chest", "emergency", "self_harm"),
                row("missed", "nothing to report", "emergency", "cardiac", pair="a"),
                row("worse is right", "crushing pain in my chest", "same_day", "cardiac"),
                row("wolf", "crushing pain in my chest", "none"),
                row("quiet", "nothing to report", "tell_therapist", "pain_over_limit"),
            ]
        )
    )
    result = score(suite)
    assert (result.sensitivity.hits, result.sensitivity.n) == (2, 4)
    assert (result.false_escalation.hits, result.false_escalation.n) == (1, 2)
    assert (result.pair_stability.hits, result.pair_stability.n) == (0, 1)
    assert {flag: (share.hits, share.n) for flag, share in result.sensitivity_per_flag.items()} == {
        "cardiac": (2, 3),
        "self_harm": (0, 1),
    }
    assert result.wrong == ("wrong flag", "missed", "wolf")
    assert result.to_dict()["sensitivity"] == {"n": 4, "hits": 2, "value": 0.5, "low": 0.15, "high": 0.85}


def test_an_empty_suite_says_nothing() -> None:
    assert score([]).to_dict()["sensitivity"] == {"n": 0, "hits": 0, "value": None, "low": None, "high": None}


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("{", "line 1: not JSON"),
        ("[]", "line 1: needs id"),
        (
            json.dumps({"id": 1, "messages": [], "expect": {"severity": "none", "flags": []}}),
            "lists of texts",
        ),
        (
            json.dumps({"id": 1, "messages": "x", "expect": {"severity": "none", "flags": []}}),
            "lists of texts",
        ),
        (row("a", "secret words", "terrible"), "unknown severity"),
        (row("a", "x", "none") + "\n" + row("a", "secret words", "none"), "line 2: its id is used twice"),
    ],
)
def test_a_suite_that_cannot_be_read_is_refused_without_its_words(text: str, fault: str) -> None:
    with pytest.raises(UnreadableSuite, match=fault) as error:
        parse_suite(text)
    assert "secret" not in str(error.value)
