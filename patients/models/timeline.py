"""One stream of what happened to a patient; other apps write into it through `patients.services`."""

from django.db import models

from clinic.tenancy.models import ClinicOwned


class TimelineEntry(ClinicOwned):
    patient = models.ForeignKey("patients.Patient", on_delete=models.PROTECT, related_name="timeline")
    kind = models.CharField(max_length=32)
    at = models.DateTimeField()
    title = models.CharField(max_length=200)
    summary = models.TextField(blank=True)
    object_kind = models.CharField(max_length=32, blank=True)
    object_ref = models.UUIDField(null=True, blank=True)
    by = models.ForeignKey(
        "clinic.Membership", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta(ClinicOwned.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["clinic", "patient", "kind", "object_kind", "object_ref"],
                condition=models.Q(object_ref__isnull=False),
                name="timeline_entry_once_per_object",
            ),
        ]
        indexes = [models.Index(fields=["clinic", "patient", "-at"], name="timeline_of_patient")]

    def __str__(self) -> str:
        return f"timeline entry {self.ref}"
