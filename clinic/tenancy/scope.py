"""Whose data may be touched right now: one ContextVar, read by the managers and by the database backend.

ContextVars flow through asyncio tasks and `sync_to_async`, so a scope opened in an async view holds in the
thread that runs its query. They do not flow into threads or processes that you start yourself: open the
scope there again.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, TypeVar

from asgiref.sync import sync_to_async

R = TypeVar("R")


class NoClinicScope(Exception):
    """Clinic-owned data was asked for without a clinic in scope."""


class OtherClinicScope(NoClinicScope):
    """A queryset or row of one clinic was used while another clinic is in scope."""

    def __init__(self, what: str, *, owner: int | None, current: int | None) -> None:
        super().__init__(f"{what} belongs to clinic {owner}, but clinic {current} is in scope")
        self.owner = owner
        self.current = current


@dataclass(frozen=True, slots=True)
class Scope:
    """What the database may show: one clinic's rows, or one person's own memberships, or the platform's
    audit chain.
    """

    clinic_id: int | None = None
    user_id: int | None = None
    platform: bool = False


NOBODY = Scope()
_scope: ContextVar[Scope] = ContextVar("plumbline_scope", default=NOBODY)


def current_scope() -> Scope:
    """The scope in force; `NOBODY` when none is open."""
    return _scope.get()


def current_clinic_id() -> int:
    """The clinic in scope. Raises NoClinicScope when there is none."""
    clinic_id = _scope.get().clinic_id
    if clinic_id is None:
        raise NoClinicScope("no clinic is in scope: open clinic_scope(clinic_id) first")
    return clinic_id


def current_clinic_id_or_none() -> int | None:
    """The clinic in scope, or None."""
    return _scope.get().clinic_id


def current_user_id() -> int | None:
    """The user that the scope was opened for, or None."""
    return _scope.get().user_id


@contextmanager
def reopened(scope: Scope) -> Iterator[Scope]:
    """Open a scope that was in force before, for work that was put off (`current_scope()`)."""
    token = _scope.set(scope)
    try:
        yield scope
    finally:
        _scope.reset(token)


def _checked_id(value: int, *, noun: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value <= 0:
        raise TypeError(f"{noun} must be a positive whole number, not {value!r}")
    return value


@contextmanager
def clinic_scope(clinic_id: int, *, user_id: int | None = None) -> Iterator[Scope]:
    """Open one clinic's data. Nested scopes are restored on leaving; a missing `user_id` is inherited."""
    user = _scope.get().user_id if user_id is None else user_id
    with reopened(Scope(clinic_id=_checked_id(clinic_id, noun="clinic_id"), user_id=user)) as scope:
        yield scope


@contextmanager
def user_scope(user_id: int) -> Iterator[Scope]:
    """Before a clinic is known: this person's own memberships and nothing else (`Membership.own`)."""
    with reopened(Scope(user_id=_checked_id(user_id, noun="user_id"))) as scope:
        yield scope


@contextmanager
def platform_scope() -> Iterator[Scope]:
    """Only the platform's own audit chain, for checking and sealing it."""
    with reopened(Scope(platform=True)) as scope:
        yield scope


@contextmanager
def no_scope() -> Iterator[Scope]:
    """Close whatever is open, for a block of code that must see no clinic's data."""
    with reopened(NOBODY) as scope:
        yield scope


async def in_clinic(
    clinic_id: int, fn: Callable[..., R], *args: Any, user_id: int | None = None, **kwargs: Any
) -> R:
    """Run the synchronous `fn` in a thread inside the clinic's scope and return what it returns."""

    def scoped() -> R:
        with clinic_scope(clinic_id, user_id=user_id):
            return fn(*args, **kwargs)

    return await sync_to_async(scoped)()
