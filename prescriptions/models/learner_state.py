"""What AdaptRx has learned in one clinic, version by version."""

from django.db import models

from clinic.tenancy.models import ClinicOwned


class LearnerState(ClinicOwned):
    """A posterior as `prescriptions.adapt_rx.learner.Posterior` writes it. The newest number is in force."""

    number = models.PositiveIntegerField()
    prior_version = models.CharField(max_length=60, help_text="The released prior that it started from.")
    posterior = models.JSONField()
    sha256 = models.CharField(
        max_length=64, help_text="Of the posterior; a replay of the log gives the same."
    )
    learned_from = models.PositiveIntegerField(default=0, help_text="Decisions with a reward so far.")
    last_decision = models.ForeignKey(
        "prescriptions.DoseDecision", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta(ClinicOwned.Meta):
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["clinic", "number"], name="learner_state_number_once"),
        ]

    def __str__(self) -> str:
        return f"learner state {self.number}"
