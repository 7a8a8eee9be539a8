"""The red-flag rules: every vignette gets the severity that its source asks for."""

import json

import pytest

from patients.red_flags import (
    NONE_OF_THESE,
    Severity,
    UnknownAnswer,
    answer_stop,
    asked_sections,
    emergency_number,
    parse_rules,
    screen,
    shipped_rules,
)
from patients.red_flags.rules import RULES_FILE

VIGNETTES = [
    ("back pain, now numb between the legs", ["saddle_numb"], "cauda_equina", "emergency"),
    ("new trouble passing water", ["bladder_bowel"], "cauda_equina", "emergency"),
    ("both legs weak", ["both_legs"], "cauda_equina", "emergency"),
    ("back pain and sexual problem", ["sexual_change"], "cauda_equina", "emergency"),
    ("chest pressure on the third squat", ["chest_pain"], "cardiac", "emergency"),
    ("nearly faints", ["faint"], "cardiac", "emergency"),
    ("slurred speech", ["face_speech_arm"], "stroke_neck_artery", "emergency"),
    ("neck pain and double vision", ["sudden_head_neck_pain"], "stroke_neck_artery", "emergency"),
    ("swollen warm calf after surgery", ["calf_swollen"], "leg_clot", "emergency"),
    ("sharp pain on breathing in", ["breath_pain_blood"], "lung_clot", "emergency"),
    ("hot swollen knee", ["hot_joint"], "septic_joint", "emergency"),
    ("back pain and fever", ["back_fever"], "spinal_infection", "emergency"),
    ("cancer, unsteady legs", ["cancer_unsteady"], "cord_compression", "emergency"),
    ("cancer, night pain", ["cancer_night_pain"], "spinal_metastasis", "same_day"),
    ("foot drop", ["clumsy_weak"], "worsening_nerves", "same_day"),
    ("fell, cannot stand", ["cannot_stand"], "fracture", "emergency"),
    ("shoulder out of place", ["odd_shape_stuck"], "fracture", "emergency"),
    ("thin bones, small slip", ["thin_bones_pain"], "weak_bone", "same_day"),
    ("wound leaks", ["wound_red"], "after_operation", "same_day"),
    ("pop, swelling, gives way", ["pop_gives_way"], "after_operation", "same_day"),
    ("stiff every morning", ["morning_stiff"], "inflammatory", "tell_therapist"),
    ("speaks of self-harm", ["self_harm"], "self_harm", "emergency"),
    ("hurts too much", ["strong_pain"], "strong_pain", "tell_therapist"),
]


@pytest.mark.parametrize(("story", "ticked", "rule_id", "severity"), VIGNETTES)
def test_each_vignette_sets_off_its_rule(story: str, ticked: list[str], rule_id: str, severity: str) -> None:
    hits = screen(ticked)
    assert [(hit.rule_id, hit.severity.value) for hit in hits] == [(rule_id, severity)]


def test_every_question_has_a_vignette_or_belongs_to_a_rule_with_one() -> None:
    assert {rule_id for _, _, rule_id, _ in VIGNETTES} == {rule.id for rule in shipped_rules().rules}


def test_the_worst_comes_first() -> None:
    hits = screen(["morning_stiff", "wound_red", "faint"])
    assert [hit.severity for hit in hits] == [Severity.EMERGENCY, Severity.SAME_DAY, Severity.TELL_THERAPIST]


def test_nothing_ticked_is_no_hit() -> None:
    assert screen([]) == []
    assert screen([NONE_OF_THESE]) == []


def test_none_of_these_does_not_undo_a_tick() -> None:
    assert [hit.rule_id for hit in screen([NONE_OF_THESE, "faint"])] == ["cardiac"]


def test_a_question_that_nobody_asked_is_refused() -> None:
    with pytest.raises(UnknownAnswer) as error:
        screen(["faint", "made_up"])
    assert error.value.unknown == frozenset({"made_up"})


def test_rules_are_versioned_cited_and_plain() -> None:
    for rule in shipped_rules().rules:
        assert rule.version >= 1
        assert rule.source
        for question in rule.questions:
            assert len(question.text.split()) <= 20, question.text


def test_a_doubled_question_is_refused() -> None:
    data = json.loads(RULES_FILE.read_text())
    data["rules"].append(data["rules"][0])
    with pytest.raises(ValueError, match="asked twice"):
        parse_rules(data)


def test_the_rule_that_no_source_supports_is_marked() -> None:
    marked = [rule.id for rule in shipped_rules().rules if rule.needs_clinician_approval]
    assert marked == ["after_operation"]


def test_an_emergency_names_the_number_and_holds_exercise() -> None:
    answer = answer_stop(screen(["faint"]), number="911")
    assert answer.heading == "Stop now. Call 911."
    assert answer.emergency_number == "911"
    assert answer.holds_exercise
    assert answer.sentences[-1] == "You can exercise again when your therapist says so."


def test_same_day_holds_exercise_and_says_whom_to_call() -> None:
    answer = answer_stop(screen(["clumsy_weak"]), number="999")
    assert answer.heading == "Stop now. Call your therapist today."
    assert answer.holds_exercise


def test_stop_without_a_flag_rests_for_today() -> None:
    answer = answer_stop([], number="999")
    assert answer.heading == "Stop for today."
    assert not answer.holds_exercise
    assert "If it gets much worse, call 999." in answer.sentences


def test_no_answer_names_an_illness() -> None:
    illnesses = (
        "heart attack",
        "stroke",
        "cancer",
        "clot",
        "infection",
        "fracture",
        "cauda",
        "sepsis",
        "tumour",
    )
    for question in shipped_rules().questions:
        text = answer_stop(screen([question.id]), number="999").text.lower()
        assert [word for word in illnesses if word in text] == []


@pytest.mark.parametrize(
    ("country", "clinic_number", "number"),
    [
        ("GB", "", "999"),
        ("us", "", "911"),
        ("AU", "", "000"),
        ("DE", "", "112"),
        ("XX", "", "112"),
        ("", "", "112"),
        ("GB", " 112 ", "112"),
    ],
)
def test_the_emergency_number_follows_the_country(country: str, clinic_number: str, number: str) -> None:
    assert emergency_number(country, clinic_number=clinic_number) == number


def test_the_most_urgent_questions_are_asked_first_and_each_once():
    rules = shipped_rules()
    sections = asked_sections(rules)
    assert [section.severity for section in sections] == list(Severity)
    asked = [question.id for section in sections for _, block in section.blocks for question in block]
    assert sorted(asked) == sorted(question.id for question in rules.questions)
    assert all(hit.severity == sections[0].severity for hit in screen(ids_of(sections[0])))


def ids_of(section):
    return [question.id for _, questions in section.blocks for question in questions]
