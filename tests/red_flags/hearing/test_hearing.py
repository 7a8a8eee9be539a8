"""Hearing red flags in patients' own words: examples, quotes, denial, time, other people, bad input."""

import json
import logging
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patients.red_flags import Severity, shipped_rules
from patients.red_flags.hearing import hear, hear_by_rules, parse_suite, score, shipped_hearing_rules

DEVELOPMENT = Path(__file__).with_name("development.jsonl")


def flags_of(*messages: str) -> set[str]:
    return {flag.flag for flag in hear(messages).flags}


@pytest.mark.parametrize(
    ("words", "flag"),
    [
        ("wet myself without noticing", "cauda_equina"),
        ("toilet paper feels like nothing", "cauda_equina"),
        ("I'm not able to pee", "cauda_equina"),
        ("one leg is twice the size of the other since the flight", "dvt_pe"),
        ("can't get my breath", "dvt_pe"),
        ("elephant on my chest", "cardiac"),
        ("my words came out funny", "stroke_neck_artery"),
        ("my foot slaps when I walk", "progressive_deficit"),
        ("night sweats and losing weight", "malignancy"),
        ("heard a snap and can't put weight on it", "fracture"),
        ("the wound is weeping and smells", "postop_complication"),
        ("don't want to be here any more", "self_harm"),
        ("knee is locked and won't straighten", "dislocation_block"),
        ("no numbness or tingling but my calf is hot", "dvt_pe"),
        ("probably nothing but my calf is swolen and warm", "dvt_pe"),
    ],
)
def test_signs_said_in_passing_are_heard(words: str, flag: str) -> None:
    assert flag in flags_of(words)


@pytest.mark.parametrize(
    "words",
    [
        "no numbness",
        "my calf is sore after heel raises",
        "my husband had a stroke",
        "my mum's calf was swollen last year",
        "what if my leg swells up?",
        "should I worry about clots?",
        "how would I know if my wound is infected",
        "dying of these squats haha",
        "these lunges are killing me",
        "I had a dead leg but it went away",
        "my heart is not in it",
        "pins and needles that go away when I shift position",
        "out of breath on the stairs but it settles",
        "I had a DVT ten years ago",
        "stiff for five minutes in the morning",
    ],
)
def test_ordinary_talk_is_not_urgent(words: str) -> None:
    assert hear([words]).severity in (None, Severity.TELL_THERAPIST)


def test_a_denied_sign_does_not_hide_the_next_one() -> None:
    assert "septic_arthritis" not in flags_of("my knee is not hot and not swollen")
    assert "septic_arthritis" in flags_of("no fever, but my knee is hot and swollen")


def test_turns_are_heard_together() -> None:
    fever = hear_by_rules(["I have been shivery all night"])
    assert "spinal_infection" not in {flag.flag for flag in fever.flags}
    assert "spinal_infection" in flags_of("my back hurts", "I have been shivery all night")


def test_another_turn_never_takes_a_flag_back() -> None:
    assert flags_of("crushing pain in my chest") <= flags_of("crushing pain in my chest", "sorry, ignore me")


@pytest.mark.parametrize("words", ["8/10", "pain is seven out of ten", "a solid 9", "it hurts about a 6"])
def test_a_pain_number_over_the_limit_tells_the_therapist(words: str) -> None:
    heard = hear([words])
    assert heard.severity == Severity.TELL_THERAPIST
    assert heard.flags[0].flag == "pain_over_limit"


def test_a_pain_number_within_the_limit_is_no_flag() -> None:
    assert hear(["pain is 5 out of 10"]).flags == ()


@pytest.mark.parametrize(
    "words", ["I did 8 out of 10 with my knee straight", "that was 8 not 10", "10 out of 10 done"]
)
def test_a_count_of_repetitions_is_no_pain(words: str) -> None:
    assert hear_by_rules([words]).flags == ()


@pytest.mark.parametrize("words", ["did 8 of 10 reps and the pain is 8", "I did 10 squats and it's an 8 now"])
def test_pain_beside_a_count_is_heard(words: str) -> None:
    assert {flag.flag for flag in hear_by_rules([words]).flags} == {"pain_over_limit"}


def test_fracture_is_worse_without_weight_bearing() -> None:
    assert hear(["I fell and my wrist is swollen"]).severity == Severity.SAME_DAY
    assert hear(["I fell and cannot put weight on my leg"]).severity == Severity.EMERGENCY


def test_quotes_are_the_exact_words_of_their_turn() -> None:
    messages = ["hello 👋🏽 there", "’cos my  CALF is — honestly — SWÖLLEN’ 🤒"]
    heard = hear(messages)
    assert "dvt_pe" in {flag.flag for flag in heard.flags}
    for flag in heard.flags:
        for quote in flag.words:
            assert messages[quote.turn][quote.start : quote.end] == quote.text != ""


def test_flags_come_worst_first_and_name_their_source() -> None:
    heard = hear(
        ["my scar is oozing, all my joints are stiff for two hours each morning and I have chest pain"]
    )
    ranks = [flag.severity.rank for flag in heard.flags]
    assert ranks == sorted(ranks, reverse=True)
    assert heard.severity == Severity.EMERGENCY
    assert all(flag.source and flag.rule_version >= 1 for flag in heard.flags)


def test_what_is_unclear_is_asked_with_questions_of_the_stop_page() -> None:
    heard = hear(["my calf is a bit sore"])
    assert heard.severity is None
    assert [(asking.flag, asking.question_ids) for asking in heard.needs_asking] == [
        ("dvt_pe", ("calf_swollen",))
    ]


def test_every_flag_and_question_exists_on_the_stop_page() -> None:
    rules = shipped_hearing_rules()
    ticks = {rule.id for rule in shipped_rules().rules}
    questions = {question.id for question in shipped_rules().questions}
    assert {tick for flag in rules.flags.values() for tick in flag.tick_rules} <= ticks
    assert {question for ask in rules.asks for question in ask.questions} <= questions
    assert {rule.flag for rule in rules.rules} == set(rules.flags)
    assert all(rule.source for rule in rules.rules)


@given(st.lists(st.text(max_size=200), max_size=4))
def test_any_text_is_heard_without_a_fault(messages: list[str]) -> None:
    for flag in hear(messages).flags:
        for quote in flag.words:
            assert messages[quote.turn][quote.start : quote.end] == quote.text


def test_nothing_and_garbage_are_quiet() -> None:
    assert hear([]).flags == ()
    assert hear(["", "   ", "\x00\ufffd", "🏃‍♀️", "1" * 5000, "a" * 50_000]).severity is None


def test_a_sign_behind_a_wall_of_text_is_heard() -> None:
    assert "cardiac" in flags_of("and then we had tea " * 2000 + ". crushing pain in my chest")


def test_no_word_of_a_patient_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        hear(["I have crushing chest pain, xylophone"])
    assert caplog.records == []


@pytest.mark.parametrize("case", [str.upper, str.lower, str.title])
def test_capitals_change_nothing(case) -> None:
    lines = [line for line in parse_suite(DEVELOPMENT.read_text(encoding="utf-8")) if line.urgent][:150]
    for line in lines:
        assert flags_of(*map(case, line.messages)) == flags_of(*line.messages), line.id


def test_the_development_set_stays_heard() -> None:
    """Wording of our own, used to write the rules: a floor against steps back, not a result."""
    lines = parse_suite(DEVELOPMENT.read_text(encoding="utf-8"))
    result = score(lines)
    assert result.sensitivity.n >= 500
    assert result.false_escalation.n >= 500
    assert result.sensitivity.hits >= 0.98 * result.sensitivity.n, result.wrong
    assert result.false_escalation.hits <= 0.05 * result.false_escalation.n, result.wrong
    assert result.pair_stability.hits >= 0.95 * result.pair_stability.n
    weak = {
        flag: share.hits for flag, share in result.sensitivity_per_flag.items() if share.hits < 0.9 * share.n
    }
    assert weak == {}
    assert set(result.sensitivity_per_flag) == set(shipped_hearing_rules().flags) - {"pain_over_limit"}


def test_the_development_set_is_written_in_the_suite_format() -> None:
    for row in DEVELOPMENT.read_text(encoding="utf-8").splitlines():
        assert set(json.loads(row)) == {"id", "messages", "expect", "pair"}
