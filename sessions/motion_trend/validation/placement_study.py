"""Does it matter how the sensor lies, and what a poor phone does to the signal?

Real lower-back recordings, turned through all 24 proper rotations of the axes, and degraded to 50 Hz with
jitter of the clock, drop-outs and 8-bit readings. A metric passes when it is withheld or stays in the band
that the undegraded recording gave.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from scipy.spatial.transform import Rotation

from sessions.motion_trend.gait import analyse_gait
from sessions.motion_trend.types import GRAVITY_M_S2, GaitResult, SensorSignal, WalkingBout
from sessions.motion_trend.validation.mobilised import Trial

RANGE_M_S2 = 4 * GRAVITY_M_S2
RANGE_RAD_S = np.radians(500.0)
LEVELS = 256


@dataclass(frozen=True, slots=True)
class Condition:
    """One way of wearing or spoiling: metrics in their band, withheld, lost bouts, outside their band."""

    name: str
    compared: int
    inside: int
    withheld: int
    bouts_lost: int
    largest_share_of_band: float

    @property
    def outside(self) -> int:
        """Neither withheld nor inside."""
        return self.compared - self.inside - self.withheld

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON."""
        return asdict(self) | {"outside": self.outside}


def placement_study(trials: Sequence[Trial]) -> list[Condition]:
    """All rotations pooled, the degradations one by one, and all at once in every rotation."""
    plain = [analyse_gait([trial.signal], height_m=trial.height_m) for trial in trials]
    turned = [
        _compare("", trials, plain, [rotated(trial.signal, rotation) for trial in trials])
        for rotation in Rotation.create_group("O")
    ]
    both = [
        _compare("", trials, plain, [rotated(degraded(trial.signal, seed=k), rotation) for trial in trials])
        for k, rotation in enumerate(Rotation.create_group("O"))
    ]
    single = [
        _compare(name, trials, plain, [change(trial.signal) for trial in trials])
        for name, change in _CHANGES.items()
    ]
    return [_pooled("24 rotations", turned), *single, _pooled("24 rotations, all at once", both)]


def rotated(signal: SensorSignal, rotation: Rotation) -> SensorSignal:
    """The same movement from a sensor turned in its place."""
    turning = signal.angular_velocity_rad_s
    return SensorSignal(
        signal.t_s,
        rotation.apply(signal.acceleration_m_s2).astype(np.float32),
        None if turning is None else rotation.apply(turning).astype(np.float32),
        signal.sampling_rate_hz,
        signal.placement,
    )


def degraded(signal: SensorSignal, *, seed: int) -> SensorSignal:
    """50 Hz, jitter, drop-outs and 8 bits together."""
    return to_8_bits(dropped(jittered(at_50_hz(signal), seed=seed), seed=seed))


def at_50_hz(signal: SensorSignal) -> SensorSignal:
    """Every second sample, as a phone takes it: without a filter."""
    return _chosen(signal, np.arange(0, len(signal), 2), rate_hz=signal.sampling_rate_hz / 2)


def jittered(signal: SensorSignal, *, seed: int, sd_s: float = 0.003) -> SensorSignal:
    """A clock that stamps a few milliseconds off."""
    random = np.random.default_rng(seed)
    step = 1 / signal.sampling_rate_hz
    t_s = signal.t_s + np.clip(random.normal(0, sd_s, len(signal)), -0.4 * step, 0.4 * step)
    return SensorSignal(
        t_s,
        signal.acceleration_m_s2,
        signal.angular_velocity_rad_s,
        signal.sampling_rate_hz,
        signal.placement,
    )


def dropped(signal: SensorSignal, *, seed: int, share: float = 0.03) -> SensorSignal:
    """Single samples lost at random, and a gap of 0.2 s now and then."""
    random = np.random.default_rng(seed)
    keep = random.random(len(signal)) > share
    width = round(0.2 * signal.sampling_rate_hz)
    for start in random.integers(0, len(signal), max(len(signal) // round(20 * signal.sampling_rate_hz), 1)):
        keep[start : start + width] = False
    return _chosen(signal, np.flatnonzero(keep), rate_hz=signal.sampling_rate_hz)


def to_8_bits(signal: SensorSignal) -> SensorSignal:
    """256 steps over ±4 g and ±500 degrees a second."""
    turning = signal.angular_velocity_rad_s
    return SensorSignal(
        signal.t_s,
        _quantised(signal.acceleration_m_s2, RANGE_M_S2),
        None if turning is None else _quantised(turning, float(RANGE_RAD_S)),
        signal.sampling_rate_hz,
        signal.placement,
    )


_CHANGES = {
    "50 Hz": at_50_hz,
    "jitter": lambda signal: jittered(signal, seed=1),
    "drop-outs": lambda signal: dropped(signal, seed=1),
    "8 bits": to_8_bits,
}


def _quantised(values: Any, reach: float) -> Any:
    step = 2 * reach / LEVELS
    return (np.round(np.clip(values, -reach, reach) / step) * step).astype(np.float32)


def _chosen(signal: SensorSignal, kept: Any, *, rate_hz: float) -> SensorSignal:
    turning = signal.angular_velocity_rad_s
    return SensorSignal(
        signal.t_s[kept],
        signal.acceleration_m_s2[kept],
        None if turning is None else turning[kept],
        rate_hz,
        signal.placement,
    )


def _compare(
    name: str, trials: Sequence[Trial], plain: Sequence[GaitResult], signals: Sequence[SensorSignal]
) -> Condition:
    compared = inside = withheld = lost = 0
    largest = 0.0
    for trial, before, signal in zip(trials, plain, signals, strict=True):
        after = analyse_gait([signal], height_m=trial.height_m)
        for bout in before.bouts:
            twin = _twin(bout, after)
            lost += twin is None
            for share in () if twin is None else _shares(bout, twin):
                compared += 1
                withheld += share is None
                inside += share is not None and share <= 1
                largest = max(largest, share or 0.0)
    return Condition(name, compared, inside, withheld, lost, largest)


def _twin(bout: WalkingBout, result: GaitResult) -> WalkingBout | None:
    """The bout that shares at least half of its time."""
    shares = [(min(bout.end_s, b.end_s) - max(bout.start_s, b.start_s), b) for b in result.bouts]
    best = max(shares, key=lambda pair: pair[0], default=(0.0, None))
    return best[1] if best[0] >= 0.5 * bout.duration_s else None


def _shares(bout: WalkingBout, twin: WalkingBout) -> Iterator[float | None]:
    """For each measure that the plain recording gave: distance by band, None where withheld."""
    for code, measure in bout.measures.items():
        if measure.value is None or measure.high is None:
            continue
        other = twin.measures[code].value
        yield None if other is None else abs(other - measure.value) / max(measure.high - measure.value, 1e-9)


def _pooled(name: str, conditions: Sequence[Condition]) -> Condition:
    return Condition(
        name,
        sum(c.compared for c in conditions),
        sum(c.inside for c in conditions),
        sum(c.withheld for c in conditions),
        sum(c.bouts_lost for c in conditions),
        max(c.largest_share_of_band for c in conditions),
    )


def as_rows(conditions: Sequence[Condition]) -> list[Mapping[str, Any]]:
    """Plain JSON."""
    return [condition.to_dict() for condition in conditions]
