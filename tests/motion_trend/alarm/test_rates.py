"""A small operating curve: false alarms, and drops told in time. The whole one is in docs/science."""

import json
from io import StringIO

import numpy as np
import pytest
from django.core.management import call_command

from sessions.motion_trend.alarm.charts import FAST, JOINT, SLOW
from sessions.motion_trend.alarm.curve import MEASURED
from sessions.motion_trend.alarm.measuring import (
    draws_of,
    measure_detection,
    measure_false_alarms,
    recompute_table,
)
from sessions.motion_trend.alarm.thresholds import shipped_table, store_table
from sessions.motion_trend.simulation import (
    HELD_OUT_FAMILIES,
    RECOVERIES,
    TUNING_FAMILIES,
    Change,
    Family,
    simulate,
)

SOME_FAMILIES = HELD_OUT_FAMILIES[::3]


def test_families_are_split_and_differ() -> None:
    assert all(family.tuning for family in TUNING_FAMILIES)
    assert not any(family.tuning for family in HELD_OUT_FAMILIES)
    seen = {(family.recovery, family.noise) for family in TUNING_FAMILIES}
    assert not seen & {(family.recovery, family.noise) for family in HELD_OUT_FAMILIES}


def test_people_who_only_recover_are_seldom_alarmed() -> None:
    rates = [
        measure_false_alarms(family, people=20, metrics=6, weeks=26, per_week=7, rate=1.0, seed=11).rate
        for family in SOME_FAMILIES
    ]
    assert np.mean(rates) <= 1.0


def test_fewer_false_alarms_where_a_clinic_asks_for_fewer() -> None:
    family = HELD_OUT_FAMILIES[0]
    rates = [
        measure_false_alarms(family, people=30, metrics=4, weeks=26, per_week=7, rate=rate, seed=3).rate
        for rate in (0.25, 2.0)
    ]
    assert rates[0] < rates[1]


def test_a_3_sd_step_is_told_within_two_days() -> None:
    found = [
        measure_detection(
            family, Change(3.0), people=20, metrics=6, weeks=26, per_week=7, rate=1.0, seed=12
        ).share
        for family in SOME_FAMILIES
    ]
    assert np.mean(found) >= 0.93


def test_twice_a_week_it_is_told_by_the_second_measurement() -> None:
    found = [
        measure_detection(
            family, Change(3.0), people=20, metrics=6, weeks=26, per_week=2, rate=1.0, seed=12
        ).share
        for family in SOME_FAMILIES
    ]
    assert np.mean(found) >= 0.88


@pytest.mark.parametrize("recovery", sorted(RECOVERIES))
def test_every_recovery_draws_people_that_differ(recovery: str) -> None:
    family = Family(recovery, recovery, "gaussian")
    made = simulate(family, people=3, metrics=2, days=60, per_week=7, rng=np.random.default_rng(1))
    assert made.values.shape == (3, 2, 60)
    assert np.isfinite(made.values).all()
    assert not np.allclose(made.values[0], made.values[1])


def test_the_same_seed_draws_the_same_people() -> None:
    family = HELD_OUT_FAMILIES[-1]
    one, other = (
        simulate(family, people=2, metrics=2, days=60, per_week=2, rng=np.random.default_rng(5)).values
        for _ in range(2)
    )
    assert np.array_equal(one, other, equal_nan=True)
    assert np.isfinite(one).any(axis=(0, 1)).sum() <= 60


def test_each_family_has_its_own_draws_the_same_each_time() -> None:
    one, again, other = (
        draws_of(family, 1).normal(size=5)
        for family in (HELD_OUT_FAMILIES[0], HELD_OUT_FAMILIES[0], HELD_OUT_FAMILIES[1])
    )
    assert np.array_equal(one, again)
    assert not np.isclose(one, other).any()


def test_a_table_is_recomputed_stored_and_read(tmp_path) -> None:
    table = recompute_table(people=10, seed=2)
    path = tmp_path / "table.json"
    store_table(table, path)
    assert json.loads(path.read_text())["version"] == table.version
    assert all(np.all(np.diff(rates) <= 1e-12) for rates in table.daily)


def test_a_smaller_budget_stands_higher_and_sparse_data_stand_lower() -> None:
    table = shipped_table()
    daily, sparse = np.array([7.0]), np.array([2.0])
    for chart in (FAST, SLOW, JOINT):
        heights = [table.height_for(np.array([rate]), chart, daily)[0] for rate in (1e-2, 1e-3, 1e-4, 1e-6)]
        assert heights == sorted(heights)
        assert np.all(np.diff(heights) > 0)
    assert table.height_for(np.array([1e-3]), FAST, sparse) < table.height_for(np.array([1e-3]), FAST, daily)


def test_the_command_prints_the_whole_curve(monkeypatch: pytest.MonkeyPatch, tmp_path) -> None:
    few = (TUNING_FAMILIES[0], HELD_OUT_FAMILIES[0])
    for name, value in (("FAMILIES", few), ("TUNING_FAMILIES", few[:1]), ("HELD_OUT_FAMILIES", few[1:])):
        monkeypatch.setattr(f"sessions.motion_trend.alarm.curve.{name}", value)
    page = tmp_path / "alarm.md"
    page.write_text(f"Why.\n\n{MEASURED}\nold numbers\n")
    out = StringIO()
    call_command("measure_alarms", patients=2, metrics=2, weeks=16, json=True, document=page, stdout=out)
    curve = json.loads(out.getvalue())
    assert set(curve["by_rate"]) == {"0.25", "0.5", "1", "2"}
    assert {one["per_week"] for one in curve["detections"]} == {7, 3, 2, 1}
    assert {one["held_out"] for one in curve["false_alarms_per_26_weeks"]} == {True, False}
    assert len(curve["rivals"]) == 3
    assert "patients" in curve["note"]
    document = page.read_text()
    assert document.startswith(f"Why.\n\n{MEASURED}\n")
    assert "old numbers" not in document
    assert "held out" in document
