"""Domain errors of the house. They carry data, no HTTP; the edge translates each once
(clinic.tenancy.middleware, clinic.api.errors).
"""


class HouseError(Exception):
    """Base of every error that a person may be told about in plain words."""

    words = "Something went wrong."
    # Set by code that has written the refusal into the audit trail itself, with more than the edge knows.
    audited = False

    def __init__(self, words: str = "") -> None:
        super().__init__(words or self.words)
        self.words = words or self.words


class NotFound(HouseError):
    """A stranger asked, or it does not exist: the answer is the same, so that nobody learns which."""

    words = "We could not find that page."


class Forbidden(HouseError):
    """A colleague without the right asked."""

    words = "You do not have access to this page."


class Invalid(HouseError):
    """What was sent cannot be accepted. `fields` maps a field's name to its words."""

    words = "Please check what you entered."

    def __init__(self, words: str = "", *, fields: dict[str, str] | None = None) -> None:
        super().__init__(words)
        self.fields = fields or {}


class Conflict(HouseError):
    """The thing has changed meanwhile, or was done already."""

    words = "This has changed since you opened it. Please load the page again."


class TooOften(HouseError):
    """The same person has sent too many in a short time; `retry_after_s` says when it is free again."""

    words = "Please wait a moment, then try again."

    def __init__(self, words: str = "", *, retry_after_s: int = 60) -> None:
        super().__init__(words)
        self.retry_after_s = retry_after_s
