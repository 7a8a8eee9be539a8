"""One system against another on the same notes."""

from itertools import product

import pytest

from notes.clini_note_extractor import Entity, Label, Note
from notes.clini_note_extractor.evaluation import Report, compare, comparison_text, evaluate
from notes.clini_note_extractor.evaluation.comparison import _randomised_p
from notes.clini_note_extractor.evaluation.resampling import f1_of, table_of
from notes.clini_note_extractor.evaluation.scoring import Counts
from tests.clini_note_extractor.evaluation.annotated import entity

SPANS = [entity(0, 4, "ROM"), entity(5, 9, "SURGERY")]


def reports(first: list[list[Entity]], second: list[list[Entity]]) -> tuple[Report, Report]:
    notes = [Note(str(place), f"{place:020}", tuple(SPANS)) for place in range(len(first))]
    left, right = (
        evaluate(notes, lambda text, answers=answers: answers[int(text)], system=name, version="1")  # type: ignore[misc]
        for name, answers in (("left", first), ("right", second))
    )
    return left, right


def test_the_better_system_is_better_in_each_way() -> None:
    told = compare(*reports([SPANS] * 12, [[SPANS[0]]] * 12))
    assert (told["verdict"], told["strict"]["value"]) == ("better", pytest.approx(1 - 2 / 3, abs=1e-4))
    assert told["strict"]["share_not_better"] == 0.0
    # All or none of 12 coins: 2 of 4096, as far as 10,000 shuffles tell.
    assert told["strict"]["p"] == pytest.approx(2 / 4096, abs=5e-4)
    assert compare(*reports([[SPANS[0]]] * 12, [SPANS] * 12))["verdict"] == "worse"


def test_the_same_answers_differ_by_chance_alone() -> None:
    told = compare(*reports([SPANS] * 5, [SPANS] * 5))
    assert told["verdict"] == "undecided"
    assert told["strict"] == {"value": 0.0, "low": 0.0, "high": 0.0, "share_not_better": 1.0, "p": 1.0}


def test_one_label_alone() -> None:
    both = reports([SPANS] * 6, [[SPANS[0]]] * 6)
    assert compare(*both, label=Label.ROM)["strict"]["value"] == 0.0
    assert compare(*both, label=Label.SURGERY)["strict"]["value"] == 1.0


def test_one_note_decides_nothing() -> None:
    told = compare(*reports([SPANS], [[]]))
    assert told["verdict"] == "undecided"
    assert told["strict"] == {"value": 1.0, "low": None, "high": None, "share_not_better": None, "p": None}
    assert "strict   F1 +1.000\n" in comparison_text(told)


def test_other_notes_are_refused() -> None:
    left, _ = reports([SPANS] * 2, [[]] * 2)
    _, right = reports([SPANS] * 3, [[]] * 3)
    with pytest.raises(ValueError, match="same notes in the same order"):
        compare(left, right)


def test_p_is_that_of_every_possible_swap() -> None:
    one = table_of(
        [Counts(4, 4, 4.0), Counts(5, 3, 2.0), Counts(3, 3, 3.0), Counts(6, 5, 4.0), Counts(2, 2, 1.0)]
    )
    other = table_of(
        [Counts(4, 5, 2.0), Counts(5, 4, 3.0), Counts(3, 1, 1.0), Counts(6, 6, 3.0), Counts(2, 1, 1.0)]
    )

    def difference(kept: tuple[int, ...]) -> float:
        left = sum(a if keep else b for keep, a, b in zip(kept, one, other, strict=True))
        right = sum(b if keep else a for keep, a, b in zip(kept, one, other, strict=True))
        return float(abs(f1_of(left) - f1_of(right)))

    seen = difference((1, 1, 1, 1, 1))
    every = [difference(kept) >= seen - 1e-12 for kept in product((0, 1), repeat=5)]
    assert _randomised_p(one, other) == pytest.approx(sum(every) / 32, abs=0.02)
    assert 0.05 < sum(every) / 32 < 0.95


def test_the_words_tell_p_and_fit() -> None:
    told = comparison_text(compare(*reports([SPANS] * 12, [[SPANS[0]]] * 12)))
    assert told.startswith(
        "left 1 minus right 1: better\n  strict   F1 +0.333 (+0.333 to +0.333, 95 %, by note)"
    )
    assert max(len(line) for line in told.splitlines()) <= 100
