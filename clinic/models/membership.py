"""Membership: a person's place in one clinic, with a role and the name they go by there."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models

from clinic.tenancy.models import ClinicManager, ClinicOwned
from clinic.tenancy.scope import NoClinicScope, current_user_id


class Role(models.TextChoices):
    """What a member may do. Care teams decide which patients a therapist or assistant may open."""

    CLINIC_ADMIN = "clinic_admin", "Clinic admin"
    THERAPIST = "therapist", "Therapist"
    ASSISTANT = "assistant", "Assistant"
    PATIENT = "patient", "Patient"


STAFF_ROLES = (Role.CLINIC_ADMIN, Role.THERAPIST, Role.ASSISTANT)
CLINICAL_ROLES = (Role.THERAPIST, Role.ASSISTANT)


class OwnMembershipManager(models.Manager["Membership"]):
    """The memberships of the user in scope, in every clinic: read before a clinic is known (`user_scope`)."""

    use_in_migrations = False

    def get_queryset(self) -> models.QuerySet["Membership"]:
        user_id = current_user_id()
        if user_id is None:
            raise NoClinicScope("open user_scope(user_id) to read a person's own memberships")
        return super().get_queryset().filter(user_id=user_id)


class Membership(ClinicOwned):
    """One person in one clinic. `display_name` is the only name we keep for people who are not patients."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=20, choices=Role.choices)
    display_name = models.CharField(max_length=120)
    is_active = models.BooleanField(default=True)

    objects: ClassVar[ClinicManager] = ClinicManager()
    own: ClassVar[OwnMembershipManager] = OwnMembershipManager()

    class Meta(ClinicOwned.Meta):
        ordering = ["display_name", "id"]
        constraints = [models.UniqueConstraint(fields=["clinic", "user"], name="membership_once_per_clinic")]

    def __str__(self) -> str:
        return f"membership {self.pk}"

    @property
    def is_staff(self) -> bool:
        """Whether this member works for the clinic."""
        return self.role in STAFF_ROLES

    def has_role(self, *roles: Any) -> bool:
        """Whether this member is active and has one of the roles."""
        return self.is_active and self.role in {str(role) for role in roles}
