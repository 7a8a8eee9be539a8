"""The alarm in words: what changed, by how much, since when, and what else it may be."""

from datetime import date

from sessions.motion_trend.alarm.types import Alarm, Shift
from sessions.motion_trend.metrics import METRICS, words_of

# Keeps a number and its sign of percent on one line.
NBSP = "\u00a0"


def headline_of(alarm: Alarm) -> str:
    """Short, for a list: "walking speed −22 % in 2 days; 3 more measures"."""
    leading = alarm.shifts[0]
    days = "1 day" if alarm.days == 1 else f"{alarm.days} days"
    more = len(alarm.shifts) - 1
    also = f"; {more} more {'measure' if more == 1 else 'measures'}" if more else ""
    soft = "; may be another cause" if alarm.softened else ""
    return f"{METRICS[leading.code].name} {_amount(leading)} in {days}{also}{soft}"


def reason_of(alarm: Alarm) -> str:
    """In full, in lines: what changed, what it rests on, what else changed, what else it may be."""
    leading = alarm.shifts[0]
    metric = METRICS[leading.code]
    expected, now = words_of(leading.code, leading.expected), words_of(leading.code, leading.now)
    days = "1 measured day" if alarm.values == 1 else f"{alarm.values} measured days"
    lines = [
        f"{metric.name[0].upper()}{metric.name[1:]} is {now} since about {_day(alarm.onset_day)}; "
        f"{expected} was expected ({_amount(leading)}{_beside_known_changes(leading)}).",
        f"It was noticed in the data of {_day(alarm.detected_day)} and rests on {days}.",
    ]
    others = [f"{METRICS[shift.code].name} {_amount(shift)}" for shift in alarm.shifts[1:]]
    if others:
        lines.append(f"Also: {', '.join(others)}.")
    if alarm.artefacts:
        lines.append(f"It may also be: {'; '.join(flag.words for flag in alarm.artefacts)}.")
    return "\n".join(lines)


def _amount(shift: Shift) -> str:
    """The change in percent, or in its own unit where percent would mislead."""
    if shift.percent is not None:
        return f"{'−' if shift.change < 0 else '+'}{abs(shift.percent):.0f}{NBSP}%"
    if shift.unit == "%":
        return f"{'−' if shift.change < 0 else '+'}{abs(shift.change):.1f} points"
    return words_of(shift.code, shift.change, signed=True)


def _beside_known_changes(shift: Shift) -> str:
    parts = []
    if shift.in_mdc is not None:
        parts.append(f"{shift.in_mdc:.1f} times the smallest detectable change")
    if shift.in_mic is not None:
        parts.append(f"{shift.in_mic:.1f} times the smallest important change")
    return f"; {', '.join(parts)}" if parts else ""


def _day(day: date) -> str:
    return f"{day.day} {day:%B}"
