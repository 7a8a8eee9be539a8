"""A comparison of AdaptRx with the fixed protocol, asked for by a person."""

from django.db import models
from django.db.models import Q

from clinic.tenancy.models import ClinicOwned


class ComparisonRun(ClinicOwned):
    class Kind(models.TextChoices):
        SIMULATED = "simulated", "On simulated patients"
        LOGGED = "logged", "On this clinic's own decisions"

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        RUNNING = "running", "Running"
        DONE = "done", "Done"
        FAILED = "failed", "Failed"
        CANCELLED = "cancelled", "Cancelled"

    kind = models.CharField(max_length=10, choices=Kind)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    patients = models.PositiveIntegerField(default=1000)
    weeks = models.PositiveSmallIntegerField(default=12)
    seed = models.PositiveIntegerField(default=1)
    progress = models.FloatField(default=0, help_text="0 to 1.")
    message = models.CharField(max_length=300, blank=True)
    result = models.JSONField(default=dict)
    asked_by = models.ForeignKey("clinic.Membership", on_delete=models.PROTECT, related_name="+")
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta(ClinicOwned.Meta):
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["clinic", "kind"],
                condition=Q(state__in=("waiting", "running")),
                name="comparison_run_one_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"comparison run {self.ref}"

    @property
    def is_over(self) -> bool:
        return self.state not in (self.State.WAITING, self.State.RUNNING)

    @property
    def percent(self) -> int:
        return round(100 * self.progress)
