"""Words and windows: every visible character once, no window too long, edits that stay local."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizers import Tokenizer

from notes.clini_note_extractor.model import released_folder
from notes.clini_note_extractor.model.windows import LONGEST, first_pieces, pieces_of, windows_of
from notes.clini_note_extractor.model.words import LONGEST_WORD, marks_of, word_labels, words_of
from tests.clini_note_extractor.model.texts import PROSE, texts


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    made = Tokenizer.from_file(str(released_folder() / "tokenizer.json"))
    made.no_truncation()
    made.no_padding()
    return made


@given(texts)
@settings(max_examples=120, deadline=None)
def test_words_are_apart_and_hold_no_space(tokenizer: Tokenizer, text: str) -> None:
    words = words_of(text, tokenizer)
    places = list(zip(words.starts, words.ends, strict=True))
    assert all(one[1] <= other[0] for one, other in pairwise(places))
    assert not any(text[start:end] != text[start:end].strip() for start, end in places)
    covered = "".join(text[start:end] for start, end in places)
    left_out = [one for one in text if one.isascii() and one.isprintable() and one != " "]
    assert [one for one in covered if one.isascii()] == left_out
    assert max(np.diff(words.first), default=0) <= LONGEST_WORD


@given(texts, st.integers(1, 30))
@settings(max_examples=60, deadline=None)
def test_windows_keep_each_word_once_and_fit(tokenizer: Tokenizer, text: str, times: int) -> None:
    words = words_of(text * times, tokenizer)
    windows = list(windows_of(words))
    assert [number for one in windows for number in range(one.first, one.last)] == list(range(len(words)))
    for one in windows:
        pieces = pieces_of(words, one, begin_mark=101, end_mark=102)
        assert len(pieces) <= LONGEST
        wanted = first_pieces(words, one)
        assert (pieces[wanted] == words.pieces[words.first[one.first : one.last]]).all()


def test_an_edit_changes_few_windows(tokenizer: Tokenizer) -> None:
    text = "".join(f"{PROSE} Visit {number}. " for number in range(40))
    at = len(text) // 2
    changed = text[:at] + "He also reported two falls at home. " + text[at:]
    rows = []
    for one in (text, changed):
        words = words_of(one, tokenizer)
        rows.append(
            {pieces_of(words, window, begin_mark=101, end_mark=102).tobytes() for window in windows_of(words)}
        )
    assert len(rows[0]) > 12
    assert len(rows[1] - rows[0]) <= len(rows[1]) // 3


def test_words_end_between_letters_and_digits(tokenizer: Tokenizer) -> None:
    text = "ROM 120deg, pain 6/10today\nplan"
    words = words_of(text, tokenizer)
    forms = [text[start:end] for start, end in zip(words.starts, words.ends, strict=True)]
    assert forms == ["ROM", "120", "deg", ",", "pain", "6", "/", "10", "today", "plan"]
    assert words_of("a\nB", tokenizer).starts.tolist() == [0, 1, 2]


def test_spans_become_words(tokenizer: Tokenizer) -> None:
    words = words_of("left knee.\nHip", tokenizer)  # left, knee, full stop, line's end, Hip
    assert word_labels(words, [(0, 4, "LATERALITY"), (5, 9, "BODY_REGION"), (11, 14, "BODY_REGION")]) == [
        (0, 1, "LATERALITY"), (1, 2, "BODY_REGION"), (4, 5, "BODY_REGION"),
    ]  # fmt: skip
    assert word_labels(words, [(1, 3, "LATERALITY"), (2, 8, "BODY_REGION")]) == [(0, 1, "LATERALITY")]
    assert word_labels(words, [(4, 5, "ROM")]) == []


def test_marks_of_the_encoder(tokenizer: Tokenizer) -> None:
    assert marks_of(tokenizer) == (101, 102)
