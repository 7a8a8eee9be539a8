"""What movement science says about frames, repetitions and sets, whether a camera or a sensor saw them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

Classification = Literal["correct", "mild", "significant", "not_scored"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One compensation in one repetition; `value` and `baseline` in `unit`."""

    code: str
    words: str
    cue: str
    severity: str
    value: float
    unit: str
    baseline: float | None

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Repetition:
    """One repetition; times in seconds from the set's first frame. `reason` says why it was not scored."""

    index: int
    side: str
    start_s: float
    peak_s: float
    end_s: float
    classification: Classification
    findings: tuple[Finding, ...]
    reason: str
    peak_deg: float
    hold_s: float
    calibrating: bool

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON."""
        return asdict(self)

    @property
    def words(self) -> str:
        """One sentence for the patient."""
        if self.classification == "not_scored":
            return self.reason
        return self.findings[0].words if self.findings else "Good."


@dataclass(frozen=True, slots=True)
class Message:
    """Words for the patient with a code for the machine."""

    code: str
    words: str
    severity: str = ""

    def to_dict(self) -> dict[str, str]:
        """Plain JSON."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class LiveState:
    """What the screen shows after the latest frame."""

    count: int
    phase: float
    angle_deg: float | None
    hold_s: float | None
    cue: Message | None
    limbs: Mapping[str, str]
    not_scored: Message | None
    last: Mapping[str, Any] | None
    side: str

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON, as the stream's "state" message carries it."""
        return {
            "count": self.count,
            "phase": self.phase,
            "angle_deg": self.angle_deg,
            "hold_s": self.hold_s,
            "cue": self.cue.to_dict() if self.cue else None,
            "limbs": dict(self.limbs),
            "not_scored": self.not_scored.to_dict() if self.not_scored else None,
            "last": dict(self.last) if self.last else None,
            "side": self.side,
        }


@dataclass(frozen=True, slots=True)
class Curve:
    """The primary angle over time, smoothed; None where it could not be seen."""

    quantity: str
    t_s: tuple[float, ...]
    primary_deg: tuple[float | None, ...]

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON."""
        return {"quantity": self.quantity, "t_s": list(self.t_s), "primary_deg": list(self.primary_deg)}


@dataclass(frozen=True, slots=True)
class ViewCheck:
    """Does the camera see the person from where the rules expect? `width_share`: shoulder and hip width over
    trunk.
    """

    expected: str
    fits: bool
    width_share: float | None
    words: str

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON."""
        return asdict(self)


# Per criterion code: own clean value on each channel it is judged on.
Baseline = Mapping[str, tuple[float | None, ...]]


@dataclass(frozen=True, slots=True)
class SetResult:
    """A whole set. `coverage`: share of frames in which the counted angle was seen; `scored_share`: of
    repetitions. `uncounted`: movements that were no repetition, each with the finding that says why.
    """

    code: str
    view: str
    side: str
    repetitions: tuple[Repetition, ...]
    curve: Curve
    hold_s: float | None
    coverage: float
    scored_share: float
    view_check: ViewCheck
    not_scored: tuple[str, ...]
    baseline: Baseline
    versions: Mapping[str, str] = field(default_factory=dict)
    uncounted: tuple[Repetition, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON, NaN-free."""
        return {
            "code": self.code,
            "view": self.view,
            "side": self.side,
            "count": len(self.repetitions),
            "repetitions": [repetition.to_dict() for repetition in self.repetitions],
            "uncounted": [movement.to_dict() for movement in self.uncounted],
            "curve": self.curve.to_dict(),
            "hold_s": self.hold_s,
            "coverage": self.coverage,
            "scored_share": self.scored_share,
            "view_check": self.view_check.to_dict(),
            "not_scored": list(self.not_scored),
            "baseline": {code: list(values) for code, values in self.baseline.items()},
            "versions": dict(self.versions),
        }


def number_or_none(value: float) -> float | None:
    """NaN and infinities have no JSON."""
    return value if math.isfinite(value) else None


def cue_of(last: Repetition | None) -> Message | None:
    """What is said after a repetition: its first finding, which is the worst."""
    if last is None or not last.findings:
        return None
    worst = last.findings[0]
    return Message(worst.code, worst.cue, worst.severity)


def last_shown(repetition: Repetition) -> dict[str, Any]:
    """The latest repetition as the live page shows it."""
    return {
        "index": repetition.index,
        "classification": repetition.classification,
        "words": repetition.words,
    }


def share_scored(repetitions: Sequence[Repetition]) -> float:
    """Share of repetitions that were judged, 0 to 1; 0 without any."""
    if not repetitions:
        return 0.0
    return round(sum(r.classification != "not_scored" for r in repetitions) / len(repetitions), 4)
