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


# "14,2 sec": by its unit this comma can only be decimal. With one of these and no decimal point anywhere in a
# note its other commas between digits are decimal too.
DECIMAL_COMMA = re.compile(r"(?<![\d.,/A-Za-z])(\d{1,3}),(\d{1,2})(?![\d,])")
WITH_UNIT = re.compile(
    DECIMAL_COMMA.pattern
    + r"(?=\s{0,2}(?:sec|s\b|m/s|kg|cm|mm|m\b|°|º|degrees?\b|deg\b|/\s?10\b|(?:out )?of 10\b|%|points\b"
    r"|lbs?\b|min))",
    re.IGNORECASE,
)
DECIMAL_POINT = re.compile(r"(?<![\d.])\d{1,3}\.\d{1,2}(?![\d.])")


def without_marks(text: str) -> str:
    """The text with marks of writing direction and joining as blanks; as long as before."""
    return text.translate(MARKS)


def with_points(text: str) -> str:
    """The text with decimal commas as points, where it is written with them; as long as before."""
    if WITH_UNIT.search(text) is None or DECIMAL_POINT.search(text) is not None:
        return text
    return DECIMAL_COMMA.sub(r"\1.\2", text)


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
