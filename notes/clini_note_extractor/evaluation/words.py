"""An evaluation for people to read, at most 100 columns wide. Its errors quote the notes: never log it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import Any

from notes.clini_note_extractor.evaluation.agreement import KAPPA_NOTE, Agreement
from notes.clini_note_extractor.evaluation.alignment import NoteError
from notes.clini_note_extractor.evaluation.report import Report, errors_of
from notes.clini_note_extractor.evaluation.scoring import Way
from notes.clini_note_extractor.types import Assertion, Entity

WIDTH = 100
WAYS = tuple(way.value for way in Way)
HEAD = (
    f"{'':<17}{'strict F1  95 % by note':>25}{'prec.':>8}{'recall':>8}{'exact':>7}{'partial':>9}{'type':>7}"
)
HEAD += f"{'annot.':>8}{'found':>8}"
# So much of a sentence stands before the words that are wrong.
BEFORE = 24


def as_text(report: Report, *, errors: bool = True) -> str:
    """Tables, then the errors note by note."""
    told = report.to_dict()
    head = f"{told['system']} {told['version']}: {told['notes']} notes, {told['spans']} annotated spans"
    lines = [head, "", *_scores(told), "", *_assertion(told["assertion"])]
    if told["calibration"]:
        lines += ["", *_calibration(told["calibration"])]
    if errors:
        lines += _errors(report)
    return "\n".join(lines)


def agreement_text(agreement: Agreement, system: Report | None = None) -> str:
    """Two annotators' agreement; beside it a system's score on the same notes, where given."""
    told = agreement.to_dict()
    said = told["assertion"]
    unshared = agreement.only_first + agreement.only_second
    kappas = (_bounded(told["kappa_tokens"]), _bounded(told["kappa_marked"]))
    lines = [
        f"Two annotators: {told['notes']} notes in both files, {unshared} in one only",
        "",
        *_scores(told),
        "",
        f"{told['tokens']} tokens: kappa {kappas[0]}; on tokens that one of them marked, {kappas[1]}",
        KAPPA_NOTE,
        f"assertion: {said['n']} spans, agreement {_number(said['accuracy'])}, "
        f"kappa {_bounded(told['kappa_assertion'])}",
    ]
    if system is not None:
        lines += ["", f"{'strict F1 on these':<23}{'annotators':>12}{'system':>10}{'difference':>12}"]
        lines += _beside(told["strict"], system.to_dict()["strict"])
    return "\n".join(lines)


def comparison_text(told: Mapping[str, Any]) -> str:
    """The answer of `compare`."""
    systems = f"{told['system']} {told['version']} minus {told['other']} {told['other_version']}"
    return "\n".join([f"{systems}: {told['verdict']}", *(_compared(way, told[way]) for way in WAYS)])


def _compared(way: str, row: Mapping[str, float | None]) -> str:
    line = f"  {way:<8} F1 {row['value']:+.3f}"
    if row["low"] is None:
        return line
    return (
        f"{line} ({row['low']:+.3f} to {row['high']:+.3f}, 95 %, by note), not better in "
        f"{row['share_not_better']:.1%} of draws, p {row['p']:.4f}"
    )


def _scores(told: Mapping[str, Any]) -> Iterator[str]:
    yield HEAD
    yield _row("all", {way: told[way]["micro"] for way in WAYS})
    for name in told["strict"]["labels"]:
        yield _row(name, {way: told[way]["labels"][name] for way in WAYS})


def _row(name: str, ways: Mapping[str, Mapping[str, Any]]) -> str:
    strict = ways["strict"]
    bounds = "" if strict["low"] is None else f"{strict['low']:.3f}–{strict['high']:.3f}"
    scores = f"{strict['f1']:>11.3f}{bounds:>14}{strict['precision']:>8.3f}{strict['recall']:>8.3f}"
    others = f"{ways['exact']['f1']:>7.3f}{ways['partial']['f1']:>9.3f}{ways['type']['f1']:>7.3f}"
    return f"{name:<17}{scores}{others}{strict['gold']:>8}{strict['found']:>8}"


def _assertion(told: Mapping[str, Any]) -> Iterator[str]:
    if not told["n"]:
        yield "assertion: no span that carries one was found exactly"
        return
    bounds = told["macro_f1_interval"]
    shown = "" if bounds["low"] is None else f" ({bounds['low']:.3f}–{bounds['high']:.3f})"
    yield (
        f"assertion: {told['n']} spans, accuracy {told['accuracy']:.3f} (always present "
        f"{told['always_present']:.3f}), macro F1 {told['macro_f1']:.3f}{shown}"
    )
    names = [one.value for one in Assertion]
    heads = [_short(one) for one in ("prec.", "recall", "F1", *names)]
    yield f"{'annotated as':<14}" + "".join(heads)
    for name, row in told["values"].items():
        figures = "".join(f"{row[one]:>9.3f}" for one in ("precision", "recall", "f1"))
        said = told["confusion"].get(name, dict.fromkeys(names, 0))
        yield f"{name:<14}{figures}" + "".join(f"{said[one] or '·':>9}" for one in names)


def _short(name: str) -> str:
    """A column's head: a blank and up to eight letters."""
    return f" {name[:7] + '.' if len(name) > 8 else name:>8}"


def _calibration(told: Mapping[str, Any]) -> Iterator[str]:
    yield (
        f"calibration: {told['spans']} spans, expected error {_bounded(told['ece'])}, "
        f"Brier {_bounded(told['brier'])}"
    )
    if told["before"]:
        yield f"  before calibration: expected error {_bounded(told['before']['ece'])}"
    for row in told["bins"]:
        if row["spans"]:
            shown = f"{row['low']:.1f}–{row['high']:.1f}{row['spans']:>7} spans"
            yield f"  {shown}  mean probability {row['mean_probability']:.3f}  right {row['share_right']:.3f}"


def _beside(annotators: Mapping[str, Any], system: Mapping[str, Any]) -> Iterator[str]:
    rows = {"all": (annotators["micro"], system["micro"])}
    rows |= {
        name: (row, system["labels"].get(name, {"f1": 0.0})) for name, row in annotators["labels"].items()
    }
    for name, (left, right) in rows.items():
        yield f"{name:<23}{left['f1']:>12.3f}{right['f1']:>10.3f}{right['f1'] - left['f1']:>+12.3f}"


def _bounded(told: Mapping[str, float | None]) -> str:
    return f"{_number(told['value'])}" + (
        "" if told["low"] is None else f" ({told['low']:.3f}–{told['high']:.3f})"
    )


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"


def _errors(report: Report) -> Iterator[str]:
    for note_id, errors in groupby(errors_of(report), key=lambda one: one.note_id):
        yield from ("", note_id)
        for error in errors:
            yield from _error(error)


def _error(error: NoteError) -> Iterator[str]:
    said = [f"  {error.kind.value:<17}"]
    if error.gold is not None:
        said.append(f"annotated {_named(error.gold)}")
    if error.found is not None:
        said.append(f"found {_named(error.found)}")
    yield _cut(said[0] + ", ".join(said[1:]))
    yield _cut(f"    {_shown(error)}")


def _named(entity: Entity) -> str:
    return f"{entity.label.value} {entity.start}–{entity.end} {entity.assertion.value}"


def _shown(error: NoteError) -> str:
    """The sentence with [ ] around what is annotated, or around what was found where nothing is."""
    one = error.gold or error.found
    assert one is not None  # noqa: S101 - an error is about at least one entity
    start, end = one.start - error.sentence.start, one.end - error.sentence.start
    words = f"{error.words[max(0, start - BEFORE) : start]}[{error.words[start:end]}]{error.words[end:]}"
    return " ".join(words.split())


def _cut(line: str) -> str:
    return line if len(line) <= WIDTH else line[: WIDTH - 1] + "…"
