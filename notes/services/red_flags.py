"""Red flags that a note says: whoever signs answers them, and the answer is kept as an alert."""

from dataclasses import dataclass

from clinic.models import Membership
from notes.errors import FlagsUnanswered
from notes.models import VisitNote
from patients.models import Alert
from patients.red_flags.noting import hear_note
from patients.services.noted import tell_noted


@dataclass(frozen=True, slots=True)
class FlagsAnswer:
    """An alert is raised now, unless `dealt_with` says what was done already."""

    dealt_with: str = ""


def answer_flags(note: VisitNote, answer: FlagsAnswer | None, *, by: Membership) -> Alert | None:
    """Tell what the note says, before it is signed. Raises FlagsUnanswered."""
    noted = hear_note(note.text)
    if not noted.flags:
        return None
    if answer is None:
        raise FlagsUnanswered(len(noted.flags))
    return tell_noted(note.patient, noted, note_ref=note.ref, by=by, dealt_with=answer.dealt_with)
