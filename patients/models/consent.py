"""What a patient allowed, when, and when they took it back."""

from django.db import models

from clinic.tenancy.models import ClinicOwned


class Consent(ClinicOwned):
    class Kind(models.TextChoices):
        CAMERA = "camera", "Use the camera to count and score my exercises"
        LIVE_VIEW = "live_view", "Let my therapist watch my moving figure live"
        VIDEO = "video", "Keep a video that I upload for my therapist"
        MOTION = "motion", "Record how I move with my phone or a sensor"

    patient = models.ForeignKey("patients.Patient", on_delete=models.PROTECT, related_name="consents")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    given_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta(ClinicOwned.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["clinic", "patient", "kind"],
                condition=models.Q(withdrawn_at__isnull=True),
                name="consent_open_once_per_kind",
            ),
        ]

    def __str__(self) -> str:
        return f"consent {self.ref}"

    @property
    def in_short(self) -> str:
        """For a line that lists several."""
        return {
            "camera": "camera",
            "live_view": "being watched live",
            "video": "keeping a video",
            "motion": "recording movement",
        }[self.kind]
