"""Sudden deteriorations, and what a clinic chose about how easily they are told."""

from django.db import models

from clinic.tenancy.models import ClinicOwned


class MovementAlarm(ClinicOwned):
    """One sudden change with one cause; the metrics that it shows in are listed, the strongest leads."""

    class State(models.TextChoices):
        OPEN = "open", "Open"
        CLOSED = "closed", "Closed"

    class Direction(models.TextChoices):
        WORSE = "worse", "Worse"
        BETTER = "better", "Better"

    patient = models.ForeignKey("patients.Patient", on_delete=models.PROTECT, related_name="movement_alarms")
    code = models.CharField(max_length=40, help_text="The metric that leads.")
    metrics = models.JSONField(
        default=list, help_text="[{code, change, unit, days, z}], the leading one first."
    )
    direction = models.CharField(max_length=8, choices=Direction, default=Direction.WORSE)
    onset_day = models.DateField()
    detected_day = models.DateField()
    reason = models.TextField()
    artefacts = models.JSONField(default=list, blank=True, help_text="What else may explain it.")
    state = models.CharField(max_length=8, choices=State, default=State.OPEN)
    alert = models.ForeignKey(
        "patients.Alert", null=True, blank=True, on_delete=models.PROTECT, related_name="movement_alarms"
    )
    versions = models.JSONField(default=dict, blank=True)
    false_alarms_per_26_weeks = models.FloatField(default=1.0, help_text="As the clinic had chosen then.")

    class Meta(ClinicOwned.Meta):
        ordering = ["-detected_day", "-id"]
        indexes = [models.Index(fields=["clinic", "patient", "-detected_day"], name="alarm_of_patient")]

    def __str__(self) -> str:
        return f"movement alarm {self.ref}"


class MovementSettings(ClinicOwned):
    """One clinic's choices about MotionTrend."""

    false_alarms_per_26_weeks = models.FloatField(
        default=1.0, help_text="Per patient, over all metrics together."
    )
    expected_recovery = models.BooleanField(
        default=True, help_text="Judge a day against the recovery so far, not against a level that stays."
    )

    class Meta(ClinicOwned.Meta):
        constraints = [
            models.UniqueConstraint(fields=["clinic"], name="one_movement_settings_per_clinic"),
            models.CheckConstraint(
                condition=models.Q(false_alarms_per_26_weeks__gt=0)
                & models.Q(false_alarms_per_26_weeks__lte=26),
                name="movement_settings_possible_rate",
            ),
        ]

    def __str__(self) -> str:
        return f"movement settings {self.ref}"


class ColumnMapping(ClinicOwned):
    """Which column of a file means what, remembered for files with the same header."""

    name = models.CharField(max_length=100)
    header_key = models.CharField(max_length=64, help_text="sha256 of the normalised header line.")
    mapping = models.JSONField()
    created_by = models.ForeignKey(
        "clinic.Membership", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    last_used_at = models.DateTimeField(null=True, blank=True)

    class Meta(ClinicOwned.Meta):
        ordering = ["-last_used_at"]
        constraints = [
            models.UniqueConstraint(fields=["clinic", "header_key"], name="one_mapping_per_header"),
        ]

    def __str__(self) -> str:
        return f"column mapping {self.ref}"
