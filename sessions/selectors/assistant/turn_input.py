"""All that one turn of the assistant needs, read from the database."""

from django.urls import reverse

from patients.red_flags import emergency_number
from patients.red_flags.hearing import Heard
from patients.selectors.record import care_team_of
from sessions.models import Conversation, Turn
from sessions.rehab_bot.types import Asked, TurnInput
from sessions.selectors.assistant.articles import approved_passages
from sessions.selectors.assistant.conversation import earlier_turns
from sessions.selectors.assistant.plan import plan_of
from sessions.selectors.assistant.walk import walk_of

# Questions whose answers are read before the graph.
OF_THE_SERVICES = ("screen", "pain_moment")
PAGES = (
    ("messages", "patients:messages"),
    ("stop", "patients:stop"),
    ("pain", "patients:pain"),
    ("today", "patients:today"),
    ("record", "patients:privacy"),
    ("movement", "sessions:own_movement"),
)


def turn_input(
    conversation: Conversation,
    said: Turn,
    *,
    heard: Heard,
    text: str = "",
    screening: tuple[str, ...] = (),
) -> TurnInput:
    """What the graph is given for a turn that sets off nothing. `text` stands in for the words themselves."""
    patient, clinic = conversation.patient, conversation.patient.clinic
    return TurnInput(
        text=text or said.text,
        plan=plan_of(patient),
        heard=heard,
        screening=screening,
        earlier=earlier_turns(said),
        asked=_asked(conversation),
        walk=walk_of(conversation),
        articles=approved_passages(patient),
        emergency_number=emergency_number(clinic.country, clinic_number=clinic.emergency_number),
        names=names_of(conversation),
        pages=pages_of(clinic.slug),
    )


def pages_of(slug: str) -> tuple[tuple[str, str], ...]:
    """The patient's own pages that an answer may link to, by name."""
    return tuple((name, reverse(address, args=[slug])) for name, address in PAGES)


def names_of(conversation: Conversation) -> tuple[str, ...]:
    """Names that must not leave the clinic: the patient's, and those of the care team."""
    patient = conversation.patient
    team = [member.membership.display_name for member in care_team_of(patient)]
    names = (patient.full_name, patient.given_name, patient.family_name, *team)
    return tuple(dict.fromkeys(name for name in names if name))


def _asked(conversation: Conversation) -> Asked | None:
    asked = conversation.asked
    if not asked.get("kind") or asked["kind"] in OF_THE_SERVICES:
        return None
    return Asked(asked["kind"], tuple(asked.get("choices", ())), asked.get("text", ""))
