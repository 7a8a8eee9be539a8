"""Windows over a note's words: cut where sentences begin, with words around them as context.

Of the sentences where a window may end, the words themselves choose one (content-defined chunking,
Muthitacharoen et al., SOSP 2001). So windows after a place that is typed in soon fall back on the bounds they
had, and are not read again.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from notes.clini_note_extractor.model.words import Words

# Word pieces. With both contexts and two marks a window stays below LONGEST.
FEWEST, CORE, BEFORE, AFTER = 112, 192, 36, 24
LONGEST = 256


@dataclass(frozen=True, slots=True)
class Window:
    """Words `begin` to `end` are read; of these the answers for `first` to `last` are kept."""

    begin: int
    first: int
    last: int
    end: int


@dataclass(frozen=True, slots=True)
class Sizes:
    """Word pieces: a window's own at least and at most, its context before and after."""

    fewest: int = FEWEST
    core: int = CORE
    before: int = BEFORE
    after: int = AFTER


def windows_of(words: Words, sizes: Sizes | None = None) -> Iterator[Window]:
    """Windows in order; each word is kept in exactly one."""
    sizes = sizes or Sizes()
    total = words.first
    first = 0
    while first < len(words):
        last = _end_of(words, total, first, sizes)
        begin = int(np.searchsorted(total, max(0, total[first] - sizes.before), side="left"))
        whole = last == len(words) or words.cuts[last]
        end = int(np.searchsorted(total, total[last] + sizes.after, side="right")) - 1
        yield Window(min(begin, first), first, last, last if whole else max(end, last))
        first = last


def _end_of(words: Words, total: NDArray[np.int64], first: int, sizes: Sizes) -> int:
    """One past the window's last own word: where a sentence begins, if one does between `fewest` and `core`
    pieces on; else as late as `core` allows.
    """
    latest = max(int(np.searchsorted(total, total[first] + sizes.core, side="right")) - 1, first + 1)
    if latest >= len(words):
        return len(words)
    soonest = int(np.searchsorted(total, total[first] + sizes.fewest, side="left"))
    starts = [soonest + int(one) for one in np.flatnonzero(words.cuts[soonest : latest + 1])]
    return min(starts, key=lambda word: (_mixed(words, word), -word)) if starts else latest


def _mixed(words: Words, word: int) -> int:
    """A number without meaning, always the same for the same three words before a place."""
    begin, end = words.first[max(0, word - 3)], words.first[word]
    mixed = 0
    for piece in words.pieces[begin:end].tolist():
        mixed = (mixed * 31 + piece) % 10_007
    return mixed


def pieces_of(words: Words, window: Window, *, begin_mark: int, end_mark: int) -> NDArray[np.int64]:
    """The window's word pieces between the encoder's two marks."""
    own = words.pieces[words.first[window.begin] : words.first[window.end]]
    return np.concatenate([[begin_mark], own, [end_mark]]).astype(np.int64)


def first_pieces(words: Words, window: Window) -> NDArray[np.int64]:
    """Where, in `pieces_of` the window, each of its own words begins."""
    own: NDArray[np.int64] = 1 + words.first[window.first : window.last] - words.first[window.begin]
    return own
