"""Questionnaires: asked for, put off, taken back. What is answered is in `answering_questions`."""

from collections.abc import Sequence
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone

from clinic.audit import record
from clinic.models import Membership
from patients.errors import ActivitiesUnfit, QuestionsNotAsked, QuestionsStandAlready, RhythmUnknown
from patients.events import send_after_commit
from patients.local_time import local_day
from patients.models import Patient, QuestionnaireRequest
from patients.questionnaires import LEAST_ACTIVITIES, MOST_ACTIVITIES
from patients.selectors.questionnaires import due_request
from patients.services.attention import review_attention
from patients.services.listening import storable

# 0 asks once. Every four weeks is the default of the pages.
RHYTHMS = (0, 1, 2, 4, 6, 8, 12)
ACTIVITY_LETTERS = 80


def ask_questions(
    patient: Patient, *, by: Membership, activities: Sequence[str], every_weeks: int
) -> QuestionnaireRequest:
    """Ask the patient from today on, once (0) or every so many weeks.

    Raises ActivitiesUnfit, RhythmUnknown, and QuestionsStandAlready while they are asked.
    """
    chosen = fit_activities(activities)
    if every_weeks not in RHYTHMS:
        raise RhythmUnknown(every_weeks)
    try:
        with transaction.atomic():
            request = QuestionnaireRequest.objects.create(
                patient=patient,
                asked_by=by,
                activities=chosen,
                every_weeks=every_weeks,
                due_on=local_day(patient),
            )
            _note("create", request)
            send_after_commit("questionnaire.asked", patient, ref=request.ref)
    except IntegrityError as error:
        raise QuestionsStandAlready from error
    return request


def fit_activities(activities: Sequence[str]) -> list[str]:
    """The activities without empty ones. Raises ActivitiesUnfit unless there are none, or three to five
    different short ones.
    """
    chosen = [text for text in (" ".join(storable(one).split()) for one in activities) if text]
    if any(len(one) > ACTIVITY_LETTERS for one in chosen):
        raise ActivitiesUnfit(f"An activity has {ACTIVITY_LETTERS} letters at most.")
    if len({one.casefold() for one in chosen}) != len(chosen):
        raise ActivitiesUnfit("Each activity can be asked once only.")
    if chosen and not LEAST_ACTIVITIES <= len(chosen) <= MOST_ACTIVITIES:
        raise ActivitiesUnfit(
            f"Choose {LEAST_ACTIVITIES} to {MOST_ACTIVITIES} activities, or none to leave this part out."
        )
    return chosen


def withdraw_questions(request: QuestionnaireRequest, *, by: Membership) -> QuestionnaireRequest:
    """Ask no more; what was answered stays. Raises QuestionsNotAsked when it has ended already."""
    with transaction.atomic():
        request = (
            QuestionnaireRequest.objects.select_for_update(of=("self",))
            .select_related("patient__clinic")
            .get(pk=request.pk)
        )
        if request.ended_at is not None:
            raise QuestionsNotAsked
        request.ended_at, request.withdrawn_by = timezone.now(), by
        request.save(update_fields=["ended_at", "withdrawn_by", "updated_at"])
        review_attention(request.patient)
        _note("change", request)
        send_after_commit("questionnaire.withdrawn", request.patient, ref=request.ref)
    return request


def put_off_questions(patient: Patient) -> None:
    """Not now: Today asks again tomorrow. Nothing happens when nothing is due."""
    request = due_request(patient)
    if request is None:
        return
    with transaction.atomic():
        request.put_off_until = local_day(patient) + timedelta(days=1)
        request.save(update_fields=["put_off_until", "updated_at"])
        _note("change", request)


def _note(action: str, request: QuestionnaireRequest) -> None:
    record(
        action,
        patient=request.patient_id,
        object_type="patients.QuestionnaireRequest",
        object_ref=request.ref,
    )
