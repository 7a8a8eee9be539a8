"""The admin's pages about the assistant: who may open them, what they store, and what they never show."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from clinic.audit.models import AuditEvent
from clinic.models import Membership
from clinic.tenancy.scope import clinic_scope
from sessions.assistant_models import fingerprint_of
from sessions.models import AssistantSettings, Conversation, ModelProvider, SafetyRun, Turn
from sessions.selectors.assistant.settings import is_assistant_on, keep_days
from sessions.services.assistant.budget import cost_of, is_over_budget, spent_this_month
from tests.factories.patients import Ward

KEY = "sk-very-secret-key"
SETTINGS = "/c/north/settings/assistant/"
Browser = Callable[[Membership], Client]
# An address that needs no name server.
PUBLIC = "https://93.184.215.14/v1"
FIELDS = {
    "kind": "openai",
    "model": "some-model",
    "base_url": PUBLIC,
    "timeout_s": 20,
    "price_in": 1,
    "price_out": 2,
    "monthly_budget": 5,
    "currency": "eur",
}


def add(browser: Client, **changes: Any) -> Any:
    return browser.post(f"{SETTINGS}providers/new/", {**FIELDS, "key": KEY, **changes})


def stored(ward: Ward) -> ModelProvider:
    with clinic_scope(ward.people.north.pk):
        return ModelProvider.objects.get()


def test_only_admins_change_what_patients_may_do(ward: Ward, signed_in: Browser) -> None:
    people = ward.people
    sent = {"keep_days": "90"}
    assert signed_in(people.nora).post(SETTINGS, sent).status_code == 403
    assert signed_in(people.sam).post(SETTINGS, sent).status_code == 404
    with clinic_scope(people.north.pk):
        assert (is_assistant_on(), keep_days()) == (True, 365)
    assert signed_in(people.ada).post(SETTINGS, sent).status_code == 302
    with clinic_scope(people.north.pk):
        assert (is_assistant_on(), keep_days()) == (False, 90)
    assert signed_in(people.ada).post(SETTINGS, {"keep_days": "5"}).status_code == 400
    with clinic_scope(people.north.pk):
        assert AssistantSettings.objects.get().keep_days == 90


def test_a_key_goes_in_and_is_never_shown_again(ward: Ward, signed_in: Browser) -> None:
    browser = signed_in(ward.people.ada)
    assert add(browser).status_code == 302
    provider = stored(ward)
    assert (provider.currency, provider.state) == ("EUR", "draft")
    refused = add(browser, base_url="https://127.0.0.1/")
    assert refused.status_code == 400
    shown = [refused.content, browser.get(f"{SETTINGS}providers/{provider.ref}/").content]
    shown += [browser.get(SETTINGS).content, browser.get(f"{SETTINGS}providers/new/").content]
    for page in shown:
        assert KEY.encode() not in page and provider.sealed_key.encode() not in page
    with clinic_scope(ward.people.north.pk):
        assert KEY not in str(list(AuditEvent.objects.values_list("detail", flat=True)))


def test_saving_without_a_key_keeps_the_stored_one(ward: Ward, signed_in: Browser) -> None:
    browser = signed_in(ward.people.ada)
    add(browser)
    before = stored(ward)
    page = browser.post(f"{SETTINGS}providers/{before.ref}/", {**FIELDS, "key": "", "timeout_s": 9})
    assert page.status_code == 302
    after = stored(ward)
    assert (after.timeout_s, after.sealed_key) == (9, before.sealed_key)


def test_a_refused_change_is_not_stored(ward: Ward, signed_in: Browser) -> None:
    browser = signed_in(ward.people.ada)
    add(browser)
    ref = stored(ward).ref
    page = browser.post(f"{SETTINGS}providers/{ref}/", {**FIELDS, "base_url": "http://10.0.0.1/"})
    assert page.status_code == 400
    assert stored(ward).base_url == PUBLIC


@pytest.mark.parametrize("act", ["", "try/", "on/", "off/", "retire/"])
def test_colleagues_and_strangers_decide_nothing(ward: Ward, signed_in: Browser, act: str) -> None:
    add(signed_in(ward.people.ada))
    before = stored(ward)
    address = f"{SETTINGS}providers/{before.ref}/{act}"
    sent = {**FIELDS, "model": "other", "reason": "mine"}
    assert signed_in(ward.people.nora).post(address, sent).status_code == 403
    assert signed_in(ward.people.paul).post(address, sent).status_code == 403
    assert signed_in(ward.people.sam).post(address, sent).status_code == 404
    after = stored(ward)
    assert (after.model, after.state, after.reason) == (before.model, "draft", "")


def test_switching_on_needs_a_passed_run_and_off_needs_a_reason(ward: Ward, signed_in: Browser) -> None:
    browser = signed_in(ward.people.ada)
    add(browser)
    provider = stored(ward)
    page = f"{SETTINGS}providers/{provider.ref}/"
    refused = browser.post(f"{page}on/", {"reason": "Better words"})
    assert refused.status_code == 400 and b"has not passed" in refused.content
    with clinic_scope(ward.people.north.pk):
        SafetyRun.objects.create(
            provider=provider,
            fingerprint=fingerprint_of(provider),
            state="done",
            passed=True,
            finished_at=timezone.now(),
            started_by=ward.people.ada,
        )
    assert browser.post(f"{page}on/", {"reason": "Better words"}).status_code == 302
    assert stored(ward).state == "active"
    assert browser.post(f"{page}off/", {"reason": " "}).status_code == 400
    assert stored(ward).state == "active"
    assert browser.post(f"{page}off/", {"reason": "Enough"}).status_code == 302
    assert stored(ward).state == "draft"


def test_another_clinics_model_cannot_be_run_or_opened(ward: Ward, signed_in: Browser) -> None:
    with clinic_scope(ward.people.south.pk):
        other = ModelProvider.objects.create(kind="openai", model="x", made_by=ward.people.sam)
        other.refresh_from_db()
    browser = signed_in(ward.people.ada)
    assert browser.get(f"{SETTINGS}providers/{other.ref}/").status_code == 404
    assert browser.post(f"{SETTINGS}safety/start/", {"provider": str(other.ref)}).status_code == 404
    assert browser.post(f"{SETTINGS}safety/start/", {"provider": "gar\x00bage"}).status_code == 404
    with clinic_scope(ward.people.north.pk):
        assert not SafetyRun.objects.exists()


def answer(ward: Ward, provider: ModelProvider | None, number: int, **values: Any) -> None:
    conversation, _ = Conversation.objects.get_or_create(
        patient=ward.paul,
        defaults={"last_turn_at": timezone.now(), "keep_until": timezone.now().date()},
    )
    Turn.objects.create(
        conversation=conversation,
        number=number,
        author="assistant",
        at=timezone.now(),
        provider=provider,
        **values,
    )


def test_use_is_told_by_week_and_as_csv(ward: Ward, signed_in: Browser) -> None:
    browser = signed_in(ward.people.ada)
    assert b"Nobody has asked anything yet" in browser.get(f"{SETTINGS}usage/").content
    add(browser)
    provider = stored(ward)
    with clinic_scope(ward.people.north.pk):
        answer(ward, provider, 1, answered_by="model", answer_ms=100, model_ms=80, cost=Decimal("0.5"))
        answer(ward, provider, 2, answered_by="embedded", fell_back="timeout", answer_ms=300, model_ms=200)
        answer(ward, None, 3, answered_by="embedded", intent="medicine", answer_ms=50)
        answer(ward, None, 4, answered_by="rules", node="escalate")
    page = browser.get(f"{SETTINGS}usage/").content.decode()
    assert "1 of 2 (50 %)" in page
    rows = browser.get(f"{SETTINGS}usage/export.csv").content.decode().splitlines()
    assert len(rows) == 2
    assert rows[1].split(",")[1:10] == ["4", "1", "2", "1", "1", "0.5", "1", "0", "100"]
    with clinic_scope(ward.people.north.pk):
        assert AuditEvent.objects.filter(action="export", purpose="assistant usage csv").count() == 1
    assert signed_in(ward.people.nora).get(f"{SETTINGS}usage/export.csv").status_code == 403


def test_a_used_up_budget_counts_this_month_and_this_model_only(ward: Ward) -> None:
    with clinic_scope(ward.people.north.pk):
        make = {"kind": "openai", "made_by": ward.people.ada, "price_in": 2, "price_out": 10}
        provider = ModelProvider.objects.create(model="a", monthly_budget=1, **make)
        free = ModelProvider.objects.create(model="b", **make)
        assert cost_of(provider, tokens_in=1_000_000, tokens_out=100_000) == Decimal(3)
        assert cost_of(provider, tokens_in=-5, tokens_out=0) == 0
        answer(ward, provider, 1, cost=Decimal("0.4"))
        answer(ward, free, 2, cost=Decimal("90"))
        assert not is_over_budget(provider, clinic=ward.people.north)
        answer(ward, provider, 3, cost=Decimal("0.6"))
        assert spent_this_month(provider, clinic=ward.people.north) == 1
        assert is_over_budget(provider, clinic=ward.people.north)
        assert not is_over_budget(free, clinic=ward.people.north)
        Turn.objects.filter(number=3).update(at=timezone.now() - timezone.timedelta(days=40))
        assert not is_over_budget(provider, clinic=ward.people.north)
