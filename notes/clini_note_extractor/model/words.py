"""A note as the words and word pieces that the model reads. Offsets are those of the original text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from notes.clini_note_extractor.tokens import hard_breaks

# Letters, digits and blanks to fill in are one word each, so that a span may end inside "120deg"; any other
# visible character stands alone.
WORD = re.compile(r"\d+|[^\W\d_]+|_+|[^\w\s]")
# A line's end as a word of its own: lists without full stops need it, and the encoder knows no line breaks.
BREAK = "|"
LONGEST_WORD = 16
SENTENCE_ENDS = frozenset(".!?;")


@dataclass(frozen=True, slots=True)
class Words:
    """Words in reading order. A word with start == end is a line's end.

    `starts`, `ends`: offsets (words). `pieces`: word piece ids of all words in a row. `first`: where each
    word's pieces begin, with the number of all pieces at the end (words + 1). `cuts`: numbers of the words
    before which a sentence begins.
    """

    starts: NDArray[np.int64]
    ends: NDArray[np.int64]
    pieces: NDArray[np.int64]
    first: NDArray[np.int64]
    cuts: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.starts)


def marks_of(tokenizer: Tokenizer) -> tuple[int, int]:
    """The ids of the marks that open and close what is read. Raises KeyError where they are missing."""
    opening, closing = tokenizer.token_to_id("[CLS]"), tokenizer.token_to_id("[SEP]")
    if opening is None or closing is None:
        raise KeyError("[CLS] or [SEP]")
    return opening, closing


def words_of(text: str, tokenizer: Tokenizer) -> Words:
    """Every word that has pieces; marks without width, for which the encoder has none, are passed over."""
    found = _places(text)
    forms = [text[start:end] if end > start else BREAK for start, end in found]
    encoded = tokenizer.encode(forms, is_pretokenized=True, add_special_tokens=False)
    owners, pieces = _shortened(np.array(encoded.word_ids, np.int64), np.array(encoded.ids, np.int64))
    begins = np.flatnonzero(np.diff(owners, prepend=-1))
    kept = owners[begins]
    places = np.array(found, dtype=np.int64).reshape(-1, 2)[kept]
    return Words(
        places[:, 0], places[:, 1], pieces, np.append(begins, len(pieces)), _sentence_cuts(text, places)
    )


def _shortened(
    owners: NDArray[np.int64], pieces: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """No more than LONGEST_WORD pieces of any word, so that each fits its window."""
    begins = np.flatnonzero(np.diff(owners, prepend=-1))
    lengths = np.diff(np.append(begins, len(owners)))
    short = np.arange(len(owners)) - np.repeat(begins, lengths) < LONGEST_WORD
    return owners[short], pieces[short]


def _places(text: str) -> list[tuple[int, int]]:
    found = [one.span() for one in WORD.finditer(text)]
    ends = [(at, at) for at in hard_breaks(text)]
    return sorted([*found, *ends]) if ends else found


def _sentence_cuts(text: str, places: NDArray[np.int64]) -> NDArray[np.bool_]:
    """True for words that begin a sentence: after a line's end, or after a stop that no letter follows."""
    cuts = np.zeros(len(places), dtype=np.bool_)
    for number in range(1, len(places)):
        start, end = places[number - 1]
        if start == end:
            cuts[number] = True
        elif text[start:end] in SENTENCE_ENDS:
            cuts[number] = not text[end : end + 1].isalnum()
    return cuts


def word_labels(words: Words, spans: Sequence[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
    """Spans (offsets, label) as words: first word, one past the last, label. A span whose edge falls inside a
    word takes the word; one without words is left out, and so is one whose words are taken.
    """
    told: list[tuple[int, int, str]] = []
    for start, end, label in sorted(spans):
        first = int(np.searchsorted(words.ends, start, side="right"))
        last = int(np.searchsorted(words.starts, end, side="left"))
        while first < last and words.starts[first] == words.ends[first]:
            first += 1
        if first < last and (not told or told[-1][1] <= first):
            told.append((first, last, label))
    return told
