"""Sides: "left", "bilaterally", "(R)". Words that only look like a side stay out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from notes.clini_note_extractor.names import Candidate
from notes.clini_note_extractor.phrases import Phrase, all_capitals
from notes.clini_note_extractor.types import Label, Span

NOT_LEFT = re.compile(
    r"^\s{1,12}(?:the|a|an|his|her|home|hospital|work|on|against|AMA|message|voicemail|untreated|school"
    r"|alone|before|after"
    r"|without|him|them|early|out)\b",
    re.IGNORECASE,
)
WITH_VERB = re.compile(r"^\s{1,12}(?:with|in|at|over)\b", re.IGNORECASE)
LEFT_VERB = re.compile(
    r"\b(?:he|she|they|patient|pt|was|has|had|have|were|is|who|then|weeks|days|time)\s{1,12}$", re.IGNORECASE
)
NOT_RIGHT = re.compile(
    r"^\s{0,12}(?:now|away|after|before|at the|there|here|to (?:refuse|privacy)|of way|and wrong)\b",
    re.IGNORECASE,
)
HANDED = re.compile(
    r"^[\s\-]*(?:hand(?:ed)?(?:ed|edness)?[\s\-]*domin|handed|handedness|hander)", re.IGNORECASE
)
DOMINANT = re.compile(
    r"\bhand(?:ed)?\s{0,12}(?:dominance|dominant)\s{0,12}[:\-]?\s{0,12}(?:is\s{1,12})?$"
    r"|\bhanded(?:ness)?\s{0,12}[:\-]\s{0,12}$",
    re.IGNORECASE,
)
AFTER_LETTER = re.compile(
    r"^\s{0,12}\)?\s{0,12}(?:[:=]?\s{0,12}[-+]?\d|>|<|=|vs|versus|side|LE\b|UE\b|hand\b|foot\b|greater"
    r"|worse|equal|was|is|knee|hip)",
    re.IGNORECASE,
)
# "5 degrees R, 0 degrees L": after a value and before a stop.
AFTER_VALUE = re.compile(r"(?:\d|°|\bdegrees?|\bdeg|/5[+-]?)\s{1,12}$", re.IGNORECASE)
STOP = re.compile(r"\s{0,12}(?:[,.;)]|and\b|$)")
THE = re.compile(r"\b(?:the|on|to)\s{1,12}$", re.IGNORECASE)
TITLED = re.compile(
    r"\b(?:Mr|Ms|Mrs|Miss|Dr|Twin|Baby|Patient|Group|Hepatitis|Vitamin|Type|Grade|Class|Plan|Appendix"
    r"|Exhibit)\.?\s{1,12}$",
    re.IGNORECASE,
)
BODY_LETTERS = frozenset("RAmjx")


def sides_in(text: str, phrases: Sequence[Phrase]) -> Iterator[Candidate]:
    """Every side that is said of the body."""
    for index, phrase in enumerate(phrases):
        if phrase.letter not in "sl" or phrase.entry is None:
            continue
        before = text[max(0, phrase.start - 30) : phrase.start]
        after = text[phrase.end : phrase.end + 30]
        word = text[phrase.start : phrase.end].lower()
        spoken = _spelled_out(word, before, after) if phrase.letter == "s" else False
        if spoken or (phrase.letter == "l" and _letter_means_side(text, phrases, index, after)):
            yield Candidate(Span(phrase.start, phrase.end), Label.LATERALITY, index, index, phrase.entry.name)


def _spelled_out(word: str, before: str, after: str) -> bool:
    if HANDED.match(after) or DOMINANT.search(before):
        return False
    if word == "left" and THE.search(before):
        return True
    if word == "left":
        return not (NOT_LEFT.match(after) or (WITH_VERB.match(after) and LEFT_VERB.search(before)))
    return not (word == "right" and NOT_RIGHT.match(after))


def _letter_means_side(text: str, phrases: Sequence[Phrase], index: int, after: str) -> bool:
    """A lone capital R, L or B next to the body's name, in brackets, or before a value."""
    phrase = phrases[index]
    letter = text[phrase.start : phrase.end]
    if not letter.isupper() or re.match(r"\.\w|['’&]", after):
        return False
    if TITLED.search(text[max(0, phrase.start - 20) : phrase.start]):
        return False
    if re.match(r"^\s?[-/]\s?(?:spine|s\b|\d)", after, re.IGNORECASE):
        return False
    if text[phrase.start - 1 : phrase.start] == "(" and after[:1] == ")":
        return True
    if (
        letter != "B"
        and STOP.match(after)
        and AFTER_VALUE.search(text[max(0, phrase.start - 20) : phrase.start])
    ):
        return True
    following = phrases[index + 1].letter if index + 1 < len(phrases) else ""
    if following in BODY_LETTERS and following:
        return True
    if letter == "B" and all_capitals(text, phrase.start):
        return False
    preceding = phrases[index - 1].letter if index else ""
    return (preceding in BODY_LETTERS and preceding != "" and letter != "B") or bool(
        AFTER_LETTER.match(after)
    )
