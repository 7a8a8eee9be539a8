"""A person who is treated in one clinic."""

import unicodedata
from typing import Any

from django.db import models

from clinic.tenancy.models import ClinicOwned

# Longest prefix that a name search compares; a longer key would only cost index space.
KEY_LENGTH = 64


def name_key(name: str) -> str:
    """Lower case, without accents or doubled blanks: "Ó  Dálaigh" → "o dalaigh"."""
    plain = " ".join(unicodedata.normalize("NFKD", name).casefold().split())
    kept = (letter for letter in plain if letter.isprintable() and not unicodedata.combining(letter))
    return "".join(kept)[:KEY_LENGTH]


class NameKeyField(models.CharField):
    """The search key of another field, kept right by `save` and by `bulk_create`.

    Compared with >= and < only: LIKE and lower() are not leakproof, so PostgreSQL ignores their
    indexes under row-level security. Collation "C" makes the order that of the code points.
    """

    def __init__(self, *args: Any, source: str = "", **kwargs: Any) -> None:
        self.source = source
        kwargs.update(max_length=KEY_LENGTH, editable=False, default="", db_collation="C")
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> tuple[str, str, Any, Any]:
        """Migrations see a plain CharField, so that they import no code of this app."""
        name, _, args, kwargs = super().deconstruct()
        return name, "django.db.models.CharField", args, kwargs

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        key = name_key(getattr(model_instance, self.source))
        setattr(model_instance, self.attname, key)
        return key


class Patient(ClinicOwned):
    """Identity and the few columns that the caseload sorts by."""

    class Sex(models.TextChoices):
        FEMALE = "female", "Female"
        MALE = "male", "Male"
        OTHER = "other", "Other"
        UNKNOWN = "unknown", "Not said"

    membership = models.OneToOneField(
        "clinic.Membership", null=True, blank=True, on_delete=models.PROTECT, related_name="patient"
    )
    given_name = models.CharField(max_length=100)
    family_name = models.CharField(max_length=100)
    given_key = NameKeyField(source="given_name")
    family_key = NameKeyField(source="family_name")
    birth_date = models.DateField(null=True, blank=True)
    sex = models.CharField(max_length=8, choices=Sex.choices, default=Sex.UNKNOWN)
    height_cm = models.PositiveSmallIntegerField(null=True, blank=True)
    phone = models.CharField(max_length=32, blank=True)
    time_zone = models.CharField(max_length=64, blank=True)
    simulated = models.BooleanField(default=False)
    planned_days_per_week = models.PositiveSmallIntegerField(default=0, editable=False)
    plan_started_on = models.DateField(null=True, editable=False)
    attention_score = models.PositiveIntegerField(default=0, editable=False)

    class Meta(ClinicOwned.Meta):
        indexes = [
            models.Index(fields=["clinic", "family_key"], name="patient_family_key"),
            models.Index(fields=["clinic", "given_key"], name="patient_given_key"),
            models.Index(fields=["clinic", "-attention_score", "family_key"], name="patient_attention"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(planned_days_per_week__lte=7), name="patient_planned_days_at_most_7"
            ),
            models.CheckConstraint(
                condition=models.Q(height_cm__isnull=True) | models.Q(height_cm__range=(50, 250)),
                name="patient_height_possible",
            ),
        ]

    def __str__(self) -> str:
        """The reference, never the name: this text reaches logs and tracebacks."""
        return f"patient {self.ref}"

    @property
    def full_name(self) -> str:
        return f"{self.given_name} {self.family_name}".strip()

    @property
    def has_plan(self) -> bool:
        return self.planned_days_per_week > 0
