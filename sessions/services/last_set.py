"""The last set of a session has no pause after it: the page after the session asks about it."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from sessions.models import ExerciseSet, TherapySession
from sessions.services.sets import DONE, locked_set
from sessions.services.settling import settle_session

# What is asked after the session stands for its last set only while that set is fresh.
FRESH_FOR = timedelta(minutes=15)


def last_set_to_ask(session: TherapySession) -> ExerciseSet | None:
    """The set that was done last, while it is fresh and has an answer missing."""
    last = session.sets.filter(state__in=DONE).order_by("order").last()
    if last is None or last.ended_at is None or timezone.now() - last.ended_at > FRESH_FOR:
        return None
    return last if last.effort is None or last.pain is None else None


def answer_last_set(session: TherapySession, *, effort: int | None, pain: int | None) -> None:
    """Keep effort and pain (0 to 10) of the last set where nobody has answered; the plan hears of it.

    The pain is reported for the session by whoever calls, so nothing is told here.
    """
    last = last_set_to_ask(session)
    if last is None or (effort is None and pain is None):
        return
    with transaction.atomic():
        last = locked_set(last)
        last.effort = effort if last.effort is None else last.effort
        last.pain = pain if last.pain is None else last.pain
        last.save(update_fields=["effort", "pain", "updated_at"])
        if last.session.state == TherapySession.State.ANALYSED:
            settle_session(last.session)
