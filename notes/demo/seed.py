"""Notes of the demo's patients, told in order at their own moments; read at once, without a worker."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, time, timedelta

from django.utils import timezone

from clinic.models import Clinic, Membership
from notes.demo.annotation import write_project
from notes.demo.letters import discharge_letter, hip_report
from notes.demo.written import DemoNote, written
from notes.models import VisitNote
from notes.selectors.settings import offered_templates
from notes.services import queueing
from notes.services.addenda import add_addendum
from notes.services.annotation import proposing
from notes.services.drafts import begin_note, let_go_of_draft, save_draft
from notes.services.facts import read_note
from notes.services.imports import import_note
from notes.services.red_flags import FlagsAnswer
from notes.services.session_draft import draft_from_session
from notes.services.signing import sign_note
from notes.services.templates import ensure_shipped_templates
from patients.local_time import zone_of
from patients.models import Patient
from sessions.demo import clock
from sessions.models import TherapySession
from sessions.selectors import sessions_of

SIGNED_AFTER = timedelta(minutes=9)
DRAFTED_FOR = "Thomas Okafor"
NORTH = "north"

SEEN = FlagsAnswer(dealt_with="Asked about and examined in the visit: no danger.")


def write_notes(clinic: Clinic) -> int:
    """All notes of the clinic in scope, once; answers how many there are then."""
    if VisitNote.objects.exists():
        return VisitNote.objects.count()
    with nothing_queued():
        return _tell(clinic)


@contextmanager
def nothing_queued() -> Iterator[None]:
    """The notes are read here: nothing is sent to a worker, which may not run yet, nor its broker.

    As with the demo's clock: only the seed command uses it, in a process that does nothing else.
    """
    real = queueing.send_after_commit
    modules = (vars(queueing), vars(proposing))
    for module in modules:
        module["send_after_commit"] = _drop
    try:
        yield
    finally:
        for module in modules:
            module["send_after_commit"] = real


def _drop(_name: str, **_kwargs: object) -> None:
    """A message that nobody sends."""


def _tell(clinic: Clinic) -> int:
    people = {str(one.user.email): one for one in Membership.objects.select_related("user")}
    patients = {one.full_name: one for one in Patient.objects.select_related("clinic")}
    ensure_shipped_templates()
    for one in sorted(written(), key=lambda note: -note.days_ago):
        if one.patient in patients and one.by in people:
            _write(one, patients[one.patient], people)
    if clinic.slug == NORTH:
        _write_others(patients, people)
    for note in VisitNote.objects.filter(status=VisitNote.Status.DRAFT):
        read_note(note.pk)
        let_go_of_draft(note, by=note.author)
    return VisitNote.objects.count()


def moment_of(patient: Patient, *, days_ago: int, clock_time: time = time(15, 40)) -> datetime:
    """That time, so many days ago on the patient's clock; never in the future."""
    now = timezone.now()
    day = now.astimezone(zone_of(patient)).date() - timedelta(days=days_ago)
    wanted = datetime.combine(day, clock_time, tzinfo=zone_of(patient))
    return min(wanted, now - timedelta(minutes=30))


def _write(one: DemoNote, patient: Patient, people: dict[str, Membership]) -> None:
    """Begin a note from the clinic's template, write it, sign it; and its addendum the same day."""
    author, begins = people[one.by], moment_of(patient, days_ago=one.days_ago)
    template = offered_templates().filter(kind=one.kind).first()
    with clock.at(begins):
        note = begin_note(patient, kind=one.kind, template=template, by=author)
    with clock.at(begins + SIGNED_AFTER):
        note = save_draft(note, text=one.text + "\n", revision=note.revision, by=author)
        read_note(note.pk)
        note = sign_note(note, by=author, cosigner=people[one.cosigner] if one.cosigner else None, flags=SEEN)
    if one.addendum:
        with clock.at(begins + timedelta(hours=2)):
            added = add_addendum(note, by=author)
            added = save_draft(added, text=one.addendum + "\n", revision=added.revision, by=author)
            read_note(added.pk)
        with clock.at(begins + timedelta(hours=2) + SIGNED_AFTER):
            sign_note(added, by=author, flags=SEEN)


def _write_others(patients: dict[str, Patient], people: dict[str, Membership]) -> None:
    """A draft from a session, two imported letters (one signed), and an annotation project."""
    therapist = people["therapist@north.demo"]
    _draft(patients[DRAFTED_FOR], by=therapist)
    _import(patients["Chiara Romano"], "Discharge letter.docx", by=therapist, visited=33, came=26)
    _import(patients["Harold Bennett"], "Lakeside report.pdf", by=therapist, visited=30, came=20)
    write_project(
        lead=therapist,
        annotators=(therapist, people["colleague@north.demo"]),
        adjudicator=people["both@plumbline.demo"],
        at=timezone.now() - timedelta(days=3),
    )


def _draft(patient: Patient, *, by: Membership) -> None:
    session: TherapySession | None = (
        sessions_of(patient).filter(state=TherapySession.State.ANALYSED).order_by("-started_at").first()
    )
    if session is not None:
        with clock.at(timezone.now() - timedelta(minutes=25)):
            draft_from_session(session, by=by)


def _import(patient: Patient, name: str, *, by: Membership, visited: int, came: int) -> None:
    """A letter about a visit so many days ago; the Word document was signed, the PDF waits to be filed."""
    visited_on = moment_of(patient, days_ago=visited).date()
    write = discharge_letter if name.endswith(".docx") else hip_report
    is_letter = name.endswith(".docx")
    at = moment_of(patient, days_ago=came if is_letter else 0)
    with clock.at(at):
        note = import_note(patient, data=write(patient.full_name, day=visited_on), name=name, by=by)
        read_note(note.pk)
    if is_letter:
        with clock.at(at + SIGNED_AFTER):
            sign_note(note, by=by, flags=SEEN)
