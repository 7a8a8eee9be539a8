"""When nothing of an ended session waits for its analysis: sum it up, and tell the patient's record."""

from collections import Counter
from dataclasses import dataclass
from statistics import median

from django.db.models import Sum

from patients.local_time import day_bounds, local_day
from patients.models import Patient
from patients.services.attention import clear_attention, set_attention
from patients.services.days import set_exercise_day
from patients.services.timeline import add_timeline_entry
from prescriptions.models import PrescribedExercise
from prescriptions.services import propose_after_session, record_response
from sessions import events
from sessions.models import ExerciseSet, Repetition, TherapySession
from sessions.services.responses import answers_of, planned_repetitions, range_shares, sets_by_exercise

FORM_WORSENING = "form_worsening"
FORM_WEIGHT = 25
FORM_DROP = 0.25
FORM_LOOKS_BACK = 3
LEAST_SCORED = 6


@dataclass(frozen=True, slots=True)
class RepetitionCounts:
    """How many repetitions of each class; ``tapped`` are those that the patient counted."""

    correct: int = 0
    mild: int = 0
    significant: int = 0
    not_scored: int = 0
    tapped: int = 0

    @property
    def scored(self) -> int:
        return self.correct + self.mild + self.significant

    @property
    def total(self) -> int:
        return self.scored + self.not_scored + self.tapped

    @property
    def correct_share(self) -> float | None:
        return self.correct / self.scored if self.scored else None


def count_repetitions(sets: list[ExerciseSet]) -> dict[int, RepetitionCounts]:
    """Counts by set id, in one query."""
    by_set: dict[int, Counter[str]] = {exercise_set.pk: Counter() for exercise_set in sets}
    judged = Repetition.objects.filter(exercise_set__in=sets).order_by()
    for set_id, classification in judged.values_list("exercise_set_id", "classification"):
        by_set[set_id][classification] += 1
    tapped = {
        exercise_set.pk: exercise_set.repetition_count
        for exercise_set in sets
        if exercise_set.counted_by == ExerciseSet.CountedBy.TAP
    }
    return {
        set_id: RepetitionCounts(**counts, tapped=tapped.get(set_id, 0)) for set_id, counts in by_set.items()
    }


def add_counts(counts: list[RepetitionCounts]) -> RepetitionCounts:
    """The sum of several counts."""
    return RepetitionCounts(
        correct=sum(c.correct for c in counts),
        mild=sum(c.mild for c in counts),
        significant=sum(c.significant for c in counts),
        not_scored=sum(c.not_scored for c in counts),
        tapped=sum(c.tapped for c in counts),
    )


def settle_session(session: TherapySession) -> None:
    """Sum up an ended session whose sets are all analysed; safe to call at any time, and again.

    Runs inside the caller's transaction.
    """
    if session.is_open or session.sets.filter(state=ExerciseSet.State.ENDED).exists():
        return
    sets = list(session.sets.select_related("prescribed_exercise", "exercise_version__exercise"))
    done = [one for one in sets if one.state == ExerciseSet.State.ANALYSED]
    if not done:
        return
    counts = count_repetitions(done)
    total = add_counts(list(counts.values()))
    session.state = TherapySession.State.ANALYSED
    session.form_share = total.correct_share
    session.repetitions_done, session.repetitions_scored = total.total, total.scored
    session.repetitions_correct = total.correct
    session.save()
    _tell_prescriptions(session, sets, counts)
    _tell_record(session, total)
    group = events.session_group(session.clinic_id, session.ref)
    events.announce(events.SESSION_ANALYSED, group=group, ref=session.ref)


def _tell_prescriptions(
    session: TherapySession, sets: list[ExerciseSet], counts: dict[int, RepetitionCounts]
) -> None:
    """What came back of each exercise of which anything was done. `counts`: of the sets that were."""
    planned, shares = planned_repetitions(sets), range_shares(sets)
    heard: list[PrescribedExercise] = []
    for prescribed, of_exercise in sets_by_exercise(sets).items():
        done = [counts[one.pk] for one in of_exercise if one.pk in counts]
        if not done:
            continue
        total = add_counts(done)
        record_response(
            prescribed,
            session_ref=session.ref,
            day=local_day(session.patient, at=session.started_at),
            sets_done=len(done),
            repetitions_done=total.total,
            repetitions_correct=total.correct,
            repetitions_mild=total.mild,
            repetitions_significant=total.significant,
            repetitions_not_scored=total.not_scored + total.tapped,
            **answers_of(of_exercise, planned=planned, shares=shares),
        )
        heard.append(prescribed)
    propose_after_session(heard, session_ref=session.ref)


def _tell_record(session: TherapySession, total: RepetitionCounts) -> None:
    patient = session.patient
    add_timeline_entry(
        patient,
        kind="session",
        title="Session stopped early" if session.stop_reason else "Session done",
        summary=summary_words(total),
        at=session.ended_at,
        object_kind="session",
        object_ref=session.ref,
    )
    _tell_day(session)
    _judge_form(patient, session)


def summary_words(total: RepetitionCounts) -> str:
    """A session in one line: "24 repetitions: 20 correct, 3 mild, 1 not scored"."""
    parts = [
        f"{number} {word}"
        for number, word in (
            (total.correct, "correct"),
            (total.mild, "mild compensation"),
            (total.significant, "significant compensation"),
            (total.not_scored, "not scored"),
            (total.tapped, "counted by tapping"),
        )
        if number
    ]
    noun = "repetition" if total.total == 1 else "repetitions"
    return f"{total.total} {noun}" + (": " + ", ".join(parts) if parts else "")


def _tell_day(session: TherapySession) -> None:
    """Sum the patient's day anew: a second session, or a second analysis, corrects it."""
    patient = session.patient
    day = local_day(patient, at=session.started_at)
    first, after = day_bounds(patient, day)
    carried_out = TherapySession.objects.filter(
        patient=patient,
        started_at__gte=first,
        started_at__lt=after,
        state__in=(TherapySession.State.ENDED, TherapySession.State.ANALYSED),
    )
    sums = carried_out.aggregate(scored=Sum("repetitions_scored"), correct=Sum("repetitions_correct"))
    set_exercise_day(
        patient,
        day,
        sessions_done=carried_out.count(),
        repetitions_scored=sums["scored"] or 0,
        repetitions_correct=sums["correct"] or 0,
    )


def _judge_form(patient: Patient, session: TherapySession) -> None:
    """Form in the newest session against the middle of those before it."""
    enough = TherapySession.objects.filter(
        patient=patient, state=TherapySession.State.ANALYSED, repetitions_scored__gte=LEAST_SCORED
    )
    newest = list(enough.order_by("-started_at", "-id")[: FORM_LOOKS_BACK + 1])
    if len(newest) <= FORM_LOOKS_BACK or newest[0].pk != session.pk:
        return
    now = newest[0].form_share or 0.0
    usual = median(one.form_share or 0.0 for one in newest[1:])
    if usual - now >= FORM_DROP:
        words = f"form {now:.0%} correct, was {usual:.0%}"
        set_attention(patient, FORM_WORSENING, weight=FORM_WEIGHT, words=words, object_ref=session.ref)
    else:
        clear_attention(patient, FORM_WORSENING)
