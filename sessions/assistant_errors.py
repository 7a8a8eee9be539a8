"""What can go wrong with the assistant and what it may quote. No HTTP in here."""

from clinic.errors import Conflict, Forbidden, Invalid, NotFound


class ConversationNotFound(NotFound):
    words = "We could not find that conversation."


class ArticleNotFound(NotFound):
    words = "We could not find that article."


class ArticleRetired(Conflict):
    words = "This article was taken out of use. Take it back first."


class ApprovalNeedsAnother(Forbidden):
    words = "Another therapist approves what you wrote. Ask a colleague to read it."


class NothingToCorrect(Invalid):
    words = "Only an answer of the assistant can be corrected."


class AssistantIsOff(Conflict):
    words = "Your clinic has switched the assistant off. Write to your care team instead."


class NothingSaid(Invalid):
    words = "Write something first."


class TurnTooLong(Invalid):
    words = "That is too long. Please ask one thing at a time."

    def __init__(self, length: int, allowed: int) -> None:
        super().__init__(f"{self.words} At most {allowed} letters.")
        self.length, self.allowed = length, allowed


class ConversationIsHeld(Conflict):
    words = "Your care team is looking at what you told us. This conversation stays open until they have."


class TurnNotFound(NotFound):
    words = "We could not find that answer."
