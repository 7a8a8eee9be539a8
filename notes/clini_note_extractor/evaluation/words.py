"""An evaluation for people to read, with every error in its words. It quotes the notes: never log it."""

from __future__ import annotations

from collections.abc import Iterator

from notes.clini_note_extractor.evaluation.report import Report
from notes.clini_note_extractor.evaluation.scoring import Scored
from notes.clini_note_extractor.types import Entity, Note

AROUND = 30


def as_text(report: Report, *, errors: bool = True) -> str:
    """Tables, then the errors note by note."""
    told = report.to_dict()
    lines = [f"{told['system']} {told['version']}: {told['notes']} notes, {told['spans']} annotated spans"]
    for kind in ("strict", "partial"):
        micro = told[kind]["micro"]
        bounds = (
            "" if micro["low"] is None else f" ({micro['low']:.3f} to {micro['high']:.3f}, 95 %, by note)"
        )
        lines += [
            "",
            f"{kind}: F1 {micro['f1']:.3f}{bounds}, precision {micro['precision']:.3f}, recall {micro['recall']:.3f}",
        ]
        lines += [
            f"  {name:<16}{row['f1']:>7.3f}{row['precision']:>7.3f}{row['recall']:>7.3f}{row['gold']:>6}{row['found']:>6}"
            for name, row in told[kind]["labels"].items()
        ]
    assertion = told["assertion"]
    if assertion["n"]:
        lines += [
            "",
            f"assertion: accuracy {assertion['accuracy']:.3f}, macro F1 {assertion['macro_f1']:.3f}, {assertion['n']} spans",
        ]
    if errors:
        lines += [
            line
            for note, scored in zip(report.notes, report.scored, strict=True)
            for line in _errors(note, scored)
        ]
    return "\n".join(lines)


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
