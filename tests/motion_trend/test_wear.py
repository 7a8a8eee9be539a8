"""Wear: a body moves, a table does not."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from sessions.motion_trend.types import SensorSignal
from sessions.motion_trend.wear import WearTime

HOUR = 3600.0


def made(*, hours: float, moving: bool, start_h: float = 0.0, rate_hz: float = 5.0) -> SensorSignal:
    count = round(hours * HOUR * rate_hz)
    noise = np.random.default_rng(3).normal(0, 0.3 if moving else 0.01, (count, 3))
    t_s = start_h * HOUR + np.arange(count) / rate_hz
    return SensorSignal(t_s, (noise + [0, 0, 9.81]).astype(np.float32), None, rate_hz)  # noqa: RUF005


def worn_of(*pieces: SensorSignal) -> WearTime:
    wear = WearTime()
    for piece in pieces:
        wear.push(piece)
    return wear


def test_moving_is_worn_to_the_last_sample():
    wear = worn_of(made(hours=2, moving=True))
    assert wear.worn() == [(0.0, 2 * HOUR)]


def test_two_hours_on_a_table_between_two_walks():
    wear = worn_of(
        made(hours=1, moving=True),
        made(hours=2, moving=False, start_h=1),
        made(hours=1, moving=True, start_h=3),
    )
    assert wear.worn() == [(0.0, HOUR), (3 * HOUR, 4 * HOUR)]
    assert wear.worn_s() == 2 * HOUR


def test_half_an_hour_of_rest_is_worn():
    wear = worn_of(
        made(hours=1, moving=True),
        made(hours=0.5, moving=False, start_h=1),
        made(hours=1, moving=True, start_h=1.5),
    )
    assert wear.worn_s() == pytest.approx(2.5 * HOUR)


def test_a_gap_is_not_worn():
    wear = worn_of(made(hours=1, moving=True), made(hours=1, moving=True, start_h=5))
    assert wear.worn() == [(0.0, HOUR), (5 * HOUR, 6 * HOUR)]


def test_pieces_do_not_change_the_answer():
    whole = made(hours=4, moving=False)
    walked = made(hours=1, moving=True)
    force = whole.acceleration_m_s2.copy()
    force[: len(walked)] = walked.acceleration_m_s2
    whole = replace(whole, acceleration_m_s2=force)
    cuts = [0, 1234, 5000, 20_001, 40_007, len(whole)]
    pieces = [replace(whole, t_s=whole.t_s[a:b], acceleration_m_s2=force[a:b]) for a, b in pairwise(cuts)]
    assert worn_of(*pieces).worn() == worn_of(whole).worn()


def test_nothing_is_not_worn():
    assert worn_of().worn() == []
    assert worn_of(made(hours=0, moving=True)).worn_s() == 0
