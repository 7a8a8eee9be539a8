"""Work that is handed to the queue after the commit, by name: services know no task modules."""

from typing import Any

from celery import current_app
from django.db import transaction

from clinic.audit.actor import current_actor
from clinic.tenancy.tasks import ACTOR_HEADER, MEMBERSHIP_HEADER
from sessions.models import ExerciseSet, Job, Recording, Turn

ANALYSE_SET = "sessions.analyse_set"
ANALYSE_VIDEO = "sessions.analyse_video"
ANALYSE_RECORDING = "sessions.analyse_recording"
IMPORT_MOVEMENT = "sessions.import_movement"
ANSWER_TURN = "sessions.answer_turn"
# Before the worker is killed (CELERY_TASK_TIME_LIMIT), so that there is time to say what happened.
SENSOR_WORK_S = 3300


def queue_analysis(exercise_set: ExerciseSet) -> None:
    """Analyse a set's recording soon. A lost message is made good by the beat task."""
    _send_after_commit(ANALYSE_SET, queue="default", clinic_id=exercise_set.clinic_id, set_id=exercise_set.pk)


def queue_video(job: Job) -> None:
    """Analyse an uploaded film on the queue for slow work."""
    _send_after_commit(ANALYSE_VIDEO, queue="video", clinic_id=job.clinic_id, job_id=job.pk)


def queue_motion(recording: Recording) -> None:
    """Analyse a sensor recording on the queue for slow work. A lost message is made good by the beat task."""
    _send_after_commit(
        ANALYSE_RECORDING,
        queue="video",
        soft_time_limit=SENSOR_WORK_S,
        clinic_id=recording.clinic_id,
        recording_id=recording.pk,
    )


def queue_movement_import(job: Job) -> None:
    """Read uploaded sensor files on the queue for slow work."""
    _send_after_commit(
        IMPORT_MOVEMENT,
        queue="video",
        soft_time_limit=SENSOR_WORK_S,
        clinic_id=job.clinic_id,
        job_id=job.pk,
    )


def queue_answer(turn: Turn) -> None:
    """Ask the clinic's model for an answer. A lost message is made good when the page asks again."""
    _send_after_commit(ANSWER_TURN, queue="default", clinic_id=turn.clinic_id, turn_id=turn.pk)


def _send_after_commit(name: str, *, queue: str, soft_time_limit: int | None = None, **kwargs: Any) -> None:
    actor = current_actor()
    headers = {ACTOR_HEADER: actor.user_id, MEMBERSHIP_HEADER: actor.membership_id}
    transaction.on_commit(
        lambda: current_app.send_task(
            name, kwargs=kwargs, queue=queue, headers=headers, soft_time_limit=soft_time_limit
        ),
        robust=True,
    )
