"""The demo's notes: told once, in order, read, and fit to be looked at."""

import time
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from clinic.models import Clinic, Membership
from clinic.tenancy.scope import clinic_scope
from notes.clini_note_extractor import extract_by_rules
from notes.demo.letters import discharge_letter, hip_report
from notes.demo.seed import write_notes
from notes.demo.written import written
from notes.models import DataSetVersion, Finding, NoteFact, ProjectDocument, VisitNote
from notes.note_files import read_note_file
from patients.models import Patient
from sessions.demo.cast import cast
from tests.factories.clinic import make_clinic, make_member, make_user
from tests.factories.patients import make_patient
from tests.factories.prescriptions import make_prescription
from tests.factories.sessions import make_analysed_session

STAFF = (
    ("therapist@north.demo", "therapist"),
    ("colleague@north.demo", "therapist"),
    ("both@plumbline.demo", "assistant"),
)
NAMES = sorted({note.patient for note in written() if note.patient != "Hana Svoboda"})


@pytest.fixture
def north(db: None) -> Clinic:
    """The demo's staff and patients as `seed_demo` leaves them, with one session."""
    clinic = make_clinic("north", name="Northside Physiotherapy")
    staff: list[Membership] = [make_member(clinic, role, user=make_user(email)) for email, role in STAFF]
    for name in NAMES:
        given, family = name.split(" ")
        patient = make_patient(clinic, given_name=given, family_name=family, care_team=staff, simulated=True)
        if name == "Thomas Okafor":
            with clinic_scope(clinic.pk):
                patient.membership = make_member(clinic, "patient", user=make_user("thomas@north.demo"))
                patient.save()
            make_prescription(patient, by=staff[0], codes=("squat",), sets=1, repetitions=4)
            make_analysed_session(patient)
    return clinic


@pytest.fixture
def told(north: Clinic) -> Clinic:
    with clinic_scope(north.pk):
        write_notes(north)
    return north


def test_every_state_of_a_note_is_there(told: Clinic) -> None:
    with clinic_scope(told.pk):
        notes = list(VisitNote.objects.select_related("patient"))
        states = {(one.status, one.kind) for one in notes}
        drafted = VisitNote.objects.get(drafted_by_rules=True)
        assert states >= {
            ("signed", "evaluation"),
            ("signed", "soap"),
            ("signed", "addendum"),
            ("signed", "imported"),
            ("draft", "imported"),
            ("draft", "soap"),
            ("awaiting", "soap"),
        }
        assert drafted.patient.full_name == "Thomas Okafor" and drafted.bases.exists()
        assert all(one.patient.simulated for one in notes)
        assert all(one.reading in ("done", "by_rules") for one in notes)


def test_they_happened_one_after_the_other_and_none_in_the_future(told: Clinic) -> None:
    with clinic_scope(told.pk):
        now = timezone.now()
        for note in VisitNote.objects.filter(status="signed"):
            assert note.created_at < note.signed_at <= now
        days = VisitNote.objects.filter(status="signed", patient__family_name="Kowalska")
        assert len({note.occurred_on for note in days}) == 3


def test_findings_tell_each_story(told: Clinic) -> None:
    with clinic_scope(told.pk):
        ranges = Finding.objects.filter(
            patient=Patient.objects.get(family_name="Kowalska"), kind="range", region="knee", side="right"
        )
        highs = list(ranges.order_by("observed_on").values_list("high", flat=True))
        assert highs == [112.0, 128.0, 138.0]
        assert NoteFact.objects.filter(note__status="draft").exists()


def test_the_project_has_documents_in_every_state_and_a_data_set(told: Clinic) -> None:
    with clinic_scope(told.pk):
        states = list(ProjectDocument.objects.values_list("state", flat=True))
        assert {state: states.count(state) for state in set(states)} == {
            "settled": 3,
            "to_settle": 1,
            "open": 2,
        }
        assert DataSetVersion.objects.get().document_count == 3


def test_told_twice_is_told_once_and_it_takes_moments(north: Clinic) -> None:
    with clinic_scope(north.pk):
        began = time.monotonic()
        count = write_notes(north)
        print(f"demo notes written in {time.monotonic() - began:.1f} s")
        assert write_notes(north) == count == VisitNote.objects.count()


def test_nothing_is_sent_to_a_worker_that_may_not_run_yet(
    north: Clinic, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    sent: list[str] = []
    monkeypatch.setattr("celery.app.base.Celery.send_task", lambda _app, name, *_, **__: sent.append(name))
    with django_capture_on_commit_callbacks(execute=True), clinic_scope(north.pk):
        sent.clear()
        write_notes(north)
    assert [name for name in sent if name.startswith("notes.")] == []


def test_each_text_has_facts_and_belongs_to_somebody_of_the_cast() -> None:
    known = {person.name for person in cast()}
    for note in written():
        assert note.patient in known
        assert len(extract_by_rules(note.text).entities) >= 5


def test_the_letters_are_read_as_they_were_written() -> None:
    day = timezone.now().date()
    for data in (discharge_letter("Chiara Romano", day=day), hip_report("Harold Bennett", day=day)):
        found = read_note_file(data)
        assert len(found.page_starts) == 2 and day.isoformat() in found.text


def test_the_command_stays_out_of_what_is_no_demo(north: Clinic, settings: Any) -> None:
    settings.DEMO = False
    with pytest.raises(CommandError, match="demos only"):
        call_command("seed_demo_notes")
    with clinic_scope(north.pk):
        assert not VisitNote.objects.exists()
