"""An evaluation for people to read, with every error in its words. It quotes the notes: never log it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from notes.clini_note_extractor.evaluation.report import Report
from notes.clini_note_extractor.evaluation.scoring import Scored
from notes.clini_note_extractor.types import Entity, Note

AROUND = 30


def as_text(report: Report, *, errors: bool = True) -> str:
    """Tables, then the errors note by note."""
    told = report.to_dict()
    lines = [f"{told['system']} {told['version']}: {told['notes']} notes, {told['spans']} annotated spans"]
    for kind in ("strict", "partial"):
        lines += ["", _micro(kind, told[kind]["micro"])]
        lines += [_row(name, row) for name, row in told[kind]["labels"].items()]
    said = told["assertion"]
    if said["n"]:
        figures = f"accuracy {said['accuracy']:.3f}, macro F1 {said['macro_f1']:.3f}, {said['n']} spans"
        lines += ["", f"assertion: {figures}"]
    if errors:
        for note, scored in zip(report.notes, report.scored, strict=True):
            lines += _errors(note, scored)
    return "\n".join(lines)


def _micro(kind: str, row: dict[str, Any]) -> str:
    bounds = "" if row["low"] is None else f" ({row['low']:.3f} to {row['high']:.3f}, 95 %, by note)"
    return f"{kind}: F1 {row['f1']:.3f}{bounds}, precision {row['precision']:.3f}, recall {row['recall']:.3f}"


def _row(name: str, row: dict[str, Any]) -> str:
    scores = f"{row['f1']:>7.3f}{row['precision']:>7.3f}{row['recall']:>7.3f}"
    return f"  {name:<16}{scores}{row['gold']:>6}{row['found']:>6}"


def _errors(note: Note, scored: Scored) -> Iterator[str]:
    yield ""
    yield f"{note.id}"
    for one in scored.missed:
        yield f"  missed    {_shown(note, one)}"
    for one in scored.invented:
        yield f"  invented  {_shown(note, one)}"
    for gold, found in scored.misjudged:
        yield f"  {found.assertion.value} for {gold.assertion.value}  {_shown(note, gold)}"


def _shown(note: Note, one: Entity) -> str:
    before = note.text[max(0, one.start - AROUND) : one.start]
    after = note.text[one.end : one.end + AROUND]
    words = f"{before}[{note.text[one.start : one.end]}]{after}"
    return f"{one.label.value:<16}{one.start:>6}  {' '.join(words.split())}"
