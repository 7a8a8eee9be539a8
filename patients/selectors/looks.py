"""Who looked at a patient's record: read from the audit trail, for the patient to see."""

from dataclasses import dataclass
from datetime import datetime

from clinic.audit.models import AuditEventPatient
from clinic.models import Membership, Role
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
    "alert": "the system raised an alert",
}
LOOKS_SHOWN = 100


@dataclass(frozen=True)
class Look:
    at: datetime
    who: str
    role: str
    did: str


def looks_at(patient: Patient) -> list[Look]:
    """The newest looks at this record by anybody but the patient."""
    shown = (
        AuditEventPatient.objects.filter(patient_id=patient.pk).select_related("event").order_by("-at", "-pk")
    )
    others = [
        row.event
        for row in shown[: LOOKS_SHOWN * 2]
        if patient.membership_id is None or row.event.actor_membership_id != patient.membership_id
    ][:LOOKS_SHOWN]
    names = _names({event.actor_membership_id for event in others if event.actor_membership_id})
    roles = dict(Role.choices)
    return [
        Look(
            at=event.at,
            who=names.get(event.actor_membership_id or 0, "The system"),
            role=str(roles.get(event.actor_role, "")),
            did=ACTION_WORDS.get(event.action, event.action),
        )
        for event in others
    ]


def _names(membership_ids: set[int]) -> dict[int, str]:
    members = Membership.objects.filter(pk__in=membership_ids)
    return dict(members.values_list("pk", "display_name"))
