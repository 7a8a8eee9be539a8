"""One annotator's own work on one document: taken, saved, handed in. Blind until it is settled."""

from django.db import transaction
from django.utils import timezone

from clinic.audit import Action, record
from notes.annotating.spans import SpansWrong, read_rejected, read_spans, stored_spans, undecided
from notes.annotation_errors import (
    AlreadyHandedIn,
    DocumentTaken,
    NothingToAnnotate,
    NotOpenForThis,
    NotYourDocument,
    ProjectClosed,
    ProposalsUndecided,
    SpansRefused,
    StaleAnnotation,
)
from notes.models import Annotation, AnnotationProject, ProjectDocument, ProjectMember
from notes.selectors.annotation.access import ProjectAccess
from notes.selectors.annotation.progress import free_for

State = ProjectDocument.State
SUBMITTED = Annotation.State.SUBMITTED
# A window that stays open over lunch is not an hour of work.
LONGEST_STRETCH_S = 300


@transaction.atomic
def take_next(access: ProjectAccess) -> Annotation:
    """The document that was begun, or the most uncertain one with a free place.

    Raises ProjectClosed, NothingToAnnotate.
    """
    _check_open(access.project)
    begun = Annotation.objects.filter(
        document__project=access.project,
        document__state=State.OPEN,
        annotator=access.membership,
        state=Annotation.State.OPEN,
    )
    found = begun.select_related("document").order_by("id").first()
    return found if found is not None else _take(access)


def _take(access: ProjectAccess) -> Annotation:
    # The project's row keeps two people from taking the last place at the same moment.
    AnnotationProject.objects.select_for_update().get(pk=access.project.pk)
    document = free_for(access).first()
    if document is None:
        raise NothingToAnnotate
    made = Annotation.objects.create(
        document=document,
        annotator=access.membership,
        proposals=document.proposals if access.project.preannotate else [],
    )
    record(Action.CREATE, object_type="notes.Annotation", object_ref=made.ref)
    return made


@transaction.atomic
def save_annotation(
    annotation: Annotation, *, entities: object, rejected: object, revision: int, seconds: int = 0
) -> Annotation:
    """Store the spans as they stand now.

    Raises SpansRefused, StaleAnnotation with the revision that is stored, AlreadyHandedIn, ProjectClosed.
    """
    stored = _locked(annotation)
    if stored.revision != revision:
        raise StaleAnnotation(stored.revision)
    try:
        spans = read_spans(entities, text=stored.document.text)
        refused = read_rejected(rejected)
    except SpansWrong as error:
        raise SpansRefused(str(error)) from error
    stored.entities, stored.rejected = [one.to_row() for one in spans], refused
    stored.revision += 1
    stored.seconds_open += max(0, min(seconds, LONGEST_STRETCH_S))
    stored.save()
    return stored


@transaction.atomic
def hand_in(annotation: Annotation, *, revision: int, reject_undecided: bool = False) -> Annotation:
    """Finish: nothing of it changes any more. The second one to hand in makes the document ready to settle.

    Raises ProposalsUndecided unless `reject_undecided`, StaleAnnotation, AlreadyHandedIn, DocumentTaken.
    """
    stored = _locked(annotation)
    if stored.revision != revision:
        raise StaleAnnotation(stored.revision)
    left = undecided(stored.proposals, spans=stored_spans(stored.entities), rejected=stored.rejected)
    if left and not reject_undecided:
        raise ProposalsUndecided(len(left))
    stored.rejected += [{"start": one.start, "end": one.end, "label": one.label} for one in left]
    document = stored.document
    before = Annotation.objects.filter(document=document, state=SUBMITTED).count()
    if before >= document.project.annotators_per_document:
        raise DocumentTaken
    stored.state, stored.submitted_at = SUBMITTED, timezone.now()
    stored.revision += 1
    stored.save()
    if before + 1 == document.project.annotators_per_document:
        document.state = State.TO_SETTLE
        document.save(update_fields=["state", "updated_at"])
    record(
        Action.CHANGE,
        object_type="notes.Annotation",
        object_ref=stored.ref,
        detail={"state": "submitted", "spans": len(stored.entities), "undecided": len(left)},
    )
    return stored


def _locked(annotation: Annotation) -> Annotation:
    """The annotation with its document's row held, still open for its annotator."""
    document = (
        ProjectDocument.objects.select_for_update(of=("self",))
        .select_related("project")
        .get(pk=annotation.document_id)
    )
    stored = Annotation.objects.select_for_update().get(pk=annotation.pk)
    stored.document = document
    _check_open(document.project)
    if stored.state == SUBMITTED:
        raise AlreadyHandedIn
    if document.state == State.TO_SETTLE:
        raise DocumentTaken
    if document.state != State.OPEN:
        raise NotOpenForThis
    if not _has_part(document.project, stored.annotator_id):
        raise NotYourDocument
    return stored


def _has_part(project: AnnotationProject, membership_id: int) -> bool:
    return ProjectMember.objects.filter(
        project=project, membership=membership_id, part=ProjectMember.Part.ANNOTATOR
    ).exists()


def _check_open(project: AnnotationProject) -> None:
    if project.state == AnnotationProject.State.CLOSED:
        raise ProjectClosed
