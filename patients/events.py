"""What a browser may hear about patients: ids and states, no names and no clinical text."""

from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from django.db import transaction

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


def caseload_group(clinic_id: int) -> str:
    return f"clinic.{clinic_id}.caseload"


def patient_group(clinic_id: int, patient_ref: UUID | str) -> str:
    return f"clinic.{clinic_id}.patient.{patient_ref}"


def send_after_commit(kind: str, *, clinic_id: int, patient_ref: UUID, ref: UUID) -> None:
    """Tell the patient's page and the caseload that `kind` happened, once it is stored."""
    event = PatientEvent(
        type=kind, clinic=clinic_id, ref=str(ref), patient=str(patient_ref), at=datetime.now(UTC).isoformat()
    )
    message = {"type": "event", "event": asdict(event)}
    groups = (caseload_group(clinic_id), patient_group(clinic_id, patient_ref))
    # robust: a broker that is down must not turn a stored alert into an error page.
    transaction.on_commit(lambda: _send(groups, message), robust=True)


def _send(groups: tuple[str, ...], message: dict[str, Any]) -> None:
    layer = get_channel_layer()
    if layer is None:
        return
    for group in groups:
        async_to_sync(layer.group_send)(group, message)
