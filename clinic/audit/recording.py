"""Write one line of the audit trail.

The row is inserted with plain SQL and without RETURNING, because a line of the platform's chain (written
before a clinic is known) may be added by anybody and read back by nobody.

A line holds its clinic's chain until the transaction ends. Inside a transaction it is therefore written as
the last thing before the commit: a long transaction keeps nobody waiting, and two never wait for each other.
"""

import json
from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db import connection

from clinic.audit.actor import current_actor
from clinic.tenancy.scope import NoClinicScope, current_clinic_id_or_none, current_scope, reopened


class Action(StrEnum):
    """What was done. The audit page filters by these words."""

    VIEW = "view"
    LIST = "list"
    SEARCH = "search"
    EXPORT = "export"
    PRINT = "print"
    SIGN_IN = "sign_in"
    SIGN_IN_FAILED = "sign_in_failed"
    SIGN_OUT = "sign_out"
    CREATE = "create"
    CHANGE = "change"
    DELETE = "delete"
    JOIN = "join"
    LEAVE = "leave"
    DENIED = "denied"
    ALERT = "alert"


INSERT = """
INSERT INTO clinic_auditevent (
    clinic_id, sequence, at, action, actor_user_id, actor_membership_id, actor_role, address, via, purpose,
    object_type, object_ref, patients, detail, previous_hash, hash
)
VALUES (%s, 0, now(), %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, '', '')
"""


def record(
    action: Action | str,
    *,
    patient: int | None = None,
    patients: Iterable[int] = (),
    object_type: str = "",
    object_ref: UUID | str | None = None,
    purpose: str = "",
    detail: Mapping[str, Any] | None = None,
) -> None:
    """Add one line to the chain of the clinic in scope, or to the platform's chain when there is none.

    `patient` and `patients` are ids of patients.Patient. `detail` holds ids and states only, never names or
    clinical text. Raises ValueError for an unknown action and NoClinicScope for patients without a clinic.
    """
    actor = current_actor()
    clinic_id = current_clinic_id_or_none()
    shown = _patient_ids(patient, patients)
    if shown and clinic_id is None:
        raise NoClinicScope("a patient cannot be audited without a clinic in scope")
    values = (
        clinic_id,
        Action(action).value,
        actor.user_id,
        actor.membership_id,
        actor.role,
        actor.address,
        actor.via,
        _storable(purpose)[:200],
        _storable(object_type)[:100],
        str(object_ref) if object_ref else None,
        shown,
        json.dumps(_storable(dict(detail or {})), default=str),
    )
    scope = current_scope()

    def write() -> None:
        with reopened(scope), connection.cursor() as cursor:
            cursor.execute(INSERT, values)

    connection.before_commit(write)  # type: ignore[attr-defined]


def _patient_ids(patient: Any, patients: Iterable[Any]) -> list[int]:
    ids = [getattr(one, "pk", one) for one in ([patient] if patient is not None else [])]
    ids += [getattr(one, "pk", one) for one in patients]
    return sorted({int(one) for one in ids})


def _storable(value: Any) -> Any:
    """The value without NUL characters, which PostgreSQL stores neither in text nor in JSON."""
    if isinstance(value, str):
        return value.replace("\x00", "")
    if isinstance(value, Mapping):
        return {str(_storable(name)): _storable(one) for name, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_storable(one) for one in value]
    return value
