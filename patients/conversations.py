"""Where the app that holds conversations with patients is found, so that `patients` need not import it.

That app registers in `ready()`: the address of a conversation's page, and how a person answers in it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from clinic.models import Membership
from patients.models import Patient

Address = Callable[[str, UUID], str]
# Answers whether the line was written; it is False when the conversation is not there any more.
AnswerInThread = Callable[[Patient, UUID, Membership, str], bool]


@dataclass(frozen=True)
class Conversations:
    """`address` gets the clinic's slug and a conversation's ref; `answer_in_thread` also sends a message."""

    address: Address
    answer_in_thread: AnswerInThread


_registered: list[Conversations] = []


def register(*, address: Address, answer_in_thread: AnswerInThread) -> None:
    """Say where conversations are; a second call replaces the first."""
    _registered[:] = [Conversations(address, answer_in_thread)]


def conversation_address(clinic_slug: str, ref: UUID) -> str:
    """The page of a conversation; empty where no app holds conversations."""
    return _registered[0].address(clinic_slug, ref) if _registered else ""


def answer_in_thread(patient: Patient, ref: UUID, *, by: Membership, body: str) -> bool:
    """Write a person's answer into the conversation and send it; False where that cannot be."""
    return bool(_registered) and _registered[0].answer_in_thread(patient, ref, by, body)
