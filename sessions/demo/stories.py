"""One made-up patient's weeks, told in order: each event happens through a service, at its own moment."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from django.utils import timezone

from clinic.models import Membership
from patients.models import Patient
from patients.services.attention import review_attention
from patients.services.messages import mark_read, send_message
from patients.services.people import Identity, Problem, create_patient, give_consent
from patients.services.stopping import stop_exercising
from prescriptions.dose import Dose
from prescriptions.selectors import active_prescription, exercises_of
from prescriptions.selectors.library import current_versions
from prescriptions.services import PlanLine, change_dose, write_prescription
from sessions.demo import clock, dosing, questionnaires
from sessions.demo.cast import DemoPatient, Said, Stopped
from sessions.demo.cast import Dose as DemoDose
from sessions.demo.history import write_session
from sessions.demo.motions import MotionLibrary
from sessions.demo.movement import height_cm, write_movement
from sessions.demo.past import PastDay, past_days
from sessions.demo.people import account_for, create_member
from sessions.models import TherapySession

REASONS = {
    False: "Two more: the first weeks went well.",
    True: "Fewer for now: it is sore the morning after.",
}


@dataclass
class Story:
    """Everything that the events of one patient need; `keep_frames_days`: newer sessions keep recordings."""

    person: DemoPatient
    therapist: Membership
    library: MotionLibrary
    zone: ZoneInfo
    today: date
    keep_frames_days: int
    weeks: int
    patient: Patient = field(init=False)
    sessions: list[TherapySession] = field(default_factory=list)

    @property
    def first_day(self) -> date:
        course = self.person.course
        return self.today - timedelta(days=7 * min(course.weeks, self.weeks) + 1 if course else 0)

    def moment(self, day: date, clock_time: str) -> datetime:
        """That time on that day; never in the future, so that the demo also works before breakfast."""
        hour, minute = map(int, clock_time.split(":"))
        wanted = datetime.combine(day, time(hour, minute), tzinfo=self.zone)
        return min(wanted, timezone.now() - timedelta(minutes=20 + (24 - hour) / 2))


def tell(story: Story) -> Patient:
    """Write one patient from the first visit to today."""
    begins = story.moment(story.first_day, "08:30")
    with clock.at(begins):
        story.patient = _meet(story)
        _plan(story)
    if story.person.given in dosing.DECIDED_FOR:
        with clock.at(begins):
            dosing.limit_doses(story.patient, by=story.therapist)
    for moment, happen in sorted(_events(story), key=lambda event: event[0]):
        with clock.at(max(moment, begins)):
            happen()
    if story.person.course:
        write_movement(
            story.person,
            story.patient,
            therapist=story.therapist,
            first=story.first_day,
            today=story.today,
            now=timezone.now(),
        )
    review_attention(story.patient)
    return story.patient


def _meet(story: Story) -> Patient:
    person = story.person
    patient = create_patient(
        Identity(
            given_name=person.given,
            family_name=person.family,
            birth_date=date(person.born, 1 + person.seed % 12, 1 + (7 * person.seed) % 28),
            sex=person.sex,
            height_cm=height_cm(person),
            phone=f"020 7946 0{100 + person.seed}",
        ),
        by=story.therapist,
        problem=Problem(
            title=person.title,
            body_region=person.region,
            laterality=person.laterality,
            onset_date=story.today - timedelta(weeks=person.onset_weeks),
            surgery_date=_weeks_before(story.today, person.surgery_weeks),
            precautions=person.precautions,
        ),
        simulated=True,
    )
    patient.membership = create_member(account_for(person))
    patient.save()
    for kind in person.consents:
        give_consent(patient, kind)
    return patient


def _weeks_before(day: date, weeks: int | None) -> date | None:
    return None if weeks is None else day - timedelta(weeks=weeks)


def _plan(story: Story) -> None:
    """The plan with its first dose: a little under today's for most."""
    versions = {version.exercise.code: version for version in current_versions()}
    more = story.person.first_dose_more
    lines = [
        PlanLine(versions[dose.code], replace(full_dose(dose), repetitions=dose.repetitions + more))
        for dose in story.person.doses
    ]
    write_prescription(story.patient, lines, by=story.therapist, note_to_patient=story.person.note)


def full_dose(dose: DemoDose) -> Dose:
    """The dose in force today."""
    return Dose(
        sets=dose.sets,
        repetitions=dose.repetitions,
        rest_s=dose.rest_s,
        days_per_week=dose.days_per_week,
        side=dose.side,
        resistance=dose.resistance,
        patient_note=dose.note,
    )


Event = tuple[datetime, Callable[[], None]]


def _events(story: Story) -> list[Event]:
    person = story.person
    all_days = past_days(person, today=story.today, zone=story.zone)
    days = [day for day in all_days if day.day > story.first_day]
    events: list[Event] = [(day.began, partial(_exercise, story, day)) for day in days]
    for day in days:
        if dosing.is_decided_day(person.given, (story.today - day.day).days):
            events.append((day.began + dosing.MORNING_AFTER, partial(_look_at_doses, story)))
    if person.course:
        in_weeks = min(person.course.turn, story.weeks - 1)
        turned = story.moment(story.first_day + timedelta(days=7 * in_weeks + 1), "12:00")
        events.append((turned, partial(_change_doses, story)))
    for line in person.said:
        when = story.moment(story.today - timedelta(days=line.days_ago), line.clock)
        events.append((when, partial(_say, story, line)))
    for ago, time_of_answers in questionnaires.answer_days(person.name, weeks=story.weeks):
        when = story.moment(story.today - timedelta(days=ago), "12:20")
        events.append((when, partial(_answer_questions, story, time_of_answers)))
    if person.seen and days:
        events.append((story.moment(story.today, "07:10"), partial(_comment, story, person.seen)))
    if person.stopped:
        when = story.moment(story.today - timedelta(days=person.stopped.days_ago), person.stopped.clock)
        events.append((when, partial(_stop, story, person.stopped)))
    return events


def _exercise(story: Story, day: PastDay) -> None:
    keep = (story.today - day.day).days <= story.keep_frames_days
    session = write_session(story.patient, story.person, day, library=story.library, keep_frames=keep)
    story.sessions.append(session)


def _change_doses(story: Story) -> None:
    prescription = active_prescription(story.patient)
    full = {dose.code: full_dose(dose) for dose in story.person.doses}
    for prescribed in exercises_of(prescription) if prescription else ():
        dose = full[prescribed.exercise.code]
        change_dose(prescribed, dose, by=story.therapist, reason=REASONS[story.person.first_dose_more > 0])


def _look_at_doses(story: Story) -> None:
    dosing.look_at_doses(story.patient, by=story.therapist, seed=story.person.seed)


def _say(story: Story, line: Said) -> None:
    author = story.patient.membership if line.by == "patient" else None
    mark_read(story.patient, by=author or story.therapist)
    send_message(story.patient, author=author or story.therapist, body=line.words)


def _answer_questions(story: Story, answered: questionnaires.Time) -> None:
    questionnaires.write_answers(story.patient, answered, therapist=story.therapist, weeks=story.weeks)


def _comment(story: Story, words: str) -> None:
    newest = story.sessions[-1]
    send_message(
        story.patient, author=story.therapist, body=words, about_kind="session", about_ref=newest.ref
    )


def _stop(story: Story, stopped: Stopped) -> None:
    stop_exercising(story.patient, ticked=stopped.ticked, words=stopped.words)
