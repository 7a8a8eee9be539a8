"""Two annotators of the same notes."""

import math
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clinic.statistics import cohen_kappa
from notes.clini_note_extractor import Note
from notes.clini_note_extractor.evaluation import DifferentTexts, agreement_of, agreement_text, evaluate
from tests.clini_note_extractor.evaluation.annotated import TEXT, apart, entity

# Left knee arthritis . No stroke . Gait training . : 10 tokens
KNEE = entity(0, 19, "DIAGNOSIS")
STROKE = entity(24, 30, "DIAGNOSIS", "negated")
GAIT = entity(32, 45, "INTERVENTION")


def test_agreement_by_hand() -> None:
    first = [Note("a", TEXT, (KNEE, STROKE, GAIT))]
    second = [Note("a", TEXT, (entity(5, 19, "DIAGNOSIS"), entity(24, 30, "DIAGNOSIS"), GAIT))]
    told = agreement_of(first, second).to_dict()
    assert told["strict"]["micro"]["f1"] == pytest.approx(2 / 3, abs=1e-4)
    assert told["strict"]["labels"]["DIAGNOSIS"]["f1"] == 0.5
    assert told["tokens"] == 10
    # 9 of 10 tokens alike; chance: O 4·5, DIAGNOSIS 4·3, INTERVENTION 2·2 of 100.
    assert told["kappa_tokens"]["value"] == pytest.approx((0.9 - 0.36) / (1 - 0.36), abs=1e-4)
    # Of the six that one of them marked: 5 alike; chance: DIAGNOSIS 4·3, INTERVENTION 2·2 of 36.
    assert told["kappa_marked"]["value"] == pytest.approx((5 / 6 - 16 / 36) / (1 - 16 / 36), abs=1e-4)
    assert (told["assertion"]["n"], told["assertion"]["accuracy"]) == (2, 0.5)
    assert told["kappa_assertion"]["value"] == 0.0


def test_who_comes_first_does_not_matter() -> None:
    first = [Note("a", TEXT, (KNEE, GAIT)), Note("b", TEXT, ())]
    second = [Note("b", TEXT, (STROKE,)), Note("a", TEXT, (KNEE, STROKE))]
    one, other = agreement_of(first, second).to_dict(), agreement_of(second, first).to_dict()
    assert one["strict"]["micro"]["f1"] == other["strict"]["micro"]["f1"] == 0.4
    assert one["kappa_tokens"]["value"] == other["kappa_tokens"]["value"]


def test_the_order_of_entities_does_not_matter() -> None:
    told = agreement_of([Note("a", TEXT, (GAIT, KNEE))], [Note("a", TEXT, (KNEE, GAIT))]).to_dict()
    assert (told["kappa_tokens"]["value"], told["strict"]["micro"]["f1"]) == (1.0, 1.0)


def test_only_shared_notes_count() -> None:
    first = [Note("a", TEXT, (KNEE,)), Note("b", TEXT, (KNEE,)), Note("c", "", ())]
    told = agreement_of(first, [Note("b", TEXT, (KNEE,)), Note("d", TEXT, ())])
    assert (told.to_dict()["notes"], told.only_first, told.only_second) == (1, 2, 1)
    with pytest.raises(ValueError, match="share no note"):
        agreement_of(first, [Note("x", TEXT, ())])


def test_another_text_is_refused_without_quoting_it() -> None:
    with pytest.raises(DifferentTexts, match="Note 'a' has another text") as error:
        agreement_of([Note("a", TEXT, ())], [Note("a", TEXT + " ", ())])
    assert "arthritis" not in str(error.value)


def test_nothing_marked_has_no_kappa() -> None:
    told = agreement_of([Note("a", TEXT, ())], [Note("a", TEXT, ())]).to_dict()
    for name in ("kappa_tokens", "kappa_marked", "kappa_assertion"):
        assert told[name] == {"value": None, "low": None, "high": None}


@given(st.lists(st.tuples(apart(), apart()), min_size=1, max_size=4))
@settings(max_examples=60, deadline=None)
def test_kappa_is_the_shared_one(pairs: list[Any]) -> None:
    # One token a character, so that a token's label is its character's.
    text = "a." * 20
    first = [Note(str(place), text, tuple(left)) for place, (left, _) in enumerate(pairs)]
    second = [Note(str(place), text, tuple(right)) for place, (_, right) in enumerate(pairs)]
    told = agreement_of(first, second)
    labels = [[label_at(note, place) for note in side for place in range(40)] for side in (first, second)]
    wanted = cohen_kappa(*labels)
    assert told.kappa_tokens.value == (None if math.isnan(wanted) else pytest.approx(wanted))
    if told.kappa_tokens.low is not None and told.kappa_tokens.high is not None:
        assert -1 <= told.kappa_tokens.low <= told.kappa_tokens.high <= 1


def label_at(note: Note, place: int) -> str:
    return next((one.label.value for one in note.entities if one.start <= place < one.end), "O")


def test_words_put_the_system_beside_the_annotators() -> None:
    first, second = [Note("a", TEXT, (KNEE, GAIT))], [Note("a", TEXT, (KNEE, STROKE))]
    system = evaluate(first, lambda _: [KNEE, GAIT], system="rules", version="1")
    told = agreement_text(agreement_of(first, second), system)
    assert "all                           0.500     1.000      +0.500" in told
    assert "Kappa over tokens is inflated" in told
    assert max(len(line) for line in told.splitlines()) <= 100
    assert "difference" not in agreement_text(agreement_of(first, second))
