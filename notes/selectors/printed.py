"""Notes as they go on paper: one with its addenda, or all signed ones of a patient in one file."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import Length
from django.utils import timezone

from clinic.models import Clinic
from notes.errors import NothingSigned, TooMuchForOneFile
from notes.models import VisitNote
from notes.note_pdf import PrintedFile, PrintedNote, PrintedPart
from notes.selectors.lists import addenda_of
from notes.signatures import moment, signature_lines
from patients.local_time import zone_named
from patients.models import Patient

Status = VisitNote.Status
IN_ERROR = "Entered in error. This note does not count."
DRAFT = "Draft, not signed."
AWAITING = "Not co-signed yet."
WARNINGS = {Status.ENTERED_IN_ERROR: IN_ERROR, Status.DRAFT: DRAFT, Status.AWAITING_COSIGNATURE: AWAITING}
# A million characters take four seconds to be laid out, longer on a busy machine.
MOST_NOTES, MOST_CHARACTERS = 300, 1_000_000
LEFT_OUT = {
    Status.DRAFT: ("draft", "drafts"),
    Status.AWAITING_COSIGNATURE: ("that waits for a co-signature", "that wait for a co-signature"),
    Status.ENTERED_IN_ERROR: ("entered in error", "entered in error"),
}


@dataclass(frozen=True)
class SignedNotes:
    """What a file of a patient's signed notes would hold: how many, and their first and last day."""

    notes: int
    addenda: int
    first: date | None
    last: date | None


def printed_note(note: VisitNote) -> PrintedNote:
    """One note with its addenda, whatever their state, each with its warning."""
    return _note(note, addenda_of(note))


def signed_notes_of(patient: Patient) -> SignedNotes:
    """How many signed notes there are."""
    days = _signed(patient).values_list("occurred_on", "addendum_to")
    of_notes = sorted(day for day, addendum_to in days if addendum_to is None)
    return SignedNotes(
        notes=len(of_notes),
        addenda=len(days) - len(of_notes),
        first=of_notes[0] if of_notes else None,
        last=of_notes[-1] if of_notes else None,
    )


def signed_file_of(
    patient: Patient, *, since: date | None, until: date | None
) -> tuple[PrintedFile, list[VisitNote]]:
    """Every signed note of visits between two days, oldest first, with signed addenda of any day.

    Raises NothingSigned, TooMuchForOneFile.
    """
    visits = _between(_signed(patient).filter(addendum_to=None), since, until)
    rows = _signed(patient).filter(Q(pk__in=visits) | Q(addendum_to__in=visits))
    size = rows.aggregate(notes=Count("pk"), characters=Sum(Length("text")))
    if not size["notes"]:
        raise NothingSigned
    if size["notes"] > MOST_NOTES or size["characters"] > MOST_CHARACTERS:
        raise TooMuchForOneFile(size["notes"], MOST_NOTES, size["characters"], MOST_CHARACTERS)
    stored = list(rows.select_related(*_SHOWN).order_by("occurred_on", "pk"))
    notes = [one for one in stored if one.addendum_to_id is None]
    added: dict[int, list[VisitNote]] = {one.pk: [] for one in notes}
    for one in sorted(stored, key=lambda row: row.pk):
        if one.addendum_to_id is not None:
            added[one.addendum_to_id].append(one)
    lines = [_contents_line(one, len(added[one.pk])) for one in notes]
    file = PrintedFile(
        clinic=_clinic_line(patient.clinic),
        patient=_who(patient),
        about=f"{_who(patient)}. Signed notes of visits from {_day(notes[0].occurred_on)} "
        f"to {_day(notes[-1].occurred_on)}.",
        contents=tuple(lines),
        left_out=_left_out(patient, since, until),
        notes=tuple(_note(one, added[one.pk]) for one in notes),
        printed=_printed_line(patient),
    )
    return file, stored


_SHOWN = ("patient__clinic", "author", "signed_by", "cosigner", "ended_by")


def _signed(patient: Patient) -> QuerySet[VisitNote]:
    return VisitNote.objects.filter(patient=patient, status=Status.SIGNED).order_by()


def _between(notes: QuerySet[VisitNote], since: date | None, until: date | None) -> QuerySet[VisitNote]:
    if since is not None:
        notes = notes.filter(occurred_on__gte=since)
    return notes if until is None else notes.filter(occurred_on__lte=until)


def _left_out(patient: Patient, since: date | None, until: date | None) -> str:
    """What of the same days is not signed, so that nobody takes the file for everything."""
    others = _between(VisitNote.objects.filter(patient=patient, status__in=LEFT_OUT), since, until)
    counted = dict(others.order_by().values_list("status").annotate(Count("pk")))
    said = [
        f"{counted[status]} {words[counted[status] > 1]}"
        for status, words in LEFT_OUT.items()
        if counted.get(status)
    ]
    return f"Not in this file: {', '.join(said)}." if said else ""


def _contents_line(note: VisitNote, addenda: int) -> str:
    signed_by = note.signed_by.display_name if note.signed_by else ""
    more = f", with {addenda} {'addendum' if addenda == 1 else 'addenda'}" if addenda else ""
    return f"{_day(note.occurred_on)}: {note.title}, signed by {signed_by}{more}"


def _note(note: VisitNote, addenda: Sequence[VisitNote]) -> PrintedNote:
    patient, zone = note.patient, _zone(note.patient)
    numbered = [
        _part(one, title=f"{one.title} {number}, {_day(one.occurred_on)}", zone=zone)
        for number, one in enumerate(addenda, start=1)
    ]
    return PrintedNote(
        clinic=_clinic_line(patient.clinic),
        patient=_who(patient),
        about=f"{_who(patient)}. {_occasion(note)}.",
        parts=(_part(note, title=note.title, zone=zone), *numbered),
        printed=_printed_line(patient),
    )


def _occasion(note: VisitNote) -> str:
    if note.addendum_to is not None:
        return f"Written on {_day(note.occurred_on)} to the note of {_day(note.addendum_to.occurred_on)}"
    return f"{note.get_kind_display()} of {_day(note.occurred_on)}"


def _part(note: VisitNote, *, title: str, zone: ZoneInfo) -> PrintedPart:
    return PrintedPart(
        title=title,
        text=note.text,
        signatures=tuple(signature_lines(note, zone=zone)),
        warning=WARNINGS.get(Status(note.status), ""),
    )


def _clinic_line(clinic: Clinic) -> str:
    return f"{clinic.name}, {clinic.phone}" if clinic.phone else clinic.name


def _who(patient: Patient) -> str:
    return (
        f"{patient.full_name}, born {_day(patient.birth_date)}" if patient.birth_date else patient.full_name
    )


def _printed_line(patient: Patient) -> str:
    return f"Printed {moment(timezone.now(), zone=_zone(patient))} from Plumbline"


def _zone(patient: Patient) -> ZoneInfo:
    return zone_named(patient.clinic.time_zone or "UTC")


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
