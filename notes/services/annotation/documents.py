"""Texts into a project, and only after somebody has looked at what may name a person."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from django.db import transaction
from django.utils import timezone

from clinic.audit import Action, record
from clinic.models import Membership
from notes.annotating.files import MOST_DOCUMENTS, ReadFile, text_problem
from notes.annotating.spans import Marked, of_entities, stored_spans
from notes.annotation_errors import NotOpenForThis, SameText, UploadRefused
from notes.clini_note_extractor import Note
from notes.deidentification import Suspect, find_suspects, replace
from notes.models import AnnotationProject, ProjectDocument, VisitNote
from notes.note_text import sha256_of
from notes.services.annotation.projects import locked_project
from notes.services.annotation.proposing import queue_proposals

State = ProjectDocument.State
THING = "notes.ProjectDocument"
# A name of letters and digits may stay; whatever could be a person's becomes a number.
PLAIN_NAME = re.compile(r"[\w.-]{1,80}")


@dataclass(frozen=True, slots=True)
class Added:
    """How many entered, and how many stood in the project already."""

    documents: int
    known: int


@dataclass(frozen=True, slots=True)
class Decision:
    """A suspect and whether it is replaced."""

    suspect: Suspect
    is_replaced: bool


@transaction.atomic
def add_documents(project: AnnotationProject, read: ReadFile, *, by: Membership) -> Added:
    """Take what a file holds; texts that are there already are passed over. Raises UploadRefused."""
    stored = locked_project(project)
    if read.problems:
        raise UploadRefused([str(one) for one in read.problems])
    added = _store(stored, read.notes, annotated=read.annotated)
    record(
        Action.CREATE,
        object_type=THING,
        object_ref=stored.ref,
        detail={"documents": added.documents, "known": added.known, "annotated": len(read.annotated)},
    )
    return added


def add_text(project: AnnotationProject, text: str, *, by: Membership) -> Added:
    """Take one pasted text. Raises UploadRefused."""
    problem = text_problem(text)
    if problem:
        raise UploadRefused([problem])
    return add_documents(project, ReadFile([Note("", text)]), by=by)


@transaction.atomic
def add_signed_notes(project: AnnotationProject, notes: Sequence[VisitNote], *, by: Membership) -> Added:
    """Take the texts of signed notes; the caller has checked that this person may open each.

    Their patients stand in the audit trail: a text leaves the record here.
    """
    stored = locked_project(project)
    chosen = [one for one in notes if one.status == VisitNote.Status.SIGNED][:MOST_DOCUMENTS]
    texts = [Note("", one.text) for one in chosen]
    added = _store(stored, texts, annotated=frozenset(), sources=[one.pk for one in chosen])
    record(
        Action.EXPORT,
        patients=sorted({one.patient_id for one in chosen}),
        object_type="notes.AnnotationProject",
        object_ref=stored.ref,
        purpose="annotation",
        detail={"notes": [str(one.ref) for one in chosen]},
    )
    return added


@transaction.atomic
def clear_document(
    document: ProjectDocument, decisions: Iterable[Decision], *, by: Membership
) -> ProjectDocument:
    """Replace what names somebody, and open the document; the text that named them is not kept.

    Raises NotOpenForThis where it was cleared already, SameText where the cleaned text is another's, and
    ValueError for suspects that overlap.
    """
    locked_project(document.project)
    stored = ProjectDocument.objects.select_for_update().get(pk=document.pk)
    if stored.state != State.TO_CLEAR:
        raise NotOpenForThis
    decided = sorted(decisions, key=lambda one: one.suspect)
    text, moved = replace(stored.text, [one.suspect for one in decided if one.is_replaced])
    _check_new(stored, text)
    spans = [
        Marked(*place, span.label, span.assertion, span.origin)
        for span in stored_spans(stored.settled)
        if (place := moved(span.start, span.end)) is not None
    ]
    lost = len(stored.settled) - len(spans)
    _open(stored, text, spans, decided, by=by)
    record(
        Action.CHANGE,
        object_type=THING,
        object_ref=stored.ref,
        purpose="names checked",
        detail={**_counts(decided), "spans_lost": lost},
    )
    if not stored.came_annotated:
        queue_proposals(stored)
    return stored


@transaction.atomic
def leave_out(document: ProjectDocument, *, by: Membership) -> ProjectDocument:
    """Take a document out of the work. A text that was never cleared is deleted. Raises NotOpenForThis."""
    locked_project(document.project)
    stored = ProjectDocument.objects.select_for_update().get(pk=document.pk)
    if stored.state == State.LEFT_OUT:
        return stored
    if stored.state == State.SETTLED:
        raise NotOpenForThis
    if stored.cleared_at is None:
        # Its own sum, so that the same text may be sent again.
        stored.text, stored.text_sha256, stored.settled = "", sha256_of(str(stored.ref)), []
        stored.source_note = None
    stored.state = State.LEFT_OUT
    stored.save()
    record(Action.CHANGE, object_type=THING, object_ref=stored.ref, detail={"state": State.LEFT_OUT.value})
    return stored


def suspects_of(document: ProjectDocument, *, own_names: Iterable[str]) -> list[Suspect]:
    """What may name a person in a document that is not cleared."""
    return find_suspects(document.text, own_names=frozenset(own_names))


def _store(
    project: AnnotationProject,
    notes: Sequence[Note],
    *,
    annotated: frozenset[str],
    sources: Sequence[int] = (),
) -> Added:
    known = ProjectDocument.objects.filter(project=project)
    sums, names = set(known.values_list("text_sha256", flat=True)), set(known.values_list("name", flat=True))
    rows: list[ProjectDocument] = []
    for note, source in zip_longest(notes, sources):
        own_sum = sha256_of(note.text)
        if own_sum in sums:
            continue
        sums.add(own_sum)
        name = _free_name(note.id, names, at=len(names) + 1)
        names.add(name)
        is_gold = note.id in annotated
        spans = [one.to_row() for one in of_entities(note.entities, origin="imported")] if is_gold else []
        rows.append(
            ProjectDocument(
                project=project, name=name, text=note.text, text_sha256=own_sum, settled=spans,
                came_annotated=is_gold, source_note_id=source,
            )
        )  # fmt: skip
    ProjectDocument.objects.bulk_create(rows)
    return Added(len(rows), len(notes) - len(rows))


def _free_name(wanted: str, names: set[str], *, at: int) -> str:
    """The file's own id where it names nobody and is free; else a number."""
    spaced = re.sub(r"[\W_]+", " ", wanted).title()
    if PLAIN_NAME.fullmatch(wanted) and wanted not in names and not _may_name_somebody(spaced):
        return wanted
    while f"text-{at:04}" in names:
        at += 1
    return f"text-{at:04}"


def _may_name_somebody(words: str) -> bool:
    return bool(find_suspects(words) or find_suspects(f"Seen with {words} today."))


def _check_new(document: ProjectDocument, text: str) -> None:
    others = ProjectDocument.objects.filter(project=document.project_id).exclude(pk=document.pk)
    twin = others.filter(text_sha256=sha256_of(text)).only("name").first()
    if twin is not None:
        raise SameText(twin.name)


def _open(
    stored: ProjectDocument,
    text: str,
    spans: Sequence[Marked],
    decided: Sequence[Decision],
    *,
    by: Membership,
) -> None:
    now = timezone.now()
    # Nothing leads back to the patient from here on.
    stored.text, stored.text_sha256, stored.source_note = text, sha256_of(text), None
    stored.suspects = [
        {"kind": one.suspect.kind.value, "decision": "replaced" if one.is_replaced else "kept"}
        for one in decided
    ]
    stored.cleared_by, stored.cleared_at = by, now
    stored.state = State.OPEN
    if stored.came_annotated:
        stored.settled = [one.to_row() for one in spans]
        stored.state, stored.settled_by, stored.settled_at = State.SETTLED, by, now
    stored.save()


def _counts(decided: Sequence[Decision]) -> dict[str, int]:
    return {
        "replaced": sum(one.is_replaced for one in decided),
        "kept": sum(not one.is_replaced for one in decided),
    }
