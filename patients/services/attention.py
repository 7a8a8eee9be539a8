"""Reasons for attention: set, cleared, and reviewed by the rules."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

from patients.attention_rules import REVIEWED_CODES, Reason, reasons_for
from patients.models import AttentionReason, Patient
from patients.selectors.attention import attention_facts


def set_attention(
    patient: Patient, code: str, *, weight: int, words: str, object_ref: UUID | None = None
) -> AttentionReason:
    """Say why a patient needs a look; a reason that stands already keeps its date and gets the new words."""
    with transaction.atomic():
        _lock(patient)
        reason = _put(patient, Reason(code, weight, words, str(object_ref) if object_ref else None))
        _total(patient)
    return reason


def clear_attention(patient: Patient, code: str) -> None:
    """The reason holds no longer. Nothing happens when it did not stand."""
    with transaction.atomic():
        _lock(patient)
        _resolve(patient, [code], at=timezone.now())
        _total(patient)


def review_attention(patient: Patient, *, at: datetime | None = None) -> list[Reason]:
    """Judge the patient by the rules now; reasons that other apps set are left alone."""
    reasons = reasons_for(attention_facts(patient, at=at))
    with transaction.atomic():
        _lock(patient)
        for reason in reasons:
            _put(patient, reason)
        _resolve(patient, REVIEWED_CODES - {reason.code for reason in reasons}, at=at or timezone.now())
        _total(patient)
    return reasons


def review_caseload(*, at: datetime | None = None) -> int:
    """Judge every patient of the clinic again: days pass without an event, and sessions are missed."""
    ids = list(Patient.objects.values_list("pk", flat=True))
    for pk in ids:
        review_attention(Patient.objects.select_related("clinic").get(pk=pk), at=at)
    return len(ids)


def _lock(patient: Patient) -> None:
    Patient.objects.select_for_update(no_key=True).filter(pk=patient.pk).values_list("pk", flat=True).get()


def _put(patient: Patient, reason: Reason) -> AttentionReason:
    stored, _ = AttentionReason.objects.update_or_create(
        patient=patient,
        code=reason.code,
        resolved_at=None,
        defaults={"weight": reason.weight, "words": reason.words[:200], "object_ref": reason.object_ref},
        create_defaults={
            "weight": reason.weight,
            "words": reason.words[:200],
            "object_ref": reason.object_ref,
            "since": timezone.now(),
        },
    )
    return stored


def _resolve(patient: Patient, codes: Iterable[str], *, at: datetime) -> None:
    open_ones = AttentionReason.objects.filter(patient=patient, code__in=list(codes), resolved_at=None)
    open_ones.update(resolved_at=at)


def _total(patient: Patient) -> None:
    standing = AttentionReason.objects.filter(patient=patient, resolved_at=None)
    patient.attention_score = standing.aggregate(total=Sum("weight"))["total"] or 0
    Patient.objects.filter(pk=patient.pk).update(attention_score=patient.attention_score)
