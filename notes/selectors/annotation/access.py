"""Who may open an annotation project, and what of it. Its members do their part; the clinic's admin sees
how it goes, and no text.
"""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from clinic.audit import record
from clinic.models import Membership, Role
from notes.annotation_errors import (
    DocumentNotFound,
    NotInProject,
    NotYourDocument,
    NotYourPart,
    ProjectNotFound,
    SettledByOthers,
)
from notes.models import Annotation, AnnotationProject, ProjectDocument, ProjectMember
from notes.selectors.access import check_note_access

Part = ProjectMember.Part


@dataclass(frozen=True, slots=True)
class ProjectAccess:
    """A project as one person may see it."""

    project: AnnotationProject
    membership: Membership
    parts: frozenset[str]

    @property
    def is_admin(self) -> bool:
        return self.membership.role == Role.CLINIC_ADMIN

    @property
    def is_lead(self) -> bool:
        return Part.LEAD in self.parts

    @property
    def is_annotator(self) -> bool:
        return Part.ANNOTATOR in self.parts

    @property
    def is_adjudicator(self) -> bool:
        return Part.ADJUDICATOR in self.parts

    @property
    def sees_progress(self) -> bool:
        """Whether who has done how much is shown; an annotator sees their own only."""
        return self.is_admin or self.is_lead


def projects_for(membership: Membership) -> QuerySet[AnnotationProject]:
    """The projects that this person may open, newest first; every one for the admin."""
    projects = AnnotationProject.objects.all()
    if membership.role == Role.PATIENT:
        return projects.none()
    if membership.role == Role.CLINIC_ADMIN:
        return projects
    return projects.filter(members__membership=membership).distinct()


def access_project(membership: Membership, ref: UUID) -> ProjectAccess:
    """Open a project. Raises ProjectNotFound for a stranger or a patient, NotInProject for a colleague."""
    project = AnnotationProject.objects.filter(ref=ref).first()
    if project is None or membership.role == Role.PATIENT:
        raise ProjectNotFound
    found = ProjectMember.objects.filter(project=project, membership=membership)
    parts = frozenset(found.values_list("part", flat=True))
    if not parts and membership.role != Role.CLINIC_ADMIN:
        raise NotInProject
    return ProjectAccess(project, membership, parts)


def access_as(membership: Membership, ref: UUID, *parts: str) -> ProjectAccess:
    """As `access_project`, for somebody who has one of these parts. Raises NotYourPart."""
    access = access_project(membership, ref)
    if not access.parts & set(parts):
        raise NotYourPart
    return access


def document_of(project: AnnotationProject, ref: UUID) -> ProjectDocument:
    """A document of this project. Raises DocumentNotFound."""
    documents = ProjectDocument.objects.filter(project=project, ref=ref)
    document = documents.select_related("project", "source_note").first()
    if document is None:
        raise DocumentNotFound
    return document


def own_annotation(access: ProjectAccess, document: ProjectDocument) -> Annotation:
    """What this annotator made of the document; the only door to an annotation that is not handed in.

    Raises NotYourDocument.
    """
    found = (
        Annotation.objects.filter(document=document, annotator=access.membership)
        .select_related("document__project")
        .first()
    )
    if found is None:
        raise NotYourDocument
    return found


def check_may_settle(access: ProjectAccess, document: ProjectDocument) -> None:
    """Raises NotYourPart unless an adjudicator asks, SettledByOthers for one who marked it themselves."""
    if not access.is_adjudicator:
        raise NotYourPart
    if Annotation.objects.filter(document=document, annotator=access.membership).exists():
        raise SettledByOthers


def check_may_clear(access: ProjectAccess, document: ProjectDocument) -> None:
    """Until its names are gone, a note's text is for those who treat its patient. Raises NotOnCareTeam."""
    if document.source_note is not None:
        check_note_access(access.membership, document.source_note.ref, purpose="names")


def note_look(document: ProjectDocument, *, purpose: str) -> None:
    """Write to the audit trail that somebody read a document's text, and whose it is where that is known."""
    source = document.source_note
    record(
        "view",
        patient=source.patient_id if source else None,
        object_type="notes.ProjectDocument",
        object_ref=document.ref,
        purpose=purpose,
    )
