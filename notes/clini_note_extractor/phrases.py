"""A note as a row of phrases: known wordings, longest first, and the words between them, one letter each."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass

from notes.clini_note_extractor.lexicon import LOOKALIKES, Entry, Node, vocabulary
from notes.clini_note_extractor.spelling import corrected
from notes.clini_note_extractor.tokens import HYPHENS, Token, hard_breaks, tokens_of

LETTERS = {
    "special_test": "B", "not_region": "B", "not_intervention": "B", "not_diagnosis": "B", "measure": "M",
    "surgery": "U",
    "diagnosis_head": "D", "intervention": "I", "region": "R", "region_adjective": "A", "exercise_head": "E",
    "intervention_head": "T", "surgery_head": "Z", "diagnosis_generic": "G", "own_remedy": "H", "device": "V",
    "nerve_noun": "N", "side": "s", "side_letter": "l", "symptom": "y", "part_of_name": "m",
    "class_noun": "j",
    "level_noun": "k", "vessel": "q", "muscle_group": "g", "not_alone": "i", "degree": "e",
    "direction": "x", "diagnosis_modifier": "d", "surgery_modifier": "u",
    "intervention_modifier": "i", "site_word": "f", "upon": "a", "article": "t", "joiner": "c",
    "stop_word": "w",
}  # fmt: skip
# "PE:" heads the physical examination.
HEADING_LETTERS = frozenset({"pe", "ra", "pt", "ms"})
LONGEST_PHRASE = 12
# An abbreviation with next to nothing around it says nothing of how the note is written.
FEW_LETTERS = 12
DIAGNOSIS_SUFFIX = re.compile(
    r"\w{3,}(?:itis|osis|opathy|oses|opathies|plegia|paresis|noma|coma|sarcoma|emia|iasis|penia|plasia"
    r"|trophy|phasia"
    r"|arthria|praxia|pathies|cele|malacia|sclerosis)"
)
NOT_DIAGNOSIS = frozenset(
    {"sternoma", "anastomosis", "homeostasis", "osteopathy", "trauma", "hypertrophy", "symptoma"}
)
SURGERY_SUFFIX = re.compile(r"\w{3,}(?:ectomy|plasty|otomy|ostomy|orrhaphy|desis|ectomies|plasties|otomies)")
LEVEL = re.compile(
    r"(?<![A-Za-z0-9])(?:C[1-8]|T(?:1[0-2]|[1-9])|L[1-5]|S[1-5])"
    r"(?:(?:\s?[-–/]\s?|\s(?:to|through"
    r"|thru)\s)(?:(?:C[1-8]|T(?:1[0-2]|[1-9])|L[1-5]|S[1-5])|(?:1[0-2]|[1-9])))?(?![A-Za-z0-9])"
    r"(?!\s?[-–]?\s?weighted)(?:\s?[-–/]\s?(?:[CTLS]\d{1,2}|[1-5])(?![A-Za-z0-9/]))?",
    re.IGNORECASE,
)  # fmt: skip
VITAMIN = re.compile(r"\b(?:types?|stage|grade|phase|PDMS|vitamin)[\s-]$", re.IGNORECASE)
# "Sensation from L2 to S1" names two levels, "fusion T4 through T9" one stretch.
FAR_LEVELS = re.compile(r"\s(?:to|through|thru)\s", re.IGNORECASE)
FUSED = re.compile(
    r"\b(?:fusion|fused|laminectom\w+|instrument\w+|decompress\w+|ACDF|rods?)\b[^.;]{0,25}$", re.IGNORECASE
)
FUSED_AFTER = re.compile(
    r"\W*(?:(?:posterior|anterior|lateral|spinal|instrumented|segmental|cervical|lumbar|thoracic"
    r"|bilateral)\W{1,3}){0,3}"
    r"(?:fusion|laminectom|instrument|decompress|laminoplast|ACDF)",
    re.IGNORECASE,
)
HEART_SOUND = re.compile(r"\b(?:heart|cardiac|murmurs?|rhythm|gallop)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Phrase:
    """Half-open offsets, the letter that stands for its kind, and the lexicon's entry where there is one."""

    start: int
    end: int
    letter: str
    entry: Entry | None = None


def phrases_of(text: str) -> list[Phrase]:
    """The whole note as phrases; linear in its length."""
    tokens = list(tokens_of(text))
    starts = [token.start for token in tokens]
    fixed = _levels(text)
    breaks = hard_breaks(text)
    found: list[Phrase] = []
    at = 0
    while at < len(tokens):
        token = tokens[at]
        if found and _break_between(breaks, found[-1].end, token.start):
            found.append(Phrase(found[-1].end, found[-1].end, "|"))
        if token.start in fixed:
            end = fixed[token.start]
            found.append(Phrase(token.start, end, "R", Entry("region", "spine", "level")))
            at = bisect_left(starts, end, lo=at)
            continue
        phrase, at = _longest(text, tokens, at, breaks)
        found.append(phrase)
    return found


def _levels(text: str) -> dict[int, int]:
    levels: dict[int, int] = {}
    for found in LEVEL.finditer(text):
        around = text[max(0, found.start() - 60) : found.end() + 40]
        if found.group()[0] in "sS" and len(found.group()) == 2 and HEART_SOUND.search(around):
            continue
        if found.group()[0].islower() and len(found.group()) == 2:
            continue
        if VITAMIN.search(text[max(0, found.start() - 10) : found.start()]):
            continue
        fused = FUSED.search(around[: found.start() - max(0, found.start() - 60)]) or FUSED_AFTER.match(
            text[found.end() : found.end() + 60]
        )
        apart = FAR_LEVELS.search(found.group())
        if apart is None or fused:
            levels[found.start()] = found.end()
        else:
            levels[found.start()] = found.start() + apart.start()
            levels[found.start() + apart.end()] = found.end()
    return levels


def _break_between(breaks: list[int], start: int, end: int) -> bool:
    at = bisect_left(breaks, start)
    return at < len(breaks) and breaks[at] < end


def _longest(text: str, tokens: list[Token], at: int, breaks: list[int]) -> tuple[Phrase, int]:
    """The longest known wording from here, or the bare word; and where to go on."""
    node: Node = vocabulary()
    best: tuple[int, Entry] | None = None
    last_break = _next_break(breaks, tokens[at].start)
    for ahead in range(at, min(at + LONGEST_PHRASE, len(tokens))):
        token = tokens[ahead]
        if token.start > last_break:
            break
        if token.text in HYPHENS and ahead > at and "-" not in node.then:
            if _spaced(text, token):
                break
            continue
        following = node.then.get(token.norm) or node.then.get(corrected(token.norm))
        if following is None:
            break
        node = following
        entry = next((one for one in node.entries if ahead > at or _written_so(text, token, one)), None)
        if entry is not None:
            best = (ahead, entry)
    if best is not None:
        return Phrase(tokens[at].start, tokens[best[0]].end, LETTERS[best[1].kind], best[1]), best[0] + 1
    return Phrase(tokens[at].start, tokens[at].end, _letter_of(tokens[at])), at + 1


def _next_break(breaks: list[int], offset: int) -> int:
    at = bisect_right(breaks, offset)
    return breaks[at] if at < len(breaks) else 1 << 62


def _spaced(text: str, token: Token) -> bool:
    """True where a hyphen stands free, as a dash or a bullet does."""
    return text[token.start - 1 : token.start].isspace() and text[token.end : token.end + 1].isspace()


def _written_so(text: str, token: Token, entry: Entry) -> bool:
    """Whether an abbreviation stands in the letters that make it one."""
    if not entry.abbreviation:
        return True
    if token.norm in HEADING_LETTERS and text[token.end : token.end + 2].lstrip().startswith(":"):
        return False
    # "Ms." is a title, "MS" and "DVTs" are names.
    in_capitals = token.text.isupper() or (len(token.text) > 2 and token.text.rstrip("s").isupper())
    if token.norm in LOOKALIKES or (
        token.text.endswith("s") and (token.norm[:-1] in LOOKALIKES or token.norm[:-2] in LOOKALIKES)
    ):
        return in_capitals and not all_capitals(text, token.start)
    return in_capitals or len(entry.abbreviation) > 2


def all_capitals(text: str, offset: int) -> bool:
    """True where the text around is dictated in capitals."""
    around = [one for one in text[max(0, offset - 40) : offset + 40] if one.isalpha()]
    return len(around) > FEW_LETTERS and sum(one.isupper() for one in around) > 0.75 * len(around)


def _letter_of(token: Token) -> str:
    word = token.norm
    if word[0].isdigit():
        return "n"
    if word.isalpha():
        if DIAGNOSIS_SUFFIX.fullmatch(word) and word not in NOT_DIAGNOSIS:
            return "D"
        if SURGERY_SUFFIX.fullmatch(word):
            return "U"
        return "o" if len(word) >= 3 and not word.endswith("ly") else "w"
    if token.text in HYPHENS:
        return "h"
    return "," if word == "," else "."
