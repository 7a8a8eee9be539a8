"""Who signed a note and when, in words, on the clinic's clock."""

from datetime import datetime
from zoneinfo import ZoneInfo

from clinic.models import Membership
from notes.models import VisitNote

Status = VisitNote.Status


def signature_lines(note: VisitNote, *, zone: ZoneInfo) -> list[str]:
    """What stands below a note: signatures, or what is missing. The first line is about the author."""
    if note.signed_by is None or note.signed_at is None:
        return [f"Draft, written by {_who(note.author)}. Not signed."]
    lines = [f"Signed by {_who(note.signed_by)}, {moment(note.signed_at, zone=zone)}"]
    if note.author_id != note.signed_by_id:
        lines.insert(0, f"Begun by {_who(note.author)}")
    if note.cosigner is not None:
        if note.cosigned_at is not None:
            lines.append(f"Co-signed by {_who(note.cosigner)}, {moment(note.cosigned_at, zone=zone)}")
        else:
            lines.append(f"Waits for the co-signature of {_who(note.cosigner)}")
    if note.status == Status.ENTERED_IN_ERROR and note.ended_at is not None and note.ended_by is not None:
        when = moment(note.ended_at, zone=zone)
        lines.append(f"Entered in error: {note.end_reason} ({_who(note.ended_by)}, {when})")
    return lines


def moment(at: datetime, *, zone: ZoneInfo) -> str:
    """ "22 November 2026, 14:03 (Europe/London)"."""
    local = at.astimezone(zone)
    return f"{local.day} {local:%B %Y, %H:%M} ({zone.key})"


def _who(member: Membership) -> str:
    return f"{member.display_name}, {member.get_role_display()}"
