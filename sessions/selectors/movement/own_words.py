"""How a patient is told what was measured: the value, how sure it is, what is usual, what has changed."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sessions.motion_trend.metrics import METRICS

QUITE_SURE, FAIRLY_SURE = 0.1, 0.25
NORM_FROM_AGE = 60
UNMEASURED = "it could not be measured."


@dataclass(frozen=True, slots=True)
class Words:
    """How one metric is said. `scale` turns its unit into the one that is said; `more`, `less` compare."""

    name: str
    unit: str
    sentence: str
    decimals: int = 0
    scale: float = 1.0
    more: str = "More than last time"
    less: str = "Fewer than last time"


WORDS: dict[str, Words] = {
    "walking_speed_m_s": Words(
        "Walking speed", "metres a second", "You walked {} metres a second.", 1,
        more="Faster than last time", less="Slower than last time",
    ),
    "cadence_spm": Words("Steps a minute", "steps a minute", "You took {} steps a minute."),
    "step_length_m": Words(
        "Length of a step", "centimetres", "Your steps were {} centimetres long.", scale=100,
        more="Longer than last time", less="Shorter than last time",
    ),
    "step_time_asymmetry_pct": Words(
        "Left and right", "% apart", "Your left and right steps were {} % apart in time.",
        more="Less even than last time", less="More even than last time",
    ),
    "walk_10m_speed_m_s": Words(
        "10-metre walk", "metres a second", "You walked the 10 metres at {} metres a second.", 1,
        more="Faster than last time", less="Slower than last time",
    ),
    "chair_stand_count": Words("Standing up", "times in 30 seconds", "You stood up {} times in 30 seconds."),
    "tug_s": Words(
        "Up and go", "seconds", "You needed {} seconds to get up, walk, turn and sit down.", 1,
        more="Slower than last time", less="Quicker than last time",
    ),
    "walking_minutes": Words("Walking", "minutes that day", "You walked for {} minutes that day."),
    "step_count": Words("Steps", "steps that day", "You took {} steps that day."),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class OwnMeasure:
    """One value as a patient reads it; without a value `withheld` says why."""

    code: str
    name: str
    number: str = ""
    unit: str = ""
    sentence: str = ""
    sure: str = ""
    norm: str = ""
    change: str = ""
    withheld: str = ""


@dataclass(frozen=True, slots=True)
class Phase:
    """A part of a timed test as a bar: `x` and `width` in percent of the whole."""

    name: str
    seconds: str
    x: float
    width: float


def own_measure(
    measure: Mapping[str, Any], *, before: float | None = None, age: int | None = None
) -> OwnMeasure:
    """A Measure dictionary in a patient's words."""
    code, value = str(measure["code"]), measure.get("value")
    words = WORDS[code]
    if value is None:
        return OwnMeasure(
            code, words.name, withheld=str(measure.get("withheld") or "it could not be measured.")
        )
    number = say_number(words, abs(value))
    return OwnMeasure(
        code=code,
        name=words.name,
        number=number,
        unit=words.unit,
        sentence=words.sentence.format(number),
        sure=how_sure(words, value, measure.get("low"), measure.get("high")),
        norm=norm_words(code, value, measure.get("norm") or {}, age=age),
        change=change_words(code, value, before),
    )


def say_number(words: Words, value: float) -> str:
    """A value in the unit that is said, with few decimals."""
    return f"{value * words.scale:.{words.decimals}f}"


def how_sure(words: Words, value: float, low: float | None, high: float | None) -> str:
    """ "We are fairly sure: between 0.8 and 1.0." The ends are rounded outwards; empty without a band."""
    if low is None or high is None or not value:
        return ""
    if value < 0:
        low, high = -high, -low
    step = 10.0**-words.decimals
    first = max(0.0, math.floor(low * words.scale / step + 1e-6) * step)
    last = math.ceil(high * words.scale / step - 1e-6) * step
    share = (high - low) / 2 / abs(value)
    how = "We are quite sure" if share <= QUITE_SURE else "We are fairly sure"
    if share > FAIRLY_SURE:
        how = "This is a rough number"
    if f"{first:.{words.decimals}f}" == f"{last:.{words.decimals}f}":
        return f"{how}."
    return f"{how}: between {first:.{words.decimals}f} and {last:.{words.decimals}f}."


def change_words(code: str, value: float, before: float | None) -> str:
    """The difference from last time, said only where it is larger than two tests differ by themselves."""
    mdc = METRICS[code].mdc
    if before is None or mdc is None:
        return ""
    difference = abs(value) - abs(before)
    if abs(difference) < mdc:
        return "About the same as last time. Small ups and downs are normal."
    words = WORDS[code]
    said = words.more if difference > 0 else words.less
    return f"{said} ({say_number(words, abs(before))})."


def norm_words(code: str, value: float, norm: Mapping[str, Any], *, age: int | None) -> str:
    """What is usual, kindly: a range, and where this value lies."""
    band = METRICS[code].normal
    low, high = norm.get("low"), norm.get("high")
    if (low is None or high is None) and band is not None and age is not None and age >= NORM_FROM_AGE:
        low, high = band.low, band.high
    if low is None or high is None:
        return ""
    words = WORDS[code]
    ends = f"between {say_number(words, float(low))} and {say_number(words, float(high))}"
    usual = f"Most healthy people of your age: {ends}."
    if float(low) <= value <= float(high):
        return f"{usual} You are in that range."
    is_better = (value > float(high)) == (METRICS[code].better == "higher")
    if is_better:
        return f"{usual} You did better than that."
    return f"{usual} You are on your own way: your therapist compares you with yourself."


def phases_of(phases: object) -> tuple[Phase, ...]:
    """Stored phases as bars that fill a line; empty for what cannot be drawn."""
    if not isinstance(phases, list):
        return ()
    known = [
        (str(one.get("words") or one.get("name")), float(one["start_s"]), float(one["end_s"]))
        for one in phases
        if isinstance(one, dict) and "start_s" in one and "end_s" in one
    ]
    if not known:
        return ()
    first, last = known[0][1], known[-1][2]
    if last <= first:
        return ()
    share = 100.0 / (last - first)
    return tuple(
        Phase(name.replace("_", " "), f"{end - start:.1f}", (start - first) * share, (end - start) * share)
        for name, start, end in known
    )


def say_time(seconds: float) -> str:
    """ "45 seconds", "2 minutes"."""
    if seconds < 90:
        return f"{seconds:.0f} seconds"
    return f"{seconds / 60:.0f} minutes"
