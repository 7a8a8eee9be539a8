"""Who changed which dose, from what to what, and why."""

from django.db import models

from clinic.tenancy.models import ClinicOwned


class DoseChange(ClinicOwned):
    prescribed_exercise = models.ForeignKey(
        "prescriptions.PrescribedExercise", on_delete=models.PROTECT, related_name="dose_changes"
    )
    before = models.JSONField()
    after = models.JSONField()
    reason = models.CharField(max_length=300, blank=True)
    by = models.ForeignKey("clinic.Membership", on_delete=models.PROTECT, related_name="+")

    class Meta(ClinicOwned.Meta):
        indexes = [
            models.Index(
                fields=["clinic", "prescribed_exercise", "-created_at"], name="dose_change_of_exercise"
            ),
        ]

    def __str__(self) -> str:
        return f"dose change {self.ref}"
