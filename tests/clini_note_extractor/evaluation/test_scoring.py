"""Counts by hand, and against nervaluate and seqeval on any spans."""

from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from nervaluate import Evaluator
from seqeval.metrics import classification_report
from seqeval.scheme import IOB2

from notes.clini_note_extractor import Entity, Label
from notes.clini_note_extractor.evaluation import Counts, Way, score_note
from tests.clini_note_extractor.evaluation.annotated import apart, entity

NERVALUATE = {Way.STRICT: "strict", Way.EXACT: "exact", Way.PARTIAL: "partial", Way.TYPE: "ent_type"}
Notes = list[tuple[list[Entity], list[Entity]]]
LONG = [([entity(0, 300, "ROM")], [entity(0, 2, "ROM")]), ([entity(0, 300, "ROM")], [entity(0, 3, "ROM")])]

# The first found takes the closer annotated one, and leaves nothing for the second.
CLOSEST = [
    (
        [entity(0, 2, "ROM"), entity(2, 10, "ROM")],
        [entity(1, 8, "ROM"), entity(8, 10, "ROM")],
    )
]


def test_counts_by_hand() -> None:
    gold = [entity(0, 5, "ROM"), entity(6, 9, "ROM"), entity(10, 14, "DIAGNOSIS"), entity(20, 24, "SURGERY")]
    found = [
        entity(0, 5, "ROM"),
        entity(6, 8, "ROM"),
        entity(10, 14, "SURGERY"),
        entity(20, 24, "SURGERY", "historical"),
        entity(30, 31, "ROM"),
    ]
    scored = score_note(gold, found)
    strict, partial = scored.labels[Way.STRICT][Label.ROM], scored.labels[Way.PARTIAL][Label.ROM]
    assert (strict.gold, strict.found, strict.credit) == (2, 3, 1.0)
    assert (strict.precision, strict.recall, strict.f1) == (1 / 3, 1 / 2, 2 / 5)
    assert (partial.credit, partial.f1) == (1.5, 0.6)
    assert scored.labels[Way.STRICT][Label.DIAGNOSIS].f1 == 0.0
    assert {way: one.credit for way, one in scored.micro.items()} == {
        Way.STRICT: 2.0, Way.EXACT: 3.0, Way.PARTIAL: 3.5, Way.TYPE: 3.0,
    }  # fmt: skip
    assert [(left.value, right.value) for left, right in scored.assertions] == [("present", "historical")]


@pytest.mark.parametrize(
    ("gold", "found", "f1"),
    [
        # strict, exact, partial, type
        ([(0, 3, "ROM")], [(0, 3, "ROM")], (1, 1, 1, 1)),
        ([(0, 3, "ROM")], [(0, 4, "ROM")], (0, 0, 0.5, 1)),
        ([(0, 3, "ROM")], [(0, 3, "STRENGTH")], (0, 1, 1, 0)),
        ([(0, 3, "ROM")], [(1, 4, "STRENGTH")], (0, 0, 0.5, 0)),
        ([(0, 3, "ROM")], [], (0, 0, 0, 0)),
        ([], [(0, 3, "ROM")], (0, 0, 0, 0)),
        ([(0, 3, "ROM")], [(3, 5, "ROM")], (0, 0, 0, 0)),
        ([(0, 9, "ROM")], [(0, 4, "ROM"), (5, 9, "ROM")], (0, 0, 1 / 3, 2 / 3)),
        ([(0, 3, "ROM"), (4, 6, "ROM")], [(0, 3, "ROM")], (2 / 3, 2 / 3, 2 / 3, 2 / 3)),
    ],
)
def test_borders_and_types(gold: list[Any], found: list[Any], f1: tuple[float, ...]) -> None:
    micro = score_note([entity(*one) for one in gold], [entity(*one) for one in found]).micro
    assert [micro[way].f1 for way in Way] == pytest.approx(f1)


def test_one_span_is_not_counted_twice() -> None:
    scored = score_note([entity(0, 3, "ROM")], [entity(0, 3, "ROM"), entity(0, 3, "ROM")])
    assert {(one.credit, one.found) for one in scored.micro.values()} == {(1.0, 2)}


def as_nervaluate(entities: list[Entity]) -> list[dict[str, Any]]:
    # Its ends are inclusive.
    return [{"label": one.label.value, "start": one.start, "end": one.end - 1} for one in entities]


def pooled(notes: Notes, way: Way, label: Label | None = None) -> Counts:
    total = Counts()
    for gold, found in notes:
        scored = score_note(gold, found)
        total += scored.micro[way] if label is None else scored.labels[way].get(label, Counts())
    return total


@given(st.lists(st.tuples(apart(), apart()), min_size=1, max_size=4))
@example(LONG)
@example(CLOSEST)
@settings(max_examples=250, deadline=None)
def test_four_ways_are_those_of_nervaluate(notes: Notes) -> None:
    sides = ([as_nervaluate(side) for side in sides] for sides in zip(*notes, strict=True))
    told = Evaluator(*sides, tags=[one.value for one in Label], loader="dict").evaluate()
    for way, name in NERVALUATE.items():
        theirs = told["overall"][name]
        ours = pooled(notes, way)
        assert (ours.precision, ours.recall, ours.f1) == pytest.approx(
            (theirs.precision, theirs.recall, theirs.f1)
        )
        for label, rows in told["entities"].items():
            ours = pooled(notes, way, Label(label))
            assert (ours.precision, ours.recall, ours.f1) == pytest.approx(
                (rows[name].precision, rows[name].recall, rows[name].f1)
            )


def as_tags(entities: list[Entity]) -> list[str]:
    tags = ["O"] * 41
    for one in entities:
        tags[one.start : one.end] = [f"I-{one.label.value}"] * (one.end - one.start)
        tags[one.start] = f"B-{one.label.value}"
    return tags


@given(
    st.lists(st.tuples(apart(), apart()), min_size=1, max_size=4).filter(lambda notes: any(map(any, notes)))
)
@settings(max_examples=150, deadline=None)
def test_strict_is_that_of_seqeval(notes: Notes) -> None:
    told = classification_report(
        *([as_tags(side) for side in sides] for sides in zip(*notes, strict=True)),
        output_dict=True, mode="strict", scheme=IOB2, zero_division=0,
    )  # fmt: skip
    for name, rows in told.items():
        if name in {"macro avg", "weighted avg"}:
            continue
        ours = pooled(notes, Way.STRICT, None if name == "micro avg" else Label(name))
        assert (ours.precision, ours.recall, ours.f1, ours.gold) == pytest.approx(
            (rows["precision"], rows["recall"], rows["f1-score"], rows["support"])
        )
