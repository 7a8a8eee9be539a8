"""Reasons for attention that notes give: a draft that is a day old, a co-signature that is awaited.

The draft's age grows without an event, so a beat task judges every patient who has one.
"""

from datetime import timedelta

from django.utils import timezone

from notes.models import VisitNote
from patients.local_time import zone_of
from patients.models import AttentionReason, Patient
from patients.services import clear_attention, set_attention

UNSIGNED, TO_COSIGN = "note_unsigned", "note_to_cosign"
# Below a message: a paper to finish is no reason to call anybody first.
WEIGHT = 5
UNSIGNED_AFTER = timedelta(hours=24)
Status = VisitNote.Status


def review_notes_of(patient: Patient) -> None:
    """Set or clear both reasons of a patient, by the oldest note of each kind."""
    drafts = VisitNote.objects.filter(patient=patient, status=Status.DRAFT)
    old = drafts.filter(created_at__lt=timezone.now() - UNSIGNED_AFTER).order_by("created_at").first()
    _say(patient, UNSIGNED, old, "note not signed since")
    waiting = VisitNote.objects.filter(patient=patient, status=Status.AWAITING_COSIGNATURE)
    _say(patient, TO_COSIGN, waiting.order_by("signed_at").first(), "note waits for a co-signature since")


def _say(patient: Patient, code: str, note: VisitNote | None, words: str) -> None:
    if note is None:
        if AttentionReason.objects.filter(patient=patient, code=code, resolved_at=None).exists():
            clear_attention(patient, code)
        return
    since = (note.signed_at or note.created_at).astimezone(zone_of(patient))
    set_attention(patient, code, weight=WEIGHT, words=f"{words} {since.day} {since:%B}", object_ref=note.ref)


def review_notes_of_clinic() -> int:
    """Judge every patient of the clinic who has an unfinished note, or had one when last judged."""
    unfinished = VisitNote.objects.filter(status__in=(Status.DRAFT, Status.AWAITING_COSIGNATURE))
    ids = set(unfinished.values_list("patient_id", flat=True))
    standing = AttentionReason.objects.filter(code__in=(UNSIGNED, TO_COSIGN), resolved_at=None)
    ids |= set(standing.values_list("patient_id", flat=True))
    for patient in Patient.objects.select_related("clinic").filter(pk__in=ids):
        review_notes_of(patient)
    return len(ids)
