"""The fast path while somebody types: what a text says with their corrections, and what that amounts to."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from notes.clini_note_extractor.linking import Finding
from notes.errors import NoteTooLong
from notes.fact_findings import findings_of_facts
from notes.fact_merging import Correction, ShownFact, found_facts, merge
from notes.finding_words import is_unlinked, say_finding, say_value
from notes.models import VisitNote
from notes.reading import reader_for_clinic
from notes.selectors.basis import own_findings

MOST_AT_ONCE = 20_000


@dataclass(frozen=True, slots=True)
class Marks:
    """What the page needs; offsets are code points of the text that was sent."""

    found: Sequence[ShownFact]
    findings: Sequence[Finding]
    read_by: str
    warning: str

    def to_dict(self) -> dict[str, Any]:
        return {
            "found": [told_fact(one) for one in self.found],
            "findings": [told_finding(one) for one in self.findings],
            "read_by": self.read_by,
            "warning": self.warning,
        }


def marks_of(note: VisitNote, text: str, corrections: Sequence[Correction]) -> Marks:
    """Read a text of the note or a stretch of one. Raises NoteTooLong above what is read at once."""
    if len(text) > MOST_AT_ONCE:
        raise NoteTooLong(len(text), MOST_AT_ONCE)
    reader = reader_for_clinic()
    extraction = reader.extract(text)
    found = found_facts(extraction)
    facts = merge(found, corrections)
    findings = own_findings(note, text, findings_of_facts(text, facts, extraction), facts)
    warning = " ".join([*extraction.warnings, reader.warning]).strip()
    return Marks(found, findings, reader.version, warning)


def told_fact(fact: ShownFact) -> dict[str, Any]:
    """Plain JSON."""
    return {
        "start": fact.start,
        "end": fact.end,
        "label": fact.label,
        "assertion": fact.assertion,
        "probability": None if fact.probability is None else round(fact.probability, 2),
    }


def told_finding(finding: Finding) -> dict[str, Any]:
    """Plain JSON; `words` hold the value and what it belongs to, and quote nothing else of the note."""
    return {
        "start": finding.span.start,
        "end": finding.span.end,
        "kind": finding.kind,
        "words": say_finding(finding),
        "value": say_value(finding),
        "unlinked": is_unlinked(finding),
        "goal": finding.goal,
        "region": finding.region,
        "side": finding.side,
        "motion": finding.motion,
        "measure": finding.measure,
    }
