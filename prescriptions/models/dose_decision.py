"""The log of AdaptRx: what was proposed and why, what the therapist did with it, and what came of it."""

from django.db import models
from django.db.models import Q

from clinic.tenancy.models import ClinicOwned


class DoseDecision(ClinicOwned):
    """Proposed and delivered are kept apart. Actions, context and bounds: as `adapt_rx` writes them."""

    class State(models.TextChoices):
        PROPOSED = "proposed", "Waits for the therapist"
        KEPT = "kept", "Nothing to change"
        ACCEPTED = "accepted", "Accepted"
        EDITED = "edited", "Changed and accepted"
        REJECTED = "rejected", "Rejected"
        SUPERSEDED = "superseded", "Replaced by a newer proposal"
        EXPIRED = "expired", "Plan or exercise ended first"
        UNDONE = "undone", "Accepted, then taken back"

    patient = models.ForeignKey("patients.Patient", on_delete=models.PROTECT, related_name="dose_decisions")
    prescribed_exercise = models.ForeignKey(
        "prescriptions.PrescribedExercise", on_delete=models.PROTECT, related_name="dose_decisions"
    )
    day = models.DateField(help_text="The patient's own day.")
    session_ref = models.UUIDField(null=True, blank=True, help_text="The session that led to it.")
    state = models.CharField(max_length=10, choices=State, default=State.PROPOSED)

    ladder = models.CharField(max_length=64)
    context = models.JSONField()
    current = models.JSONField(help_text="The dose in force, as an action.")
    bounds = models.JSONField()
    allowed = models.JSONField(help_text="Every action that the safety rules left.")
    probabilities = models.JSONField(help_text="Of each allowed action, in the same order.")
    proposed = models.JSONField()
    protocol_action = models.JSONField(help_text="What the fixed protocol would have done.")
    propensity = models.FloatField(help_text="The probability with which the proposed action was drawn.")
    seed = models.BigIntegerField()
    expected = models.JSONField(default=dict)
    reasons = models.JSONField(default=list)
    fired = models.JSONField(default=list, help_text="Safety rules that narrowed the choice.")
    versions = models.JSONField(default=dict, help_text="Of learner, mask, protocol, ladder and reward.")
    learner = models.ForeignKey(
        "prescriptions.LearnerState",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="decisions",
    )
    by_protocol = models.BooleanField(default=False, help_text="The learner was off: the protocol decided.")

    delivered = models.JSONField(null=True, blank=True, help_text="The action in force after the decision.")
    dose_before = models.JSONField(null=True, blank=True)
    dose_after = models.JSONField(null=True, blank=True)
    delivered_exercise = models.ForeignKey(
        "prescriptions.PrescribedExercise",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="delivered_decisions",
        help_text="Another line of the plan when the variation changed.",
    )
    decided_by = models.ForeignKey(
        "clinic.Membership", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    decision_reason = models.CharField(max_length=300, blank=True)
    beyond_rules = models.BooleanField(
        default=False, help_text="A therapist asked for more than the safety rules had left, with a tick."
    )
    undone_by = models.ForeignKey(
        "clinic.Membership", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    undone_at = models.DateTimeField(null=True, blank=True)

    observed = models.JSONField(default=dict, help_text="Parts of the reward as they came in.")
    reward = models.FloatField(null=True, blank=True)
    reward_version = models.PositiveSmallIntegerField(null=True, blank=True)
    rewarded_at = models.DateTimeField(null=True, blank=True)

    class Meta(ClinicOwned.Meta):
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["clinic", "prescribed_exercise"],
                condition=Q(state="proposed"),
                name="dose_decision_one_open",
            ),
            models.CheckConstraint(
                condition=Q(propensity__gt=0, propensity__lte=1), name="dose_decision_propensity"
            ),
        ]
        indexes = [
            models.Index(fields=["clinic", "patient", "-id"], name="dose_decision_of_patient"),
            models.Index(
                fields=["clinic", "patient"],
                condition=Q(rewarded_at__isnull=True),
                name="dose_decision_not_rewarded",
            ),
            models.Index(
                fields=["clinic", "rewarded_at", "id"],
                condition=Q(rewarded_at__isnull=False),
                name="dose_decision_rewarded",
            ),
        ]

    def __str__(self) -> str:
        return f"dose decision {self.ref}"

    @property
    def is_open(self) -> bool:
        return self.state == self.State.PROPOSED
