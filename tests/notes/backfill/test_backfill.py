"""Every note is read once, wherever a run is stopped or killed; what clinicians decided stays."""

import io
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from clinic.models import AuditEvent
from clinic.tenancy.scope import clinic_scope
from notes.errors import ReadingUnderWay, RunNotStoppable
from notes.models import Finding, NoteFact, ReadingRun, VisitNote
from notes.services import backfill
from notes.services.drafts import discard_draft
from notes.services.facts import read_note
from notes.services.signing import sign_note
from tests.factories.notes import make_note
from tests.factories.patients import Ward, make_ward
from tests.people import make_people


class Killed(BaseException):
    """Stands for a worker that dies: nothing of the program may catch it."""


@pytest.fixture
def ward(db: None) -> Ward:
    return make_ward(make_people())


@pytest.fixture
def notes(ward: Ward) -> list[VisitNote]:
    """Seven drafts that nobody has read."""
    return [
        make_note(ward.paul, by=ward.people.nora, text=f"Pain {n}/10 in the left knee.") for n in range(7)
    ]


@pytest.fixture
def readings(monkeypatch: pytest.MonkeyPatch) -> Counter[int]:
    """How often each note was read to its end."""
    counted: Counter[int] = Counter()

    def counting(note_id: int, *, again: bool = False) -> bool:
        done = read_note(note_id, again=again)
        counted[note_id] += 1
        return done

    monkeypatch.setattr(backfill, "read_note", counting)
    return counted


def _start(ward: Ward) -> ReadingRun:
    return backfill.start_reading(by=ward.people.ada)


def _run_to_its_end(run: ReadingRun) -> ReadingRun:
    while backfill.read_batch(run.pk, seconds=0.0):
        pass
    run.refresh_from_db()
    return run


def test_every_note_is_read_once_in_batches(
    ward: Ward, notes: list[VisitNote], readings: Counter[int]
) -> None:
    with clinic_scope(ward.paul.clinic_id):
        run = _start(ward)
        assert (run.state, run.total, run.done) == ("waiting", 7, 0)
        assert backfill.read_batch(run.pk, seconds=0.0)
        run.refresh_from_db()
        assert (run.state, run.done) == ("running", 1)
        _run_to_its_end(run)
        assert (run.state, run.done, run.failed) == ("done", 7, 0) and run.finished_at
        assert readings == Counter({note.pk: 1 for note in notes})
        assert NoteFact.objects.filter(label="PAIN_LEVEL").count() == 7


def test_a_killed_worker_loses_and_doubles_nothing(
    ward: Ward, notes: list[VisitNote], readings: Counter[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    counting = backfill.read_note

    def dying(note_id: int, *, again: bool = False) -> bool:
        if note_id == notes[3].pk:
            NoteFact.objects.create(note_id=note_id, start=0, end=4, label="PAIN_LEVEL")
            raise Killed
        return counting(note_id, again=again)

    with clinic_scope(ward.paul.clinic_id):
        run = _start(ward)
        monkeypatch.setattr(backfill, "read_note", dying)
        with pytest.raises(Killed):
            _run_to_its_end(run)
        run.refresh_from_db()
        assert (run.state, run.done, run.last_note_id) == ("running", 3, notes[2].pk)
        assert not NoteFact.objects.filter(note=notes[3]).exists()
        monkeypatch.setattr(backfill, "read_note", counting)
        _run_to_its_end(run)
        assert (run.state, run.done) == ("done", 7)
        assert set(readings.values()) == {1} and len(readings) == 7


def test_two_workers_on_one_run_read_each_note_once(
    ward: Ward, notes: list[VisitNote], readings: Counter[int]
) -> None:
    with clinic_scope(ward.paul.clinic_id):
        run = _start(ward)
        backfill.read_batch(run.pk, seconds=0.0)
        late = ReadingRun.objects.get(pk=run.pk)
        backfill.read_batch(run.pk, seconds=0.0)
        assert backfill._read_one(late, notes[1]) is False
        _run_to_its_end(run)
        assert set(readings.values()) == {1} and run.done == 7


def test_a_stopped_run_reads_no_more_and_goes_on_from_there(
    ward: Ward, notes: list[VisitNote], readings: Counter[int]
) -> None:
    with clinic_scope(ward.paul.clinic_id):
        run = _start(ward)
        backfill.read_batch(run.pk, seconds=0.0)
        backfill.stop_reading(run, by=ward.people.ada)
        assert backfill.read_batch(run.pk) is False
        run.refresh_from_db()
        assert (run.state, run.done, len(readings)) == ("stopped", 1, 1)
        backfill.resume_reading(run, by=ward.people.ada)
        _run_to_its_end(run)
        assert (run.done, set(readings.values())) == (7, {1})
        with pytest.raises(RunNotStoppable):
            backfill.stop_reading(run, by=ward.people.ada)
        with pytest.raises(RunNotStoppable):
            backfill.resume_reading(run, by=ward.people.ada)


def test_one_run_at_a_time_in_a_clinic(ward: Ward, notes: list[VisitNote]) -> None:
    with clinic_scope(ward.paul.clinic_id):
        run = _start(ward)
        with pytest.raises(ReadingUnderWay):
            _start(ward)
        backfill.stop_reading(run, by=ward.people.ada)
        _start(ward)
        with pytest.raises(ReadingUnderWay):
            backfill.resume_reading(run, by=ward.people.ada)


def test_a_second_run_of_the_same_reader_reads_nothing_twice(
    ward: Ward, notes: list[VisitNote], readings: Counter[int]
) -> None:
    with clinic_scope(ward.paul.clinic_id):
        _run_to_its_end(_start(ward))
        again = _run_to_its_end(_start(ward))
        assert (again.done, set(readings.values())) == (7, {1})
        VisitNote.objects.filter(pk=notes[2].pk).update(read_by="an older reader")
        _run_to_its_end(_start(ward))
        assert readings[notes[2].pk] == 2 and sum(readings.values()) == 8


def test_one_broken_note_is_counted_and_the_others_are_read(
    ward: Ward, notes: list[VisitNote], readings: Counter[int], monkeypatch: pytest.MonkeyPatch, caplog: Any
) -> None:
    counting = backfill.read_note

    def breaking(note_id: int, *, again: bool = False) -> bool:
        if note_id == notes[1].pk:
            raise ValueError("left knee")
        return counting(note_id, again=again)

    monkeypatch.setattr(backfill, "read_note", breaking)
    with clinic_scope(ward.paul.clinic_id):
        run = _run_to_its_end(_start(ward))
        assert (run.state, run.done, run.failed) == ("done", 7, 1)
        notes[1].refresh_from_db()
        assert notes[1].reading == "failed"
    assert "ValueError" in caplog.text and "left knee" not in caplog.text


def test_discarded_notes_and_other_clinics_are_left_alone(
    ward: Ward, notes: list[VisitNote], readings: Counter[int]
) -> None:
    south = make_note(ward.sid, by=ward.people.sam, text="Pain 9/10.")
    with clinic_scope(ward.paul.clinic_id):
        discard_draft(notes[0], by=ward.people.nora)
        run = _run_to_its_end(_start(ward))
        assert (run.total, run.done) == (6, 6)
    assert south.pk not in readings and notes[0].pk not in readings


def test_what_clinicians_kept_stays_and_signed_findings_do_not_change(ward: Ward) -> None:
    note = make_note(ward.paul, by=ward.people.nora, text="Left knee flexion 0 to 95 degrees. Pain 4/10.")
    with clinic_scope(ward.paul.clinic_id):
        read_note(note.pk)
        NoteFact.objects.filter(note=note, label="PAIN_LEVEL").update(
            state="removed", decided_by=ward.people.nora, origin="clinician"
        )
        note.refresh_from_db()
        signed = sign_note(note, by=ward.people.nora)
        kept = sorted(NoteFact.objects.filter(note=signed).values_list("start", "label", "state"))
        findings = sorted(Finding.objects.filter(note=signed).values_list("pk", "kind", "low", "high"))
        VisitNote.objects.filter(pk=note.pk).update(read_by="an older reader")
        _run_to_its_end(_start(ward))
        assert sorted(NoteFact.objects.filter(note=signed).values_list("start", "label", "state")) == kept
        assert (
            sorted(Finding.objects.filter(note=signed).values_list("pk", "kind", "low", "high")) == findings
        )
        assert any(state == "confirmed" for _, _, state in kept)


def test_a_run_that_stands_still_is_queued_again(
    ward: Ward,
    notes: list[VisitNote],
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Any,
) -> None:
    sent: list[dict[str, Any]] = []
    monkeypatch.setattr(
        "notes.services.queueing.current_app.send_task",
        lambda name, **said: sent.append({"name": name, **said["kwargs"]}),
    )
    with clinic_scope(ward.paul.clinic_id), django_capture_on_commit_callbacks(execute=True):
        run = _start(ward)
        assert backfill.queue_runs_left() == 0
        ReadingRun.objects.update(updated_at=timezone.now() - timedelta(minutes=3))
        assert backfill.queue_runs_left() == 1
        assert backfill.queue_runs_left() == 0
    wanted = {"name": "notes.read_batch", "clinic_id": ward.paul.clinic_id, "run_id": run.pk}
    assert [one for one in sent if one["name"] == "notes.read_batch"] == [wanted, wanted]


def test_the_command_reads_here_and_tells_how_far_it_is(ward: Ward, notes: list[VisitNote]) -> None:
    out = io.StringIO()
    call_command("read_notes", clinic="north", here=True, stdout=out)
    assert out.getvalue().splitlines()[-1] == "north: 7 of 7 notes (Done)"
    with pytest.raises(CommandError, match="over"):
        call_command("read_notes", clinic="north", here=True, resume=True)
    with pytest.raises(CommandError, match="no run to go on with"):
        call_command("read_notes", clinic="south", here=True, resume=True)


def test_the_admin_starts_stops_and_resumes_and_nobody_else(
    ward: Ward, notes: list[VisitNote], signed_in: Any
) -> None:
    page = reverse("notes:reading_runs", args=["north"])
    ada = signed_in(ward.people.ada)
    for name, expected in (("nora", 403), ("ash", 403), ("paul", 403), ("sam", 404)):
        browser = signed_in(getattr(ward.people, name))
        assert [browser.get(page).status_code, browser.post(page).status_code] == [expected] * 2, name
    assert "No run yet" in ada.get(page).content.decode()
    assert ada.post(page).status_code == 302
    with clinic_scope(ward.paul.clinic_id):
        run = ReadingRun.objects.get()
    stop = reverse("notes:stop_reading", args=["north", run.ref])
    resume = reverse("notes:resume_reading", args=["north", run.ref])
    assert signed_in(ward.people.nora).post(stop).status_code == 403
    assert "0 of 7 notes" in ada.get(page).content.decode()
    assert [ada.post(stop).status_code, ada.post(stop).status_code] == [302, 409]
    assert ada.post(resume).status_code == 302
    with clinic_scope(ward.paul.clinic_id):
        assert ReadingRun.objects.get().state == "running"
        purposes = AuditEvent.objects.filter(object_type="notes.ReadingRun").values_list("purpose", flat=True)
        assert list(purposes.order_by("pk")) == ["start", "stop", "resume"]


def test_the_page_costs_the_same_with_one_run_and_three(
    ward: Ward, signed_in: Any, django_assert_max_num_queries: Any
) -> None:
    page = reverse("notes:reading_runs", args=["north"])
    ada = signed_in(ward.people.ada)
    ada.get(page)  # what a browser's first page costs is not the list's
    counts = []
    for _ in range(3):
        with clinic_scope(ward.paul.clinic_id):
            _run_to_its_end(_start(ward))
        with django_assert_max_num_queries(60) as captured:
            ada.get(page)
        counts.append(len(captured))
    assert counts[0] == counts[2]
