"""What real notes look like: capitals, dictation without punctuation, typing errors, shorthand, artefacts of
export, odd white space. Mentions stay mentions.
"""

from __future__ import annotations

import random
import re

from notes.clini_note_extractor.training.generator.pieces import Piece, Pieces
from notes.clini_note_extractor.types import Note

# A doubled or lost letter in a short word makes another word; numbers are never changed.
SHORTEST_MISSPELT = 5
SHORTHAND = (
    (r"\bwithout\b", "w/o"), (r"\bwith\b", "w/"), (r"\bstatus post\b", "s/p"), (r"\bsecondary to\b", "2/2"),
    (r"\b[Pp]atient\b", "pt"), (r"\bcomplains of\b", "c/o"), (r"\bincreased?\b", "↑"), (r"\bdecreased\b",
    "dec"),
    (r"\bbecause of\b", "d/t"), (r"\bhistory of\b", "h/o"), (r"\bminutes\b", "min"), (r"\bweeks\b", "wks"),
    (r"\band\b", "&"), (r"\bwithin normal limits\b", "WNL"), (r"\bsecondary\b", "2°"), (r"\bdue to\b", "d/t"),
    (r"\bafter\b", "p"), (r"\bdiagnosis\b", "dx"), (r"\bapproximately\b", "~"), (r"\brepetitions\b", "reps"),
)  # fmt: skip
NEIGHBOURS = {
    "a": "s",
    "e": "r",
    "i": "o",
    "o": "p",
    "n": "m",
    "t": "r",
    "s": "d",
    "l": "k",
    "u": "y",
    "c": "v",
}


def spoiled(rng: random.Random, pieces: Pieces) -> Pieces:
    """The pieces as one of many writers, or their software, would leave them."""
    draw = rng.random()
    if draw < 0.09:
        pieces = in_capitals(pieces)
    elif draw < 0.13:
        pieces = in_small_letters(pieces)
    if rng.random() < 0.09:
        pieces = without_punctuation(pieces, keep=rng.choice(("", ".", ":")))
    if rng.random() < 0.12:
        pieces = in_shorthand(rng, pieces)
    if rng.random() < 0.22:
        pieces = misspelt(rng, pieces, share=rng.choice((0.004, 0.01, 0.03)))
    if rng.random() < 0.1:
        pieces = [one.saying(one.text.replace("'", "’")) for one in pieces]
    if rng.random() < 0.25:
        pieces = [one.saying(one.text.replace("  ", " ")) for one in pieces]
    return pieces


def in_capitals(pieces: Pieces) -> Pieces:
    """All capitals, as in old dictation systems; characters that would become two stay."""
    return [one.saying("".join(c.upper() if len(c.upper()) == 1 else c for c in one.text)) for one in pieces]


def in_small_letters(pieces: Pieces) -> Pieces:
    """No capitals at all."""
    return [one.saying("".join(c.lower() if len(c.lower()) == 1 else c for c in one.text)) for one in pieces]


def without_punctuation(pieces: Pieces, *, keep: str) -> Pieces:
    """Raw dictation: full stops, commas and semicolons are lost outside of mentions and numbers."""
    lost = re.compile("[" + "".join(c for c in ".,;:" if c not in keep) + r"](?!\d)")
    return [one if one.label else one.saying(lost.sub("", one.text)) for one in pieces]


def in_shorthand(rng: random.Random, pieces: Pieces) -> Pieces:
    """Some words abbreviated outside of mentions."""
    used = rng.sample(SHORTHAND, rng.randint(3, 9))

    def short(piece: Piece) -> Piece:
        text = piece.text
        for pattern, abbreviation in used:
            text = re.sub(pattern, abbreviation, text)
        return piece.saying(text)

    return [one if one.label else short(one) for one in pieces]


def misspelt(rng: random.Random, pieces: Pieces, *, share: float) -> Pieces:
    """A share of the longer words with one typing error."""

    def spoil(found: re.Match[str]) -> str:
        word = found.group()
        if rng.random() >= share * 4 or word.isupper():
            return word
        at = rng.randrange(1, len(word) - 1)
        return rng.choice((
            word[:at] + word[at + 1] + word[at] + word[at + 2 :],
            word[:at] + word[at + 1 :],
            word[: at + 1] + word[at:],
            word[:at] + NEIGHBOURS.get(word[at], word[at]) + word[at + 1 :],
        ))  # fmt: skip

    words = re.compile(rf"[A-Za-z]{{{SHORTEST_MISSPELT},}}")
    return [one.saying(words.sub(spoil, one.text)) for one in pieces]


def exported(pieces: Pieces) -> Pieces:
    """Line breaks become commas, as in notes that went through a spreadsheet: "GAIT: ,Antalgic.,PLAN: ,"."""
    return [one if one.label else one.saying(re.sub(r"\s*\n+\s*", ",", one.text)) for one in pieces]


def wrapped(rng: random.Random, note: Note) -> Note:
    """Lines broken at a width, also within a mention; no offset moves because a blank becomes the break."""
    width = rng.choice((60, 72, 76, 80, 100))
    text = list(note.text)
    begin, last_blank = 0, -1
    for at, character in enumerate(note.text):
        if character == "\n":
            begin, last_blank = at + 1, -1
        elif character == " " and at and note.text[at - 1] != " ":
            if at - begin > width and last_blank > begin:
                text[last_blank] = "\n"
                begin = last_blank + 1
            last_blank = at
    return Note(note.id, "".join(text), note.entities)
