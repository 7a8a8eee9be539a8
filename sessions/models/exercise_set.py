"""One set of one exercise, on one side, within a session."""

from typing import Any

from django.db import models

from clinic.tenancy.models import ClinicOwned


class ExerciseSet(ClinicOwned):
    class State(models.TextChoices):
        PLANNED = "planned", "To do"
        LIVE = "live", "In progress"
        ENDED = "ended", "Analysing"
        ANALYSED = "analysed", "Ready"
        SKIPPED = "skipped", "Not done"

    class CountedBy(models.TextChoices):
        CAMERA = "camera", "Camera"
        SAMPLE = "sample", "Sample motion"
        VIDEO = "video", "Uploaded video"
        TAP = "tap", "Counted by tapping"
        SENSOR = "sensor", "Phone or sensor"

    session = models.ForeignKey(
        "rehab_sessions.TherapySession", on_delete=models.PROTECT, related_name="sets"
    )
    prescribed_exercise = models.ForeignKey(
        "prescriptions.PrescribedExercise",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="sets_done",
    )
    exercise_version = models.ForeignKey(
        "prescriptions.ExerciseVersion", on_delete=models.PROTECT, related_name="sets_done"
    )
    order = models.PositiveSmallIntegerField(help_text="Place within the session, from 0.")
    set_number = models.PositiveSmallIntegerField(help_text="Set of this exercise and side, from 1.")
    side = models.CharField(max_length=10)
    view = models.CharField(max_length=20)
    target_repetitions = models.PositiveSmallIntegerField(null=True, blank=True)
    target_hold_s = models.PositiveSmallIntegerField(null=True, blank=True)
    rest_s = models.PositiveSmallIntegerField(default=0)
    state = models.CharField(max_length=10, choices=State, default=State.PLANNED)
    counted_by = models.CharField(max_length=10, choices=CountedBy)
    repetition_count = models.PositiveSmallIntegerField(default=0)
    effort = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="As the patient felt it after the set, 0 to 10."
    )
    pain = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="As the patient felt it after the set, 0 to 10."
    )
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    as_shown = models.JSONField(default=dict, help_text="What the patient was shown while moving.")
    result = models.JSONField(default=dict, help_text="The analysis of the whole recording: the record.")

    class Meta(ClinicOwned.Meta):
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(fields=["clinic", "session", "order"], name="one_set_per_place"),
            models.CheckConstraint(
                condition=(models.Q(effort=None) | models.Q(effort__lte=10))
                & (models.Q(pain=None) | models.Q(pain__lte=10)),
                name="exercise_set_answers_0_to_10",
            ),
        ]

    def __str__(self) -> str:
        return f"set {self.ref}"

    @property
    def is_open(self) -> bool:
        return self.state in (self.State.PLANNED, self.State.LIVE)

    @property
    def spec(self) -> dict[str, Any]:
        """The exercise as it was when this set was planned."""
        spec: dict[str, Any] = self.exercise_version.spec
        return spec
