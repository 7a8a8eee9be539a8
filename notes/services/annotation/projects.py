"""Projects and their members. Each write owns its transaction and its audit line."""

from django.db import transaction
from django.db.models import Q

from clinic.audit import Action, record
from clinic.models import Membership, Role
from notes.annotating.guideline import shipped_guideline
from notes.annotation_errors import LastLead, MemberCannotJoin, ProjectClosed
from notes.models import AnnotationProject, ProjectMember

Part = ProjectMember.Part
THING = "notes.AnnotationProject"


@transaction.atomic
def make_project(
    title: str, *, by: Membership, purpose: str = "", guideline: str = "", preannotate: bool = True
) -> AnnotationProject:
    """Begin a project; whoever makes it leads it. Without a guideline it gets the shipped one."""
    _check_staff(by)
    project = AnnotationProject.objects.create(
        title=title.strip(),
        purpose=purpose.strip(),
        guideline=guideline.strip() or shipped_guideline(),
        preannotate=preannotate,
        made_by=by,
    )
    ProjectMember.objects.create(project=project, membership=by, part=Part.LEAD)
    record(Action.CREATE, object_type=THING, object_ref=project.ref)
    return project


@transaction.atomic
def change_project(
    project: AnnotationProject, *, title: str, purpose: str, guideline: str, preannotate: bool
) -> AnnotationProject:
    """Store what the lead changed; another guideline is another version. Raises ProjectClosed."""
    stored = locked_project(project)
    if stored.guideline != guideline.strip():
        stored.guideline = guideline.strip()
        stored.guideline_version += 1
    stored.title, stored.purpose, stored.preannotate = title.strip(), purpose.strip(), preannotate
    stored.save()
    record(
        Action.CHANGE,
        object_type=THING,
        object_ref=stored.ref,
        detail={"guideline": stored.guideline_version},
    )
    return stored


@transaction.atomic
def set_project_open(project: AnnotationProject, *, is_open: bool) -> AnnotationProject:
    """Close a project, or open it again; closing twice is closing once."""
    stored = AnnotationProject.objects.select_for_update().get(pk=project.pk)
    state = AnnotationProject.State.OPEN if is_open else AnnotationProject.State.CLOSED
    if stored.state != state:
        stored.state = state
        stored.save(update_fields=["state", "updated_at"])
        record(Action.CHANGE, object_type=THING, object_ref=stored.ref, detail={"state": state.value})
    return stored


@transaction.atomic
def add_member(project: AnnotationProject, *, membership: Membership, part: str) -> ProjectMember:
    """Give a colleague a part; twice is once. Raises MemberCannotJoin for a patient or somebody who left."""
    stored = locked_project(project)
    _check_staff(membership)
    if part not in Part.values:
        raise MemberCannotJoin("Choose a part: lead, annotator or adjudicator.")
    member, is_new = ProjectMember.objects.get_or_create(project=stored, membership=membership, part=part)
    if is_new:
        record(
            Action.CREATE,
            object_type="notes.ProjectMember",
            object_ref=member.ref,
            detail={"project": str(stored.ref), "part": part, "membership": membership.pk},
        )
    return member


@transaction.atomic
def remove_member(member: ProjectMember) -> None:
    """Take a part back; what they have handed in stays, what they have begun frees its place.

    Raises LastLead.
    """
    project = AnnotationProject.objects.select_for_update().get(pk=member.project_id)
    others = ProjectMember.objects.filter(project=project, part=Part.LEAD).exclude(pk=member.pk)
    if member.part == Part.LEAD and not others.exists():
        raise LastLead
    record(
        Action.DELETE,
        object_type="notes.ProjectMember",
        object_ref=member.ref,
        detail={"project": str(project.ref), "part": member.part, "membership": member.membership_id},
    )
    ProjectMember.objects.filter(pk=member.pk).delete()


def locked_project(project: AnnotationProject) -> AnnotationProject:
    """The project's row, held until the transaction ends. Raises ProjectClosed."""
    stored = AnnotationProject.objects.select_for_update().get(pk=project.pk)
    if stored.state == AnnotationProject.State.CLOSED:
        raise ProjectClosed
    return stored


def staff_who_can_join() -> list[Membership]:
    """The clinic's active staff, by name."""
    return list(
        Membership.objects.filter(~Q(role=Role.PATIENT), is_active=True).order_by("display_name", "id")
    )


def _check_staff(membership: Membership) -> None:
    if membership.role == Role.PATIENT or not membership.is_active:
        raise MemberCannotJoin
