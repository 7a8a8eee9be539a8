"""Where a patient stands in the walk-through: read off the session, whatever page has moved it on."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from sessions.models import Conversation, ExerciseSet, TherapySession
from sessions.rehab_bot.types import WalkState
from sessions.rehab_bot.walking import DONE, EFFORT, OVER, PAIN, READY
from sessions.selectors.adjustments import adjustment_to_show
from sessions.selectors.review import set_label

# Asked about while the patient still feels it; an older set is left alone.
ASKED_WITHIN = timedelta(minutes=15)
HAS_ANSWERS = (ExerciseSet.State.ENDED, ExerciseSet.State.ANALYSED)
ENDED = WalkState(stopped_words="This session has ended. What you did is kept.")
NEAR_WORDS = {"left": "left", "right": "right"}


def walk_of(conversation: Conversation) -> WalkState | None:
    """The walk-through as it stands now; None when there is none."""
    session = conversation.session
    if session is None:
        return WalkState(waiting_for=READY) if conversation.walk.get("waiting_for") == READY else None
    return walk_state(session, passed=conversation.walk.get("passed", ()))


def walk_state(session: TherapySession, *, passed: Collection[str] = ()) -> WalkState:
    """The question that is open about the newest set, else the next set, else that it is over.

    `passed`: "<set ref>:effort" or "…:pain" of questions that the patient left out.
    """
    sets = list(session.sets.select_related("exercise_version__exercise").order_by("order"))
    asked = _asked(session, sets, passed)
    if asked is not None:
        return _about(asked[0], sets, waiting_for=asked[1])
    coming = next_set(session, sets)
    if coming is None:
        return ENDED if not session.completed else WalkState()
    return _coming(session, coming, sets)


def last_done(sets: Sequence[ExerciseSet]) -> ExerciseSet | None:
    """The set that was done last, while it is fresh."""
    done = [one for one in sets if one.state in HAS_ANSWERS and one.ended_at is not None]
    newest = max(done, key=lambda one: (one.ended_at, one.order), default=None)
    if newest is None or newest.ended_at is None or timezone.now() - newest.ended_at > ASKED_WITHIN:
        return None
    return newest


def next_set(session: TherapySession, sets: Sequence[ExerciseSet]) -> ExerciseSet | None:
    """The set to do now; None when the session is over."""
    return next((one for one in sets if one.is_open), None) if session.is_open else None


def _asked(
    session: TherapySession, sets: Sequence[ExerciseSet], passed: Collection[str]
) -> tuple[ExerciseSet, str] | None:
    newest = last_done(sets)
    if newest is None or (session.is_over and not session.completed):
        return None
    for name in (EFFORT, PAIN):
        if getattr(newest, name) is None and f"{newest.ref}:{name}" not in passed:
            return newest, name
    return None


def _about(one: ExerciseSet, sets: Sequence[ExerciseSet], *, waiting_for: str) -> WalkState:
    return WalkState(
        exercise_code=one.exercise_version.exercise.code,
        set_words=f"{_label(one, sets)}.",
        place=sets.index(one) + 1,
        places=len(sets),
        waiting_for=waiting_for,
    )


def _coming(session: TherapySession, coming: ExerciseSet, sets: Sequence[ExerciseSet]) -> WalkState:
    before = sets[: sets.index(coming)]
    same = [one for one in before if one.exercise_version_id == coming.exercise_version_id]
    rest = f"Rest {coming.rest_s} seconds first. " if same and coming.rest_s else ""
    change = adjustment_to_show(session)
    return replace(
        _about(coming, sets, waiting_for=DONE),
        set_words=f"{rest}{_label(coming, sets)}: {_dose(coming)}.",
        adjusted_words=change.words if change else "",
        camera_url=reverse("sessions:live", args=[session.clinic.slug, session.ref]),
        is_first=not same,
    )


def _label(one: ExerciseSet, sets: Sequence[ExerciseSet]) -> str:
    """ "Clamshell, left side, set 1 of 2"."""
    side = NEAR_WORDS.get(one.side)
    return (
        set_label(one, among=sets).replace(f", {side}", f", {side} side", 1)
        if side
        else set_label(one, among=sets)
    )


def _dose(one: ExerciseSet) -> str:
    """ "10 times, hold 5 seconds"."""
    hold = f"hold {one.target_hold_s} seconds" if one.target_hold_s else ""
    if one.spec.get("kind") == "hold":
        return hold
    times = f"{one.target_repetitions} times" if one.target_repetitions else ""
    return ", ".join(part for part in (times, hold) if part)


def over(words: str = "", *, noted: str = "") -> WalkState:
    """The walk-through has ended, with the reason in words."""
    return WalkState(waiting_for=OVER, stopped_words=words, noted_words=noted)
