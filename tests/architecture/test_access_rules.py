"""Every address has an access rule, and keeps it: for each role, for strangers and for the signed-out."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from clinic.models import Membership
from tests.architecture.access_rules import IN_CLINIC, PUBLIC, PUBLIC_PREFIXES
from tests.people import People, make_people

NOBODYS_REF = UUID("01890000-0000-7000-8000-000000000000")
SAMPLES = {
    "clinic_slug": "north",
    "ref": NOBODYS_REF,
    "set_ref": NOBODYS_REF,
    "turn_ref": NOBODYS_REF,
    "patient_ref": NOBODYS_REF,
    "request_ref": NOBODYS_REF,
    "place": NOBODYS_REF,
    "document_ref": NOBODYS_REF,
    "version_ref": NOBODYS_REF,
    "code": "no-such-exercise",
    "kind": "no-such-kind",
    "file_format": "csv",
    "day": "2026-11-01",
    "index": 0,
}


@dataclass(frozen=True)
class Address:
    """One URL pattern with its full name and the arguments it wants."""

    name: str
    pattern: str
    arguments: tuple[str, ...]

    @property
    def is_in_clinic(self) -> bool:
        return self.pattern.startswith("c/<slug:clinic_slug>/")

    @property
    def path(self) -> str:
        return reverse(self.name, kwargs={name: SAMPLES[name] for name in self.arguments})


def addresses(
    patterns: list[URLPattern | URLResolver],
    *,
    prefix: str = "",
    names: str = "",
    arguments: tuple[str, ...] = (),
) -> Iterator[Address]:
    """Walk the URL configuration."""
    for entry in patterns:
        pattern = prefix + str(entry.pattern)
        wanted = (*arguments, *entry.pattern.regex.groupindex)
        if isinstance(entry, URLPattern):
            yield Address(f"{names}{entry.name}", pattern, wanted)
        else:
            below = f"{names}{entry.namespace}:" if entry.namespace else names
            yield from addresses(entry.url_patterns, prefix=pattern, names=below, arguments=wanted)


ALL = list(addresses(get_resolver().url_patterns))
CLINIC = [address for address in ALL if address.is_in_clinic]


@pytest.fixture
def people(db: None) -> People:
    return make_people()


def answers(member: Membership | None) -> dict[str, int]:
    """The status of every address for a member, or for a visitor; POST where GET is not offered."""
    client = Client()
    if member is not None:
        client.force_login(member.user, backend="django.contrib.auth.backends.ModelBackend")
    found = {}
    for address in CLINIC:
        answer = client.get(address.path)
        found[address.name] = (client.post(address.path) if answer.status_code == 405 else answer).status_code
    return found


def test_every_address_has_a_rule() -> None:
    unruled = [
        address.name
        for address in ALL
        if address.name not in IN_CLINIC
        and address.name not in PUBLIC
        and not address.name.startswith(PUBLIC_PREFIXES)
    ]
    assert unruled == []


def test_no_rule_is_left_of_an_address_that_is_gone() -> None:
    names = {address.name for address in ALL}
    assert (set(IN_CLINIC) - names, set(PUBLIC) - names) == (set(), set())


def test_nothing_in_a_clinic_is_public() -> None:
    assert {address.name for address in CLINIC} == set(IN_CLINIC)


@pytest.mark.parametrize(
    ("role", "name"),
    [("therapist", "nora"), ("assistant", "ash"), ("clinic_admin", "ada"), ("patient", "paul")],
)
def test_each_role_gets_what_its_rule_says(role: str, name: str, people: People) -> None:
    got = answers(getattr(people, name))
    let_in = {address for address, status in got.items() if status != 403}
    assert let_in == {address for address, roles in IN_CLINIC.items() if role in roles}
    assert {address: status for address, status in got.items() if status >= 500} == {}


def test_another_clinics_therapist_finds_nothing(people: People) -> None:
    assert {name: status for name, status in answers(people.sam).items() if status != 404} == {}


def test_the_signed_out_are_asked_to_sign_in(people: People) -> None:
    wanted = {address.name: 401 if "/api/" in address.path else 302 for address in CLINIC}
    assert answers(None) == wanted
