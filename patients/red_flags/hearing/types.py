"""What is heard in a patient's own words."""

from dataclasses import asdict, dataclass
from typing import Any

from patients.red_flags.types import Severity

BY_RULES, BY_READER = "rules", "reader"
RULES_ONLY, RULES_AND_READER = "rules only", "rules and reader"


@dataclass(frozen=True, slots=True)
class Quote:
    """Words exactly as written: `start` and `end` count code points within turn `turn` (from 0)."""

    turn: int
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class HeardFlag:
    """A rule that the patient's words set off, or what the second reader added to the rules.

    `source` is the citation of the rule, or says which reader it was. `by` is BY_RULES or BY_READER; the
    reader's words are the whole turn that completed what it read.
    """

    flag: str
    severity: Severity
    rule_id: str
    rule_version: int
    words: tuple[Quote, ...]
    source: str
    by: str = BY_RULES


@dataclass(frozen=True, slots=True)
class Asking:
    """A flag that the words leave open, and the ids of the Stop page's questions that would settle it."""

    flag: str
    rule_id: str
    question_ids: tuple[str, ...]
    words: tuple[Quote, ...]


@dataclass(frozen=True, slots=True)
class Heard:
    """`severity` is the worst of `flags`, None without any; flags come worst first. `needs_asking` names no
    flag that was raised. `reader` says who listened: RULES_AND_READER, or RULES_ONLY where the reader could
    not be used. The quotes are the patient's words: keep them out of logs.
    """

    severity: Severity | None
    flags: tuple[HeardFlag, ...]
    needs_asking: tuple[Asking, ...]
    reader: str = RULES_ONLY

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)
