"""How a patient is told what was measured: the value, how sure it is, what is usual, what has changed."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sessions.motion_trend.metrics import METRICS

QUITE_SURE, FAIRLY_SURE = 0.1, 0.25
NORM_FROM_AGE = 60
LEAST_PHASES = 2
UNMEASURED = "It could not be measured."
NOT_CHECKED = "checked_on_simulated_movement"

# What the methods say of a measure that is withheld, by how it begins, as a patient should read it: with what
# to do next time.
PLAIN_REASONS = {
    "The person's height": "We do not know how tall you are.",
    "Too few even steps in a row": "Too few steps in a row. Walk a little longer next time.",
    "Too few even strides": "Too few steps in a row. Walk a little longer next time.",
    "Too few even steps to compare": "Too few steps to compare left and right. Walk longer next time.",
    "Mostly turning": "There were many turns and stops. Choose a longer, straight way next time.",
    "Too slow": "The phone cannot measure slow walking well enough yet.",
    "Left and right": "Left and right could not be told apart.",
    "Too many samples": "Parts are missing. Keep the screen on and the page open next time.",
    "The sensor's readings": "This phone's sensor is not fine enough for this.",
    "Cannot be measured with a sensor on the trunk": "A phone in the waistband cannot measure this.",
    "No validated way from a sensor on the chest": "A sensor on the chest cannot measure this.",
    "No validated way from a phone": (
        "A phone in a pocket cannot measure this. Put it in your waistband next time."
    ),
    "Where the sensor was worn": "We do not know where the sensor was worn.",
    "One leg's sensor": "A phone in one pocket feels one leg only.",
    "Not from a wrist": "A watch cannot measure this.",
    "A wrist shows": "A watch cannot measure this.",
    "Slow and uneven": "Your steps were slow and uneven. The phone cannot measure that well enough yet.",
    # Timed tests.
    "This test is read from a phone at the waist": (
        "Wear the phone in your waistband or trouser pocket for this test."
    ),
    "The recording is shorter": "The test was too short. Follow it to the end next time.",
    "The recording is longer": "The test was too long. Stop when you have done it once.",
    "The sensor gave fewer": "The phone was too slow. Close other apps and try again.",
    "The recording has a gap": "Parts are missing. Keep the screen on and the page open next time.",
    "The acceleration does not contain": "The phone gave numbers that we cannot read. Try another phone.",
    "The taps lie": "The test was not timed right. Please do it again.",
    "No walking was found": "We found no walking. Put the phone in your waistband and try again.",
    "No walking of three seconds": "The walk was too short. Walk the whole 10 metres next time.",
    "The walk is too short": "The walk was too short. Walk the whole 10 metres next time.",
    "The movement has no walking rhythm": "We could not see your steps. Wear the phone tight and try again.",
    "Stand still for two seconds": (
        "Stand still for two seconds before you start, and again when you have stopped."
    ),
    "The walk turned": "You turned on the way. Walk straight on, then stand still at the end.",
    "Walking at": "This does not fit a 10-metre walk. Measure the way and try again.",
    "A phone in a pocket needs": "Your phone needs to be in the waistband for this test.",
    "No standing up was found": "We did not see you stand up. Wear the phone tight and try again.",
    "The recording ends": "The test ended too soon. Go on until you hear “Stop”.",
    "Somebody turned round": "You turned around during the test. Stay in front of the chair.",
    "Without a gyroscope": "This phone cannot measure this test. Try another phone.",
    "Standing up and sitting down": "We did not see you stand up and sit down. Please do it again.",
    "The recording starts after": "You started too early. Sit still until you hear “Go”.",
    "Somebody stood up more than once": "You stood up more than once. Do the test once, then sit still.",
    "A test of": "This took too short or too long for this test. Please do it again.",
    "Two turns were not found": "We did not see you turn. Walk to the mark, turn, and walk back.",
    "Too many turns": "You turned too often. Walk to the mark, turn once, and walk back.",
}

# Remarks by their code; an empty one is for the therapist only, an unknown one is shown as it is.
PLAIN_REMARKS = {
    NOT_CHECKED: "Take this as a hint. We have not yet checked it beside a stopwatch on many people.",
    "arms_not_seen": "The phone cannot feel whether your arms helped.",
    "no_walking": "Wear the phone tight in your waistband, and walk at least twenty steps.",
    "usual_rise": "",
    "standing_start": "",
    "tapped": "",
    "from_movement": "",
    "facing_unsure": "",
    "placement_not_validated": "",
    "uneven": "There were many turns and stops. A longer, straight way gives a surer result.",
    "short": "",
    "slow": "",
    "coarse_steps": "",
    "drop_outs": "Parts are missing. Keep the screen on and the page open next time.",
}


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
    measure: Mapping[str, Any],
    *,
    before: float | None = None,
    age: int | None = None,
    says_no_change: bool = True,
) -> OwnMeasure:
    """A Measure dictionary in a patient's words, compared with the value `before` it."""
    code, value = str(measure["code"]), measure.get("value")
    words = WORDS[code]
    if value is None:
        reason = str(measure.get("withheld") or UNMEASURED)
        return OwnMeasure(code, words.name, withheld=plain_reason(reason))
    number = say_number(words, abs(value))
    return OwnMeasure(
        code=code,
        name=words.name,
        number=number,
        unit=words.unit,
        sentence=words.sentence.format(number),
        sure=how_sure(
            words,
            value,
            measure.get("low"),
            measure.get("high"),
            is_checked=bool(measure.get("is_checked", True)),
        ),
        norm=norm_words(code, value, measure.get("norm") or {}, age=age),
        change=change_words(code, value, before, says_no_change=says_no_change),
    )


def plain_reason(reason: str) -> str:
    """A method's reason in a patient's words; one that we do not know is shown as it is."""
    return next((plain for begin, plain in PLAIN_REASONS.items() if reason.startswith(begin)), reason)


def say_number(words: Words, value: float) -> str:
    """A value in the unit that is said, with few decimals."""
    return f"{value * words.scale:,.{words.decimals}f}"


def how_sure(
    words: Words, value: float, low: float | None, high: float | None, *, is_checked: bool = True
) -> str:
    """ "We are fairly sure: between 0.8 and 1.0." The ends are rounded outwards; empty without a band.

    `is_checked`: whether the method was compared with a reference on real people.
    """
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
    if not is_checked:
        how = "Our best guess"
    if f"{first:.{words.decimals}f}" == f"{last:.{words.decimals}f}":
        return f"{how}."
    return f"{how}: between {first:.{words.decimals}f} and {last:.{words.decimals}f}."


def change_words(code: str, value: float, before: float | None, *, says_no_change: bool = True) -> str:
    """The difference from last time, said only where it is larger than two tests differ by themselves."""
    metric, words = METRICS[code], WORDS[code]
    if before is None or metric.mdc is None:
        return ""
    difference = abs(value) - abs(before)
    if abs(difference) < metric.mdc:
        return "About the same as last time. Small ups and downs are normal." if says_no_change else ""
    said = f"{words.more if difference > 0 else words.less} ({say_number(words, abs(before))})."
    return f"{said} One test alone says little." if difference * metric.worse_sign > 0 else said


def norm_words(code: str, value: float, norm: Mapping[str, Any], *, age: int | None) -> str:
    """What is usual, kindly: a range, and where this value lies."""
    band = METRICS[code].normal
    low, high, people = norm.get("low"), norm.get("high"), norm.get("people") or "people of your age"
    if not norm and band is not None and age is not None and age >= NORM_FROM_AGE:
        low, high, people = band.low, band.high, "healthy people over 60"
    if low is None or high is None:
        return ""
    words = WORDS[code]
    usual = f"Usual for {people}: {say_number(words, float(low))} to {say_number(words, float(high))}."
    if float(low) <= value <= float(high):
        return f"{usual} You are in that range."
    if (value > float(high)) == (METRICS[code].better == "higher"):
        return f"{usual} You did better than that."
    return f"{usual} Everybody is different: your therapist compares you with yourself."


def phases_of(phases: object) -> tuple[Phase, ...]:
    """Stored phases as bars along the test; empty for what cannot be drawn. The whole is no part."""
    if not isinstance(phases, list):
        return ()
    known = [
        (str(one.get("name", "")), float(one["start_s"]), float(one["end_s"]))
        for one in phases
        if isinstance(one, dict) and "start_s" in one and "end_s" in one and one.get("code") != "test"
    ]
    first = min((start for _, start, _ in known), default=0.0)
    last = max((end for _, _, end in known), default=0.0)
    if last <= first or len(known) < LEAST_PHASES:
        return ()
    share = 100.0 / (last - first)
    return tuple(
        Phase(name, f"{end - start:.1f}", (start - first) * share, (end - start) * share)
        for name, start, end in known
    )


def codes_of(flags: object) -> set[str]:
    """The codes of stored flags."""
    return (
        {str(one.get("code")) for one in flags if isinstance(one, dict)} if isinstance(flags, list) else set()
    )


def remarks_of(flags: object) -> tuple[str, ...]:
    """Stored flags as a patient should read them, each once."""
    if not isinstance(flags, list):
        return ()
    told = (one for one in flags if isinstance(one, dict))
    said = [PLAIN_REMARKS.get(str(one.get("code")), str(one.get("words") or "")) for one in told]
    return tuple(dict.fromkeys(words for words in said if words))


def say_time(seconds: float) -> str:
    """ "45 seconds", "2 minutes"."""
    if seconds < 90:
        return f"{seconds:.0f} seconds"
    return f"{seconds / 60:.0f} minutes"
