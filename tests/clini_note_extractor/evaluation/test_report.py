"""A whole evaluation: intervals by note, assertion, calibration, errors and the table for people."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clinic.statistics import bootstrap_over_people
from notes.clini_note_extractor import Assertion, Entity, Extraction, Label, Note, Span
from notes.clini_note_extractor.evaluation import (
    Counts,
    ErrorKind,
    Report,
    as_text,
    calibrate,
    errors_of,
    evaluate,
    evaluate_extractions,
    only_notes,
    sentence_around,
)
from notes.clini_note_extractor.evaluation.resampling import NoteDraws, f1_of, table_of
from tests.clini_note_extractor.evaluation.annotated import TEXT, apart, entity

KNEE = entity(0, 19, "DIAGNOSIS")
STROKE = entity(24, 30, "DIAGNOSIS", "negated")
GAIT = entity(32, 45, "INTERVENTION")


def report_of(gold: list[Entity], found: list[Entity], text: str = TEXT) -> Report:
    return evaluate([Note("a", text, tuple(gold))], lambda _: found, system="x", version="1")


def test_assertion_macro_by_hand() -> None:
    said = [KNEE, entity(24, 30, "DIAGNOSIS")]
    told = report_of([KNEE, STROKE], said).assertion()
    # present: precision 1/2, recall 1; negated: never said.
    assert (told["accuracy"], told["macro_f1"], told["n"]) == (0.5, pytest.approx(1 / 3, abs=1e-4), 2)
    assert told["always_present"] == 0.5
    assert told["confusion"]["negated"] == {one.value: int(one is Assertion.PRESENT) for one in Assertion}
    assert told["values"]["present"] == {"precision": 0.5, "recall": 1.0, "f1": 0.6667, "gold": 1, "found": 2}
    assert told["values"]["negated"]["f1"] == 0.0
    assert set(told["values"]) == {"present", "negated"}


def test_assertion_counts_only_labels_that_carry_it_and_exact_spans() -> None:
    told = report_of(
        [entity(0, 4, "ROM"), KNEE], [entity(0, 4, "ROM"), entity(0, 18, "DIAGNOSIS")]
    ).assertion()
    assert (told["n"], told["accuracy"], told["macro_f1"], told["values"]) == (0, None, None, {})


def test_intervals_draw_notes() -> None:
    good = Note("a", TEXT, (entity(0, 4, "ROM"),))
    bad = Note("b", "other", (entity(0, 4, "ROM"),))
    told = evaluate(
        [good, bad], lambda text: good.entities if text == TEXT else [], system="x", version="1"
    ).to_dict()
    micro = told["strict"]["micro"]
    assert (micro["precision"], micro["recall"], micro["low"], micro["high"]) == (1.0, 0.5, 0.0, 1.0)
    assert told["strict"]["labels"]["ROM"] == micro
    alone = evaluate([good], lambda _: good.entities, system="x", version="1").to_dict()
    assert (alone["strict"]["micro"]["low"], alone["strict"]["micro"]["high"]) == (None, None)


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9), st.integers(0, 9)), min_size=2, max_size=8))
@settings(max_examples=15, deadline=None)
def test_intervals_are_those_of_the_shared_bootstrap(rows: list[tuple[int, int, int]]) -> None:
    counts = [Counts(gold, found, float(min(gold, found, credit))) for gold, found, credit in rows]
    pooled = sum(counts, Counts())
    draws = NoteDraws(len(counts))
    ours = draws.interval(pooled.f1, f1_of(draws.sums(table_of(counts))))

    def statistic(items: object) -> float:
        drawn = sum(items, Counts())  # type: ignore[call-overload]
        return float(drawn.f1) if drawn.gold + drawn.found else math.nan

    theirs = bootstrap_over_people({str(place): [one] for place, one in enumerate(counts)}, statistic)
    if pooled.gold + pooled.found:
        assert (ours.low, ours.high) == pytest.approx((theirs.low, theirs.high))


def test_nothing_annotated_and_nothing_found_has_no_figures() -> None:
    told = report_of([], []).to_dict()
    assert told["strict"] == {
        "micro": {
            "precision": 0.0,
            "recall": 0.0,
            "f1": 0.0,
            "gold": 0,
            "found": 0,
            "low": None,
            "high": None,
        },
        "labels": {},
    }
    assert (told["calibration"], told["errors"]) == (None, {})
    assert "no span that carries one" in as_text(report_of([], []))


# Calibration


def test_calibration_by_hand() -> None:
    told = calibrate([[(0.95, True), (0.95, False)], [(0.05, False), (1.0, True)]])
    assert told is not None
    assert told.spans == 4
    top = told.bins[9]
    assert (top.spans, top.mean_probability, top.share_right) == (
        3,
        pytest.approx(2.9 / 3),
        pytest.approx(2 / 3),
    )
    assert told.expected_error.value == pytest.approx((0.9 + 0.05) / 4)
    assert told.brier.value == pytest.approx((0.05**2 + 0.95**2 + 0.05**2 + 0) / 4)
    assert told.bins[5].mean_probability is None
    assert calibrate([[], []]) is None
    for wrong in (math.nan, -0.1, 1.1):
        with pytest.raises(ValueError, match="between 0 and 1"):
            calibrate([[(wrong, True)]])


def test_honest_probabilities_are_calibrated_and_boasting_is_not() -> None:
    rng = np.random.default_rng(3)
    chances = rng.random((60, 50))
    right = rng.random((60, 50)) < chances
    honest = calibrate([list(zip(row, hits, strict=True)) for row, hits in zip(chances, right, strict=True)])
    boasting = calibrate([[(1.0, bool(hit)) for hit in hits] for hits in right])
    assert honest is not None and boasting is not None
    assert honest.expected_error.value == pytest.approx(0, abs=0.03)
    assert boasting.expected_error.value == pytest.approx(0.5, abs=0.03)
    low, high = boasting.expected_error.low, boasting.expected_error.high
    assert low is not None and high is not None and 0.4 < low < 0.5 < high < 0.6


def test_probabilities_of_an_extraction_are_judged() -> None:
    found = Extraction((KNEE, STROKE), probabilities={KNEE.span: 0.9, STROKE.span: 0.7})
    note = Note("a", TEXT, (KNEE, entity(24, 30, "SURGERY")))
    told = evaluate_extractions([note], lambda _: found, system="x", version="1").to_dict()["calibration"]
    assert (told["spans"], told["brier"]["value"]) == (2, pytest.approx((0.1**2 + 0.7**2) / 2))


# Errors


def test_each_kind_of_error() -> None:
    text = "Left knee arthritis, no stroke. Gait training. Stairs, hip, TUG 12 s."
    gold = [
        entity(0, 4, "LATERALITY"), entity(5, 19, "DIAGNOSIS"), entity(24, 30, "DIAGNOSIS", "negated"),
        entity(32, 45, "INTERVENTION"), entity(47, 53, "INTERVENTION"), entity(55, 58, "BODY_REGION"),
    ]  # fmt: skip
    found = [
        entity(0, 9, "BODY_REGION"), entity(10, 19, "DIAGNOSIS"), entity(24, 30, "DIAGNOSIS"),
        entity(32, 45, "SURGERY"), entity(60, 63, "OUTCOME_MEASURE"), entity(55, 58, "BODY_REGION"),
    ]  # fmt: skip
    told = errors_of(report_of(gold, found, text))
    assert [(one.kind, one.label.value) for one in told] == [
        (ErrorKind.LABEL_AND_BORDER, "LATERALITY"),
        (ErrorKind.BORDER, "DIAGNOSIS"),
        (ErrorKind.ASSERTION, "DIAGNOSIS"),
        (ErrorKind.LABEL, "INTERVENTION"),
        (ErrorKind.MISSED, "INTERVENTION"),
        (ErrorKind.SPURIOUS, "OUTCOME_MEASURE"),
    ]
    border = told[1]
    assert border.gold is not None and border.found is not None
    assert (border.quoted(border.gold), border.quoted(border.found)) == ("knee arthritis", "arthritis")
    assert border.words == "Left knee arthritis, no stroke."
    assert report_of(gold, found, text).to_dict()["errors"] == {
        "label and border": 1, "border": 1, "assertion": 1, "label": 1, "missed": 1, "spurious": 1,
    }  # fmt: skip


def test_assertion_of_a_label_that_carries_none_is_no_error() -> None:
    assert errors_of(report_of([entity(0, 4, "ROM")], [entity(0, 4, "ROM", "historical")])) == ()


@given(apart(), apart())
@settings(max_examples=150, deadline=None)
def test_each_entity_is_right_or_in_one_error(gold: list[Entity], found: list[Entity]) -> None:
    report = report_of(gold, found, "x" * 40)
    errors = [one for one in errors_of(report) if one.kind is not ErrorKind.ASSERTION]
    strict = report.to_dict()["strict"]["micro"]
    right = round(strict["precision"] * len(found))
    assert right + sum(one.gold is not None for one in errors) == len(gold)
    assert right + sum(one.found is not None for one in errors) == len(found)
    # A missed span overlaps nothing spurious: that would be a wrong label or border.
    missed = [one.gold.span for one in errors if one.gold and not one.found]
    spurious = [one.found.span for one in errors if one.found and not one.gold]
    assert not any(left.overlaps(right) for left in missed for right in spurious)


@given(st.text(alphabet="ab .,\n!", min_size=1, max_size=400), st.data())
def test_a_sentence_holds_its_words(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    told = sentence_around(text, start, end)
    assert 0 <= told.start <= start < end <= told.end <= len(text)
    assert told.end - told.start <= end - start + 320


def test_sentences_end_where_dictation_ends_them() -> None:
    text = "PLAN:  ,He walks.,1.  Gait training daily.  Then home."
    told = sentence_around(text, 22, 35)
    assert text[told.start : told.end] == "Gait training daily."
    long = "word " * 400
    assert sentence_around(long, 1000, 1004) == Span(840, 1164)
    # No word is cut in two, unless it is longer than that.
    assert sentence_around(long, 1001, 1003) == Span(845, 1159)
    assert sentence_around("x" * 900, 400, 500) == Span(400, 500)


def test_the_text_form_fits_and_quotes() -> None:
    notes = [Note(one, TEXT * 9, (KNEE, STROKE, GAIT)) for one in ("a", "b")]
    wrong = (
        entity(0, 9, "BODY_REGION"),
        entity(24, 30, "DIAGNOSIS", "hypothetical"),
        entity(100, 210, "ROM"),
    )
    found = Extraction(wrong, probabilities={one.span: 0.5 for one in wrong})
    report = evaluate_extractions(notes, lambda _: found, system="combined", version="combined 1.1+2026.11.1")
    told = as_text(report)
    assert max(len(line) for line in told.splitlines()) == 100
    assert "annotated DIAGNOSIS 0–19 present, found BODY_REGION 0–9 present" in told
    assert "[Left knee arthritis]" in told
    tables = as_text(report, errors=False)
    assert "arthritis" not in tables
    assert max(len(line) for line in tables.splitlines()) <= 100
    assert [line.split()[0] for line in tables.splitlines()[2:8]] == [
        "strict", "all", "BODY_REGION", "DIAGNOSIS", "INTERVENTION", "ROM",
    ]  # fmt: skip


def test_some_of_the_notes() -> None:
    notes = [Note("a", TEXT, (KNEE,)), Note("b", TEXT + " ", (STROKE,))]
    report = evaluate(notes, lambda text: [KNEE] if text == TEXT else [], system="x", version="1")
    assert only_notes(report, {"a"}).to_dict()["strict"]["micro"]["f1"] == 1.0
    assert only_notes(report, {"b"}).to_dict()["strict"]["labels"][Label.DIAGNOSIS.value]["f1"] == 0.0
