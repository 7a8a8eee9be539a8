"""Lists of notes: a patient's, and the work that waits for one member."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone

from clinic.audit import record
from clinic.models import Membership, Role
from notes.models import VisitNote
from notes.selectors.access import notes_for, notes_of
from patients.models import CareTeamMember, Patient

PAGE_ROWS = 25
MOST_WAITING = 100
RECENT = timedelta(days=14)
EXCERPT_BEFORE, EXCERPT_AFTER = 60, 100
SEARCH_LENGTH = 100
Status = VisitNote.Status
SORTS = {
    "newest": ("Newest visit", ("-occurred_on", "-pk")),
    "oldest": ("Oldest visit", ("occurred_on", "pk")),
    "changed": ("Last changed", ("-updated_at", "-pk")),
    "kind": ("Kind", ("kind", "-occurred_on", "-pk")),
}
STATES = {
    "all": "All",
    "draft": "Drafts",
    "awaiting": "To co-sign",
    "signed": "Signed",
    "error": "Entered in error",
    "discarded": "Discarded",
}


@dataclass(frozen=True)
class NoteQuery:
    """What a list asks for; unknown values fall back to the default."""

    state: str = "all"
    kind: str = ""
    author: str = ""
    sort: str = "newest"
    search: str = ""
    page: int = 1

    @classmethod
    def of(cls, *, state: str, kind: str, author: str, sort: str, search: str, page: str) -> "NoteQuery":
        return cls(
            state=state if state in STATES else "all",
            kind=kind if kind in VisitNote.Kind.values else "",
            author=author[:40],
            sort=sort if sort in SORTS else "newest",
            search=search.replace("\x00", "").strip()[:SEARCH_LENGTH],
            page=int(page) if page.isascii() and page.isdigit() and 0 < len(page) < 6 and int(page) else 1,
        )

    @property
    def is_narrowed(self) -> bool:
        return self.state != "all" or bool(self.kind or self.author or self.search)


@dataclass(frozen=True)
class Excerpt:
    """The place where the searched words stand."""

    before: str
    hit: str
    after: str


@dataclass(frozen=True)
class NoteRow:
    note: VisitNote
    excerpt: Excerpt | None = None


@dataclass(frozen=True)
class Choice:
    code: str
    title: str
    count: int


@dataclass(frozen=True)
class NotePage:
    rows: tuple[NoteRow, ...]
    states: tuple[Choice, ...]
    authors: tuple[Membership, ...]
    total: int
    found: int
    page: int
    pages: int
    asked: NoteQuery


def patient_note_page(patient: Patient, asked: NoteQuery) -> NotePage:
    """One page of a patient's notes. Audited as a list, or as a search; the words are not kept."""
    every = VisitNote.objects.filter(patient=patient)
    counts = _counts(every)
    authors = tuple(Membership.objects.filter(notes_written__patient=patient).distinct())
    found = _narrowed(patient, asked, authors)
    matching = found.count()
    pages = max(1, -(-matching // PAGE_ROWS))
    page = min(asked.page, pages)
    shown = found.order_by(*SORTS[asked.sort][1])[(page - 1) * PAGE_ROWS : page * PAGE_ROWS]
    rows = tuple(NoteRow(note, _excerpt(note, asked.search)) for note in shown)
    record(
        "search" if asked.search else "list",
        patient=patient.pk,
        object_type="notes.VisitNote",
        purpose="notes of a patient",
        detail={"rows": len(rows), "state": asked.state},
    )
    states = tuple(
        Choice(code, title, counts[code])
        for code, title in STATES.items()
        if counts[code] or code in ("all", asked.state)
    )
    return NotePage(rows, states, authors, counts["all"], matching, page, pages, asked)


def _counts(notes: QuerySet[VisitNote]) -> dict[str, int]:
    counts = dict.fromkeys(STATES, 0)
    for status in notes.values_list("status", flat=True):
        counts[status] += 1
    counts["all"] = sum(counts.values()) - counts["discarded"]
    return counts


def _narrowed(patient: Patient, asked: NoteQuery, authors: tuple[Membership, ...]) -> QuerySet[VisitNote]:
    if asked.state == "discarded":
        notes = VisitNote.objects.filter(patient=patient, status=Status.DISCARDED)
    elif asked.state == "all":
        notes = notes_of(patient)
    else:
        notes = notes_of(patient).filter(status=asked.state)
    if asked.kind:
        notes = notes.filter(kind=asked.kind)
    author = next((one for one in authors if str(one.ref) == asked.author), None)
    if author is not None:
        notes = notes.filter(author=author)
    if asked.search:
        notes = notes.filter(Q(text__icontains=asked.search) | Q(title__icontains=asked.search))
    else:
        notes = notes.defer("text")
    return notes.select_related("author", "signed_by", "cosigner", "addendum_to")


def _excerpt(note: VisitNote, search: str) -> Excerpt | None:
    """The first place of the searched words, on one line. Without a search the text is not even loaded."""
    if not search:
        return None
    text = note.text
    found = re.search(re.escape(search), text, re.IGNORECASE)
    if found is None:
        return None
    at = found.start()
    end = found.end()
    start = max(0, at - EXCERPT_BEFORE)
    before, after = text[start:at], text[end : end + EXCERPT_AFTER]
    return Excerpt(
        ("… " if start else "") + _one_line(before),
        _one_line(text[at:end]),
        _one_line(after) + (" …" if end + EXCERPT_AFTER < len(text) else ""),
    )


def _one_line(text: str) -> str:
    lead, trail = text[:1].isspace(), text[-1:].isspace()
    return (" " if lead else "") + " ".join(text.split()) + (" " if trail and text.strip() else "")


@dataclass(frozen=True)
class Work:
    """What waits for one member in the morning, and what they signed lately."""

    to_cosign: tuple[VisitNote, ...]
    drafts: tuple[VisitNote, ...]
    others: tuple[VisitNote, ...]
    signed: tuple[VisitNote, ...]
    day_ago: datetime

    @property
    def waiting(self) -> int:
        return len(self.to_cosign) + len(self.drafts)


def work_of(membership: Membership, *, at: datetime | None = None) -> Work:
    """A member's unfinished notes, the oldest first; audited with every patient shown."""
    now = at or timezone.now()
    mine = notes_for(membership).defer("text").select_related("signed_by", "cosigner")
    unfinished = mine.filter(status__in=(Status.DRAFT, Status.AWAITING_COSIGNATURE))
    rows = list(unfinished.order_by("created_at")[: 4 * MOST_WAITING])
    drafts = [one for one in rows if one.status == Status.DRAFT and one.author_id == membership.pk]
    to_cosign = [one for one in rows if _waits_for(membership, one)]
    taken = {one.pk for one in (*drafts, *to_cosign)}
    others = [one for one in rows if one.pk not in taken]
    signed = list(
        mine.filter(signed_by=membership, signed_at__gte=now - RECENT)
        .exclude(status=Status.AWAITING_COSIGNATURE)
        .order_by("-signed_at")[:MOST_WAITING]
    )
    record(
        "list",
        patients={one.patient_id for one in (*rows, *signed)},
        object_type="notes.VisitNote",
        purpose="own notes",
        detail={"rows": len(rows) + len(signed)},
    )
    return Work(tuple(to_cosign), tuple(drafts), tuple(others), tuple(signed), now - timedelta(days=1))


def _waits_for(membership: Membership, note: VisitNote) -> bool:
    return note.status == Status.AWAITING_COSIGNATURE and note.cosigner_id == membership.pk


def possible_cosigners(patient: Patient, *, but: Membership) -> QuerySet[Membership]:
    """Therapists of the patient's care team who may sign with `but`."""
    team = CareTeamMember.objects.filter(patient=patient).values("membership_id")
    therapists = Membership.objects.filter(pk__in=team, role=Role.THERAPIST, is_active=True)
    return therapists.exclude(pk=but.pk)


def addenda_of(note: VisitNote) -> list[VisitNote]:
    """The addenda to a note in the order of their making; discarded ones are left out."""
    addenda = note.addenda.exclude(status=Status.DISCARDED).select_related("author", "signed_by", "cosigner")
    return list(addenda.order_by("pk"))
