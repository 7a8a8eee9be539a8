"""Pieces of a marked text: whatever the marks, the words stay."""

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notes.clini_note_extractor import Assertion, Entity, Label, Span
from notes.label_words import LABELS
from notes.marked_text import marked_pieces


@dataclass(frozen=True)
class Any_:
    start: int
    end: int
    label: str
    assertion: str = "present"


def test_marks_are_cut_out_with_tag_and_words():
    text = "Denies left knee OA."
    pieces = marked_pieces(
        text,
        [
            Entity(Span(12, 19), Label.DIAGNOSIS, Assertion.NEGATED),
            Entity(Span(7, 11), Label.LATERALITY),
        ],
    )
    assert [(one.text, one.tag, one.words, one.start) for one in pieces] == [
        ("Denies ", "", "", 0),
        ("left", "SI", "Side", 7),
        (" ", "", "", 11),
        ("knee OA", "DX not", "Diagnosis, not so", 12),
        (".", "", "", 19),
    ]


def test_tags_are_two_letters_and_tell_labels_apart():
    assert (
        len({one.tag for one in LABELS.values()}) == len(Label) == len({one.key for one in LABELS.values()})
    )


@pytest.mark.parametrize("text", ["", "a", "🦵 knee\r\n\u202eback"])
def test_nothing_marked_is_one_piece(text):
    assert "".join(one.text for one in marked_pieces(text, [])) == text


marks = st.lists(
    st.builds(
        Any_,
        st.integers(-3, 30),
        st.integers(-3, 30),
        st.sampled_from([*LABELS, "NONSENSE"]),
        st.sampled_from(["present", "negated", "nonsense"]),
    ),
    max_size=8,
)


@given(st.text(max_size=25), marks)
def test_whatever_the_marks_the_pieces_are_the_text(text, chosen):
    pieces = marked_pieces(text, chosen)
    assert "".join(one.text for one in pieces) == text
    assert all(text[one.start : one.start + len(one.text)] == one.text for one in pieces)
