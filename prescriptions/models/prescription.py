"""A plan for one patient, and the dose of each exercise in it."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from clinic.tenancy.models import ClinicOwned
from prescriptions.models.exercise import Exercise


class Prescription(ClinicOwned):
    class Status(models.TextChoices):
        DRAFT = "draft", "Draft"
        ACTIVE = "active", "Active"
        ENDED = "ended", "Ended"

    patient = models.ForeignKey("patients.Patient", on_delete=models.PROTECT, related_name="prescriptions")
    status = models.CharField(max_length=8, choices=Status.choices, default=Status.DRAFT)
    started_on = models.DateField(null=True, blank=True)
    ended_on = models.DateField(null=True, blank=True)
    written_by = models.ForeignKey("clinic.Membership", on_delete=models.PROTECT, related_name="+")
    note_to_patient = models.CharField(max_length=300, blank=True)
    more_than_four_confirmed = models.BooleanField(default=False)

    class Meta(ClinicOwned.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["clinic", "patient"], condition=Q(status="active"), name="prescription_one_active"
            ),
        ]
        indexes = [models.Index(fields=["clinic", "patient", "-created_at"], name="prescription_of_patient")]

    def __str__(self) -> str:
        return f"prescription {self.ref}"


class PrescribedExercise(ClinicOwned):
    class Side(models.TextChoices):
        LEFT = "left", "Left"
        RIGHT = "right", "Right"
        BOTH = "both", "Both sides"

    prescription = models.ForeignKey(
        "prescriptions.Prescription", on_delete=models.PROTECT, related_name="exercises"
    )
    exercise_version = models.ForeignKey(
        "prescriptions.ExerciseVersion", on_delete=models.PROTECT, related_name="+"
    )
    order = models.PositiveSmallIntegerField(default=0)
    sets = models.PositiveSmallIntegerField(
        default=2, validators=[MinValueValidator(1), MaxValueValidator(10)]
    )
    repetitions = models.PositiveSmallIntegerField(
        default=10, validators=[MinValueValidator(1), MaxValueValidator(60)]
    )
    hold_s = models.PositiveSmallIntegerField(default=0, validators=[MaxValueValidator(120)])
    rest_s = models.PositiveSmallIntegerField(default=30, validators=[MaxValueValidator(600)])
    days_per_week = models.PositiveSmallIntegerField(
        default=3, validators=[MinValueValidator(1), MaxValueValidator(7)]
    )
    side = models.CharField(max_length=5, choices=Side.choices, default=Side.BOTH)
    resistance = models.CharField(max_length=60, blank=True)
    patient_note = models.CharField(max_length=300, blank=True)
    removed_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta(ClinicOwned.Meta):
        ordering = ["order", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(sets__range=(1, 10), repetitions__range=(1, 60), days_per_week__range=(1, 7)),
                name="prescribed_exercise_dose_in_range",
            ),
        ]
        indexes = [models.Index(fields=["clinic", "prescription", "order"], name="exercise_in_prescription")]

    def __str__(self) -> str:
        return f"prescribed exercise {self.ref}"

    @property
    def exercise(self) -> Exercise:
        return self.exercise_version.exercise
