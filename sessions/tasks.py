"""Celery leaves: fetch, call one service. Every task may run twice."""

from celery import shared_task

from clinic.models import Clinic
from clinic.tenancy.tasks import ClinicTask
from sessions import services
from sessions.services import assistant
from sessions.services.assistant import safety_runs
from sessions.services.queueing import (
    ANALYSE_RECORDING,
    ANALYSE_SET,
    ANALYSE_VIDEO,
    ANSWER_TURN,
    IMPORT_MOVEMENT,
)

CLOSE_FORGOTTEN = "sessions.close_forgotten"
CLOSE_FORGOTTEN_EVERYWHERE = "sessions.close_forgotten_everywhere"
DELETE_VIDEOS = "sessions.delete_videos"
DELETE_VIDEOS_EVERYWHERE = "sessions.delete_videos_everywhere"
REVIEW_TRENDS = "sessions.review_trends"
REVIEW_TRENDS_EVERYWHERE = "sessions.review_trends_everywhere"
CONTINUE_SAFETY_RUNS = "sessions.continue_safety_runs"
CONTINUE_SAFETY_RUNS_EVERYWHERE = "sessions.continue_safety_runs_everywhere"
DELETE_CONVERSATIONS = "sessions.delete_old_conversations"
DELETE_CONVERSATIONS_EVERYWHERE = "sessions.delete_old_conversations_everywhere"


@shared_task(base=ClinicTask, name=ANALYSE_SET)
def analyse_set(*, clinic_id: int, set_id: int, actor_id: int | None = None) -> None:
    """Judge one set by its whole recording."""
    services.reanalyse_set(set_id)


@shared_task(base=ClinicTask, name=ANALYSE_VIDEO)
def analyse_video(*, clinic_id: int, job_id: int, actor_id: int | None = None) -> None:
    """Find the person in an uploaded film, then judge it like any other set."""
    services.analyse_uploaded_video(job_id)


@shared_task(base=ClinicTask, name=ANALYSE_RECORDING)
def analyse_recording(*, clinic_id: int, recording_id: int, actor_id: int | None = None) -> None:
    """Judge one movement recording by all of its samples."""
    services.analyse_recording(recording_id)


@shared_task(base=ClinicTask, name=IMPORT_MOVEMENT)
def import_movement(*, clinic_id: int, job_id: int, actor_id: int | None = None) -> None:
    """Read uploaded sensor files into a recording."""
    services.import_movement_upload(job_id)


@shared_task(base=ClinicTask, name=ANSWER_TURN)
def answer_turn(*, clinic_id: int, turn_id: int, actor_id: int | None = None) -> None:
    """Ask the clinic's language model for an answer that a patient waits for."""
    assistant.answer_waiting(turn_id)


@shared_task(base=ClinicTask, name=CLOSE_FORGOTTEN)
def close_forgotten(*, clinic_id: int) -> None:
    """End one clinic's forgotten sessions and recordings, and analyse what a lost message left."""
    services.close_forgotten_sessions()
    services.close_forgotten_recordings()
    services.analyse_what_was_left()
    services.analyse_motion_left()
    services.queue_new_heights()


@shared_task(base=ClinicTask, name=DELETE_VIDEOS)
def delete_videos(*, clinic_id: int) -> None:
    """Delete one clinic's films and sensor files that nobody needs any more."""
    services.delete_due_videos()
    services.delete_due_movement_uploads()
    services.queue_uploads_left()


@shared_task(base=ClinicTask, name=REVIEW_TRENDS)
def review_trends(*, clinic_id: int) -> None:
    """Judge the movement of one clinic's patients: days pass, and answered alarms end."""
    services.review_trends()


@shared_task(base=ClinicTask, name=DELETE_CONVERSATIONS)
def delete_old_conversations(*, clinic_id: int) -> None:
    """Delete the words of one clinic's conversations that are older than it keeps them."""
    assistant.delete_old_conversations()


@shared_task(name=DELETE_CONVERSATIONS_EVERYWHERE)
def delete_old_conversations_everywhere() -> None:
    """Beat: the same for each clinic, in a scope of its own."""
    for clinic_id in Clinic.objects.values_list("pk", flat=True):
        delete_old_conversations.delay(clinic_id=clinic_id)


@shared_task(base=ClinicTask, name=safety_runs.RUN_BATCH)
def run_safety_batch(*, clinic_id: int, run_id: int, actor_id: int | None = None) -> None:
    """Judge a safety suite for some seconds; the next batch is queued behind other work."""
    safety_runs.run_safety_batch(run_id)


@shared_task(base=ClinicTask, name=CONTINUE_SAFETY_RUNS)
def continue_safety_runs(*, clinic_id: int) -> None:
    """Let one clinic's safety runs go on whose worker was killed."""
    safety_runs.queue_safety_runs_left()


@shared_task(name=CONTINUE_SAFETY_RUNS_EVERYWHERE)
def continue_safety_runs_everywhere() -> None:
    """Beat: the same for each clinic, in a scope of its own."""
    for clinic_id in Clinic.objects.values_list("pk", flat=True):
        continue_safety_runs.delay(clinic_id=clinic_id)


@shared_task(name=REVIEW_TRENDS_EVERYWHERE)
def review_trends_everywhere() -> None:
    """Beat: the same for each clinic, in a scope of its own."""
    for clinic_id in Clinic.objects.values_list("pk", flat=True):
        review_trends.delay(clinic_id=clinic_id)


@shared_task(name=CLOSE_FORGOTTEN_EVERYWHERE)
def close_forgotten_everywhere() -> None:
    """Beat: the same for each clinic, in a scope of its own."""
    for clinic_id in Clinic.objects.values_list("pk", flat=True):
        close_forgotten.delay(clinic_id=clinic_id)


@shared_task(name=DELETE_VIDEOS_EVERYWHERE)
def delete_videos_everywhere() -> None:
    """Beat: the same for each clinic, in a scope of its own."""
    for clinic_id in Clinic.objects.values_list("pk", flat=True):
        delete_videos.delay(clinic_id=clinic_id)
