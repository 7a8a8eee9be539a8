"""What a draft of a session rests on, read from the record: the session, and the time since the last note."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any
from uuid import UUID

from django.utils import timezone

from notes.models import VisitNote
from notes.session_sentences.facts import (
    AdherenceFact,
    AlertFact,
    ChangeFact,
    ExerciseFact,
    FindingFact,
    MessageFact,
    PainFact,
    PlanFact,
    PreviousFact,
    RepetitionFact,
    SessionFacts,
    SetFact,
    SittingFact,
    TestFact,
    TrendFact,
)
from patients.local_time import local_day, zone_of
from patients.models import Alert, DaySummary, Message, PainReport, Patient
from patients.red_flags import PAIN_RULE, screen_pain
from patients.selectors import open_hold, usual_pain_of
from prescriptions.selectors import (
    active_prescription,
    caution_of,
    dose_changes_in_words,
    exercises_of,
    planned,
)
from sessions.models import ExerciseSet, Repetition, TherapySession, TimedTest
from sessions.motion_trend.metrics import METRICS
from sessions.selectors import sessions_of
from sessions.selectors.movement import timed_tests_of
from sessions.selectors.movement.change import Change, exceeds_variation, number, say_day
from sessions.selectors.movement.dashboard import FOREMOST, change_since_start, points_of
from sessions.selectors.review import pain_of, repetitions_by_set, sets_of

WITHOUT_A_NOTE = timedelta(days=14)
MOST_TESTS = 6
DONE = (ExerciseSet.State.ENDED, ExerciseSet.State.ANALYSED)
CODES = {
    TimedTest.Kind.WALK_10M: "walk_10m_speed_m_s",
    TimedTest.Kind.CHAIR_STAND_30S: "chair_stand_count",
    TimedTest.Kind.TUG: "tug_s",
}


class _Reading:
    """One session being read: the patient's clock, and from when on things count."""

    def __init__(self, session: TherapySession, *, now: datetime) -> None:
        self.session = session
        self.patient: Patient = session.patient
        self.now = now
        self.today = local_day(self.patient, at=now)
        note = last_note_before(session)
        began = session.started_at or session.created_at
        self.since = note.created_at if note else began - WITHOUT_A_NOTE
        self.since_day = local_day(self.patient, at=self.since)
        said = say_day(note.occurred_on if note else self.since_day, self.today)
        self.since_words = f"the note of {said}" if note else said

    def day(self, at: datetime) -> str:
        """The day in words on the patient's clock."""
        return say_day(local_day(self.patient, at=at), self.today)


def session_facts_of(session: TherapySession, *, now: datetime | None = None) -> SessionFacts:
    """Everything that a draft of this session says, as stored."""
    reading = _Reading(session, now=now or timezone.now())
    hold = open_hold(reading.patient)
    return SessionFacts(
        sitting=_sitting(reading),
        since=reading.since_words,
        pain=tuple(_pain(reading)),
        messages=tuple(_messages(reading)),
        alerts=tuple(_alerts(reading)),
        exercises=tuple(_exercises(session)),
        tests=tuple(_tests(reading)),
        trends=tuple(_trends(reading)),
        adherence=_adherence(reading),
        previous=_previous(reading),
        plan=_plan(reading),
        changes=tuple(_changes(reading)),
        hold_since=reading.day(hold.since) if hold else "",
        hold_alert_ref=hold.alert.ref if hold else None,
    )


def last_note_before(session: TherapySession) -> VisitNote | None:
    """The signed note that was written last before the session; what was imported was written elsewhere."""
    signed = VisitNote.objects.filter(patient=session.patient, status=VisitNote.Status.SIGNED)
    own = signed.exclude(kind__in=(VisitNote.Kind.ADDENDUM, VisitNote.Kind.IMPORTED))
    began = session.started_at or session.created_at
    return own.filter(created_at__lt=began).order_by("-created_at").first()


def _sitting(reading: _Reading) -> SittingFact:
    session = reading.session
    began = session.started_at or session.created_at
    minutes = None
    if session.started_at and session.ended_at:
        minutes = round((session.ended_at - session.started_at).total_seconds() / 60)
    return SittingFact(
        ref=session.ref,
        day=reading.day(began),
        time=f"{began.astimezone(zone_of(reading.patient)):%H:%M}",
        mode=session.mode,
        simulated=session.simulated,
        minutes=minutes,
        stop_reason=session.stop_reason,
    )


def _pain(reading: _Reading) -> Iterable[PainFact]:
    """Entries since the last note and those of the session, oldest first, each judged by the pain rule."""
    reports = PainReport.objects.filter(patient=reading.patient, at__lte=reading.now)
    wanted = reports.filter(at__gte=reading.since) | reports.filter(session_ref=reading.session.ref)
    for report in wanted.order_by("at", "id"):
        of_exercise = report.moment != PainReport.Moment.NEXT_MORNING
        yield PainFact(
            ref=report.ref,
            value=report.value,
            moment=report.moment,
            day=reading.day(report.at),
            session_ref=report.session_ref if of_exercise else None,
            is_of_session=of_exercise and report.session_ref == reading.session.ref,
            broken_rule=_broken_rule(reading.patient, report),
        )


def _broken_rule(patient: Patient, report: PainReport) -> str:
    """The pain rule that an entry broke, judged as when it was entered."""
    morning = report.moment == PainReport.Moment.NEXT_MORNING and report.value <= PAIN_RULE.limit
    usual = usual_pain_of(patient, before=report.at) if morning else None
    hit = screen_pain(report.value, moment=report.moment, usual=usual)
    return hit.headline if hit else ""


def _messages(reading: _Reading) -> Iterable[MessageFact]:
    lines = Message.objects.filter(patient=reading.patient, from_patient=True, created_at__gte=reading.since)
    for line in lines.filter(created_at__lte=reading.now).order_by("-created_at"):
        yield MessageFact(ref=line.ref, day=reading.day(line.created_at), body=line.body)


def _alerts(reading: _Reading) -> Iterable[AlertFact]:
    raised = Alert.objects.filter(patient=reading.patient, raised_at__gte=reading.since)
    for alert in raised.order_by("-raised_at"):
        yield AlertFact(
            ref=alert.ref,
            day=reading.day(alert.raised_at),
            headline=alert.headline,
            state=str(alert.get_state_display()),
            outcome=alert.outcome,
            is_open=alert.state == Alert.State.OPEN,
        )


def _exercises(session: TherapySession) -> Iterable[ExerciseFact]:
    """The session's sets by exercise and side, in the order in which they were done."""
    sets = sets_of(session)
    repetitions = repetitions_by_set(sets)

    def exercise(one: ExerciseSet) -> tuple[int, str]:
        return one.exercise_version_id, one.side

    order = {key: place for place, key in reversed(list(enumerate(map(exercise, sets))))}
    for _, group in groupby(sorted(sets, key=lambda one: order[exercise(one)]), key=exercise):
        yield _exercise(list(group), repetitions)


def _exercise(sets: list[ExerciseSet], repetitions: dict[int, list[Repetition]]) -> ExerciseFact:
    spec = sets[0].spec
    quantity = next(
        (q for q in (str(one.result.get("curve", {}).get("quantity", "")) for one in sets) if q), ""
    )
    return ExerciseFact(
        name=str(spec.get("name", "")),
        side=sets[0].side,
        sets=tuple(_set(one, repetitions[one.pk]) for one in sets),
        quantity=quantity.removesuffix("_by_height").replace("_", " "),
        stretches="extension" in quantity,
        is_estimate=quantity.endswith("_by_height"),
        caution=caution_of(spec),
    )


def _set(one: ExerciseSet, repetitions: list[Repetition]) -> SetFact:
    reasons: list[str] = one.result.get("not_scored", [])
    return SetFact(
        ref=one.ref,
        number=one.set_number,
        is_done=one.state in DONE,
        counted_by=one.counted_by,
        count=one.repetition_count,
        target=one.target_repetitions,
        hold_s=one.target_hold_s,
        repetitions=tuple(_repetition(each, one.set_number) for each in repetitions),
        reasons=tuple(reasons),
    )


def _repetition(one: Repetition, set_number: int) -> RepetitionFact:
    return RepetitionFact(
        ref=one.ref,
        set_number=set_number,
        index=one.index,
        classification=one.classification,
        peak_deg=one.peak_deg,
        findings=tuple(_finding(finding) for finding in one.findings),
        reason=one.reason,
    )


def _finding(finding: dict[str, Any]) -> FindingFact:
    names = ("code", "words", "severity")
    return FindingFact(*(str(finding.get(name, "")) for name in names))


def _tests(reading: _Reading) -> Iterable[TestFact]:
    """Tests against the clock since the last note, the newest first."""
    tests = timed_tests_of(reading.patient).filter(at__gte=reading.since, at__lte=reading.now)
    for test in tests.select_related("recording")[:MOST_TESTS]:
        yield TestFact(
            ref=test.recording.ref,
            name=str(test.get_kind_display()),
            day=reading.day(test.at),
            words=_value_words(test),
            withheld=test.withheld or ("" if test.value is not None else "No value is stored."),
            simulated=test.recording.simulated,
        )


def _value_words(test: TimedTest) -> str:
    """ "11 stands (10 to 12)", with the decimals of the measure."""
    if test.value is None:
        return ""
    metric = METRICS[CODES[TimedTest.Kind(test.kind)]]
    unit = f" {test.unit}" if test.unit else ""
    band = ""
    if test.low is not None and test.high is not None:
        band = f" ({number(metric, test.low)} to {number(metric, test.high)})"
    return f"{number(metric, test.value)}{unit}{band}"


def _trends(reading: _Reading) -> Iterable[TrendFact]:
    """The foremost measures of walking that were measured since the last note."""
    for code, points in points_of(reading.patient, FOREMOST).items():
        if points and points[-1].day >= reading.since_day:
            change = change_since_start(reading.patient, code, points, today=reading.today)
            simulated = any(point.simulated for point in points)
            yield TrendFact(sentence=change.sentence, simulated=simulated, steady=_steady(change))


def _steady(change: Change) -> str:
    """ "walking speed 1.23 m/s (up 0.04)", where days or two tests differ as much by themselves."""
    now, then, metric = change.now, change.then, change.metric
    if now is None or then is None or change.is_stale:
        return ""
    moved = now.value - then.value
    if exceeds_variation(now, then) and (metric.mdc is None or abs(moved) >= metric.mdc):
        return ""
    unit = f" {metric.unit}" if metric.unit else ""
    by = number(metric, abs(moved)) if round(moved, metric.decimals) else ""
    way = f"{'up' if moved > 0 else 'down'} {by}" if by else "unchanged"
    return f"{metric.name} {number(metric, now.value)}{unit} ({way})"


def _adherence(reading: _Reading) -> AdherenceFact:
    days: list[date] = list(
        DaySummary.objects.filter(
            patient=reading.patient,
            day__gte=reading.since_day,
            day__lte=reading.today,
            sessions_done__gt=0,
        ).values_list("day", flat=True)
    )
    return AdherenceFact(
        days_done=len(days),
        days=(reading.today - reading.since_day).days + 1,
        since=say_day(reading.since_day, reading.today),
        planned_per_week=reading.patient.planned_days_per_week,
    )


def _previous(reading: _Reading) -> PreviousFact | None:
    began = reading.session.started_at
    earlier = sessions_of(reading.patient).exclude(pk=reading.session.pk)
    before = earlier.filter(started_at__lt=began).order_by("-started_at").first() if began else None
    if before is None or before.started_at is None:
        return None
    pain = pain_of(before)
    return PreviousFact(
        ref=before.ref,
        day=reading.day(before.started_at),
        scored=before.repetitions_scored,
        correct=before.repetitions_correct,
        done=before.repetitions_done,
        pain_after=pain.get("after", pain.get("stop")),
    )


def _plan(reading: _Reading) -> PlanFact | None:
    prescription = active_prescription(reading.patient)
    if prescription is None:
        return None
    began: date = prescription.started_on or local_day(reading.patient, at=prescription.created_at)
    shown = [planned(item) for item in exercises_of(prescription)]
    lines: list[tuple[UUID, str, str]] = [
        (item.prescribed.ref, item.name, f"{item.dose_words}, {item.days_words}") for item in shown
    ]
    return PlanFact(
        ref=prescription.ref,
        since=say_day(began, reading.today),
        by=prescription.written_by.display_name,
        lines=tuple(lines),
    )


def _changes(reading: _Reading) -> Iterable[ChangeFact]:
    for one in dose_changes_in_words(reading.patient):
        if one.change.created_at >= reading.since:
            yield ChangeFact(
                ref=one.change.ref,
                day=reading.day(one.change.created_at),
                by=one.change.by.display_name,
                name=one.name,
                before=one.before,
                after=one.after,
                reason=one.change.reason,
            )
