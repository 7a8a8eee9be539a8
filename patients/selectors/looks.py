"""Who looked at a patient's record, in words for the patient."""

from dataclasses import dataclass, replace
from datetime import datetime

from clinic.audit.selectors import who_looked
from clinic.models import Role
from patients.local_time import zone_of
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
    """One kind of look by one person on one day; `at` is the newest."""

    at: datetime
    who: str
    role: str
    did: str
    times: int = 1


def looks_at(patient: Patient) -> list[Look]:
    """Looks at this record by anybody but the patient, newest first, the same ones of a day as one line."""
    roles = {str(code): str(label) for code, label in Role.choices}
    zone = zone_of(patient)
    by_kind: dict[tuple[object, ...], Look] = {}
    for line in who_looked(patient.pk):
        event = line.event
        if patient.membership_id is not None and event.actor_membership_id == patient.membership_id:
            continue
        did = ACTION_WORDS.get(event.action, event.action)
        key = (event.at.astimezone(zone).date(), event.actor_membership_id, did)
        look = by_kind.get(key)
        if look is None:
            by_kind[key] = Look(at=event.at, who=line.who, role=roles.get(event.actor_role, ""), did=did)
        else:
            by_kind[key] = replace(look, times=look.times + 1)
    return list(by_kind.values())
