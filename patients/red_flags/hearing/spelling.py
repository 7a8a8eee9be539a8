"""Words as people type them, brought to the forms that the lexicon knows.

A word keeps all forms that it may stand for ("swelling": swelling, swell), so that no grammar is needed.
Typing errors are mended towards the lexicon only, by one edit (two in long words), and never for a word on
the guard list.
"""

import json
import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).with_name("lexicon")
LEAST_MENDED = 4
LEAST_TARGET = 5
LEAST_TWO_EDITS = 8
LONGEST_WORD = 24
THRICE = re.compile(r"(.)\1{2,}")
ENDINGS = ("ing", "ed", "es", "s", "ly", "ness", "y")


@cache
def word_lists() -> dict[str, Any]:
    """The short forms, irregular forms, emoji and numbers of this release."""
    return dict(json.loads((FOLDER / "words.json").read_text(encoding="utf-8")))


@cache
def guarded_words() -> frozenset[str]:
    """English words that lie close to a word of the lexicon and must not be taken for it."""
    return frozenset((FOLDER / "guard.txt").read_text(encoding="utf-8").split())


def forms_of(word: str) -> frozenset[str]:
    """The word and what it may be a form of."""
    forms = {word, *_stems(word)}
    irregular = word_lists()["irregular"]
    forms.update(irregular[form] for form in tuple(forms) if form in irregular)
    return frozenset(forms)


def _stems(word: str) -> Iterable[str]:
    if word.endswith("ies") and len(word) > 4:
        yield word[:-3] + "y"
    for ending in ENDINGS:
        stem = word[: -len(ending)]
        if not word.endswith(ending) or len(stem) < 3 or (ending == "s" and stem[-1] in "su"):
            continue
        yield stem
        if ending in ("ing", "ed", "y"):
            yield stem + "e"
            if stem[-1] == stem[-2]:
                yield stem[:-1]


class Mender:
    """Mends words towards `vocabulary`, by an index of the words with one letter left out."""

    def __init__(self, vocabulary: Iterable[str]) -> None:
        self.known = frozenset(vocabulary)
        self.index: dict[str, list[str]] = {}
        for word in sorted(self.known):
            if len(word) >= LEAST_TARGET and word.isalpha():
                for shorter in _shorter(word):
                    self.index.setdefault(shorter, []).append(word)

    def mend(self, word: str) -> str:
        """`word` itself where it or a stem is known, else the nearest known word if one is near enough."""
        for simple in (word, THRICE.sub(r"\1\1", word), THRICE.sub(r"\1", word)):
            if self._is_known(simple):
                return simple
        return self._nearest(THRICE.sub(r"\1\1", word)) or word

    def _is_known(self, word: str) -> bool:
        return word in guarded_words() or not self.known.isdisjoint(forms_of(word))

    def _nearest(self, word: str) -> str | None:
        if not LEAST_MENDED <= len(word) <= LONGEST_WORD or not word.isalpha():
            return None
        most = 2 if len(word) >= LEAST_TWO_EDITS else 1
        near = {known for shorter in _shorter(word) for known in self.index.get(shorter, ())}
        rated = sorted((edits, known) for known in near if (edits := _edits(word, known)) <= most)
        return rated[0][1] if rated else None


def _shorter(word: str) -> set[str]:
    return {word} | {word[:i] + word[i + 1 :] for i in range(len(word))}


def _edits(one: str, other: str) -> int:
    """Insertions, deletions, changes and swaps of neighbours (Damerau, CACM 1964; restricted form)."""
    if abs(len(one) - len(other)) > 2 or one[0] != other[0]:
        return 3
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        earlier, before, row = before, row, [i]
        for j, b in enumerate(other, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                cost = min(cost, earlier[j - 2] + 1)
            row.append(cost)
    return row[-1]
