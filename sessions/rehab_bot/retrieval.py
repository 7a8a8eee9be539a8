"""Finding the passages that answer a question: BM25 and likeness of meaning together, with a floor.

The two scores are added after scaling each to 0..1.
Only the passages handed in are searched: one patient's plan, never the clinic's other plans.
"""

import re
from collections.abc import Sequence
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sessions.rehab_bot.bm25 import WordIndex
from sessions.rehab_bot.knowledge import shipped_common_words
from sessions.rehab_bot.patient_words import mended
from sessions.rehab_bot.types import Found, Passage, PassageKind

if TYPE_CHECKING:
    from sessions.rehab_bot.encoder import Encoder

FLOOR = 0.34
WORDS_ALONE_FLOOR = 0.1
MEANING_SHARE = 0.65
BM25_FULL = 12.0
OWN_EXERCISE = 0.15
OF_ONE_PATIENT = frozenset({PassageKind.DOSE, PassageKind.SCHEDULE})
WORD = re.compile(r"[a-z0-9]+")

Scores = NDArray[np.float64]


class Library:
    """The passages of one turn, ready to be searched."""

    def __init__(self, passages: Sequence[Passage], encoder: "Encoder | None") -> None:
        self.passages = tuple(passages)
        self.encoder = encoder

    def search(self, question: str, *, exercise_code: str = "", k: int = 6) -> list[Found]:
        """The best passages over the floor, the best first, at most `k`.

        With `exercise_code`, passages of other exercises are left out and its own are preferred.
        """
        if not self.passages or not question.strip():
            return []
        scores, floor = self._scores(question)
        for place, passage in enumerate(self.passages):
            if exercise_code and passage.exercise_code:
                scores[place] += OWN_EXERCISE if passage.exercise_code == exercise_code else -2.0
        best = sorted(range(len(scores)), key=lambda place: (-scores[place], place))[:k]
        found = [Found(self.passages[place], min(1.0, float(scores[place]))) for place in best]
        return [one for one in found if one.score >= floor]

    def _scores(self, question: str) -> tuple[Scores, float]:
        words = self._by_words(question)
        if self.encoder is None:
            return words, WORDS_ALONE_FLOOR
        return MEANING_SHARE * self._by_meaning(question) + (1 - MEANING_SHARE) * words, FLOOR

    def _by_words(self, question: str) -> Scores:
        return np.minimum(self._index.scores(stems_of(question)) / BM25_FULL, 1.0)

    @cached_property
    def _index(self) -> WordIndex:
        return WordIndex([_stems_of_passage(one) for one in self.passages])

    def _by_meaning(self, question: str) -> Scores:
        """How like the question is to the nearest wording under which each passage can be found.

        What is one patient's own, such as a dose, is found by its questions alone: vectors are then shared.
        They are not put together for a turn: a hundred turns at once would hold as many copies.
        """
        encoder = _encoder_of(self.encoder)
        vector = encoder.encode([mended(question)])[0]
        nearest = [float((_vectors_of(encoder, one) @ vector).max()) for one in self.passages]
        return np.clip(np.array(nearest, dtype=np.float64), 0.0, 1.0)


def _vectors_of(encoder: "Encoder", passage: Passage) -> NDArray[np.float32]:
    text = () if passage.kind in OF_ONE_PATIENT else (passage.text,)
    if passage.kind == PassageKind.RULE:
        return _shared_vectors(encoder, passage.questions, (passage.title, *text))
    return encoder.remember((*_mended(passage.questions), passage.title, *text))


@lru_cache(maxsize=256)
def _shared_vectors(
    encoder: "Encoder", questions: tuple[str, ...], texts: tuple[str, ...]
) -> NDArray[np.float32]:
    """Vectors of a passage that every patient shares."""
    return encoder.remember((*_mended(questions), *texts))


@lru_cache(maxsize=1024)
def _mended(questions: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(mended(question) for question in questions)


def _stems_of_passage(passage: Passage) -> list[str]:
    questions = _stems_of_questions((passage.title, *passage.questions))
    return [*questions, *stems_of(passage.text)]


@lru_cache(maxsize=1024)
def _stems_of_questions(questions: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(stem for question in questions for stem in stems_of(question))


def _encoder_of(encoder: "Encoder | None") -> "Encoder":
    if encoder is None:
        raise ValueError("this library searches by words alone")
    return encoder


def stems_of(text: str) -> list[str]:
    """Words without endings that change nothing, common words left out."""
    return [
        _stem(word)
        for word in WORD.findall(text.lower().replace("'", ""))
        if word not in shipped_common_words()
    ]


def _stem(word: str) -> str:
    for ending in ("ings", "ing", "ies", "es", "ed", "s"):
        if word.endswith(ending) and len(word) - len(ending) >= 3 and not word.endswith("ss"):
            return word[: -len(ending)] + ("y" if ending == "ies" else "")
    return word
