"""Talks with the assistant in the demo: about plans, and of danger that a person answered."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from clinic.models import Membership
from patients.models import Patient
from patients.services import close_alert
from sessions.demo import clock
from sessions.selectors.assistant import open_conversation
from sessions.services import assistant

BETWEEN_TURNS = timedelta(minutes=1)
ANSWERED_AFTER = timedelta(minutes=12)


@dataclass(frozen=True, slots=True)
class Talk:
    """What a patient said, so many days ago; of danger also a person's answer and the outcome."""

    given: str
    family: str
    days_ago: int
    said: tuple[str, ...]
    answer: str = ""
    outcome: str = ""


TALKS = (
    Talk(
        "Maya",
        "Lindqvist",
        days_ago=2,
        said=(
            "How do I do the wall slide again?",
            "And how many of them?",
            "I skipped two days, do I have to catch up?",
        ),
    ),
    Talk("Hana", "Svoboda", days_ago=3, said=("How many squats should I do?",)),
    Talk(
        "Chiara",
        "Romano",
        days_ago=6,
        said=(
            "How many straight leg raises should I do?",
            "My wound is leaking a little since yesterday.",
        ),
        answer="Thank you for telling us. Please come in at two today, we will look at it together.",
        outcome="Seen the same day with the surgeon: a stitch, no infection. May exercise again.",
    ),
)


def write_conversations() -> None:
    """Those of the clinic in scope, each through the services, at its own moment."""
    for talk in TALKS:
        patient = Patient.objects.select_related("clinic", "membership").filter(
            given_name=talk.given, family_name=talk.family
        )
        for one in patient:
            _talk(one, talk, begins=timezone.now() - timedelta(days=talk.days_ago, hours=1))


def _talk(patient: Patient, talk: Talk, *, begins: datetime) -> None:
    if patient.membership is None:
        return
    for number, words in enumerate(talk.said):
        with clock.at(begins + number * BETWEEN_TURNS, runs=True):
            assistant.say(patient, text=words, by=patient.membership)
    if talk.answer:
        with clock.at(begins + len(talk.said) * BETWEEN_TURNS + ANSWERED_AFTER):
            _answer(patient, talk)


def _answer(patient: Patient, talk: Talk) -> None:
    """The therapist of the care team answers in the thread, closes the alert and lets the patient go on."""
    conversation = open_conversation(patient)
    therapist = Membership.objects.filter(care_team_places__patient=patient, role="therapist").first()
    if conversation is None or conversation.held_by is None or therapist is None:
        raise ValueError("the demo's escalation was not heard")
    assistant.answer_as_person(conversation, by=therapist, text=talk.answer)
    close_alert(conversation.held_by, by=therapist, outcome=talk.outcome, lift_hold=True)
    assistant.settle_waiting(conversation)
