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
    "patient_ref": NOBODYS_REF,
    "place": NOBODYS_REF,
    "code": "no-such-exercise",
    "kind": "no-such-kind",
    "file_format": "csv",
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


def ask(member: Membership | None, address: Address) -> int:
    """The status that a member, or a visitor, gets for an address; POST where GET is not offered."""
    client = Client(raise_request_exception=True)
    if member is not None:
        client.force_login(member.user, backend="django.contrib.auth.backends.ModelBackend")
    answer = client.get(address.path)
    if answer.status_code == 405:
        answer = client.post(address.path)
    return answer.status_code


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


@pytest.mark.parametrize("address", CLINIC, ids=lambda address: address.name)
def test_address_keeps_its_rule(address: Address, people: People) -> None:
    by_role = {
        "therapist": people.nora,
        "assistant": people.ash,
        "clinic_admin": people.ada,
        "patient": people.paul,
    }
    got = {role: ask(member, address) for role, member in by_role.items()}
    assert {role for role, status in got.items() if status != 403} == IN_CLINIC[address.name], got
    assert [status for status in got.values() if status >= 500] == []
    assert ask(people.sam, address) == 404
    assert ask(None, address) == (401 if "/api/" in address.path else 302)
