"""One note in many layouts: white space, line ends, capitals, decimal commas, dictation, and nothing."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from notes.clini_note_extractor import System, extract
from notes.clini_note_extractor.linking import findings_of

NOTE = (
    "Subjective:\tPt c/o L knee pain 6/10, worse on stairs.  PMH: HTN, DM2, s/p R TKA 2015.\n"
    "Objective: AROM L knee 0-105 degrees, ext -5°. Quads 4-/5. TUG 14.2 sec. LEFS 42/80.\n"
    "Assessment: L knee osteoarthritis, r/o meniscus tear. \n"
    "Plan: gait training, therapeutic exercise 3x10, HEP. If swelling occurs, hold stairs."
)
LAYOUTS: dict[str, Callable[[str], str]] = {
    "windows line ends": lambda text: text.replace("\n", "\r\n"),
    "old line ends": lambda text: text.replace("\n", "\r"),
    "line separators": lambda text: text.replace("\n", "\u2028"),
    "form feeds": lambda text: text.replace("\n", "\x0c"),
    "tabs": lambda text: text.replace(" ", "\t"),
    "wide": lambda text: text.replace(" ", "     "),
    "no-break blanks": lambda text: text.replace(" ", "\u00a0"),
    "thin blanks": lambda text: text.replace(" ", "\u2009"),
    "indented": lambda text: "\n".join(f"        {line}" for line in text.split("\n")),
    "blank lines": lambda text: text.replace("\n", "\n\n\n"),
    "trailing blanks": lambda text: text.replace("\n", "   \n"),
    "capitals": str.upper,
}


def said(text: str, system: System) -> list[tuple[str, str, str]]:
    """Words, label and assertion of each entity, whatever the layout."""
    return [
        (" ".join(text[one.start : one.end].split()).lower(), one.label.value, one.assertion.value)
        for one in extract(text, system=system).entities
    ]


@pytest.mark.parametrize("system", [System.RULES, System.COMBINED])
@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)
def test_the_layout_changes_nothing(layout: Callable[[str], str], system: System) -> None:
    plain = said(NOTE, system)
    assert len(plain) == 21
    assert said(layout(NOTE), system) == plain


@pytest.mark.parametrize("system", [System.RULES, System.COMBINED])
def test_decimal_commas_are_read_where_a_note_writes_them(system: System) -> None:
    text = "TUG 14,2 sec. Knee flexion 105,5 degrees, extension -5,5°. Pain 4,5/10. 6MWT 412,5 m, LEFS 42/80."
    extraction = extract(text, system=system)
    values = [(text[one.span.start : one.span.end], one.high) for one in findings_of(text, extraction)]
    assert values == [
        ("14,2 sec", 14.2), ("105,5 degrees", 105.5), ("-5,5°", -5.5), ("4,5/10", 4.5), ("412,5 m", 412.5),
        ("42/80", 42.0),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("6MWT 1,200 m.", [1200.0]),  # a thousand, not one and a fifth
        ("Fusion at C4,5. Pain 6/10.", [6.0]),
        ("TUG 14.2 sec. Knee flexion 95,98 degrees.", [14.2, 95.0, 98.0]),  # points are decimal here
    ],
)
def test_other_commas_stay_what_they_are(text: str, values: list[float]) -> None:
    assert [one.high for one in findings_of(text, extract(text, system=System.RULES))] == values


def test_dictation_without_punctuation_ends_a_scope_where_something_new_begins() -> None:
    text = (
        "patient reports right shoulder pain seven out of ten she denies numbness history of diabetes and "
        "rotator cuff repair today strength four out of five no fracture on the film plan continue manual "
        "therapy possible adhesive capsulitis next visit gait training"
    )
    told = {words: assertion for words, _, assertion in said(text, System.RULES)}
    assert told["diabetes"] == told["rotator cuff repair"] == "historical"
    assert told["fracture"] == "negated"
    assert told["manual therapy"] == told["gait training"] == "present"
    assert told["adhesive capsulitis"] == "possible"


@pytest.mark.parametrize(
    "text", ["", " ", "\n\t\r\n", "-", "°", "?", "PMH:", "PMH:\n\n", "If", "w/o", "\u200b", "[" * 3000,
             "PMH: x\n" * 1000, "he thinks it is " * 1000, "- " * 5000, "14,2 " * 3000],
)  # fmt: skip
def test_nothing_much_breaks_nothing(text: str) -> None:
    for system in (System.RULES, System.COMBINED):
        extraction = extract(text, system=system)
        assert all(text[one.start : one.end].strip() for one in extraction.entities)
        findings_of(text, extraction)
