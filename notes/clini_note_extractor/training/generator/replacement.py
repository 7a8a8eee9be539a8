"""Written notes made into many: each mention is replaced by another of its kind, lines are mixed."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence

from notes.clini_note_extractor.training.generator import values
from notes.clini_note_extractor.training.generator.case import Case
from notes.clini_note_extractor.training.generator.noise import in_capitals
from notes.clini_note_extractor.training.generator.pieces import (
    Piece,
    Pieces,
    lines_of,
    pieces_of,
    plain,
    with_articles,
)
from notes.clini_note_extractor.types import Label, Note

# Which share of a note's mentions get other words.
SHARES = (0.0, 0.3, 0.6, 0.9)
VERB = re.compile(r"(?i)^(?:\w+ed|taught)\b")
OTHER_SIDE = {"left": "right", "right": "left", "l": "r", "r": "l", "lt": "rt", "rt": "lt"}


def replaced(case: Case, note: Note) -> Pieces:
    """A written note with a share of its mentions replaced; the same words are replaced by the same."""
    rng = case.rng
    share = rng.choice(SHARES)
    mirror = rng.random() < 0.5
    chosen: dict[tuple[Label, str], str] = {}
    made: Pieces = []
    for one in pieces_of(note):
        if one.label is not None:
            key = (one.label, one.text.lower())
            if key not in chosen:
                chosen[key] = _other(case, one, share=share, mirror=mirror)
            one = one.saying(_in_case_of(one.text, chosen[key]))
        made.append(one)
    made = with_articles(made)
    return in_capitals(made) if _is_in_capitals(note.text) else made


def _is_in_capitals(text: str) -> bool:
    letters = [c for c in text if c.isalpha()]
    return sum(c.isupper() for c in letters) > 0.8 * len(letters)


def mixed(case: Case, notes: Sequence[Note]) -> Pieces:
    """Lines of several written notes, in an order of their own, with mentions replaced."""
    lines = [line for note in notes for line in lines_of(replaced(case, note)) if line]
    wanted = case.rng.randint(4, 18)
    picked = case.rng.sample(lines, min(wanted, len(lines)))
    made: Pieces = []
    for line in picked:
        made += [*line, plain("\n")]
    return made


def _other(case: Case, piece: Piece, *, share: float, mirror: bool) -> str:
    """Words for a mention: others of its kind, or its own."""
    if piece.label is Label.LATERALITY:
        return OTHER_SIDE.get(piece.text.lower(), piece.text) if mirror else piece.text
    if case.rng.random() >= share:
        return piece.text
    if piece.label in {Label.PAIN_LEVEL, Label.ROM, Label.STRENGTH, Label.OUTCOME_SCORE}:
        return _other_value(case.rng, piece)
    return _other_name(case, piece)


def _other_value(rng: random.Random, piece: Piece) -> str:
    text = piece.text
    if piece.label is Label.PAIN_LEVEL and "10" in text and rng.random() < 0.5:
        return values.pain(rng)
    if piece.label is Label.STRENGTH and "/5" in text and rng.random() < 0.5:
        return values.grade(rng)
    if piece.label is Label.ROM and re.search(r"\d\s?(?:°|deg)", text) and rng.random() < 0.5:
        return values.angle(rng, rng.choice((30, 60, 90, 140, 180)))
    return _other_digits(rng, piece)


def _other_digits(rng: random.Random, piece: Piece) -> str:
    """The same format with another first number; what it is out of stays."""
    found = re.search(r"\d+", piece.text)
    if found is None:
        return piece.text
    number = int(found.group())
    top = {Label.PAIN_LEVEL: 10, Label.STRENGTH: 5}.get(piece.label or Label.ROM, max(9, number * 2))
    best = re.match(r"\s*(?:/|out of|of)\s*(\d+)", piece.text[found.end() :])
    top = min(top, int(best.group(1))) if best else top
    return piece.text[: found.start()] + str(rng.randint(0, top)) + piece.text[found.end() :]


def _other_name(case: Case, piece: Piece) -> str:
    text = piece.text
    if piece.label is Label.OUTCOME_MEASURE:
        return _measure_like(case, text)
    if piece.label is Label.BODY_REGION:
        return _region_like(case, text)
    if piece.label is Label.INTERVENTION:
        if VERB.match(text):
            return text
        return case.fill("tx", "")[0].text
    if piece.label is Label.SURGERY:
        return case.fill(case.rng.choice(("surg", "oldsurg")), "")[0].text
    return case.fill(case.rng.choice(("dx", "cond")), "")[0].text


def _measure_like(case: Case, text: str) -> str:
    """An instrument counted in the same unit, so that the score that follows stays a score of it."""
    mine = case.pools.measures.get(text.lower())
    if mine is None:
        return text
    for _ in range(60):
        found = case.pools.pick(case.rng, "vocabulary_measure")
        if found.unit == mine.unit:
            if not found.is_common:
                case.names.add(found.words)
            return found.words
    return text


def _region_like(case: Case, text: str) -> str:
    """A region of the same form: one that ends in an adjective's ending, a plural, a level, or any."""
    adjective = text.lower().endswith(("al", "ar", "ic")) and " " not in text
    if re.match(r"(?i)[CTLS]\d", text):
        return text
    return case.fill("region", "adj" if adjective else "any")[0].text


def _in_case_of(model: str, words: str) -> str:
    """Words in capitals where the model was, with a first capital where the model had one."""
    letters = [c for c in model if c.isalpha()]
    if all(c.isupper() for c in letters) and (len(letters) > 5 or words.lower() in OTHER_SIDE):
        return words.upper()
    if model[:1].isupper() and not model.isupper() and words[:1].islower():
        return words[0].upper() + words[1:]
    return words
