"""Who looked at a patient's record, in words for the patient."""

from dataclasses import dataclass
from datetime import datetime

from clinic.audit.selectors import who_looked
from clinic.models import Role
from patients.models import Patient

ACTION_WORDS = {
    "view": "opened your record",
    "list": "saw you in a list",
    "search": "found you in a search",
    "export": "saved a copy of your data",
    "print": "printed from your record",
    "create": "added to your record",
    "change": "changed your record",
    "delete": "removed something from your record",
    "join": "watched you exercise",
    "leave": "stopped watching",
    "denied": "tried to open your record and was refused",
    "alert": "raised an alert about you",
}


@dataclass(frozen=True)
class Look:
    at: datetime
    who: str
    role: str
    did: str


def looks_at(patient: Patient) -> list[Look]:
    """The newest looks at this record by anybody but the patient."""
    roles = {str(code): str(label) for code, label in Role.choices}
    return [
        Look(
            at=line.event.at,
            who=line.who,
            role=roles.get(line.event.actor_role, ""),
            did=ACTION_WORDS.get(line.event.action, line.event.action),
        )
        for line in who_looked(patient.pk)
        if patient.membership_id is None or line.event.actor_membership_id != patient.membership_id
    ]
