"""The patient's pages of a session: start, live, pain after, summary."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from clinic.errors import Invalid
from clinic.models import Role
from clinic.pace import no_pace
from clinic.tenancy.access import require_role
from clinic.tenancy.request import ClinicRequest
from patients.selectors import has_consent, open_hold, patient_of
from patients.services import give_consent
from prescriptions.movement.imu_rules import can_be_sensed
from prescriptions.selectors import camera_note, exercises_for_today, planned
from sessions import selectors, services
from sessions.effort import EFFORT_CHOICES
from sessions.forms import FinishSetForm, PainAfterForm, StartForm, TapForm
from sessions.models import ExerciseSet, TherapySession
from sessions.motions import frames_of, motion_file, sample_motion
from sessions.selectors.adjustments import adjustment_to_show
from sessions.selectors.live_page import live_cards, live_config, sensor_note
from sessions.selectors.summary import summary_of
from sessions.views.answer_pages import after_answer, finished_json, own_set
from sessions.views.posted import is_json, posted

SET_PLACEHOLDER = UUID(int=0)
BINARY = "application/octet-stream"


@require_http_methods(["GET", "POST"])
@never_cache
@require_role(Role.PATIENT)
def start(request: ClinicRequest, clinic_slug: str) -> HttpResponse:
    """Pain before and how to count; then today's session begins."""
    patient = patient_of(request.membership)
    consented = {kind: has_consent(patient, kind) for kind in ("camera", "motion")}
    exercises = list(exercises_for_today(patient))
    form = StartForm(
        request.POST or None,
        has_camera_consent=consented["camera"],
        has_motion_consent=consented["motion"],
        can_sense=any(can_be_sensed(one.exercise_version.spec) for one in exercises),
    )
    if request.method == "POST" and form.is_valid():
        for kind, given in consented.items():
            if form.cleaned_data[f"{kind}_consent"] and not given:
                give_consent(patient, kind)
        session = services.start_session(
            patient, mode=form.cleaned_data["mode"], pain_before=form.cleaned_data["pain"]
        )
        return redirect("sessions:live", clinic_slug, session.ref)
    return render(
        request,
        "sessions/start.html",
        {
            "form": form,
            "modes": form.modes,
            "exercises": [
                (planned(one), camera_note(one.exercise_version.spec), sensor_note(one.exercise_version.spec))
                for one in exercises
            ],
            "hold": open_hold(patient),
            "open_session": selectors.open_session_of(patient),
            "has_camera_consent": consented["camera"],
            "has_motion_consent": consented["motion"],
        },
        status=400 if form.errors else 200,
    )


@require_GET
@never_cache
@require_role(Role.PATIENT)
def live(request: ClinicRequest, clinic_slug: str, ref: UUID) -> HttpResponse:
    """The page of a running session; one that is over leads to its summary."""
    session = selectors.own_session(request.membership, ref)
    cards = live_cards(session)
    if session.is_over:
        asks = session.completed and not selectors.pain_of(session).keys() & {"after", "stop"}
        return redirect("sessions:pain_after" if asks else "sessions:summary", clinic_slug, ref)
    config = live_config(
        session,
        cards,
        urls=_live_urls(clinic_slug, session),
        ws_path=f"/ws/c/{clinic_slug}/sets/{{set}}/stream/",
        worn_path=f"/ws/c/{clinic_slug}/sessions/{session.ref}/updates/",
    )
    shown = {"session": session, "cards": cards, "config": config, "efforts": EFFORT_CHOICES}
    return render(request, "sessions/live.html", shown | {"adjustment": adjustment_to_show(session)})


def _live_urls(clinic_slug: str, session: TherapySession) -> dict[str, str]:
    def of_set(name: str) -> str:
        address = reverse(f"sessions:{name}", args=[clinic_slug, session.ref, SET_PLACEHOLDER])
        return address.replace(str(SET_PLACEHOLDER), "{set}")

    return {
        "stop": f"{reverse('patients:stop', args=[clinic_slug])}?session={session.ref}",
        "finish_set": of_set("finish_set"),
        "answer_set": of_set("answer_set"),
        "keep_set": of_set("keep_set"),
        "tap": of_set("tap"),
        "sample": of_set("sample"),
        "pain": reverse("sessions:pain_after", args=[clinic_slug, session.ref]),
        "summary": reverse("sessions:summary", args=[clinic_slug, session.ref]),
    }


@no_pace
@require_POST
@require_role(Role.PATIENT)
def finish_set(request: ClinicRequest, clinic_slug: str, ref: UUID, set_ref: UUID) -> HttpResponse:
    """A set is done. The form without scripts brings the answers along; a script sends them in the pause."""
    exercise_set = own_set(request, ref, set_ref)
    form = FinishSetForm(posted(request))
    if not form.is_valid():
        raise Invalid("A count is a whole number from 0 to 999, an answer one from 0 to 10.")
    is_skipped = form.cleaned_data["skipped"]
    done = services.finish_set(exercise_set, count=form.cleaned_data["count"], skipped=is_skipped)
    if is_json(request):
        return JsonResponse(finished_json(done))
    if form.is_answered and done.state != ExerciseSet.State.SKIPPED:
        return after_answer(request, clinic_slug, services.answer_set(done, **form.answers))
    return redirect("sessions:live", clinic_slug, ref)


@require_POST
@require_role(Role.PATIENT)
def tap(request: ClinicRequest, clinic_slug: str, ref: UUID, set_ref: UUID) -> HttpResponse:
    exercise_set = own_set(request, ref, set_ref)
    form = TapForm(posted(request))
    if not form.is_valid():
        raise Invalid("A count is a whole number from 0 to 999.")
    counted = services.tap_count(exercise_set, form.cleaned_data["count"])
    if is_json(request):
        return JsonResponse({"count": counted.repetition_count})
    return redirect("sessions:live", clinic_slug, ref)


@require_GET
@never_cache
@require_role(Role.PATIENT)
def sample(request: ClinicRequest, clinic_slug: str, ref: UUID, set_ref: UUID) -> HttpResponse:
    """A simulated motion of this set as a motion file; only for sessions that say they are samples."""
    exercise_set = own_set(request, ref, set_ref)
    if exercise_set.session.mode != TherapySession.Mode.SAMPLE:
        raise Http404
    motion = sample_motion(exercise_set)
    content = motion_file(frames_of(motion), width=motion.width, height=motion.height)
    return HttpResponse(content, content_type=BINARY, headers={"X-Simulated": "true"})


@require_http_methods(["GET", "POST"])
@never_cache
@require_role(Role.PATIENT)
def pain_after(request: ClinicRequest, clinic_slug: str, ref: UUID) -> HttpResponse:
    """The last question; answering it ends the session."""
    session = selectors.own_session(request.membership, ref)
    form = PainAfterForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        services.complete_session(session, pain_after=said["pain"], effort=said["effort"])
        return redirect("sessions:summary", clinic_slug, ref)
    return render(
        request,
        "sessions/pain_after.html",
        {
            "session": session,
            "form": form,
            "efforts": EFFORT_CHOICES,
            "last_set": services.last_set_to_ask(session),
        },
        status=400 if form.errors else 200,
    )


@require_GET
@never_cache
@require_role(Role.PATIENT)
def summary(request: ClinicRequest, clinic_slug: str, ref: UUID) -> HttpResponse:
    session = selectors.own_session(request.membership, ref)
    if session.is_open:
        return redirect("sessions:live", clinic_slug, ref)
    context: dict[str, Any] = {
        "session": session,
        "summary": summary_of(session),
        "updates_path": f"/ws/c/{clinic_slug}/sessions/{session.ref}/updates/",
    }
    return render(request, "sessions/summary.html", context)
