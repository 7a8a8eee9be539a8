"""A line between a patient and the care team. One thread per patient."""

from django.db import models

from clinic.tenancy.models import ClinicOwned


class Message(ClinicOwned):
    class AboutKind(models.TextChoices):
        NOTHING = "", "Nothing in particular"
        SESSION = "session", "A session"
        ALERT = "alert", "An alert"
        PRESCRIPTION = "prescription", "The plan"

    patient = models.ForeignKey("patients.Patient", on_delete=models.PROTECT, related_name="messages")
    author = models.ForeignKey("clinic.Membership", on_delete=models.PROTECT, related_name="+")
    from_patient = models.BooleanField(default=False, editable=False)
    body = models.TextField(max_length=4000)
    about_kind = models.CharField(max_length=16, choices=AboutKind.choices, blank=True, default="")
    about_ref = models.UUIDField(null=True, blank=True)
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta(ClinicOwned.Meta):
        indexes = [
            models.Index(fields=["clinic", "patient", "-created_at"], name="message_of_patient"),
            models.Index(
                fields=["clinic", "patient"],
                condition=models.Q(read_at__isnull=True),
                name="message_not_read",
            ),
        ]

    def __str__(self) -> str:
        return f"message {self.ref}"
