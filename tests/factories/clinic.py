"""Clinics and people for tests. Plain functions; each opens the clinic's scope itself."""

from itertools import count

from clinic.models import Clinic, Membership, User
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
