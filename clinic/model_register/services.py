"""What a clinic decides about models: register, promote, switch off and on."""

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from clinic.audit import Action, record
from clinic.errors import Conflict, Invalid
from clinic.model_register.files import delete_stored, store_folder
from clinic.model_register.products import ReleasedModel, product_of
from clinic.models import Membership, RegisteredModel

Origin, State = RegisteredModel.Origin, RegisteredModel.State
OBJECT = "clinic.RegisteredModel"


@dataclass(frozen=True, slots=True)
class TrainedModel:
    """A model that a clinic has trained, as the training run tells of it."""

    version: str
    folder: Path
    data_sha256: str
    data_words: str
    parameters: dict[str, Any] = field(default_factory=dict)
    scores: dict[str, Any] = field(default_factory=dict)
    comparison: dict[str, Any] = field(default_factory=dict)
    card: str = ""
    trained_at: datetime | None = None


def know_released(product: str) -> RegisteredModel | None:
    """The row of the released model, written when it is first asked for; it runs unless something else was
    decided.

    A successor takes the place of a released model that ran, and of nothing else.
    """
    released = product_of(product).released()
    if released is None:
        return None
    row = RegisteredModel.objects.filter(product=product, version=released.version).first()
    if row is not None and row.sha256 == released.sha256:
        return row
    try:
        with transaction.atomic():
            return _write_released(product, released)
    except IntegrityError:
        return RegisteredModel.objects.get(product=product, version=released.version)


def _write_released(product: str, released: ReleasedModel) -> RegisteredModel:
    rows = RegisteredModel.objects.select_for_update().filter(product=product)
    before = rows.filter(state__in=(State.ACTIVE, State.OFF)).first()
    runs = before is None or (before.state == State.ACTIVE and before.origin == Origin.RELEASED)
    if before is not None and runs and before.version != released.version:
        _set_state(before, State.RETIRED, by=None, reason="Replaced by an update of Plumbline.")
    row, _ = RegisteredModel.objects.update_or_create(
        product=product,
        version=released.version,
        defaults={
            "origin": Origin.RELEASED,
            "sha256": released.sha256,
            "data_sha256": released.data_sha256,
            "data_words": released.data_words,
            "parameters": released.parameters,
            "scores": released.scores,
            "card": released.card,
            **({"state": State.ACTIVE} if runs else {}),
        },
    )
    return row


def register_trained(product: str, trained: TrainedModel, *, by: Membership | None) -> RegisteredModel:
    """Keep a trained model as a candidate. Raises Conflict for a version that is there already, and
    ModelFilesUnusable.
    """
    product_of(product)
    if RegisteredModel.objects.filter(product=product, version=trained.version).exists():
        raise Conflict(f"There is a version {trained.version} already.")
    stored_name, sha256 = store_folder(trained.folder)
    try:
        with transaction.atomic():
            row: RegisteredModel = RegisteredModel.objects.create(
                product=product,
                version=trained.version,
                origin=Origin.TRAINED,
                sha256=sha256,
                stored_name=stored_name,
                data_sha256=trained.data_sha256,
                data_words=trained.data_words,
                parameters=trained.parameters,
                scores=trained.scores,
                comparison=trained.comparison,
                card=trained.card,
                trained_at=trained.trained_at or timezone.now(),
                registered_by=by,
            )
            record(Action.CREATE, object_type=OBJECT, object_ref=row.ref, detail=_told(row))
    except IntegrityError as error:
        delete_stored(stored_name)
        raise Conflict(f"There is a version {trained.version} already.") from error
    return row


@transaction.atomic
def promote_model(model: RegisteredModel, *, by: Membership, reason: str) -> RegisteredModel:
    """Let a version run from now on; the one that ran is retired. Raises Invalid without a reason, Conflict
    when the version can no longer run.
    """
    reason = _reason(reason, "Say in a few words why this version should run.")
    row = _locked(model)
    if row.state == State.ACTIVE:
        raise Conflict("This version is in use already.")
    if row.origin == Origin.RELEASED and not _still_ships(row):
        raise Conflict("An update of Plumbline has replaced this version; its files are gone.")
    for other in RegisteredModel.objects.filter(product=row.product, state__in=(State.ACTIVE, State.OFF)):
        if other.pk != row.pk:
            _set_state(other, State.RETIRED, by=by, reason=f"Replaced by {row.version}.")
    return _set_state(row, State.ACTIVE, by=by, reason=reason)


@transaction.atomic
def switch_off_model(model: RegisteredModel, *, by: Membership, reason: str) -> RegisteredModel:
    """Stop the version that runs; nothing takes its place until somebody promotes one.

    Raises Invalid without a reason and Conflict when it does not run.
    """
    reason = _reason(reason, "Say in a few words why it is switched off.")
    row = _locked(model)
    if row.state != State.ACTIVE:
        raise Conflict("This version is not in use.")
    return _set_state(row, State.OFF, by=by, reason=reason)


def _locked(model: RegisteredModel) -> RegisteredModel:
    """The row as it is now. All versions are locked, in one order: two decisions follow each other."""
    rows = RegisteredModel.objects.select_for_update().filter(product=model.product).order_by("pk")
    row: RegisteredModel = next(row for row in rows if row.pk == model.pk)
    return row


def _still_ships(row: RegisteredModel) -> bool:
    released = product_of(row.product).released()
    return released is not None and released.version == row.version


def _reason(text: str, ask: str) -> str:
    text = " ".join(text.split())
    if not text:
        raise Invalid(ask, fields={"reason": ask})
    if len(text) > 300:
        raise Invalid("At most 300 characters.", fields={"reason": "At most 300 characters."})
    return text


def _set_state(row: RegisteredModel, state: str, *, by: Membership | None, reason: str) -> RegisteredModel:
    row.state, row.decided_by, row.decided_at, row.reason = state, by, timezone.now(), reason
    row.save(update_fields=["state", "decided_by", "decided_at", "reason", "updated_at"])
    record(Action.CHANGE, object_type=OBJECT, object_ref=row.ref, detail={**_told(row), "state": state})
    return row


def _told(row: RegisteredModel) -> dict[str, str]:
    return {"product": row.product, "version": row.version}
