"""One of a patient's days: how long a sensor was worn, what was measured, and each bout of walking."""

from dataclasses import dataclass
from datetime import date

from patients.local_time import day_bounds
from patients.models import Patient
from sessions.models import MovementDay, MovementMeasure, WalkingBout
from sessions.selectors.movement.dashboard import SHOWN, Point, points_of_day

MOST_BOUTS = 200


@dataclass(frozen=True, slots=True)
class DayView:
    """Everything that a day's page shows."""

    day: date
    found: MovementDay | None
    measures: tuple[tuple[str, Point], ...]
    bouts: tuple[WalkingBout, ...]
    bout_total: int
    previous: date | None
    following: date | None

    @property
    def simulated(self) -> bool:
        return any(point.simulated for _, point in self.measures) or any(
            bout.recording.simulated for bout in self.bouts
        )

    @property
    def worn_words(self) -> str:
        """ "a sensor was worn 9.5 h"."""
        minutes = self.found.wear_minutes if self.found else 0.0
        if minutes <= 0:
            return "no sensor was worn"
        length = f"{minutes / 60:.1f} h" if minutes >= 60 else f"{max(1, round(minutes))} min"
        return f"a sensor was worn {length}"

    @property
    def walking_words(self) -> str:
        """ "38 min of walking, 4,210 steps"."""
        if self.found is None or not self.found.walking_minutes:
            return ""
        return f"{self.found.walking_minutes:.0f} min of walking, {self.found.step_count:,} steps"


def day_view(patient: Patient, day: date) -> DayView:
    """A day of a patient whom its reader may open; an empty day is a day without data."""
    start, end = day_bounds(patient, day)
    bouts = WalkingBout.objects.filter(patient=patient, started_at__gte=start, started_at__lt=end)
    found = list(bouts.select_related("recording").defer("steps").order_by("started_at", "id")[:MOST_BOUTS])
    measured = MovementMeasure.objects.filter(patient=patient, code__in=SHOWN).order_by()
    before = measured.filter(day__lt=day).order_by("-day").values_list("day", flat=True).first()
    after = measured.filter(day__gt=day).order_by("day").values_list("day", flat=True).first()
    return DayView(
        day=day,
        found=MovementDay.objects.filter(patient=patient, day=day).first(),
        measures=points_of_day(patient, SHOWN, day),
        bouts=tuple(found),
        bout_total=len(found) if len(found) < MOST_BOUTS else bouts.count(),
        previous=before,
        following=after,
    )
