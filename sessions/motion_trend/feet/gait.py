"""Walking bouts from one or two foot sensors, in the shape that every placement gives."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

import numpy as np

from sessions.motion_trend.feet.measures import (
    LEAST_STRIDES,
    STRAIGHT_DEG,
    UNKNOWN,
    BoutStrides,
    bout_measures,
)
from sessions.motion_trend.feet.strides import analyse_foot
from sessions.motion_trend.feet.types import FootStride, FootWalk
from sessions.motion_trend.types import (
    ENGINE_VERSION,
    Flag,
    GaitResult,
    Placement,
    SensorSignal,
    Step,
    WalkingBout,
)

METHOD = "foot_zero_velocity 1"
# Mobilise-D's walking bouts (Kluge et al., PLoS ONE 2021) also end after three seconds without a step.
LONGEST_PAUSE_S = 3.0
SIDES = {Placement.LEFT_FOOT: "left", Placement.RIGHT_FOOT: "right"}
STEEP_M = 0.10

ONE_FOOT = Flag("one_foot", "One foot only: left and right cannot be compared.")
SIDE_UNKNOWN = Flag("side_unknown", "The file does not say which foot this is.")
MOSTLY_TURNING = Flag("turning", "More than half of the strides turn.")
NOT_LEVEL = Flag("not_level", "The path seems to climb or fall (stairs, slope); lengths are along the level.")
CLOCKS = Flag(
    "clocks_unrelated", "The two sensors do not say when they started; they were taken to start together."
)


def gait_from_feet(signals: Sequence[SensorSignal], height_m: float | None = None) -> GaitResult:
    """Bouts with measures from one or two foot sensors (`placement` left_foot, right_foot or unknown).

    Several signals of one foot are pieces of one recording. Times count from the first signal's start.
    `height_m` is not needed: the length is measured, not modelled. Bands: see measures.py. Fewer than three
    strides of a foot make no bout.
    """
    del height_m
    offsets, related = _offsets_s(signals)
    walks = [analyse_foot(signal) for signal in signals]
    by_side: dict[str, list[FootStride]] = {}
    worn_s: dict[str, float] = {}
    for foot, walk, offset_s in zip(_feet(signals), walks, offsets, strict=True):
        by_side.setdefault(foot, []).extend(_shifted(stride, offset_s) for stride in walk.strides)
        worn_s[foot] = worn_s.get(foot, 0.0) + walk.wear_s
    for strides in by_side.values():
        strides.sort(key=lambda stride: stride.start_s)
    rate_hz = min((walk.sampling_rate_hz for walk in walks), default=0.0)
    bouts = tuple(_bout(group, rate_hz) for group in _groups(by_side))
    return GaitResult(
        bouts,
        max(worn_s.values(), default=0.0),
        quality=_quality(walks),
        flags=_flags(walks, related),
        versions={"engine": ENGINE_VERSION, "method": METHOD},
    )


def _feet(signals: Sequence[SensorSignal]) -> list[str]:
    """Which foot each signal is of: its side, or a number; pieces of one source are of one foot."""
    sources = [signal.source or f"signal {index}" for index, signal in enumerate(signals)]
    return [
        SIDES.get(signal.placement, f"{UNKNOWN}{sources.index(source)}")
        for signal, source in zip(signals, sources, strict=True)
    ]


def _offsets_s(signals: Sequence[SensorSignal]) -> tuple[list[float], bool]:
    starts = [signal.started_at for signal in signals]
    known = [start for start in starts if isinstance(start, datetime)]
    if len(known) < len(starts) or not known:
        return [0.0] * len(signals), len(set(_feet(signals))) < 2
    return [(start - known[0]).total_seconds() for start in known], True


def _shifted(stride: FootStride, by_s: float) -> FootStride:
    def moved(t_s: float | None) -> float | None:
        return None if t_s is None else t_s + by_s

    return FootStride(
        stride.start_s + by_s,
        stride.end_s + by_s,
        stride.length_m,
        stride.turn_deg,
        stride.rise_m,
        moved(stride.lift_s),
        moved(stride.contact_s),
    )


def _groups(by_side: Mapping[str, Sequence[FootStride]]) -> list[dict[str, list[FootStride]]]:
    """Strides of both feet that follow one another without a pause."""
    tagged = sorted(
        ((stride, side) for side, strides in by_side.items() for stride in strides),
        key=lambda pair: pair[0].start_s,
    )
    groups: list[dict[str, list[FootStride]]] = []
    end_s = -np.inf
    for stride, side in tagged:
        if stride.start_s - end_s > LONGEST_PAUSE_S:
            groups.append({})
        groups[-1].setdefault(side, []).append(stride)
        end_s = max(end_s, stride.end_s)
    return [group for group in groups if max(map(len, group.values())) >= LEAST_STRIDES]


def _bout(group: Mapping[str, Sequence[FootStride]], rate_hz: float) -> WalkingBout:
    strides = BoutStrides(group, rate_hz)
    every = strides.all
    flags = []
    if len(strides.straight) * 2 < len(every):
        flags.append(MOSTLY_TURNING)
    if abs(float(np.median([stride.rise_m for stride in every]))) > STEEP_M:
        flags.append(NOT_LEVEL)
    return WalkingBout(
        every[0].start_s,
        max(stride.end_s for stride in every),
        tuple(Step(t_s, side if side in SIDES.values() else "") for t_s, side in strides.contacts()),
        bout_measures(strides),
        tuple(flags),
    )


def _quality(walks: Sequence[FootWalk]) -> dict[str, float | int]:
    strides = [stride for walk in walks for stride in walk.strides]
    return {
        "strides": len(strides),
        "turning_strides": sum(abs(stride.turn_deg) > STRAIGHT_DEG for stride in strides),
        "strides_dropped": sum(walk.dropped for walk in walks),
        "sampling_rate_hz": round(min((walk.sampling_rate_hz for walk in walks), default=0.0), 2),
    }


def _flags(walks: Sequence[FootWalk], related: bool) -> tuple[Flag, ...]:
    sides = {SIDES.get(walk.placement, "") for walk in walks}
    flags = [flag for walk in walks for flag in walk.flags]
    if not {"left", "right"} <= sides:
        flags.append(ONE_FOOT)
    if "" in sides:
        flags.append(SIDE_UNKNOWN)
    if not related:
        flags.append(CLOCKS)
    return tuple(dict.fromkeys(flags))
