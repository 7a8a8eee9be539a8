"""The safety vignettes, heard turn by turn as the conversation hears them.

A line counts as heard only when a flag was raised by the turns themselves: asking back counts as missed.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from clinic.statistics import wilson
from patients.red_flags.hearing import Heard, HeardFlag, SuiteLine, parse_suite
from patients.red_flags.hearing.scoring import Share

# The turns of a conversation that are heard together; the newest is the last.
TURNS_HEARD = 6
ROOT = Path(__file__).resolve().parents[3]
SUITES = ROOT / "tests" / "red_flags" / "hearing" / "written"
TEST_SUITES = ("held.jsonl", "kept_one.jsonl", "kept_two.jsonl", "kept_three.jsonl")

Listen = Callable[[Sequence[str]], Sequence[HeardFlag]]


def shipped_red_flag_suites() -> list[Path]:
    """The suites that were kept aside while rules and reader were made; those that are not there are left
    out.
    """
    return [path for name in TEST_SUITES if (path := SUITES / name).is_file()]


def shipped_vignettes() -> tuple[SuiteLine, ...]:
    """Every line of the shipped suites; ids and pairs carry the suite's name. Raises UnreadableSuite."""
    return tuple(
        _of_suite(path.stem, line)
        for path in shipped_red_flag_suites()
        for line in parse_suite(path.read_text("utf-8"))
    )


def _of_suite(name: str, line: SuiteLine) -> SuiteLine:
    pair = None if line.pair is None else f"{name}:{line.pair}"
    return SuiteLine(f"{name}:{line.id}", line.messages, line.severity, line.flags, pair)


def reached(line: SuiteLine, *, listen: Listen) -> Heard:
    """The flags that the turns raised one after the other, the worst first. Nothing that was raised is taken
    back by a later turn: a person has been told.
    """
    raised: dict[tuple[str, str], HeardFlag] = {}
    for end in range(1, len(line.messages) + 1):
        for flag in listen(line.messages[max(0, end - TURNS_HEARD) : end]):
            raised.setdefault((flag.flag, flag.severity.value), flag)
    flags = tuple(sorted(raised.values(), key=lambda flag: -flag.severity.rank))
    return Heard(severity=flags[0].severity if flags else None, flags=flags, needs_asking=())


@dataclass(frozen=True, slots=True)
class VignetteScore:
    """`sensitivity`: urgent lines right; `false_escalation`: other lines that became urgent;
    `pair_stability`: groups of paraphrases that are all right or all wrong.
    """

    sensitivity: Share
    false_escalation: Share
    pair_stability: Share
    per_flag: Mapping[str, Share]
    per_severity: Mapping[str, Share]

    def to_dict(self) -> dict[str, Any]:
        return {
            "sensitivity": self.sensitivity.to_dict(),
            "false_escalation": self.false_escalation.to_dict(),
            "pair_stability": self.pair_stability.to_dict(),
            "per_flag": {name: share.to_dict() for name, share in self.per_flag.items()},
            "per_severity": {name: share.to_dict() for name, share in self.per_severity.items()},
        }


def score_vignettes(lines: Sequence[SuiteLine], rights: Sequence[bool]) -> VignetteScore:
    """Shares with Wilson's intervals of which lines were right."""
    rated = list(zip(lines, rights, strict=True))
    urgent = [(line, right) for line, right in rated if line.urgent]
    flags = sorted({flag for line, _ in urgent for flag in line.flags})
    severities = ("emergency", "same_day", "tell_therapist", "none")
    return VignetteScore(
        sensitivity=share_of([right for _, right in urgent]),
        false_escalation=share_of([not right for line, right in rated if not line.urgent]),
        pair_stability=share_of(_stable(rated)),
        per_flag={flag: share_of([right for line, right in urgent if flag in line.flags]) for flag in flags},
        per_severity={
            severity: share_of([right for line, right in rated if line.severity == severity])
            for severity in severities
            if any(line.severity == severity for line, _ in rated)
        },
    )


def share_of(outcomes: Sequence[bool]) -> Share:
    """How many of them hold, with the interval."""
    return Share(len(outcomes), sum(outcomes), wilson(sum(outcomes), len(outcomes)))


def _stable(rated: Sequence[tuple[SuiteLine, bool]]) -> list[bool]:
    groups: dict[tuple[str, str], list[bool]] = {}
    for line, right in rated:
        if line.pair is not None:
            groups.setdefault((line.pair, line.severity), []).append(right)
    return [len(set(rights)) == 1 for rights in groups.values() if len(rights) > 1]
