"""Sessions that nobody has written up."""

from datetime import timedelta

from django.db.models import Exists, OuterRef
from django.utils import timezone

from clinic.models import Membership
from notes.models import VisitNote
from patients.models import Patient
from sessions.models import TherapySession
from sessions.selectors.access import sessions_for

LOOK_BACK = timedelta(days=7)
MOST = 30
State = TherapySession.State


def sessions_without_note(membership: Membership, *, patient: Patient | None = None) -> list[TherapySession]:
    """Analysed sessions of the last seven days whose note was not begun, newest first."""
    written = VisitNote.objects.filter(session=OuterRef("pk")).exclude(status=VisitNote.Status.DISCARDED)
    sessions = sessions_for(membership).filter(
        state=State.ANALYSED, started_at__gte=timezone.now() - LOOK_BACK, repetitions_done__gt=0
    )
    if patient is not None:
        sessions = sessions.filter(patient=patient)
    return list(sessions.exclude(Exists(written)).order_by("-started_at")[:MOST])
