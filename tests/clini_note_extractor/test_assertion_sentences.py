"""Development figures of assertion on made-up lines: no kind of cue may be lost unnoticed. No accuracy."""

from __future__ import annotations

from pathlib import Path

import pytest

from notes.clini_note_extractor.assertion import assertion_of
from notes.clini_note_extractor.sections import Layout
from notes.clini_note_extractor.training.written.markup import parse
from notes.clini_note_extractor.types import ASSERTED, Assertion

Pair = tuple[Assertion, Assertion]
LINES = Path(__file__).with_name("assertion_sentences.txt")


def marked_lines() -> list[str]:
    """The lines of the file, without its comments and headings."""
    lines = LINES.read_text(encoding="utf-8").splitlines()
    return [one.replace("\\n", "\n") for one in lines if one and not one.startswith(("#", "=="))]


def pairs(marked: list[str]) -> list[Pair]:
    """What is annotated and what is said of each name."""
    judged: list[Pair] = []
    for note in map(parse, marked):
        layout = Layout(note.text)
        judged += [
            (one.assertion, assertion_of(note.text, one.span, one.label, layout))
            for one in note.entities
            if one.label in ASSERTED
        ]
    return judged


@pytest.mark.parametrize("said", list(Assertion))
def test_each_assertion_is_found_and_not_said_of_others(said: Assertion) -> None:
    judged = pairs(marked_lines())
    right = judged.count((said, said))
    assert sum(gold is said for gold, _ in judged) >= 10
    assert right / sum(gold is said for gold, _ in judged) >= 0.95
    assert right / sum(found is said for _, found in judged) >= 0.95


@pytest.mark.parametrize(
    ("marked", "said"),
    [
        # A history on its heading's line ends with the paragraph, and where the note turns to today.
        ("PMH: gout.\n\nTreated for [[knee OA|DIAGNOSIS]].", "present"),
        ("PMH: gout. She presents with [[knee OA|DIAGNOSIS]].", "present"),
        ("PMH:\ngout\n[[asthma|DIAGNOSIS|historical]]", "historical"),
        ("PMH: gout,\n[[asthma|DIAGNOSIS|historical]]", "historical"),
        ("Family: gout (F).\n[[Knee OA|DIAGNOSIS]] is worse.", "present"),
        # What is said of one name of a list is not said of the next.
        ("[[L hip ORIF|SURGERY]], UTI resolved.", "present"),
        ("UTI and [[pneumonia|DIAGNOSIS|negated]] excluded.", "negated"),
        ("[[UTI|DIAGNOSIS|negated]] and pneumonia excluded.", "negated"),
        # No treatment is doubted, and an operation that is not certain has not been done.
        ("Possible [[dry needling|INTERVENTION|hypothetical]].", "hypothetical"),
        ("Likely [[TKA|SURGERY|hypothetical]].", "hypothetical"),
    ],
)
def test_how_far_words_and_headings_reach(marked: str, said: str) -> None:
    assert [found.value for _, found in pairs([marked])] == [said]
