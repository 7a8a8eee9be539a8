"""Named writes of the house: invitations, members, the clinic's settings. Each owns its transaction and its
audit line.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from allauth.account.models import EmailAddress
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from clinic.audit import Action, record
from clinic.errors import Conflict, Invalid, NotFound
from clinic.events import invitation_accepted
from clinic.models import Clinic, Invitation, Membership, Role, User
from clinic.models.user import normal_email

INVITATION_DAYS = 7


@dataclass(frozen=True)
class IssuedInvitation:
    """An invitation and its token, which is shown once and stored nowhere."""

    invitation: Invitation
    token: str


def token_hash(token: str) -> str:
    """What is stored of a token. It has 256 random bits, so a plain hash cannot be guessed back."""
    return hashlib.sha256(token.encode()).hexdigest()


@transaction.atomic
def invite(
    email: str,
    *,
    role: str,
    display_name: str,
    by: Membership | None,
    patient_ref: UUID | None = None,
    days: int = INVITATION_DAYS,
) -> IssuedInvitation:
    """Invite one person into the clinic in scope. Earlier open invitations to the same address, or to the
    same patient's record (the address was mistyped), stop working.

    Raises Invalid for an unknown role and Conflict when the person is an active member already.
    """
    email = normal_email(email)
    if role not in Role.values:
        raise Invalid("Choose a role.", fields={"role": "Choose a role."})
    if Membership.objects.filter(user__email=email, is_active=True).exists():
        raise Conflict("This person is a member of the clinic already.")
    now = timezone.now()
    _revoke_open(_same_door(email, patient_ref), at=now)
    token = secrets.token_urlsafe(32)
    invitation = Invitation.objects.create(
        email=email,
        role=role,
        display_name=display_name.strip(),
        token_hash=token_hash(token),
        patient_ref=patient_ref,
        invited_by=by,
        expires_at=now + timedelta(days=days),
    )
    record(Action.CREATE, object_type="invitation", object_ref=invitation.ref, detail={"role": role})
    return IssuedInvitation(invitation=invitation, token=token)


def _same_door(email: str, patient_ref: UUID | None) -> Q:
    same_address = Q(email=email)
    return same_address if patient_ref is None else same_address | Q(patient_ref=patient_ref)


def _revoke_open(which: Q, *, at: datetime) -> None:
    Invitation.objects.filter(which, accepted_at=None, revoked_at=None).update(revoked_at=at)


@transaction.atomic
def revoke_invitation(invitation: Invitation) -> Invitation:
    """Make the link stop working. Raises Conflict when it was used already."""
    locked = Invitation.objects.select_for_update().get(pk=invitation.pk)
    if locked.accepted_at is not None:
        raise Conflict("This invitation was used already.")
    if locked.revoked_at is None:
        locked.revoked_at = timezone.now()
        locked.save(update_fields=["revoked_at", "updated_at"])
        record(Action.DELETE, object_type="invitation", object_ref=locked.ref)
    return locked


@transaction.atomic
def accept_invitation(invitation: Invitation, *, user: User) -> Membership:
    """Let the invited person in, once. Raises NotFound when the link no longer works or is for somebody
    else.
    """
    locked = Invitation.objects.select_for_update().get(pk=invitation.pk)
    if not locked.is_open or normal_email(user.email) != locked.email:
        raise NotFound("This invitation no longer works. Please ask your clinic for a new one.")
    _keep_the_kind(user, role=locked.role)
    membership, _ = Membership.objects.update_or_create(
        user=user,
        defaults={"role": locked.role, "display_name": locked.display_name, "is_active": True},
    )
    locked.accepted_at = timezone.now()
    locked.accepted_by = membership
    locked.save(update_fields=["accepted_at", "accepted_by", "updated_at"])
    # Two people may have invited at the same moment: a second link must not open a closed door later.
    _revoke_open(Q(email=locked.email), at=locked.accepted_at)
    invitation_accepted.send(sender=Invitation, invitation=locked, membership=membership)
    record(Action.JOIN, object_type="membership", object_ref=membership.ref, detail={"role": membership.role})
    return membership


def _keep_the_kind(user: User, *, role: str) -> None:
    """A patient's record hangs on the membership: it never becomes a colleague's, nor the reverse."""
    before = Membership.objects.filter(user=user).first()
    if before is not None and (before.role == Role.PATIENT) != (role == Role.PATIENT):
        raise Conflict("This address belongs to somebody with another role here. Ask for another invitation.")


@transaction.atomic
def create_invited_user(invitation: Invitation, *, password: str) -> User:
    """The login of an invited person who has none. Raises Invalid for a weak password, Conflict when a
    login exists.
    """
    # Whoever follows the same link at the same moment waits here, and finds the login made.
    Invitation.objects.select_for_update().filter(pk=invitation.pk).values_list("pk", flat=True).get()
    if User.objects.filter(email=invitation.email).exists():
        raise Conflict("There is a login for this e-mail address already. Please sign in first.")
    user = User(email=invitation.email)
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise Invalid(fields={"password": " ".join(error.messages)}) from error
    user.set_password(password)
    user.save()
    # Not verified: the link may have been handed over on paper, which does not prove who reads the mailbox.
    EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=False)
    return user


@transaction.atomic
def change_role(membership: Membership, *, role: str, by: Membership) -> Membership:
    """Give a member another role. Raises Invalid for patients, oneself, and the last admin."""
    locked = Membership.objects.select_for_update().get(pk=membership.pk)
    if role not in Role.values or Role.PATIENT in {role, locked.role}:
        raise Invalid("A patient stays a patient: invite this person again with another e-mail address.")
    _keep_an_admin(locked, by=by)
    if locked.role != role:
        before, locked.role = locked.role, role
        locked.save(update_fields=["role", "updated_at"])
        detail = {"from": before, "to": role}
        record(Action.CHANGE, object_type="membership", object_ref=locked.ref, detail=detail)
    return locked


@transaction.atomic
def set_member_active(membership: Membership, *, active: bool, by: Membership) -> Membership:
    """Close or open a member's way in; open pages and sockets notice within a minute."""
    locked = Membership.objects.select_for_update().get(pk=membership.pk)
    _keep_an_admin(locked, by=by)
    if locked.is_active != active:
        locked.is_active = active
        locked.save(update_fields=["is_active", "updated_at"])
        record(Action.CHANGE, object_type="membership", object_ref=locked.ref, detail={"active": active})
    if not active:
        _revoke_open(Q(email=locked.user.email), at=timezone.now())
    return locked


def _keep_an_admin(membership: Membership, *, by: Membership) -> None:
    if membership.pk == by.pk:
        raise Invalid("You cannot change your own access. Ask another admin of the clinic.")
    if membership.role != Role.CLINIC_ADMIN or not membership.is_active:
        return
    others = Membership.objects.select_for_update().filter(role=Role.CLINIC_ADMIN, is_active=True)
    if not any(other.pk != membership.pk for other in others):
        raise Invalid("The clinic needs at least one admin.")


@transaction.atomic
def update_clinic(clinic: Clinic, **changes: object) -> Clinic:
    """Change the clinic's settings; the audit line says from what to what."""
    before = Clinic.objects.select_for_update().get(pk=clinic.pk)
    said = {
        name: [getattr(before, name), value]
        for name, value in changes.items()
        if getattr(before, name) != value
    }
    for name, value in changes.items():
        setattr(clinic, name, value)
    clinic.full_clean()
    clinic.save(update_fields=[*changes, "updated_at"])
    if said:
        record(Action.CHANGE, object_type="clinic", object_ref=clinic.ref, detail=said)
    return clinic
