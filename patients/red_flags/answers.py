"""The fixed text that a patient is shown after Stop. No sentence here names an illness."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from patients.red_flags.types import RedFlagHit, Severity

NUMBERS_FILE = Path(__file__).with_name("emergency_numbers.json")


@dataclass(frozen=True)
class StopAnswer:
    """What the page says: a heading, short sentences, and the number to call when it is an emergency."""

    severity: Severity
    heading: str
    sentences: tuple[str, ...]
    emergency_number: str | None
    holds_exercise: bool

    @property
    def text(self) -> str:
        return " ".join((self.heading, *self.sentences))


def emergency_number(country: str, *, clinic_number: str = "") -> str:
    """The number to call: the clinic's own, else the country's (ISO 3166 alpha-2), else 112."""
    table, default = _numbers()
    return clinic_number.strip() or table.get(country.strip().upper(), default)


@cache
def _numbers() -> tuple[dict[str, str], str]:
    data = json.loads(NUMBERS_FILE.read_text(encoding="utf-8"))
    return dict(data["by_country"]), str(data["default"])


def answer_stop(hits: Sequence[RedFlagHit], *, number: str) -> StopAnswer:
    """Fixed words for the worst of `hits`; without a hit the answer is still to stop for today."""
    worst = max((hit.severity for hit in hits), key=lambda severity: severity.rank, default=None)
    actions = tuple(dict.fromkeys(hit.action for hit in hits if hit.severity == worst))
    if worst == Severity.EMERGENCY:
        return _answer(
            worst,
            f"Stop now. Call {number}.",
            (*actions, "Then call your therapist.", _WHEN_AGAIN),
            number=number,
        )
    if worst == Severity.SAME_DAY:
        return _answer(
            worst,
            "Stop now. Call your therapist today.",
            (*actions, f"If it gets worse, call {number}.", _WHEN_AGAIN),
        )
    return _answer(
        Severity.TELL_THERAPIST,
        "Stop for today.",
        (*actions, "If it does not settle, call your therapist.", f"If it gets much worse, call {number}."),
    )


_WHEN_AGAIN = "You can exercise again when your therapist says so."


def _answer(
    severity: Severity, heading: str, sentences: tuple[str, ...], *, number: str | None = None
) -> StopAnswer:
    return StopAnswer(
        severity=severity,
        heading=heading,
        sentences=sentences,
        emergency_number=number,
        holds_exercise=severity != Severity.TELL_THERAPIST,
    )
