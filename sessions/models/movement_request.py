"""A test that a therapist asked a patient to do again and again."""

from django.db import models

from clinic.tenancy.models import ClinicOwned


class MovementRequest(ClinicOwned):
    """One wish: this test, about every so many days, until somebody ends it."""

    class Kind(models.TextChoices):
        WALK = "walk", "Walk test"
        WALK_10M = "walk_10m", "10-metre walk"
        CHAIR_STAND_30S = "chair_stand_30s", "30-second chair stand"
        TUG = "tug", "Timed Up and Go"

    class Every(models.IntegerChoices):
        DAY = 1, "Every day"
        OTHER_DAY = 2, "Every other day"
        TWICE_A_WEEK = 3, "Twice a week"
        WEEK = 7, "Every week"
        FORTNIGHT = 14, "Every two weeks"
        FOUR_WEEKS = 28, "Every four weeks"

    patient = models.ForeignKey(
        "patients.Patient", on_delete=models.PROTECT, related_name="movement_requests"
    )
    kind = models.CharField(max_length=16, choices=Kind)
    every_days = models.PositiveSmallIntegerField(choices=Every, default=Every.WEEK)
    asked_by = models.ForeignKey("clinic.Membership", on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(
        "clinic.Membership", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta(ClinicOwned.Meta):
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["clinic", "patient", "kind"],
                condition=models.Q(ended_at=None),
                name="one_open_request_per_test",
            ),
            models.CheckConstraint(
                condition=models.Q(every_days__gte=1) & models.Q(every_days__lte=28),
                name="movement_request_possible_pace",
            ),
        ]

    def __str__(self) -> str:
        return f"movement request {self.ref}"
