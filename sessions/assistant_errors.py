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
