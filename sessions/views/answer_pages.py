"""What a patient says after a set, and "Keep it as planned": from the page's script, or from a form of it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from clinic.errors import Conflict, HouseError, Invalid
from clinic.models import Role
from clinic.pace import no_pace
from clinic.pages import status_of
from clinic.tenancy.access import require_role
from clinic.tenancy.request import ClinicRequest
from sessions import selectors, services
from sessions.errors import AnswerOutOfRange, SetNotFound
from sessions.forms import AnswerForm
from sessions.models import ExerciseSet, TherapySession
from sessions.selectors.adjustments import live_changes
from sessions.services.answers import Answered
from sessions.views.posted import is_json, posted

STOP_TITLE = "Stop for today"
TOLD = "We told your therapist."


def own_set(request: ClinicRequest, ref: UUID, set_ref: UUID) -> ExerciseSet:
    """A set of this very session of the signed-in patient."""
    exercise_set = selectors.own_set(request.membership, set_ref)
    if exercise_set.session.ref != ref:
        raise SetNotFound
    return exercise_set


@no_pace
@require_POST
@require_role(Role.PATIENT)
def answer_set(request: ClinicRequest, clinic_slug: str, ref: UUID, set_ref: UUID) -> HttpResponse:
    """Keep how hard a set was and whether it hurt; say what that changes. Pain is never slowed down."""
    exercise_set = own_set(request, ref, set_ref)
    try:
        form = AnswerForm(posted(request))
        if not form.is_valid() or not form.is_answered:
            raise AnswerOutOfRange
        answered = services.answer_set(exercise_set, **form.answers)
    except (Conflict, Invalid) as error:
        return _refused(request, clinic_slug, ref, error)
    return after_answer(request, clinic_slug, answered)


def after_answer(request: ClinicRequest, clinic_slug: str, answered: Answered) -> HttpResponse:
    """The sets as they are now; after too much pain the fixed words, and the way to the page of Stop."""
    session = answered.exercise_set.session
    stop = _stop_words(answered)
    if is_json(request):
        return JsonResponse(live_changes(session) | {"stop": stop})
    if stop is None:
        return redirect("sessions:live", clinic_slug, session.ref)
    messages.warning(request, f"{stop['title']}. {stop['words']}")
    return redirect(f"{reverse('patients:stop', args=[clinic_slug])}?session={session.ref}")


def _stop_words(answered: Answered) -> dict[str, str] | None:
    if answered.hit is None:
        return None
    return {"title": STOP_TITLE, "words": f"{answered.hit.headline}. {answered.hit.action} {TOLD}"}


def _refused(request: ClinicRequest, clinic_slug: str, ref: UUID, error: HouseError) -> HttpResponse:
    """The words beside the page as it is now, so that nobody is left on a dead end within a session."""
    if is_json(request):
        return JsonResponse({"words": error.words}, status=status_of(error))
    messages.warning(request, error.words)
    return redirect("sessions:live", clinic_slug, ref)


@require_POST
@require_role(Role.PATIENT)
def keep_set(request: ClinicRequest, clinic_slug: str, ref: UUID, set_ref: UUID) -> HttpResponse:
    """Decline what was made easier: the rest of the exercise is as planned."""
    exercise_set = own_set(request, ref, set_ref)
    try:
        kept = services.keep_as_planned(exercise_set)
    except Conflict as error:
        return _refused(request, clinic_slug, ref, error)
    if is_json(request):
        return JsonResponse(live_changes(kept.session) | {"stop": None})
    messages.success(request, "We keep it as planned.")
    return redirect("sessions:live", clinic_slug, ref)


def finished_json(exercise_set: ExerciseSet) -> dict[str, Any]:
    """What the script hears when a set is done: broken form may have made the next one easier."""
    session: TherapySession = exercise_set.session
    return live_changes(session) | {
        "state": exercise_set.state,
        "count": exercise_set.repetition_count,
        "stop": None,
    }
