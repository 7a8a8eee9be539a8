"""What the editor's page is given: the draft's facts, phrases and what its sentences rest on."""

from typing import Any

from clinic.models import Membership
from notes.fact_merging import Correction
from notes.label_words import ASSERTIONS, LABELS
from notes.models import NoteFact, VisitNote
from notes.selectors.basis import addresses_of
from notes.selectors.facts import as_correction
from notes.selectors.marks import MOST_AT_ONCE
from notes.selectors.settings import is_dictation_allowed, phrases_for


def editor_config(note: VisitNote, *, membership: Membership) -> dict[str, Any]:
    """Plain JSON. Offsets count the text as a text area holds it: one character a line end."""
    place = _Places(note.text)
    rows = list(NoteFact.objects.filter(note=note))
    return {
        "revision": note.revision,
        "found": [
            {
                **place.of(row.start, row.end),
                "label": row.label,
                "assertion": row.assertion,
                "probability": row.probability,
            }
            for row in rows
            if row.decided_by_id is None
        ],
        "corrections": [_told(as_correction(row), place) for row in rows if row.decided_by_id is not None],
        "phrases": [{"short": one.short, "text": one.text} for one in phrases_for(membership)],
        "bases": [
            {"sentence": note.text[one.start : one.end], "words": one.words, "url": one.address}
            for one in addresses_of(note)
        ],
        "labels": [
            {
                "label": one.label.value,
                "name": one.name,
                "tag": one.tag,
                "key": one.key,
                "may_be_denied": one.may_be_denied,
            }
            for one in LABELS.values()
        ],
        "assertions": [
            {"assertion": one.assertion.value, "name": one.name, "short": one.short, "key": one.key}
            for one in ASSERTIONS.values()
        ],
        "most_at_once": MOST_AT_ONCE,
        "is_read": bool(note.read_sha256),
        "warning": note.reading_warning,
        "is_drafted": note.drafted_by_rules,
        "dictation": is_dictation_allowed(),
    }


def _told(one: Correction, place: "_Places") -> dict[str, Any]:
    return {
        **place.of(one.start, one.end),
        "label": one.label,
        "assertion": one.assertion,
        "removed": one.is_removed,
        "links": one.links,
        "found": one.found_as or None,
    }


class _Places:
    """Offsets after each CRLF has become one character, as browsers do with the value of a text area."""

    def __init__(self, text: str) -> None:
        self._text = text if "\r\n" in text else ""

    def of(self, start: int, end: int) -> dict[str, int]:
        return {"start": self._shown(start), "end": self._shown(end)}

    def _shown(self, offset: int) -> int:
        return offset - self._text.count("\r\n", 0, offset) if self._text else offset
