"""What ends a draft: the signature, the co-signature, and the words that a note was written in error.

What is signed is what was looked at: the caller names the revision that was shown for signing.
"""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from clinic.models import Membership, Role
from notes.errors import (
    CosignerMissing,
    DraftTakenOver,
    NotAwaitingCosignature,
    NoteIsEmpty,
    NotSigned,
    NotYoursToSign,
    ReasonMissing,
    StaleDraft,
    TextsToMerge,
)
from notes.models import Finding, NoteVersion, VisitNote
from notes.selectors.access import may_write
from notes.selectors.facts import findings_line
from notes.selectors.lists import possible_cosigners
from notes.selectors.signing_review import is_empty
from notes.services.attention import review_notes_of
from notes.services.drafts import held_by_other, lock_draft, lock_note, record_change, text_hash
from notes.services.facts import keep_facts, release_facts
from notes.services.red_flags import FlagsAnswer, answer_flags
from notes.services.versions import keep_version
from patients.events import send_after_commit as tell_pages
from patients.services import add_timeline_entry

Status = VisitNote.Status
SIGNED_EVENT = "note.signed"
REASON_LENGTH = 300
CHANGED = "The note has changed since you looked at it. Look again."
STATE_WORDS = {
    Status.DRAFT: "given back",
    Status.AWAITING_COSIGNATURE: "signed, waits for the co-signature",
    Status.SIGNED: "signed",
    Status.ENTERED_IN_ERROR: "entered in error",
}
NO_SIGNATURE = {"signed_by": None, "signed_at": None, "signed_sha256": "", "cosigner": None}


def sign_note(
    note: VisitNote,
    *,
    by: Membership,
    revision: int | None = None,
    cosigner: Membership | None = None,
    flags: FlagsAnswer | None = None,
) -> VisitNote:
    """Sign a draft: its text is locked from now on. An assistant names the therapist who signs with them.
    Red flags in the text are answered by `flags`, and told before anything is signed.

    Raises NotYoursToSign, NoteLocked, StaleDraft when the text is not the one at `revision`, DraftTakenOver
    while somebody else writes, TextsToMerge, NoteIsEmpty, CosignerMissing, FlagsUnanswered.
    """
    with transaction.atomic():
        looked_at = lock_draft(note)
        _check_ready(looked_at, by=by, revision=revision)
        _cosigner(looked_at, by=by, named=cosigner)
    answer_flags(looked_at, flags, by=by)
    with transaction.atomic():
        stored = lock_draft(note)
        if stored.text != looked_at.text:
            raise StaleDraft(stored.revision, None, CHANGED)
        _check_ready(stored, by=by, revision=revision)
        needed = _cosigner(stored, by=by, named=cosigner)
        keep_facts(stored)
        _put_signature(stored, by=by, cosigner=needed)
        keep_version(stored, text=stored.text, by=by, reason=NoteVersion.Reason.SIGNED)
        _tell_timeline(stored, by=by, at=stored.signed_at)
        review_notes_of(stored.patient)
        record_change(stored, "sign", sha256=stored.signed_sha256, revision=stored.revision)
    return stored


def _check_ready(stored: VisitNote, *, by: Membership, revision: int | None) -> None:
    if not may_write(by, stored):
        raise NotYoursToSign
    if held_by_other(stored, by=by) and stored.editor and stored.editor_seen_at:
        raise DraftTakenOver(
            stored.revision, None, editor_name=stored.editor.display_name, seen_at=stored.editor_seen_at
        )
    if revision is not None and revision != stored.revision:
        raise StaleDraft(stored.revision, None, CHANGED)
    waiting = stored.versions.filter(reason=NoteVersion.Reason.REFUSED).order_by("number").first()
    if waiting is not None:
        raise TextsToMerge(waiting.number)
    if is_empty(stored):
        raise NoteIsEmpty


def _cosigner(stored: VisitNote, *, by: Membership, named: Membership | None) -> Membership | None:
    if by.role == Role.THERAPIST:
        return None
    if named is None or not possible_cosigners(stored.patient, but=by).filter(pk=named.pk).exists():
        raise CosignerMissing
    return named


def _put_signature(stored: VisitNote, *, by: Membership, cosigner: Membership | None) -> None:
    stored.signed_by, stored.signed_at = by, timezone.now()
    stored.signed_sha256 = text_hash(stored)
    stored.cosigner = cosigner
    stored.status = Status.AWAITING_COSIGNATURE if cosigner else Status.SIGNED
    stored.editor = stored.editor_seen_at = None
    stored.end_reason = ""
    stored.save(
        update_fields=[
            "signed_by",
            "signed_at",
            "signed_sha256",
            "cosigner",
            "status",
            "editor",
            "editor_seen_at",
            "end_reason",
            "updated_at",
        ]
    )


def cosign_note(note: VisitNote, *, by: Membership) -> VisitNote:
    """Sign with an assistant: the named therapist, or another one of the care team who stands in.

    Raises NotYoursToSign, NotAwaitingCosignature.
    """
    with transaction.atomic():
        stored = _lock_awaiting(note, by=by)
        stored.cosigner, stored.cosigned_at, stored.status = by, timezone.now(), Status.SIGNED
        stored.save(update_fields=["cosigner", "cosigned_at", "status", "updated_at"])
        _tell_timeline(stored, by=by, at=stored.signed_at)
        review_notes_of(stored.patient)
        record_change(stored, "co-sign", sha256=stored.signed_sha256)
    return stored


def give_back(note: VisitNote, *, by: Membership, reason: str) -> VisitNote:
    """Return a note to the assistant instead of co-signing it; the text that was signed stays a version.

    Raises NotYoursToSign, NotAwaitingCosignature, ReasonMissing.
    """
    said = _reason(reason)
    with transaction.atomic():
        stored = _lock_awaiting(note, by=by)
        for name, value in {**NO_SIGNATURE, "status": Status.DRAFT, "end_reason": said}.items():
            setattr(stored, name, value)
        stored.save(update_fields=[*NO_SIGNATURE, "status", "end_reason", "updated_at"])
        release_facts(stored)
        _tell_timeline(stored, by=by, at=timezone.now())
        review_notes_of(stored.patient)
        record_change(stored, "give back")
    return stored


def _lock_awaiting(note: VisitNote, *, by: Membership) -> VisitNote:
    stored = lock_note(note)
    if by.role != Role.THERAPIST or stored.signed_by_id == by.pk:
        raise NotYoursToSign
    if stored.status != Status.AWAITING_COSIGNATURE:
        raise NotAwaitingCosignature
    return stored


def mark_entered_in_error(note: VisitNote, *, by: Membership, reason: str) -> VisitNote:
    """Say that a signed note was written in error. It stays readable, its findings count no more.

    Its signed addenda go with it. Raises NotYoursToSign, NotSigned, ReasonMissing.
    """
    said = _reason(reason)
    with transaction.atomic():
        stored = lock_note(note)
        if stored.status not in (Status.SIGNED, Status.AWAITING_COSIGNATURE):
            raise NotSigned
        if by.role != Role.THERAPIST and stored.signed_by_id != by.pk:
            raise NotYoursToSign
        signed_addenda = stored.addenda.select_for_update().filter(
            status__in=(Status.SIGNED, Status.AWAITING_COSIGNATURE)
        )
        for one in [stored, *signed_addenda]:
            _end_in_error(one, by=by, reason=said)
        review_notes_of(stored.patient)
    return stored


def _end_in_error(stored: VisitNote, *, by: Membership, reason: str) -> None:
    stored.status, stored.ended_at, stored.ended_by = Status.ENTERED_IN_ERROR, timezone.now(), by
    stored.end_reason = reason
    stored.save(update_fields=["status", "ended_at", "ended_by", "end_reason", "updated_at"])
    withdrawn = Finding.objects.filter(note=stored, withdrawn_at=None).update(withdrawn_at=stored.ended_at)
    _tell_timeline(stored, by=by, at=stored.signed_at)
    record_change(stored, "entered in error", findings=withdrawn)


def timeline_title(note: VisitNote) -> str:
    """What the timeline says of a note: its kind and state, nothing of its text."""
    return f"{note.title}: {STATE_WORDS[Status(note.status)]}"


def _tell_timeline(note: VisitNote, *, by: Membership, at: datetime | None) -> None:
    add_timeline_entry(
        note.patient,
        kind="note",
        title=timeline_title(note),
        summary=findings_line(note),
        at=at,
        object_kind="note",
        object_ref=note.ref,
        by=by,
    )
    tell_pages(SIGNED_EVENT, note.patient, ref=note.ref)


def _reason(reason: str) -> str:
    said = " ".join(reason.replace("\x00", "").split())
    if not said:
        raise ReasonMissing
    return said[:REASON_LENGTH]
