"""A clinic's models: keys stay sealed, addresses stay allowed, and nothing answers before its run passed."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone

from clinic.audit.models import AuditEvent, FieldChange
from clinic.errors import Conflict, Invalid
from clinic.models import Clinic
from clinic.secrets import SealBroken
from clinic.tenancy.scope import clinic_scope
from sessions.assistant_addresses import AddressNotAllowed, check_address
from sessions.assistant_models import fingerprint_of
from sessions.models import ModelProvider, SafetyRun
from sessions.provider_errors import ProviderAnswers, ProviderNotFound, ProviderNotSafe, ProviderRetired
from sessions.selectors.assistant.providers import provider_by_ref
from sessions.services.assistant.active import active_model, why_silent
from sessions.services.assistant.providers import (
    ProviderFields,
    add_provider,
    change_provider,
    key_of,
    retire_provider,
    switch_off,
    switch_on,
)
from sessions.services.assistant.trying import try_provider
from tests.people import People, make_people
from tests.sessions.assistant.endpoint import Endpoint, running_endpoint

KEY = "sk-very-secret-key"


@pytest.fixture
def people(db: None) -> People:
    return make_people()


@pytest.fixture
def endpoint(settings: Any) -> Iterator[Endpoint]:
    settings.PLUMBLINE_MODEL_HOSTS = ["localhost"]
    with running_endpoint() as running:
        yield running


def fields_of(endpoint: Endpoint, **changes: Any) -> ProviderFields:
    return ProviderFields(kind="openai", model="some-model", base_url=endpoint.url, **changes)


def make_provider(people: People, endpoint: Endpoint, **changes: Any) -> ModelProvider:
    with clinic_scope(people.north.pk):
        return add_provider(fields_of(endpoint, **changes), key=KEY, by=people.ada)


def let_pass(provider: ModelProvider, *, passed: bool = True, fingerprint: str = "") -> SafetyRun:
    """A run that ended, as a worker leaves it."""
    return SafetyRun.objects.create(
        provider=provider,
        fingerprint=fingerprint or fingerprint_of(provider),
        state="done",
        passed=passed,
        finished_at=timezone.now(),
        started_by=provider.made_by,
    )


def test_a_key_is_sealed_for_its_row_and_told_nowhere(people: People, endpoint: Endpoint) -> None:
    provider = make_provider(people, endpoint)
    with clinic_scope(people.north.pk):
        assert key_of(provider) == KEY
        assert KEY not in provider.sealed_key
        audited = str(list(AuditEvent.objects.values_list("detail", "purpose")))
        assert "some-model" in audited and KEY not in audited
        assert KEY not in str(list(FieldChange.objects.values_list("changes", flat=True)))
        other = add_provider(fields_of(endpoint), key="another", by=people.ada)
        other.sealed_key = provider.sealed_key
        with pytest.raises(SealBroken):
            key_of(other)


def test_a_connection_is_tried_with_the_stored_key_and_not_the_environments(
    people: People, endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-of-the-server")
    provider = make_provider(people, endpoint)
    with clinic_scope(people.north.pk):
        tried = try_provider(provider)
        assert tried.worked, tried.words
        assert endpoint.seen[-1]["authorization"] == f"Bearer {KEY}"
        change_provider(provider, fields_of(endpoint), key="")
        provider.refresh_from_db()
        assert try_provider(provider).worked
    assert "sk-of-the-server" not in str(endpoint.seen)


@pytest.mark.parametrize(
    ("mode", "words"),
    [
        ("redirect", "a redirect; none is followed"),
        ("refuse", "key was refused"),
        ("huge", "did not answer as a model does|Nothing answers"),
        ("garbage", "did not answer as a model does"),
    ],
)
def test_what_a_bad_endpoint_does_ends_in_words(
    people: People, endpoint: Endpoint, mode: str, words: str
) -> None:
    endpoint.mode = mode
    provider = make_provider(people, endpoint)
    with clinic_scope(people.north.pk):
        tried = try_provider(provider)
    assert not tried.worked
    assert any(part in tried.words for part in words.split("|")), tried.words
    assert KEY not in tried.words


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org/v1",
        "https://127.0.0.1/v1",
        "https://localhost/v1",
        "https://10.0.0.5/v1",
        "https://192.168.1.1/",
        "https://169.254.169.254/latest/meta-data/",
        "https://[::1]/",
        "https://[fe80::1]/",
        "https://[fd00::1]/",
        "https://[::ffff:127.0.0.1]/",
        "https://[64:ff9b::7f00:1]/",
        "https://[2002:7f00:1::]/",
        "https://0.0.0.0/",
        "https://2130706433/",
        "https://0x7f.1/",
        "https://100.64.0.1/",
        "https://224.0.0.1/",
        "https://user:secret@example.org/",
        "https://example.org/?key=1",
        "https://example.org:99999/",
        "https://exa mple.org/",
        "https:///v1",
        "ftp://example.org/",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "https://[not-an-address/",
        "https://no-such-host.invalid/",
        "https://" + "a" * 300 + ".example/",
        "https://exämple.org\x00/",
        "",
    ],
)
def test_an_address_inside_or_unreadable_is_refused(url: str) -> None:
    with pytest.raises(AddressNotAllowed) as caught:
        check_address(url)
    assert "secret" not in caught.value.words


def test_a_named_host_may_be_inside_and_without_tls(settings: Any) -> None:
    settings.PLUMBLINE_MODEL_HOSTS = ["LOCALHOST"]
    check_address("http://localhost:11434")
    with pytest.raises(AddressNotAllowed):
        check_address("http://127.0.0.1:11434")


def test_a_name_that_leads_inside_later_is_refused_when_it_is_called(
    people: People, endpoint: Endpoint, settings: Any
) -> None:
    provider = make_provider(people, endpoint)
    settings.PLUMBLINE_MODEL_HOSTS = []
    with clinic_scope(people.north.pk):
        assert not try_provider(provider).worked
    assert endpoint.seen == []


def test_it_answers_only_after_a_run_of_exactly_this_one_has_passed(
    people: People, endpoint: Endpoint
) -> None:
    provider = make_provider(people, endpoint)
    with clinic_scope(people.north.pk):
        with pytest.raises(ProviderNotSafe):
            switch_on(provider, by=people.ada, reason="try")
        let_pass(provider, fingerprint="of another prompt")
        with pytest.raises(ProviderNotSafe):
            switch_on(provider, by=people.ada, reason="try")
        let_pass(provider)
        with pytest.raises(Invalid):
            switch_on(provider, by=people.ada, reason="  ")
        switch_on(provider, by=people.ada, reason="Better words")
        active = active_model(people.north)
        assert active is not None and active.provider == provider
        assert active.cost(tokens_in=1000, tokens_out=1000) == 0
        let_pass(provider, passed=False)
        assert active_model(people.north) is None
        assert "out of date" in why_silent(provider, clinic=people.north)
        switch_off(provider, by=people.ada, reason="Enough")
        provider.refresh_from_db()
        assert (provider.state, provider.decided_by, provider.reason) == ("draft", people.ada, "Enough")
        with pytest.raises(Conflict):
            switch_off(provider, by=people.ada, reason="Again")


def test_one_that_answers_cannot_become_another(people: People, endpoint: Endpoint) -> None:
    provider = make_provider(people, endpoint)
    with clinic_scope(people.north.pk):
        let_pass(provider)
        switch_on(provider, by=people.ada, reason="Better words")
        with pytest.raises(ProviderAnswers):
            change_provider(provider, ProviderFields("openai", "other", endpoint.url), key=None)
        change_provider(provider, fields_of(endpoint, timeout_s=9), key=None)
        provider.refresh_from_db()
        assert (provider.model, provider.timeout_s, key_of(provider)) == ("some-model", 9, KEY)


def test_a_second_one_takes_the_place_of_the_first(people: People, endpoint: Endpoint) -> None:
    first, second = make_provider(people, endpoint), make_provider(people, endpoint)
    with clinic_scope(people.north.pk):
        for provider in (first, second):
            let_pass(provider)
            switch_on(provider, by=people.ada, reason="Better words")
        assert list(ModelProvider.objects.order_by("pk").values_list("state", flat=True)) == [
            "draft",
            "active",
        ]


def test_a_retired_one_forgets_its_key_and_never_comes_back(people: People, endpoint: Endpoint) -> None:
    provider = make_provider(people, endpoint)
    with clinic_scope(people.north.pk):
        let_pass(provider)
        retire_provider(provider, by=people.ada, reason="Contract ended")
        provider.refresh_from_db()
        assert provider.sealed_key == ""
        with pytest.raises(ProviderRetired):
            switch_on(provider, by=people.ada, reason="Again")


def test_another_clinics_model_is_not_found(people: People, endpoint: Endpoint) -> None:
    provider = make_provider(people, endpoint)
    with clinic_scope(people.south.pk):
        for ref in (provider.ref, "not-a-ref"):
            with pytest.raises(ProviderNotFound):
                provider_by_ref(ref)
        assert active_model(Clinic.objects.get(pk=people.south.pk)) is None


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"kind": "openai", "price_in": Decimal(-1)}, "price_in"),
        ({"monthly_budget": Decimal(5)}, "monthly_budget"),
        ({"timeout_s": 900}, "timeout_s"),
        ({"currency": "EURO"}, "currency"),
    ],
)
def test_numbers_out_of_bounds_are_refused_by_name(
    people: People, endpoint: Endpoint, changes: dict[str, Any], named: str
) -> None:
    values = {"kind": "openai", "model": "m", "base_url": endpoint.url, **changes}
    with clinic_scope(people.north.pk):
        with pytest.raises(Invalid) as caught:
            add_provider(ProviderFields(**values), key=KEY, by=people.ada)
        assert named in caught.value.fields
        assert not ModelProvider.objects.exists()


@pytest.mark.parametrize("key", ["a key with spaces", "line\nbreak", "k" * 501, "schlüssel", "nul\x00"])
def test_a_text_that_is_no_key_is_refused_without_being_repeated(
    people: People, endpoint: Endpoint, key: str
) -> None:
    with clinic_scope(people.north.pk):
        with pytest.raises(Invalid) as caught:
            add_provider(fields_of(endpoint), key=key, by=people.ada)
        assert key not in str(caught.value.fields)
        assert not ModelProvider.objects.exists()


def test_keys_are_sealed_anew_before_the_old_sealing_key_goes(
    people: People, endpoint: Endpoint, settings: Any
) -> None:
    old, new = settings.PLUMBLINE_SEALING_KEYS[0], "n" * 20 + "0123456789abcdefghijklmnopqrstuvwxyzABCDEF"
    provider = make_provider(people, endpoint)
    settings.PLUMBLINE_SEALING_KEYS = [new, old]
    call_command("reseal_provider_keys", "--all-clinics")
    settings.PLUMBLINE_SEALING_KEYS = [new]
    with clinic_scope(people.north.pk):
        provider.refresh_from_db()
        assert key_of(provider) == KEY
