"""A row of any clinic-owned table, made up from the model's fields: so that each table holds something that
could leak.
"""

from datetime import date
from typing import Any
from uuid import uuid4

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils import timezone

from clinic.models import User
from clinic.tenancy.models import ClinicOwned
from tests.factories.clinic import make_user

# May be empty by itself, but a check constraint asks for it or for another.
ASKED_FOR = {"rehab_sessions.Recording.patient"}
# A check constraint wants more than the field's type says.
FITTING: dict[str, Any] = {"notes.NoteFact.end": 2}


def make_any_row(model: type[models.Model], made: dict[type, models.Model]) -> models.Model:
    """One row in the clinic in scope, with the rows it points at; `made` holds what this clinic has
    already.
    """
    if model in made:
        return made[model]
    values = {field.name: value_of(field, made) for field in model._meta.local_fields if is_needed(field)}
    row = model(**values)
    made[model] = model._default_manager.bulk_create([row])[0] if issubclass(model, ClinicOwned) else row
    return made[model]


def is_needed(field: models.Field) -> bool:
    """Whether a row must say something here: no key of its own, no default, not empty by itself."""
    if field.primary_key or field.name in {"clinic", "ref"} or getattr(field, "auto_now", False):
        return False
    if getattr(field, "auto_now_add", False) or isinstance(field, models.GeneratedField):
        return False
    if str(field) in ASKED_FOR:
        return True
    return not field.null and not field.has_default() and not field.has_db_default()


def value_of(field: models.Field, made: dict[type, models.Model]) -> Any:
    """Something that the field accepts."""
    if str(field) in FITTING:
        return FITTING[str(field)]
    if isinstance(field, models.ForeignKey):
        target = field.remote_field.model
        if target is User:
            return make_user()
        if target is ContentType:
            return ContentType.objects.get_for_model(User)
        return make_any_row(target, made)
    if field.choices:
        return field.flatchoices[0][0]
    examples: dict[type, Any] = {
        models.CharField: "x",
        models.TextField: "x",
        models.EmailField: "x@example.org",
        models.BooleanField: False,
        models.DateField: date(2026, 1, 1),
        models.DateTimeField: timezone.now(),
        models.UUIDField: uuid4(),
        models.BinaryField: b"x",
        models.JSONField: {},
        models.FloatField: 1.0,
    }
    for kind in type(field).__mro__:
        if kind in examples:
            return examples[kind]
    return 1
