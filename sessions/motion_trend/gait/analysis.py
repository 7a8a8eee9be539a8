"""From recordings to walking bouts: the method that fits the sensor's place, and what it cannot say."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from sessions.motion_trend.gait.settings import SETTINGS, GaitSettings
from sessions.motion_trend.gait.spans import Coverage, Span, moving_spans
from sessions.motion_trend.gait.thigh import thigh_bouts
from sessions.motion_trend.gait.trunk import Wearer, trunk_bouts
from sessions.motion_trend.gait.wrist import rhythm_bouts
from sessions.motion_trend.types import (
    ENGINE_VERSION,
    Flag,
    GaitResult,
    Placement,
    SensorSignal,
    WalkingBout,
)

METHOD_VERSION = "gait-1.1"
FEET = frozenset({Placement.LEFT_FOOT, Placement.RIGHT_FOOT})
THIGHS = frozenset({Placement.POCKET, Placement.LEFT_THIGH, Placement.RIGHT_THIGH})
WRISTS = frozenset({Placement.LEFT_WRIST, Placement.RIGHT_WRIST})
SHANKS = frozenset({Placement.LEFT_SHANK, Placement.RIGHT_SHANK})

NO_WALKING = Flag("no_walking", "No walking of four strides or more was found.")
HEIGHT_MISSING = Flag("height_unknown", "Without the person's height there are no lengths and no speed.")
UNKNOWN_PLACE = Flag("placement_unknown", "Where the sensor was worn is not known: only the rhythm is shown.")
OTHERS_LEFT = Flag(
    "other_sensors_left_out", "Several sensors: the one with the most validated place was used."
)

_ORDER = (
    Placement.LOWER_BACK,
    Placement.WAIST,
    Placement.LEFT_FOOT,
    Placement.RIGHT_FOOT,
    Placement.CHEST,
    Placement.LEFT_THIGH,
    Placement.RIGHT_THIGH,
    Placement.POCKET,
    Placement.LEFT_SHANK,
    Placement.RIGHT_SHANK,
    Placement.LEFT_WRIST,
    Placement.RIGHT_WRIST,
    Placement.UNKNOWN,
)


def analyse_gait(
    signals: Sequence[SensorSignal], *, height_m: float | None, settings: GaitSettings = SETTINGS
) -> GaitResult:
    """Walking bouts with their measures, from pieces of a recording in the order of time.

    Pieces of one placement are one sensor; of several sensors the one with the best validated place is used,
    both feet together. `height_m` of the person, in m; None or an impossible one withholds lengths and speed.
    Never raises on strange data: what cannot be analysed is said in flags.
    """
    by_place: dict[Placement, list[SensorSignal]] = defaultdict(list)
    for signal in signals:
        by_place[signal.placement].append(signal)
    if not by_place:
        return GaitResult((), 0.0, {}, (NO_WALKING,), _versions())
    best = min(by_place, key=_ORDER.index)
    if best in FEET:
        from sessions.motion_trend.feet import gait_from_feet

        return gait_from_feet(list(chain.from_iterable(by_place[p] for p in by_place if p in FEET)), height_m)
    extra = (OTHERS_LEFT,) if len(by_place) > 1 else ()
    return _one_sensor(by_place[best], best, _possible(height_m), settings, extra)


def analyse_stream(
    signals: Iterable[SensorSignal], *, placement: Placement, height_m: float | None
) -> GaitResult:
    """As `analyse_gait` for one sensor whose pieces come one by one, in constant memory (not for feet)."""
    if placement in FEET:
        return analyse_gait(list(signals), height_m=height_m)
    return _one_sensor(signals, placement, _possible(height_m), SETTINGS, ())


def _one_sensor(
    signals: Iterable[SensorSignal],
    placement: Placement,
    height_m: float | None,
    settings: GaitSettings,
    extra: tuple[Flag, ...],
) -> GaitResult:
    coverage = Coverage()
    bouts: list[WalkingBout] = []
    for span in moving_spans(signals, coverage, settings=settings):
        bouts.extend(_bouts_of(span, placement, height_m, coverage, settings=settings))
    flags = [*coverage.flags.values(), *extra]
    if not bouts:
        flags.append(NO_WALKING)
    if height_m is None and placement not in THIGHS | WRISTS:
        flags.append(HEIGHT_MISSING)
    if placement is Placement.UNKNOWN:
        flags.append(UNKNOWN_PLACE)
    return GaitResult(tuple(bouts), coverage.recorded_s, _quality(coverage, bouts), tuple(flags), _versions())


def _bouts_of(
    span: Span, placement: Placement, height_m: float | None, coverage: Coverage, *, settings: GaitSettings
) -> Iterator[WalkingBout]:
    if len(span) < settings.least_span_samples:
        return iter(())
    if placement in THIGHS | SHANKS and span.angular_velocity_rad_s is not None:
        return thigh_bouts(span, placement, settings=settings)
    if placement in THIGHS | SHANKS | WRISTS:
        return rhythm_bouts(span, placement)
    wearer = Wearer(placement, height_m, coarse="coarse_steps" in coverage.flags)
    return trunk_bouts(span, wearer, settings=settings)


def _possible(height_m: float | None) -> float | None:
    """A height that a person can have, else None."""
    return height_m if height_m is not None and 0.5 <= height_m <= 2.5 else None


def _quality(coverage: Coverage, bouts: Sequence[WalkingBout]) -> dict[str, float | int]:
    return {
        "recorded_s": round(coverage.recorded_s, 2),
        "moving_s": round(coverage.moving_s, 2),
        "walking_s": round(sum(bout.duration_s for bout in bouts), 2),
        "samples": coverage.samples,
        "gaps": coverage.gaps,
        "rate_hz": round(coverage.least_rate_hz, 2) if coverage.samples else 0.0,
        "resolution_m_s2": round(coverage.resolution_m_s2, 4),
    }


def _versions() -> dict[str, str]:
    return {"engine": ENGINE_VERSION, "method": METHOD_VERSION}
