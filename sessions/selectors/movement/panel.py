"""The few words about movement that stand on the patient's record."""

from dataclasses import dataclass

from patients.local_time import local_day
from patients.models import Patient
from sessions.models import MovementAlarm
from sessions.selectors.movement.access import recordings_for
from sessions.selectors.movement.change import Change, capital, number
from sessions.selectors.movement.dashboard import (
    Point,
    alarms_of,
    change_since_start,
    points_of,
)

CODES = (
    "walking_speed_m_s",
    "walk_10m_speed_m_s",
    "cadence_spm",
    "tug_s",
    "chair_stand_count",
    "step_count",
)
SPARK_POINTS = 28


@dataclass(frozen=True, slots=True)
class MovementSummary:
    """The foremost measure, its newest days as a small line, and alarms that wait for an answer."""

    answer: Change | None
    points: tuple[Point, ...]
    open_alarms: tuple[MovementAlarm, ...]
    recording_count: int
    simulated: bool

    @property
    def values(self) -> str:
        """The newest days for a spark line; empty for fewer than two."""
        shown = self.points[-SPARK_POINTS:]
        return " ".join(f"{point.value:.3f}" for point in shown) if len(shown) > 1 else ""

    @property
    def least(self) -> float:
        return min(point.value for point in self.points[-SPARK_POINTS:])

    @property
    def most(self) -> float:
        return max(point.value for point in self.points[-SPARK_POINTS:])

    @property
    def spark_words(self) -> str:
        """What the small line shows."""
        if self.answer is None:
            return ""
        metric, shown = self.answer.metric, self.points[-SPARK_POINTS:]
        ends = (number(metric, shown[0].value), number(metric, shown[-1].value))
        return f"{capital(metric.name)}, last {len(shown)} measured days: {ends[0]} then, {ends[1]} now"


def movement_summary(patient: Patient) -> MovementSummary:
    """The first measure of CODES that was measured; a number of queries that does not grow."""
    found = points_of(patient, CODES)
    code = next((code for code in CODES if found[code]), None)
    points = found[code] if code else ()
    answer = change_since_start(patient, code, points, today=local_day(patient)) if code else None
    return MovementSummary(
        answer=answer,
        points=points,
        open_alarms=tuple(one for one in alarms_of(patient) if one.state == MovementAlarm.State.OPEN),
        recording_count=recordings_for(patient).count(),
        simulated=any(point.simulated for point in points),
    )
