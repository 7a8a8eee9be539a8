"""The prescription editor of one patient."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from clinic.audit import record
from clinic.errors import Invalid
from clinic.models import Role
from clinic.models.membership import STAFF_ROLES
from clinic.tenancy.access import require_role
from clinic.tenancy.request import ClinicRequest
from patients.models import Patient
from patients.selectors import access_patient, active_episode, check_patient_access, open_hold
from prescriptions import selectors, services
from prescriptions.errors import PrescriptionNotFound
from prescriptions.forms import (
    QUICK_REASONS,
    AddExerciseForm,
    ChangeDoseForm,
    NoteForm,
    TemplateChoiceForm,
)
from prescriptions.models import DoseDecision, Prescription
from prescriptions.selectors.dose_log import undoable_decisions
from prescriptions.views.form_errors import add_errors
from prescriptions.views.proposal_rows import NONE_REFUSED, RefusedForms, easier_together, plan_rows


@require_GET
@never_cache
@require_role(*STAFF_ROLES)
def prescription(request: ClinicRequest, clinic_slug: str, ref: UUID) -> HttpResponse:
    patient = access_patient(request.membership, ref, purpose="prescription")
    return editor_page(request, patient, decided=_just_decided(request, patient))


def _just_decided(request: ClinicRequest, patient: Patient) -> DoseDecision | None:
    """The decision that this person has just made, as long as it can be taken back."""
    try:
        ref = UUID(request.GET.get("decided", ""))
    except ValueError:
        return None
    return undoable_decisions(patient).get(ref)


def editor_page(
    request: ClinicRequest,
    patient: Patient,
    *,
    add_form: AddExerciseForm | None = None,
    refused: RefusedForms = NONE_REFUSED,
    trouble: str = "",
    decided: DoseDecision | None = None,
) -> HttpResponse:
    """The editor, with what was refused in its place.

    `trouble` says why nothing was changed; `decided` can be taken back.
    """
    plan = selectors.active_prescription(patient)
    rows = plan_rows(plan, refused)
    shown = [row.shown for row in rows if row.shown]
    in_plan = {row.item.prescribed.exercise_version.exercise_id for row in rows}
    versions = [version for version in selectors.current_versions() if version.exercise_id not in in_plan]
    status = 409 if trouble else 400 if add_form is not None or refused else 200
    if status != 200:
        _record_view(patient)
    return render(
        request,
        "prescriptions/editor.html",
        {
            "patient": patient,
            "episode": active_episode(patient),
            "hold": open_hold(patient),
            "plan": plan,
            "rows": rows,
            "waiting": len(shown),
            "easier": easier_together(shown),
            "quick_reasons": QUICK_REASONS,
            "minutes": selectors.minutes_of([row.item for row in rows]),
            "templates": selectors.active_templates(),
            "picks": [(version, selectors.caution_of(version.spec)) for version in versions],
            "add_form": add_form or AddExerciseForm(),
            "full": len(rows) >= selectors.FEW_EXERCISES,
            "few": selectors.FEW_EXERCISES,
            "note_form": NoteForm(initial={"note_to_patient": plan.note_to_patient if plan else ""}),
            "trouble": trouble,
            "decided": decided,
        },
        status=status,
    )


def _record_view(patient: Patient) -> None:
    """The page shows the record also when nothing was written."""
    purpose = "prescription"
    record(
        "view", patient=patient.pk, object_type="patients.Patient", object_ref=patient.ref, purpose=purpose
    )


@require_POST
@require_role(Role.THERAPIST)
def use_template(request: ClinicRequest, clinic_slug: str, ref: UUID) -> HttpResponse:
    patient = check_patient_access(request.membership, ref, purpose="prescription")
    form = TemplateChoiceForm(request.POST)
    if not form.is_valid():
        raise Invalid("Choose a programme.")
    template = selectors.template_with_ref(form.cleaned_data["template"])
    services.use_template(
        patient, template, by=request.membership, note_to_patient=form.cleaned_data["note_to_patient"]
    )
    messages.success(request, f"The plan is now “{template.name}”. Check each dose.")
    return redirect("prescriptions:prescription", clinic_slug, ref)


@require_POST
@require_role(Role.THERAPIST)
def add_exercise(request: ClinicRequest, clinic_slug: str, ref: UUID) -> HttpResponse:
    patient = check_patient_access(request.membership, ref, purpose="prescription")
    form = AddExerciseForm(request.POST)
    if not form.is_valid():
        return editor_page(request, patient, add_form=form)
    version = selectors.version_with_ref(form.cleaned_data["version"])
    line = services.PlanLine(version=version, dose=form.dose())
    try:
        services.add_exercise(
            patient, line, by=request.membership, more_than_four=form.cleaned_data["more_than_four"]
        )
    except Invalid as error:
        add_errors(form, error)
        return editor_page(request, patient, add_form=form)
    messages.success(request, f"{version.exercise.name} is in the plan.")
    return redirect("prescriptions:prescription", clinic_slug, ref)


@require_POST
@require_role(Role.THERAPIST)
def change_dose(request: ClinicRequest, clinic_slug: str, ref: UUID) -> HttpResponse:
    item = selectors.access_prescribed_exercise(request.membership, ref, purpose="dose")
    patient = item.prescription.patient
    form = ChangeDoseForm(request.POST, spec=item.exercise_version.spec, prefix=f"d{item.pk}")
    if not form.is_valid():
        return editor_page(request, patient, refused=RefusedForms({item.pk: form}, {}, {}))
    try:
        services.change_dose(item, form.dose(), by=request.membership, reason=form.cleaned_data["reason"])
    except Invalid as error:
        add_errors(form, error)
        return editor_page(request, patient, refused=RefusedForms({item.pk: form}, {}, {}))
    messages.success(request, "The dose is changed.")
    return redirect("prescriptions:prescription", clinic_slug, patient.ref)


@require_POST
@require_role(Role.THERAPIST)
def remove_exercise(request: ClinicRequest, clinic_slug: str, ref: UUID) -> HttpResponse:
    item = selectors.access_prescribed_exercise(request.membership, ref, purpose="dose")
    services.remove_exercise(item, by=request.membership)
    messages.success(request, f"{item.exercise.name} is out of the plan. You can put it back below.")
    return redirect("prescriptions:prescription_history", clinic_slug, item.prescription.patient.ref)


@require_POST
@require_role(Role.THERAPIST)
def restore_exercise(request: ClinicRequest, clinic_slug: str, ref: UUID) -> HttpResponse:
    item = selectors.access_prescribed_exercise(request.membership, ref, purpose="dose")
    services.restore_exercise(item, by=request.membership)
    messages.success(request, f"{item.exercise.name} is back in the plan.")
    return redirect("prescriptions:prescription", clinic_slug, item.prescription.patient.ref)


def _active(patient: Patient) -> Prescription:
    plan = selectors.active_prescription(patient)
    if plan is None:
        raise PrescriptionNotFound(patient.ref)
    return plan


@require_POST
@require_role(Role.THERAPIST)
def write_note(request: ClinicRequest, clinic_slug: str, ref: UUID) -> HttpResponse:
    patient = check_patient_access(request.membership, ref, purpose="prescription")
    form = NoteForm(request.POST)
    if not form.is_valid():
        raise Invalid("At most 300 letters.")
    services.write_note(_active(patient), form.cleaned_data["note_to_patient"], by=request.membership)
    messages.success(request, "Saved. The patient sees it on Today.")
    return redirect("prescriptions:prescription", clinic_slug, ref)


@require_POST
@require_role(Role.THERAPIST)
def end_prescription(request: ClinicRequest, clinic_slug: str, ref: UUID) -> HttpResponse:
    patient = check_patient_access(request.membership, ref, purpose="prescription")
    services.end_prescription(_active(patient), by=request.membership)
    messages.success(request, "The plan has ended.")
    return redirect("prescriptions:prescription", clinic_slug, ref)


@require_GET
@never_cache
@require_role(*STAFF_ROLES)
def prescription_history(request: ClinicRequest, clinic_slug: str, ref: UUID) -> HttpResponse:
    patient = access_patient(request.membership, ref, purpose="prescription history")
    return render(
        request,
        "prescriptions/history.html",
        {
            "patient": patient,
            "plans": selectors.plans_with_exercises(patient),
            "changes": selectors.dose_changes_in_words(patient),
        },
    )


@require_GET
@never_cache
@require_role(*STAFF_ROLES)
def print_prescription(request: ClinicRequest, clinic_slug: str, ref: UUID) -> HttpResponse:
    patient = check_patient_access(request.membership, ref, purpose="print")
    return handout_page(request, patient)


def handout_page(request: ClinicRequest, patient: Patient) -> HttpResponse:
    """The plan on paper; printing is an action of its own in the audit trail."""
    plan = _active(patient)
    items = [selectors.planned(item) for item in selectors.exercises_of(plan)]
    record("print", patient=patient.pk, object_type="prescriptions.Prescription", object_ref=plan.ref)
    return render(
        request,
        "prescriptions/handout.html",
        {"patient": patient, "plan": plan, "items": items, "minutes": selectors.minutes_of(items)},
    )
