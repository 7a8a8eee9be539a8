"""What a patient answers to a questionnaire passes the safety spine before it is stored.

First the free words are heard, then the pain goes through the pain rule, each with an alert of its own that
no later error undoes; only then are the answers kept.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from clinic.audit import record
from patients.errors import AnswerNotOnScale, NothingAnswered, QuestionsNotAsked, WordsTooLong
from patients.events import send_after_commit
from patients.local_time import local_day
from patients.models import PainReport, Patient, QuestionnaireRequest, QuestionnaireResponse
from patients.questionnaires import (
    AnswerUnreadable,
    asked_links,
    checked_answers,
    function_score,
    pain_score,
    rating_words,
    shipped_questionnaire,
    worst_pain,
)
from patients.selectors.questionnaires import has_answered, request_of
from patients.services.attention import review_attention
from patients.services.hearing import HeardNow, Origin, hear_patient
from patients.services.listening import storable
from patients.services.pain import ReportedPain, report_pain
from patients.services.timeline import add_timeline_entry

QUESTIONNAIRE = Origin("questionnaire")


@dataclass(frozen=True)
class Given:
    """What a page sent: `asked` and `due_on` say which questions it showed, `answers` are by link id."""

    asked: UUID
    due_on: date
    answers: Mapping[str, object]
    words: str = ""


@dataclass(frozen=True)
class AnsweredNow:
    """The stored answers, and what they set off. `is_new` is False when they had been sent before;
    `is_other` when these said something else, which was not kept.
    """

    response: QuestionnaireResponse
    heard: HeardNow | None = None
    pain: ReportedPain | None = None
    is_new: bool = True
    is_other: bool = False


def hear_words(patient: Patient, words: str) -> HeardNow | None:
    """Hear the free words also where the answers are refused; None without any words."""
    text = storable(words).strip()
    return hear_patient(patient, [text], origin=QUESTIONNAIRE) if text else None


def answer_questions(patient: Patient, given: Given) -> AnsweredNow:
    """Hear, judge the pain, keep the answers, and say when to ask next.

    Sent twice, they are kept once, but stronger pain in the second is told. Raises AnswerNotOnScale,
    NothingAnswered, WordsTooLong, QuestionsNotFound for a request of somebody else, QuestionsNotAsked for one
    that was taken back or is not due; danger has been told by then, and so has the pain of questions that
    were taken back. RuntimeError inside another transaction.
    """
    heard = hear_words(patient, given.words)
    request = request_of(patient, given.asked)
    answers, words = _checked(patient, request, given)
    earlier = _sent_before(request, given.due_on)
    if earlier is not None:
        worse = _report_pain(patient, answers, told=worst_pain(earlier.answers))
        return AnsweredNow(earlier, heard, worse, is_new=False, is_other=answers != earlier.answers)
    pain = _report_pain(patient, answers)
    response = QuestionnaireResponse(
        patient=patient,
        request=request,
        due_on=given.due_on,
        authored_at=timezone.now(),
        version=shipped_questionnaire().version,
        answers=answers,
        activities=request.activities,
        words=words,
        alert=heard.alert if heard else None,
    )
    try:
        stored = _store(response)
    except QuestionsNotAsked as error:
        raise QuestionsNotAsked(hit=pain.hit if pain else None) from error
    is_new = stored is response
    return AnsweredNow(stored, heard, pain, is_new, is_other=answers != stored.answers)


def _checked(patient: Patient, request: QuestionnaireRequest, given: Given) -> tuple[dict[str, int], str]:
    words = storable(given.words).strip()
    most = shipped_questionnaire().words.most_letters
    if len(words) > most:
        raise WordsTooLong(len(words), most)
    asked = asked_links(len(request.activities), with_change=has_answered(patient))
    try:
        answers = checked_answers(given.answers, asked=asked)
    except AnswerUnreadable as error:
        raise AnswerNotOnScale(error.link_id) from error
    if not answers and not words:
        raise NothingAnswered
    return answers, words


def _sent_before(request: QuestionnaireRequest, due_on: date) -> QuestionnaireResponse | None:
    return QuestionnaireResponse.objects.filter(request=request, due_on=due_on).first()


def _report_pain(
    patient: Patient, answers: Mapping[str, int], *, told: int | None = None
) -> ReportedPain | None:
    """The strongest pain of the 24 hours goes through the pain rule, as any pain does; not below `told`."""
    value = worst_pain(answers)
    if value is None or (told is not None and value <= told):
        return None
    return report_pain(patient, value=value, moment=PainReport.Moment.QUESTIONS)


def _store(response: QuestionnaireResponse) -> QuestionnaireResponse:
    """Keep the answers and move the request on; those that another window sent meanwhile stand."""
    patient = response.patient
    with transaction.atomic():
        request = QuestionnaireRequest.objects.select_for_update().get(pk=response.request_id)
        earlier = _sent_before(request, response.due_on)
        if earlier is not None:
            return earlier
        _move_on(request, patient, answered=response.due_on)
        response.save(force_insert=True)
        add_timeline_entry(
            patient,
            kind="questionnaire",
            title="Answered the questions",
            summary=in_short(response),
            at=response.authored_at,
            object_kind="questionnaire",
            object_ref=response.ref,
            by=patient.membership,
        )
        review_attention(patient)
        record(
            "create",
            patient=patient.pk,
            object_type="patients.QuestionnaireResponse",
            object_ref=response.ref,
        )
        send_after_commit("questionnaire.answered", patient, ref=response.ref)
    return response


def _move_on(request: QuestionnaireRequest, patient: Patient, *, answered: date) -> None:
    today = local_day(patient)
    if request.ended_at is not None or request.due_on != answered or answered > today:
        raise QuestionsNotAsked
    request.put_off_until = None
    if request.every_weeks:
        request.due_on = today + timedelta(weeks=request.every_weeks)
    else:
        request.ended_at = timezone.now()
    request.save(update_fields=["due_on", "put_off_until", "ended_at", "updated_at"])


def in_short(response: QuestionnaireResponse) -> str:
    """The scores in a line: "Pain 3.3 of 10. Activities 6.0 of 10. Somewhat better."."""
    pain = pain_score(response.answers)
    function = function_score(response.answers, response.activities)
    rating = rating_words(response.answers.get(shipped_questionnaire().change.link_id))
    parts = [
        f"Pain {pain:.1f} of 10" if pain is not None else "",
        f"Activities {function:.1f} of 10" if function is not None else "",
        rating,
    ]
    return " ".join(f"{part}." for part in parts if part)
