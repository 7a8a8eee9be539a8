"""What a therapist does with a proposal: accept, edit, reject, take back."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from clinic.errors import Conflict, Invalid
from clinic.models import Role
from clinic.pace import Pace, paced
from clinic.tenancy.access import require_role
from clinic.tenancy.request import ClinicRequest
from patients.selectors import check_patient_access
from prescriptions import selectors, services
from prescriptions.forms import EditProposalForm, ReasonForm
from prescriptions.models import DoseDecision
from prescriptions.views.editor import editor_page
from prescriptions.views.form_errors import add_errors
from prescriptions.views.proposal_rows import RefusedForms

ASKED = Pace(most=60, in_s=3600)
MOST_TOGETHER = 20


@require_POST
@require_role(Role.THERAPIST)
def accept_proposal(request: ClinicRequest, clinic_slug: str, ref: UUID) -> HttpResponse:
    decision = selectors.access_decision(request.membership, ref, purpose="dose decision")
    try:
        services.accept_proposal(decision, by=request.membership)
    except Conflict as error:
        return editor_page(request, decision.patient, trouble=error.words)
    return _decided(request, decision)


@require_POST
@require_role(Role.THERAPIST)
def edit_proposal(request: ClinicRequest, clinic_slug: str, ref: UUID) -> HttpResponse:
    decision = selectors.access_decision(request.membership, ref, purpose="dose decision")
    form = _edit_form(request, decision)
    if form is None:
        return editor_page(request, decision.patient, trouble="The proposal or its plan is gone.")
    if not form.is_valid():
        return _refused_edit(request, decision, form)
    try:
        services.edit_proposal(
            decision,
            form.dose(),
            exercise_code=form.cleaned_data["exercise_code"],
            by=request.membership,
            reason=form.cleaned_data["reason"],
            beyond_mask=form.cleaned_data["beyond_mask"],
        )
    except Conflict as error:
        return editor_page(request, decision.patient, trouble=error.words)
    except Invalid as error:
        add_errors(form, error)
        return _refused_edit(request, decision, form)
    return _decided(request, decision)


@require_POST
@require_role(Role.THERAPIST)
def reject_proposal(request: ClinicRequest, clinic_slug: str, ref: UUID) -> HttpResponse:
    decision = selectors.access_decision(request.membership, ref, purpose="dose decision")
    form = ReasonForm(request.POST, prefix=f"r{decision.prescribed_exercise_id}")
    if not form.is_valid():
        return _refused_reject(request, decision, form)
    try:
        services.reject_proposal(decision, by=request.membership, reason=form.reason_given())
    except Conflict as error:
        return editor_page(request, decision.patient, trouble=error.words)
    except Invalid as error:
        add_errors(form, error)
        return _refused_reject(request, decision, form)
    messages.success(request, "Rejected. The dose stays as it is, and your reason is in the log.")
    return _back(request, decision)


@require_POST
@require_role(Role.THERAPIST)
def undo_decision(request: ClinicRequest, clinic_slug: str, ref: UUID) -> HttpResponse:
    decision = selectors.access_decision(request.membership, ref, purpose="dose decision")
    try:
        services.undo_decision(decision, by=request.membership)
    except Conflict as error:
        return editor_page(request, decision.patient, trouble=error.words)
    messages.success(request, "Taken back. The dose is again what it was before.")
    return _back(request, decision)


@require_POST
@require_role(Role.THERAPIST)
def accept_easier(request: ClinicRequest, clinic_slug: str, ref: UUID) -> HttpResponse:
    """Accept several steps back at once: those that the therapist saw, and of them only what is easier."""
    patient = check_patient_access(request.membership, ref, purpose="dose decision")
    seen = set(request.POST.getlist("decision")[:MOST_TOGETHER])
    easier = [
        card.decision
        for card in selectors.open_proposals_of(patient)
        if card.direction == "easier" and str(card.decision.ref) in seen
    ]
    gone = [*_accept_each(request, easier)]
    accepted = len(easier) - len(gone)
    missing = len(seen) - len(easier)
    if accepted:
        messages.success(request, f"{accepted} made easier. Each can be taken back at its exercise.")
    for words in gone:
        messages.warning(request, words)
    if missing > 0:
        messages.warning(request, f"{missing} meanwhile decided or changed: look at the plan again.")
    return redirect("prescriptions:prescription", clinic_slug, ref)


def _accept_each(request: ClinicRequest, decisions: list[DoseDecision]) -> list[str]:
    """Accept one after the other; answers what was in the way of those that could not be."""
    troubles = []
    for decision in decisions:
        try:
            services.accept_proposal(decision, by=request.membership)
        except Conflict as error:
            troubles.append(error.words)
    return troubles


@require_POST
@require_role(Role.THERAPIST)
@paced("ask_proposal", ASKED)
def ask_proposal(request: ClinicRequest, clinic_slug: str, ref: UUID) -> HttpResponse:
    """Propose now, without waiting for the next session."""
    prescribed = selectors.access_prescribed_exercise(request.membership, ref, purpose="dose")
    decision = services.propose_dose(prescribed)
    if decision is None:
        messages.info(request, "Nothing is proposed for this exercise now; beside it is why.")
    elif decision.state == DoseDecision.State.KEPT:
        messages.info(request, "Looked again: the dose in force is the one to keep.")
    return redirect("prescriptions:prescription", clinic_slug, prescribed.prescription.patient.ref)


def _edit_form(request: ClinicRequest, decision: DoseDecision) -> EditProposalForm | None:
    """What was posted, with the ladder's exercises to choose from; None when the plan is over."""
    key = decision.prescribed_exercise_id
    plan = selectors.active_prescription(decision.patient)
    dosing = selectors.dosing_lines(plan).get(key) if plan else None
    return EditProposalForm(request.POST, rungs=dosing.rungs, prefix=f"e{key}") if dosing else None


def _refused_edit(request: ClinicRequest, decision: DoseDecision, form: EditProposalForm) -> HttpResponse:
    refused = RefusedForms({}, {decision.prescribed_exercise_id: form}, {})
    return editor_page(request, decision.patient, refused=refused)


def _refused_reject(request: ClinicRequest, decision: DoseDecision, form: ReasonForm) -> HttpResponse:
    refused = RefusedForms({}, {}, {decision.prescribed_exercise_id: form})
    return editor_page(request, decision.patient, refused=refused)


def _decided(request: ClinicRequest, decision: DoseDecision) -> HttpResponse:
    """Back to the plan, where the decision can be taken back."""
    plan = reverse("prescriptions:prescription", args=[request.clinic.slug, decision.patient.ref])
    return redirect(f"{plan}?decided={decision.ref}")


def _back(request: ClinicRequest, decision: DoseDecision) -> HttpResponse:
    """To the log for who came from there, else to the plan."""
    page = "dose_log" if request.POST.get("from") == "log" else "prescription"
    return redirect(f"prescriptions:{page}", request.clinic.slug, decision.patient.ref)
