"""From the record to the context of a decision. Nothing is guessed: what is not known stays NaN."""

import math
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from django.utils import timezone

from patients.attention_rules import sessions_done_of_planned
from patients.local_time import local_day
from patients.models import EpisodeOfCare
from patients.red_flags import PAIN_RULE, usual_pain
from patients.red_flags.pain import NEXT_MORNING
from prescriptions.adapt_rx.protocol import phase_of
from prescriptions.adapt_rx.types import Context, Trigger
from prescriptions.models import ExerciseResponse, PrescribedExercise
from prescriptions.selectors.adapting.evidence import (
    LineEvidence,
    Pain,
    PatientEvidence,
    line_evidence,
    patient_evidence,
)
from prescriptions.selectors.adapting.loads import a_week_ago, knows_resistance
from prescriptions.selectors.adapting.states import protocol_in_force

UNKNOWN = math.nan
USUAL_REPORTS = 10
FLARE_DAYS = 14
PAIN_KNOWN_DAYS = 7
SESSIONS_JUDGED = 3
# From this share of a session's scored repetitions on, a clear compensation counts: a default of ours.
COMPENSATED_SHARE = 0.2
SURGERY_WORDS = re.compile(
    r"surg|reconstruct|replace|arthroplast|repair|post-?\s?op|ectomy|fixation|fusion|osteotomy", re.IGNORECASE
)


def context_of(prescribed: PrescribedExercise, *, at: datetime | None = None) -> Context:
    """What is known before a decision about one line of a plan."""
    moment = at or timezone.now()
    patient = patient_evidence(prescribed.prescription.patient, at=moment)
    context = read_context(patient, line_evidence([prescribed], at=moment)[prescribed.pk])
    return replace(context, phase=float(phase_of(context, protocol_in_force().protocol)))


def read_context(patient: PatientEvidence, line: LineEvidence) -> Context:
    """The context that these facts make, but for the protocol's phase."""
    last = line.responses[-1] if line.responses else None
    usual = usual_pain_at(patient.pains, before=patient.at)
    surgery, post_operative = _surgery(patient.episodes)
    then = a_week_ago(line, at=patient.at)
    return Context(
        pain_before=_of_session(patient.pains, last, moments=("before",)),
        pain_after=_pain_after(patient, last),
        morning_rise=_morning_rise(patient, last, usual=usual),
        usual_pain=UNKNOWN if usual is None else float(usual),
        effort=_number(last.effort if last else None),
        form_correct=_form_correct(last),
        range_share=_number(last.range_share if last else None),
        completion=_completion(last),
        adherence=_adherence(patient, line),
        days_in_plan=_days_since(line.prescribed.prescription.started_on, patient.today),
        days_since_onset=_days_since(_onset(patient.episodes), patient.today),
        sessions_at_dose=float(len(line.at_dose)),
        flare_days_14=float(len(flare_days(patient, since=patient.today - timedelta(days=FLARE_DAYS)))),
        days_since_session=_days_since(last.day if last else None, patient.today),
        trigger=_trigger(patient, line, last),
        days_since_surgery=_days_since(surgery, patient.today),
        post_operative=post_operative,
        exercise_on_hold=patient.on_hold,
        load_seven_days_ago=then.load,
        rung_seven_days_ago=then.rung,
        resistance_seven_days_ago=then.resistance,
        resistance_known=knows_resistance(line.prescribed),
        compensated_sessions=float(sum(_compensated(one) for one in line.responses[-SESSIONS_JUDGED:])),
    )


def usual_pain_at(pains: Sequence[Pain], *, before: datetime) -> int | None:
    """The middle of the last ten values before exercise, as `patients.selectors.usual_pain_of` has it."""
    values = [one.value for one in pains if one.moment == "before" and one.at < before]
    return usual_pain(values[-USUAL_REPORTS:])


def breaks_pain_rule(pain: Pain, *, pains: Sequence[Pain]) -> Trigger:
    """What this answer says about the pain rule, given the answers before it."""
    if pain.value > PAIN_RULE.limit:
        return Trigger.PAIN_OVER_LIMIT
    usual = usual_pain_at(pains, before=pain.at)
    if pain.moment == NEXT_MORNING and usual is not None and pain.value >= usual + PAIN_RULE.morning_rise:
        return Trigger.PAIN_NEXT_MORNING
    return Trigger.NONE


def flare_days(patient: PatientEvidence, *, since: date, until: date | None = None) -> set[date]:
    """Days after `since`, up to `until`, on which an answer broke the pain rule."""
    last = until or patient.today
    return {
        pain.day
        for pain in patient.pains
        if since < pain.day <= last and breaks_pain_rule(pain, pains=patient.pains) != Trigger.NONE
    }


def _trigger(patient: PatientEvidence, line: LineEvidence, last: ExerciseResponse | None) -> Trigger:
    """Only what came with the latest session or after it counts, and nothing from before the dose changed:
    a dose that has stepped back is not made to step back again by the same answer.
    """
    if patient.red_flag:
        return Trigger.RED_FLAG
    found = {breaks_pain_rule(pain, pains=patient.pains) for pain in _new_pains(patient, line, last)}
    at_dose = last is not None and last.created_at >= line.dose_since
    if last is not None and at_dose and (last.pain_during or 0) > PAIN_RULE.limit:
        found.add(Trigger.PAIN_OVER_LIMIT)
    return next(
        (one for one in (Trigger.PAIN_OVER_LIMIT, Trigger.PAIN_NEXT_MORNING) if one in found), Trigger.NONE
    )


def _new_pains(patient: PatientEvidence, line: LineEvidence, last: ExerciseResponse | None) -> list[Pain]:
    fresh = [pain for pain in patient.pains if pain.at >= line.dose_since]
    if last is None:
        return [pain for pain in fresh if pain.day >= patient.today - timedelta(days=1)]
    return [pain for pain in fresh if pain.session_ref == last.session_ref or pain.day > last.day]


def _of_session(pains: Sequence[Pain], last: ExerciseResponse | None, *, moments: tuple[str, ...]) -> float:
    if last is None:
        return UNKNOWN
    said = [one.value for one in pains if one.session_ref == last.session_ref and one.moment in moments]
    return float(max(said)) if said else UNKNOWN


def _pain_after(patient: PatientEvidence, last: ExerciseResponse | None) -> float:
    """Of the latest session, if that was within a week: an older answer says nothing of today."""
    if last is None or (patient.today - last.day).days > PAIN_KNOWN_DAYS:
        return UNKNOWN
    return _of_session(patient.pains, last, moments=("after", "stop"))


def _morning_rise(patient: PatientEvidence, last: ExerciseResponse | None, *, usual: int | None) -> float:
    """Of the first morning answer after the latest session."""
    if last is None or usual is None:
        return UNKNOWN
    after = [one.value for one in patient.pains if one.moment == NEXT_MORNING and one.day > last.day]
    return float(after[0] - usual) if after else UNKNOWN


def _form_correct(last: ExerciseResponse | None) -> float:
    scored = scored_repetitions(last) if last else 0
    return last.repetitions_correct / scored if last and scored else UNKNOWN


def scored_repetitions(one: ExerciseResponse) -> int:
    return one.repetitions_correct + one.repetitions_mild + one.repetitions_significant


def _completion(last: ExerciseResponse | None) -> float:
    return UNKNOWN if last is None else completion_of(last)


def completion_of(one: ExerciseResponse) -> float:
    """Done of what the plan asked, at most 1: repetitions where they are counted, else sets.

    A set that was done and in which nothing was counted says that nobody saw it, not that nothing was done.
    """
    if one.repetitions_asked:
        return min(1.0, one.repetitions_done / one.repetitions_asked) if one.repetitions_done else UNKNOWN
    return min(1.0, one.sets_done / one.sets_asked) if one.sets_asked else UNKNOWN


def _compensated(one: ExerciseResponse) -> bool:
    scored = scored_repetitions(one)
    return scored > 0 and one.repetitions_significant / scored >= COMPENSATED_SHARE


def _adherence(patient: PatientEvidence, line: LineEvidence) -> float:
    done, planned = sessions_done_of_planned(
        {one.day for one in line.responses},
        today=patient.today,
        planned_days_per_week=line.prescribed.days_per_week,
        plan_started_on=local_day(patient.patient, at=line.prescribed.created_at),
    )
    return done / planned if planned else UNKNOWN


def _surgery(episodes: Sequence[EpisodeOfCare]) -> tuple[date | None, bool]:
    """The day of the latest operation, and whether there was one: a title that names one counts without."""
    dates = [one.surgery_date for one in episodes if one.surgery_date]
    named = any(not one.surgery_date and SURGERY_WORDS.search(one.title) for one in episodes)
    return (None, True) if named else (max(dates, default=None), bool(dates))


def _onset(episodes: Sequence[EpisodeOfCare]) -> date | None:
    return episodes[0].onset_date if episodes else None


def _days_since(day: date | None, today: date) -> float:
    return UNKNOWN if day is None else float((today - day).days)


def _number(value: float | int | None) -> float:
    return UNKNOWN if value is None else float(value)
