"""A programme that a clinic writes once and uses for many patients."""

from django.db import models

from clinic.tenancy.models import ClinicOwned


class ProgrammeTemplate(ClinicOwned):
    name = models.CharField(max_length=120)
    description = models.CharField(max_length=300, blank=True)
    items = models.JSONField(default=list)
    is_active = models.BooleanField(default=True)
    created_by = models.ForeignKey(
        "clinic.Membership", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta(ClinicOwned.Meta):
        constraints = [
            models.UniqueConstraint(fields=["clinic", "name"], name="programme_template_name_once"),
        ]

    def __str__(self) -> str:
        return self.name
