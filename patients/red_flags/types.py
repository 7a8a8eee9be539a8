"""What a red-flag rule is, and what a screen answers."""

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any


class Severity(StrEnum):
    EMERGENCY = "emergency"
    SAME_DAY = "same_day"
    TELL_THERAPIST = "tell_therapist"

    @property
    def rank(self) -> int:
        """3 is the worst."""
        return {"emergency": 3, "same_day": 2, "tell_therapist": 1}[self.value]


@dataclass(frozen=True)
class Question:
    """One plain tick box."""

    id: str
    text: str
    group: str


@dataclass(frozen=True)
class Rule:
    """Ticking any one of its questions is enough. `version` grows with every change of words or severity."""

    id: str
    version: int
    headline: str
    severity: Severity
    questions: tuple[Question, ...]
    action: str
    source: str
    needs_clinician_approval: bool = False


@dataclass(frozen=True)
class RuleSet:
    """All rules of one release, in the order in which they are asked."""

    version: int
    groups: tuple[tuple[str, str], ...]
    rules: tuple[Rule, ...]

    @property
    def questions(self) -> tuple[Question, ...]:
        return tuple(question for rule in self.rules for question in rule.questions)


@dataclass(frozen=True)
class RedFlagHit:
    """A rule that the answers set off, with the words that the patient is shown."""

    rule_id: str
    rule_version: int
    headline: str
    severity: Severity
    action: str
    question_ids: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


class UnknownAnswer(ValueError):
    """An answer names a question that no rule asks."""

    def __init__(self, unknown: frozenset[str]) -> None:
        self.unknown = unknown
        super().__init__(f"unknown red-flag questions: {', '.join(sorted(unknown))}")
