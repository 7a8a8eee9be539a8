"""Something a therapist must answer, with the rule that raised it and what the patient was told."""

from django.db import models
from django.utils import timezone

from clinic.tenancy.models import ClinicOwned


class Alert(ClinicOwned):
    class Severity(models.TextChoices):
        EMERGENCY = "emergency", "Emergency"
        SAME_DAY = "same_day", "Same day"
        TELL_THERAPIST = "tell_therapist", "For the therapist"

    class State(models.TextChoices):
        OPEN = "open", "Open"
        ACKNOWLEDGED = "acknowledged", "Seen"
        CLOSED = "closed", "Closed"

    patient = models.ForeignKey("patients.Patient", on_delete=models.PROTECT, related_name="alerts")
    severity = models.CharField(max_length=16, choices=Severity.choices)
    rule_id = models.CharField(max_length=64)
    rule_version = models.PositiveSmallIntegerField()
    headline = models.CharField(max_length=200)
    text_shown = models.TextField()
    answers = models.JSONField(default=dict)
    session_ref = models.UUIDField(null=True, blank=True)
    raised_at = models.DateTimeField()
    due_at = models.DateTimeField()
    state = models.CharField(max_length=14, choices=State.choices, default=State.OPEN)
    acknowledged_by = models.ForeignKey(
        "clinic.Membership", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(
        "clinic.Membership", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    closed_at = models.DateTimeField(null=True, blank=True)
    outcome = models.TextField(blank=True, max_length=2000)

    class Meta(ClinicOwned.Meta):
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(state="closed") | ~models.Q(outcome=""),
                name="alert_closed_with_outcome",
            ),
        ]
        indexes = [
            models.Index(fields=["clinic", "patient", "-raised_at"], name="alert_of_patient"),
            models.Index(
                fields=["clinic", "patient"], condition=~models.Q(state="closed"), name="alert_not_closed"
            ),
        ]

    def __str__(self) -> str:
        return f"alert {self.ref}"

    @property
    def is_open(self) -> bool:
        return self.state != self.State.CLOSED

    @property
    def is_overdue(self) -> bool:
        """Whether nobody has looked at it by the time somebody had to."""
        return self.state == self.State.OPEN and self.due_at < timezone.now()
