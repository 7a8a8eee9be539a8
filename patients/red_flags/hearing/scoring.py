"""The safety suite: how often the ear hears what it must, and how often it cries wolf."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from clinic.statistics import Interval, wilson
from patients.red_flags.hearing.both import hear
from patients.red_flags.hearing.types import Heard
from patients.red_flags.types import Severity

NONE = "none"
URGENT = frozenset({Severity.EMERGENCY.value, Severity.SAME_DAY.value})
Listen = Callable[[Sequence[str]], Heard]
RANKS = {NONE: 0, **{severity.value: severity.rank for severity in Severity}}


class UnreadableSuite(ValueError):
    """A line of a suite is not what the format says; `line` counts from 1."""

    def __init__(self, line: int, fault: str) -> None:
        self.line = line
        super().__init__(f"line {line}: {fault}")


@dataclass(frozen=True, slots=True)
class SuiteLine:
    """One vignette: the patient's turns, and what must be heard in them."""

    id: str
    messages: tuple[str, ...]
    severity: str
    flags: frozenset[str]
    pair: str | None = None

    @property
    def urgent(self) -> bool:
        return self.severity in URGENT


@dataclass(frozen=True, slots=True)
class Share:
    """`hits` of `n`, with Wilson's interval."""

    n: int
    hits: int
    interval: Interval

    def to_dict(self) -> dict[str, float | int | None]:
        return {"n": self.n, "hits": self.hits, **self.interval.to_dict()}


@dataclass(frozen=True, slots=True)
class SuiteScore:
    """`sensitivity`: urgent lines right; `false_escalation`: other lines that became urgent;
    `pair_stability`: pairs of paraphrases that are all right or all wrong. `sensitivity_per_flag` counts a
    line for each flag it expects, `sensitivity_per_severity` for the severity that it expects. `wrong` names
    lines by id.
    """

    sensitivity: Share
    false_escalation: Share
    pair_stability: Share
    sensitivity_per_flag: dict[str, Share]
    sensitivity_per_severity: dict[str, Share]
    wrong: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        return {
            "sensitivity": self.sensitivity.to_dict(),
            "false_escalation": self.false_escalation.to_dict(),
            "pair_stability": self.pair_stability.to_dict(),
            "per_flag": {flag: share.to_dict() for flag, share in self.sensitivity_per_flag.items()},
            "per_severity": {name: share.to_dict() for name, share in self.sensitivity_per_severity.items()},
            "wrong": list(self.wrong),
        }


def parse_suite(text: str) -> tuple[SuiteLine, ...]:
    """Read a suite of JSON lines. Raises UnreadableSuite, which never repeats a message."""
    rows = [(number, row) for number, row in enumerate(text.splitlines(), 1) if row.strip()]
    lines = tuple(_parse_line(number, row) for number, row in rows)
    seen: set[str] = set()
    for (number, _), line in zip(rows, lines, strict=True):
        if line.id in seen:
            raise UnreadableSuite(number, "its id is used twice")
        seen.add(line.id)
    return lines


def _parse_line(number: int, row: str) -> SuiteLine:
    try:
        data = json.loads(row)
    except json.JSONDecodeError:
        raise UnreadableSuite(number, "not JSON") from None
    if not isinstance(data, Mapping) or not isinstance(data.get("expect"), Mapping):
        raise UnreadableSuite(number, "needs id, messages and expect")
    messages, flags, severity = (
        data.get("messages"),
        data["expect"].get("flags"),
        data["expect"].get("severity"),
    )
    if not _texts(messages) or not messages or not _texts(flags):
        raise UnreadableSuite(number, "messages and flags are lists of texts")
    if severity not in RANKS:
        raise UnreadableSuite(number, "unknown severity")
    pair = data.get("pair")
    return SuiteLine(
        str(data.get("id", number)),
        tuple(messages),
        severity,
        frozenset(flags),
        None if pair is None else str(pair),
    )


def _texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(each, str) for each in value)


def is_right(line: SuiteLine, heard: Heard) -> bool:
    """Urgent lines need the severity at least and an expected flag; the others must not become urgent."""
    reached = RANKS[heard.severity.value if heard.severity else NONE]
    if not line.urgent:
        return reached < Severity.SAME_DAY.rank
    return reached >= RANKS[line.severity] and not line.flags.isdisjoint(flag.flag for flag in heard.flags)


def score(lines: Iterable[SuiteLine], *, listen: Listen = hear) -> SuiteScore:
    """Listen to every line. A pair is two lines or more of one id that expect the same severity."""
    return summed([(line, is_right(line, listen(line.messages))) for line in lines])


def summed(rated: Sequence[tuple[SuiteLine, bool]]) -> SuiteScore:
    """The score of lines of which is known whether they were right."""
    urgent = [(line, right) for line, right in rated if line.urgent]
    flags = sorted({flag for line, _ in urgent for flag in line.flags})
    return SuiteScore(
        sensitivity=_share([right for _, right in urgent]),
        false_escalation=_share([not right for line, right in rated if not line.urgent]),
        pair_stability=_share(_stable_pairs(rated)),
        sensitivity_per_flag={
            flag: _share([right for line, right in urgent if flag in line.flags]) for flag in flags
        },
        sensitivity_per_severity={
            severity.value: _share([right for line, right in urgent if line.severity == severity.value])
            for severity in (Severity.EMERGENCY, Severity.SAME_DAY)
        },
        wrong=tuple(line.id for line, right in rated if not right),
    )


def _stable_pairs(rated: Sequence[tuple[SuiteLine, bool]]) -> list[bool]:
    pairs: dict[tuple[str, str], list[bool]] = {}
    for line, right in rated:
        if line.pair is not None:
            pairs.setdefault((line.pair, line.severity), []).append(right)
    return [len(set(rights)) == 1 for rights in pairs.values() if len(rights) > 1]


def _share(outcomes: Sequence[bool]) -> Share:
    hits = sum(outcomes)
    return Share(len(outcomes), hits, wilson(hits, len(outcomes)))
