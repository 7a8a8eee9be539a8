"""A whole evaluation: pooled scores with intervals by note, per label, assertion and calibration."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from notes.clini_note_extractor.evaluation.alignment import NoteError, errors_in, mismatches
from notes.clini_note_extractor.evaluation.assertions import assertion_table, told_counts
from notes.clini_note_extractor.evaluation.calibration import Calibration, Judgement, calibrate
from notes.clini_note_extractor.evaluation.resampling import NoteDraws, f1_of, table_of
from notes.clini_note_extractor.evaluation.scoring import Counts, Scored, Way, matched_exactly, score_note
from notes.clini_note_extractor.extractor import Extraction
from notes.clini_note_extractor.types import Entity, Label, Note, Span

Extract = Callable[[str], Sequence[Entity]]


@dataclass(frozen=True, slots=True)
class Report:
    """What one system did on a set of annotated notes; `found` and `probabilities` note by note."""

    system: str
    version: str
    notes: tuple[Note, ...]
    scored: tuple[Scored, ...]
    found: tuple[tuple[Entity, ...], ...]
    probabilities: tuple[Mapping[Span, float], ...]
    uncalibrated: tuple[Mapping[Span, float], ...]

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON without any note text."""
        draws = NoteDraws(len(self.notes))
        return {
            "system": self.system,
            "version": self.version,
            "notes": len(self.notes),
            "spans": sum(len(note.entities) for note in self.notes),
            **{way.value: self._in(way, draws) for way in Way},
            "assertion": self.assertion(),
            "calibration": self.calibration(),
            "errors": dict(self._errors()),
        }

    def assertion(self) -> dict[str, Any]:
        """Accuracy, macro F1 and confusion over the labels that carry an assertion."""
        return assertion_table(self.scored)

    def calibration(self) -> dict[str, Any] | None:
        """Calibration of what was told, and the errors of what the model said before; None without any."""
        told, before = calibration_of(self), _calibration(self, self.uncalibrated)
        if told is None:
            return None
        earlier = {"before": None} if before is None else {
            "before": {"ece": before.expected_error.to_dict(), "brier": before.brier.to_dict()}
        }  # fmt: skip
        return {**told.to_dict(), **earlier}

    def _errors(self) -> Counter[str]:
        return Counter(
            kind.value
            for note, found in zip(self.notes, self.found, strict=True)
            for kind, _, _ in mismatches(note.entities, found)
        )

    def _in(self, way: Way, draws: NoteDraws) -> dict[str, Any]:
        rows = {label: [one.labels[way].get(label, Counts()) for one in self.scored] for label in Label}
        return {
            "micro": _told([one.micro[way] for one in self.scored], draws),
            "labels": {
                label.value: _told(counts, draws)
                for label, counts in rows.items()
                if any(one.gold or one.found for one in counts)
            },
        }


def evaluate(notes: Sequence[Note], extract: Extract, *, system: str, version: str) -> Report:
    """Run a system over annotated notes. `extract` takes a note's text and returns its entities."""
    return evaluate_extractions(
        notes, lambda text: Extraction(tuple(extract(text))), system=system, version=version
    )


def evaluate_extractions(
    notes: Sequence[Note], extract: Callable[[str], Extraction], *, system: str, version: str
) -> Report:
    """As `evaluate`, with the probabilities of what was found, for calibration."""
    found, probabilities, uncalibrated, scored = [], [], [], []
    for note in notes:
        answer = extract(note.text)
        found.append(tuple(answer.entities))
        probabilities.append(answer.probabilities)
        uncalibrated.append(answer.uncalibrated)
        scored.append(score_note(note.entities, answer.entities))
    return Report(
        system, version, tuple(notes), tuple(scored), tuple(found), tuple(probabilities), tuple(uncalibrated)
    )


def only_notes(report: Report, ids: Collection[str]) -> Report:
    """The same answers on some of the notes."""
    kept = [place for place, note in enumerate(report.notes) if note.id in ids]
    return Report(
        report.system,
        report.version,
        tuple(report.notes[place] for place in kept),
        tuple(report.scored[place] for place in kept),
        tuple(report.found[place] for place in kept),
        tuple(report.probabilities[place] for place in kept),
        tuple(report.uncalibrated[place] for place in kept),
    )


def errors_of(report: Report) -> tuple[NoteError, ...]:
    """Everything that went wrong, note by note in reading order, each with its sentence. It quotes the notes:
    never log it.
    """
    return tuple(
        error
        for note, found, probabilities in zip(report.notes, report.found, report.probabilities, strict=True)
        for error in errors_in(note, found, probabilities)
    )


def calibration_of(report: Report) -> Calibration | None:
    """Whether spans of probability p are right p of the time; None where no span has a probability."""
    return _calibration(report, report.probabilities)


def _calibration(report: Report, probabilities: Sequence[Mapping[Span, float]]) -> Calibration | None:
    rows = zip(report.notes, report.found, probabilities, strict=True)
    return calibrate([_judged(note, found, one) for note, found, one in rows])


def _judged(note: Note, found: Sequence[Entity], probabilities: Mapping[Span, float]) -> list[Judgement]:
    right = {id(one) for _, one in matched_exactly(note.entities, found)}
    return [(probabilities[one.span], id(one) in right) for one in found if one.span in probabilities]


def _told(counts: Sequence[Counts], draws: NoteDraws) -> dict[str, Any]:
    table = table_of(counts)
    pooled = sum(counts, Counts())
    interval = draws.interval(pooled.f1, f1_of(draws.sums(table))).to_dict()
    return {**told_counts(pooled), "low": interval["low"], "high": interval["high"]}
