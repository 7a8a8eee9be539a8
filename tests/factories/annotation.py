"""Annotation projects for tests. Plain functions; each opens the clinic's scope itself."""

from collections.abc import Sequence

from clinic.models import Membership
from clinic.tenancy.scope import clinic_scope
from notes.models import Annotation, AnnotationProject, ProjectDocument
from notes.selectors.annotation.access import access_project
from notes.services.annotation.documents import add_text, clear_document
from notes.services.annotation.marking import hand_in, save_annotation, take_next
from notes.services.annotation.projects import add_member, make_project
from notes.services.annotation.proposing import propose_entities

TEXT = "Left knee pain 6/10. Denies diabetes. Gait training today."
Row = dict[str, object]


def make_team(
    lead: Membership,
    *,
    annotators: Sequence[Membership] = (),
    adjudicators: Sequence[Membership] = (),
    **fields: object,
) -> AnnotationProject:
    """A project with its people."""
    with clinic_scope(lead.clinic_id):
        project = make_project(str(fields.pop("title", "Knees")), by=lead, **fields)  # type: ignore[arg-type]
        for one in annotators:
            add_member(project, membership=one, part="annotator")
        for one in adjudicators:
            add_member(project, membership=one, part="adjudicator")
        return project


def make_document(project: AnnotationProject, text: str = TEXT, *, by: Membership) -> ProjectDocument:
    """A text whose names are still to be checked."""
    with clinic_scope(project.clinic_id):
        add_text(project, text, by=by)
        return ProjectDocument.objects.filter(project=project).select_related("project").latest("id")


def make_open_document(project: AnnotationProject, text: str = TEXT, *, by: Membership) -> ProjectDocument:
    """A cleared text that the extractor has read."""
    document = make_document(project, text, by=by)
    with clinic_scope(project.clinic_id):
        clear_document(document, [], by=by)
        propose_entities(document.pk)
        document.refresh_from_db()
        return document


def annotate(project: AnnotationProject, *, by: Membership, entities: Sequence[Row]) -> Annotation:
    """Take the next document, mark it, hand it in."""
    with clinic_scope(project.clinic_id):
        begun = take_next(access_project(by, project.ref))
        saved = save_annotation(begun, entities=list(entities), rejected=[], revision=begun.revision)
        return hand_in(saved, revision=saved.revision, reject_undecided=True)
