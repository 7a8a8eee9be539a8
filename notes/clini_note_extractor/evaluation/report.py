"""A whole evaluation: pooled scores with intervals by note, per label, and assertion."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from clinic.statistics import Interval, bootstrap_over_people
from notes.clini_note_extractor.evaluation.scoring import Counts, Scored, score_note
from notes.clini_note_extractor.types import Assertion, Entity, Label, Note

Extract = Callable[[str], Sequence[Entity]]


@dataclass(frozen=True, slots=True)
class Report:
    """What one system did on a set of annotated notes."""

    system: str
    version: str
    notes: tuple[Note, ...]
    scored: tuple[Scored, ...]

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON without any note text."""
        return {
            "system": self.system,
            "version": self.version,
            "notes": len(self.notes),
            "spans": sum(len(note.entities) for note in self.notes),
            "strict": self._kind("strict"),
            "partial": self._kind("partial"),
            "assertion": self.assertion(),
        }

    def assertion(self) -> dict[str, Any]:
        """Accuracy and macro F1 over the labels that carry an assertion, on spans that match exactly.

        Macro over the assertions that are annotated or were said; None where no such span matched.
        """
        pairs = [pair for one in self.scored for pair in one.assertions]
        accuracy = sum(left is right for left, right in pairs) / len(pairs) if pairs else None
        each = {
            said.value: _assertion_counts(pairs, said)
            for said in Assertion
            if any(said in pair for pair in pairs)
        }
        macro = sum(counts.f1 for counts in each.values()) / len(each) if each else None
        return {
            "accuracy": None if accuracy is None else round(accuracy, 4),
            "macro_f1": None if macro is None else round(macro, 4),
            "n": len(pairs),
            "values": {name: _told(counts) for name, counts in each.items()},
        }

    def _kind(self, kind: str) -> dict[str, Any]:
        by_note = {str(number): [getattr(one, kind)] for number, one in enumerate(self.scored)}
        interval = bootstrap_over_people(by_note, _micro_f1)
        pooled = {label: _sum([getattr(one, kind)[label] for one in self.scored]) for label in Label}
        return {
            "micro": {**_told(_sum(list(pooled.values()))), **_bounds(interval)},
            "labels": {
                label.value: _told(counts) for label, counts in pooled.items() if counts.gold or counts.found
            },
        }


def evaluate(notes: Sequence[Note], extract: Extract, *, system: str, version: str) -> Report:
    """Run a system over annotated notes. `extract` takes a note's text and returns its entities."""
    scored = tuple(score_note(note.entities, extract(note.text)) for note in notes)
    return Report(system, version, tuple(notes), scored)


def _sum(counts: Sequence[Counts]) -> Counts:
    return sum(counts, Counts())


def _micro_f1(items: Sequence[dict[Label, Counts]]) -> float:
    return _sum([counts for item in items for counts in item.values()]).f1


def _assertion_counts(pairs: Sequence[tuple[Assertion, Assertion]], said: Assertion) -> Counts:
    return Counts(
        sum(gold is said for gold, _ in pairs),
        sum(found is said for _, found in pairs),
        float(sum(gold is found is said for gold, found in pairs)),
    )


def _told(counts: Counts) -> dict[str, Any]:
    return {
        "precision": round(counts.precision, 4),
        "recall": round(counts.recall, 4),
        "f1": round(counts.f1, 4),
        "gold": counts.gold,
        "found": counts.found,
    }


def _bounds(interval: Interval) -> dict[str, float | None]:
    told = interval.to_dict()
    return {"low": told["low"], "high": told["high"]}
