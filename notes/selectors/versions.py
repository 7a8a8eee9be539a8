"""The kept texts of a note, and two of them beside each other."""

from dataclasses import dataclass

from clinic.models import Membership
from clinic.word_diff import TextDiff, compare
from notes.models import NoteVersion, VisitNote
from notes.selectors.access import may_write

MOST_LISTED = 200
# Texts are long: only so many of the newest are opened to find one that differs.
MOST_TRIED = 5


@dataclass(frozen=True)
class ComparedVersions:
    """The list, and what became of `old` in `new`; `new` is None for the text as it stands."""

    versions: tuple[NoteVersion, ...]
    waiting: tuple[NoteVersion, ...]
    old: NoteVersion | None
    new: NoteVersion | None
    diff: TextDiff | None
    may_write: bool


def compared_versions(note: VisitNote, *, reader: Membership, old: str, new: str) -> ComparedVersions:
    """The versions, newest first, with the two asked for compared; the newest with the text by default.

    An unknown number falls back to the default.
    """
    rows = list(NoteVersion.objects.filter(note=note).defer("text").select_related("by")[:MOST_LISTED])
    by_number = {str(row.number): row for row in rows}
    waiting = tuple(row for row in rows if row.reason == NoteVersion.Reason.REFUSED)
    first = by_number.get(old) or (waiting[0] if waiting else _before_newest(note, rows))
    second = by_number.get(new)
    diff = None
    if first is not None:
        diff = compare(first.text, second.text if second is not None else note.text)
    return ComparedVersions(tuple(rows), waiting, first, second, diff, may_write(reader, note))


def _before_newest(note: VisitNote, rows: list[NoteVersion]) -> NoteVersion | None:
    """The newest version that differs from the text, else the newest."""
    kept = [row for row in rows if row.reason != NoteVersion.Reason.SETTLED]
    differing = (row for row in kept[:MOST_TRIED] if row.text != note.text)
    return next(differing, rows[0] if rows else None)
