"""Fill an empty database with the demo, or say why not."""

from collections.abc import Callable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import psycopg
from django.conf import settings
from django.utils import timezone
from psycopg import sql

from clinic.audit.actor import Actor, acting
from clinic.models import Clinic, Membership
from clinic.tenancy.scope import clinic_scope
from patients.services.people import add_to_care_team
from prescriptions import library as exercises
from sessions.demo import dosing, people
from sessions.demo.cast import DemoPatient, cast
from sessions.demo.conversations import write_conversations
from sessions.demo.further import tell_further
from sessions.demo.knowledge import write_knowledge
from sessions.demo.motions import MotionLibrary
from sessions.demo.stories import Story, tell
from sessions.models import Recording
from sessions.motion_files import delete_file

KEPT_TABLES = ("django_migrations", "django_content_type", "auth_permission")
Say = Callable[[str], None]


@dataclass(frozen=True)
class Size:
    """How much history: weeks, for how many days recordings are kept, and a comparison of how many."""

    weeks: int = 8
    keep_frames_days: int = 14
    simulated_patients: int = 40
    simulated_weeks: int = 4


FULL = Size()
SMALL = Size(weeks=2, keep_frames_days=4, simulated_patients=20, simulated_weeks=2)


class NotADemo(Exception):
    """This installation, or a clinic in it, is not simulated: the demo stays out."""


def check_is_demo() -> None:
    """Raise NotADemo unless this installation says that it is a demo and holds simulated clinics only."""
    if (settings.SETTINGS_MODULE or "").endswith("production") or not settings.DEMO:
        raise NotADemo("Demo data is for demos only. Set PLUMBLINE_DEMO=1 outside of production.")
    if Clinic.objects.filter(simulated=False).exists():
        raise NotADemo("There is a clinic here that is not simulated. The demo needs a database of its own.")


def is_seeded() -> bool:
    """Whether the demo is complete here."""
    return people.doors_are_open()


def seed(size: Size, *, say: Say) -> None:
    """Make both clinics, everybody in them, and their past."""
    clinics = people.create_clinics()
    library = MotionLibrary({code: exercises.load(code) for code in exercises.codes()})
    for number, person in enumerate(cast(), start=1):
        clinic = clinics[person.clinic]
        with clinic_scope(clinic.pk), acting(Actor(via="command")):
            sessions = seed_patient(person, clinic=clinic, library=library, size=size)
        say(f"  {number:>2} of {len(cast())}  {person.name}: {sessions} sessions")
    comparison = dosing.compared(patients=size.simulated_patients, weeks=size.simulated_weeks)
    for clinic in clinics.values():
        with clinic_scope(clinic.pk), acting(Actor(via="command")):
            dosing.propose_for_all()
            dosing.learn_from_history()
            dosing.write_comparison(comparison)
            write_knowledge()
            write_conversations()
            tell_further(clinic)
    people.open_the_doors()


def seed_patient(person: DemoPatient, *, clinic: Clinic, library: MotionLibrary, size: Size) -> int:
    """One patient with their weeks; answers how many sessions they did."""
    zone = ZoneInfo(clinic.time_zone)
    story = Story(
        person=person,
        therapist=Membership.objects.get(user__email=person.therapist),
        library=library,
        zone=zone,
        today=timezone.now().astimezone(zone).date(),
        keep_frames_days=size.keep_frames_days,
        weeks=size.weeks,
    )
    patient = tell(story)
    assistant = Membership.objects.filter(role="assistant").first()
    if assistant is not None and person.shared:
        add_to_care_team(patient, assistant, by=story.therapist, role_note="Covers Fridays")
    return len(story.sessions)


def delete_sensor_files() -> None:
    """Delete the files of every recording: rows that are emptied away would leave them behind."""
    check_is_demo()
    for clinic in Clinic.objects.all():
        with clinic_scope(clinic.pk):
            for key in Recording.objects.exclude(file_key="").values_list("file_key", flat=True):
                delete_file(key)


def empty_database(owner_url: str) -> None:
    """Remove everything from a demo's database, the audit trail included: only the tables' owner can.

    Raises NotADemo when any clinic is not simulated.
    """
    check_is_demo()
    with psycopg.connect(owner_url) as connection:
        rows = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        tables = [sql.Identifier(str(row[0])) for row in rows if row[0] not in KEPT_TABLES]
        every = sql.SQL(", ").join(tables)
        for table in tables:
            connection.execute(sql.SQL("ALTER TABLE {} DISABLE TRIGGER USER").format(table))
        connection.execute(sql.SQL("TRUNCATE {} RESTART IDENTITY").format(every))
        for table in tables:
            connection.execute(sql.SQL("ALTER TABLE {} ENABLE TRIGGER USER").format(table))
