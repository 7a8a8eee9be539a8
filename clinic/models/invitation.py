"""Invitation: a link that lets one person into one clinic, once, for a while. Only the token's hash is
stored.
"""

from django.db import models
from django.utils import timezone

from clinic.models.membership import Membership, Role
from clinic.tenancy.models import ClinicOwned


class Invitation(ClinicOwned):
    """An open door for one e-mail address. `patient_ref` names the patient record that gets this login."""

    email = models.EmailField()
    role = models.CharField(max_length=20, choices=Role.choices)
    display_name = models.CharField(max_length=120)
    token_hash = models.CharField(max_length=64, editable=False)
    patient_ref = models.UUIDField(null=True, blank=True)
    invited_by = models.ForeignKey(
        Membership, on_delete=models.PROTECT, null=True, related_name="invitations_sent"
    )
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.ForeignKey(
        Membership, on_delete=models.PROTECT, null=True, blank=True, related_name="invitations_accepted"
    )
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta(ClinicOwned.Meta):
        ordering = ["-created_at"]
        constraints = [models.UniqueConstraint(fields=["clinic", "token_hash"], name="invitation_token_once")]

    def __str__(self) -> str:
        return f"invitation {self.pk}"

    @property
    def is_open(self) -> bool:
        """Whether the link still works."""
        return self.accepted_at is None and self.revoked_at is None and self.expires_at > timezone.now()
