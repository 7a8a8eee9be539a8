"""What notes show on the pages of `patients`."""

from typing import Any

from django.http import HttpRequest

from clinic.models import Role
from notes.models import VisitNote
from notes.selectors.access import notes_of
from patients import panels
from patients.models import Patient

SHOWN = 5
Status = VisitNote.Status


def register_panels() -> None:
    """Called once when the app is ready."""
    panels.register(
        panels.Place.PATIENT_PLAN,
        "notes",
        template="notes/_patient_panel.html",
        selector=newest_notes,
        order=40,
    )


def newest_notes(request: HttpRequest, patient: Patient) -> dict[str, Any]:
    """The newest notes, and whether this member may write one."""
    rows = list(notes_of(patient).defer("text")[: SHOWN + 1])
    return {
        "notes": rows[:SHOWN],
        "has_more": len(rows) > SHOWN,
        "may_write": request.membership.role in (Role.THERAPIST, Role.ASSISTANT),  # type: ignore[attr-defined]
    }
