"""A patient puts the count of the set right that they have just done."""

from django.db import transaction

from sessions.models import ExerciseSet, TherapySession
from sessions.services.sets import DONE, has_frames, locked_set, take_count
from sessions.services.settling import settle_session


def recount_set(exercise_set: ExerciseSet, count: int) -> bool:
    """Keep another count of a set that was done; False where the camera or a sensor has counted it."""
    with transaction.atomic():
        locked = locked_set(exercise_set)
        if locked.state not in DONE or has_frames(locked):
            return False
        take_count(locked, count)
        locked.save(update_fields=["repetition_count", "updated_at"])
        if locked.session.state == TherapySession.State.ANALYSED:
            settle_session(locked.session)
    return True
