"""From files that were read to recordings, and away again."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from clinic.audit.models import AuditEvent
from patients.models import TimelineEntry
from sessions import motion_files, services
from sessions.errors import ReasonMissing, RecordingNotReady
from sessions.models import DeviceBatch, Job, MovementDay, MovementMeasure, Recording, WalkingBout
from sessions.motion_files import motion_storage
from sessions.motion_trend.reading import DailyValue, ReadingError
from sessions.motion_trend.types import Placement, Repair, SensorSignal
from sessions.services.movement.health import settle_health_days
from tests.factories.movement import (
    MORNING,
    fill,
    make_analysed_recording,
    make_open_recording,
    make_signal,
    make_waiting_recording,
)


@dataclass
class FalseReading:
    """Files that were recognised, as a test has them."""

    kind: str = "imu"
    sent: tuple[SensorSignal, ...] = ()
    days: tuple[DailyValue, ...] = ()
    path: str = ""
    breaks_off: bool = False
    repairs: tuple[Repair, ...] = (Repair("units", "The file is in g."),)

    @property
    def signals(self) -> tuple[SensorSignal, ...]:
        return self.sent

    def pieces(self) -> Iterator[SensorSignal]:
        yield from self.sent
        if self.breaks_off:
            raise ReadingError("walk.csv", 12, "Row 12 has no time.", "Export it again.")

    def daily_values(self) -> Iterator[DailyValue]:
        yield from self.days

    def lab_path(self) -> str:
        return self.path


def steps(day: int, value: float) -> DailyValue:
    return DailyValue(date(2026, 11, day), "step_count", value, "steps", 1, "iPhone")


def test_pieces_of_two_sensors_become_one_recording(north, reviewed):
    left = make_signal(30, source="left", placement=Placement.LEFT_FOOT)
    right = make_signal(
        30, source="right", placement=Placement.RIGHT_FOOT, started_at=MORNING + timedelta(seconds=1)
    )
    recording = services.import_reading(
        north.paul, FalseReading(sent=(left, right)), by=north.people.nora, note="new shoes"
    )
    assert (recording.state, recording.source, recording.modality) == ("analysed", "upload", "imu")
    assert recording.started_at == MORNING
    assert [sensor["placement"] for sensor in recording.quality["sensors"]] == ["left_foot", "right_foot"]
    assert [repair["code"] for repair in recording.quality["repairs"]] == ["units"]
    assert len(motion_files.read_signals(recording.file_key)) == 2
    assert WalkingBout.objects.get().placement == "left_foot"
    assert TimelineEntry.objects.get(kind="movement").by == north.people.nora
    assert reviewed == [north.paul]


def test_a_file_without_a_clock_says_so(north, reviewed):
    undated = replace(make_signal(30), started_at=None)
    recording = services.import_reading(north.paul, FalseReading(sent=(undated,)), by=None)
    assert [repair["code"] for repair in recording.quality["repairs"]] == ["units", "no_clock"]


def test_a_file_that_breaks_off_before_anything_leaves_no_recording(north):
    with pytest.raises(ReadingError):
        services.import_reading(north.paul, FalseReading(sent=(make_signal(5),), breaks_off=True), by=None)
    with pytest.raises(ReadingError):
        services.import_reading(north.paul, FalseReading(), by=None)
    assert not Recording.objects.exists()


def test_the_job_hears_about_it_but_is_not_ended(north):
    job = Job.objects.create(kind="motion", patient=north.paul)
    services.import_reading(north.paul, FalseReading(sent=(make_signal(30),)), by=None, job=job)
    job.refresh_from_db()
    assert (job.state, job.progress) == ("running", 0.92)


def test_a_health_export_gives_days(north, reviewed):
    reading = FalseReading(kind="health", days=(steps(1, 4000), steps(2, 5000)))
    recording = services.import_reading(north.paul, reading, by=north.paul.membership)
    assert (recording.state, recording.sample_count) == ("analysed", 2)
    found = MovementMeasure.objects.filter(origin="health").values_list("day", "value", "recording")
    assert list(found) == [
        (date(2026, 11, 1), 4000.0, recording.pk),
        (date(2026, 11, 2), 5000.0, recording.pk),
    ]
    assert TimelineEntry.objects.get(kind="movement").summary == "2 days of walking data."
    assert reviewed == [north.paul]


def test_the_newest_export_speaks_and_when_it_goes_the_older_does(north):
    services.import_reading(north.paul, FalseReading(kind="health", days=(steps(1, 4000),)), by=None)
    wrong = services.import_reading(
        north.paul, FalseReading(kind="health", days=(steps(1, 9), steps(2, 9))), by=None
    )
    values = MovementMeasure.objects.filter(code="step_count").values_list("value", flat=True)
    assert list(values) == [9.0, 9.0]
    services.delete_recording(wrong, by=north.people.nora, reason="Of somebody else.")
    assert list(values.all()) == [4000.0]
    settle_health_days(north.paul)
    assert list(values.all()) == [4000.0]


def test_an_export_without_walking_is_refused(north):
    unknown = DailyValue(date(2026, 11, 1), "heart_rate", 60.0, "1/min", 1, "Watch")
    with pytest.raises(ReadingError):
        services.import_reading(north.paul, FalseReading(kind="health", days=(unknown,)), by=None)
    assert not Recording.objects.exists()


def test_a_lab_file_is_kept_as_it_is(north, tmp_path: Path, monkeypatch):
    path = tmp_path / "squat.c3d"
    path.write_bytes(b"laboratory")
    monkeypatch.setattr(
        "sessions.services.movement.analysis.find",
        lambda recording: pytest.fail("not asked") if not recording.file_key else _lab_findings(),
    )
    recording = services.import_reading(north.paul, FalseReading(kind="lab", path=str(path)), by=None)
    assert recording.activity == "lab"
    assert recording.result["kind"] == "lab"
    with motion_storage().open(recording.file_key) as stored:
        assert stored.read() == b"laboratory"


def _lab_findings():
    from sessions.services.movement.findings import Findings

    return Findings(result={"kind": "lab"})


def test_deleting_a_wrong_recording(north, django_capture_on_commit_callbacks):
    kept = make_analysed_recording(north.paul)
    wrong = make_analysed_recording(north.paul, started_at=MORNING + timedelta(hours=2))
    key = wrong.file_key
    assert MovementDay.objects.get().step_count == 80
    with django_capture_on_commit_callbacks(execute=True):
        services.delete_recording(wrong, by=north.people.nora, reason="The wrong patient's phone.")
    assert list(Recording.objects.values_list("pk", flat=True)) == [kept.pk]
    assert MovementDay.objects.get().step_count == 40
    assert not motion_storage().exists(key)
    assert motion_storage().exists(kept.file_key)
    line = TimelineEntry.objects.filter(kind="movement", object_ref=None).get()
    assert (line.summary, line.by) == ("The wrong patient's phone.", north.people.nora)
    assert not TimelineEntry.objects.filter(object_ref=wrong.ref).exists()
    event = AuditEvent.objects.get(action="delete", object_ref=wrong.ref)
    assert "wrong patient" not in str(event.detail)


def test_deleting_the_last_recording_of_a_day_takes_the_day(north):
    services.delete_recording(make_analysed_recording(north.paul), by=north.people.nora, reason="Wrong.")
    assert not MovementDay.objects.exists()
    assert not MovementMeasure.objects.exists()


def test_deleting_needs_a_reason_and_a_finished_recording(north):
    with pytest.raises(ReasonMissing):
        services.delete_recording(make_analysed_recording(north.paul), by=north.people.nora, reason="  ")
    for under_way in (
        fill(make_open_recording(north.paul), make_signal(5)),
        make_waiting_recording(north.paul),
    ):
        with pytest.raises(RecordingNotReady):
            services.delete_recording(under_way, by=north.people.nora, reason="Wrong.")


def test_a_batch_of_a_deleted_recording_is_still_known(north):
    device, _ = services.register_device(
        north.paul, kind="gateway", name="Belt", placement="waist", by=north.people.nora
    )
    recording = make_analysed_recording(north.paul, source="device", device=device)
    batch = DeviceBatch.objects.create(
        device=device,
        key="0190b0c0-0000-7000-8000-000000000001",
        sha256="0" * 64,
        recording=recording,
        first_ms=0,
        last_ms=1,
        sample_count=1,
        received_at=MORNING,
    )
    assert TimelineEntry.objects.get(kind="movement").object_kind == "movement_day"
    services.delete_recording(recording, by=north.people.nora, reason="Worn by another person.")
    batch.refresh_from_db()
    assert batch.recording is None


def test_a_recording_that_another_refers_to_can_be_deleted(north) -> None:
    referred = make_analysed_recording(north.paul)
    other = make_analysed_recording(north.paul)
    Recording.objects.filter(pk=other.pk).update(reference=referred)
    services.delete_recording(referred, by=north.people.nora, reason="Worn by another person.")
    other.refresh_from_db()
    assert other.reference is None
