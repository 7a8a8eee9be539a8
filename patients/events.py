"""What a browser may hear about patients: ids and states, no names and no clinical text."""

from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from django.db import transaction
from django.utils import timezone

from patients.models import CareTeamMember, Patient

EVENT_VERSION = 1


@dataclass(frozen=True)
class PatientEvent:
    """One thing that happened to one patient."""

    type: str
    clinic: int
    ref: str
    patient: str
    at: str
    v: int = EVENT_VERSION


def caseload_group(clinic_id: int, membership_id: int) -> str:
    """One member's open caseload: each member hears of their own patients only."""
    return f"clinic.{clinic_id}.caseload.{membership_id}"


def patient_group(clinic_id: int, patient_ref: UUID | str) -> str:
    """Everyone who has a page of this patient open."""
    return f"clinic.{clinic_id}.patient.{patient_ref}"


def send_after_commit(kind: str, patient: Patient, *, ref: UUID) -> None:
    """Tell the patient's pages and the care team's caseloads that `kind` happened, once it is stored."""
    event = PatientEvent(
        type=kind,
        clinic=patient.clinic_id,
        ref=str(ref),
        patient=str(patient.ref),
        at=timezone.now().isoformat(),
    )
    team = CareTeamMember.objects.filter(patient=patient).values_list("membership_id", flat=True)
    groups = [patient_group(patient.clinic_id, patient.ref)]
    groups += [caseload_group(patient.clinic_id, membership_id) for membership_id in team]
    message = {"type": "patient_event", "event": asdict(event)}
    # robust: a broker that is down must not turn a stored alert into an error page.
    transaction.on_commit(lambda: _send(groups, message), robust=True)


def _send(groups: list[str], message: dict[str, Any]) -> None:
    layer = get_channel_layer()
    if layer is None:
        return
    for group in groups:
        async_to_sync(layer.group_send)(group, message)
