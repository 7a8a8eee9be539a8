"""The analysis of a recording: once, again, and when something breaks."""

from datetime import timedelta
from io import StringIO
from uuid import uuid4

import numpy as np
import pytest
from django.core.management import call_command
from django.utils import timezone

from clinic.tenancy.scope import clinic_scope
from patients.models import Patient, TimelineEntry
from sessions import motion_files, services
from sessions.errors import RecordingNotReady
from sessions.models import Job, MovementDay, MovementMeasure, Recording, RecordingSegment, WalkingBout
from sessions.motion_files import motion_storage
from sessions.services.movement import analysis, compaction, findings
from sessions.tasks import analyse_recording as task
from sessions.tasks import close_forgotten
from tests.factories.movement import (
    MORNING,
    fill,
    gait_that_finds,
    make_analysed_recording,
    make_bout,
    make_open_recording,
    make_signal,
    make_waiting_recording,
    use_engine,
)


def again(recording: Recording) -> Recording:
    return Recording.objects.select_related("patient__clinic").get(pk=recording.pk)


def broken(*_args, **_said):
    raise ZeroDivisionError("bad science")


def files_of(recording: Recording) -> list[str]:
    folder = f"{recording.clinic_id}/{recording.ref}"
    return motion_storage().listdir(folder)[1] if motion_storage().exists(folder) else []


def test_segments_become_one_file_with_the_same_samples(north):
    signal = make_signal(30)
    recording = make_analysed_recording(north.paul, signal)
    assert recording.state == "analysed"
    assert not RecordingSegment.objects.filter(recording=recording).exists()
    back = motion_files.read_signal(recording.file_key, sha256=recording.file_sha256)
    assert np.allclose(back.t_s, signal.t_s, atol=1e-6)
    assert np.array_equal(back.acceleration_m_s2, signal.acceleration_m_s2)
    assert back.started_at == recording.started_at == MORNING
    assert recording.ended_at == MORNING + timedelta(seconds=29.98)
    assert (recording.sample_count, round(recording.sampling_rate_hz)) == (1500, 50)


def test_bouts_days_measures_and_a_line_in_the_record(north, reviewed):
    recording = make_analysed_recording(north.paul)
    bout = WalkingBout.objects.get(recording=recording)
    assert (bout.start_s, bout.end_s, bout.step_count, bout.walking_speed_m_s) == (5.0, 25.0, 40, 1.0)
    assert bout.started_at == MORNING + timedelta(seconds=5)
    day = MovementDay.objects.get(patient=north.paul)
    assert (day.day.isoformat(), day.bout_count, day.step_count) == ("2026-11-02", 1, 40)
    speed = MovementMeasure.objects.get(patient=north.paul, code="walking_speed_m_s")
    assert (speed.value, speed.low, speed.high, speed.n, speed.origin) == (1.0, 0.9, 1.1, 1, "bouts")
    entry = TimelineEntry.objects.get(kind="movement")
    assert (entry.title, entry.summary) == ("Walk", "1 bout of walking, 40 steps.")
    assert reviewed == [north.paul]
    assert recording.height_m == 1.8
    assert Job.objects.get(object_ref=recording.ref).state == "done"


def test_twice_changes_nothing(north, monkeypatch):
    recording = make_analysed_recording(north.paul)
    before = list(WalkingBout.objects.values_list("pk", flat=True))
    use_engine(monkeypatch, broken)
    with clinic_scope(recording.clinic_id):
        task.apply(kwargs={"clinic_id": recording.clinic_id, "recording_id": recording.pk}, throw=True)
    assert list(WalkingBout.objects.values_list("pk", flat=True)) == before
    assert again(recording).state == "analysed"
    assert TimelineEntry.objects.filter(kind="movement").count() == 1


def test_a_new_height_is_a_new_basis(north):
    recording = make_analysed_recording(north.petra)
    assert WalkingBout.objects.get().walking_speed_m_s is None
    assert recording.height_m is None
    Patient.objects.filter(pk=north.petra.pk).update(height_cm=165)
    services.analyse_recording(recording.pk)
    assert WalkingBout.objects.get().walking_speed_m_s == 1.0
    assert again(recording).height_m == 1.65


def test_a_newer_engine_is_a_new_basis(north, monkeypatch):
    recording = make_analysed_recording(north.paul)
    assert services.queue_outdated() == 0
    monkeypatch.setattr(analysis, "ENGINE_VERSION", "9.9")
    monkeypatch.setattr("sessions.services.movement.findings.ENGINE_VERSION", "9.9")
    use_engine(monkeypatch, gait_that_finds(make_bout(0.0, 10.0), make_bout(12.0, 22.0)))
    out = StringIO()
    call_command("reanalyze_movement", "--clinic", "north", stdout=out)
    assert out.getvalue() == "north: 1 recordings queued\n"
    services.analyse_recording(recording.pk)
    assert WalkingBout.objects.count() == 2
    assert MovementDay.objects.get().bout_count == 2
    assert services.queue_outdated() == 0


def test_what_goes_wrong_is_told_and_nothing_is_lost(north, monkeypatch):
    recording = make_waiting_recording(north.paul)
    with monkeypatch.context() as patched:
        use_engine(patched, broken)
        with pytest.raises(ZeroDivisionError):
            services.analyse_recording(recording.pk)
    failed = again(recording)
    assert failed.state == "failed"
    assert failed.failure == analysis.WENT_WRONG
    assert Job.objects.get(object_ref=recording.ref).message == analysis.WENT_WRONG
    assert motion_files.read_signals(failed.file_key, sha256=failed.file_sha256)
    services.reanalyse_recording(failed)
    services.analyse_recording(recording.pk)
    assert again(recording).state == "analysed"
    assert again(recording).failure == ""


def test_an_earlier_result_survives_a_failure(north, monkeypatch):
    recording = make_analysed_recording(north.paul)
    use_engine(monkeypatch, broken)
    with pytest.raises(ZeroDivisionError):
        services.analyse_recording(recording.pk, force=True)
    assert WalkingBout.objects.count() == 1
    assert again(recording).result["kind"] == "gait"


def test_damaged_segments_are_told_and_kept(north):
    recording = make_waiting_recording(north.paul)
    RecordingSegment.objects.filter(recording=recording, index=1).update(payload=b"nonsense")
    services.analyse_recording(recording.pk)
    assert again(recording).failure == analysis.DAMAGED
    assert RecordingSegment.objects.filter(recording=recording).count() == 3
    assert files_of(recording) == []


def test_a_damaged_file_is_told(north):
    recording = make_analysed_recording(north.paul)
    Recording.objects.filter(pk=recording.pk).update(file_sha256="0" * 64)
    services.analyse_recording(recording.pk, force=True)
    assert again(recording).failure == analysis.DAMAGED


def test_a_crash_before_the_segments_go_loses_nothing(north, monkeypatch):
    recording = make_waiting_recording(north.paul)
    with monkeypatch.context() as patched:
        patched.setattr(compaction, "adopt_file", broken)
        with pytest.raises(ZeroDivisionError):
            services.analyse_recording(recording.pk)
    assert RecordingSegment.objects.filter(recording=recording).count() == 3
    assert len(files_of(recording)) == 1
    services.analyse_recording(recording.pk)
    found = again(recording)
    assert found.state == "analysed"
    assert files_of(recording) == [found.file_key.rsplit("/", 1)[1]]


def test_two_workers_store_one_result(north, monkeypatch):
    recording = make_waiting_recording(north.paul)
    finds = gait_that_finds(make_bout(5.0, 25.0))

    def while_another_begins(signals, *, height_m, placement):
        Recording.objects.filter(pk=recording.pk).update(connection=uuid4())
        return finds(signals, height_m=height_m, placement=placement)

    use_engine(monkeypatch, while_another_begins)
    services.analyse_recording(recording.pk)
    assert not WalkingBout.objects.exists()
    assert again(recording).state == "analysing"
    use_engine(monkeypatch, finds)
    services.analyse_recording(recording.pk)
    assert WalkingBout.objects.count() == 1


def test_a_worker_that_dies_each_time_is_not_called_for_ever(north, monkeypatch):
    recording = make_waiting_recording(north.paul)
    Recording.objects.filter(pk=recording.pk).update(quality={"tries": analysis.MOST_TRIES})
    use_engine(monkeypatch, broken)
    services.analyse_recording(recording.pk)
    assert again(recording).failure == analysis.BROKE_OFF


def test_half_a_recording_is_analysed(north):
    recording = make_open_recording(north.paul)
    fill(recording, make_signal(30))
    RecordingSegment.objects.filter(recording=recording, index=1).delete()
    services.finish_recording(recording)
    services.analyse_recording(recording.pk)
    found = again(recording)
    assert found.state == "analysed"
    assert found.sample_count == 1000
    assert [repair["code"] for repair in found.quality["repairs"]] == ["gap"]


def test_late_and_repeated_segments_are_put_in_order(north):
    recording = make_open_recording(north.paul)
    frames = make_signal(30)
    fill(recording, frames)
    segments = list(RecordingSegment.objects.filter(recording=recording).order_by("index"))
    RecordingSegment.objects.filter(pk=segments[0].pk).update(index=90)
    RecordingSegment.objects.filter(pk=segments[1].pk).update(clock_offset_ms=-5_000.0)
    services.finish_recording(recording)
    services.analyse_recording(recording.pk)
    back = motion_files.read_signal(again(recording).file_key)
    assert (np.diff(back.t_s) > 0).all()
    assert back.t_s[0] == 0.0


def test_a_phone_with_a_wrong_clock_is_dated_by_the_server(north):
    header = {"kind": "imu", "epoch_ms": 0.0, "monotonic_ms": 0.0, "has_gyroscope": True}
    recording = make_analysed_recording(north.paul, header=header)
    assert abs((recording.started_at - recording.created_at).total_seconds()) < 1
    assert [repair["code"] for repair in recording.quality["repairs"]] == ["clock_offset"]


def test_a_phone_with_a_right_clock_is_believed(north):
    begun = timezone.now() - timedelta(seconds=40)
    header = {"kind": "imu", "epoch_ms": begun.timestamp() * 1000 + 700, "monotonic_ms": 700.0}
    recording = make_analysed_recording(north.paul, header=header)
    assert abs((recording.started_at - begun).total_seconds()) < 0.01


def test_a_sensor_without_a_gyroscope(north):
    recording = make_analysed_recording(north.paul, make_signal(20, has_gyroscope=False))
    assert motion_files.read_signal(recording.file_key).angular_velocity_rad_s is None


def test_a_deleted_recording_is_no_error(north):
    assert services.analyse_recording(987_654) is None


def test_an_open_recording_is_left_alone(north):
    recording = fill(make_open_recording(north.paul), make_signal(10))
    assert services.analyse_recording(recording.pk).state == "open"
    with pytest.raises(RecordingNotReady):
        services.reanalyse_recording(recording)


def test_a_lost_message_is_made_good(north):
    recording = make_waiting_recording(north.paul)
    assert services.analyse_motion_left() == 0
    Recording.objects.filter(pk=recording.pk).update(updated_at=timezone.now() - timedelta(hours=1))
    assert services.analyse_motion_left() == 1
    assert services.analyse_motion_left() == 0
    assert Job.objects.filter(object_ref=recording.ref).count() == 1


def test_a_number_that_is_none_is_stored_as_nothing(north, monkeypatch):
    bout = make_bout(0.0, 10.0, speed=float("nan"), half=float("inf"))
    use_engine(monkeypatch, gait_that_finds(bout))
    recording = make_analysed_recording(north.paul)
    assert recording.state == "analysed"
    assert WalkingBout.objects.get().measures["walking_speed_m_s"]["value"] is None
    assert not MovementMeasure.objects.filter(code="walking_speed_m_s").exists()


def test_a_height_that_is_noted_later_is_used(north):
    recording = make_analysed_recording(north.petra)
    assert services.queue_new_heights() == 0
    Patient.objects.filter(pk=north.petra.pk).update(height_cm=165)
    assert services.queue_new_heights(now=timezone.now() + timedelta(hours=1)) == 0
    assert services.queue_new_heights() == 1
    services.analyse_recording(recording.pk)
    assert WalkingBout.objects.get().walking_speed_m_s == 1.0
    assert services.queue_new_heights() == 0


def test_the_beat_looks_after_recordings_too(north):
    forgotten = fill(make_open_recording(north.paul), make_signal(10))
    Recording.objects.filter(pk=forgotten.pk).update(updated_at=timezone.now() - timedelta(hours=1))
    close_forgotten.apply(kwargs={"clinic_id": north.people.north.pk}, throw=True)
    assert again(forgotten).state == "waiting"


@pytest.mark.parametrize(
    ("limit", "most", "activity"),
    [("LONGEST_TEST_S", 10.0, "tug"), ("MOST_SAMPLES_AT_ONCE", 1000, "tug")],
)
def test_what_does_not_fit_into_memory_is_refused_in_words(north, monkeypatch, limit, most, activity):
    monkeypatch.setattr(findings, limit, most)
    recording = make_waiting_recording(north.paul, make_signal(30), activity=activity)
    failed = services.analyse_recording(recording.pk)
    assert failed.state == "failed"
    assert "too long" in failed.failure
    assert "Send only the minutes" in failed.failure
