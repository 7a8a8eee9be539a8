"""Which contraction the amounts of a laboratory recording's muscle signals are told against."""

from math import isfinite

from django.db import transaction

from clinic.audit import record
from clinic.errors import Invalid
from clinic.models import Membership
from sessions.errors import RecordingNotFound, RecordingNotReady
from sessions.models import Recording
from sessions.services.movement.analysis import READY_STATES
from sessions.services.movement.recordings import RECORDING, queue_motion_analysis

LEAST_S = 1.0
PART_NEEDED = "Say from when to when this recording holds the reference contraction."
PART_WRONG = "A part runs from one second of the recording to a later one, and lasts a second or longer."
PART_OUTSIDE = "The recording ends after {:.1f} seconds."


def choose_reference(
    recording: Recording,
    *,
    reference: Recording | None,
    start_s: float | None = None,
    end_s: float | None = None,
    by: Membership,
) -> Recording:
    """Keep what muscle signals are told against, and have the recording analysed again.

    `reference`: another lab recording of the same patient, whole or from `start_s` to `end_s`; or a part of
    the recording itself; None: nothing. Raises RecordingNotFound for a reference that is not this patient's,
    Invalid for a part that is none, RecordingNotReady.
    """
    if recording.modality != Recording.Modality.LAB or not recording.has_file:
        raise RecordingNotReady
    if reference is None:
        start_s = end_s = None
    else:
        _check(recording, reference, start_s, end_s)
    with transaction.atomic():
        locked = (
            Recording.objects.select_for_update(of=("self",))
            .select_related("patient__clinic")
            .get(pk=recording.pk)
        )
        if locked.state not in READY_STATES:
            raise RecordingNotReady
        locked.reference, locked.reference_start_s, locked.reference_end_s = reference, start_s, end_s
        locked.save(update_fields=["reference", "reference_start_s", "reference_end_s", "updated_at"])
        record(
            "change",
            patient=locked.patient_id,
            object_type=RECORDING,
            object_ref=locked.ref,
            purpose="reference contraction",
        )
        queue_motion_analysis(locked)
    return locked


def drop_reference(recording: Recording) -> None:
    """Before a recording is deleted: what was told against it is analysed again without it."""
    told = Recording.objects.select_for_update(of=("self",)).filter(reference=recording)
    for other in told.select_related("patient"):
        other.reference = other.reference_start_s = other.reference_end_s = None
        other.save(update_fields=["reference", "reference_start_s", "reference_end_s", "updated_at"])
        if other.pk != recording.pk and other.state in READY_STATES:
            queue_motion_analysis(other)


def _check(recording: Recording, reference: Recording, start_s: float | None, end_s: float | None) -> None:
    is_lab = reference.modality == Recording.Modality.LAB and reference.has_file
    if recording.patient_id is None or reference.patient_id != recording.patient_id or not is_lab:
        raise RecordingNotFound
    if start_s is None and end_s is None:
        if reference.pk == recording.pk:
            raise Invalid(PART_NEEDED)
        return
    if start_s is None or end_s is None or not (isfinite(start_s) and isfinite(end_s)):
        raise Invalid(PART_WRONG)
    if start_s < 0 or end_s - start_s < LEAST_S:
        raise Invalid(PART_WRONG)
    contents = reference.result.get("contents")
    seconds = contents.get("seconds") if isinstance(contents, dict) else None
    if isinstance(seconds, int | float) and end_s > seconds + 0.05:
        raise Invalid(PART_OUTSIDE.format(seconds))
