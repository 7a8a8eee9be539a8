"""Named reads of the house: clinics, people, invitations."""

import re
from collections.abc import Iterable
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from clinic.errors import NotFound
from clinic.models import Clinic, Invitation, Membership, Role
from clinic.tenancy.scope import user_scope

SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")


def own_membership(user_id: int, slug: str) -> Membership | None:
    """The active membership of this person in the clinic with this slug, with the clinic; None for a
    stranger.
    """
    if not SLUG.fullmatch(slug):
        return None
    with user_scope(user_id):
        return (
            Membership.own.select_related("clinic")
            .filter(clinic__slug=slug, is_active=True, user__is_active=True)
            .first()
        )


def own_memberships(user_id: int) -> list[Membership]:
    """Every clinic that this person may enter, by the clinic's name."""
    with user_scope(user_id):
        return list(
            Membership.own.select_related("clinic")
            .filter(is_active=True, user__is_active=True)
            .order_by("clinic__name")
        )


def members(group: str = "") -> QuerySet[Membership]:
    """The people of the clinic in scope, active ones first: "staff", "patients", "closed", or everybody."""
    people = Membership.objects.select_related("user").order_by("-is_active", "display_name", "id")
    if group == "staff":
        return people.exclude(role=Role.PATIENT)
    if group == "patients":
        return people.filter(role=Role.PATIENT)
    return people.filter(is_active=False) if group == "closed" else people


def open_invitations() -> QuerySet[Invitation]:
    """Links of the clinic in scope that still work, newest first."""
    return Invitation.objects.filter(
        accepted_at=None, revoked_at=None, expires_at__gt=timezone.now()
    ).order_by("-created_at")


def member_by_ref(ref: UUID) -> Membership:
    """One member of the clinic in scope. Raises NotFound."""
    member = Membership.objects.select_related("user").filter(ref=ref).first()
    if member is None:
        raise NotFound()
    return member


def invitation_by_ref(ref: UUID) -> Invitation:
    """One invitation of the clinic in scope. Raises NotFound."""
    invitation = Invitation.objects.filter(ref=ref).first()
    if invitation is None:
        raise NotFound()
    return invitation


def invitation_by_token(hashed: str) -> Invitation:
    """The open invitation with this token's hash in the clinic in scope. Raises NotFound for any other
    reason.
    """
    invitation = Invitation.objects.filter(token_hash=hashed).first()
    if invitation is None or not invitation.is_open:
        raise NotFound("This invitation no longer works. Please ask your clinic for a new one.")
    return invitation


def clinic_by_slug(slug: str) -> Clinic:
    """A clinic, before anybody's scope is open. Raises NotFound."""
    clinic = Clinic.objects.filter(slug=slug).first()
    if clinic is None:
        raise NotFound("This invitation no longer works. Please ask your clinic for a new one.")
    return clinic


def names_of_members(ids: Iterable[int]) -> dict[int, Membership]:
    """Members of the clinic in scope by id, for lists that hold ids only."""
    return Membership.objects.in_bulk(set(ids))
