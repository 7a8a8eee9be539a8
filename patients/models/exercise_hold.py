"""A stop on all exercise, until a therapist lifts it with an outcome."""

from django.db import models

from clinic.tenancy.models import ClinicOwned


class ExerciseHold(ClinicOwned):
    patient = models.ForeignKey("patients.Patient", on_delete=models.PROTECT, related_name="exercise_holds")
    alert = models.ForeignKey("patients.Alert", on_delete=models.PROTECT, related_name="exercise_holds")
    since = models.DateTimeField()
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_by = models.ForeignKey(
        "clinic.Membership", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    outcome = models.TextField(blank=True, max_length=2000)

    class Meta(ClinicOwned.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["clinic", "patient"],
                condition=models.Q(lifted_at__isnull=True),
                name="exercise_hold_one_open",
            ),
        ]

    def __str__(self) -> str:
        return f"exercise hold {self.ref}"
