"""The models that a clinic's admin enters, switches on when the safety suite allows it, and switches off.

A key goes in and never comes out: it is sealed for its row, shown to nobody, logged and audited nowhere.
"""

from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from clinic.audit import Action, record
from clinic.errors import Conflict, Invalid
from clinic.models import Membership
from clinic.secrets import is_sealed_with_first_key, seal, unseal
from sessions.assistant_addresses import AddressNotAllowed, check_address
from sessions.assistant_models import address_of, fingerprint_of, identity_of
from sessions.models import ModelProvider
from sessions.provider_errors import (
    ProviderAnswers,
    ProviderNotActive,
    ProviderNotSafe,
    ProviderRetired,
    ReasonMissing,
)
from sessions.selectors.assistant.providers import is_safe

OBJECT = "rehab_sessions.ModelProvider"
State = ModelProvider.State
LONGEST_KEY = 500


@dataclass(frozen=True, slots=True)
class ProviderFields:
    """What an admin enters of a model, the key apart. `timeout_s` in seconds; prices per million tokens."""

    kind: str
    model: str
    base_url: str = ""
    api_version: str = ""
    timeout_s: int = 20
    price_in: Decimal = Decimal(0)
    price_out: Decimal = Decimal(0)
    monthly_budget: Decimal = Decimal(0)
    currency: str = "USD"


def add_provider(fields: ProviderFields, *, key: str, by: Membership) -> ModelProvider:
    """Enter a model; it answers nobody yet. Raises Invalid and NoSealingKey."""
    with transaction.atomic():
        provider = _filled(ModelProvider(made_by=by), fields)
        provider.save()
        provider.refresh_from_db()
        _keep_key(provider, key)
        _record(Action.CREATE, provider, key_given=bool(key))
    return provider


def change_provider(provider: ModelProvider, fields: ProviderFields, *, key: str | None) -> ModelProvider:
    """Change a model; `key` None keeps the stored one, an empty one removes it.

    Raises Invalid, NoSealingKey, ProviderRetired, and ProviderAnswers when it answers patients and would be
    another model afterwards.
    """
    with transaction.atomic():
        stored = _locked(provider)
        before = identity_of(stored)
        _filled(stored, fields)
        if stored.state == State.ACTIVE and identity_of(stored) != before:
            raise ProviderAnswers
        stored.save()
        if key is not None:
            _keep_key(stored, key)
        _record(Action.CHANGE, stored, key_given=key is not None)
    return stored


def switch_on(provider: ModelProvider, *, by: Membership, reason: str) -> ModelProvider:
    """Let it answer patients; whatever answered before is switched off.

    Raises ReasonMissing, ProviderRetired, ProviderNotSafe and Conflict when it answers already.
    """
    with transaction.atomic():
        stored = _locked(provider)
        said = _reason(reason)
        if stored.state == State.ACTIVE:
            raise Conflict("This model answers patients already.")
        if not is_safe(stored, fingerprint_of(stored)):
            raise ProviderNotSafe
        for other in ModelProvider.objects.filter(state=State.ACTIVE):
            _decide(other, State.DRAFT, by=by, reason=f"Another model was switched on: {said}"[:300])
        return _decide(stored, State.ACTIVE, by=by, reason=said)


def switch_off(provider: ModelProvider, *, by: Membership, reason: str) -> ModelProvider:
    """Stop it at once: the next answer comes without it. Raises ReasonMissing, ProviderNotActive."""
    with transaction.atomic():
        stored = _locked(provider)
        said = _reason(reason)
        if stored.state != State.ACTIVE:
            raise ProviderNotActive
        return _decide(stored, State.DRAFT, by=by, reason=said)


def retire_provider(provider: ModelProvider, *, by: Membership, reason: str) -> ModelProvider:
    """Take it out of use for good and forget its key; what it answered stays in the record."""
    with transaction.atomic():
        stored = _locked(provider)
        said = _reason(reason)
        stored.sealed_key = ""
        stored.save(update_fields=["sealed_key", "updated_at"])
        return _decide(stored, State.RETIRED, by=by, reason=said)


def key_of(provider: ModelProvider) -> str:
    """The key, for calling the model and nothing else. Raises SealBroken, NoSealingKey."""
    return unseal(provider.sealed_key, belongs_to=_seal_name(provider)) if provider.sealed_key else ""


def reseal_keys() -> int:
    """Seal every key of the clinic in scope with the first sealing key; answers how many were changed."""
    changed = 0
    with transaction.atomic():
        rows = ModelProvider.objects.select_for_update(of=("self",)).exclude(sealed_key="")
        for provider in rows.order_by("pk"):
            if not is_sealed_with_first_key(provider.sealed_key):
                _keep_key(provider, key_of(provider))
                changed += 1
    return changed


def _filled(provider: ModelProvider, fields: ProviderFields) -> ModelProvider:
    for name, value in asdict(fields).items():
        setattr(provider, name, value.strip() if isinstance(value, str) else value)
    provider.currency = provider.currency.upper()
    try:
        provider.full_clean(exclude=["made_by", "decided_by", "ref"], validate_constraints=False)
    except ValidationError as error:
        raise Invalid(fields={name: " ".join(said) for name, said in error.message_dict.items()}) from None
    _check_fields(provider)
    return provider


def _check_fields(provider: ModelProvider) -> None:
    if provider.kind == ModelProvider.Kind.AZURE and not (provider.base_url and provider.api_version):
        raise Invalid(fields={"base_url": "Azure needs the resource's address and an API version."})
    negative = [name for name in ("price_in", "price_out", "monthly_budget") if getattr(provider, name) < 0]
    if negative:
        raise Invalid(fields=dict.fromkeys(negative, "Not less than 0."))
    if provider.monthly_budget and not (provider.price_in or provider.price_out):
        raise Invalid(fields={"monthly_budget": "Enter the prices too: without them nothing counts."})
    try:
        check_address(address_of(provider))
    except AddressNotAllowed as error:
        raise Invalid(error.words, fields={"base_url": error.words}) from None


def _keep_key(provider: ModelProvider, key: str) -> None:
    key = key.strip()
    if len(key) > LONGEST_KEY or not key.isascii() or not (key.isprintable() and " " not in key):
        raise Invalid(fields={"key": "This is not a key. Paste it again, without spaces or line breaks."})
    provider.sealed_key = seal(key, belongs_to=_seal_name(provider)) if key else ""
    provider.save(update_fields=["sealed_key", "updated_at"])


def _seal_name(provider: ModelProvider) -> str:
    return f"{provider.clinic_id}:ModelProvider:{UUID(str(provider.ref))}"


def _locked(provider: ModelProvider) -> ModelProvider:
    """The row as it is now. All are locked in one order: two decisions follow each other."""
    rows = ModelProvider.objects.select_for_update(of=("self",)).order_by("pk")
    stored: ModelProvider = next(row for row in rows if row.pk == provider.pk)
    if stored.state == State.RETIRED:
        raise ProviderRetired
    return stored


def _reason(text: str) -> str:
    said = " ".join(text.split())[:300]
    if not said:
        raise ReasonMissing
    return said


def _decide(provider: ModelProvider, state: str, *, by: Membership, reason: str) -> ModelProvider:
    provider.state, provider.decided_by = state, by
    provider.decided_at, provider.reason = timezone.now(), reason
    provider.save(update_fields=["state", "decided_by", "decided_at", "reason", "updated_at"])
    _record(Action.CHANGE, provider, state=state)
    return provider


def _record(action: Action, provider: ModelProvider, **detail: Any) -> None:
    told = {"kind": provider.kind, "model": provider.model, **detail}
    record(action, object_type=OBJECT, object_ref=provider.ref, detail=told)
