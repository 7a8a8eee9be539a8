"""From recordings of any rate and length to stretches of 100 Hz in which something moves; rest is left out.

Works through the signals in order and holds only the stretch it is on, so a day comes in pieces of any size.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from sessions.motion_trend.gait.filters import ANALYSIS_RATE_HZ
from sessions.motion_trend.gait.settings import GaitSettings
from sessions.motion_trend.types import GRAVITY_M_S2, Flag, SensorSignal

Floats = NDArray[np.float32]

LARGEST_TURNING_RAD_S = 36.0
LEAST_FOR_RESOLUTION = 500
WRONG_UNITS = Flag(
    "wrong_units", "At rest the sensor does not feel gravity (9.8 m/s²): check the unit of acceleration."
)
TOO_SLOW = Flag("low_rate", "Sampled more slowly than 25 times a second: too slow to find steps.")
NO_GYROSCOPE = Flag("no_gyroscope", "No turning rates: left and right cannot be told apart.")
TURNING_UNITS = Flag(
    "turning_units", "The turning rates are beyond what a body does: they were left out; check their unit."
)
DROP_OUTS = Flag("drop_outs", "More than a fifth of the samples are missing.")
COARSE = Flag("coarse_steps", "The sensor tells accelerations apart only coarsely (8 bits or a wide range).")


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch on a uniform 100 Hz clock that starts at start_s of the recording.

    acceleration_m_s2[N,3]; angular_velocity_rad_s[N,3] or None; bridged: share of time in small gaps.
    """

    start_s: float
    acceleration_m_s2: Floats
    angular_velocity_rad_s: Floats | None
    bridged: float = 0.0

    def __len__(self) -> int:
        return len(self.acceleration_m_s2)


@dataclass(slots=True)
class Coverage:
    """What was seen on the way: seconds, samples, and remarks that hold for the whole recording."""

    recorded_s: float = 0.0
    moving_s: float = 0.0
    samples: int = 0
    gaps: int = 0
    least_rate_hz: float = float("inf")
    resolution_m_s2: float = 0.0
    flags: dict[str, Flag] = field(default_factory=dict)

    def remark(self, flag: Flag) -> None:
        """Once, however often it is seen."""
        self.flags.setdefault(flag.code, flag)


def moving_spans(
    signals: Iterable[SensorSignal], coverage: Coverage, *, settings: GaitSettings
) -> Iterator[Span]:
    """Stretches with movement, a margin of rest around them; what is seen is noted in `coverage`."""
    open_parts: list[SensorSignal] = []
    for signal in signals:
        for part, moving in _parts(signal, coverage, settings=settings):
            follows = bool(open_parts) and _follows(open_parts[-1], part, settings)
            if open_parts and (not moving or not follows or _length_s(open_parts) > settings.longest_span_s):
                yield _uniform(open_parts, coverage)
                open_parts = []
            if moving:
                open_parts.append(part)
    if open_parts:
        yield _uniform(open_parts, coverage)


def _parts(
    signal: SensorSignal, coverage: Coverage, *, settings: GaitSettings
) -> Iterator[tuple[SensorSignal, bool]]:
    """The signal cut at gaps and where movement begins and ends."""
    checked = _checked(signal, coverage, settings=settings)
    if checked is None:
        return
    breaks = np.flatnonzero(np.diff(checked.t_s) > settings.longest_bridged_gap_s) + 1
    coverage.gaps += len(breaks)
    for first, last in zip(np.r_[0, breaks], np.r_[breaks, len(checked)], strict=True):
        coverage.recorded_s += (
            float(checked.t_s[last - 1] - checked.t_s[first]) + 1 / checked.sampling_rate_hz
        )
        for start, end, moving in _activity(checked, int(first), int(last), settings=settings):
            yield _cut(checked, start, end), moving


def _activity(
    signal: SensorSignal, first: int, last: int, *, settings: GaitSettings
) -> list[tuple[int, int, bool]]:
    """Blocks of a second, moving or not, the moving ones widened by the margin; sample ranges in order."""
    block = max(round(signal.sampling_rate_hz), 2)
    acceleration = signal.acceleration_m_s2[first:last]
    norm = np.sqrt(np.einsum("ij,ij->i", acceleration, acceleration))
    whole = len(norm) // block
    if whole < 2:
        return [(first, last, True)]
    moving = norm[: whole * block].reshape(whole, block).std(axis=1) > settings.rest_deviation_m_s2
    reach = round(settings.margin_s)
    near = np.convolve(moving, np.ones(2 * reach + 1), mode="full")[reach : reach + whole] > 0.5
    edges = np.flatnonzero(np.diff(near)) + 1
    starts, ends = np.r_[0, edges] * block + first, np.r_[edges, 0] * block + first
    ends[-1] = last
    return [(int(a), int(b), bool(near[(a - first) // block])) for a, b in zip(starts, ends, strict=True)]


def _checked(signal: SensorSignal, coverage: Coverage, *, settings: GaitSettings) -> SensorSignal | None:
    """The signal if steps can be found in it at all, without turning rates that cannot be right."""
    if len(signal) < 2:
        return None
    coverage.samples += len(signal)
    rate_hz = _true_rate(signal)
    coverage.least_rate_hz = min(coverage.least_rate_hz, rate_hz)
    if rate_hz < settings.least_rate_hz:
        coverage.remark(TOO_SLOW)
        return None
    if not _feels_gravity(signal.acceleration_m_s2):
        coverage.remark(WRONG_UNITS)
        return None
    _note_resolution(signal.acceleration_m_s2, coverage)
    turning = signal.angular_velocity_rad_s
    if turning is None:
        coverage.remark(NO_GYROSCOPE)
    elif not np.isfinite(turning).all() or np.abs(turning).max() > LARGEST_TURNING_RAD_S:
        coverage.remark(TURNING_UNITS)
        turning = None
    missing = 1 - rate_hz / signal.sampling_rate_hz
    if missing > settings.largest_dropped_share:
        coverage.remark(DROP_OUTS)
    return SensorSignal(signal.t_s, signal.acceleration_m_s2, turning, rate_hz, signal.placement)


def _true_rate(signal: SensorSignal) -> float:
    """Samples a second while it ran: the nominal rate, unless the clock tells otherwise."""
    steps = np.diff(signal.t_s[: min(len(signal), 200_000)])
    running = steps[steps < max(1.0, 3 / signal.sampling_rate_hz)]
    return float(1 / running.mean()) if len(running) and running.mean() > 0 else signal.sampling_rate_hz


def _feels_gravity(acceleration: Floats) -> bool:
    """Over a recording the mean length is near gravity whatever its wearer does."""
    sample = acceleration[:: max(len(acceleration) // 20_000, 1)]
    if not np.isfinite(sample).all():
        return False
    middle = float(np.median(np.linalg.norm(sample, axis=1)))
    return 0.75 * GRAVITY_M_S2 < middle < 1.3 * GRAVITY_M_S2


def _note_resolution(acceleration: Floats, coverage: Coverage) -> None:
    if len(acceleration) < LEAST_FOR_RESOLUTION:
        return
    sample = np.unique(np.round(acceleration[:3000, 0].astype(np.float64), 4))
    steps = np.diff(sample)
    resolution = float(np.median(steps)) if len(steps) > 3 else 0.0
    coverage.resolution_m_s2 = max(coverage.resolution_m_s2, resolution)
    if resolution > 0.1 and len(sample) < 300:
        coverage.remark(COARSE)


def _cut(signal: SensorSignal, start: int, end: int) -> SensorSignal:
    turning = signal.angular_velocity_rad_s
    return SensorSignal(
        signal.t_s[start:end],
        signal.acceleration_m_s2[start:end],
        None if turning is None else turning[start:end],
        signal.sampling_rate_hz,
        signal.placement,
    )


def _follows(before: SensorSignal, after: SensorSignal, settings: GaitSettings) -> bool:
    gap = after.t_s[0] - before.t_s[-1]
    alike = (before.angular_velocity_rad_s is None) == (after.angular_velocity_rad_s is None)
    return alike and 0 < gap <= settings.longest_bridged_gap_s


def _length_s(parts: list[SensorSignal]) -> float:
    return float(parts[-1].t_s[-1] - parts[0].t_s[0])


def _uniform(parts: list[SensorSignal], coverage: Coverage) -> Span:
    """The parts on one clock of 100 Hz; samples in between are interpolated linearly."""
    t_s = np.concatenate([part.t_s for part in parts])
    acceleration = np.concatenate([part.acceleration_m_s2 for part in parts])
    turnings = [part.angular_velocity_rad_s for part in parts]
    known = [one for one in turnings if one is not None]
    turning = np.concatenate(known) if len(known) == len(parts) else None
    coverage.moving_s += float(t_s[-1] - t_s[0])
    grid = t_s[0] + np.arange(int((t_s[-1] - t_s[0]) * ANALYSIS_RATE_HZ + 1e-6) + 1) / ANALYSIS_RATE_HZ
    if len(grid) == len(t_s) and np.abs(grid - t_s).max() < 1e-3:
        return Span(float(t_s[0]), acceleration, turning)
    usual = float(np.median(np.diff(t_s)))
    missing = np.diff(t_s)[np.diff(t_s) > 1.6 * usual].sum()
    return Span(
        float(t_s[0]),
        _interpolated(grid, t_s, acceleration),
        None if turning is None else _interpolated(grid, t_s, turning),
        float(missing / max(t_s[-1] - t_s[0], 1e-9)),
    )


def _interpolated(grid: NDArray[np.float64], t_s: NDArray[np.float64], values: Floats) -> Floats:
    return np.column_stack([np.interp(grid, t_s, values[:, axis]) for axis in range(3)]).astype(np.float32)
