"""Annotation projects: the list, one project, its guideline and its members."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from clinic.errors import Conflict, HouseError, Invalid
from clinic.models import Role
from clinic.models.membership import STAFF_ROLES
from clinic.pace import Pace, paced
from clinic.tenancy.access import require_role
from clinic.tenancy.request import ClinicRequest
from notes.annotating.guideline import blocks_of, shipped_guideline
from notes.annotation_errors import NotYourPart
from notes.forms_annotation import DataSetForm, MemberForm, ProjectForm
from notes.models import ProjectMember
from notes.selectors.annotation import progress
from notes.selectors.annotation.access import Part, ProjectAccess, access_as, access_project, projects_for
from notes.selectors.annotation.agreement import FEW_DOCUMENTS, project_agreement
from notes.services.annotation import projects as services
from notes.services.annotation.proposing import queue_proposals_again
from notes.views.annotation_words import agreement_rows

DOCUMENTS_A_PAGE = 50
# One of the changes reads every open document again.
CHANGES = Pace(most=30, in_s=3600)


@require_GET
@never_cache
@require_role(*STAFF_ROLES)
def annotation_projects(request: ClinicRequest, clinic_slug: str) -> HttpResponse:
    """The projects in which this person has a part; every one for the admin."""
    found = projects_for(request.membership)
    lines = progress.project_lines(found, membership=request.membership)
    may_make = request.membership.role in {Role.THERAPIST, Role.CLINIC_ADMIN}
    return render(request, "notes/annotation/projects.html", {"lines": lines, "may_make": may_make})


@require_http_methods(["GET", "POST"])
@never_cache
@require_role(Role.THERAPIST, Role.CLINIC_ADMIN)
def new_annotation_project(request: ClinicRequest, clinic_slug: str) -> HttpResponse:
    """Make a project; the shipped guideline is filled in."""
    form = ProjectForm(request.POST or None, initial={"guideline": shipped_guideline(), "preannotate": True})
    if request.method == "POST" and form.is_valid():
        project = services.make_project(**form.cleaned_data, by=request.membership)
        return redirect("notes:annotation_members", clinic_slug, project.ref)
    return render(request, "notes/annotation/edit.html", {"form": form}, status=400 if form.errors else 200)


@require_GET
@never_cache
@require_role(*STAFF_ROLES)
def annotation_project(request: ClinicRequest, clinic_slug: str, ref: UUID) -> HttpResponse:
    """One project, as far as this person's part goes."""
    access = access_project(request.membership, ref)
    context = {
        "access": access,
        "project": access.project,
        "states": progress.documents_by_state(access.project),
    }
    if access.is_annotator:
        context["own"] = progress.own_work(access)
    if access.is_adjudicator:
        context["waiting"] = progress.to_settle_for(access)
    if access.sees_progress or access.is_adjudicator:
        found = project_agreement(access.project)
        context |= {
            "agreement": agreement_rows(found),
            "compared": found.to_dict()["notes"] if found else 0,
            "few": FEW_DOCUMENTS,
        }
    if access.sees_progress:
        context |= _overview(request, access)
    return render(request, "notes/annotation/project.html", context)


def _overview(request: ClinicRequest, access: ProjectAccess) -> dict[str, object]:
    state = request.GET.get("state", "")
    documents = progress.documents_of(access.project, state=state)
    return {
        "work": progress.work_by_annotator(access.project),
        "members": progress.members_of(access.project),
        "versions": progress.versions_of(access.project),
        "documents": Paginator(documents, DOCUMENTS_A_PAGE).get_page(request.GET.get("page")),
        "state": state,
        "first_to_clear": progress.to_clear(access).only("ref", "project").first(),
        "data_set_form": DataSetForm(),
    }


@require_http_methods(["GET", "POST"])
@never_cache
@require_role(*STAFF_ROLES)
def edit_annotation_project(request: ClinicRequest, clinic_slug: str, ref: UUID) -> HttpResponse:
    """Change what a project is for, or its guideline. For its leads."""
    access = access_as(request.membership, ref, Part.LEAD)
    project = access.project
    initial = {name: getattr(project, name) for name in ProjectForm.base_fields}
    form = ProjectForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        changed = services.change_project(project, **form.cleaned_data)
        messages.success(request, f"Saved. The guideline is version {changed.guideline_version}.")
        return redirect("notes:annotation_project", clinic_slug, ref)
    return render(
        request,
        "notes/annotation/edit.html",
        {"form": form, "project": project},
        status=400 if form.errors else 200,
    )


@require_POST
@require_role(*STAFF_ROLES)
@paced("change_annotation_project", CHANGES)
def change_annotation_project(request: ClinicRequest, clinic_slug: str, ref: UUID) -> HttpResponse:
    """Close, open again, or read the open documents again. For the project's leads."""
    access = access_as(request.membership, ref, Part.LEAD)
    action = request.POST.get("action")
    if action == "propose":
        queue_proposals_again(access.project)
        messages.success(request, "The open documents are being read again; the order follows in a moment.")
    elif action in {"close", "open"}:
        services.set_project_open(access.project, is_open=action == "open")
    else:
        raise Invalid
    return redirect("notes:annotation_project", clinic_slug, ref)


@require_GET
@never_cache
@require_role(*STAFF_ROLES)
def annotation_guideline(request: ClinicRequest, clinic_slug: str, ref: UUID) -> HttpResponse:
    """The guideline that the project's people work by."""
    access = access_project(request.membership, ref)
    blocks = blocks_of(access.project.guideline)
    return render(
        request,
        "notes/annotation/guideline.html",
        {"access": access, "project": access.project, "blocks": blocks},
    )


@require_http_methods(["GET", "POST"])
@never_cache
@require_role(*STAFF_ROLES)
def annotation_members(request: ClinicRequest, clinic_slug: str, ref: UUID) -> HttpResponse:
    """Who has which part. For the project's leads."""
    access = access_as(request.membership, ref, Part.LEAD)
    form = MemberForm(request.POST if "member" in request.POST else None)
    if request.method == "POST":
        try:
            if _change_members(request, access, form):
                return redirect("notes:annotation_members", clinic_slug, ref)
        except (Conflict, Invalid) as error:
            form.add_error(None, error.words) if form.is_bound else messages.error(request, error.words)
    return render(
        request,
        "notes/annotation/members.html",
        {"access": access, "project": access.project, "form": form,
         "members": progress.members_of(access.project)},
        status=400 if request.method == "POST" else 200,
    )  # fmt: skip


def _change_members(request: ClinicRequest, access: ProjectAccess, form: MemberForm) -> bool:
    if "remove" in request.POST:
        services.remove_member(_member(access, request.POST["remove"]))
        return True
    if not form.is_valid():
        return False
    chosen = form.people[form.cleaned_data["member"]]
    services.add_member(access.project, membership=chosen, part=form.cleaned_data["part"])
    return True


def _member(access: ProjectAccess, ref: str) -> ProjectMember:
    found = [one for one in progress.members_of(access.project) if str(one.ref) == ref]
    if not found:
        raise HouseError("This person has no such part any more.")
    return found[0]


def check_text_reader(access: ProjectAccess) -> None:
    """Texts are for the project's members; an admin without a part sees how it goes, no text."""
    if not access.parts:
        raise NotYourPart


project_patterns: list[URLPattern] = [
    path("annotation/", annotation_projects, name="annotation_projects"),
    path("annotation/new/", new_annotation_project, name="new_annotation_project"),
    path("annotation/<uuid:ref>/", annotation_project, name="annotation_project"),
    path("annotation/<uuid:ref>/edit/", edit_annotation_project, name="edit_annotation_project"),
    path("annotation/<uuid:ref>/change/", change_annotation_project, name="change_annotation_project"),
    path("annotation/<uuid:ref>/guideline/", annotation_guideline, name="annotation_guideline"),
    path("annotation/<uuid:ref>/members/", annotation_members, name="annotation_members"),
]
