"""An exercise as one clinic knows it: copied from the shipped library, then the clinic's own."""

from typing import Any

from django.db import models

from clinic.tenancy.models import ClinicOwned


class Exercise(ClinicOwned):
    code = models.SlugField(max_length=64)
    name = models.CharField(max_length=120)
    is_active = models.BooleanField(default=True)

    class Meta(ClinicOwned.Meta):
        constraints = [
            models.UniqueConstraint(fields=["clinic", "code"], name="exercise_code_once_per_clinic"),
        ]

    def __str__(self) -> str:
        return self.name


class ExerciseVersion(ClinicOwned):
    """One wording and one set of thresholds. Never changed once written; plans pin it."""

    exercise = models.ForeignKey("prescriptions.Exercise", on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    spec = models.JSONField()
    change_note = models.CharField(max_length=300, blank=True)
    created_by = models.ForeignKey(
        "clinic.Membership", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    signed_by = models.ForeignKey(
        "clinic.Membership", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    signed_at = models.DateTimeField(null=True, blank=True)

    class Meta(ClinicOwned.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["clinic", "exercise", "number"], name="exercise_version_number_once"
            ),
        ]

    def __str__(self) -> str:
        return f"exercise version {self.ref}"

    @property
    def words(self) -> dict[str, Any]:
        """The whole library record: names, instructions, views and rules."""
        return dict(self.spec)

    @property
    def is_experimental(self) -> bool:
        return bool(self.spec.get("experimental"))

    @property
    def is_timed(self) -> bool:
        """Whether a hold is timed instead of repetitions being counted."""
        return self.spec.get("kind") == "hold"
