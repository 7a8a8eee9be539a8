"""What the sensors say about a patient: bouts of walking, days, daily measures, timed tests."""

from django.db import models

from clinic.tenancy.models import ClinicOwned


class WalkingBout(ClinicOwned):
    """One stretch of walking within a recording. Seconds count from the recording's start."""

    recording = models.ForeignKey("rehab_sessions.Recording", on_delete=models.PROTECT, related_name="bouts")
    patient = models.ForeignKey("patients.Patient", on_delete=models.PROTECT, related_name="walking_bouts")
    index = models.PositiveIntegerField()
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField()
    start_s = models.FloatField()
    end_s = models.FloatField()
    duration_s = models.FloatField()
    step_count = models.PositiveIntegerField(default=0)
    placement = models.CharField(max_length=16, blank=True, default="")
    walking_speed_m_s = models.FloatField(null=True, blank=True)
    cadence_spm = models.FloatField(null=True, blank=True)
    stride_length_m = models.FloatField(null=True, blank=True)
    measures = models.JSONField(default=dict, help_text="Each measure by its code, with its band.")
    steps = models.JSONField(default=list, help_text="[seconds, side] of each step.")
    flags = models.JSONField(default=list)

    class Meta(ClinicOwned.Meta):
        ordering = ["recording", "index"]
        constraints = [
            models.UniqueConstraint(fields=["clinic", "recording", "index"], name="one_bout_per_index"),
        ]
        indexes = [models.Index(fields=["clinic", "patient", "started_at"], name="bout_of_patient")]

    def __str__(self) -> str:
        return f"bout {self.index} of recording {self.recording_id}"


class MovementMeasure(ClinicOwned):
    """One value of one metric on one of the patient's days: the series that trends run on.

    `low`, `high`: the band in which the true value is expected to lie. `circumstances`: what else may move
    the value ({"placements": […], "sources": […], "notes": […], "devices": [ref, …]}).
    """

    class Origin(models.TextChoices):
        BOUTS = "bouts", "Walking that was measured"
        HEALTH = "health", "Health export"
        TIMED = "timed", "Timed test"
        SIMULATED = "simulated", "Simulated"

    patient = models.ForeignKey(
        "patients.Patient", on_delete=models.PROTECT, related_name="movement_measures"
    )
    code = models.CharField(max_length=40)
    day = models.DateField(help_text="In the patient's time zone.")
    value = models.FloatField()
    low = models.FloatField(null=True, blank=True)
    high = models.FloatField(null=True, blank=True)
    unit = models.CharField(max_length=16, blank=True, default="")
    n = models.PositiveIntegerField(default=0, help_text="Bouts, steps or tests behind the value.")
    origin = models.CharField(max_length=10, choices=Origin)
    recording = models.ForeignKey(
        "rehab_sessions.Recording",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="measures",
        help_text="Of a timed test or an export; a day's bouts may come from several recordings.",
    )
    device = models.ForeignKey(
        "rehab_sessions.Device", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    flags = models.JSONField(default=list, blank=True)
    circumstances = models.JSONField(default=dict, blank=True)

    class Meta(ClinicOwned.Meta):
        ordering = ["day", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["clinic", "patient", "code", "day", "origin", "recording"],
                nulls_distinct=False,
                name="one_measure_per_day_and_origin",
            ),
        ]
        indexes = [models.Index(fields=["clinic", "patient", "code", "day"], name="measure_series")]

    def __str__(self) -> str:
        return f"measure {self.ref}"


class MovementDay(ClinicOwned):
    """How much of one of the patient's days was measured, and how much of it was walking."""

    patient = models.ForeignKey("patients.Patient", on_delete=models.PROTECT, related_name="movement_days")
    day = models.DateField(help_text="In the patient's time zone.")
    wear_minutes = models.FloatField(default=0)
    recorded_minutes = models.FloatField(default=0)
    walking_minutes = models.FloatField(default=0)
    bout_count = models.PositiveIntegerField(default=0)
    step_count = models.PositiveIntegerField(default=0)
    device = models.ForeignKey(
        "rehab_sessions.Device", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    quality = models.JSONField(default=dict, blank=True)

    class Meta(ClinicOwned.Meta):
        ordering = ["day"]
        constraints = [
            models.UniqueConstraint(fields=["clinic", "patient", "day"], name="movement_day_once"),
        ]

    def __str__(self) -> str:
        return f"movement day {self.ref}"


class TimedTest(ClinicOwned):
    """One test against the clock. `value` is empty where the result is withheld, which says why."""

    class Kind(models.TextChoices):
        WALK_10M = "walk_10m", "10-metre walk"
        CHAIR_STAND_30S = "chair_stand_30s", "30-second chair stand"
        TUG = "tug", "Timed Up and Go"

    patient = models.ForeignKey("patients.Patient", on_delete=models.PROTECT, related_name="timed_tests")
    recording = models.ForeignKey(
        "rehab_sessions.Recording", on_delete=models.PROTECT, related_name="timed_tests"
    )
    kind = models.CharField(max_length=16, choices=Kind)
    at = models.DateTimeField()
    value = models.FloatField(null=True, blank=True)
    unit = models.CharField(max_length=16, blank=True, default="")
    low = models.FloatField(null=True, blank=True)
    high = models.FloatField(null=True, blank=True)
    phases = models.JSONField(default=list, blank=True)
    norm = models.JSONField(default=dict, blank=True)
    flags = models.JSONField(default=list, blank=True)
    withheld = models.CharField(max_length=300, blank=True, default="")

    class Meta(ClinicOwned.Meta):
        ordering = ["-at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["clinic", "recording", "kind"], name="one_timed_test_per_recording"
            ),
        ]
        indexes = [models.Index(fields=["clinic", "patient", "-at"], name="timed_test_of_patient")]

    def __str__(self) -> str:
        return f"timed test {self.ref}"
