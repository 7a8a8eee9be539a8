"""Judging a recording by all of its samples. What was received is kept whatever comes of it."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import structlog
from django.db import transaction
from django.utils import timezone

from sessions import events
from sessions.codec import CorruptSegment
from sessions.errors import RecordingNotReady, RecordingTakenOver
from sessions.models import Job, MovementMeasure, Recording, TimedTest, WalkingBout
from sessions.motion_files import MotionFileCorrupt
from sessions.motion_trend.reading.errors import ReadingError
from sessions.motion_trend.types import ENGINE_VERSION
from sessions.services.movement.compaction import check_claim, claim_recording, compact
from sessions.services.movement.days import days_of, settle_movement_days
from sessions.services.movement.findings import Findings, basis_of, find, height_of
from sessions.services.movement.jobs import end_job, tell_job
from sessions.services.movement.recordings import open_job_of, queue_motion_analysis
from sessions.services.movement.telling import tell_analysed

log = structlog.get_logger(__name__)

READY_STATES = (
    Recording.State.WAITING,
    Recording.State.ANALYSING,
    Recording.State.ANALYSED,
    Recording.State.FAILED,
)
LEFT_AFTER = timedelta(minutes=30)
MOST_TRIES = 3
HEIGHT_NOTED_WITHIN = timedelta(minutes=30)
MOST_WALKS = 500
DAMAGED = "The stored samples are damaged, so nothing was worked out from them. Please record again."
BROKE_OFF = "The analysis broke off several times. The recording is kept; we have been told."
WENT_WRONG = "Something went wrong in the analysis. The recording is kept and can be analysed again."


def analyse_recording(
    recording_id: int, *, force: bool = False, reviews_trend: bool = True
) -> Recording | None:
    """Analyse a closed recording of a patient. Twice on the same file and engine changes nothing.

    `reviews_trend`: look for a sudden deterioration afterwards; who stores many at once does that at the end.
    None when the recording was deleted meanwhile. A failure is told in plain words on the recording and its
    job; the samples stay, and `reanalyse_recording` tries again. Runs outside any transaction.
    """
    recording = Recording.objects.filter(pk=recording_id).select_related("patient__clinic").first()
    if recording is None or recording.exercise_set_id or recording.state not in READY_STATES:
        return recording
    claim = claim_recording(recording)
    job = open_job_of(recording)
    try:
        analysed = _analyse(recording, claim=claim, job=job, force=force)
    except RecordingTakenOver:
        return recording
    except (CorruptSegment, MotionFileCorrupt):
        return _give_up(recording, DAMAGED, claim=claim, job=job)
    except ReadingError as error:
        return _give_up(recording, f"{error.words} {error.cure}", claim=claim, job=job)
    except Exception:
        _give_up(recording, WENT_WRONG, claim=claim, job=job)
        raise
    end_job(job)
    if reviews_trend:
        _review_trend(analysed)
    return analysed


def reanalyse_recording(recording: Recording) -> Job:
    """Have a recording analysed again, as after a failure or a new height. Raises RecordingNotReady."""
    if recording.state not in READY_STATES or not (recording.has_file or recording.segment_count):
        raise RecordingNotReady
    Recording.objects.filter(pk=recording.pk).update(quality={**recording.quality, "tries": 0})
    return queue_motion_analysis(Recording.objects.select_related("patient").get(pk=recording.pk))


def analyse_motion_left() -> int:
    """Queue recordings whose message was lost or whose worker died; answers how many."""
    left = Recording.objects.filter(
        state__in=(Recording.State.WAITING, Recording.State.ANALYSING),
        exercise_set=None,
        updated_at__lt=timezone.now() - LEFT_AFTER,
    )
    found = list(left.select_related("patient")[:50])
    for recording in found:
        queue_motion_analysis(recording)
    return len(found)


def queue_outdated(*, most: int = 20) -> int:
    """Queue recordings that an older engine judged, a few at a time; answers how many."""
    judged = Recording.objects.filter(state=Recording.State.ANALYSED, exercise_set=None).exclude(file_key="")
    outdated = judged.exclude(result__basis__engine=ENGINE_VERSION).select_related("patient")
    found = list(outdated.order_by("-started_at")[:most])
    for recording in found:
        queue_motion_analysis(recording)
    return len(found)


def queue_new_heights(*, now: datetime | None = None) -> int:
    """Queue walks that were judged with another height than the patient's; answers how many.

    Looks at patients whose record changed lately: a height is what lengths and speed hang on.
    """
    since = (now or timezone.now()) - HEIGHT_NOTED_WITHIN
    judged = Recording.objects.filter(
        patient__updated_at__gte=since,
        state=Recording.State.ANALYSED,
        modality=Recording.Modality.IMU,
        exercise_set=None,
        result__kind="gait",
    ).select_related("patient")
    heights = [one for one in judged.defer("result")[:MOST_WALKS] if one.height_m != height_of(one.patient)]
    for recording in heights:
        queue_motion_analysis(recording)
    return len(heights)


def _analyse(recording: Recording, *, claim: UUID, job: Job | None, force: bool) -> Recording:
    if not _count_try(recording, claim):
        return _give_up(recording, BROKE_OFF, claim=claim, job=job)
    tell_job(job, 0.1, "Putting the samples together")
    recording = compact(recording, claim=claim)
    basis = basis_of(recording)
    if recording.result.get("basis") == basis and not force:
        return _confirm(recording, claim=claim)
    tell_job(job, 0.3, "Looking for steps")
    return _store(recording, find(recording), basis=basis, claim=claim)


def _count_try(recording: Recording, claim: UUID) -> bool:
    """Note the attempt before it is made: a worker that is killed cannot say so afterwards."""
    with transaction.atomic():
        locked = check_claim(recording, claim)
        tries = int(locked.quality.get("tries", 0)) + 1
        locked.quality = {**locked.quality, "tries": tries}
        if tries <= MOST_TRIES:
            locked.state = Recording.State.ANALYSING
        locked.save(update_fields=["quality", "state", "updated_at"])
    return tries <= MOST_TRIES


def _confirm(recording: Recording, *, claim: UUID) -> Recording:
    """The result stands: say so, and nothing else."""
    with transaction.atomic():
        locked = check_claim(recording, claim)
        locked.state, locked.failure = Recording.State.ANALYSED, ""
        locked.quality = _without_tries(locked.quality)
        locked.save(update_fields=["state", "failure", "quality", "updated_at"])
    return locked


def _store(recording: Recording, findings: Findings, *, basis: dict[str, Any], claim: UUID) -> Recording:
    """Rows, days, timeline and event, all or nothing; what an earlier analysis found goes."""
    with transaction.atomic():
        locked = check_claim(recording, claim)
        days = set(_days_before(locked))
        forget_findings(locked)
        WalkingBout.objects.bulk_create(findings.bouts, batch_size=500)
        TimedTest.objects.bulk_create(findings.tests)
        MovementMeasure.objects.bulk_create(findings.measures)
        locked.result = {**findings.result, "basis": basis}
        locked.quality = _without_tries({**locked.quality, **findings.quality})
        locked.height_m = height_of(locked.patient)
        locked.state, locked.failure = Recording.State.ANALYSED, ""
        locked.save(
            update_fields=["result", "quality", "height_m", "state", "failure", "placement", "updated_at"]
        )
        if locked.patient is not None:
            settle_movement_days(locked.patient, days | set(_days_before(locked)))
        tell_analysed(locked, findings)
    return locked


def forget_findings(recording: Recording) -> None:
    """Delete what was found in a recording, not the recording."""
    WalkingBout.objects.filter(recording=recording).delete()
    TimedTest.objects.filter(recording=recording).delete()
    MovementMeasure.objects.filter(recording=recording).delete()


def _days_before(recording: Recording) -> list[date]:
    if recording.modality != Recording.Modality.IMU or recording.patient is None:
        return []
    if recording.started_at is None or recording.ended_at is None:
        return []
    return days_of(recording.patient, recording.started_at, recording.ended_at)


def _without_tries(quality: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in quality.items() if name != "tries"}


def _give_up(recording: Recording, words: str, *, claim: UUID, job: Job | None) -> Recording:
    """Say in plain words why there is no result; samples and an earlier result stay."""
    with transaction.atomic():
        try:
            locked = check_claim(recording, claim)
        except RecordingTakenOver:
            return recording
        locked.state, locked.failure = Recording.State.FAILED, words[:500]
        locked.quality = _without_tries(locked.quality)
        locked.save(update_fields=["state", "failure", "quality", "updated_at"])
        if locked.patient is not None:
            group = events.patient_group(locked.clinic_id, locked.patient.ref)
            events.announce(events.RECORDING_FAILED, group=group, ref=locked.ref)
        end_job(job, failure=words)
    log.warning("motion_analysis_failed", recording=str(recording.ref))
    return locked


def _review_trend(recording: Recording) -> None:
    """An alert must not be undone by what happens here, so it is raised after everything is stored."""
    from sessions.services.movement.trend_review import review_trend

    if recording.patient is not None and recording.state == Recording.State.ANALYSED:
        review_trend(recording.patient)
