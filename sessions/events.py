"""Messages between processes: ids and states, never names, frames or clinical text."""

from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from django.db import transaction
from django.utils import timezone

from clinic.tenancy.scope import current_clinic_id

VERSION = 1

SESSION_STARTED = "session.started"
SESSION_ENDED = "session.ended"
SESSION_ANALYSED = "session.analysed"
SET_STARTED = "set.started"
SET_ENDED = "set.ended"
SET_ANALYSED = "set.analysed"
COMMENT_ADDED = "comment.added"
JOB_CHANGED = "job.changed"
RECORDING_ANALYSED = "recording.analysed"
RECORDING_FAILED = "recording.failed"
ASSISTANT_TURN = "assistant.turn"


@dataclass(frozen=True, slots=True)
class SessionEvent:
    """Something happened to the session, set or job ``ref``; whoever hears it fetches what they may see."""

    type: str
    clinic: int
    ref: str
    at: str
    v: int = field(default=VERSION)

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


def session_group(clinic_id: int, session_ref: UUID | str) -> str:
    """Everyone who has a page of this session open."""
    return f"clinic.{clinic_id}.session.{session_ref}"


def watch_group(clinic_id: int, session_ref: UUID | str) -> str:
    """Therapists who watch the session live: receives summaries."""
    return f"clinic.{clinic_id}.watch.{session_ref}"


def control_group(clinic_id: int, session_ref: UUID | str) -> str:
    """The patient's open streams of this session: hears who watches, and when to close."""
    return f"clinic.{clinic_id}.control.{session_ref}"


def own_page_group(clinic_id: int, session_ref: UUID | str) -> str:
    """The patient's own page of this session: receives what a worn sensor counts."""
    return f"clinic.{clinic_id}.own.{session_ref}"


def patient_group(clinic_id: int, patient_ref: UUID | str) -> str:
    """Pages that list a patient's sessions and jobs."""
    return f"clinic.{clinic_id}.patient.{patient_ref}"


def announce(kind: str, *, group: str, ref: UUID | str, at: datetime | None = None) -> None:
    """Tell ``group`` after the commit that ``kind`` happened to ``ref``."""
    event = SessionEvent(
        type=kind, clinic=current_clinic_id(), ref=str(ref), at=(at or timezone.now()).isoformat()
    )
    message = {"type": "session_event", "event": event.to_dict()}
    # robust: a broker that is down must not turn what is stored already into an error.
    transaction.on_commit(lambda: send_now(group, message), robust=True)


def tell_streams_to_close(session_ref: UUID | str, *, set_ref: UUID | str | None = None) -> None:
    """Close the open streams of a session, or of one of its sets, after the commit."""
    group = control_group(current_clinic_id(), session_ref)
    message = {"type": "stream_close", "set": str(set_ref) if set_ref else ""}
    transaction.on_commit(lambda: send_now(group, message), robust=True)


def show_own_page(session_ref: UUID | str, summary: dict[str, Any]) -> None:
    """Show numbers and codes of a running set on the patient's page, after the commit."""
    group = own_page_group(current_clinic_id(), session_ref)
    message = {"type": "live_summary", "summary": summary}
    transaction.on_commit(lambda: send_now(group, message), robust=True)


def send_now(group: str, message: dict[str, Any]) -> None:
    """Hand a message to the channel layer from synchronous code."""
    layer = get_channel_layer()
    if layer is not None:
        async_to_sync(layer.group_send)(group, message)
