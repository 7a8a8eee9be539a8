"""One repetition as the analysis of the whole recording judged it."""

from django.db import models

from clinic.tenancy.models import ClinicOwned


class Repetition(ClinicOwned):
    class Classification(models.TextChoices):
        CORRECT = "correct", "Correct"
        MILD = "mild", "Mild compensation"
        SIGNIFICANT = "significant", "Significant compensation"
        NOT_SCORED = "not_scored", "Not scored"

    exercise_set = models.ForeignKey(
        "rehab_sessions.ExerciseSet", on_delete=models.PROTECT, related_name="repetitions"
    )
    index = models.PositiveSmallIntegerField()
    side = models.CharField(max_length=10)
    start_s = models.FloatField()
    peak_s = models.FloatField()
    end_s = models.FloatField()
    classification = models.CharField(max_length=12, choices=Classification)
    findings = models.JSONField(default=list)
    reason = models.TextField(blank=True)
    peak_deg = models.FloatField(null=True, blank=True)
    versions = models.JSONField(default=dict, help_text="Rule, engine and pose model that judged it.")

    class Meta(ClinicOwned.Meta):
        ordering = ["exercise_set", "index"]
        constraints = [
            models.UniqueConstraint(
                fields=["clinic", "exercise_set", "index"], name="one_repetition_per_index"
            ),
        ]

    def __str__(self) -> str:
        return f"repetition {self.index} of set {self.exercise_set_id}"
