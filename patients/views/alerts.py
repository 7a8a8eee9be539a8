"""One alert's page, and what is done about it: seen, answered, closed."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from clinic.audit import record as note_look
from clinic.errors import Invalid
from clinic.models.membership import STAFF_ROLES, Role
from clinic.pace import Pace, paced
from clinic.tenancy.access import require_role
from clinic.tenancy.request import ClinicRequest
from patients import selectors, services
from patients.conversations import conversation_address
from patients.forms import MessageForm, OutcomeForm
from patients.models import Alert, Message
from patients.selectors.escalations import EscalationQuery, escalation, rule_lines
from patients.services.answering import conversation_of

ANSWERS = Pace(most=40, in_s=600)


@require_GET
@never_cache
@require_role(*STAFF_ROLES)
def alert(request: ClinicRequest, clinic_slug: str, ref: UUID) -> HttpResponse:
    found = selectors.access_alert(request.membership, ref, purpose="alert")
    return _alert_page(request, found)


def _alert_page(
    request: ClinicRequest,
    found: Alert,
    *,
    form: OutcomeForm | None = None,
    answer: MessageForm | None = None,
) -> HttpResponse:
    note_look("view", patient=found.patient_id, object_type="patients.Alert", object_ref=found.ref)
    conversation = conversation_of(found)
    about_it = Message.objects.filter(patient=found.patient, about_kind="alert", about_ref=found.ref)
    context = {
        "alert": found,
        "row": escalation(found, now=timezone.now()),
        "rules": rule_lines(found),
        "patient": found.patient,
        "hold": selectors.open_hold(found.patient),
        "conversation": conversation_address(request.clinic.slug, conversation) if conversation else "",
        "answers": about_it.filter(from_patient=False).select_related("author").order_by("created_at"),
        "form": form or OutcomeForm(),
        "answer": answer or MessageForm(auto_id="answer_%s"),
    }
    failed = bool((form and form.errors) or (answer and answer.errors))
    return render(request, "patients/alert.html", context, status=400 if failed else 200)


@require_POST
@require_role(Role.THERAPIST, Role.ASSISTANT)
def acknowledge_alert(request: ClinicRequest, clinic_slug: str, ref: UUID) -> HttpResponse:
    found = selectors.access_alert(request.membership, ref, purpose="alert")
    services.acknowledge_alert(found, by=request.membership)
    messages.success(request, "Marked as seen by you.")
    return _back_to_queue(request) or redirect("patients:alert", clinic_slug, ref)


@require_POST
@require_role(Role.THERAPIST)
def close_alert(request: ClinicRequest, clinic_slug: str, ref: UUID) -> HttpResponse:
    found = selectors.access_alert(request.membership, ref, purpose="alert")
    form = OutcomeForm(request.POST)
    if not form.is_valid():
        return _alert_page(request, found, form=form)
    services.close_alert(
        found,
        by=request.membership,
        outcome=form.cleaned_data["outcome"],
        lift_hold=form.cleaned_data["lift_hold"],
    )
    messages.success(request, "The alert is closed.")
    return _back_to_queue(request) or redirect("patients:patient", clinic_slug, found.patient.ref)


@require_POST
@require_role(*STAFF_ROLES)
@paced("answer_alert", ANSWERS)
def answer_alert(request: ClinicRequest, clinic_slug: str, ref: UUID) -> HttpResponse:
    """Write to the patient from the alert; where it came from a conversation, into that conversation."""
    found = selectors.access_alert(request.membership, ref, purpose="alert")
    form = MessageForm(request.POST, auto_id="answer_%s")
    if form.is_valid():
        try:
            services.answer_alert(found, by=request.membership, body=form.cleaned_data["body"])
        except Invalid as error:
            form.add_error("body", error.words)
        else:
            messages.success(request, "Sent. The patient sees it on Today.")
            return redirect("patients:alert", clinic_slug, ref)
    return _alert_page(request, found, answer=form)


def _back_to_queue(request: ClinicRequest) -> HttpResponseRedirect | None:
    """To the queue with the filters it had, where the form stood there."""
    if "show" not in request.POST:
        return None
    sent = request.POST
    asked = EscalationQuery.of(
        show=sent.get("show", ""), severity=sent.get("severity", ""), source=sent.get("source", "")
    )
    page = reverse("patients:escalations", args=[request.clinic.slug])
    return HttpResponseRedirect(f"{page}?{asked.as_address()}")
