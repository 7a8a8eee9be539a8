"""What the person who signs looks at: the text, what will be kept of it, and what stands in the way."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from notes.clini_note_extractor import Label
from notes.clini_note_extractor.linking import Finding
from notes.fact_findings import findings_of_facts
from notes.fact_merging import ShownFact, found_facts, merge
from notes.finding_words import is_unlinked, say_finding
from notes.label_words import LABELS
from notes.marked_text import Piece, marked_pieces
from notes.models import NoteVersion, VisitNote
from notes.note_text import says_nothing
from notes.selectors.basis import own_findings
from notes.selectors.facts import (
    LONGEST_READ_AT_ONCE,
    corrections_of,
    facts_of,
    is_read,
    names_read,
)

# A fact that the model gave less than this is pointed at, if nobody has looked at it.
UNSURE_BELOW = 0.7
MOST_UNSURE = 5
# Worth a second look: values and diagnoses last in the record, a wrongly marked treatment does no harm.
WEIGHTY = {Label.DIAGNOSIS, Label.SURGERY, Label.PAIN_LEVEL, Label.ROM, Label.STRENGTH, Label.OUTCOME_SCORE}


@dataclass(frozen=True)
class KeptFinding:
    """A value that signing stores; `is_unseen` when no clinician has looked at its mark."""

    words: str
    start: int
    is_goal: bool
    is_unlinked: bool
    is_unseen: bool
    times: int = 1


@dataclass(frozen=True)
class FindingGroup:
    """Findings that somebody has looked at, or those that nobody has."""

    title: str
    findings: tuple[KeptFinding, ...]


@dataclass(frozen=True)
class UnsureFact:
    """A mark that the reader was unsure of, in the words of the note."""

    words: str
    label: str
    start: int


@dataclass(frozen=True)
class SigningReview:
    pieces: tuple[Piece, ...]
    findings: tuple[KeptFinding, ...]
    unsure: tuple[UnsureFact, ...]
    unsure_more: int
    fact_count: int
    unseen_count: int
    waiting: tuple[NoteVersion, ...]
    is_empty: bool
    is_long: bool

    @property
    def groups(self) -> list[FindingGroup]:
        """The findings that nobody has looked at come first."""
        told = _once(self.findings)
        unseen = tuple(one for one in told if one.is_unseen)
        seen = tuple(one for one in told if not one.is_unseen)
        groups = (FindingGroup("Found, not looked at", unseen), FindingGroup("Looked at", seen))
        return [group for group in groups if group.findings]


def signing_review(note: VisitNote) -> SigningReview:
    """What signing would keep now, read from the text as it stands. A long text is read when it is signed."""
    extraction = names_read(note.text)
    facts = facts_of(note) if is_read(note) else merge(found_facts(extraction), corrections_of(note))
    findings = own_findings(note, note.text, findings_of_facts(note.text, facts, extraction), facts)
    waiting = note.versions.filter(reason=NoteVersion.Reason.REFUSED).select_related("by").order_by("number")
    unsure = _unsure(note.text, facts)
    return SigningReview(
        pieces=tuple(marked_pieces(note.text, facts)),
        findings=tuple(_kept(one, facts) for one in findings),
        unsure=tuple(unsure[:MOST_UNSURE]),
        unsure_more=max(0, len(unsure) - MOST_UNSURE),
        fact_count=len(facts),
        unseen_count=sum(not one.is_decided for one in facts),
        waiting=tuple(waiting),
        is_empty=is_empty(note),
        is_long=len(note.text) > LONGEST_READ_AT_ONCE,
    )


def is_empty(note: VisitNote) -> bool:
    """Whether the note says nothing but its template's headings."""
    sections = note.template.sections if note.template else []
    return says_nothing(note.text, headings=[section["heading"] for section in sections])


def _kept(finding: Finding, facts: Sequence[ShownFact]) -> KeptFinding:
    seen = any(one.is_decided for one in facts if one.start <= finding.span.start < one.end)
    return KeptFinding(
        words=say_finding(finding),
        start=finding.span.start,
        is_goal=finding.goal,
        is_unlinked=is_unlinked(finding),
        is_unseen=not seen,
    )


def _once(findings: Sequence[KeptFinding]) -> list[KeptFinding]:
    """The same value once, with how often it is said; one that belongs to nothing is each time shown."""
    first: dict[tuple[object, ...], KeptFinding] = {}
    for one in findings:
        key = (one.start,) if one.is_unlinked else (one.words, one.is_goal, one.is_unseen)
        first[key] = replace(first[key], times=first[key].times + 1) if key in first else one
    return list(first.values())


def _unsure(text: str, facts: Sequence[ShownFact]) -> list[UnsureFact]:
    """The least sure first, the same words once."""
    doubted = [
        (one.probability, one.start, text[one.start : one.end], LABELS[one.label].name)
        for one in facts
        if not one.is_decided and one.label in WEIGHTY
        if one.probability is not None and one.probability < UNSURE_BELOW
    ]
    first: dict[tuple[str, str], UnsureFact] = {}
    for _, start, words, name in sorted(doubted):
        first.setdefault((words.lower(), name), UnsureFact(words, name, start))
    return list(first.values())
