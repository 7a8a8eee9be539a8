"""Tags of the words of a span (begin, inside, end, single), and the likeliest row of them that is lawful."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from notes.clini_note_extractor.types import Label

OUTSIDE = 0
LABELS = tuple(label.value for label in Label)
TAGS = ("O", *(f"{place}-{label}" for label in LABELS for place in "BIES"))
# Within a label's four tags.
BEGIN, INSIDE, END, SINGLE = 1, 2, 3, 4
FORBIDDEN = -1e9


@dataclass(frozen=True, slots=True)
class TaggedSpan:
    """Words first (included) to last (excluded), the label's number in LABELS, and a probability, 0 to 1."""

    first: int
    last: int
    label: int
    probability: float


def tag_rows(spans: Sequence[tuple[int, int, str]], count: int) -> NDArray[np.int64]:
    """One tag a word for spans given as (first word, one past the last, label)."""
    tags = np.zeros(count, dtype=np.int64)
    for first, last, label in spans:
        base = 4 * LABELS.index(label)
        tags[first:last] = base + INSIDE
        tags[first] = base + BEGIN
        tags[last - 1] = base + (SINGLE if last - first == 1 else END)
    return tags


@lru_cache(maxsize=1)
def lawful() -> NDArray[np.float64]:
    """tags × tags: 0 where the second may follow the first, FORBIDDEN elsewhere."""
    table = np.full((len(TAGS), len(TAGS)), FORBIDDEN)
    opens = [OUTSIDE, *(4 * one + place for one in range(len(LABELS)) for place in (BEGIN, SINGLE))]
    closed = [OUTSIDE, *(4 * one + place for one in range(len(LABELS)) for place in (END, SINGLE))]
    table[np.ix_(closed, opens)] = 0.0
    for base in range(0, 4 * len(LABELS), 4):
        for before in (BEGIN, INSIDE):
            table[base + before, [base + INSIDE, base + END]] = 0.0
    return table


def decode(log_probabilities: NDArray[np.float64]) -> list[TaggedSpan]:
    """Spans of the likeliest lawful row of tags (Viterbi 1967), in reading order.

    `log_probabilities`: words × tags. A span's probability is the geometric mean of its tags'.
    """
    if not len(log_probabilities):
        return []
    path = _best_path(log_probabilities)
    spans: list[TaggedSpan] = []
    first = 0
    for number, tag in enumerate(path):
        place = (tag - 1) % 4 + 1 if tag else OUTSIDE
        if place in (BEGIN, SINGLE):
            first = number
        if place in (END, SINGLE):
            chosen = log_probabilities[np.arange(first, number + 1), path[first : number + 1]]
            spans.append(TaggedSpan(first, number + 1, (tag - 1) // 4, float(np.exp(chosen.mean()))))
    return spans


def _best_path(log_probabilities: NDArray[np.float64]) -> NDArray[np.int64]:
    count = len(log_probabilities)
    table = lawful()
    came_from = np.zeros((count, len(TAGS)), dtype=np.int64)
    score = log_probabilities[0] + table[OUTSIDE]
    every = np.arange(len(TAGS))
    for number in range(1, count):
        paths = score[:, None] + table
        came_from[number] = paths.argmax(axis=0)
        score = paths[came_from[number], every] + log_probabilities[number]
    path = np.zeros(count, dtype=np.int64)
    # Nothing may stay open at the end of the note.
    path[-1] = int((score + table[:, OUTSIDE]).argmax())
    for number in range(count - 1, 0, -1):
        path[number - 1] = came_from[number, path[number]]
    return path
