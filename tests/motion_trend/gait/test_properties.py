"""What must not matter does not: how the sensor lies, when the clock began, how a recording is cut."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.transform import Rotation

from sessions.motion_trend.gait import analyse_gait, analyse_stream
from sessions.motion_trend.types import GaitResult, Placement, SensorSignal
from sessions.motion_trend.walker import joined, rest, walk

TURNS = list(Rotation.create_group("O"))


def a_walk(rotation: Rotation | None = None, rate_hz: float = 100.0, **more: object) -> SensorSignal:
    signal, _ = walk(
        seconds=30,
        cadence_spm=106,
        step_length_m=0.62,
        asymmetry_pct=6,
        rotation=rotation,
        rate_hz=rate_hz,
        seed=4,
    )
    return replace(signal, **more) if more else signal


def turned(signal: SensorSignal, rotation: Rotation) -> SensorSignal:
    turning = signal.angular_velocity_rad_s
    return replace(
        signal,
        acceleration_m_s2=rotation.apply(signal.acceleration_m_s2).astype(np.float32),
        angular_velocity_rad_s=None if turning is None else rotation.apply(turning).astype(np.float32),
    )


def same(first: GaitResult, second: GaitResult, *, by_s: float = 0.0, rel: float = 0.01) -> None:
    assert len(first.bouts) == len(second.bouts) > 0
    for one, other in zip(first.bouts, second.bouts, strict=True):
        assert other.start_s == pytest.approx(one.start_s + by_s, abs=0.05)
        assert [s.side for s in one.steps] == [s.side for s in other.steps]
        for code, measure in one.measures.items():
            assert other.measures[code].value == (
                None if measure.value is None else pytest.approx(measure.value, rel=rel, abs=0.5)
            ), code


@pytest.mark.parametrize("turn", range(24))
def test_each_of_the_24_ways_a_sensor_can_lie_gives_the_same(turn: int) -> None:
    plain = a_walk()
    same(analyse_gait([plain], height_m=1.7), analyse_gait([turned(plain, TURNS[turn])], height_m=1.7))


@given(st.integers(0, 2**31))
@settings(max_examples=8, deadline=None)
def test_any_rotation_gives_the_same(seed: int) -> None:
    plain = a_walk()
    turn = Rotation.random(random_state=np.random.RandomState(seed))
    same(analyse_gait([plain], height_m=1.7), analyse_gait([turned(plain, turn)], height_m=1.7))


@given(st.floats(0, 86_400))
@settings(max_examples=8, deadline=None)
def test_a_later_start_moves_the_bouts_and_nothing_else(by_s: float) -> None:
    plain = a_walk()
    later = replace(plain, t_s=plain.t_s + by_s)
    same(analyse_gait([plain], height_m=1.7), analyse_gait([later], height_m=1.7), by_s=by_s)


@pytest.mark.parametrize("cut", [7, 500, 1_777])
def test_pieces_give_what_the_whole_gives(cut: int) -> None:
    whole = joined([rest(seconds=30), a_walk(), rest(seconds=40), a_walk()])
    parts = [
        SensorSignal(
            whole.t_s[k : k + cut],
            whole.acceleration_m_s2[k : k + cut],
            None if whole.angular_velocity_rad_s is None else whole.angular_velocity_rad_s[k : k + cut],
            100.0,
            Placement.LOWER_BACK,
        )
        for k in range(0, len(whole), cut)
    ]
    expected = analyse_gait([whole], height_m=1.7)
    streamed = analyse_stream(iter(parts), placement=Placement.LOWER_BACK, height_m=1.7)
    assert len(expected.bouts) == 2
    same(expected, streamed)


@pytest.mark.parametrize("rate_hz", [25.0, 31.25, 50.0, 64.0, 128.0, 200.0, 256.0])
def test_any_rate_gives_nearly_the_same(rate_hz: float) -> None:
    bout = analyse_gait([a_walk(rate_hz=rate_hz)], height_m=1.7).bouts[0]
    expected = analyse_gait([a_walk()], height_m=1.7).bouts[0]
    for code in ("cadence_spm", "stride_length_m", "walking_speed_m_s"):
        assert bout.measures[code].value == pytest.approx(expected.measures[code].value, rel=0.06)


def test_a_gap_parts_a_bout() -> None:
    plain = a_walk()
    keep = (plain.t_s < 15) | (plain.t_s > 20)
    gapped = replace(
        plain,
        t_s=plain.t_s[keep],
        acceleration_m_s2=plain.acceleration_m_s2[keep],
        angular_velocity_rad_s=plain.angular_velocity_rad_s[keep],
    )
    result = analyse_gait([gapped], height_m=1.7)
    assert len(result.bouts) == 2
    assert result.quality["gaps"] == 1
    assert all(not (bout.start_s < 17 < bout.end_s) for bout in result.bouts)


def test_memory_of_a_stream_is_that_of_a_piece() -> None:
    def endless() -> object:
        for k in range(0, 200):
            piece = rest(seconds=60, seed=k % 3)
            yield replace(piece, t_s=piece.t_s + 60.0 * k)

    result = analyse_stream(endless(), placement=Placement.LOWER_BACK, height_m=1.7)
    assert result.wear_s == pytest.approx(12_000, abs=5)
    assert result.bouts == ()
