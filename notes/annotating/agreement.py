"""How far two annotators agree: strict F1 of spans, Cohen's kappa on tokens, assertion of shared spans.

F1 is symmetric: neither annotator is the truth (Hripcsak & Rothschild, J Am Med Inform Assoc 2005). Kappa is
over tokens, where most are unmarked by both: it says more about where than about what. Intervals draw whole
documents with replacement; with few documents they are too narrow.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from clinic.statistics import Interval
from notes.annotating.spans import Marked
from notes.clini_note_extractor import ASSERTED, Label
from notes.clini_note_extractor.tokens import tokens_of

LABELS = tuple(Label)
DRAWS = 2000
Counts = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Pair:
    """One text as two people marked it."""

    text: str
    a: Sequence[Marked]
    b: Sequence[Marked]


@dataclass(frozen=True, slots=True)
class LabelAgreement:
    """One label: strict span F1 with its interval, and how many spans each marked."""

    label: str
    f1: Interval
    spans_a: int
    spans_b: int


@dataclass(frozen=True, slots=True)
class Agreement:
    """Of a whole project. Values are None where nothing can be said."""

    documents: int
    f1: Interval
    labels: tuple[LabelAgreement, ...]
    kappa: Interval
    assertion: Interval
    asserted_spans: int

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON without any text."""
        return {
            "documents": self.documents,
            "strict_f1": self.f1.to_dict(),
            "kappa_tokens": self.kappa.to_dict(),
            "assertion_accuracy": {**self.assertion.to_dict(), "n": self.asserted_spans},
            "labels": {
                one.label: {**one.f1.to_dict(), "spans": [one.spans_a, one.spans_b]} for one in self.labels
            },
        }


def agreement_of(pairs: Sequence[Pair], *, draws: int = DRAWS, seed: int = 0) -> Agreement:
    """Agreement over documents that two people have marked independently.

    Shapes within: per document 10 labels × (shared, a, b); an 11 × 11 table of tokens; (same, shared)
    asserted spans. Documents are weighted by multinomial draws.
    """
    if not pairs:
        nothing = Interval(None, None, None)
        return Agreement(0, nothing, (), nothing, nothing, 0)
    spans = np.array([_span_counts(pair) for pair in pairs])
    tables = np.array([_token_table(pair) for pair in pairs])
    asserted = np.array([_assertion_counts(pair) for pair in pairs])
    share = np.full(len(pairs), 1 / len(pairs))
    weights = np.random.default_rng(seed).multinomial(len(pairs), share, size=draws).astype(np.float64)
    labels = tuple(
        LabelAgreement(label.value, _interval(spans[:, at], weights, _f1), *_both(spans[:, at]))
        for at, label in enumerate(LABELS)
        if spans[:, at, 1:].sum() > 0
    )
    return Agreement(
        len(pairs),
        _interval(spans.sum(axis=1), weights, _f1),
        labels,
        _interval(tables.reshape(len(pairs), -1), weights, _kappa),
        _interval(asserted, weights, _accuracy),
        int(asserted[:, 1].sum()),
    )


def _both(counts: Counts) -> tuple[int, int]:
    return int(counts[:, 1].sum()), int(counts[:, 2].sum())


def _span_counts(pair: Pair) -> Counts:
    counts = np.zeros((len(LABELS), 3))
    a, b = ({(one.start, one.end, one.label) for one in side} for side in (pair.a, pair.b))
    for at, label in enumerate(LABELS):
        of_a, of_b = ({one for one in side if one[2] == label.value} for side in (a, b))
        counts[at] = len(of_a & of_b), len(of_a), len(of_b)
    return counts


def _token_table(pair: Pair) -> Counts:
    table = np.zeros((len(LABELS) + 1, len(LABELS) + 1))
    places = [(token.start, token.end) for token in tokens_of(pair.text)]
    for row, column in zip(_token_labels(places, pair.a), _token_labels(places, pair.b), strict=True):
        table[row, column] += 1
    return table


def _token_labels(places: Sequence[tuple[int, int]], spans: Sequence[Marked]) -> list[int]:
    """For each token the number of the label whose span touches it, the last number where none does."""
    found, ordered, at = [], sorted(spans, key=lambda one: one.start), 0
    for start, end in places:
        while at < len(ordered) and ordered[at].end <= start:
            at += 1
        touches = at < len(ordered) and ordered[at].start < end
        found.append(LABELS.index(Label(ordered[at].label)) if touches else len(LABELS))
    return found


def _assertion_counts(pair: Pair) -> Counts:
    said = {(one.start, one.end, one.label): one.assertion for one in pair.b}
    shared = [
        one.assertion == said[(one.start, one.end, one.label)]
        for one in pair.a
        if one.label in ASSERTED and (one.start, one.end, one.label) in said
    ]
    return np.array([sum(shared), len(shared)], dtype=np.float64)


def _interval(counts: Counts, weights: Counts, statistic: Callable[[Counts], Counts]) -> Interval:
    """`counts`: documents × numbers. `statistic` takes rows of pooled numbers and may answer NaN."""
    value = float(statistic(counts.sum(axis=0, keepdims=True))[0])
    if np.isnan(value):
        return Interval(None, None, None)
    if len(counts) < 2:
        return Interval(value, None, None)
    drawn = statistic(weights @ counts)
    low, high = np.nanquantile(drawn, [0.025, 0.975])
    return Interval(value, float(low), float(high))


def _f1(pooled: Counts) -> Counts:
    return _ratio(2 * pooled[:, 0], pooled[:, 1] + pooled[:, 2])


def _accuracy(pooled: Counts) -> Counts:
    return _ratio(pooled[:, 0], pooled[:, 1])


def _kappa(pooled: Counts) -> Counts:
    """Cohen's kappa of each flattened table of two raters (1960); NaN where chance alone agrees fully."""
    side = len(LABELS) + 1
    tables = pooled.reshape(-1, side, side)
    total = tables.sum(axis=(1, 2))
    seen = _ratio(np.trace(tables, axis1=1, axis2=2), total)
    chance = _ratio((tables.sum(axis=2) * tables.sum(axis=1)).sum(axis=1), total**2)
    return _ratio(seen - chance, 1 - chance)


def _ratio(top: Counts, bottom: Counts) -> Counts:
    known = bottom > 1e-12
    return np.where(known, top / np.where(known, bottom, 1.0), np.nan)
