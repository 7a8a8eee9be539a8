"""A clinic's choices about its assistant."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from clinic.audit import Action, record
from clinic.errors import Invalid
from sessions.models import AssistantSettings

OBJECT = "rehab_sessions.AssistantSettings"


def change_assistant_settings(**chosen: Any) -> AssistantSettings:
    """Store the choices of the clinic in scope. Raises Invalid for a number of days out of bounds.

    How long words are kept holds for conversations from now on and, as the next deletion finds them, for
    those that are there.
    """
    with transaction.atomic():
        stored, _ = AssistantSettings.objects.select_for_update().get_or_create()
        for name, value in chosen.items():
            setattr(stored, name, value)
        try:
            stored.full_clean()
        except ValidationError as error:
            raise Invalid(
                fields={name: " ".join(said) for name, said in error.message_dict.items()}
            ) from None
        stored.save()
        record(Action.CHANGE, object_type=OBJECT, object_ref=stored.ref, detail=dict(chosen))
    return stored
