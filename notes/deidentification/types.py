"""What may name a person."""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a suspect may be; its placeholder is the kind in brackets."""

    NAME = "NAME"
    DATE = "DATE"
    AGE = "AGE"
    PHONE = "PHONE"
    EMAIL = "EMAIL"
    WEB = "WEB"
    ADDRESS = "ADDRESS"
    PLACE = "PLACE"
    ID = "ID"
    OTHER = "OTHER"

    @property
    def placeholder(self) -> str:
        """What stands in the text afterwards."""
        return "[REMOVED]" if self is Kind.OTHER else f"[{self.value}]"


@dataclass(frozen=True, slots=True, order=True)
class Suspect:
    """Half-open offsets in code points, and what it may be."""

    start: int
    end: int
    kind: Kind
