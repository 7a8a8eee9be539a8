"""Which reported bouts stand for a reference bout, and what the pair says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sessions.motion_trend.types import WalkingBout
from sessions.motion_trend.validation.mobilised import ReferenceBout

METRICS = {
    "cadence_spm": "steps/min",
    "stride_length_m": "m",
    "walking_speed_m_s": "m/s",
}
LEAST_COVERED = 0.5


@dataclass(frozen=True, slots=True)
class Pair:
    """One metric of one reference bout: what was reported (None: withheld or not found), and for how long."""

    person: str
    trial: str
    start_s: float
    reference_s: float
    code: str
    reference: float
    measured: float | None
    low: float | None
    high: float | None
    reported_s: float
    withheld: str

    @property
    def error(self) -> float:
        """Measured less reference; only where measured."""
        if self.measured is None:
            raise ValueError(self.code)
        return self.measured - self.reference


def covers(bouts: Sequence[WalkingBout], reference: ReferenceBout) -> list[tuple[WalkingBout, float]]:
    """The reported bouts that together cover half of the reference bout, and for how many seconds each."""
    shared = [(bout, _shared_s(bout, reference)) for bout in bouts]
    touching = [(bout, seconds) for bout, seconds in shared if seconds > 0]
    enough = sum(seconds for _, seconds in touching) >= LEAST_COVERED * reference.duration_s
    return touching if enough else []


def pairs_of(bouts: Sequence[WalkingBout], reference: ReferenceBout) -> list[Pair]:
    """A pair for each metric that the reference gives."""
    touching = covers(bouts, reference)
    found = []
    for code in METRICS:
        truth = getattr(reference, code)
        if truth == truth:
            found.append(_pair(code, truth, touching, reference))
    return found


def _pair(
    code: str, truth: float, touching: Sequence[tuple[WalkingBout, float]], reference: ReferenceBout
) -> Pair:
    with_value = [
        (b.measures[code], s, b.duration_s) for b, s in touching if b.measures[code].value is not None
    ]
    shared = sum(seconds for _, seconds, _ in with_value)
    why = "" if with_value else next((b.measures[code].withheld for b, _ in touching), "not found")
    given = shared >= LEAST_COVERED * reference.duration_s

    def mean(values: list[float | None]) -> float | None:
        known = [(v, s) for v, (_, s, _) in zip(values, with_value, strict=True) if v is not None]
        return sum(v * s for v, s in known) / sum(s for _, s in known) if given and known else None

    return Pair(
        reference.person,
        reference.trial,
        reference.start_s,
        reference.duration_s,
        code,
        truth,
        mean([m.value for m, _, _ in with_value]),
        mean([m.low for m, _, _ in with_value]),
        mean([m.high for m, _, _ in with_value]),
        max((duration for _, _, duration in with_value), default=0.0),
        "" if given else why or "too little of the bout was even walking",
    )


def _shared_s(bout: WalkingBout, reference: ReferenceBout) -> float:
    return min(bout.end_s, reference.end_s) - max(bout.start_s, reference.start_s)
