"""Findings: which value belongs to what, normalised, with ICF codes."""

import pytest

from notes.clini_note_extractor import extract_by_rules
from notes.clini_note_extractor.lexicon import expand, plural, vocabulary
from notes.clini_note_extractor.linking import Finding, findings_of, icf_of
from tests.clini_note_extractor.linked_sentences import SENTENCES, Expected


def findings(text: str) -> list[Finding]:
    return findings_of(text, extract_by_rules(text))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Left knee flexion is 0 to 105 degrees.",
            ("range", 0, 105, "deg", "knee", "left", "flexion", "b710"),
        ),
        ("R shoulder abd 110", ("range", 110, 110, "deg", "shoulder", "right", "abduction", "b710")),
        ("Fingertip to floor is 26 cm.", ("range", 26, 26, "cm", "", "", "", "b710")),
        ("Knee extension minus 5 degrees", ("range", -5, -5, "deg", "knee", "", "extension", "b710")),
        ("Left quadriceps 4+/5", ("strength", 4.33, 4.33, "0-5", "thigh", "left", "", "b730")),
        (
            "Strength is 3 to 4 out of 5 in the right hip.",
            ("strength", 3, 4, "0-5", "hip", "right", "", "b730"),
        ),
        ("Low back pain 4-5/10", ("pain", 4, 5, "0-10", "low back", "", "", "b28013")),
        ("Pain is six out of ten.", ("pain", 6, 6, "0-10", "", "", "", "b280")),
    ],
)
def test_values_are_linked(text: str, expected: tuple[object, ...]) -> None:
    one = findings(text)[0]
    assert (one.kind, one.low, one.high, one.unit, one.region, one.side, one.motion, one.icf_code) == expected


@pytest.mark.parametrize(
    ("text", "measure", "value", "unit", "out_of", "code"),
    [
        ("LEFS 42/80.", "Lower Extremity Functional Scale", 42, "points", 80, "d4"),
        ("Timed Up and Go 14.2 seconds.", "Timed Up and Go", 14.2, "s", None, "d450"),
        ("He walked 1,000 feet in a six-minute walk test.", "Six-minute walk test", 304.8, "m", None, "d450"),
        ("Jamar dynamometer 100 pounds.", "Grip dynamometry", 45.36, "kg", None, "b730"),
        ("ODI 38%.", "Oswestry Disability Index", 38, "%", None, ""),
    ],
)
def test_scores_have_their_instrument(
    text: str, measure: str, value: float, unit: str, out_of: float | None, code: str
) -> None:
    one = findings(text)[0]
    assert (one.measure, one.low, one.unit, one.out_of, one.icf_code) == (measure, value, unit, out_of, code)


def test_goals_are_told_apart() -> None:
    assert [one.goal for one in findings("OBJECTIVE: Pain 6/10.\nGOALS: Pain 2/10.")] == [False, True]


def test_the_sentence_before_names_the_region() -> None:
    one = findings("The left knee was tested. Flexion is 100 degrees.")[0]
    assert (one.region, one.low) == ("knee", 100)


def test_kinds_have_a_general_code_and_scores_have_none() -> None:
    assert [icf_of(kind, "nothing")[0] for kind in ("pain", "range", "strength", "score")] == [
        "b280", "b710", "b730", "",
    ]  # fmt: skip


def test_terms_are_expanded() -> None:
    assert expand("{total|partial} hip {replacement|}") == [
        "total hip replacement", "total hip", "partial hip replacement", "partial hip",
    ]  # fmt: skip
    assert expand("Phalen {s|} test") == ["Phalens test", "Phalen test"]
    assert [plural(word) for word in ("biopsy", "stenosis", "brush", "knee")] == [
        "biopsies", "stenoses", "brushes", "knees",
    ]  # fmt: skip


def test_the_vocabulary_reads_whole() -> None:
    assert len(vocabulary().then) > 2000


@pytest.mark.parametrize(("text", "expected"), SENTENCES, ids=[text[:40] for text, _ in SENTENCES])
def test_rows_are_read_as_a_reader_reads_them(text: str, expected: tuple[Expected, ...]) -> None:
    told = tuple(
        (one.kind, one.low, one.high, one.region, one.side, one.motion or one.measure)
        for one in findings(text)
    )
    assert told == expected
