"""django-auditlog, tamed: whole values masked, no names in the object's description, one permanent
receiver.

auditlog's own middleware connects a receiver per open request and trusts X-Forwarded-For; we connect one
receiver for the life of the process, which reads our ContextVar. auditlog does not see queryset.update()
and bulk_create().
"""

from collections.abc import Iterable
from typing import Any, TypeVar

from django.db import models
from django.db.models.signals import pre_save

from clinic.audit.actor import current_actor

MASK = "•••"
ALWAYS_LEFT_OUT = ("created_at", "updated_at", "clinic", "ref")
M = TypeVar("M", bound=type[models.Model])


def mask_whole(value: Any) -> str:
    """Nothing of the value is left, not even its length."""
    return MASK if value else ""


def register(model: M, *, mask: Iterable[str] = (), exclude: Iterable[str] = ()) -> M:
    """Log the model's field changes. `mask` names the fields whose values must not be kept (names, free
    text).
    """
    from auditlog.registry import auditlog

    auditlog.register(
        model,
        exclude_fields=[*ALWAYS_LEFT_OUT, *exclude],
        mask_fields=list(mask),
        mask_callable="clinic.audit.field_changes.mask_whole",
    )
    return model


def complete_field_change(sender: type[models.Model], instance: Any, **kwargs: Any) -> None:
    """Add who, from where and about which patient; replace the object's description by its type and key."""
    actor = current_actor()
    if instance.actor_id is None:
        instance.actor_id = actor.user_id
    instance.actor_email = None
    instance.remote_addr = actor.address or None
    instance.object_repr = f"{instance.content_type.model} {instance.object_pk}"


def patient_of(instance: models.Model) -> int | None:
    """The patient that a row is about: itself, or whom its `patient` points at."""
    if instance._meta.label_lower == "patients.patient":
        return instance.pk
    return getattr(instance, "patient_id", None)


def connect() -> None:
    """Connect the permanent receivers; called once when the app is ready."""
    from clinic.audit.models import FieldChange

    pre_save.connect(complete_field_change, sender=FieldChange, dispatch_uid="clinic.field_change")
