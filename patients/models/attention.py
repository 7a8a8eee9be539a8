"""Why a patient stands where they stand in the caseload: visible parts of a rule-based score."""

from django.db import models

from clinic.tenancy.models import ClinicOwned


class AttentionReason(ClinicOwned):
    patient = models.ForeignKey(
        "patients.Patient", on_delete=models.PROTECT, related_name="attention_reasons"
    )
    code = models.CharField(max_length=32)
    weight = models.PositiveSmallIntegerField()
    words = models.CharField(max_length=200)
    since = models.DateTimeField()
    resolved_at = models.DateTimeField(null=True, blank=True)
    object_ref = models.UUIDField(null=True, blank=True)

    class Meta(ClinicOwned.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["clinic", "patient", "code"],
                condition=models.Q(resolved_at__isnull=True),
                name="attention_reason_open_once_per_code",
            ),
        ]

    def __str__(self) -> str:
        return f"attention reason {self.ref}"
