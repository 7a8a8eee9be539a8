"""One sitting of exercises of one patient."""

from django.db import models

from clinic.tenancy.models import ClinicOwned


class TherapySession(ClinicOwned):
    class State(models.TextChoices):
        PLANNED = "planned", "Not started"
        LIVE = "live", "In progress"
        ENDED = "ended", "Analysing"
        ANALYSED = "analysed", "Ready"
        ABANDONED = "abandoned", "Left open"

    class Mode(models.TextChoices):
        CAMERA = "camera", "Camera"
        SAMPLE = "sample", "Sample motion"
        VIDEO = "video", "Uploaded video"
        TAP = "tap", "Counted by tapping"
        SENSOR = "sensor", "Phone or sensor"

    patient = models.ForeignKey("patients.Patient", on_delete=models.PROTECT, related_name="therapy_sessions")
    prescription = models.ForeignKey(
        "prescriptions.Prescription",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="therapy_sessions",
    )
    state = models.CharField(max_length=10, choices=State, default=State.PLANNED)
    mode = models.CharField(max_length=10, choices=Mode)
    simulated = models.BooleanField(default=False, help_text="Made from generated motion, not from a person.")
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    last_activity_at = models.DateTimeField(null=True, blank=True)
    completed = models.BooleanField(default=False, help_text="The patient reached the end of the plan.")
    stop_reason = models.CharField(max_length=200, blank=True)
    form_share = models.FloatField(
        null=True, blank=True, help_text="Share of the scored repetitions that were correct, 0 to 1."
    )
    repetitions_done = models.PositiveIntegerField(default=0)
    repetitions_scored = models.PositiveIntegerField(default=0)
    repetitions_correct = models.PositiveIntegerField(default=0)

    class Meta(ClinicOwned.Meta):
        ordering = ["-started_at", "-id"]
        indexes = [
            models.Index(fields=["clinic", "patient", "-started_at"], name="session_patient_recent"),
            models.Index(fields=["clinic", "state", "last_activity_at"], name="session_state_activity"),
        ]
        verbose_name = "session"

    def __str__(self) -> str:
        return f"session {self.ref}"

    @property
    def is_open(self) -> bool:
        return self.state in (self.State.PLANNED, self.State.LIVE)

    @property
    def is_over(self) -> bool:
        return not self.is_open

    @property
    def form_percent(self) -> int | None:
        """Correct among scored repetitions, in percent."""
        return None if self.form_share is None else round(100 * self.form_share)
