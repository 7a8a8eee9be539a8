"""A patient's days, drawn from everything that was recorded."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from patients.models import Patient
from sessions.models import MovementDay, MovementMeasure, WalkingBout
from sessions.selectors.movement import movement_days, series_for, series_of
from sessions.services.movement.days import DayBout, days_of, settle_movement_days, without_doubles
from tests.factories.movement import (
    MORNING,
    gait_that_finds,
    make_analysed_recording,
    make_bout,
    make_signal,
    use_engine,
)


def speed_of(patient, **at) -> MovementMeasure:
    return MovementMeasure.objects.get(patient=patient, code="walking_speed_m_s", **at)


def day_bout(recording_id: int, start_s: float, end_s: float, placement: str) -> DayBout:
    start, end = MORNING + timedelta(seconds=start_s), MORNING + timedelta(seconds=end_s)
    return DayBout(recording_id, start, end, end_s - start_s, 10, placement, {})


def test_long_bouts_weigh_more(north, monkeypatch):
    bouts = (make_bout(0.0, 10.0, speed=0.8), make_bout(12.0, 42.0, speed=1.2, half=0.2))
    use_engine(monkeypatch, gait_that_finds(*bouts))
    make_analysed_recording(north.paul, make_signal(60))
    speed = speed_of(north.paul)
    assert speed.value == pytest.approx((10 * 0.8 + 30 * 1.2) / 40)
    assert speed.low == pytest.approx((10 * 0.7 + 30 * 1.0) / 40)
    assert speed.high == pytest.approx((10 * 0.9 + 30 * 1.4) / 40)
    assert speed.n == 2
    assert [flag["code"] for flag in speed.flags] == ["little_walking"]


def test_what_is_withheld_makes_no_value(north):
    make_analysed_recording(north.petra)
    codes = set(MovementMeasure.objects.values_list("code", flat=True))
    assert codes == {"cadence_spm"}


def test_the_patients_zone_decides_the_day(north):
    Patient.objects.filter(pk=north.paul.pk).update(time_zone="Pacific/Auckland")
    late = datetime(2026, 11, 2, 11, 30, tzinfo=UTC)
    make_analysed_recording(north.paul, make_signal(30, started_at=late), started_at=late)
    assert MovementDay.objects.get().day == date(2026, 11, 3)


def test_a_recording_over_midnight_is_shared_out(north, monkeypatch):
    midnight = datetime(2026, 11, 3, tzinfo=UTC)
    start = midnight - timedelta(seconds=45)
    use_engine(monkeypatch, gait_that_finds(make_bout(10.0, 30.0), make_bout(50.0, 58.0)))
    make_analysed_recording(north.paul, make_signal(60), started_at=start)
    first, second = MovementDay.objects.order_by("day")
    assert (first.bout_count, second.bout_count) == (1, 1)
    assert first.recorded_minutes == pytest.approx(45 / 60, abs=0.02)
    assert second.recorded_minutes == pytest.approx(15 / 60, abs=0.02)


def test_two_sensors_at_once_count_once(north):
    make_analysed_recording(north.paul, placement="right_wrist")
    make_analysed_recording(north.paul, placement="lower_back")
    day = MovementDay.objects.get()
    assert (day.bout_count, day.step_count, day.walking_minutes) == (1, 40, 0.33)
    assert day.recorded_minutes == pytest.approx(0.5, abs=0.01)
    assert day.quality["placements"] == ["lower_back", "right_wrist"]
    assert WalkingBout.objects.count() == 2


def test_the_better_place_is_kept():
    wrist = day_bout(1, 0, 60, "left_wrist")
    pocket = day_bout(2, 20, 70, "pocket")
    alone = day_bout(1, 100, 120, "left_wrist")
    assert without_doubles([wrist, pocket, alone]) == [pocket, alone]
    touching = day_bout(3, 60, 130, "chest")
    assert without_doubles([pocket, touching]) == [pocket, touching]


def test_two_recordings_of_a_day_add_up(north):
    make_analysed_recording(north.paul, note="old shoes")
    later = MORNING + timedelta(hours=3)
    make_analysed_recording(north.paul, started_at=later, note="new shoes")
    assert MovementDay.objects.get().step_count == 80
    speed = speed_of(north.paul)
    assert speed.n == 2
    assert speed.circumstances["notes"] == ["new shoes", "old shoes"]
    assert speed.circumstances["placements"] == ["lower_back"]


def test_steps_a_day_need_ten_hours_of_wear(north):
    make_analysed_recording(north.paul)
    assert not MovementMeasure.objects.filter(code="step_count").exists()
    tomorrow = MORNING + timedelta(days=1)
    moved = make_signal(11 * 3600, rate_hz=1.0)
    make_analysed_recording(north.paul, moved, started_at=tomorrow, activity="free_living", segment_s=3600)
    counts = {row.code: row.value for row in MovementMeasure.objects.filter(day=tomorrow.date())}
    assert counts["step_count"] == 40
    assert counts["wear_minutes"] == pytest.approx(660, abs=1)


def test_a_sensor_on_the_table_is_not_worn(north):
    worn = make_signal(3600, rate_hz=2.0)
    still = np.tile(np.float32([0.0, 0.0, 9.81]), (2 * 3 * 3600, 1))
    force = np.concatenate([worn.acceleration_m_s2, still])
    signal = replace(
        worn, t_s=np.arange(len(force)) / 2.0, acceleration_m_s2=force, angular_velocity_rad_s=None
    )
    make_analysed_recording(north.paul, signal, activity="free_living", segment_s=3600)
    day = MovementDay.objects.get()
    assert day.recorded_minutes == pytest.approx(240, abs=1)
    assert day.wear_minutes == pytest.approx(60, abs=1.1)


def test_settling_twice_changes_nothing(north):
    make_analysed_recording(north.paul)
    before = list(MovementMeasure.objects.order_by("code").values_list("code", "value"))
    settle_movement_days(north.paul, [MORNING.date(), MORNING.date()])
    assert list(MovementMeasure.objects.order_by("code").values_list("code", "value")) == before
    assert MovementDay.objects.count() == 1


def test_a_day_without_anything_goes(north):
    settle_movement_days(north.paul, [date(2026, 1, 1)])
    assert not MovementDay.objects.exists()


def test_simulated_walking_is_marked(north):
    Patient.objects.filter(pk=north.paul.pk).update(simulated=True)
    north.paul.simulated = True
    make_analysed_recording(north.paul)
    assert speed_of(north.paul).origin == "simulated"
    assert MovementDay.objects.get().quality["simulated"] is True


def test_days_of_a_stretch(north):
    assert days_of(north.paul, MORNING, MORNING + timedelta(days=2)) == [
        date(2026, 11, 2),
        date(2026, 11, 3),
        date(2026, 11, 4),
    ]


def test_the_series_is_read_in_one_query_however_long(north):
    def queries(days: int) -> int:
        for number in range(days):
            make_analysed_recording(north.paul, started_at=MORNING + timedelta(days=number))
        with CaptureQueriesContext(
            connection,
        ) as seen:
            assert list(series_for(north.paul, "walking_speed_m_s", since=date(2026, 11, 1)))
            assert list(movement_days(north.paul))
            assert series_of(north.paul, ["walking_speed_m_s", "cadence_spm"])
        return len(seen)

    assert queries(1) == queries(3) == 3
    with connection.cursor() as cursor:
        cursor.execute("SET enable_seqscan = off")
        plan = series_for(north.paul, "walking_speed_m_s", since=date(2026, 11, 1)).explain()
    assert "Seq Scan" not in plan
