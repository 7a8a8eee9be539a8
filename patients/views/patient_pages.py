"""The patient's own pages: Today, pain, Stop, messages, and who looked."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from clinic.errors import Invalid, TooOften
from clinic.models import Role
from clinic.pace import Pace, count_sent, no_pace, paced
from clinic.tenancy.access import require_role
from clinic.tenancy.request import ClinicRequest
from patients import selectors, services
from patients.errors import AlertNotFound
from patients.forms import MessageForm, PainForm, stop_fields
from patients.local_time import zone_of
from patients.models import Consent, PainReport, Patient
from patients.panels import Place, panels_for
from patients.red_flags import NONE_OF_THESE, asked_sections, emergency_number, shipped_rules
from patients.selectors import questionnaires
from patients.selectors.looks import looks_at

# Somebody who is worried writes a lot; a program writes more.
MESSAGES = Pace(most=40, in_s=600)
PAIN_ANSWERS = Pace(most=40, in_s=600)
ASKED_BACK = "asked_back"


def emergency_number_of(patient: Patient) -> str:
    """The number that this patient's clinic says to call."""
    clinic = patient.clinic
    return emergency_number(clinic.country, clinic_number=clinic.emergency_number)


def greeting(patient: Patient) -> str:
    """ "Good morning", by the patient's own clock."""
    hour = timezone.now().astimezone(zone_of(patient)).hour
    if hour < 12:
        return "Good morning"
    return "Good afternoon" if hour < 18 else "Good evening"


@require_GET
@never_cache
@require_role(Role.PATIENT)
def today(request: ClinicRequest, clinic_slug: str) -> HttpResponse:
    patient = selectors.patient_of(request.membership)
    return render(
        request,
        "patients/today.html",
        {
            "patient": patient,
            "greeting": greeting(patient),
            "hold": selectors.open_hold(patient),
            "morning_due": selectors.next_morning_due(patient),
            "message": selectors.last_unread_for_patient(patient),
            "week": selectors.week_of(patient),
            "asks_questions": questionnaires.reminds_today(patient),
            "has_questions": questionnaires.due_request(patient) or questionnaires.has_answered(patient),
            "panels": panels_for(Place.TODAY, request, patient),
            "emergency_number": emergency_number_of(patient),
        },
    )


@require_http_methods(["GET", "POST"])
@never_cache
@require_role(Role.PATIENT)
@paced("pain", PAIN_ANSWERS)
def pain(request: ClinicRequest, clinic_slug: str) -> HttpResponse:
    patient = selectors.patient_of(request.membership)
    form = PainForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reported = services.report_pain(
            patient,
            value=form.cleaned_data["value"],
            moment=form.cleaned_data["moment"],
            session_ref=form.cleaned_data["session"],
        )
        _thank_for_pain(request, reported)
        return redirect("patients:today", clinic_slug)
    return render(
        request,
        "patients/pain.html",
        {"form": form, "moments": _moments(), "asked": _asked_moment(request, patient)},
        status=400 if request.method == "POST" else 200,
    )


def _thank_for_pain(request: ClinicRequest, reported: services.ReportedPain) -> None:
    if reported.hit:
        messages.warning(request, f"{reported.hit.headline}. {reported.hit.action} We told your therapist.")
    else:
        messages.success(request, "Thank you. We saved your answer.")


def _moments() -> list[tuple[str, str]]:
    unasked = (PainReport.Moment.STOP, PainReport.Moment.QUESTIONS)
    return [choice for choice in PainReport.Moment.choices if choice[0] not in unasked]


def _asked_moment(request: ClinicRequest, patient: Patient) -> str:
    asked = request.POST.get("moment") or request.GET.get("moment", "")
    if asked in dict(_moments()):
        return asked
    return "next_morning" if selectors.next_morning_due(patient) else "before"


@no_pace
@require_http_methods(["GET", "POST"])
@never_cache
@require_role(Role.PATIENT)
def stop(request: ClinicRequest, clinic_slug: str) -> HttpResponse:
    patient = selectors.patient_of(request.membership)
    if request.method == "POST":
        ticked, words = stop_fields(request.POST)
        stopped = services.stop_exercising(
            patient, ticked=ticked, words=words, session_ref=_session_ref(request.POST.get("session", ""))
        )
        return redirect("patients:stopped", clinic_slug, stopped.alert.ref)
    return render(
        request,
        "patients/stop.html",
        {
            "sections": asked_sections(shipped_rules()),
            "none_of_these": NONE_OF_THESE,
            "session": _session_ref(request.GET.get("session", "")),
            "emergency_number": emergency_number_of(patient),
        },
    )


def _session_ref(text: str) -> UUID | None:
    """A session's reference, or None: a broken one must not stand between a patient and the answer."""
    try:
        return UUID(text)
    except ValueError:
        return None


@require_GET
@never_cache
@require_role(Role.PATIENT)
def stopped(request: ClinicRequest, clinic_slug: str, ref: UUID) -> HttpResponse:
    patient = selectors.patient_of(request.membership)
    alert = selectors.alerts_of(patient).filter(ref=ref).first()
    if alert is None or "shown" not in alert.answers:
        raise AlertNotFound(ref)
    return render(
        request,
        "patients/stopped.html",
        {"alert": alert, "shown": alert.answers["shown"], "hold": selectors.open_hold(patient)},
    )


@no_pace
@require_http_methods(["GET", "POST"])
@never_cache
@require_role(Role.PATIENT)
def own_messages(request: ClinicRequest, clinic_slug: str) -> HttpResponse:
    """The thread. What is written is heard also when it is too long, or the last of too many."""
    patient = selectors.patient_of(request.membership)
    form = MessageForm(request.POST or None)
    if request.method == "POST":
        try:
            count_sent(request.user.pk, "messages", MESSAGES)
            sent = services.deliver_message(
                patient, author=request.membership, body=request.POST.get("body", "")
            )
        except (Invalid, TooOften) as error:
            heard = _hear_refused(request, patient)
            if heard is None or heard.alert is None or heard.answer is None:
                return _refused(request, patient, form, error)
            messages.warning(request, f"Your message was not sent. {error.words}")
            return redirect("patients:stopped", clinic_slug, heard.alert.ref)
        return _after_sending(request, clinic_slug, sent)
    return _messages_page(request, patient, form)


def _hear_refused(request: ClinicRequest, patient: Patient) -> services.HeardNow | None:
    body = request.POST.get("body", "")
    return services.hear_message(patient, body) if body.strip() else None


def _refused(
    request: ClinicRequest, patient: Patient, form: MessageForm, error: Invalid | TooOften
) -> HttpResponse:
    if isinstance(error, TooOften):
        raise error
    if form.is_valid():
        form.add_error("body", error.words)
    return _messages_page(request, patient, form)


def _after_sending(request: ClinicRequest, clinic_slug: str, sent: services.Sent) -> HttpResponse:
    heard = sent.heard
    if heard and heard.alert and heard.answer:
        return redirect("patients:stopped", clinic_slug, heard.alert.ref)
    if heard and heard.alert:
        messages.success(request, "Sent to your care team. We told them to look at it first.")
    else:
        messages.success(request, "Sent to your care team.")
    if heard and heard.screening:
        # Not in the address: which questions are asked says something about the patient.
        request.session[ASKED_BACK] = list(heard.screening)
    return redirect("patients:messages", clinic_slug)


def _messages_page(request: ClinicRequest, patient: Patient, form: MessageForm) -> HttpResponse:
    thread = list(selectors.messages_of(patient))
    services.mark_read(patient, by=request.membership)
    asked = frozenset(request.session.pop(ASKED_BACK, ())) if request.method == "GET" else frozenset()
    return render(
        request,
        "patients/messages.html",
        {
            "patient": patient,
            "thread": thread,
            "form": form,
            "asked_back": [question for question in shipped_rules().questions if question.id in asked],
            "emergency_number": emergency_number_of(patient),
        },
        status=400 if form.errors else 200,
    )


@require_GET
@never_cache
@require_role(Role.PATIENT)
def privacy(request: ClinicRequest, clinic_slug: str) -> HttpResponse:
    patient = selectors.patient_of(request.membership)
    given = selectors.consents_of(patient)
    return render(
        request,
        "patients/privacy.html",
        {
            "looks": looks_at(patient),
            "consents": [(kind, label, given.get(kind)) for kind, label in Consent.Kind.choices],
            "care_team": selectors.care_team_of(patient),
        },
    )


@require_POST
@require_role(Role.PATIENT)
def change_consent(request: ClinicRequest, clinic_slug: str, kind: str) -> HttpResponse:
    patient = selectors.patient_of(request.membership)
    if kind not in Consent.Kind.values:
        raise Invalid
    if request.POST.get("allow") == "yes":
        services.give_consent(patient, kind)
    else:
        services.withdraw_consent(patient, kind)
    messages.success(request, "Saved.")
    return redirect("patients:privacy", clinic_slug)
