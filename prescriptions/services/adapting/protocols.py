"""The clinic's own progression protocol, version by version."""

from typing import Any

from django.db import IntegrityError, transaction

from clinic.audit import record
from clinic.errors import Conflict, Forbidden
from clinic.models import Membership, Role
from prescriptions.adapt_rx.protocol import ProtocolRefused, parse_protocol, shipped_protocol
from prescriptions.errors import ProtocolFaults
from prescriptions.models import ProgressionProtocol
from prescriptions.selectors.adapting.states import protocol_in_force

WRITTEN_MEANWHILE = "Somebody else wrote a new protocol meanwhile. Load the page again."
MAY_WRITE = (Role.THERAPIST, Role.CLINIC_ADMIN)


def write_protocol(
    spec: Any, *, by: Membership, change_note: str = "", based_on: int | None = None
) -> ProgressionProtocol:
    """Store a protocol as the next version; it is in force at once. Nothing is written when nothing changed.

    Raises ProtocolFaults with every fault in plain words, and Conflict when somebody wrote one meanwhile
    (`based_on`: the number of the version that was changed).
    """
    if by.role not in MAY_WRITE:
        raise Forbidden
    in_force = protocol_in_force()
    if based_on is not None and based_on != in_force.number:
        raise Conflict(WRITTEN_MEANWHILE)
    number = in_force.number + 1
    spec = {**spec, "version": number + 1} if isinstance(spec, dict) else spec
    try:
        parse_protocol(spec)
    except ProtocolRefused as error:
        raise ProtocolFaults(error.faults) from error
    if in_force.row is not None and {**in_force.spec, "version": number + 1} == spec:
        return in_force.row
    try:
        with transaction.atomic():
            row: ProgressionProtocol = ProgressionProtocol.objects.create(
                number=number, spec=spec, created_by=by, change_note=change_note.strip()[:300]
            )
            record("create", object_type="prescriptions.ProgressionProtocol", object_ref=row.ref)
    except IntegrityError as error:
        raise Conflict(WRITTEN_MEANWHILE) from error
    return row


def use_shipped_protocol(*, by: Membership) -> ProgressionProtocol:
    """Go back to the protocol that ships, as a version of its own."""
    return write_protocol(shipped_protocol().spec, by=by, change_note="As shipped")
