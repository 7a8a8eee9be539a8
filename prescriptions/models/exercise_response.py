"""What came back: one prescribed exercise, as done in one session."""

from django.db import models
from django.db.models import Q

from clinic.tenancy.models import ClinicOwned


class ExerciseResponse(ClinicOwned):
    prescribed_exercise = models.ForeignKey(
        "prescriptions.PrescribedExercise", on_delete=models.PROTECT, related_name="responses"
    )
    patient = models.ForeignKey("patients.Patient", on_delete=models.PROTECT, related_name="+")
    session_ref = models.UUIDField()
    day = models.DateField()
    sets_done = models.PositiveSmallIntegerField(default=0)
    repetitions_done = models.PositiveSmallIntegerField(default=0)
    repetitions_correct = models.PositiveSmallIntegerField(default=0)
    repetitions_mild = models.PositiveSmallIntegerField(default=0)
    repetitions_significant = models.PositiveSmallIntegerField(default=0)
    repetitions_not_scored = models.PositiveSmallIntegerField(default=0)
    sets_asked = models.PositiveSmallIntegerField(null=True, blank=True)
    repetitions_asked = models.PositiveSmallIntegerField(null=True, blank=True)
    effort = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="The hardest set, 0 (rest) to 10 (as hard as can be)."
    )
    pain_during = models.PositiveSmallIntegerField(null=True, blank=True, help_text="The worst, 0 to 10.")
    range_share = models.FloatField(
        null=True, blank=True, help_text="Median peak as a share of the target range's lower end."
    )

    class Meta(ClinicOwned.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["clinic", "prescribed_exercise", "session_ref"], name="exercise_response_once"
            ),
            models.CheckConstraint(
                condition=(Q(effort=None) | Q(effort__lte=10))
                & (Q(pain_during=None) | Q(pain_during__lte=10)),
                name="exercise_response_0_to_10",
            ),
        ]
        indexes = [models.Index(fields=["clinic", "patient", "-day"], name="exercise_response_of_patient")]

    def __str__(self) -> str:
        return f"exercise response {self.ref}"
