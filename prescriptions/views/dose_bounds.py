"""What a therapist allows AdaptRx to do with one exercise of a plan."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from clinic.audit import record
from clinic.errors import Invalid
from clinic.models import Role
from clinic.tenancy.access import require_role
from clinic.tenancy.request import ClinicRequest
from prescriptions import selectors, services
from prescriptions.adapt_rx.ladders import Ladder
from prescriptions.errors import PlanEnded
from prescriptions.forms import BoundsForm
from prescriptions.models import PrescribedExercise, Prescription
from prescriptions.selectors import DoseState
from prescriptions.views.form_errors import add_errors

EQUIPMENT = {"ankle_weight": "Ankle weights", "hand_weight": "Hand weights", "band": "Elastic band"}
NO_WEIGHT = "no added resistance"


@require_http_methods(["GET", "POST"])
@never_cache
@require_role(Role.THERAPIST)
def dose_bounds(request: ClinicRequest, clinic_slug: str, ref: UUID) -> HttpResponse:
    """One small form; what is saved holds from the next decision on."""
    prescribed = selectors.access_prescribed_exercise(request.membership, ref, purpose="dose bounds")
    if prescribed.prescription.status != Prescription.Status.ACTIVE:
        raise PlanEnded(prescribed.prescription.ref)
    state = selectors.dose_state_of(prescribed)
    form = _form(request, prescribed, state) if state else None
    if form is not None and form.is_valid():
        try:
            had_one = _has_proposal(prescribed)
            services.set_bounds(prescribed, form.bounds(), by=request.membership)
        except Invalid as error:
            add_errors(form, error)
        else:
            messages.success(request, _saved_words(prescribed, had_one=had_one))
            return redirect("prescriptions:prescription", clinic_slug, prescribed.prescription.patient.ref)
    return _page(request, prescribed, state, form)


def _has_proposal(prescribed: PrescribedExercise) -> bool:
    waiting = selectors.open_proposals_of(prescribed.prescription.patient)
    return any(card.decision.prescribed_exercise_id == prescribed.pk for card in waiting)


def _saved_words(prescribed: PrescribedExercise, *, had_one: bool) -> str:
    """A proposal that other bounds closed is not left out until the next session."""
    if not had_one or _has_proposal(prescribed):
        return "Saved. It holds from the next proposal on."
    services.propose_dose(prescribed)
    if _has_proposal(prescribed):
        return "Saved. The proposal that waited was made anew within these bounds."
    return "Saved. The proposal that waited is closed: within these bounds the dose stays."


def _form(request: HttpRequest, prescribed: PrescribedExercise, state: DoseState) -> BoundsForm:
    rung = state.ladder.rungs[state.current.rung]
    return BoundsForm(
        request.POST if request.method == "POST" else None,
        bounds=selectors.bounds_of(prescribed),
        rungs=[one.name for one in state.ladder.rungs],
        resistances=[one.words or NO_WEIGHT for one in rung.resistances],
        equipment=_equipment(state.ladder),
    )


def _equipment(ladder: Ladder) -> list[tuple[str, str]]:
    return [(code, EQUIPMENT.get(code, code.replace("_", " "))) for code in ladder.equipment_codes]


def _page(
    request: HttpRequest, prescribed: PrescribedExercise, state: DoseState | None, form: BoundsForm | None
) -> HttpResponse:
    patient = prescribed.prescription.patient
    record(
        "view",
        patient=patient.pk,
        object_type="patients.Patient",
        object_ref=patient.ref,
        purpose="dose bounds",
    )
    shown = {
        "patient": patient,
        "item": selectors.planned(prescribed),
        "ladder": state.ladder if state else None,
        "form": form,
    }
    failed = form is not None and form.is_bound
    return render(request, "prescriptions/adapting/bounds.html", shown, status=400 if failed else 200)
