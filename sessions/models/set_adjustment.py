"""A change of the next set within a session, by bounded rules, with the sentence that the patient saw."""

from django.db import models

from clinic.tenancy.models import ClinicOwned


class SetAdjustment(ClinicOwned):
    """`before` and `after`: repetitions, hold, and whether the set is done at all. The plan stays."""

    exercise_set = models.ForeignKey(
        "rehab_sessions.ExerciseSet", on_delete=models.PROTECT, related_name="adjustments"
    )
    after_set = models.ForeignKey(
        "rehab_sessions.ExerciseSet",
        on_delete=models.PROTECT,
        related_name="+",
        help_text="The set whose answers led to it.",
    )
    before = models.JSONField()
    after = models.JSONField()
    code = models.CharField(max_length=40, help_text="The rule that changed it.")
    words = models.CharField(max_length=200, help_text="What the patient was shown.")
    versions = models.JSONField(default=dict)
    declined_at = models.DateTimeField(null=True, blank=True)

    class Meta(ClinicOwned.Meta):
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["clinic", "exercise_set", "after_set"], name="set_adjustment_once"
            ),
        ]

    def __str__(self) -> str:
        return f"set adjustment {self.ref}"
