"""The rule-based score of the caseload: each part has a weight and says itself in words.

A default of ours, not a published risk score. It orders a list of people to look at; it predicts nothing.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from patients.red_flags import PAIN_RULE, PainRule

LOOK_BACK_DAYS = 14
WEEK_DAYS = 7
RISE_THAT_MATTERS = 2
LEAST_PLANNED = 3
# An emergency that nobody has answered weighs more than everything else together.
ALERT_WEIGHTS = {"emergency": 300, "same_day": 60, "tell_therapist": 30}
TIMES = {1: "once", 2: "twice"}


@dataclass(frozen=True)
class PainPoint:
    day: date
    value: int
    moment: str


@dataclass(frozen=True)
class OpenAlert:
    severity: str
    headline: str
    acknowledged: bool
    ref: str


@dataclass(frozen=True)
class AttentionFacts:
    """What is known of one patient on their own `today`."""

    today: date
    alerts: Sequence[OpenAlert] = ()
    on_hold: bool = False
    pains: Sequence[PainPoint] = ()
    exercise_days: frozenset[date] = frozenset()
    planned_days_per_week: int = 0
    plan_started_on: date | None = None
    unread_messages: int = 0
    worsened: str = ""
    questions_overdue_days: int = 0


@dataclass(frozen=True)
class Reason:
    code: str
    weight: int
    words: str
    object_ref: str | None = None


REVIEWED_CODES = frozenset(
    {
        "alert_open",
        "exercise_hold",
        "pain_high",
        "pain_rising",
        "score_worsened",
        "missed_sessions",
        "new_message",
        "questions_overdue",
        "no_plan",
    }
)


def reasons_for(facts: AttentionFacts, *, pain_rule: PainRule = PAIN_RULE) -> list[Reason]:
    """The reasons that hold now, the heaviest first."""
    found = (
        _alert_reason(facts.alerts),
        Reason("exercise_hold", 20, "exercise on hold") if facts.on_hold else None,
        _high_pain(facts, pain_rule),
        _rising_pain(facts),
        Reason("score_worsened", 35, f"answers: {facts.worsened}") if facts.worsened else None,
        _missed_sessions(facts),
        _messages(facts.unread_messages),
        _questions_overdue(facts.questions_overdue_days),
        Reason("no_plan", 5, "no plan yet") if facts.planned_days_per_week == 0 else None,
    )
    return sorted((reason for reason in found if reason), key=lambda reason: -reason.weight)


def _alert_reason(alerts: Sequence[OpenAlert]) -> Reason | None:
    if not alerts:
        return None
    worst = max(alerts, key=_alert_weight)
    more = len(alerts) - 1
    words = f"{worst.headline}, and {more} more alert{'s'[: more > 1]}" if more else worst.headline
    return Reason("alert_open", _alert_weight(worst), words[:200], object_ref=worst.ref)


def _alert_weight(alert: OpenAlert) -> int:
    weight = ALERT_WEIGHTS[alert.severity]
    return weight // 2 if alert.acknowledged else weight


def _high_pain(facts: AttentionFacts, rule: PainRule) -> Reason | None:
    since = facts.today - timedelta(days=WEEK_DAYS)
    high = [pain.value for pain in facts.pains if pain.day > since and pain.value > rule.limit]
    if not high:
        return None
    times = TIMES.get(len(high), f"{len(high)} times")
    weight = min(50, 30 + 5 * (max(high) - rule.limit - 1) + 5 * (len(high) - 1))
    return Reason("pain_high", weight, f"pain over {rule.limit}, {times} in 7 days, highest {max(high)}")


def _rising_pain(facts: AttentionFacts) -> Reason | None:
    recent_from = facts.today - timedelta(days=WEEK_DAYS)
    earlier_from = recent_from - timedelta(days=LOOK_BACK_DAYS)
    resting = [pain for pain in facts.pains if pain.moment in ("before", "next_morning")]
    recent = [pain.value for pain in resting if pain.day > recent_from]
    earlier = [pain.value for pain in resting if earlier_from < pain.day <= recent_from]
    if len(recent) < 2 or len(earlier) < 2:
        return None
    now, then = _mean(recent), _mean(earlier)
    if now - then < RISE_THAT_MATTERS:
        return None
    return Reason("pain_rising", 25, f"pain up from {then:.0f} to {now:.0f}")


def _missed_sessions(facts: AttentionFacts) -> Reason | None:
    done, planned = sessions_done_of_planned(
        facts.exercise_days,
        today=facts.today,
        planned_days_per_week=facts.planned_days_per_week,
        plan_started_on=facts.plan_started_on,
    )
    if planned < LEAST_PLANNED or done * 2 >= planned:
        return None
    weight = 15 + round(15 * (1 - done / planned))
    return Reason("missed_sessions", weight, f"{done} of {planned} sessions")


def sessions_done_of_planned(
    exercise_days: Iterable[date],
    *,
    today: date,
    planned_days_per_week: int,
    plan_started_on: date | None,
) -> tuple[int, int]:
    """Days done and days planned in the two weeks before `today`, or since the plan began."""
    first = today - timedelta(days=LOOK_BACK_DAYS)
    if plan_started_on is not None:
        first = max(first, plan_started_on)
    days = max(0, (today - first).days)
    planned = round(days * planned_days_per_week / WEEK_DAYS)
    done = sum(1 for day in exercise_days if first <= day <= today)
    return min(done, planned) if planned else done, planned


def _messages(unread: int) -> Reason | None:
    if not unread:
        return None
    return Reason("new_message", 10, "new message" if unread == 1 else f"{unread} new messages")


def _questions_overdue(days: int) -> Reason | None:
    if not days:
        return None
    return Reason("questions_overdue", 8, f"questions not answered for {days} days")


def _mean(values: Sequence[int]) -> float:
    return sum(values) / len(values)
