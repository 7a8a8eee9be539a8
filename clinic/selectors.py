"""Named reads of the house: clinics, people, invitations."""

from clinic.models import Membership
from clinic.tenancy.scope import user_scope


def own_membership(user_id: int, slug: str) -> Membership | None:
    """The active membership of this person in the clinic with this slug, with the clinic; None for a stranger."""
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
