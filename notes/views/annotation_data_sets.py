"""Data sets of a project: made, looked at, compared, downloaded."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from clinic.errors import Conflict
from clinic.models.membership import STAFF_ROLES
from clinic.pace import Pace, count_sent, paced
from clinic.tenancy.access import require_role
from clinic.tenancy.request import ClinicRequest
from notes.annotation_errors import DataSetNotFound, NotYourPart
from notes.forms_annotation import DataSetForm
from notes.label_words import LABELS
from notes.models import DataSetVersion
from notes.selectors.annotation.access import Part, access_as, access_project
from notes.selectors.annotation.agreement import FEW_DOCUMENTS
from notes.selectors.annotation.data_sets import checked, compare_data_sets, data_set_of
from notes.services.annotation.data_sets import FORMATS, export_data_set
from notes.services.annotation.data_sets import make_data_set as make

EXPORTS = Pace(most=60, in_s=3600)
# Each measures the agreement of the whole project.
DATA_SETS = Pace(most=30, in_s=3600)


@require_POST
@require_role(*STAFF_ROLES)
@paced("make_data_set", DATA_SETS)
def make_data_set(request: ClinicRequest, clinic_slug: str, ref: UUID) -> HttpResponse:
    """Freeze what is settled. For the project's leads."""
    access = access_as(request.membership, ref, Part.LEAD)
    form = DataSetForm(request.POST)
    note = form.cleaned_data["note"] if form.is_valid() else ""
    try:
        version = make(access.project, by=request.membership, note=note)
    except Conflict as error:
        messages.error(request, error.words)
        return redirect("notes:annotation_project", clinic_slug, ref)
    return redirect("notes:data_set", clinic_slug, ref, version.ref)


@require_GET
@never_cache
@require_role(*STAFF_ROLES)
def data_set(request: ClinicRequest, clinic_slug: str, ref: UUID, version_ref: UUID) -> HttpResponse:
    """Counts, agreement and what changed since another version; no text. For leads and the admin."""
    access = access_project(request.membership, ref)
    if not access.sees_progress:
        raise NotYourPart
    version = data_set_of(access.project, version_ref)
    others = list(
        DataSetVersion.objects.filter(project=access.project).exclude(pk=version.pk).order_by("-number")
    )
    wanted = request.GET.get("with", "")
    before = [one for one in others if one.number < version.number]
    other = next((one for one in others if str(one.ref) == wanted), before[0] if before else None)
    comparison = compare_data_sets(checked(other), version) if other else None
    return render(
        request,
        "notes/annotation/data_set.html",
        {"access": access, "project": access.project, "version": version, "others": others, "other": other,
         "comparison": comparison, "labels": _labels(version), "few": FEW_DOCUMENTS},
    )  # fmt: skip


def _labels(version: DataSetVersion) -> list[tuple[str, dict[str, object]]]:
    """Agreement by label, in the order of the schema: the database keeps none."""
    stored = version.agreement.get("strict", {}).get("labels", {})
    return [(one.name, stored[code]) for code, one in LABELS.items() if code in stored]


@require_GET
@never_cache
@require_role(*STAFF_ROLES)
def data_set_file(
    request: ClinicRequest, clinic_slug: str, ref: UUID, version_ref: UUID, kind: str
) -> HttpResponse:
    """The data set as a file; each download is audited. For the project's leads."""
    access = access_as(request.membership, ref, Part.LEAD)
    if kind not in FORMATS:
        raise DataSetNotFound
    version = data_set_of(access.project, version_ref)
    count_sent(request.user.pk, "data_set_export", EXPORTS)
    content = export_data_set(version, kind=kind)
    answer = HttpResponse(content, content_type=f"{FORMATS[kind]}; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="data-set-{version.number}.{kind}"'
    return answer


VERSION = "annotation/<uuid:ref>/versions/<uuid:version_ref>/"
data_set_patterns: list[URLPattern] = [
    path("annotation/<uuid:ref>/versions/", make_data_set, name="make_data_set"),
    path(VERSION, data_set, name="data_set"),
    path(f"{VERSION}<slug:kind>/", data_set_file, name="data_set_file"),
]
