"""Where two differ, what may be stored, what is decided, and what comes first."""

import math

import pytest

from notes.annotating.differences import compare
from notes.annotating.spans import Marked, SpansWrong, read_spans, undecided
from notes.annotating.uncertainty import from_disagreement, from_margins

TEXT = "left knee pain 6/10 with OA of the hip"
SIDE, KNEE, PAIN = Marked(0, 4, "LATERALITY"), Marked(5, 9, "BODY_REGION"), Marked(15, 19, "PAIN_LEVEL")
OA = Marked(25, 27, "DIAGNOSIS")
OA_HIP = Marked(25, 38, "DIAGNOSIS", "historical")
OA_PAST = Marked(25, 27, "DIAGNOSIS", "historical")


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
