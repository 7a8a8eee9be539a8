"""The language of lay expressions, typing errors and rules that cannot be read."""

import json

import pytest

from patients.red_flags.hearing import parse_hearing_rules
from patients.red_flags.hearing.expressions import Finder, Lexicon, UnreadableExpression, parse_expression
from patients.red_flags.hearing.rules import RULES_FILE, shipped_hearing_rules
from patients.red_flags.hearing.spelling import Mender
from patients.red_flags.hearing.tokens import read_turns


def found(expression: str, text: str) -> list[tuple[int, int]]:
    lexicon = Lexicon({"it": [expression], "leg": ["calf|shin"]}, heard=["it"])
    return Finder(lexicon, read_turns([text], Mender(lexicon.vocabulary))).all().get("it", [])


@pytest.mark.parametrize(
    ("expression", "text", "hits"),
    [
        ("sore|stiff leg", "my stiff leg", [(1, 3)]),
        ("my? leg hurts", "leg hurts", [(0, 2)]),
        ("leg .2 hot", "the leg is very hot", [(1, 5)]),
        ("leg .2 hot", "the leg is really very hot", []),
        ("leg .2 hot", "the leg is not hot", []),
        ("leg .2 hot", "leg. Hot", []),
        ("{leg} swells", "my shin swells", [(1, 3)]),
        ("rib_cage|chest hurts", "rib cage hurts", [(0, 3)]),
        ("#6-10 out", "7 out", [(0, 2)]),
        ("#6-10 out", "5 out", []),
        ("#6-10 out", "seven out", [(0, 2)]),
        ("swollen", "swolllen", [(0, 1)]),
        ("swollen", "swlolen", [(0, 1)]),
    ],
)
def test_expressions(expression: str, text: str, hits: list[tuple[int, int]]) -> None:
    assert found(expression, text) == hits


@pytest.mark.parametrize("expression", ["", ".3 hot", "hot .3", "hot||cold", "my?", "{nowhere}"])
def test_what_cannot_be_read_is_refused(expression: str) -> None:
    with pytest.raises(UnreadableExpression):
        parsed = parse_expression(expression)
        Lexicon({"it": [expression]}, heard=["it"])
        assert parsed


def test_an_ordinary_word_is_not_mended_into_a_sign() -> None:
    mender = shipped_hearing_rules().mender
    assert mender.mend("swolen") == "swollen"
    assert mender.mend("numbnes") == "numbness"
    assert [mender.mend(word) for word in ("chess", "clams", "tablet", "stable")] == [
        "chess",
        "clams",
        "tablet",
        "stable",
    ]


def test_rules_that_name_what_does_not_exist_are_refused() -> None:
    data = json.loads(RULES_FILE.read_text(encoding="utf-8"))
    with pytest.raises(UnreadableExpression, match="no such concept"):
        parse_hearing_rules(data, {})
    concepts = {name: {"kind": "sign", "words": ["x"]} for name in shipped_hearing_rules().kinds}
    doubled = {**data, "rules": [data["rules"][0], data["rules"][0]]}
    with pytest.raises(UnreadableExpression, match="twice"):
        parse_hearing_rules(doubled, concepts)
    strange = {**data, "rules": [{**data["rules"][0], "flag": "dragon_pox"}]}
    with pytest.raises(UnreadableExpression, match="dragon_pox"):
        parse_hearing_rules(strange, concepts)
