"""What notes show on the pages of `patients`."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from clinic.models import Role
from notes.models import VisitNote
from notes.selectors.access import notes_of
from notes.selectors.findings import Point, Series, series_of
from patients import panels
from patients.models import Patient

SHOWN = 5
SHOWN_FINDINGS = 6
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
    panels.register(
        panels.Place.PATIENT_TREND,
        "findings",
        template="notes/_findings_panel.html",
        selector=newest_findings,
        order=15,
    )


def newest_notes(request: HttpRequest, patient: Patient) -> dict[str, Any]:
    """The newest notes, and whether this member may write one."""
    rows = list(notes_of(patient).defer("text")[: SHOWN + 1])
    return {
        "notes": rows[:SHOWN],
        "has_more": len(rows) > SHOWN,
        "may_write": request.membership.role in (Role.THERAPIST, Role.ASSISTANT),  # type: ignore[attr-defined]
    }


def newest_findings(request: HttpRequest, patient: Patient) -> dict[str, Any] | None:
    """The last value of what was measured most often; nothing before a note is signed."""
    if request.membership.role not in (Role.THERAPIST, Role.ASSISTANT):  # type: ignore[attr-defined]
        return None
    series = series_of(patient)[:SHOWN_FINDINGS]
    return {"series": [FindingLine(one) for one in series]} if series else None


@dataclass(frozen=True, slots=True)
class FindingLine:
    """One thing measured, with its values as a small line."""

    series: Series

    @property
    def name(self) -> str:
        return self.series.name

    @property
    def latest(self) -> Point:
        return self.series.latest

    @property
    def change(self) -> str:
        return self.series.change

    @property
    def spark(self) -> str:
        points = self.series.points
        return " ".join(f"{point.high:g}" for point in points) if len(points) > 1 else ""
