"""The pain rule, defined here and nowhere else.

Pain may reach 5 but not pass it, and must settle by the next morning. Published scales disagree on the bands
(0-3/4-5/over 5 after Silbernagel 2007; 0-2/3-5/over 5 after Thomeé 1997); the limit of 5 and "settled by
the next morning" are common to both. A rise of 2 is the smallest change that matters on this scale.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median_low

from patients.red_flags.types import RedFlagHit, Severity

PAIN_LEAST, PAIN_MOST = 0, 10
NEXT_MORNING = "next_morning"


@dataclass(frozen=True)
class PainRule:
    """`limit`: most pain allowed; `morning_rise`: points over usual the next morning that are too many."""

    limit: int = 5
    morning_rise: int = 2
    version: int = 1


PAIN_RULE = PainRule()


def usual_pain(before_exercise: Sequence[int]) -> int | None:
    """The middle of the pain values given before exercise, 0 to 10; None without any."""
    return median_low(before_exercise) if before_exercise else None


def screen_pain(
    value: int, *, moment: str, usual: int | None, rule: PainRule = PAIN_RULE
) -> RedFlagHit | None:
    """Say whether a pain answer breaks the rule; over the limit wins over the next-morning rise.

    Raises ValueError when `value` is not a whole number from 0 to 10.
    """
    if isinstance(value, bool) or not isinstance(value, int) or not PAIN_LEAST <= value <= PAIN_MOST:
        raise ValueError("pain is a whole number from 0 to 10")
    if value > rule.limit:
        return _hit("pain_over_limit", f"Pain {value}, over {rule.limit}", rule)
    if moment == NEXT_MORNING and usual is not None and value >= usual + rule.morning_rise:
        return _hit("pain_next_morning", f"Pain {value} the next morning, usual is {usual}", rule)
    return None


def _hit(rule_id: str, headline: str, rule: PainRule) -> RedFlagHit:
    return RedFlagHit(
        rule_id=rule_id,
        rule_version=rule.version,
        headline=headline,
        severity=Severity.TELL_THERAPIST,
        action="Rest for today. Your therapist will look at your plan.",
        question_ids=(),
    )
