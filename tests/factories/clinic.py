"""Clinics and people for tests. Plain functions; each opens the clinic's scope itself."""

from datetime import timedelta
from itertools import count

from django.utils import timezone

from clinic.models import Clinic, Invitation, Membership, User
from clinic.services import token_hash
from clinic.tenancy.scope import clinic_scope

_numbers = count(1)
PASSWORD = "three-brown-horses"


def make_clinic(slug: str | None = None, **fields: object) -> Clinic:
    """A clinic; named after its slug."""
    slug = slug or f"clinic-{next(_numbers)}"
    return Clinic.objects.create(slug=slug, name=fields.pop("name", slug.title()), **fields)


def make_user(email: str | None = None, **fields: object) -> User:
    """A user who can sign in with PASSWORD."""
    return User.objects.create_user(email or f"person{next(_numbers)}@example.org", PASSWORD, **fields)


def make_member(
    clinic: Clinic, role: str, *, user: User | None = None, name: str = "Somebody", **fields: object
) -> Membership:
    """A member of the clinic, with a user of their own unless one is given."""
    with clinic_scope(clinic.pk):
        return Membership.objects.create(user=user or make_user(), role=role, display_name=name, **fields)


def make_invitation(*, by: Membership, email: str | None = None, **fields: object) -> Invitation:
    """An open invitation of the clinic in scope."""
    values = {
        "email": email or f"invited{next(_numbers)}@example.org",
        "role": "therapist",
        "display_name": "Newcomer",
        "token_hash": token_hash(f"token-{next(_numbers)}"),
        "expires_at": timezone.now() + timedelta(days=7),
    }
    return Invitation.objects.create(invited_by=by, **{**values, **fields})
