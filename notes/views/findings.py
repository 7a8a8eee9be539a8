"""Findings: one patient's over time, and the search over all patients whom a member treats."""

from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from clinic.audit import record
from clinic.models.membership import CLINICAL_ROLES
from clinic.pace import Pace, count_sent
from clinic.tenancy.access import require_role
from clinic.tenancy.request import ClinicRequest
from notes.finding_query import COMPARISONS, FindingQuery
from notes.finding_words import say_grade
from notes.forms_findings import FindingSearchForm
from notes.models import Finding
from notes.selectors.finding_export import findings_as_csv
from notes.selectors.findings import (
    address_of,
    chart_config,
    search_findings,
    series_of,
    shown_findings,
    told_findings,
)
from patients.selectors import access_patient, check_patient_access

FINDING = "notes.Finding"
PAGE_ROWS = 50
EXPORTS = Pace(most=60, in_s=3600)
MOST_EXPORTED = 10_000


@require_GET
@never_cache
@require_role(*CLINICAL_ROLES)
def patient_findings(request: ClinicRequest, clinic_slug: str, ref: UUID) -> HttpResponse:
    """Pain, range, strength and scores out of the patient's signed notes."""
    patient = access_patient(request.membership, ref, purpose="findings")
    series = series_of(patient)
    rows = [
        {"name": one.name, "point": point, "address": address_of(clinic_slug, point.note, point.start)}
        for one in series
        for point in reversed(one.points)
    ]
    shown = {
        "patient": patient,
        "series": series,
        "charted": [one for one in series if len(one.points) > 1],
        "rows": rows,
        "config": chart_config(series, slug=clinic_slug),
    }
    return render(request, "notes/patient_findings.html", shown)


@require_GET
@never_cache
@require_role(*CLINICAL_ROLES)
def patient_findings_csv(request: ClinicRequest, clinic_slug: str, ref: UUID) -> HttpResponse:
    """The same as CSV, goals included. Audited as an export."""
    patient = check_patient_access(request.membership, ref, purpose="export findings")
    count_sent(request.user.pk, "findings_export", EXPORTS)
    rows = shown_findings().filter(patient=patient).select_related("patient", "note")
    content = findings_as_csv(rows.order_by("observed_on", "note_id", "start"))
    record("export", patient=patient.pk, object_type=FINDING, purpose="csv")
    return _csv(content, "findings.csv")


@require_GET
@never_cache
@require_role(*CLINICAL_ROLES)
def search(request: ClinicRequest, clinic_slug: str) -> HttpResponse:
    """Search, for instance all knees with flexion under 90°; only among patients of one's own."""
    form = FindingSearchForm(request.GET or None)
    query = form.query(today=timezone.localdate()) if form.is_valid() else FindingQuery()
    asked = not query.is_empty
    found = search_findings(request.membership, query, sort=_sort(form))
    page = Paginator(found if asked else found.none(), PAGE_ROWS).get_page(request.GET.get("page"))
    if asked:
        shown_patients = {row.patient_id for row in page.object_list}
        record("view", patients=shown_patients, object_type=FINDING, purpose="search findings")
    parameters = request.GET.copy()
    parameters.pop("page", None)
    shown = {
        "form": form,
        "asked": asked,
        "query": query,
        "understood": _understood(query),
        "page": page,
        "rows": list(told_findings(page.object_list, slug=clinic_slug)),
        "parameters": parameters.urlencode(),
        "most_exported": MOST_EXPORTED,
    }
    return render(request, "notes/search_findings.html", shown, status=400 if form.errors else 200)


@require_GET
@never_cache
@require_role(*CLINICAL_ROLES)
def search_csv(request: ClinicRequest, clinic_slug: str) -> HttpResponse:
    """What the search finds, as CSV. Audited with each patient in it."""
    count_sent(request.user.pk, "findings_export", EXPORTS)
    form = FindingSearchForm(request.GET)
    query = form.query(today=timezone.localdate()) if form.is_valid() else FindingQuery()
    found = search_findings(request.membership, query, sort=_sort(form))
    rows: list[Finding] = list(found[:MOST_EXPORTED]) if not query.is_empty else []
    record("export", patients={row.patient_id for row in rows}, object_type=FINDING, purpose="csv")
    return _csv(findings_as_csv(rows), "found.csv")


def _sort(form: FindingSearchForm) -> str:
    return str(form.cleaned_data.get("sort") or "newest") if form.is_bound and form.is_valid() else "newest"


def _understood(query: FindingQuery) -> str:
    """The question as it was understood, in words."""
    what = [query.side, query.region, query.motion, query.measure]
    words = [part for part in what if part] or [query.kind or "any value"]
    if query.kind in ("pain", "strength") and query.kind not in words:
        words.append(query.kind)
    if query.low is not None and query.high is not None:
        words.append(f"between {_asked(query, query.low)} and {_asked(query, query.high)}")
    elif query.value is not None and query.comparison:
        words.append(f"{COMPARISONS[query.comparison]} {_asked(query, query.value)}")
    if query.since:
        words.append(f"since {query.since:%-d %B %Y}")
    which = "newest value of each" if query.latest_only else "every value"
    words.append(f"({which}, {'with goals' if query.with_goals else 'without goals'})")
    return " ".join(words)


def _asked(query: FindingQuery, value: float) -> str:
    return say_grade(value) if query.kind == "strength" else f"{value:g}"


def _csv(content: str, name: str) -> HttpResponse:
    answer = HttpResponse(content, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


finding_patterns = [
    path("patients/<uuid:ref>/findings/", patient_findings, name="patient_findings"),
    path("patients/<uuid:ref>/findings.csv", patient_findings_csv, name="patient_findings_csv"),
    path("notes/search/", search, name="search_findings"),
    path("notes/search.csv", search_csv, name="search_findings_csv"),
]
