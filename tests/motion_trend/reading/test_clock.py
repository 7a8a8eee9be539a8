"""The clock's repair: every fault alone, then all together, and that piecewise equals whole."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sessions.motion_trend.reading.clock import (
    ClockRepair,
    compare_clocks,
    drift_between,
    find_period_s,
    repair_clock,
)
from sessions.motion_trend.reading.times import find_time_kind, moment, seconds_of_text

STEADY = np.arange(2000) / 100
BERLIN = ZoneInfo("Europe/Berlin")


def codes(repairs):
    return {repair.code: repair.count for repair in repairs}


def test_a_good_clock_is_left_alone():
    times, keep, repairs = repair_clock(STEADY)
    assert np.array_equal(times, STEADY)
    assert (len(keep), repairs) == (2000, ())


def test_a_gap_stays_a_jump_in_time():
    kept = STEADY[(STEADY < 5) | (STEADY >= 8)]
    times, _, repairs = repair_clock(kept)
    assert np.array_equal(times, kept)
    assert codes(repairs) == {"gap": pytest.approx(3.01)}


def test_samples_that_came_twice_are_kept_once():
    times, keep, repairs = repair_clock(np.concatenate([STEADY[:100], STEADY[98:]]))
    assert np.allclose(times, STEADY)
    assert (len(keep), codes(repairs)["repeated"]) == (2000, 2)


def test_late_packets_are_put_in_order():
    shuffled = np.concatenate([STEADY[:50], STEADY[60:70], STEADY[50:60], STEADY[70:]])
    times, keep, repairs = repair_clock(shuffled)
    assert np.array_equal(times, STEADY)
    assert np.array_equal(shuffled[keep], STEADY)
    assert codes(repairs) == {"late": 1}


def test_a_clock_set_back_goes_on():
    back = np.concatenate([STEADY[:1000], STEADY[1000:] - 500])
    times, _, repairs = repair_clock(back)
    assert np.allclose(times, STEADY)
    assert codes(repairs) == {"set_back": 1}


def test_single_impossible_stamps_are_left_out():
    broken = STEADY.copy()
    broken[700] += 90_000
    broken[900] = np.nan
    times, keep, repairs = repair_clock(broken)
    assert len(times) == 1998
    assert {700, 900}.isdisjoint(keep)
    assert codes(repairs) == {"glitch": 1, "no_time": 1}


def test_coarse_stamps_are_laid_out_evenly():
    coarse = np.floor(STEADY)
    times, keep, repairs = repair_clock(coarse)
    assert np.abs(times - STEADY).max() < 0.011
    assert (len(keep), codes(repairs)["coarse"]) == (2000, 1980)


@pytest.mark.parametrize(
    ("before", "jump"),
    [(datetime(2024, 3, 31, 1, 59, 50), 3600.0), (datetime(2024, 10, 27, 2, 59, 50), -3600.0)],
)
def test_summer_time_is_no_gap(before, jump):
    """Clock times without a zone, over the night in which Berlin's clocks change."""
    begins = before.replace(tzinfo=UTC).timestamp()
    local = begins + STEADY + np.where(STEADY >= 10, jump, 0)
    times, _, repairs = repair_clock(local, zone=BERLIN, is_epoch=True)
    assert np.allclose(np.diff(times), 0.01, atol=1e-6)
    assert codes(repairs) == {"summer_time": 1}


def test_an_hours_pause_on_another_day_stays_a_gap():
    begins = datetime(2024, 5, 5, 1, 59, 50, tzinfo=UTC).timestamp()
    local = begins + STEADY + np.where(STEADY >= 10, 3600, 0)
    times, _, repairs = repair_clock(local, zone=BERLIN, is_epoch=True)
    assert times[-1] - times[0] == pytest.approx(3619.99, abs=1e-4)
    assert "gap" in codes(repairs)


def test_a_clock_that_was_never_set_gets_its_time():
    epoch = datetime(2024, 3, 5, tzinfo=UTC).timestamp()
    stamps = np.where(STEADY < 3, STEADY + 100, STEADY + epoch)
    times, _, repairs = repair_clock(stamps, is_epoch=True)
    assert np.allclose(times, STEADY + epoch, atol=1e-4)
    assert codes(repairs) == {"never_set": 1}


faults = st.lists(
    st.tuples(st.integers(10, 1990), st.sampled_from([-5000.0, -0.05, -0.01, 0.0, 0.3, 40.0, np.nan])),
    max_size=8,
)


@settings(max_examples=60, deadline=None)
@given(faults=faults, cuts=st.lists(st.integers(1, 1999), max_size=4))
def test_whatever_happens_time_only_goes_forward(faults, cuts):
    """In one piece or in several: strictly increasing, each sample at most once."""
    stamps = STEADY.copy()
    for at, shift in faults:
        if np.isnan(shift):
            stamps[at] = np.nan
        else:
            stamps[at:] += shift
    clock = ClockRepair(period_s=find_period_s(stamps))
    given_out, seen, rest = [], 0, np.empty(0)
    parts = np.split(stamps, sorted(cuts))
    for number, part in enumerate(parts):
        joined = np.concatenate([rest, part])
        times, keep, held = clock.push(joined, is_last=number == len(parts) - 1)
        assert len(np.unique(keep)) == len(keep)
        given_out.append(times)
        rest = joined[len(joined) - held :]
        seen += len(times)
    assert (np.diff(np.concatenate(given_out)) > 0).all()
    assert seen >= 1500


def test_drift_of_a_counter_against_the_wall():
    assert drift_between((0.0, 3600.18), (0.0, 3600.0)) == pytest.approx(50, rel=0.01)
    assert drift_between((0.0, 3600.0), (0.0, 3600.0)) == 0
    assert drift_between((0.0, 7300.0), (0.0, 3600.0)) == 0
    assert drift_between((0.0, 10.5), (0.0, 10.0)) == 0


def test_two_sensors_on_one_body_tell_their_clocks_difference():
    t_s = np.arange(0, 1800, 0.01)
    chance = np.random.default_rng(3)
    stride = np.cumsum(1 + 0.05 * chance.normal(size=2000))
    felt = 9.81 + 2 * np.sin(2 * np.pi * np.interp(t_s, stride, np.arange(2000)))
    felt += np.convolve(chance.normal(0, 4, len(t_s)), np.ones(20) / 20, mode="same")
    shown = (t_s + 0.8) * (1 + 60e-6)
    found = compare_clocks(t_s, felt, shown, felt + chance.normal(0, 0.3, len(t_s)))
    assert found is not None
    assert found.offset_s == pytest.approx(0.8, abs=0.01)
    assert found.drift_ppm == pytest.approx(60, abs=5)


def test_two_sensors_that_feel_nothing_in_common_tell_nothing():
    t_s = np.arange(0, 600, 0.02)
    chance = np.random.default_rng(3)
    assert compare_clocks(t_s, chance.normal(size=len(t_s)), t_s, chance.normal(size=len(t_s))) is None


@pytest.mark.parametrize(
    ("cells", "name", "unit", "is_epoch"),
    [
        (["1709629200.01", "1709629200.02"], "t", "s", True),
        (["1709629200010"], "t", "ms", True),
        (["1709629200010000"], "t", "us", True),
        (["1709629200010000000"], "t", "ns", True),
        (["0", "10", "20"], "time", "ms", False),
        (["0.00", "0.01"], "time", "s", False),
        (["0", "10000", "20000"], "time", "us", False),
        (["5", "6"], "Zeit [ms]", "ms", False),
        (["2024-03-05 09:00:00.01"], "t", "iso", True),
        (["05.03.2024 09:00:00,01"], "t", "iso", True),
        (["09:00:00.01"], "t", "iso", False),
    ],
)
def test_how_a_column_counts_time(cells, name, unit, is_epoch):
    kind = find_time_kind(cells, name=name)
    assert (kind.unit, kind.is_epoch) == (unit, is_epoch)


@pytest.mark.parametrize(
    "cell",
    [
        "2024-03-05T09:00:00.250Z", "2024-03-05 10:00:00.250 +0100", "2024-03-05 10:00:00,250+01:00",
        "2024-03-05T09.00.00.250", "05.03.2024 09:00:00.250", "2024-03-05 09:00:00:250",
    ],
)  # fmt: skip
def test_dates_as_programs_write_them(cell):
    (seconds,) = seconds_of_text([cell])
    assert moment(float(seconds), zone=None) == datetime(2024, 3, 5, 9, 0, 0, 250_000, tzinfo=UTC)


def test_a_date_with_the_month_first_is_told_by_a_later_day():
    first, second = seconds_of_text(["3/5/2024 09:00:00", "3/25/2024 09:00:00"])
    assert second - first == 20 * 86_400


def test_a_local_moment():
    local = datetime(2024, 7, 1, 12, tzinfo=UTC).timestamp()
    assert moment(local, zone=BERLIN) == datetime(2024, 7, 1, 10, tzinfo=UTC)
