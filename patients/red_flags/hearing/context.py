"""What is said about a stretch of words: denied, past, long-standing, of somebody else, or only supposed.

A reading of ConText (Harkema et al. 2009, J Biomed Inform 42:839) for patients' own words: cues open a scope
that ends at a contrast, a new subject or the end of the sentence. In doubt a sign counts, because a missed
one costs more.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from patients.red_flags.hearing.expressions import Finder, Lexicon
from patients.red_flags.hearing.spelling import FOLDER
from patients.red_flags.hearing.tokens import Token

NEGATION_REACH = 12
SETTLED_REACH = 9


@dataclass(slots=True)
class Standing:
    """What holds for one word."""

    denied: bool = False
    past: bool = False
    chronic: bool = False
    other: bool = False
    supposed: bool = False
    settled: bool = False
    cleared: bool = False


@cache
def cue_lexicon() -> Lexicon:
    """The cues of this release."""
    data = _cue_data()
    return Lexicon(data["concepts"], heard=[name for name in data["concepts"] if name not in data["pieces"]])


@cache
def _cue_data() -> dict[str, Any]:
    return dict(json.loads((FOLDER / "cues.json").read_text(encoding="utf-8")))


def _words(name: str) -> frozenset[str]:
    return _word_sets()[name]


@cache
def _word_sets() -> dict[str, frozenset[str]]:
    return {name: frozenset(words.split()) for name, words in _cue_data()["words"].items()}


def cue_vocabulary() -> frozenset[str]:
    """Every word of a cue."""
    return cue_lexicon().vocabulary.union(*_word_sets().values())


def read_standing(tokens: Sequence[Token]) -> list[Standing]:
    """One Standing for each word."""
    standing = [Standing() for _ in tokens]
    cues = Finder(cue_lexicon(), tokens).all()
    for begin, end in _sentences(tokens):
        _mark_denied(tokens, standing, cues, (begin, end))
        _mark_other(tokens, standing, (begin, end))
        _mark_supposed(tokens, standing, cues, (begin, end))
        _mark_settled(tokens, standing, cues, (begin, end))
    _mark_times(tokens, standing, cues)
    return standing


def _sentences(tokens: Sequence[Token]) -> Iterator[tuple[int, int]]:
    begin = 0
    for place in range(1, len(tokens) + 1):
        if place == len(tokens) or tokens[place].sentence != tokens[begin].sentence:
            yield begin, place
            begin = place


Found = dict[str, list[tuple[int, int]]]


def _covered(cues: Found, name: str) -> set[int]:
    return {place for begin, end in cues.get(name, ()) for place in range(begin, end)}


def _mark_denied(
    tokens: Sequence[Token], standing: list[Standing], cues: Found, sentence: tuple[int, int]
) -> None:
    not_denying = _covered(cues, "pseudo_denial")
    for place in range(*sentence):
        if tokens[place].word not in _words("denial") or place in not_denying:
            continue
        if tokens[place].word == "no" and _opens_answer(tokens, place, sentence[1]):
            continue
        for reached in range(place + 1, min(sentence[1], place + 1 + NEGATION_REACH)):
            if _ends_denial(tokens, reached, cue=place):
                break
            standing[reached].denied = True


def _opens_answer(tokens: Sequence[Token], place: int, end: int) -> bool:
    after = place + 1
    return after < end and (tokens[after].comma or tokens[after].word in _words("subject"))


def _ends_denial(tokens: Sequence[Token], place: int, *, cue: int) -> bool:
    token, before = tokens[place], tokens[place - 1]
    if token.word in _words("contrast"):
        return True
    if token.word in _words("subject") or (token.comma and token.word in _words("restart")):
        return place - 1 != cue and before.word not in _words("carries_on")
    return False


def _mark_other(tokens: Sequence[Token], standing: list[Standing], sentence: tuple[int, int]) -> None:
    """A word belongs to whoever was named last before it; "my wife says" leaves the patient speaking."""
    other = False
    for place in range(*sentence):
        word = tokens[place].word
        if word in _words("people") or word in _words("they"):
            if not _is_object(tokens, place, sentence[0]):
                other = not _reports(tokens, place, sentence[1])
        elif word in _words("self") and not _is_relative(tokens, place, sentence[1]):
            other = False
        standing[place].other = other


def _is_relative(tokens: Sequence[Token], place: int, end: int) -> bool:
    """Is it "my" of "my old mum"?"""
    if tokens[place].word not in ("my", "our"):
        return False
    near = [token.word for token in tokens[place + 1 : min(end, place + 4)]]
    stop = next((k for k, word in enumerate(near) if word in _words("people")), None)
    return stop is not None and not any(word in _words("breaks_kin") for word in near[:stop])


def _reports(tokens: Sequence[Token], place: int, end: int) -> bool:
    near = tokens[place + 1 : min(end, place + 4)]
    return any(not _words("reporting").isdisjoint(token.forms) for token in near)


def _is_object(tokens: Sequence[Token], place: int, begin: int) -> bool:
    """Is it the dog that was tripped over, or somebody else's hand that it feels like?"""
    if place + 1 < len(tokens) and tokens[place + 1].word in ("else", "elses"):
        return True
    return any(token.word in _words("object_before") for token in tokens[max(begin, place - 2) : place])


def _mark_supposed(
    tokens: Sequence[Token], standing: list[Standing], cues: Found, sentence: tuple[int, int]
) -> None:
    spans = [span for span in cues.get("supposing", ()) if sentence[0] <= span[0] < sentence[1]]
    if any(sentence[0] <= place < sentence[1] for place, _ in cues.get("asks_what_to_do", ())):
        spans += [span for span in cues.get("condition", ()) if sentence[0] <= span[0] < sentence[1]]
    for begin, _ in spans:
        for place in range(begin, sentence[1]):
            if place > begin and tokens[place].word in _words("ends_supposing"):
                break
            standing[place].supposed = True


def _mark_settled(
    tokens: Sequence[Token], standing: list[Standing], cues: Found, sentence: tuple[int, int]
) -> None:
    not_settled = _covered(cues, "not_settled")
    for begin, end in cues.get("settled", ()):
        if not sentence[0] <= begin < sentence[1] or standing[begin].supposed:
            continue
        if not not_settled.isdisjoint(range(begin, end)):
            continue
        for place in range(begin - 1, max(sentence[0], begin - SETTLED_REACH) - 1, -1):
            if tokens[place].word in _words("contrast") and not _goes_on(tokens, place):
                break
            standing[place].settled = True
    for begin, _ in cues.get("cleared", ()):
        if sentence[0] <= begin < sentence[1]:
            for place in range(sentence[0], sentence[1]):
                if tokens[place].word in _words("contrast"):
                    break
                standing[place].cleared = True


def _goes_on(tokens: Sequence[Token], place: int) -> bool:
    """Is it "but it went away"?"""
    return tokens[place].word in ("but", "now", "then") and tokens[place + 1].word in _words("settles_on")


def _clauses(tokens: Sequence[Token]) -> list[tuple[int, int]]:
    starts = [0]
    for place in range(1, len(tokens)):
        token, before = tokens[place], tokens[place - 1]
        new_sentence = token.sentence != before.sentence
        split = token.comma or token.word in _words("contrast") or token.word in ("and", "when", "since")
        if new_sentence or (split and token.word not in ("just", "only", "apart", "except")):
            starts.append(place)
    return [(a, b) for a, b in zip(starts, [*starts[1:], len(tokens)], strict=True) if a < b]


def _mark_times(tokens: Sequence[Token], standing: list[Standing], cues: Found) -> None:
    """Past and long-standing hold for their clause; past carries on in a sentence until something is new."""
    clauses = _clauses(tokens) if tokens else []
    for kind, points_back in (("past", True), ("chronic", False)):
        covered, now = _covered(cues, kind), _covered(cues, "now")
        carried = False
        for which, (begin, end) in enumerate(clauses):
            if which and tokens[begin].sentence != tokens[begin - 1].sentence:
                carried = False
            is_now = any(place in now for place in range(begin, end))
            said = any(place in covered for place in range(begin, end))
            lasts = carried and kind == "past" and not _is_present(tokens, begin, end)
            carried = not is_now and (said or lasts)
            if carried:
                _set(standing, kind, (begin, end))
            if said and points_back and which and _looks_back(tokens, begin) and not is_now:
                _set(standing, kind, clauses[which - 1])


def _is_present(tokens: Sequence[Token], begin: int, end: int) -> bool:
    return any(token.word in _words("present") for token in tokens[begin:end])


def _looks_back(tokens: Sequence[Token], begin: int) -> bool:
    return any(
        token.word in ("that", "this", "it", "was", "all", "years", "back")
        for token in tokens[begin : begin + 3]
    )


def _set(standing: list[Standing], kind: str, clause: tuple[int, int]) -> None:
    for place in range(*clause):
        setattr(standing[place], kind, True)
