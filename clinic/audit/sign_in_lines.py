"""Sign-ins, sign-outs and failed tries, as audit lines: in the platform's chain, and in each of the
person's clinics.
"""

import hashlib
from typing import Any

from axes.signals import user_locked_out
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.http import HttpRequest

from clinic.audit.actor import Actor, acting
from clinic.audit.address import client_address
from clinic.audit.recording import Action, record
from clinic.models import Membership, User
from clinic.models.user import normal_email
from clinic.tenancy.scope import clinic_scope, no_scope, user_scope


def _write(action: Action, request: HttpRequest | None, user: User | None, **detail: Any) -> None:
    address = client_address(request.META) if request is not None else ""
    user_id = user.pk if user else None
    with no_scope(), acting(Actor(user_id=user_id, address=address, via="page")):
        record(action, object_type="session", detail=detail)
    for membership in _memberships(user):
        actor = Actor(
            user_id=user_id, membership_id=membership.pk, role=membership.role, address=address, via="page"
        )
        with clinic_scope(membership.clinic_id), acting(actor):
            record(action, object_type="session", detail=detail)


def _memberships(user: User | None) -> list[Membership]:
    if user is None:
        return []
    with user_scope(user.pk):
        return list(Membership.own.filter(is_active=True))


def note_sign_in(sender: Any, request: HttpRequest, user: User, **kwargs: Any) -> None:
    """Somebody signed in."""
    _write(Action.SIGN_IN, request, user)


def note_sign_out(sender: Any, request: HttpRequest, user: User | None, **kwargs: Any) -> None:
    """Somebody signed out, or was signed out for being idle."""
    if user is not None:
        reason = {"reason": "idle"} if getattr(request, "signed_out_for_idling", False) else {}
        _write(Action.SIGN_OUT, request, user, **reason)


def note_failure(
    sender: Any, credentials: dict[str, Any], request: HttpRequest | None = None, **kwargs: Any
) -> None:
    """A try failed. The address that was tried is kept as a short hash: it may be a mistyped password."""
    email = normal_email(str(credentials.get("email") or credentials.get("username") or ""))
    _write(Action.SIGN_IN_FAILED, request, _user_with(email), tried=_short_hash(email))


def note_lockout(sender: Any, request: HttpRequest, username: str | None = None, **kwargs: Any) -> None:
    """The door was locked after too many failed tries."""
    email = normal_email(username or "")
    _write(Action.DENIED, request, _user_with(email), reason="locked_out", tried=_short_hash(email))


def _user_with(email: str) -> User | None:
    return User.objects.filter(email=email).first() if email else None


def _short_hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def connect() -> None:
    """Connect the receivers; called once when the app is ready."""
    user_logged_in.connect(note_sign_in, dispatch_uid="clinic.sign_in")
    user_logged_out.connect(note_sign_out, dispatch_uid="clinic.sign_out")
    user_login_failed.connect(note_failure, dispatch_uid="clinic.sign_in_failed")
    user_locked_out.connect(note_lockout, dispatch_uid="clinic.locked_out")
