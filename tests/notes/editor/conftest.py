"""A draft of Nora's about Paul, and browsers in which members are signed in."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from clinic.models import Membership
from clinic.tenancy.scope import clinic_scope
from notes.models import VisitNote
from tests.factories.notes import make_note
from tests.factories.patients import Ward, make_ward
from tests.people import make_people

TEXT = "OBJECTIVE:\nLeft knee flexion 0 to 95 degrees.\nNo evidence of DVT.\n"


@pytest.fixture
def ward(db: None) -> Iterator[Ward]:
    made = make_ward(make_people())
    with clinic_scope(made.people.north.pk):
        yield made


@dataclass(frozen=True)
class Desk:
    """One draft, and how a member talks to its addresses."""

    ward: Ward
    note: VisitNote

    def browser(self, member: Membership) -> Client:
        client = Client()
        client.force_login(member.user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    def address(self, name: str, slug: str = "north") -> str:
        return reverse(f"notes:{name}", args=[slug, self.note.ref])

    def send(self, member: Membership, name: str, body: Any, slug: str = "north") -> HttpResponse:
        raw = body if isinstance(body, str | bytes) else json.dumps(body)
        return self.browser(member).post(self.address(name, slug), raw, content_type="application/json")

    def stored(self) -> VisitNote:
        return VisitNote.objects.get(pk=self.note.pk)


@pytest.fixture
def desk(ward: Ward) -> Desk:
    return Desk(ward, make_note(ward.paul, by=ward.people.nora, text=TEXT))
