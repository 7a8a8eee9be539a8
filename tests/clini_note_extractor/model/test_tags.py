"""The decoder against a search through every row of tags, and tags there and back."""

from itertools import pairwise, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from notes.clini_note_extractor.model.tags import FORBIDDEN, LABELS, TAGS, decode, lawful, tag_rows

FEW = 9  # O and the tags of two labels: every row of four can be tried


def best_by_trying(log_probabilities: np.ndarray) -> float:
    table = lawful()
    scores = []
    for row in product(range(FEW), repeat=len(log_probabilities)):
        steps = [table[0, row[0]], *(table[one, other] for one, other in pairwise(row)), table[row[-1], 0]]
        if min(steps) > FORBIDDEN / 2:
            scores.append(sum(log_probabilities[place, tag] for place, tag in enumerate(row)))
    return max(scores)


@given(st.integers(1, 4), st.integers(0, 10_000))
@settings(max_examples=25, deadline=None)
def test_the_likeliest_lawful_row_is_found(count: int, seed: int) -> None:
    logits = np.full((count, len(TAGS)), -60.0)
    logits[:, :FEW] = np.random.default_rng(seed).normal(0, 2, (count, FEW))
    log_probabilities = logits - np.log(np.exp(logits).sum(axis=1, keepdims=True))
    spans = decode(log_probabilities)
    tags = tag_rows([(one.first, one.last, LABELS[one.label]) for one in spans], count)
    found = log_probabilities[np.arange(count), tags].sum()
    assert found == pytest.approx(best_by_trying(log_probabilities), abs=1e-9)


def test_spans_come_back_with_their_probability() -> None:
    spans = [(0, 1, "LATERALITY"), (1, 4, "DIAGNOSIS"), (5, 7, "ROM")]
    tags = tag_rows(spans, 8)
    assert [TAGS[tag] for tag in tags] == [
        "S-LATERALITY", "B-DIAGNOSIS", "I-DIAGNOSIS", "E-DIAGNOSIS", "O", "B-ROM", "E-ROM", "O",
    ]  # fmt: skip
    rest = np.log(0.2 / (len(TAGS) - 1))
    log_probabilities = np.full((8, len(TAGS)), rest)
    log_probabilities[np.arange(8), tags] = np.log(0.8)
    found = decode(log_probabilities)
    assert [(one.first, one.last, LABELS[one.label]) for one in found] == spans
    assert [one.probability for one in found] == pytest.approx([0.8] * 3)


def test_nothing_stays_open_at_the_end() -> None:
    log_probabilities = np.full((2, len(TAGS)), -9.0)
    log_probabilities[:, TAGS.index("B-ROM")] = -0.1
    log_probabilities[1, TAGS.index("E-ROM")] = -0.5
    assert [(one.first, one.last) for one in decode(log_probabilities)] == [(0, 2)]
    assert decode(np.zeros((0, len(TAGS)))) == []
