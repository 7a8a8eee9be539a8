"""What can go wrong in an annotation project, as nouns with their data. Never a document's text."""

from collections.abc import Sequence

from clinic.errors import Conflict, Forbidden, Invalid, NotFound


class ProjectNotFound(NotFound):
    words = "We could not find that annotation project."


class DocumentNotFound(NotFound):
    words = "We could not find that document."


class DataSetNotFound(NotFound):
    words = "We could not find that data set."


class NotInProject(Forbidden):
    words = "You have no part in this annotation project. Ask its lead."


class NotYourPart(Forbidden):
    words = "Your part in this project does not include this."


class NotYourDocument(Forbidden):
    words = "This document is not on your list. Take the next one from the project's page."


class SettledByOthers(Forbidden):
    words = "You marked this document yourself: somebody else settles it."


class ProjectClosed(Conflict):
    words = "This project is closed. What was done stays; nothing can be added."


class NothingToAnnotate(Conflict):
    words = "There is no document left for you at the moment."


class DocumentTaken(Conflict):
    words = "Two others have taken this document meanwhile. What you marked is kept with it."


class AlreadyHandedIn(Conflict):
    words = "You have handed this document in. It can no longer be changed."


class StaleAnnotation(Conflict):
    """The document was changed in another window; `current_revision` is what is stored."""

    def __init__(self, current_revision: int) -> None:
        super().__init__("You have changed this document in another window. Both are kept until you choose.")
        self.current_revision = current_revision


class ProposalsUndecided(Conflict):
    """Proposals are left that nobody decided."""

    def __init__(self, count: int) -> None:
        words = f"{count} proposals are not decided." if count != 1 else "One proposal is not decided."
        super().__init__(f"{words} Hand in again to count them as rejected.")
        self.count = count


class NotOpenForThis(Conflict):
    """The document has moved on, or is not so far yet."""

    words = "This document is in another state by now. Open it again from the project's page."


class SpansRefused(Invalid):
    """Spans that cannot be stored; the words hold no text."""


class WordsNotFound(Invalid):
    words = "These words do not stand in the text that often. Copy them exactly as they are written."


class UploadRefused(Invalid):
    """A file of which nothing was taken; `problems` are told by line."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("Nothing was taken. Mend the file and send it again.", fields={})
        self.problems = list(problems)


class SameText(Conflict):
    def __init__(self, name: str) -> None:
        super().__init__(f"The same text is in the project already, as {name}.")
        self.name = name


class MemberCannotJoin(Invalid):
    words = "Only the clinic's active staff can have a part in a project."


class LastLead(Conflict):
    words = "A project keeps at least one lead. Name another one first."


class DecisionMissing(Invalid):
    """A difference without a decision, or a suspect without one."""

    def __init__(self, count: int) -> None:
        super().__init__(
            f"{count} are still to be decided." if count != 1 else "One is still to be decided.", fields={}
        )
        self.count = count


class NothingSettled(Conflict):
    words = "No document is settled yet: there is nothing to make a data set of."


class NothingNew(Conflict):
    def __init__(self, number: int) -> None:
        super().__init__(f"Nothing has changed since version {number}.")
        self.number = number


class DataSetDamaged(Conflict):
    words = "This data set is not what was stored: its checksum is another. It was not handed out."
