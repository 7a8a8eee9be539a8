"""What can go wrong with comparisons, as nouns with data."""

from clinic.errors import Conflict, Invalid, NotFound


class ComparisonNotFound(NotFound):
    words = "We could not find that comparison."


class ComparisonUnderWay(Conflict):
    words = "A comparison of this kind is under way. Wait for it, or cancel it first."


class ComparisonOver(Conflict):
    words = "This comparison is over already. There is nothing to cancel."


class ComparisonUnreasonable(Invalid):
    """A run was asked for that nobody could wait for, or that would say nothing."""

    def __init__(self, field: str, name: str, least: int, most: int) -> None:
        words = f"{name}: from {least:,} to {most:,}."
        super().__init__(words, fields={field: words})
        self.field, self.least, self.most = field, least, most
