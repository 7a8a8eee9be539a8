"""A note's words with their offsets. Nothing is normalised in place: offsets stay those of the original
text.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

# Letters and digits with inner apostrophes are one token, any other visible character is one of its own.
TOKEN = re.compile(r"[^\W_]+(?:['’][^\W_]+)*|_+|[^\w\s]")
HYPHENS = frozenset("-‐‑‒–—")
# A line break ends a phrase unless the next line goes on in lower case, as wrapped prose does.
HARD_BREAK = re.compile(r"(?:\r\n?|\n|\u2028|\u2029|\f|\v)[^\S\r\n]{0,12}(?=[^\sa-z])")


# Marks without width stand between words of copied text; as blanks they disturb nothing and keep all offsets.
MARKS = dict.fromkeys(
    (0x00AD, 0x061C, 0xFEFF, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x206A)), " "
)


def without_marks(text: str) -> str:
    """The text with marks of writing direction and joining as blanks; as long as before."""
    return text.translate(MARKS)


@dataclass(frozen=True, slots=True)
class Token:
    """A word or sign: half-open offsets, the text as written, and the form that lexicons know."""

    start: int
    end: int
    text: str
    norm: str


def tokens_of(text: str) -> Iterator[Token]:
    """Every token in reading order; marks without width (right-to-left marks, joiners) are passed over."""
    for found in TOKEN.finditer(text):
        word = found.group()
        if len(word) == 1 and unicodedata.category(word) in {"Cf", "Mn", "Cc"}:
            continue
        yield Token(found.start(), found.end(), word, normal(word))


def normal(word: str) -> str:
    """Lower case without apostrophes: "Parkinson’s" and "parkinsons" are one word."""
    return word.lower().replace("'", "").replace("’", "") or word


def hard_breaks(text: str) -> list[int]:
    """Offsets of line breaks that end a phrase."""
    return [found.start() for found in HARD_BREAK.finditer(text)]
