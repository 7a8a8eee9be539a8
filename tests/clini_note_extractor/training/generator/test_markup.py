"""Marked text: offsets out of it, and errors with their line."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notes.clini_note_extractor.training.written import read_written
from notes.clini_note_extractor.training.written.markup import MarkupError, parse, to_markup
from notes.clini_note_extractor.types import Assertion, Entity, Label, Note, Span


def test_marks_become_offsets() -> None:
    note = parse("No [[gout|DIAGNOSIS|negated]]; [[left|LATERALITY]] [[knee|BODY_REGION]].", id="n")
    assert note == Note("n", "No gout; left knee.", (
        Entity(Span(3, 7), Label.DIAGNOSIS, Assertion.NEGATED),
        Entity(Span(9, 13), Label.LATERALITY), Entity(Span(14, 18), Label.BODY_REGION),
    ))  # fmt: skip


@pytest.mark.parametrize("text", ["", "plain", "a] [b", "🦵 [[knee|BODY_REGION]]\u200f é"])
def test_there_and_back(text: str) -> None:
    assert to_markup(parse(text)) == text


words = st.text(alphabet="abc é🦵\n", min_size=1, max_size=8).filter(lambda text: text == text.strip())


@given(st.lists(st.tuples(words, st.sampled_from(Label)), max_size=6))
def test_any_note_comes_back(mentions: list[tuple[str, Label]]) -> None:
    marked = " . ".join(f"[[{text}|{label.value}]]" for text, label in mentions)
    note = parse(marked)
    assert [(note.text[e.start : e.end], e.label) for e in note.entities] == mentions
    assert parse(to_markup(note)) == note


@pytest.mark.parametrize(
    ("bad", "wrong"),
    [
        ("[[knee|JOINT]]", "Unknown label"),
        ("[[gout|DIAGNOSIS|maybe]]", "Unknown assertion"),
        ("[[knee|BODY_REGION|negated]]", "always present"),
        ("[[|BODY_REGION]]", "empty"),
        ("[[ knee|BODY_REGION]]", "begins or ends"),
        ("[[knee.|BODY_REGION]]", "begins or ends"),
        ("[[knee]]", "A mention is"),
        ("[[a|b|c|d]]", "A mention is"),
        ("[[left [[knee|BODY_REGION]]", "do not nest"),
        ("knee|BODY_REGION]]", "without its partner"),
        ("[[knee|BODY_REGION", "without its partner"),
    ],
)
def test_errors_say_the_line_and_no_note_text(bad: str, wrong: str) -> None:
    with pytest.raises(MarkupError, match=wrong) as caught:
        parse(f"first\n[[hip|BODY_REGION]]\n{bad}\nlast")
    assert caught.value.line == 3
    assert "knee" not in str(caught.value)


def test_a_file_is_read_by_its_header() -> None:
    text = "split: validation\n=== one\n[[hip|BODY_REGION]]\n\n=== two\nb\n"
    assert read_written(text, split="train", name="f") == []
    found = read_written(text, split="validation", name="f")
    assert [(note.id, note.text) for note in found] == [("one", "hip"), ("two", "b")]


def test_a_file_without_header_is_refused() -> None:
    with pytest.raises(ValueError, match="f does not begin"):
        read_written("=== one\nhip\n", split="train", name="f")


def test_an_error_in_a_file_is_told_with_the_line_of_the_file() -> None:
    with pytest.raises(MarkupError, match="Line 5: f: Unknown label") as caught:
        read_written("split: train\n=== one\na\n=== two\n[[b|C]]\n", split="train", name="f")
    assert caught.value.line == 5
