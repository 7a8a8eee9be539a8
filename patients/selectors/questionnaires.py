"""Named reads of questionnaires: what is asked now, what was answered, and what it says."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from clinic.models import Membership, Role
from patients.errors import QuestionsNotFound
from patients.local_time import local_day, start_of_day, zone_of
from patients.models import Patient, QuestionnaireRequest, QuestionnaireResponse
from patients.questionnaires import (
    Answered,
    Change,
    change_since_last,
    change_since_start,
    function_change,
    function_score,
    pain_change,
    pain_score,
    rating_words,
    shipped_questionnaire,
    worsening_of,
)

OVERDUE_DAYS = 7
# As long as the other reasons look back: what nobody acted on by then waits for the next answers.
WORSENED_DAYS = 14
MOST_READ = 100


def standing_request(patient: Patient) -> QuestionnaireRequest | None:
    """What the patient is asked, now or later; None when nothing is."""
    requests = QuestionnaireRequest.objects.filter(patient=patient, ended_at=None)
    return requests.select_related("asked_by").first()


def last_request(patient: Patient) -> QuestionnaireRequest | None:
    """The newest request, whether it stands or not."""
    return QuestionnaireRequest.objects.filter(patient=patient).order_by("-created_at", "-pk").first()


def request_of(patient: Patient, ref: UUID) -> QuestionnaireRequest:
    """One of this patient's requests. Raises QuestionsNotFound."""
    found = QuestionnaireRequest.objects.filter(patient=patient, ref=ref).first()
    if found is None:
        raise QuestionsNotFound(ref)
    return found


def due_request(patient: Patient, *, at: datetime | None = None) -> QuestionnaireRequest | None:
    """The request that waits for answers on the patient's own day, also when put off; None without one."""
    request = standing_request(patient)
    return request if request and request.due_on <= local_day(patient, at=at) else None


def reminds_today(patient: Patient, *, at: datetime | None = None) -> bool:
    """Whether Today asks: something is due, and the patient has not put it off."""
    request = due_request(patient, at=at)
    if request is None:
        return False
    return request.put_off_until is None or request.put_off_until <= local_day(patient, at=at)


def responses_of(patient: Patient) -> QuerySet[QuestionnaireResponse]:
    """What was answered, the newest first."""
    responses = QuestionnaireResponse.objects.filter(patient=patient).select_related("alert")
    return responses.order_by("-authored_at", "-pk")


def response_of(patient: Patient, ref: UUID) -> QuestionnaireResponse:
    """One of this patient's responses. Raises QuestionsNotFound."""
    found = responses_of(patient).filter(ref=ref).first()
    if found is None:
        raise QuestionsNotFound(ref)
    return found


def has_answered(patient: Patient) -> bool:
    """Whether there is an earlier time to compare with."""
    return QuestionnaireResponse.objects.filter(patient=patient).exists()


def answered(patient: Patient, response: QuestionnaireResponse) -> Answered:
    """A stored response as the scoring takes it, on the patient's own day."""
    day = response.authored_at.astimezone(zone_of(patient)).date()
    return Answered(day, response.answers, tuple(response.activities))


def history_of(patient: Patient, *, since: date | None = None) -> list[Answered]:
    """The times of answering, oldest first, from the patient's day `since` on."""
    responses = responses_of(patient)
    if since is not None:
        responses = responses.filter(authored_at__gte=start_of_day(patient, since))
    return [answered(patient, response) for response in reversed(responses[:MOST_READ])]


def worsening_now(patient: Patient, *, at: datetime | None = None) -> str:
    """What the newest answers say got worse, in words; empty when they are older than two weeks."""
    since = (at or timezone.now()) - timedelta(days=WORSENED_DAYS)
    if not QuestionnaireResponse.objects.filter(patient=patient, authored_at__gt=since).exists():
        return ""
    return worsening_of(history_of(patient))


def days_overdue(patient: Patient, *, at: datetime | None = None) -> int:
    """Days since the questions were due, once they are a week; 0 before that."""
    request = due_request(patient, at=at)
    if request is None:
        return 0
    days = (local_day(patient, at=at) - request.due_on).days
    return days if days >= OVERDUE_DAYS else 0


@dataclass(frozen=True)
class Row:
    """One response with what it says, beside the first and the one before."""

    response: QuestionnaireResponse
    answered: Answered
    pain: float | None
    pain_since_start: Change | None
    pain_since_last: Change | None
    function: float | None
    function_since_start: Change | None
    function_since_last: Change | None
    rating: str

    @property
    def day(self) -> date:
        return self.answered.day

    @property
    def pains(self) -> tuple[tuple[str, int | None], ...]:
        """Each pain question in short, and its answer."""
        items = shipped_questionnaire().pain.items
        return tuple((item.short, self.answered.answers.get(item.link_id)) for item in items)

    @property
    def activities(self) -> tuple[tuple[str, int | None], ...]:
        """Each activity and its answer."""
        named = enumerate(self.answered.activities, start=1)
        return tuple((name, self.answered.answers.get(f"psfs.{place}")) for place, name in named)


def rows_of(patient: Patient) -> list[Row]:
    """The responses with their scores and changes, the newest first."""
    responses = list(responses_of(patient)[:MOST_READ])
    times = [answered(patient, response) for response in responses]
    return [_row(response, times, place) for place, response in enumerate(responses)]


def _row(response: QuestionnaireResponse, times: Sequence[Answered], place: int) -> Row:
    now, earlier = times[place], times[:place:-1]
    return Row(
        response=response,
        answered=now,
        pain=pain_score(now.answers),
        pain_since_start=change_since_start(pain_change, earlier, now),
        pain_since_last=change_since_last(pain_change, earlier, now),
        function=function_score(now.answers, now.activities),
        function_since_start=change_since_start(function_change, earlier, now),
        function_since_last=change_since_last(function_change, earlier, now),
        rating=rating_words(now.answers.get(shipped_questionnaire().change.link_id)),
    )


def may_ask(membership: Membership) -> bool:
    """Whether this person may ask a patient for answers, or take the questions back."""
    return membership.role in (Role.THERAPIST, Role.ASSISTANT)
