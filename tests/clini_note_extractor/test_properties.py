"""What holds for any text: exact offsets, no overlaps, one answer, linear time, nothing in the log."""

import logging
import sys
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from notes.clini_note_extractor import ASSERTED, Assertion, Extraction, NoteTooLong, extract_by_rules
from notes.clini_note_extractor.linking import findings_of

PIECES = [
    "left knee", "R", "L", "B", "pain 5/10", "4+/5", "0 to 120 degrees", "LEFS 42/80", "Timed Up and Go",
    "14.2 seconds", "history of", "denies", "no", "if", "PAST MEDICAL HISTORY:", "osteoarthritis",
    "gait training", "total hip arthroplasty", "of the", "and", ",", ".", ".,", "\n", "\r\n", "\t", "   ",
    "__________", "😀", "\u200f", "\u202e", "\u00a0", "é", "e\u0301", "膝", "\u2028", "L4-L5", "°",
    "’", "'", "-",
    "–", "(", "/", "26 cm", "fingertip to floor", "VAS", "straight leg raises",
]  # fmt: skip
texts = st.one_of(st.text(max_size=200), st.lists(st.sampled_from(PIECES), max_size=40).map(" ".join),
                  st.lists(st.sampled_from(PIECES), max_size=40).map("".join))  # fmt: skip
LINE = "The left knee has 0 to 105 degrees; strength is 4/5. He denies diabetes. Gait training, LEFS 42/80. "


def check(text: str, extraction: Extraction) -> None:
    """The invariants of an extraction."""
    spans = [entity.span for entity in extraction.entities]
    assert all(0 <= span.start < span.end <= len(text) for span in spans)
    assert all(left.end <= right.start for left, right in pairwise(spans))
    assert all(text[span.start : span.end] == text[span.start : span.end].strip() for span in spans)
    carried = [one for one in extraction.entities if one.assertion is not Assertion.PRESENT]
    assert all(one.label in ASSERTED for one in carried)
    assert set(extraction.names) <= set(spans)


@given(texts)
@settings(max_examples=150, deadline=None)
def test_spans_are_exact_and_apart(text: str) -> None:
    extraction = extract_by_rules(text)
    check(text, extraction)
    assert extract_by_rules(text) == extraction
    assert all(finding.low <= finding.high for finding in findings_of(text, extraction))


@pytest.mark.parametrize("blank", [" ", "  ", "\t", "\u00a0", " \u200f"])
def test_white_space_moves_offsets_only(blank: str) -> None:
    plain = (
        "Left knee flexion is 0 to 105 degrees and quadriceps strength is 4+/5 after total knee arthroplasty"
    )
    wide = plain.replace(" ", blank)
    words = [
        [
            " ".join(text[e.start : e.end].replace("\u200f", "").split())
            for e in extract_by_rules(text).entities
        ]
        for text in (plain, wide)
    ]
    assert words[0] == words[1]
    check(wide, extract_by_rules(wide))


@pytest.mark.parametrize("text", ["", " ", "\n\n", "__________", "😀", "Pain __/10, flexion ______ degrees"])
def test_nothing_is_made_of_nothing(text: str) -> None:
    assert extract_by_rules(text).entities == ()


def test_capitals_without_punctuation() -> None:
    text = (
        "HE HAS RIGHT SHOULDER ADHESIVE CAPSULITIS PAIN 7/10 FLEXION 95 DEGREES STRENGTH 3+/5 HELP HIM PASS"
    )
    labels = [entity.label.value for entity in extract_by_rules(text).entities]
    assert labels == ["DIAGNOSIS", "PAIN_LEVEL", "ROM", "STRENGTH"]


def test_emoji_are_one_character() -> None:
    text = "🦵🏽 left knee 🙂 pain 5/10"
    assert [text[e.start : e.end] for e in extract_by_rules(text).entities] == ["left", "knee", "5/10"]


def test_another_language_is_told() -> None:
    told = extract_by_rules(
        "El paciente refiere dolor en la rodilla derecha desde hace dos semanas, sin traumatismo, y camina "
        "con dificultad. Dolor 7/10."
    )
    assert (told.entities, told.warnings) == (
        (), ("This note seems to be in Spanish. Only English is read; nothing was extracted.",)
    )  # fmt: skip


def test_too_long_is_told() -> None:
    with pytest.raises(NoteTooLong, match="200,001 characters"):
        extract_by_rules("a" * 200_001)


@pytest.mark.parametrize(
    "piece", [LINE, "\t", "0-", "no fracture ", "degenerative ", "5/10 ", "AB: ", "left ", "_"]
)
def test_work_is_linear(piece: str) -> None:
    def calls(characters: int) -> int:
        count = 0

        def called(_frame: object, event: str, _argument: object) -> None:
            nonlocal count
            count += event in ("call", "c_call")

        text = (piece * (characters // len(piece) + 1))[:characters]
        sys.setprofile(called)
        try:
            extract_by_rules(text)
        finally:
            sys.setprofile(None)
        return count

    extract_by_rules("warm up")
    # Four times the text; quadratic work would be sixteen times.
    assert calls(20_000) < 6 * calls(5_000)


@pytest.mark.timeout(60)
@pytest.mark.parametrize("piece", ["\t", "0-", "AB: ", "_", "no "])
def test_no_pattern_walks_through_a_long_run_again_and_again(piece: str) -> None:
    text = (piece * 200_000)[:200_000]
    check(text, extract_by_rules(text))


@pytest.mark.slow
def test_the_longest_note_is_read() -> None:
    text = (LINE * 2500)[:200_000]
    extraction = extract_by_rules(text)
    check(text, extraction)
    assert len(extraction.entities) > 10_000


def test_no_log_line_is_written(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        extraction = extract_by_rules(LINE)
        findings_of(LINE, extraction)
    assert (len(extraction.entities), caplog.records) == (8, [])
