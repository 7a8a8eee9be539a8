"""A note as it is read: its text with marks, its signatures, its addenda, and what this reader may do."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from clinic.models import Membership, Role
from notes.marked_text import Piece, marked_pieces
from notes.models import VisitNote
from notes.selectors.access import may_write
from notes.selectors.basis import addresses_of
from notes.selectors.facts import facts_of
from notes.selectors.lists import addenda_of
from notes.signatures import signature_lines
from patients.local_time import zone_named

Status = VisitNote.Status
SIGNED_ONCE = (Status.SIGNED, Status.AWAITING_COSIGNATURE)


@dataclass(frozen=True)
class NoteSheet:
    """One note or addendum, ready to be shown, and what the reader may do with it.

    `anchor` is before the offset in each mark's id.
    """

    note: VisitNote
    pieces: tuple[Piece, ...]
    signatures: tuple[str, ...]
    anchor: str
    rights: "NoteRights"


@dataclass(frozen=True)
class NoteRights:
    """What this member may do with the note, as the services decide it again."""

    may_write: bool
    may_cosign: bool
    may_add: bool
    may_withdraw: bool
    may_take_back: bool


@dataclass(frozen=True)
class Basis:
    """A drafted sentence that stands as it was drafted, and what it opens."""

    sentence: str
    words: str
    address: str


@dataclass(frozen=True)
class NotePage:
    sheet: NoteSheet
    addenda: tuple[NoteSheet, ...]
    rights: NoteRights
    version_count: int
    bases: tuple[Basis, ...]


def note_page(note: VisitNote, *, reader: Membership) -> NotePage:
    """A note with everything that stands with it. Two queries an addendum: its marks are read each."""
    zone = clinic_zone(note)
    addenda = [
        sheet_of(one, reader=reader, zone=zone, anchor=f"a{number}-")
        for number, one in enumerate(addenda_of(note), start=1)
    ]
    return NotePage(
        sheet=sheet_of(note, reader=reader, zone=zone, anchor="f"),
        addenda=tuple(addenda),
        rights=rights_of(reader, note),
        version_count=note.versions.count(),
        bases=tuple(
            Basis(note.text[one.start : one.end], one.words, one.address) for one in addresses_of(note)
        ),
    )


def sheet_of(note: VisitNote, *, reader: Membership, zone: ZoneInfo, anchor: str) -> NoteSheet:
    """The text with the facts that are stored with it, whatever state they are in but taken away."""
    return NoteSheet(
        note=note,
        pieces=tuple(marked_pieces(note.text, facts_of(note))),
        signatures=tuple(signature_lines(note, zone=zone)),
        anchor=anchor,
        rights=rights_of(reader, note),
    )


def clinic_zone(note: VisitNote) -> ZoneInfo:
    """Signatures are told on the clinic's clock, whoever reads them."""
    return zone_named(note.patient.clinic.time_zone or "UTC")


def rights_of(reader: Membership, note: VisitNote) -> NoteRights:
    """The care team was asked already; this is about the role and the note's state."""
    is_clinical = reader.role in (Role.THERAPIST, Role.ASSISTANT)
    is_therapist = reader.role == Role.THERAPIST
    is_own = note.author_id == reader.pk or note.signed_by_id == reader.pk
    return NoteRights(
        may_write=may_write(reader, note),
        may_cosign=is_therapist
        and note.status == Status.AWAITING_COSIGNATURE
        and note.signed_by_id != reader.pk,
        may_add=is_clinical and note.status == Status.SIGNED,
        may_withdraw=note.status in SIGNED_ONCE and (is_therapist or (is_clinical and is_own)),
        may_take_back=note.status == Status.DISCARDED and (is_therapist or (is_clinical and is_own)),
    )
