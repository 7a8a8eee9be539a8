"""Agreement against hand-counted values and another library."""

import math

import numpy as np
import pytest
from sklearn.metrics import cohen_kappa_score

from notes.annotating.agreement import Pair, agreement_of
from notes.annotating.differences import compare
from notes.annotating.spans import Marked, SpansWrong, read_spans, undecided
from notes.annotating.uncertainty import from_disagreement, from_margins

TEXT = "left knee pain 6/10 with OA of the hip"
SIDE, KNEE, PAIN = Marked(0, 4, "LATERALITY"), Marked(5, 9, "BODY_REGION"), Marked(15, 19, "PAIN_LEVEL")
OA = Marked(25, 27, "DIAGNOSIS")
OA_HIP = Marked(25, 38, "DIAGNOSIS", "historical")
OA_PAST = Marked(25, 27, "DIAGNOSIS", "historical")


def test_two_people_who_mark_the_same_agree_fully():
    both = agreement_of([Pair(TEXT, [SIDE, KNEE], [SIDE, KNEE])] * 3)
    assert (both.f1.value, both.f1.low, both.f1.high) == (1.0, 1.0, 1.0)
    assert both.kappa.value == pytest.approx(1.0)
    assert both.assertion.value is None


def test_spans_are_counted_by_hand():
    found = agreement_of([Pair(TEXT, [SIDE, KNEE, OA], [SIDE, PAIN, OA_HIP]), Pair(TEXT, [OA], [OA_PAST])])
    assert found.f1.value == pytest.approx(2 * 2 / 8)
    assert {one.label: one.f1.value for one in found.labels} == {
        "LATERALITY": 1.0,
        "BODY_REGION": 0.0,
        "PAIN_LEVEL": 0.0,
        "DIAGNOSIS": pytest.approx(2 * 1 / 4),
    }
    assert (found.assertion.value, found.asserted_spans) == (0.0, 1)


def test_kappa_is_that_of_another_library():
    generator = np.random.default_rng(3)
    words = " ".join(f"w{number}" for number in range(60))
    sides = []
    for _ in range(2):
        spans, at = [], 0
        for number in range(60):
            if generator.random() < 0.4:
                label = ("ROM", "SURGERY", "STRENGTH")[generator.integers(3)]
                spans.append(Marked(at, at + len(f"w{number}"), label))
            at += len(f"w{number}") + 1
        sides.append(spans)
    starts = [place for place, letter in enumerate(words) if letter == "w"]
    named = [[next((s.label for s in side if s.start == at), "O") for at in starts] for side in sides]
    ours = agreement_of([Pair(words, *sides)]).kappa
    assert ours.value == pytest.approx(cohen_kappa_score(*named))
    assert (ours.low, ours.high) == (None, None)


def test_the_interval_holds_the_value_and_is_repeatable():
    pairs = [Pair(TEXT, [SIDE, KNEE], [SIDE] if number % 3 else [SIDE, KNEE]) for number in range(12)]
    first, again = agreement_of(pairs).f1, agreement_of(pairs).f1
    assert first.low < first.value < first.high
    assert first == again


def test_nothing_to_compare_says_nothing():
    assert agreement_of([]).to_dict()["strict_f1"] == {"value": None, "low": None, "high": None}


def test_differences_are_stretches_and_the_rest_is_agreed():
    agreed, differences = compare([SIDE, KNEE, OA], [SIDE, PAIN, OA_HIP])
    assert agreed == [SIDE]
    assert [(one.start, one.end, one.kind) for one in differences] == [
        (5, 9, "only_a"),
        (15, 19, "only_b"),
        (25, 38, "borders"),
    ]
    assert compare([OA], [OA_PAST])[1][0].kind == "assertion"
    assert compare([OA], [Marked(25, 27, "SURGERY")])[1][0].kind == "label"
    long = Marked(0, 19, "SURGERY")
    [one] = compare([long], [SIDE, KNEE, PAIN])[1]
    assert (one.a, one.b) == ((long,), (SIDE, KNEE, PAIN))


@pytest.mark.parametrize(
    "rows",
    [
        "x",
        [3],
        [{"start": 0, "end": 99, "label": "ROM"}],
        [{"start": -1, "end": 3, "label": "ROM"}],
        [{"start": True, "end": 3, "label": "ROM"}],
        [{"start": 0.0, "end": 3, "label": "ROM"}],
        [{"start": float("nan"), "end": 3, "label": "ROM"}],
        [{"start": 0, "end": 3, "label": "NONE"}],
        [{"start": 0, "end": 3, "label": ["ROM"]}],
        [{"start": 4, "end": 5, "label": "ROM"}],
        [{"start": 0, "end": 4, "label": "DIAGNOSIS", "assertion": "never"}],
        [{"start": 0, "end": 4, "label": "ROM"}, {"start": 3, "end": 9, "label": "ROM"}],
    ],
)
def test_spans_that_lie_are_refused(rows):
    with pytest.raises(SpansWrong) as told:
        read_spans(rows, text=TEXT)
    assert "knee" not in str(told.value)


def test_spans_are_trimmed_and_ordered():
    rows = [{"start": 4, "end": 10, "label": "BODY_REGION", "assertion": "negated", "origin": "evil"},
            {"start": 0, "end": 4, "label": "LATERALITY"}]  # fmt: skip
    assert read_spans(rows, text=TEXT) == [SIDE, KNEE]


def test_a_proposal_is_decided_by_a_span_over_it_or_a_refusal():
    rows = [one.to_row() for one in (SIDE, KNEE, PAIN)]
    left = undecided(rows, spans=[Marked(0, 9, "DIAGNOSIS")], rejected=[])
    assert [one.key for one in left] == [PAIN.key]
    refused = [{"start": 15, "end": 19, "label": "PAIN_LEVEL"}]
    assert undecided(rows, spans=[SIDE, KNEE], rejected=refused) == []


def test_uncertainty():
    assert from_margins([1.0, 0.0]) == 0
    assert from_margins([0.5]) == 1
    assert from_margins([0.75, 1.0]) == pytest.approx(0.25)
    assert math.isclose(from_disagreement([SIDE, KNEE], [SIDE]), 1 / 3)
    assert from_disagreement([], []) == 0
    with pytest.raises(ValueError, match="no probability"):
        from_margins([])
