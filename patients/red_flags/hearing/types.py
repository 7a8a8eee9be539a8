"""What is heard in a patient's own words."""

from dataclasses import asdict, dataclass
from typing import Any

from patients.red_flags.types import Severity


@dataclass(frozen=True, slots=True)
class Quote:
    """Words exactly as written: `start` and `end` count code points within turn `turn` (from 0)."""

    turn: int
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class HeardFlag:
    """A rule that the patient's words set off; `source` is the citation of the rule."""

    flag: str
    severity: Severity
    rule_id: str
    rule_version: int
    words: tuple[Quote, ...]
    source: str


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
    flag that was raised. The quotes are the patient's words: keep them out of logs.
    """

    severity: Severity | None
    flags: tuple[HeardFlag, ...]
    needs_asking: tuple[Asking, ...]

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)
