"""One set: counted by tapping, and given its end state."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from sessions import events
from sessions.errors import SetIsOver
from sessions.models import ExerciseSet, Recording, TherapySession
from sessions.services.queueing import queue_analysis

MOST_TAPPED = 999
DONE = (ExerciseSet.State.ENDED, ExerciseSet.State.ANALYSED)


def tap_count(exercise_set: ExerciseSet, count: int) -> ExerciseSet:
    """Keep how many repetitions the patient has tapped so far. Raises SetIsOver."""
    with transaction.atomic():
        exercise_set = locked_set(exercise_set)
        if not (exercise_set.is_open and exercise_set.session.is_open):
            raise SetIsOver
        take_count(exercise_set, count)
        mark_started(exercise_set)
        exercise_set.save()
    return exercise_set


def end_set(exercise_set: ExerciseSet, *, now: datetime, skipped: bool = False) -> None:
    """Give an open set its end state; one with frames waits for its analysis. Runs inside a transaction."""
    if has_frames(exercise_set):
        exercise_set.state = ExerciseSet.State.ENDED
        exercise_set.repetition_count = exercise_set.as_shown.get("count", 0)
        queue_analysis(exercise_set)
    elif exercise_set.repetition_count and not skipped:
        exercise_set.state = ExerciseSet.State.ANALYSED
        exercise_set.counted_by = ExerciseSet.CountedBy.TAP
    else:
        exercise_set.state = ExerciseSet.State.SKIPPED
    exercise_set.ended_at = now
    exercise_set.save()


def has_frames(exercise_set: ExerciseSet) -> bool:
    """Whether any frame of this set is stored."""
    return Recording.objects.filter(exercise_set=exercise_set, frame_count__gt=0).exists()


def locked_set(exercise_set: ExerciseSet) -> ExerciseSet:
    """The set under its session's lock, so that two endings cannot cross."""
    session = TherapySession.objects.select_for_update().get(pk=exercise_set.session_id)
    locked = ExerciseSet.objects.select_related("exercise_version").get(pk=exercise_set.pk)
    locked.session = session
    return locked


def take_count(exercise_set: ExerciseSet, count: int) -> None:
    """What the patient counted, within reason."""
    exercise_set.repetition_count = max(0, min(MOST_TAPPED, count))


def mark_started(exercise_set: ExerciseSet) -> None:
    """A set that is counted by hand has begun, and its session with it."""
    now = timezone.now()
    session = exercise_set.session
    if exercise_set.state == ExerciseSet.State.PLANNED:
        exercise_set.state = ExerciseSet.State.LIVE
        exercise_set.started_at = now
    session.state = TherapySession.State.LIVE
    session.started_at = session.started_at or now
    session.last_activity_at = now
    session.save(update_fields=["state", "started_at", "last_activity_at", "updated_at"])


def announce_ended(exercise_set: ExerciseSet) -> None:
    """Tell the session's pages, and close the set's stream if one is open."""
    session = exercise_set.session
    group = events.session_group(session.clinic_id, session.ref)
    events.announce(events.SET_ENDED, group=group, ref=exercise_set.ref)
    events.tell_streams_to_close(session.ref, set_ref=exercise_set.ref)
