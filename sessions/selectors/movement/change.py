"""Is this person getting better, and how sure are we? One metric's answer, in words.

Three yardsticks, each named where it is used: the trend's own band (how much days differ), the minimal
detectable change (how much two single tests differ when nothing has changed), and the minimal important
change.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from math import hypot, isfinite

from sessions.motion_trend.metrics import Metric

# Of the smallest detectable change; our judgement.
SLIGHT_SHARE = 0.25
LEAST_DAYS = 5
LEAST_SPAN_DAYS = 7
STALE_AFTER_DAYS = 13


class Verdict(StrEnum):
    """What the change amounts to, in the order in which a reader should worry."""

    WORSE = "worse"
    PROBABLY_WORSE = "probably_worse"
    UNCLEAR = "unclear"
    PROBABLY_BETTER = "probably_better"
    BETTER = "better"
    EARLY = "early"

    @property
    def words(self) -> str:
        return VERDICT_WORDS[self]

    @property
    def state(self) -> str:
        """The class of the state shape that stands beside the words."""
        return VERDICT_STATES[self]


VERDICT_WORDS = {
    Verdict.WORSE: "Worse",
    Verdict.PROBABLY_WORSE: "Probably worse",
    Verdict.UNCLEAR: "No clear change",
    Verdict.PROBABLY_BETTER: "Probably better",
    Verdict.BETTER: "Better",
    Verdict.EARLY: "Too early to say",
}
VERDICT_STATES = {
    Verdict.WORSE: "significant",
    Verdict.PROBABLY_WORSE: "mild",
    Verdict.UNCLEAR: "not-scored",
    Verdict.PROBABLY_BETTER: "correct",
    Verdict.BETTER: "correct",
    Verdict.EARLY: "not-scored",
}


@dataclass(frozen=True, slots=True)
class Level:
    """Where the trend stands on a day, with its 95 % band."""

    day: date
    value: float
    low: float
    high: float

    @property
    def half(self) -> float:
        """Half of the band's width."""
        return (self.high - self.low) / 2


@dataclass(frozen=True, slots=True)
class Change:
    """One metric's answer. `now` and `then` are None where it is too early for a trend."""

    metric: Metric
    verdict: Verdict
    sentence: str
    now: Level | None = None
    then: Level | None = None
    is_stale: bool = False

    @property
    def difference(self) -> float | None:
        """How far the level has moved, in the metric's unit."""
        return self.now.value - self.then.value if self.now and self.then else None


def change_of(
    metric: Metric,
    levels: Sequence[Level],
    *,
    measured_days: Sequence[date],
    since: date | None,
    today: date,
) -> Change:
    """What has become of a metric since `since` (its first day when left out).

    `levels`: the trend day by day, oldest first; `measured_days`: the days that were measured, oldest first.
    """
    counted = [day for day in measured_days if since is None or day >= since] or list(measured_days)
    usable = [one for one in levels if isfinite(one.value) and isfinite(one.low) and isfinite(one.high)]
    if len(counted) < LEAST_DAYS or (counted[-1] - counted[0]).days < LEAST_SPAN_DAYS or not usable:
        return Change(metric, Verdict.EARLY, _early_words(metric, counted))
    then = _level_on(usable, counted[0])
    now = _level_on(usable, counted[-1])
    stale = (today - now.day).days > STALE_AFTER_DAYS
    verdict = _verdict(metric, now, then)
    return Change(metric, verdict, _sentence(metric, now, then, today=today, stale=stale), now, then, stale)


def _level_on(levels: Sequence[Level], day: date) -> Level:
    return min(levels, key=lambda one: abs((one.day - day).days))


def _early_words(metric: Metric, days: Sequence[date]) -> str:
    name = capital(metric.name)
    if not days:
        return f"{name} has not been measured yet."
    count = f"{len(days)} {'day' if len(days) == 1 else 'days'}"
    return (
        f"{name} was measured on {count}. A trend needs at least {LEAST_DAYS} days within at least "
        f"{LEAST_SPAN_DAYS + 1} days."
    )


def _verdict(metric: Metric, now: Level, then: Level) -> Verdict:
    change = now.value - then.value
    if metric.better == "neither" or not exceeds_variation(now, then) or _is_slight(metric, change):
        return Verdict.UNCLEAR
    is_sure = metric.mdc is None or abs(change) >= metric.mdc
    if change * metric.worse_sign > 0:
        return Verdict.WORSE if is_sure else Verdict.PROBABLY_WORSE
    return Verdict.BETTER if is_sure else Verdict.PROBABLY_BETTER


def exceeds_variation(now: Level, then: Level) -> bool:
    """Whether two levels differ by more than the bands of both allow (95 %, taken as independent)."""
    return abs(now.value - then.value) > hypot(now.half, then.half)


def _is_slight(metric: Metric, change: float) -> bool:
    """Whether a change is so far inside measurement error that naming a direction would only alarm."""
    return metric.mdc is not None and abs(change) < SLIGHT_SHARE * metric.mdc


def _sentence(metric: Metric, now: Level, then: Level, *, today: date, stale: bool) -> str:
    when = f"on {say_day(now.day, today)}, the last day measured" if stale else "this week"
    if not stale and (today - now.day).days >= LEAST_SPAN_DAYS:
        when = "last week"
    return (
        f"{capital(metric.name)} {number(metric, now.value)}{_unit(metric)} {when} "
        f"({number(metric, now.low)}–{number(metric, now.high)}), {_moved(metric, now, then)} since "
        f"{say_day(then.day, today)}: {_judged(metric, now, then)}."
    )


def _moved(metric: Metric, now: Level, then: Level) -> str:
    moved = now.value - then.value
    if not round(moved, metric.decimals):
        return "unchanged"
    return f"{'up' if moved > 0 else 'down'} {number(metric, abs(moved))}"


def _judged(metric: Metric, now: Level, then: Level) -> str:
    change = abs(now.value - then.value)
    if not exceeds_variation(now, then):
        return "no more than the days differ among themselves"
    parts = ["more than the days differ among themselves"]
    return ", ".join(parts + _yardsticks(metric, change))


def _yardsticks(metric: Metric, change: float) -> list[str]:
    """How a change stands to measurement error and to what matters, where these are known."""
    parts = []
    if metric.mdc is not None:
        how = "under a quarter of" if _is_slight(metric, change) else "less than"
        how = "more than" if change >= metric.mdc else how
        parts.append(f"{how} the measurement error between two tests ({yardstick(metric.mdc)})")
    if metric.mic is not None:
        how = "reaches" if change >= metric.mic else "does not reach"
        parts.append(f"{how} the important change ({yardstick(metric.mic)})")
    return parts


def change_of_tests(metric: Metric, tests: Sequence[Level], *, since: date | None, today: date) -> Change:
    """What has become of a timed test since the first one: two single tests against their measurement error.

    `tests`: one value a day with its band, oldest first.
    """
    counted = [one for one in tests if since is None or one.day >= since] or list(tests)
    if len(counted) < 2:
        done = "has not been done" if not counted else "was done once"
        return Change(
            metric, Verdict.EARLY, f"{capital(metric.name)} {done}: two tests are needed for a comparison."
        )
    then, now = counted[0], counted[-1]
    change = now.value - then.value
    verdict = Verdict.UNCLEAR
    if metric.worse_sign and metric.mdc is not None and abs(change) >= metric.mdc:
        verdict = Verdict.WORSE if change * metric.worse_sign > 0 else Verdict.BETTER
    judged = ", ".join(_yardsticks(metric, abs(change))) or "no measurement error is known"
    words = (
        f"{capital(metric.name)} {number(metric, now.value)}{_unit(metric)} on {say_day(now.day, today)} "
        f"({number(metric, now.low)}–{number(metric, now.high)}), {_moved(metric, now, then)} since "
        f"{say_day(then.day, today)}: {judged}."
    )
    return Change(metric, verdict, words, now, then, (today - now.day).days > STALE_AFTER_DAYS)


def yardstick(value: float) -> str:
    """A detectable or important change as its source has it: 2.5 is not rounded to 2."""
    shown = f"{value:g}"
    return f"{value:.2f}" if "." in shown and len(shown.split(".")[1]) == 1 and value < 1 else shown


def number(metric: Metric, value: float) -> str:
    """A value with the metric's decimals, with a proper minus."""
    shown = f"{value:,.{metric.decimals}f}"
    return shown.replace("-", "−") if round(value, metric.decimals) else f"{0:.{metric.decimals}f}"


def _unit(metric: Metric) -> str:
    return f" {metric.unit}" if metric.unit else ""


def say_day(day: date, today: date) -> str:
    """ "5 October", with the year where it is another one."""
    year = "" if day.year == today.year else f" {day.year}"
    return f"{day.day} {day:%B}{year}"


def capital(words: str) -> str:
    """The first letter in upper case, the others as they are: "10-metre walk", "Walking speed"."""
    return words[:1].upper() + words[1:]


def monday_of(day: date) -> date:
    """The first day of its week."""
    return day - timedelta(days=day.weekday())
