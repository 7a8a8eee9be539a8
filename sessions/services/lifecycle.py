"""A session from its start to its end, however it ends."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from clinic.audit import record
from patients.models import Patient
from patients.selectors.record import open_hold
from patients.services.pain import report_pain
from patients.services.timeline import add_timeline_entry
from prescriptions import selectors as prescriptions
from prescriptions.models import PrescribedExercise
from sessions import events
from sessions.errors import ExerciseOnHold, NothingToDoToday
from sessions.models import ExerciseSet, TherapySession
from sessions.services.adjusting import adjust_what_is_left
from sessions.services.last_set import answer_last_set
from sessions.services.sets import announce_ended, end_set, has_frames, locked_set, mark_started, take_count
from sessions.services.settling import settle_session
from sessions.services.streams import close_recording

FORGOTTEN_AFTER = timedelta(minutes=45)


def start_session(patient: Patient, *, mode: str, pain_before: int | None = None) -> TherapySession:
    """Plan today's sets for a patient. A session that was left open before is closed first.

    Raises ExerciseOnHold, NothingToDoToday.
    """
    if open_hold(patient) is not None:
        raise ExerciseOnHold
    exercises = prescriptions.exercises_for_today(patient)
    if not exercises:
        raise NothingToDoToday
    for forgotten in TherapySession.objects.filter(patient=patient, state__in=_OPEN):
        end_session(forgotten, completed=False)
    with transaction.atomic():
        session = TherapySession.objects.create(
            patient=patient,
            prescription_id=exercises[0].prescription_id,
            mode=mode,
            simulated=patient.simulated or mode == TherapySession.Mode.SAMPLE,
            started_at=timezone.now(),
            last_activity_at=timezone.now(),
        )
        ExerciseSet.objects.bulk_create(planned_sets(session, exercises))
        record("create", patient=patient.pk, object_type="sessions.TherapySession", object_ref=session.ref)
    if pain_before is not None:
        report_pain(patient, value=pain_before, moment="before", session_ref=session.ref)
    return session


def planned_sets(session: TherapySession, exercises: list[PrescribedExercise]) -> list[ExerciseSet]:
    """The sets of a session in order: exercise by exercise, set by set, left before right. Not saved."""
    planned: list[ExerciseSet] = []
    for exercise in exercises:
        for set_number in range(1, exercise.sets + 1):
            for side in sides_to_do(exercise):
                planned.append(
                    _planned_set(session, exercise, set_number=set_number, side=side, order=len(planned))
                )
    return planned


def sides_to_do(exercise: PrescribedExercise) -> list[str]:
    """An exercise of both legs together is one set; a one-sided one is a set for each prescribed side."""
    sides: list[str] = list(exercise.exercise_version.spec["sides"])
    if exercise.side in sides:
        return [exercise.side]
    return sides if exercise.side == "both" else sides[:1]


def default_view(spec: dict[str, Any]) -> str:
    """The camera view that an exercise asks for first."""
    views: dict[str, dict[str, Any]] = spec["views"]
    return next((name for name, view in views.items() if view.get("default")), next(iter(views)))


def _planned_set(
    session: TherapySession, exercise: PrescribedExercise, *, set_number: int, side: str, order: int
) -> ExerciseSet:
    return ExerciseSet(
        session=session,
        prescribed_exercise=exercise,
        exercise_version=exercise.exercise_version,
        order=order,
        set_number=set_number,
        side=side,
        view=default_view(exercise.exercise_version.spec),
        target_repetitions=exercise.repetitions,
        target_hold_s=exercise.hold_s or None,
        rest_s=exercise.rest_s,
        counted_by=session.mode,
    )


_OPEN = (TherapySession.State.PLANNED, TherapySession.State.LIVE)
OPEN_SETS = (ExerciseSet.State.PLANNED, ExerciseSet.State.LIVE)


def finish_set(exercise_set: ExerciseSet, *, count: int | None = None, skipped: bool = False) -> ExerciseSet:
    """The patient is done with a set; with the last one the session ends. Calling it again changes nothing.

    Where form broke down, what is left of the exercise may become easier at once.
    ``count`` counts for a set without frames only: what the camera saw is counted from the frames.
    """
    with transaction.atomic():
        exercise_set = locked_set(exercise_set)
        if not exercise_set.is_open:
            return exercise_set
        if count is not None and not has_frames(exercise_set):
            take_count(exercise_set, count)
            mark_started(exercise_set)
        end_set(exercise_set, now=timezone.now(), skipped=skipped)
        close_recording(exercise_set)
        announce_ended(exercise_set)
        if not exercise_set.session.sets.filter(state__in=OPEN_SETS).exists():
            end_session(exercise_set.session, completed=True)
        elif exercise_set.state != ExerciseSet.State.SKIPPED:
            adjust_what_is_left(exercise_set)
    return exercise_set


def finish_streamed_set(set_id: int, *, as_shown: dict[str, Any]) -> None:
    """The socket said "end": keep what was shown, and analyse what was recorded."""
    with transaction.atomic():
        exercise_set = locked_set(ExerciseSet.objects.get(pk=set_id))
        exercise_set.as_shown = as_shown
        exercise_set.save(update_fields=["as_shown", "updated_at"])
        finish_set(exercise_set)


def complete_session(
    session: TherapySession, *, pain_after: int | None = None, effort: int | None = None
) -> TherapySession:
    """The patient says that they are done. Calling it again changes nothing but a later pain answer.

    Both answers (0 to 10) also stand for the last set, after which nothing else is asked. They are kept
    before the pain is reported, so that a decision about the dose knows them.
    """
    if session.is_open:
        session = end_session(session, completed=True)
    answer_last_set(session, effort=effort, pain=pain_after)
    if pain_after is not None:
        report_pain(session.patient, value=pain_after, moment="after", session_ref=session.ref)
    return session


def stop_session(session: TherapySession, *, reason: str) -> TherapySession:
    """The patient pressed Stop: what was done is kept and analysed, nothing more is asked."""
    return end_session(session, completed=False, stop_reason=reason or "stopped")


def stop_open_sessions(patient: Patient, session_ref: UUID | None, reason: str) -> None:
    """What Stop does here: end the patient's open sessions, whichever page Stop was pressed on."""
    for session in TherapySession.objects.filter(patient=patient, state__in=_OPEN):
        stop_session(session, reason=reason)


def end_session(session: TherapySession, *, completed: bool, stop_reason: str = "") -> TherapySession:
    """End a session once; a second call answers the session as it is."""
    with transaction.atomic():
        session = (
            TherapySession.objects.select_for_update(of=("self",))
            .select_related("patient")
            .get(pk=session.pk)
        )
        if session.is_over:
            return session
        now = timezone.now()
        done = _close_sets(session, now=now)
        session.state = TherapySession.State.ENDED if done else TherapySession.State.ABANDONED
        session.completed = completed and done
        session.stop_reason = stop_reason[:200]
        session.ended_at = now
        session.save(update_fields=["state", "completed", "stop_reason", "ended_at", "updated_at"])
        _tell_ended(session, done=done)
        settle_session(session)
    return session


def _close_sets(session: TherapySession, *, now: datetime) -> bool:
    """End what is running, skip what never began; True when anything was done."""
    any_done = False
    for exercise_set in session.sets.select_for_update().order_by("order"):
        if exercise_set.is_open:
            end_set(exercise_set, now=now)
        close_recording(exercise_set)
        any_done = any_done or exercise_set.state != ExerciseSet.State.SKIPPED
    return any_done


def _tell_ended(session: TherapySession, *, done: bool) -> None:
    record(
        "change",
        patient=session.patient_id,
        object_type="sessions.TherapySession",
        object_ref=session.ref,
        detail={"state": session.state},
    )
    group = events.session_group(session.clinic_id, session.ref)
    events.announce(events.SESSION_ENDED, group=group, ref=session.ref)
    events.tell_streams_to_close(session.ref)
    if done:
        add_timeline_entry(
            session.patient,
            kind="session",
            title="Session stopped early" if session.stop_reason else "Session done",
            summary="Analysing…",
            at=session.ended_at,
            object_kind="session",
            object_ref=session.ref,
        )


def close_forgotten_sessions(*, now: datetime | None = None) -> int:
    """End sessions that nobody has touched for a while; answers how many.

    What was done is kept and analysed.
    """
    before = (now or timezone.now()) - FORGOTTEN_AFTER
    open_ones = TherapySession.objects.exclude(mode=TherapySession.Mode.VIDEO).filter(state__in=_OPEN)
    forgotten = list(open_ones.filter(last_activity_at__lt=before))
    for session in forgotten:
        end_session(session, completed=False)
    return len(forgotten)
