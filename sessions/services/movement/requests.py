"""A therapist asks a patient for a test every so many days, until somebody ends it."""

from django.db import transaction
from django.utils import timezone

from clinic.audit import record
from clinic.errors import Invalid
from clinic.models import Membership
from patients.models import Patient
from patients.services.timeline import add_timeline_entry
from sessions.models import MovementRequest

REQUEST = "sessions.MovementRequest"
NOT_OFFERED = "Choose one of the tests, and how often."


def ask_for_test(patient: Patient, *, kind: str, every_days: int, by: Membership) -> MovementRequest:
    """Ask for a test; asking again at another pace ends what was asked before. Raises Invalid."""
    if kind not in MovementRequest.Kind.values or every_days not in MovementRequest.Every.values:
        raise Invalid(NOT_OFFERED)
    with transaction.atomic():
        Patient.objects.select_for_update().get(pk=patient.pk)
        before = MovementRequest.objects.filter(patient=patient, kind=kind, ended_at=None).first()
        if before is not None and before.every_days == every_days:
            return before
        if before is not None:
            _end(before, by=by)
        asked = MovementRequest.objects.create(patient=patient, kind=kind, every_days=every_days, asked_by=by)
        record("create", patient=patient.pk, object_type=REQUEST, object_ref=asked.ref, purpose=kind)
        add_timeline_entry(
            patient,
            kind="movement",
            title=f"Asked for: {asked.get_kind_display()}, {asked.get_every_days_display().lower()}",
            object_kind="movement_request",
            object_ref=asked.ref,
            by=by,
        )
    return asked


def end_request(asked: MovementRequest, *, by: Membership) -> MovementRequest:
    """Ask no more. A second time changes nothing."""
    with transaction.atomic():
        locked = MovementRequest.objects.select_for_update().get(pk=asked.pk)
        if locked.ended_at is None:
            _end(locked, by=by)
    return locked


def _end(asked: MovementRequest, *, by: Membership) -> None:
    asked.ended_at, asked.ended_by = timezone.now(), by
    asked.save(update_fields=["ended_at", "ended_by", "updated_at"])
    record("change", patient=asked.patient_id, object_type=REQUEST, object_ref=asked.ref, purpose="end")
