"""Who is acting, through which door, from where. Set at the four doors; read whenever an audit line is
written.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Literal

Via = Literal["page", "api", "socket", "task", "command", ""]


@dataclass(frozen=True, slots=True)
class Actor:
    """Ids only. `membership_id` and `role` are empty before a clinic is known."""

    user_id: int | None = None
    membership_id: int | None = None
    role: str = ""
    address: str = ""
    via: Via = ""


NOBODY = Actor()
actor_context: ContextVar[Actor] = ContextVar("plumbline_actor", default=NOBODY)


def current_actor() -> Actor:
    """Who is acting; `NOBODY` outside of the doors."""
    return actor_context.get()


@contextmanager
def acting(actor: Actor) -> Iterator[Actor]:
    """Everything written inside is written in this actor's name."""
    token = actor_context.set(actor)
    try:
        yield actor
    finally:
        actor_context.reset(token)
