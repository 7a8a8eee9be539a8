"""The therapist's pages about one patient."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from clinic.errors import Conflict, Invalid
from clinic.models.membership import STAFF_ROLES, Role
from clinic.tenancy.access import require_role
from clinic.tenancy.request import ClinicRequest
from patients import selectors, services
from patients.errors import PatientNotFound
from patients.forms import CareTeamForm, IdentityForm, InviteForm, MessageForm, ProblemForm
from patients.local_time import local_day
from patients.models import AttentionReason, EpisodeOfCare, Patient
from patients.pain_chart import PainChart, draw_pain
from patients.panels import Place, panels_for
from patients.selectors.attention import pain_points
from patients.views.caseload import address_of_session

TIMELINE_ROWS = 30
TIMELINE_KINDS = {
    "all": ("Everything", ()),
    "session": ("Sessions", ("session",)),
    "alert": ("Alerts", ("alert", "alert_closed", "hold_lifted")),
    "message": ("Messages", ("message",)),
    "prescription": ("Plan", ("prescription",)),
    "note": ("Notes", ("note",)),
    "questionnaire": ("Answers", ("questionnaire",)),
}
MOST_ROWS = 600
CHART_DAYS = 56
BASES = {
    "new_message": "patients:patient_messages",
    "score_worsened": "patients:questionnaires",
    "questions_overdue": "patients:questionnaires",
    "no_plan": "prescriptions:prescription",
    "dose_proposal": "prescriptions:prescription",
    "missed_sessions": "prescriptions:prescription_history",
    "note_unsigned": "notes:patient_notes",
    "note_to_cosign": "notes:patient_notes",
}


@require_GET
@never_cache
@require_role(*STAFF_ROLES)
def patient(request: ClinicRequest, clinic_slug: str, ref: UUID) -> HttpResponse:
    record = selectors.access_patient(request.membership, ref, purpose="record")
    kind = request.GET.get("show", "all")
    kind = kind if kind in TIMELINE_KINDS else "all"
    rows = _rows_asked(request)
    entries = list(selectors.timeline_of(record, kinds=TIMELINE_KINDS[kind][1])[: rows + 1])
    return render(
        request,
        "patients/patient.html",
        {
            **_rail(record),
            "reasons": [
                (reason, _basis_of(reason, clinic_slug, record))
                for reason in selectors.standing_reasons(record)
            ],
            "alerts": selectors.open_alerts_of(record),
            "hold": selectors.open_hold(record),
            "chart": _pain_chart(record),
            "timeline": entries[:rows],
            "more": rows + TIMELINE_ROWS if len(entries) > rows and rows < MOST_ROWS else None,
            "kinds": [(code, title) for code, (title, _) in TIMELINE_KINDS.items()],
            "kind": kind,
            "trend_panels": panels_for(Place.PATIENT_TREND, request, record),
            "plan_panels": panels_for(Place.PATIENT_PLAN, request, record),
            "action_panels": panels_for(Place.PATIENT_ACTIONS, request, record),
            "form": MessageForm(),
        },
    )


def _rows_asked(request: ClinicRequest) -> int:
    """How far back the timeline goes, in rows."""
    asked = request.GET.get("rows", "")
    return (
        min(MOST_ROWS, max(TIMELINE_ROWS, int(asked)))
        if asked.isdecimal() and len(asked) < 5
        else TIMELINE_ROWS
    )


def _basis_of(reason: AttentionReason, clinic_slug: str, record: Patient) -> str:
    """Where to see what a reason rests on; empty when it is on this page already."""
    if reason.code == "alert_open" and reason.object_ref:
        return reverse("patients:alert", args=[clinic_slug, reason.object_ref])
    if reason.code == "form_worsening" and reason.object_ref:
        return address_of_session(clinic_slug, record, reason.object_ref)
    if reason.code in ("pain_high", "pain_rising"):
        return "#pain"
    page = BASES.get(reason.code)
    return reverse(page, args=[clinic_slug, record.ref]) if page else ""


def _rail(record: Patient) -> dict[str, object]:
    today = local_day(record)
    born = record.birth_date
    age = today.year - born.year - ((today.month, today.day) < (born.month, born.day)) if born else None
    return {
        "patient": record,
        "age": age,
        "episode": selectors.active_episode(record),
        "care_team": selectors.care_team_of(record),
        "consents": selectors.consents_of(record),
    }


def _pain_chart(record: Patient) -> PainChart | None:
    points = pain_points(record, days=CHART_DAYS, at=timezone.now())
    return draw_pain(points, today=local_day(record), days=CHART_DAYS)


@require_http_methods(["GET", "POST"])
@never_cache
@require_role(Role.THERAPIST, Role.ASSISTANT)
def new_patient(request: ClinicRequest, clinic_slug: str) -> HttpResponse:
    identity = IdentityForm(request.POST or None)
    problem = ProblemForm(request.POST or None)
    if request.method == "POST" and identity.is_valid() and problem.is_valid():
        made = services.create_patient(identity.identity(), by=request.membership, problem=problem.problem())
        messages.success(request, "The patient is written down. Next: invite them, and write a plan.")
        return redirect("patients:patient", clinic_slug, made.ref)
    failed = request.method == "POST"
    return render(
        request,
        "patients/edit.html",
        {"identity": identity, "problem": problem, "patient": None},
        status=400 if failed else 200,
    )


@require_http_methods(["GET", "POST"])
@never_cache
@require_role(Role.THERAPIST, Role.ASSISTANT)
def edit_patient(request: ClinicRequest, clinic_slug: str, ref: UUID) -> HttpResponse:
    record = selectors.access_patient(request.membership, ref, purpose="edit")
    episode = selectors.active_episode(record)
    identity = IdentityForm(request.POST or None, initial=_values(record, IdentityForm))
    problem = ProblemForm(request.POST or None, initial=_values(episode, ProblemForm))
    if request.method == "POST" and identity.is_valid() and problem.is_valid():
        services.update_patient(record, identity.identity())
        services.write_episode(record, problem.problem())
        messages.success(request, "Saved.")
        return redirect("patients:patient", clinic_slug, record.ref)
    failed = request.method == "POST"
    return render(
        request,
        "patients/edit.html",
        {"identity": identity, "problem": problem, "patient": record},
        status=400 if failed else 200,
    )


def _values(
    row: Patient | EpisodeOfCare | None, form: type[IdentityForm] | type[ProblemForm]
) -> dict[str, object]:
    return {name: getattr(row, name) for name in form.base_fields} if row else {}


@require_http_methods(["GET", "POST"])
@never_cache
@require_role(*STAFF_ROLES)
def patient_messages(request: ClinicRequest, clinic_slug: str, ref: UUID) -> HttpResponse:
    record = selectors.access_patient(request.membership, ref, purpose="messages")
    form = MessageForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.send_message(record, author=request.membership, body=form.cleaned_data["body"])
        except Invalid as error:
            form.add_error("body", error.words)
        else:
            messages.success(request, "Sent. The patient sees it on Today.")
            return redirect("patients:patient_messages", clinic_slug, ref)
    thread = list(selectors.messages_of(record))
    services.mark_read(record, by=request.membership)
    return render(
        request,
        "patients/patient_messages.html",
        {"patient": record, "thread": thread, "form": form},
        status=400 if form.errors else 200,
    )


@require_http_methods(["GET", "POST"])
@never_cache
@require_role(Role.THERAPIST, Role.ASSISTANT)
def care_team(request: ClinicRequest, clinic_slug: str, ref: UUID) -> HttpResponse:
    record = selectors.access_patient(request.membership, ref, purpose="care team")
    colleagues = selectors.colleagues_not_on_team(record)
    if request.method == "POST":
        form = CareTeamForm(request.POST)
        member = colleagues.filter(ref=form.cleaned_data["member"]).first() if form.is_valid() else None
        if member is None:
            raise Invalid("Choose a colleague.")
        note = form.cleaned_data["role_note"]
        services.add_to_care_team(record, member, by=request.membership, role_note=note)
        messages.success(request, f"{member.display_name} can open this patient now.")
        return redirect("patients:care_team", clinic_slug, ref)
    context = {"patient": record, "care_team": selectors.care_team_of(record), "colleagues": colleagues}
    return render(request, "patients/care_team.html", context)


@require_POST
@require_role(Role.THERAPIST)
def leave_care_team(request: ClinicRequest, clinic_slug: str, ref: UUID, place: UUID) -> HttpResponse:
    record = selectors.check_patient_access(request.membership, ref, purpose="care team")
    leaving = selectors.care_team_of(record).filter(ref=place).first()
    if leaving is None:
        raise PatientNotFound(ref)
    own_place = leaving.membership_id == request.membership.pk
    services.remove_from_care_team(leaving, by=request.membership)
    messages.success(request, f"{leaving.membership.display_name} is no longer on the care team.")
    if own_place:
        return redirect("patients:caseload", clinic_slug)
    return redirect("patients:care_team", clinic_slug, ref)


@require_http_methods(["GET", "POST"])
@never_cache
@require_role(Role.THERAPIST, Role.ASSISTANT)
def invite(request: ClinicRequest, clinic_slug: str, ref: UUID) -> HttpResponse:
    record = selectors.access_patient(request.membership, ref, purpose="invite")
    form = InviteForm(request.POST or None)
    link = ""
    if request.method == "POST" and form.is_valid():
        try:
            issued = services.invite_patient(record, email=form.cleaned_data["email"], by=request.membership)
        except Conflict as error:
            form.add_error("email", error.words)
        else:
            link = request.build_absolute_uri(reverse("clinic:join", args=[clinic_slug, issued.token]))
    return render(
        request,
        "patients/invite.html",
        {"patient": record, "form": form, "link": link},
        status=400 if form.errors else 200,
    )


@require_POST
@require_role(Role.THERAPIST)
def lift_hold(request: ClinicRequest, clinic_slug: str, ref: UUID) -> HttpResponse:
    record = selectors.check_patient_access(request.membership, ref, purpose="lift hold")
    services.lift_exercise_hold(record, by=request.membership, outcome=request.POST.get("outcome", ""))
    messages.success(request, "The patient may exercise again.")
    return redirect("patients:patient", clinic_slug, ref)
