"""Values that go on, instruments by the form of their names, and what words around a name say of it."""

from __future__ import annotations

import pytest

from notes.clini_note_extractor import extract, extract_by_rules
from notes.clini_note_extractor.linking import findings_of


def _found(text: str, label: str) -> list[str]:
    return [text[one.start : one.end] for one in extract_by_rules(text).entities if one.label.value == label]


def _assertions(text: str) -> dict[str, str]:
    return {text[one.start : one.end]: one.assertion.value for one in extract_by_rules(text).entities}


@pytest.mark.parametrize(
    ("text", "scores"),
    [
        ("LEFS 42/80, was 30/80.", ["42/80", "30/80"]),
        ("AKPS 68 → 74 → 85.", ["68", "74", "85"]),
        ("Rancho level VII.", ["VII"]),
        ("Boston Carpal Tunnel Questionnaire symptom severity 3.1, function 2.4.", ["3.1", "2.4"]),
        ("Grip 42 lb on the right, 30 lb on the left.", ["42 lb", "30 lb"]),
        ("TUG 14 sec, 4/5 quads.", ["14 sec"]),
    ],
)
def test_scores_go_on_after_the_first(text: str, scores: list[str]) -> None:
    assert _found(text, "OUTCOME_SCORE") == scores


def test_a_bare_grip_belongs_to_no_instrument_before_it() -> None:
    text = "DASH 38. Grip 42 lb."
    linked = extract_by_rules(text).instruments
    assert {text[score.start : score.end] for score in linked} == {"38"}


def test_an_unknown_instrument_is_read_by_the_form_of_its_name() -> None:
    assert _found("The Kettering Walking Confidence Scale was 31.", "OUTCOME_MEASURE") == [
        "Kettering Walking Confidence Scale"
    ]
    assert _found("Body Mass Index 34.", "OUTCOME_MEASURE") == []


@pytest.mark.parametrize(
    ("text", "ranges"),
    [
        ("Right knee range is 0-0-138.", ["0-0-138"]),
        ("MCP 0/65, PIP 20/45.", ["0/65", "20/45"]),
        ("Mouth opening 34 mm.", ["34 mm"]),
        ("Isokinetic testing at 60 degrees per second.", []),
    ],
)
def test_ranges_in_the_forms_of_hand_knee_and_jaw(text: str, ranges: list[str]) -> None:
    assert _found(text, "ROM") == ranges


@pytest.mark.parametrize(
    ("text", "name", "said"),
    [
        ("SURGERIES:  Vasectomy.", "Vasectomy", "historical"),
        ("HISTORY:  Asthma, gout.", "gout", "historical"),
        ("HISTORY:  The patient has gout.", "gout", "present"),
        ("Tonsillectomy at 6.", "Tonsillectomy", "historical"),
        ("Status post cholecystectomy yesterday.", "cholecystectomy", "present"),
        ("If she does not improve she may require spinal fusion.", "spinal fusion", "hypothetical"),
        ("Spinal fusion has been offered.", "Spinal fusion", "hypothetical"),
        ("Cannot exclude radial tunnel syndrome.", "radial tunnel syndrome", "possible"),
        ("I suggest gait training.", "gait training", "present"),
        ("Gait training, iontophoresis if tolerated.", "iontophoresis", "present"),
        ("Uncle lost both legs to diabetes.", "diabetes", "family"),
        ("[ ] Cancer  [x] Diabetes", "Cancer", "negated"),
        ("[ ] Cancer  [x] Diabetes", "Diabetes", "present"),
    ],
)
def test_the_words_around_a_name_decide(text: str, name: str, said: str) -> None:
    assert _assertions(text)[name] == said


@pytest.mark.parametrize(
    ("text", "ranges"),
    [
        ("Hip extension -5°.", ["-5°"]),
        ("hip extension -5", ["-5"]),
        ("Knee ROM -5-120", ["-5-120"]),
        ("Knee extension -5 - 0 degrees", ["-5 - 0 degrees"]),
        ("Dorsiflexion −2 to 10 degrees", ["−2 to 10 degrees"]),
        ("Knee flexion 0-90", ["0-90"]),
        ("Knee flexion - 95 degrees", ["95 degrees"]),
        ("Knee flexion – 95°", ["95°"]),
        ("Shoulder flexion 5-10 reps", []),
        ("Lumbar flexion 50-75%", ["50-75%"]),
        ("Lumbar flexion -20 %", []),
        ("Knee flexion L 112° (-20 %), extension +15%", ["112°"]),
        ("Knee extension strength 80%", []),
    ],
)
def test_a_hyphen_is_a_minus_a_range_or_a_dash_and_a_change_is_no_range(text: str, ranges: list[str]) -> None:
    assert _found(text, "ROM") == ranges


@pytest.mark.parametrize(
    ("text", "low"),
    [("Hip extension -5°.", -5.0), ("Knee flexion - 95 degrees.", 95.0), ("Knee ROM -5-120", -5.0)],
)
def test_the_sign_reaches_the_finding(text: str, low: float) -> None:
    assert [one.low for one in findings_of(text, extract_by_rules(text))] == [low]


@pytest.mark.parametrize(
    "text", ["Knee flexion L 112° (-20 %).", "Grip -20 % vs left.", "Pain -20 %, ROM +10%."]
)
def test_the_model_marks_no_change_either(text: str) -> None:
    assert [one for one in extract(text).entities if "%" in text[one.start : one.end]] == []
