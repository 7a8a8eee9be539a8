"""What clinicians say about stretches of a draft: stored as theirs, checked against the words."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from clinic.audit import record
from clinic.models import Membership
from notes.errors import DraftTakenOver, StaleDraft
from notes.fact_merging import Correction
from notes.models import NoteFact, VisitNote
from notes.services.drafts import NOTE, held_by_other, lock_draft

State, Origin = NoteFact.State, NoteFact.Origin
MOST_CORRECTIONS = 2000


@dataclass(frozen=True, slots=True)
class Quoted:
    """A correction with the words that its author saw at its place."""

    correction: Correction
    quote: str


def correct_facts(
    note: VisitNote, *, facts: Sequence[Quoted], revision: int, by: Membership
) -> list[Correction]:
    """Make these the clinicians' corrections of the draft; answers those whose words do not stand there.

    Each is checked by its quote, so that no fact is stored about other words. Raises NoteLocked, StaleDraft
    when the facts are of another text than the stored one, DraftTakenOver while somebody else writes.
    """
    with transaction.atomic():
        stored = lock_draft(note)
        if held_by_other(stored, by=by) and stored.editor and stored.editor_seen_at:
            name, seen_at = stored.editor.display_name, stored.editor_seen_at
            raise DraftTakenOver(stored.revision, None, editor_name=name, seen_at=seen_at)
        if stored.revision != revision:
            raise StaleDraft(stored.revision, None)
        fitting, refused = _fitting(stored.text, facts[:MOST_CORRECTIONS])
        added, taken = _replace_corrections(stored, fitting, by=by)
        if added or taken:
            record(
                "change",
                patient=stored.patient_id,
                object_type=NOTE,
                object_ref=stored.ref,
                purpose="correct facts",
                detail={"added": added, "taken_away": taken},
            )
    return refused


def _fitting(text: str, facts: Sequence[Quoted]) -> tuple[list[Correction], list[Correction]]:
    """Those whose quote stands at their place and that do not overlap an earlier one; the others."""
    fitting: list[Correction] = []
    refused: list[Correction] = []
    for quoted in sorted(facts, key=lambda one: one.correction.start):
        one = quoted.correction
        words = text[one.start : one.end] if 0 <= one.start < one.end <= len(text) else ""
        is_fit = words.strip() == words != "" and words == quoted.quote
        overlaps = any(other.end > one.start for other in fitting if other.is_removed == one.is_removed)
        (refused if overlaps or not is_fit else fitting).append(one)
    return fitting, refused


def _replace_corrections(
    stored: VisitNote, wanted: Sequence[Correction], *, by: Membership
) -> tuple[int, int]:
    """Only what changed is written: an autosave sends all corrections each time."""
    rows = NoteFact.objects.filter(note=stored, decided_by__isnull=False)
    known = {_key(row): row.pk for row in rows}
    new = [one for one in wanted if _key_of(one) not in known]
    kept = {_key_of(one) for one in wanted}
    gone = [pk for key, pk in known.items() if key not in kept]
    NoteFact.objects.filter(pk__in=gone).delete()
    NoteFact.objects.bulk_create(_row_of(stored, one, by=by) for one in new)
    return len(new), len(gone)


def _key(row: NoteFact) -> tuple[object, ...]:
    removed = row.state == State.REMOVED
    return (row.start, row.end, row.label, row.assertion, removed, tuple(sorted(row.links.items())))


def _key_of(one: Correction) -> tuple[object, ...]:
    return (one.start, one.end, one.label, one.assertion, one.is_removed, tuple(sorted(one.links.items())))


def _row_of(stored: VisitNote, one: Correction, *, by: Membership) -> NoteFact:
    return NoteFact(
        note=stored,
        start=one.start,
        end=one.end,
        label=one.label,
        assertion=one.assertion,
        origin=Origin.EXTRACTED if one.found_as else Origin.CLINICIAN,
        state=State.REMOVED if one.is_removed else State.CONFIRMED,
        found_as=one.found_as,
        links=one.links,
        decided_by=by,
    )
