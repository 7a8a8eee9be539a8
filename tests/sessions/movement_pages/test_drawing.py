"""The drawn chart: everything lies inside its frame, and ticks are round."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinic.tenancy.scope import clinic_scope
from sessions.models import MovementMeasure
from sessions.selectors.movement.dashboard import dashboard_of
from sessions.selectors.movement.weeks import compare_weeks
from sessions.views.movement_drawing import FLOOR, TOP, WIDTH, draw_chart, draw_days, nice_ticks, week_points
from tests.sessions.movement_pages.episode import make_course, make_movement_alarm


@given(low=st.floats(-1e4, 1e4), span=st.floats(1e-3, 1e4))
def test_ticks_are_round_few_and_inside(low, span):
    ticks = nice_ticks(low, low + span)
    assert 1 <= len(ticks) <= 7
    assert all(low <= value <= low + span for value, _ in ticks)
    assert len({label for _, label in ticks}) == len(ticks)


def drawn(floor, weeks=None):
    with clinic_scope(floor.paul.clinic_id):
        dashboard = dashboard_of(floor.paul, weeks=weeks)
        return dashboard, draw_chart(dashboard.charts[0], dashboard)


def test_everything_lies_inside_the_frame(floor):
    make_course(floor.paul, drop_from=4)
    make_movement_alarm(floor.paul)
    _, drawing = drawn(floor)
    assert len(drawing.marks) == 56
    for mark in drawing.marks:
        assert 0 < mark.x < WIDTH
        assert TOP <= mark.y <= FLOOR
    for x, y in re.findall(r"([\d.]+),([\d.]+)", f"{drawing.band} {drawing.level} {drawing.expected}"):
        assert 0 <= float(x) <= WIDTH
        assert TOP <= float(y) <= FLOOR
    assert len(drawing.alarms) == 1
    assert drawing.noise is not None and drawing.important_y is not None


def test_a_window_shows_only_its_days(floor):
    make_course(floor.paul)
    _, drawing = drawn(floor, weeks=2)
    assert len(drawing.marks) == 14


def test_one_value_far_away_and_one_of_nought_can_be_drawn(floor):
    make_course(floor.paul, days=2)
    with clinic_scope(floor.paul.clinic_id):
        MovementMeasure.objects.update(value=0.0, low=None, high=None)
    _, drawing = drawn(floor)
    assert {mark.y for mark in drawing.marks} == {drawing.marks[0].y}


def test_the_calendar_has_each_day_once(floor):
    make_course(floor.paul, days=30, every=3)
    dashboard, _ = drawn(floor)
    calendar = draw_days(dashboard)
    days = [cell.day for cell in calendar.cells]
    assert len(days) == len(set(days)) == 30
    assert sum(cell.fill != "none" for cell in calendar.cells) == 10
    assert calendar.words == "A sensor was worn on 10 of 30 days."


@pytest.mark.parametrize("values", [[1.0] * 7, [None] * 6 + [2.0], [None] * 7, [0.0, 1e9, None, 3, 4, 5, 6]])
def test_a_weeks_line_stays_in_its_box(values):
    shown = [value for value in values if value is not None]
    line = week_points(values, low=min(shown, default=0), high=max(shown, default=0))
    assert len(line.split()) == len(shown)
    assert all(0 <= float(y) <= 36 for _, y in (pair.split(",") for pair in line.split()))


def test_weeks_are_means_of_days_with_the_band_of_one_day(floor):
    make_course(floor.paul, days=28)
    with clinic_scope(floor.paul.clinic_id):
        dashboard = dashboard_of(floor.paul, weeks=None)
        comparison = compare_weeks(dashboard, now=None, then=None)
    points = {point.day: point for point in dashboard.charts[0].points}
    week = [point for day, point in points.items() if comparison.then.monday <= day <= comparison.then.sunday]
    value = comparison.rows[0].then
    assert value.mean == pytest.approx(sum(point.value for point in week) / len(week))
    assert value.high - value.low == pytest.approx(0.14)
    assert value.count == len(week)
