"""The patient's own movement: what was measured, a test with the phone, its result."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.cache import cache
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from clinic.errors import Conflict, NotFound
from clinic.models import Role
from clinic.pace import Pace, paced
from clinic.tenancy.access import require_role
from clinic.tenancy.request import ClinicRequest
from patients.models import Patient
from patients.selectors import has_consent, open_hold, patient_of
from patients.services import give_consent, set_height
from sessions import services
from sessions.errors import ExerciseOnHold
from sessions.forms_movement import MovementTestForm, answers_of_note
from sessions.models import Recording
from sessions.movement_tests import PLACES, TESTS, MovementTest
from sessions.panels import walk_test_put_off_key
from sessions.selectors.movement.own import (
    has_done,
    last_run_up,
    last_test,
    measured_lately,
    newest_results,
    own_recording,
    own_result,
    unfinished_test,
)
from sessions.selectors.movement.own_asked import own_asked
from sessions.views.posted import is_json, posted

TESTS_AN_HOUR = Pace(most=20, in_s=3600)
PUT_OFF_S = 7 * 24 * 3600
NEEDS_SCRIPTS = (
    "Your answers are saved. Wait until the page has loaded, then tap the button again. "
    "Nothing happens? Then turn scripts on in your browser."
)
START_PAGE = "sessions/own_movement/test.html"


@require_GET
@never_cache
@require_role(Role.PATIENT)
def own_movement(request: ClinicRequest, clinic_slug: str) -> HttpResponse:
    """What was measured lately, in words, and the tests to choose from."""
    patient = patient_of(request.membership)
    asked = own_asked(patient)
    return render(
        request,
        "sessions/own_movement/movement.html",
        {
            "patient": patient,
            "lately": measured_lately(patient),
            "results": newest_results(patient),
            "walk": TESTS["walk"],
            "asked": asked,
            "other_tests": [test for kind, test in TESTS.items() if asked or kind != "walk"],
            "unfinished": unfinished_test(patient),
            "hold": open_hold(patient),
        },
    )


@require_http_methods(["GET", "POST"])
@never_cache
@require_role(Role.PATIENT)
@paced("movement_test", TESTS_AN_HOUR)
def movement_test(request: ClinicRequest, clinic_slug: str, kind: str) -> HttpResponse:
    """Explain a test and begin it: by JSON from the page's script; without scripts only answers are kept."""
    if kind not in TESTS:
        raise NotFound
    patient = patient_of(request.membership)
    if request.method == "POST":
        return _begin(request, patient, TESTS[kind])
    last = last_test(patient)
    known: dict[str, Any] = {**answers_of_note(last.note), "placement": last.placement} if last else {}
    if TESTS[kind].run_up_m:
        known["run_up"] = last_run_up(patient, kind)
    return _test_page(request, patient, TESTS[kind], _form(patient, initial=known))


def _form(patient: Patient, data: Any = None, **more: Any) -> MovementTestForm:
    asks_consent = not has_consent(patient, "motion")
    return MovementTestForm(data, asks_height=patient.height_cm is None, asks_consent=asks_consent, **more)


def _begin(request: ClinicRequest, patient: Patient, test: MovementTest) -> HttpResponse:
    if open_hold(patient):
        return _refused(request, ExerciseOnHold())
    form = _form(patient, posted(request))
    if not form.is_valid():
        if is_json(request):
            fields = {name: str(errors[0]) for name, errors in form.errors.items()}
            return JsonResponse({"fields": fields}, status=400)
        return _test_page(request, patient, test, form, status=400)
    _keep_answers(patient, form)
    if not is_json(request):
        messages.info(request, NEEDS_SCRIPTS)
        return redirect(request.path)
    recording = services.start_recording(
        patient,
        activity=test.kind,
        source=Recording.Source.PHONE,
        placement=form.cleaned_data["placement"],
        note=form.note,
        protocol=test.protocol(has_run_up=form.cleaned_data["run_up"]),
        by=request.membership,
    )
    return JsonResponse(_started(request, recording), status=201)


def _refused(request: ClinicRequest, error: Conflict) -> HttpResponse:
    if is_json(request):
        return JsonResponse({"words": error.words}, status=409)
    raise error


def _keep_answers(patient: Patient, form: MovementTestForm) -> None:
    if form.asks_height:
        set_height(patient, form.cleaned_data["height"])
    if form.asks_consent:
        give_consent(patient, "motion")


def _started(request: ClinicRequest, recording: Recording) -> dict[str, str]:
    slug = request.clinic.slug
    page = reverse("sessions:own_recording", args=[slug, recording.ref])
    return {
        "ref": str(recording.ref),
        "ws_path": f"/ws/c/{slug}/recordings/{recording.ref}/stream/",
        "finish_url": page,
        "result_url": page,
    }


def _test_page(
    request: ClinicRequest, patient: Patient, test: MovementTest, form: MovementTestForm, *, status: int = 200
) -> HttpResponse:
    asks = form.asks_height or form.asks_consent or form.is_bound
    is_ready = not asks and has_done(patient, test.kind)
    return render(
        request,
        START_PAGE,
        {
            "patient": patient,
            "test": test,
            "form": form,
            "places": PLACES,
            "placement": form["placement"].value() or PLACES[0].placement,
            "is_ready": is_ready,
            "hold": open_hold(patient),
            "config": _config(request, test, is_ready=is_ready),
        },
        status=status,
    )


def _config(request: ClinicRequest, test: MovementTest, *, is_ready: bool) -> dict[str, Any]:
    """The settings of ``<pl-sensor-test>``, as static/sessions/README.md documents them."""
    slug = request.clinic.slug
    return {
        "kind": test.kind,
        "title": test.name,
        "voice": True,
        "is_ready": is_ready,
        **test.timing(),
        "placements": {place.placement: place.said for place in PLACES},
        "urls": {
            "start": request.path,
            "stop": reverse("patients:stop", args=[slug]),
            "movement": reverse("sessions:own_movement", args=[slug]),
        },
    }


@require_http_methods(["GET", "POST"])
@never_cache
@require_role(Role.PATIENT)
def own_recording_page(request: ClinicRequest, clinic_slug: str, ref: UUID) -> HttpResponse:
    """The result of a recording; a POST ends one that is still open and has what came analysed."""
    recording = own_recording(request.membership, ref)
    patient = patient_of(request.membership)
    if request.method == "POST":
        services.finish_recording(recording)
        return redirect(request.path)
    return render(
        request,
        "sessions/own_movement/recording.html",
        {
            "result": own_result(recording),
            "updates_path": f"/ws/c/{clinic_slug}/patients/{patient.ref}/updates/",
        },
    )


@require_POST
@require_role(Role.PATIENT)
def put_off_walk_test(request: ClinicRequest, clinic_slug: str) -> HttpResponse:
    """ "Not this week": Today does not ask for a walk test for seven days."""
    patient = patient_of(request.membership)
    cache.set(walk_test_put_off_key(patient), True, PUT_OFF_S)
    return redirect("patients:today", clinic_slug)
