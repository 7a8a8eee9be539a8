"""What came back: one prescribed exercise, as done in one session."""

from django.db import models

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

    class Meta(ClinicOwned.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["clinic", "prescribed_exercise", "session_ref"], name="exercise_response_once"
            ),
        ]
        indexes = [models.Index(fields=["clinic", "patient", "-day"], name="exercise_response_of_patient")]

    def __str__(self) -> str:
        return f"exercise response {self.ref}"
