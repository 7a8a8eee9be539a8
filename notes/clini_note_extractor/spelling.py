"""Words that are no known word but nearly one: a slip of the keyboard, or British spelling.

After SymSpell (Garbe 2012): both words lose a letter and are compared. Bounded so that it hurts little: one
letter added, left out, changed or swapped with its neighbour, in words of nine letters and more (left out
or swapped: seven), same first letter, never in the last two letters, where English inflects. Words in
SOUND_WORDS are near a clinical word and are right as they are.
"""

from __future__ import annotations

import re
from functools import lru_cache

from notes.clini_note_extractor.lexicon import Node, vocabulary

SHORTEST = 7
SHORTEST_CHANGED = 9
INFLECTED = 2
BRITISH = (
    (re.compile(r"aem"), "em"), (re.compile(r"oed"), "ed"), (re.compile(r"noea"), "nea"),
    (re.compile(r"paed"), "ped"),
    (re.compile(r"haem"), "hem"), (re.compile(r"oes(?=oph|trog)"), "es"),
    (re.compile(r"is(?=ation|ations|ed|ing)"), "iz"),
    (re.compile(r"ll(?=ing|ed)"), "l"), (re.compile(r"aes"), "es"), (re.compile(r"rrhoea"), "rrhea"),
    (re.compile(r"tre$"), "ter"),
)  # fmt: skip
SOUND_WORDS = frozenset({
    "nothing", "exiting", "tracing", "needing", "cleaning", "retains", "fiction", "handing", "alright",
    "compete", "competes",
    "leaning", "topical", "singles", "regaining", "freeing", "deleted", "patents", "sifting", "reorder",
    "retain",
    "confusion", "connected", "incisions", "injections", "projection", "projections", "structure",
    "structures", "contiguous",
    "projector", "revocation", "expensive", "displayed", "additions", "splitting", "prevented",
    "presenting", "rejection",
    "impatient", "contracts", "batteries", "fractions", "multiplies", "artistic", "projective",
    "refrained", "complaint",
    "contiguity", "aesthetic", "detention", "retention", "intention", "attention", "tractions",
    "exertions", "competed",
    "completing", "inflection", "affection", "reception", "reflection", "collection", "selection",
    "perfusion",
})  # fmt: skip


@lru_cache(maxsize=4096)
def corrected(word: str) -> str:
    """The known word that an unknown one stands for; the word itself where there is none, or more than
    one."""
    known = _known_words()
    if word in known or not word.isalpha():
        return word
    for pattern, american in BRITISH:
        other = pattern.sub(american, word)
        if other in known:
            return other
    if len(word) < SHORTEST or word in SOUND_WORDS:
        return word
    near = {one for key in _shorter(word) for one in _shorter_words().get(key, ()) if _is_slip(word, one)}
    return near.pop() if len(near) == 1 else word


def _is_slip(word: str, known: str) -> bool:
    """Whether one letter differs, or two neighbours changed places, and not at either end."""
    if word[0] != known[0] or word[-INFLECTED:] != known[-INFLECTED:] or abs(len(word) - len(known)) > 1:
        return False
    at = next((place for place in range(min(len(word), len(known))) if word[place] != known[place]), None)
    if at is None:
        return False
    if len(word) == len(known):
        swapped = word[at : at + 2] == known[at : at + 2][::-1] and word[at + 2 :] == known[at + 2 :]
        return swapped or (len(word) >= SHORTEST_CHANGED and word[at + 1 :] == known[at + 1 :])
    if len(word) > len(known) and len(word) < SHORTEST_CHANGED:
        return False
    longer, shorter = (word, known) if len(word) > len(known) else (known, word)
    return longer[at + 1 :] == shorter[at:]


def _shorter(word: str) -> set[str]:
    return {word} | {word[:at] + word[at + 1 :] for at in range(1, len(word))}


@lru_cache(maxsize=1)
def _known_words() -> frozenset[str]:
    words: set[str] = set()
    waiting: list[Node] = [vocabulary()]
    while waiting:
        node = waiting.pop()
        words.update(node.then)
        waiting.extend(node.then.values())
    return frozenset(words)


@lru_cache(maxsize=1)
def _shorter_words() -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for word in _known_words():
        if len(word) >= SHORTEST and word.isalpha():
            for key in _shorter(word):
                found[key] = (*found.get(key, ()), word)
    return found
