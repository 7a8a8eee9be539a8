"""A clinic: the tenant. The table is shared: a clinic must be found before its scope can be opened."""

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models

from clinic.tenancy.models import UuidV7


class Clinic(models.Model):
    """One practice, with its own patients, people, exercises and audit chain."""

    id = models.BigAutoField(primary_key=True)
    ref = models.UUIDField(db_default=UuidV7(), unique=True, editable=False)
    name = models.CharField(max_length=120)
    slug = models.CharField(
        max_length=40,
        unique=True,
        validators=[RegexValidator(r"^[a-z0-9][a-z0-9-]*$", "Use small letters, digits and hyphens.")],
    )
    time_zone = models.CharField(max_length=64, default="Europe/London")
    country = models.CharField(max_length=2, default="GB", help_text="Two-letter country code")
    emergency_number = models.CharField(max_length=20, default="999")
    phone = models.CharField(max_length=40, blank=True)
    idle_logoff_minutes = models.PositiveSmallIntegerField(
        default=15, validators=[MinValueValidator(2), MaxValueValidator(120)]
    )
    simulated = models.BooleanField(default=False, help_text="Demo data: nobody in it is real")
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
