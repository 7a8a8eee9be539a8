"""What can go wrong with a note, as nouns with their data. No HTTP in here, and never a note's text."""

from datetime import datetime
from uuid import UUID

from clinic.errors import Conflict, Forbidden, Invalid, NotFound

MOST_CHARACTERS = 200_000


class NoteNotFound(NotFound):
    words = "We could not find that note."


class TemplateNotFound(NotFound):
    words = "We could not find that template."


class PhraseNotFound(NotFound):
    words = "We could not find that phrase."


class VersionNotFound(NotFound):
    words = "We could not find that version of the note."


class NotYourDraft(Forbidden):
    words = "An assistant writes in their own drafts only. Ask a therapist to take this one over."


class NotYoursToSign(Forbidden):
    words = "You cannot sign this note."


class NoteTooLong(Invalid):
    """A text above the limit. What was stored before stays."""

    def __init__(self, length: int, allowed: int = MOST_CHARACTERS) -> None:
        words = f"A note holds at most {allowed:,} characters; this one has {length:,}."
        super().__init__(words, fields={"text": words})
        self.length, self.allowed = length, allowed


class NoteIsEmpty(Invalid):
    words = "There is nothing in this note but its headings. Write something, or discard it."


class NoteLocked(Conflict):
    """Somebody would change a text that is signed or ended."""

    def __init__(self, status: str) -> None:
        super().__init__("This note can no longer be changed. What comes later is an addendum.")
        self.status = status


class StaleDraft(Conflict):
    """The draft has moved on since it was opened. Both texts are kept.

    `current_revision` is the stored text's, `kept_version` the number under which the refused text was kept.
    """

    words = "Somebody else has written here meanwhile. Both texts are kept."

    def __init__(self, current_revision: int, kept_version: int | None, words: str = "") -> None:
        super().__init__(words)
        self.current_revision, self.kept_version = current_revision, kept_version


class DraftTakenOver(StaleDraft):
    """Somebody else writes in this draft now. The refused text is kept as with `StaleDraft`."""

    def __init__(
        self, current_revision: int, kept_version: int | None, *, editor_name: str, seen_at: datetime
    ) -> None:
        super().__init__(current_revision, kept_version, f"{editor_name} is writing here. Your text is kept.")
        self.editor_name, self.seen_at = editor_name, seen_at


class TextsToMerge(Conflict):
    """A text that was refused waits to be taken in or put aside before the note is signed."""

    def __init__(self, version: int) -> None:
        super().__init__("A text that could not be saved waits in the versions. Look at it before signing.")
        self.version = version


class FlagsUnanswered(Invalid):
    """The note says something dangerous, and whoever signs has not said what is done about it."""

    def __init__(self, flags: int) -> None:
        super().__init__("This note holds red flags. Say whether an alert is raised, or what was done.")
        self.flags = flags


class CosignerMissing(Invalid):
    def __init__(self) -> None:
        words = "Choose the therapist of the care team who signs with you."
        super().__init__(words, fields={"cosigner": words})


class NotAwaitingCosignature(Conflict):
    words = "This note does not wait for a co-signature."


class NotSigned(Conflict):
    words = "Only a signed note can have this done."


class NotDiscarded(Conflict):
    words = "This draft was not discarded."


class NothingSigned(Invalid):
    def __init__(self) -> None:
        super().__init__("No note of these days is signed. Choose other days.")


class TooMuchForOneFile(Invalid):
    """More notes, addenda among them, or more characters than one file takes."""

    def __init__(self, notes: int, most_notes: int, characters: int, most_characters: int) -> None:
        super().__init__(
            f"That is {notes:,} notes with {characters:,} characters; up to {most_notes:,} notes and "
            f"{most_characters:,} characters go into one file. Choose fewer days."
        )
        self.notes = notes
        self.characters = characters


class ReasonMissing(Invalid):
    def __init__(self) -> None:
        words = "Say why, so that the record explains itself."
        super().__init__(words, fields={"reason": words})


class DayNotPossible(Invalid):
    def __init__(self) -> None:
        words = "The day of the visit cannot lie in the future."
        super().__init__(words, fields={"occurred_on": words})


class TitleTaken(Invalid):
    def __init__(self, title_ref: UUID | None = None) -> None:
        words = "There is a template with this name already."
        super().__init__(words, fields={"title": words})
        self.title_ref = title_ref


class ShortFormTaken(Invalid):
    def __init__(self) -> None:
        words = "There is a phrase with this short form already."
        super().__init__(words, fields={"short": words})


class SessionNotReady(Conflict):
    words = "This session is still going on or being analysed. Its note can be drafted when it is ready."


class FileNotReadable(Invalid):
    """A file that is no note, or cannot be read: what is wrong, and what helps. Never its contents."""

    def __init__(self, words: str, cure: str = "") -> None:
        super().__init__(words)
        self.cure = cure


class AlreadyImported(Conflict):
    """The same file is there already, as the note `note_ref`."""

    words = "This file was imported for this patient before."

    def __init__(self, note_ref: UUID) -> None:
        super().__init__()
        self.note_ref = note_ref


class RunNotFound(NotFound):
    words = "We could not find that run."


class ReadingUnderWay(Conflict):
    words = "The notes are being read again already. Stop that run, or wait for it."


class RunNotStoppable(Conflict):
    words = "This run is over."
