"""How a project goes: documents by state, work by annotator, what comes next. No text, no spans."""

from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from clinic.models import Membership
from notes.models import Annotation, AnnotationProject, DataSetVersion, ProjectDocument, ProjectMember
from notes.selectors.annotation.access import Part, ProjectAccess
from patients.selectors import patients_for

State = ProjectDocument.State
SUBMITTED = Annotation.State.SUBMITTED


@dataclass(frozen=True, slots=True)
class ProjectLine:
    """One project in a list."""

    project: AnnotationProject
    documents: int
    settled: int
    parts: str

    @property
    def share_pct(self) -> int:
        """Settled documents, of those that are not left out."""
        return round(100 * self.settled / self.documents) if self.documents else 0


@dataclass(frozen=True, slots=True)
class Work:
    """One member's documents."""

    membership: Membership
    handed_in: int
    begun: int


@dataclass(frozen=True, slots=True)
class OwnWork:
    """What an annotator sees of their own work: "2 of 40 done"."""

    done: int
    total: int
    begun: list[Annotation]
    can_take_next: bool


def project_lines(projects: QuerySet[AnnotationProject], *, membership: Membership) -> list[ProjectLine]:
    """The list of projects with their progress, in three queries however many there are."""
    counted = projects.annotate(
        document_count=Count("documents", filter=~Q(documents__state=State.LEFT_OUT), distinct=True),
        settled_count=Count("documents", filter=Q(documents__state=State.SETTLED), distinct=True),
    )
    parts: dict[int, list[str]] = {}
    for one in ProjectMember.objects.filter(membership=membership, project__in=projects):
        parts.setdefault(one.project_id, []).append(one.get_part_display())
    return [
        ProjectLine(one, one.document_count, one.settled_count, ", ".join(parts.get(one.pk, [])))
        for one in counted
    ]


def documents_by_state(project: AnnotationProject) -> list[tuple[str, str, int]]:
    """State, its words, and how many documents are in it, in the order of the work."""
    found = dict(
        ProjectDocument.objects.filter(project=project).order_by().values_list("state").annotate(Count("id"))
    )
    return [(state.value, str(state.label), found.get(state.value, 0)) for state in State]


def work_by_annotator(project: AnnotationProject) -> list[Work]:
    """For the lead and the admin: how much each annotator has done, not which documents."""
    counts = {
        row["annotator"]: row
        for row in Annotation.objects.filter(document__project=project)
        .order_by()
        .values("annotator")
        .annotate(
            handed_in=Count("id", filter=Q(state=SUBMITTED)), begun=Count("id", filter=~Q(state=SUBMITTED))
        )
    }
    members = ProjectMember.objects.filter(project=project, part=Part.ANNOTATOR).select_related("membership")
    return [
        Work(
            one.membership,
            counts.get(one.membership_id, {}).get("handed_in", 0),
            counts.get(one.membership_id, {}).get("begun", 0),
        )
        for one in members
    ]


def documents_of(project: AnnotationProject, *, state: str = "") -> QuerySet[ProjectDocument]:
    """For the lead: documents without their texts, the most uncertain first, with how many handed in."""
    documents = ProjectDocument.objects.filter(project=project).defer("text", "settled", "suspects")
    if state in State.values:
        documents = documents.filter(state=state)
    return documents.annotate(
        handed_in=Count("annotations", filter=Q(annotations__state=SUBMITTED), distinct=True)
    ).order_by("-uncertainty", "id")


def to_clear(access: ProjectAccess) -> QuerySet[ProjectDocument]:
    """Documents whose names this person may check, oldest first; of notes, those of their patients."""
    waiting = ProjectDocument.objects.filter(project=access.project, state=State.TO_CLEAR)
    treated = Q(source_note__patient__in=patients_for(access.membership))
    return waiting.filter(Q(source_note=None) | treated).order_by("id")


def to_settle_for(access: ProjectAccess) -> QuerySet[ProjectDocument]:
    """Documents that this adjudicator may settle: handed in twice, and not by themselves."""
    waiting = ProjectDocument.objects.filter(project=access.project, state=State.TO_SETTLE)
    return waiting.exclude(annotations__annotator=access.membership).defer("text").order_by("id")


def free_for(access: ProjectAccess) -> QuerySet[ProjectDocument]:
    """Open documents with a place left that this annotator has not taken, the most uncertain first.

    A place is held by whoever handed in, and by whoever has begun and still has the part.
    """
    project = access.project
    annotators = ProjectMember.objects.filter(project=project, part=Part.ANNOTATOR).values("membership")
    holds = Q(annotations__state=SUBMITTED) | Q(annotations__annotator__in=annotators)
    return (
        ProjectDocument.objects.filter(project=project, state=State.OPEN)
        .exclude(pk__in=Annotation.objects.filter(annotator=access.membership).values("document"))
        .annotate(held=Count("annotations", filter=holds, distinct=True))
        .filter(held__lt=project.annotators_per_document)
        .order_by("-uncertainty", "id")
    )


def own_work(access: ProjectAccess) -> OwnWork:
    """What this annotator has done and what waits, without a word on anybody else."""
    mine = Annotation.objects.filter(document__project=access.project, annotator=access.membership)
    begun = list(
        mine.filter(state=Annotation.State.OPEN, document__state=State.OPEN)
        .select_related("document")
        .defer("document__text", "document__proposals", "document__settled", "entities", "proposals")
        .order_by("id")
    )
    done = mine.filter(state=SUBMITTED).count()
    free = free_for(access).count()
    return OwnWork(done, done + len(begun) + free, begun, can_take_next=free > 0)


def versions_of(project: AnnotationProject) -> QuerySet[DataSetVersion]:
    """The project's data sets, newest first, without their content."""
    return DataSetVersion.objects.filter(project=project).select_related("made_by").defer("content")


def members_of(project: AnnotationProject) -> QuerySet[ProjectMember]:
    """Who has which part, in the order they came."""
    return ProjectMember.objects.filter(project=project).select_related("membership").order_by("part", "id")
