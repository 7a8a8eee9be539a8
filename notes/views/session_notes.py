"""From a session to its note."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.views.decorators.http import require_POST

from clinic.models.membership import CLINICAL_ROLES
from clinic.pace import Pace, paced
from clinic.tenancy.access import require_role
from clinic.tenancy.request import ClinicRequest
from notes.selectors.access import may_write
from notes.services.session_draft import draft_from_session as make_draft
from sessions.selectors import check_session_access

DRAFTS_AN_HOUR = Pace(most=60, in_s=3600)


@require_POST
@require_role(*CLINICAL_ROLES)
@paced("session_note", DRAFTS_AN_HOUR)
def draft_from_session(request: ClinicRequest, clinic_slug: str, ref: UUID) -> HttpResponse:
    """Write the note of a session: opens the one that there is, or a draft made now."""
    session = check_session_access(request.membership, ref, purpose="session note")
    note = make_draft(session, by=request.membership)
    page = "notes:edit_note" if may_write(request.membership, note) else "notes:note"
    return redirect(page, clinic_slug, note.ref)


session_patterns = [path("sessions/<uuid:ref>/note/", draft_from_session, name="draft_from_session")]
