"""The fixed progression protocol of one clinic, version by version."""

from django.db import models

from clinic.tenancy.models import ClinicOwned


class ProgressionProtocol(ClinicOwned):
    """Phases and criteria as `adapt_rx.protocol` reads them. Never changed; the newest number is in force."""

    number = models.PositiveIntegerField()
    spec = models.JSONField()
    change_note = models.CharField(max_length=300, blank=True)
    created_by = models.ForeignKey(
        "clinic.Membership", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta(ClinicOwned.Meta):
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["clinic", "number"], name="progression_protocol_number_once"),
        ]

    def __str__(self) -> str:
        return f"progression protocol {self.number}"
