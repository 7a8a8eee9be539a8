"""Turns as rows of word pieces: joined, and cut into windows that overlap, so that no end goes unread."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

WINDOW_PIECES = 128
STEP_PIECES = 64
# A story of this many windows has some 40,000 letters; of a longer one both ends are read.
FIRST_WINDOWS, LAST_WINDOWS = 16, 48

Pieces = NDArray[np.int64]


def joined_pieces(messages: Sequence[str], tokenizer: Tokenizer) -> list[int]:
    """The word pieces of all turns in order, turns parted by the separator, without the marks at the ends."""
    separator = [tokenizer.token_to_id("[SEP]") or 0]
    pieces: list[int] = []
    for message in messages:
        own = tokenizer.encode(readable(message), add_special_tokens=False).ids
        pieces += (separator if pieces and own else []) + own
    return pieces


def readable(text: str) -> str:
    """The text without halves of characters, which no encoder takes."""
    return text.encode("utf-8", "replace").decode("utf-8")


def windows_of(pieces: Sequence[int], tokenizer: Tokenizer) -> list[Pieces]:
    """Rows of at most WINDOW_PIECES with the marks at both ends; none for nothing."""
    begin, end = tokenizer.token_to_id("[CLS]"), tokenizer.token_to_id("[SEP]")
    room = WINDOW_PIECES - 2
    last = max(0, len(pieces) - room)
    starts = [*range(0, last, STEP_PIECES), last] if pieces else []
    if len(starts) > FIRST_WINDOWS + LAST_WINDOWS:
        starts = starts[:FIRST_WINDOWS] + starts[-LAST_WINDOWS:]
    return [np.array([begin, *pieces[at : at + room], end], dtype=np.int64) for at in starts]
