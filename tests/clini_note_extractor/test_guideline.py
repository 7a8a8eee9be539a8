"""Golden sentences: one or more for each answer of annotation guideline 1.1. Made up, not from notes."""

import pytest

from notes.clini_note_extractor import extract_by_rules


def found(text: str) -> list[tuple[str, str]]:
    """(words, label) of each entity, in reading order."""
    return [(text[one.start : one.end], one.label.value) for one in extract_by_rules(text).entities]


def said(text: str) -> dict[str, str]:
    """Assertion by words."""
    return {text[one.start : one.end]: one.assertion.value for one in extract_by_rules(text).entities}


@pytest.mark.parametrize(
    ("text", "words", "assertion"),
    [
        ("PAST MEDICAL HISTORY: Asthma, chronic kidney disease.", "Asthma", "historical"),
        ("ASSESSMENT: Asthma, poorly controlled.", "Asthma", "present"),
        ("There is no history of asthma, epilepsy or gout.", "epilepsy", "negated"),
        ("There is no history of asthma, epilepsy or gout.", "gout", "negated"),
        ("He has what looks like lateral epicondylitis.", "lateral epicondylitis", "possible"),
        ("The ankle was taped.", "taped", "present"),
        ("She tried iontophoresis without relief.", "iontophoresis", "historical"),
        ("She is three weeks status post right rotator cuff repair.", "right rotator cuff repair", "present"),
        ("PAST SURGICAL HISTORY: Appendectomy.", "Appendectomy", "historical"),
        ("Suspected scaphoid fracture.", "scaphoid fracture", "possible"),
        ("Rule out deep vein thrombosis.", "deep vein thrombosis", "possible"),
        ("Deep vein thrombosis was ruled out.", "Deep vein thrombosis", "negated"),
        ("If lymphedema develops, call the surgeon.", "lymphedema", "hypothetical"),
        ("He may need serial casting.", "serial casting", "hypothetical"),
        ("Her mother had rheumatoid arthritis.", "rheumatoid arthritis", "family"),
        ("FAMILY HISTORY: Diabetes.", "Diabetes", "family"),
        ("Mother reports he has spastic diplegia.", "spastic diplegia", "present"),
        ("The plan is for gait training.", "gait training", "present"),
        ("He denies diabetes but has hypertension.", "hypertension", "present"),
    ],
)
def test_assertions(text: str, words: str, assertion: str) -> None:
    assert said(text)[words] == assertion


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("DVT in the left calf", [("DVT in the left calf", "DIAGNOSIS")]),
        ("disc protrusions at the C4-C5 and C5-C6 level", [
            ("disc protrusions at the C4-C5 and C5-C6 level", "DIAGNOSIS"),
        ]),
        ("stroke with right hemiplegia", [("stroke", "DIAGNOSIS"), ("right hemiplegia", "DIAGNOSIS")]),
        ("arthritis and gout", [("arthritis", "DIAGNOSIS"), ("gout", "DIAGNOSIS")]),
        ("right knee osteoarthritis", [("right knee osteoarthritis", "DIAGNOSIS")]),
        ("footdrop, hemiparesis, flexion contracture", [
            ("footdrop", "DIAGNOSIS"), ("hemiparesis", "DIAGNOSIS"), ("flexion contracture", "DIAGNOSIS"),
        ]),
        ("myofascial dysfunction, swallowing dysfunction", [
            ("myofascial dysfunction", "DIAGNOSIS"), ("swallowing dysfunction", "DIAGNOSIS"),
        ]),
        ("an inversion injury", [("inversion injury", "DIAGNOSIS")]),
        ("obesity", [("obesity", "DIAGNOSIS")]),
        ("muscle wasting, atrophy, instability, stiffness, spasm, nystagmus", []),
        ("swallowing difficulties in an obese man after the injury", []),
        ("He had surgery last year.", []),
        ("He had brain surgery last year.", [("brain surgery", "SURGERY")]),
        ("left total knee arthroplasty", [("left total knee arthroplasty", "SURGERY")]),
        ("Modalities such as ultrasound", [("Modalities", "INTERVENTION"), ("ultrasound", "INTERVENTION")]),
        ("He uses heat and ice at home.", []),
        ("acupuncture, chiropractic and home physical therapy", []),
        ("TENS", [("TENS", "INTERVENTION")]),
        ("a TENS unit", []),
        ("PHYSICAL THERAPY - SYNOVITIS", [("SYNOVITIS", "DIAGNOSIS")]),
        ("slump test, Phalen's test and straight leg raise test were negative", []),
        ("manual muscle testing", []),
        ("Jamar dynamometer: 45 pounds", [
            ("Jamar dynamometer", "OUTCOME_MEASURE"), ("45 pounds", "OUTCOME_SCORE"),
        ]),
        ("VAS is 6", [("VAS", "OUTCOME_MEASURE"), ("6", "PAIN_LEVEL")]),
        ("LEFS score of 42/80", [("LEFS", "OUTCOME_MEASURE"), ("42/80", "OUTCOME_SCORE")]),
        ("Berg Balance Scale 46/56 points", [
            ("Berg Balance Scale", "OUTCOME_MEASURE"), ("46/56 points", "OUTCOME_SCORE"),
        ]),
        ("GOALS: Walk 900 feet in a six-minute walk test.", [
            ("900 feet", "OUTCOME_SCORE"), ("six-minute walk test", "OUTCOME_MEASURE"),
        ]),
        ("on a scale of 0 to 10, 10 being worst", []),
        ("eversion to 8 degrees past neutral", [("8 degrees", "ROM")]),
        ("fingertip to floor is 31 cm", [("31 cm", "ROM")]),
        ("Straight leg raise was 60 degrees", [("60 degrees", "ROM")]),
        ("girth of 38 cm", []),
        ("hip flexion and shoulder abduction", [("hip", "BODY_REGION"), ("shoulder", "BODY_REGION")]),
        ("tender in the paraspinal and sacral regions", [
            ("paraspinal", "BODY_REGION"), ("sacral regions", "BODY_REGION"),
        ]),
        ("dorsal talonavicular joint", [("talonavicular joint", "BODY_REGION")]),
        ("lateral malleolus", [("lateral malleolus", "BODY_REGION")]),
        ("lying on her back with a knee brace", []),
        ("the median nerve", []),
        ("left-sided neck pain", [("left", "LATERALITY"), ("neck", "BODY_REGION")]),
        ("She is right-handed; both arms tire.", [("arms", "BODY_REGION")]),
        ("She left the clinic.", []),
    ],
)  # fmt: skip
def test_spans(text: str, expected: list[tuple[str, str]]) -> None:
    assert found(text) == expected


@pytest.mark.parametrize(
    ("text", "words", "label"),
    [
        ("Pain is 0 to 2/10 at rest.", "0 to 2/10", "PAIN_LEVEL"),
        ("Pain is 8 out of 10 at worst.", "8 out of 10", "PAIN_LEVEL"),
        ("Knee flexion is 0 to 105 degrees.", "0 to 105 degrees", "ROM"),
        ("Knee flexion 120°.", "120°", "ROM"),
        ("Knee AROM: 0-126", "0-126", "ROM"),
        ("Strength is 3 to 4 out of 5.", "3 to 4 out of 5", "STRENGTH"),
        ("Quadriceps 4+/5.", "4+/5", "STRENGTH"),
        ("TUG: 14.2 seconds.", "14.2 seconds", "OUTCOME_SCORE"),
        ("ODI 38%.", "38%", "OUTCOME_SCORE"),
    ],
)
def test_numbers_are_told_apart(text: str, words: str, label: str) -> None:
    assert (words, label) in found(text)


@pytest.mark.parametrize("text", ["Seen on 3/5/2019.", "BP 130/80.", "Reflexes 2+/4.", "98.6 degrees F"])
def test_other_numbers_stay_out(text: str) -> None:
    assert [label for _, label in found(text) if label in {"STRENGTH", "PAIN_LEVEL", "ROM"}] == []
