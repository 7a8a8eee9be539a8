"""Gait from a sensor on the trunk: lower back, waist; chest or an unknown place without lengths."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from sessions.motion_trend.gait import reasons
from sessions.motion_trend.gait.contacts import at_the_jolt, find_walking
from sessions.motion_trend.gait.filters import ANALYSIS_RATE_HZ
from sessions.motion_trend.gait.settings import GaitSettings
from sessions.motion_trend.gait.sides import SURE_FACING, alternating_sides, side_scores
from sessions.motion_trend.gait.spans import Span
from sessions.motion_trend.gait.steadiness import borders_of_uneven, steady_steps
from sessions.motion_trend.gait.step_length import (
    SAME_SIDE,
    SIDES_DRIFT_HZ,
    SPEED_DRIFT_HZ,
    drift_below,
    step_lengths,
    vertical_way,
)
from sessions.motion_trend.gait.trunk_measures import StepTable, trunk_measures
from sessions.motion_trend.orientation import Levelled, facing, level
from sessions.motion_trend.types import Flag, Measure, Placement, Step, WalkingBout

Array = NDArray[np.float64]

LEVEL_MARGIN_S = 8.0


@dataclass(frozen=True, slots=True)
class Wearer:
    """What is known beside the signal."""

    placement: Placement
    height_m: float | None
    coarse: bool = False


@dataclass(frozen=True, slots=True)
class Stretch:
    """One bout's contacts_s[K] on the clock of a levelled span that begins shift_s into the recording."""

    levelled: Levelled
    contacts_s: Array
    shift_s: float
    bridged: float


def trunk_bouts(span: Span, wearer: Wearer, *, settings: GaitSettings) -> Iterator[WalkingBout]:
    """The walking bouts of one span of movement."""
    for walking in find_walking(span.acceleration_m_s2, settings=settings):
        first = max(round((walking.start_s - LEVEL_MARGIN_S) * ANALYSIS_RATE_HZ), 0)
        last = min(round((walking.end_s + LEVEL_MARGIN_S) * ANALYSIS_RATE_HZ), len(span))
        turning = span.angular_velocity_rad_s
        levelled = level(
            span.acceleration_m_s2[first:last],
            None if turning is None else turning[first:last],
            rate_hz=ANALYSIS_RATE_HZ,
        )
        shift_s = first / ANALYSIS_RATE_HZ
        for contacts in even_parts(walking.contacts_s - shift_s, levelled.yaw_rad_s, settings=settings):
            stretch = Stretch(levelled, contacts, shift_s + span.start_s, span.bridged)
            yield _bout(stretch, wearer, settings=settings)


def even_parts(contacts: Array, yaw_rad_s: Array | None, *, settings: GaitSettings) -> list[Array]:
    """The contacts cut where over 3 s of uneven stepping lie between even walking; parts of six or more."""
    borders = borders_of_uneven(contacts, yaw_rad_s, longest_s=settings.longest_break_s)
    parts = [contacts[a : b + 1] for a, b in pairwise([0, *borders, len(contacts) - 1])]
    return [part for part in parts if len(part) >= settings.least_bout_steps]


def _bout(stretch: Stretch, wearer: Wearer, *, settings: GaitSettings) -> WalkingBout:
    table, unsure = _steps(stretch, wearer, settings=settings)
    gappy = stretch.bridged > settings.largest_dropped_share
    measures = trunk_measures(
        table,
        wearer.placement,
        gappy=gappy,
        coarse=wearer.coarse,
        height_known=wearer.height_m is not None,
        has_gyroscope=stretch.levelled.yaw_rad_s is not None,
        settings=settings,
    )
    times = table.contacts_s + stretch.shift_s
    steps = tuple(Step(float(t), side) for t, side in zip(times, table.sides, strict=True))
    flags = _flags(table, wearer, unsure=unsure, gappy=gappy, settings=settings)
    if _is_slow(measures["walking_speed_m_s"], settings=settings):
        flags = (*flags, reasons.SLOW_BOUT)
    return WalkingBout(steps[0].t_s, steps[-1].t_s, steps, measures, flags)


def _steps(stretch: Stretch, wearer: Wearer, *, settings: GaitSettings) -> tuple[StepTable, bool]:
    """Times, lengths and sides of a bout's steps; and whether the facing is unsure."""
    levelled = stretch.levelled
    contacts = _best_timed(stretch, settings=settings)
    step_s = float(np.median(np.diff(contacts)))
    first, last = (round(float(t) * ANALYSIS_RATE_HZ) for t in (contacts[0], contacts[-1]))
    faced = facing(_part(levelled, first, last + 1), step_hz=1 / step_s, rate_hz=ANALYSIS_RATE_HZ)
    sides: tuple[str, ...] = ("",) * len(contacts)
    if levelled.yaw_rad_s is not None:
        sides = alternating_sides(side_scores(levelled, faced, contacts), contacts, step_s=step_s)
    steady = steady_steps(contacts, levelled.yaw_rad_s)
    table = StepTable(contacts, None, sides, steady, levelled.vertical_m_s2)
    if wearer.height_m is not None:
        surely_even = table.is_steady(settings) and levelled.yaw_rad_s is not None
        drift_hz = drift_below(step_s) if surely_even else SPEED_DRIFT_HZ
        table = _with_lengths(table, wearer.height_m, drift_hz, settings=settings)
    return table, faced.share < SURE_FACING


def _best_timed(stretch: Stretch, *, settings: GaitSettings) -> Array:
    """At the jolts if the walking is steady by the crossings and by the jolts, else at the crossings."""
    levelled = stretch.levelled
    jolts = at_the_jolt(stretch.contacts_s, levelled.vertical_m_s2)
    for contacts in (stretch.contacts_s, jolts):
        steady = steady_steps(contacts, levelled.yaw_rad_s)
        if not StepTable(contacts, None, (), steady, levelled.vertical_m_s2).is_steady(settings):
            return stretch.contacts_s
    return jolts


def _with_lengths(table: StepTable, height_m: float, drift_hz: float, *, settings: GaitSettings) -> StepTable:
    """The table with step lengths, and with those to compare the sides by."""
    way = vertical_way(table.vertical_m_s2, drift_hz=drift_hz)
    slower_way = vertical_way(table.vertical_m_s2, drift_hz=SIDES_DRIFT_HZ)
    contacts = table.contacts_s
    return replace(
        table,
        lengths_m=step_lengths(way, contacts, height_m=height_m, settings=settings),
        side_lengths_m=step_lengths(
            slower_way, contacts, height_m=height_m, settings=settings, pooled=SAME_SIDE
        ),
    )


def _is_slow(speed: Measure, *, settings: GaitSettings) -> bool:
    if speed.value is None:
        return speed.withheld in (reasons.SLOW, reasons.SLOW_UNEVEN)
    return speed.value < settings.slow_speed_m_s


def _part(levelled: Levelled, first: int, last: int) -> Levelled:
    return Levelled(
        levelled.vertical_m_s2[first:last],
        levelled.horizontal_m_s2[first:last],
        None if levelled.yaw_rad_s is None else levelled.yaw_rad_s[first:last],
        None if levelled.tilting_rad_s is None else levelled.tilting_rad_s[first:last],
        levelled.up,
    )


def _flags(
    table: StepTable, wearer: Wearer, *, unsure: bool, gappy: bool, settings: GaitSettings
) -> tuple[Flag, ...]:
    found = (
        (reasons.SHORT_BOUT, len(table.contacts_s) < settings.least_steps_for_symmetry),
        (reasons.UNEVEN_BOUT, table.steady.mean() < settings.least_steady_share),
        (reasons.FACING_UNSURE, unsure),
        (reasons.COARSE_BOUT, wearer.coarse),
        (reasons.GAPPY_BOUT, gappy),
        (reasons.PLACE, wearer.placement is not Placement.LOWER_BACK),
    )
    return tuple(flag for flag, holds in found if holds)
