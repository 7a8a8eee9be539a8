"""Findings in words: "left knee flexion 0–105°". Pure functions."""

from collections.abc import Iterable
from typing import Protocol

OF_WHAT = "of what?"
MOST_ON_A_LINE = 4
GRADES = {round(1 / 3, 2): "+", round(2 / 3, 2): "-"}


class Value(Protocol):
    """A finding, of the extractor or stored."""

    @property
    def kind(self) -> str: ...
    @property
    def low(self) -> float: ...
    @property
    def high(self) -> float: ...
    @property
    def unit(self) -> str: ...
    @property
    def out_of(self) -> float | None: ...
    @property
    def region(self) -> str: ...
    @property
    def side(self) -> str: ...
    @property
    def motion(self) -> str: ...
    @property
    def measure(self) -> str: ...


def say_finding(finding: Value) -> str:
    """What was measured, and its value with the unit."""
    whose = say_subject(finding)
    return f"{whose} {say_value(finding)}" if whose else f"{say_value(finding)} ({OF_WHAT})"


def say_subject(finding: Value) -> str:
    """What the value belongs to; empty where nobody knows, as of a range without a joint."""
    if finding.kind == "score":
        return finding.measure
    parts = [finding.side, finding.region, finding.motion]
    if finding.kind == "pain":
        return " ".join(["pain", *(part for part in parts[:2] if part)])
    if not finding.region:
        return ""
    strength = ["strength"] if finding.kind == "strength" else []
    return " ".join([*(part for part in parts if part), *strength])


def say_value(finding: Value) -> str:
    """The value as people write it: 0–105°, 4+/5, 42/80, 14.2 s."""
    if finding.unit == "0-5":
        return f"{_between(say_grade(finding.low), say_grade(finding.high))}/5"
    between = _between(_number(finding.low), _number(finding.high))
    if finding.out_of:
        return f"{between}/{_number(finding.out_of)}"
    if finding.unit in {"deg", "%"}:
        return f"{between}{'°' if finding.unit == 'deg' else '%'}"
    return between if finding.unit in {"", "points", "count"} else f"{between} {finding.unit}"


def is_unlinked(finding: Value) -> bool:
    """Whether it is not known what the value belongs to."""
    return not say_subject(finding)


def say_line(findings: Iterable[Value]) -> str:
    """The first findings on one line, and how many more there are; goals are the caller's to leave out."""
    told = list(dict.fromkeys(say_finding(one) for one in findings if not is_unlinked(one)))
    shown = ", ".join(told[:MOST_ON_A_LINE])
    more = len(told) - MOST_ON_A_LINE
    return f"{shown} and {more} more" if more > 0 else shown


def _between(low: str, high: str) -> str:
    return low if low == high else f"{low}–{high}"


def _number(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")


def say_grade(value: float) -> str:
    """A grade of strength as people write it: 4.33 is 4+, 3.67 is 4-."""
    whole, part = int(value), round(value - int(value), 2)
    sign = GRADES.get(part)
    if sign is None:
        return _number(value)
    return f"{whole + (sign == '-')}{sign}"
