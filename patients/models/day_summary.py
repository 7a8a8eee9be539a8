"""What a patient did on one of their days: what adherence dots and the form sparkline are drawn from."""

from django.db import models

from clinic.tenancy.models import ClinicOwned


class DaySummary(ClinicOwned):
    patient = models.ForeignKey("patients.Patient", on_delete=models.PROTECT, related_name="days")
    day = models.DateField()
    sessions_done = models.PositiveSmallIntegerField(default=0)
    repetitions_scored = models.PositiveIntegerField(default=0)
    repetitions_correct = models.PositiveIntegerField(default=0)

    class Meta(ClinicOwned.Meta):
        constraints = [
            models.UniqueConstraint(fields=["clinic", "patient", "day"], name="day_summary_once"),
            models.CheckConstraint(
                condition=models.Q(repetitions_correct__lte=models.F("repetitions_scored")),
                name="day_summary_correct_within_scored",
            ),
        ]

    def __str__(self) -> str:
        return f"day summary {self.ref}"

    @property
    def correct_share(self) -> float | None:
        """Share of scored repetitions that were correct, 0 to 1; None when nothing was scored."""
        if not self.repetitions_scored:
            return None
        return self.repetitions_correct / self.repetitions_scored
