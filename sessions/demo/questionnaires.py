"""What two made-up patients answered to the questions of their therapist: one gets better, one worse."""

from dataclasses import dataclass

from clinic.models import Membership
from patients.models import Patient
from patients.questionnaires import activity_link, shipped_questionnaire
from patients.selectors.questionnaires import due_request, has_answered
from patients.services import Given, answer_questions, ask_questions


@dataclass(frozen=True, slots=True)
class Time:
    """One time of answering: pain now, worst and usual; the activities; the rating (not at first)."""

    pain: tuple[int, int, int]
    activities: tuple[int, ...]
    rating: int | None = None
    words: str = ""


@dataclass(frozen=True, slots=True)
class Answers:
    """`last_days_ago`: when the newest of the `times` was answered; None: one rhythm ago, so that the next is
    due today. The others lie one rhythm apart each.
    """

    activities: tuple[str, ...]
    last_days_ago: int | None
    times: tuple[Time, ...]

    def days(self, *, apart: int) -> list[tuple[int, Time]]:
        """(days ago, what was answered), oldest first."""
        last = apart if self.last_days_ago is None else self.last_days_ago
        newest = len(self.times) - 1
        return [(last + apart * (newest - place), one) for place, one in enumerate(self.times)]


TOLD = {
    "Maya Lindqvist": Answers(
        activities=("reach a high shelf", "sleep on my right side", "put on a coat"),
        last_days_ago=None,
        times=(
            Time((4, 5, 5), (3, 2, 4)),
            Time((3, 5, 4), (5, 4, 6), rating=3),
            Time((2, 4, 3), (7, 6, 8), rating=5, words="Putting on a coat is easy again."),
        ),
    ),
    "Thomas Okafor": Answers(
        activities=("climb the stairs", "get up from the sofa", "walk to the market", "kneel in the garden"),
        last_days_ago=3,
        times=(
            Time((2, 4, 3), (6, 7, 6, 4)),
            Time((2, 4, 3), (6, 7, 7, 4), rating=1),
            Time((5, 5, 5), (4, 5, 5, 3), rating=-3),
        ),
    ),
}
LONG_WEEKS = 7


def answer_days(name: str, *, weeks: int) -> list[tuple[int, Time]]:
    """(days ago, what was answered), oldest first, as far as they lie within the demo's `weeks`."""
    told = TOLD.get(name)
    if told is None:
        return []
    days = told.days(apart=7 * rhythm_weeks(weeks))
    return [(ago, time) for ago, time in days if ago <= 7 * weeks]


def rhythm_weeks(weeks: int) -> int:
    """Every two weeks in a long demo, every week in a short one: so that there is something to see."""
    return 2 if weeks >= LONG_WEEKS else 1


def write_answers(patient: Patient, time: Time, *, therapist: Membership, weeks: int) -> None:
    """Answer what is due; the first time also asks."""
    told = TOLD[patient.full_name]
    request = due_request(patient) or ask_questions(
        patient, by=therapist, activities=told.activities, every_weeks=rhythm_weeks(weeks)
    )
    pains = zip(shipped_questionnaire().pain.items, time.pain, strict=True)
    answers: dict[str, object] = {item.link_id: value for item, value in pains}
    answers |= {activity_link(place): value for place, value in enumerate(time.activities)}
    if time.rating is not None and has_answered(patient):
        answers[shipped_questionnaire().change.link_id] = time.rating
    answer_questions(patient, Given(request.ref, request.due_on, answers, time.words))
