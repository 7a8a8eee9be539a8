"""What a worker makes of files: a recording, a question about columns, or words with file, line and cure."""

import io
import zipfile

import numpy as np
import pytest
from django.db import OperationalError

from clinic.models import AuditEvent
from clinic.tenancy.scope import clinic_scope
from sessions import motion_files
from sessions.models import ColumnMapping, MovementMeasure, Recording
from tests.motion_trend.lab.write_c3d import write as write_c3d
from tests.motion_trend.reading.made import grid, health, metawear, motion, record
from tests.sessions.movement_upload.conftest import (
    accelerometer,
    files_left,
    newest,
    read_by_worker,
    sent_file,
)
from tests.sessions.movement_upload.test_sending import form, page_of

STRANGE = "Probe;Kanal A;Kanal B;Kanal C\n"


def strange_table(seconds: float = 20) -> str:
    """Columns that say nothing, semicolons, decimal commas, milliseconds."""
    t_s = grid(seconds, rate_hz=50)
    rows = [
        f"{1000 * t:.0f};{x:.4f};{y:.4f};{z:.4f}".replace(".", ",")
        for t, (x, y, z) in zip(t_s, motion(t_s)[0], strict=True)
    ]
    return STRANGE + "\n".join(rows) + "\n"


def columns(**more):
    return {
        "time": "Probe", "time_unit": "ms", "acceleration_x": "Kanal A", "acceleration_y": "Kanal B",
        "acceleration_z": "Kanal C", "acceleration_unit": "", "angular_velocity_unit": "", "decimal": ",",
        **more,
    }  # fmt: skip


def send(floor, signed_in, *files, **more):
    signed_in(floor.people.nora).post(page_of(floor), form(files=list(files), **more))
    return read_by_worker(floor)


def test_files_become_a_recording_and_are_deleted(floor, signed_in, private_folder, unsent):
    upload = send(floor, signed_in, sent_file(accelerometer()))
    assert (upload.job.state, upload.file_deleted_at is not None) == ("done", True)
    assert files_left(private_folder) == []
    recording = upload.recording
    assert (recording.source, recording.modality, recording.placement) == ("upload", "imu", "lower_back")
    assert (recording.sample_count, recording.sampling_rate_hz) == (1500, 50.0)
    assert recording.title == "MetaMotion file"
    page = signed_in(floor.people.nora).get(f"/c/north/movement/uploads/{upload.job.ref}/").content.decode()
    assert f"/c/north/recordings/{recording.ref}/" in page


def test_a_second_run_of_the_task_changes_nothing(floor, signed_in, unsent):
    upload = send(floor, signed_in, sent_file(accelerometer()))
    read_by_worker(floor)
    with clinic_scope(floor.paul.clinic_id):
        assert list(Recording.objects.values_list("ref", flat=True)) == [upload.recording.ref]


def test_what_cannot_be_read_is_told_with_file_line_and_cure(floor, signed_in, private_folder, unsent):
    broken = "epoch (ms),time (-13:00),elapsed (s),x-axis (g),y-axis (g),z-axis (g)\n1,a,0.0,1,2,?\n"
    upload = send(floor, signed_in, sent_file(broken))
    assert (upload.job.state, upload.recording) == ("failed", None)
    page = signed_in(floor.people.nora).get(f"/c/north/movement/uploads/{upload.job.ref}/").content.decode()
    assert "MetaWear_Accelerometer_50.000Hz_1.7.3.csv, line 2" in page
    assert "Export the file again" in page
    assert files_left(private_folder) == []
    with clinic_scope(floor.paul.clinic_id):
        assert Recording.objects.count() == 0


def test_repairs_are_told_on_the_page(floor, signed_in, unsent):
    t_s = grid(30, rate_hz=50)
    kept = (t_s < 10) | (t_s > 14)
    upload = send(floor, signed_in, sent_file(metawear(t_s[kept], motion(t_s)[0][kept], "g")))
    page = signed_in(floor.people.nora).get(f"/c/north/movement/uploads/{upload.job.ref}/").content.decode()
    assert "Gaps in the recording: 1" in page
    assert "was called g, but is m/s²" in page


def test_a_health_export_in_a_zip_becomes_days(floor, signed_in, unsent):
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        content = record("WalkingSpeed", "3.6", "2024-03-05 09:11:00 +0100", unit="km/hr")
        archive.writestr("apple_health_export/Exportieren.xml", health(content))
    upload = send(floor, signed_in, sent_file(held.getvalue(), name="Export.zip"))
    assert upload.job.state == "done", upload.problem
    with clinic_scope(floor.paul.clinic_id):
        measure = MovementMeasure.objects.get()
    assert (measure.code, measure.value, measure.origin) == ("walking_speed_m_s", 1.0, "health")


def test_an_unknown_table_waits_for_its_columns(floor, signed_in, private_folder, unsent):
    upload = send(floor, signed_in, sent_file(strange_table(), name="strange.csv"))
    assert (upload.job.state, upload.needs_columns) == ("waiting", True)
    assert len(files_left(private_folder)) == 1
    browser = signed_in(floor.people.nora)
    page = browser.get(f"/c/north/movement/uploads/{upload.job.ref}/columns/").content.decode()
    assert "Kanal B" in page
    assert "separated by semicolons" in page
    assert page.count(" selected>Kanal") == 3
    assert '<option value="Probe" selected>' in page


def test_columns_are_remembered_once_they_worked(floor, signed_in, private_folder, unsent):
    upload = send(floor, signed_in, sent_file(strange_table(), name="strange.csv"))
    browser = signed_in(floor.people.nora)
    address = f"/c/north/movement/uploads/{upload.job.ref}/columns/"
    assert browser.post(address, columns()).status_code == 302
    with clinic_scope(floor.paul.clinic_id):
        assert ColumnMapping.objects.count() == 0
    read = read_by_worker(floor)
    assert (read.job.state, read.recording.sample_count) == ("done", 1000)
    with clinic_scope(floor.paul.clinic_id):
        assert ColumnMapping.objects.get().name == "Probe, Kanal A, Kanal B, Kanal C"
    another = send(floor, signed_in, sent_file(strange_table(30), name="next.csv"))
    assert (another.job.state, another.recording.sample_count) == ("done", 1500)


def test_wrong_columns_are_asked_again_and_nothing_is_lost(floor, signed_in, private_folder, unsent):
    upload = send(floor, signed_in, sent_file(strange_table(), name="strange.csv"))
    browser = signed_in(floor.people.nora)
    address = f"/c/north/movement/uploads/{upload.job.ref}/columns/"
    browser.post(address, columns(time_unit="us"))
    again = read_by_worker(floor)
    assert (again.needs_columns, len(files_left(private_folder))) == (True, 1)
    page = browser.get(address).content.decode()
    assert "samples a second" in page
    browser.post(address, columns())
    assert read_by_worker(floor).job.state == "done"


def test_a_patients_columns_hold_for_their_own_file_only(floor, signed_in, unsent):
    browser = signed_in(floor.people.paul)
    browser.post("/c/north/movement/upload/", form(files=[sent_file(strange_table(), name="strange.csv")]))
    upload = read_by_worker(floor)
    browser.post(f"/c/north/movement/uploads/{upload.job.ref}/columns/", columns())
    assert read_by_worker(floor).job.state == "done"
    with clinic_scope(floor.paul.clinic_id):
        assert ColumnMapping.objects.count() == 0


def test_columns_that_contradict_each_other_are_refused(floor, signed_in, unsent):
    upload = send(floor, signed_in, sent_file(strange_table(), name="strange.csv"))
    browser = signed_in(floor.people.nora)
    address = f"/c/north/movement/uploads/{upload.job.ref}/columns/"
    answer = browser.post(address, columns(acceleration_y="Kanal A"))
    assert (answer.status_code, b"chosen twice" in answer.content) == (400, True)
    assert browser.post(address, columns(time="")).status_code == 400
    assert browser.post(address, columns(acceleration_x="Somebody's own")).status_code == 400


def test_columns_are_no_business_of_strangers(floor, signed_in, unsent):
    upload = send(floor, signed_in, sent_file(strange_table(), name="strange.csv"))
    address = f"/c/north/movement/uploads/{upload.job.ref}/columns/"
    assert signed_in(floor.people.sam).post(address, columns()).status_code == 404
    assert signed_in(floor.people.ada).post(address, columns()).status_code == 403
    assert newest(floor).needs_columns


def test_noise_is_refused_in_words(floor, signed_in, unsent):
    t_s = grid(30, rate_hz=50)
    noise = np.random.default_rng(1).normal(0, 0.01, (len(t_s), 3))
    upload = send(floor, signed_in, sent_file(metawear(t_s, noise, "g")))
    assert (upload.job.state, upload.problem["words"]) == (
        "failed",
        "Gravity is missing from the acceleration: at rest it is near zero.",
    )


def test_a_laboratory_file_becomes_a_recording(floor, signed_in, tmp_path, unsent):
    path = write_c3d(tmp_path / "lab.c3d", loads_n=(np.full(12_000, 420.0), np.full(12_000, 300.0)))
    upload = send(floor, signed_in, sent_file(path.read_bytes(), name="gait lab.c3d"))
    assert (upload.job.state, upload.recording.modality) == ("done", "lab"), upload.problem
    assert upload.recording.title == "Laboratory file"


def test_a_laboratory_file_cut_short_is_told_and_leaves_nothing(
    floor, signed_in, tmp_path, private_folder, unsent
):
    path = write_c3d(tmp_path / "lab.c3d", loads_n=(np.full(12_000, 420.0),))
    held = path.read_bytes()
    path.unlink()
    upload = send(floor, signed_in, sent_file(held[: len(held) // 2], name="gait lab.c3d"))
    assert (upload.job.state, upload.problem["file"]) == ("failed", "gait lab.c3d")
    assert upload.problem["cure"]
    assert [one for one in private_folder.rglob("*") if one.is_file()] == []


def test_whatever_goes_wrong_its_sender_hears_of_it_and_nothing_is_left(
    floor, signed_in, unsent, private_folder, monkeypatch
):
    signed_in(floor.people.nora).post(page_of(floor), form(files=[sent_file(accelerometer())]))
    with monkeypatch.context() as broken:
        broken.setattr("sessions.services.movement.upload_import.open_reading", _fail(OperationalError()))
        with pytest.raises(OperationalError):
            read_by_worker(floor)
    assert newest(floor).job.state == "running"
    with monkeypatch.context() as broken:
        broken.setattr("sessions.services.movement.upload_import.open_reading", _fail(MemoryError()))
        with pytest.raises(MemoryError):
            read_by_worker(floor)
    upload = newest(floor)
    assert (upload.job.state, upload.file_deleted_at is not None) == ("failed", True)
    assert "too much memory" in upload.job.message
    assert files_left(private_folder) == []


def _fail(error):
    def failing(*args, **options):
        raise error

    return failing


def test_null_characters_of_a_header_reach_no_database(floor, signed_in, unsent):
    table = strange_table().replace("Kanal A", "Kanal\x00 A").encode("utf-16")
    upload = send(floor, signed_in, sent_file(table, name="probe.csv"))
    assert upload.needs_columns
    assert upload.head["columns"][1] == "Kanal A"


def test_times_that_have_not_come_are_refused(floor, signed_in, unsent):
    t_s = grid(30, rate_hz=50)
    late = metawear(t_s, motion(t_s)[0] / 9.80665, "g", start_s=4_000_000_000.0)
    upload = send(floor, signed_in, sent_file(late))
    assert upload.job.state == "failed"
    assert "future" in upload.job.message
    with clinic_scope(floor.paul.clinic_id):
        assert Recording.objects.count() == 0


def test_a_sensor_is_not_called_by_a_persons_file(floor, signed_in, unsent):
    upload = send(floor, signed_in, sent_file(accelerometer(), name="Paula_Patient_Accelerometer.csv"))
    recording = upload.recording
    assert [one["name"] for one in recording.quality["sensors"]] == ["Sensor 1"]
    assert b"Paula" not in motion_files.motion_storage().open(recording.file_key).read()


def test_times_that_no_sensor_keeps_are_refused(floor, signed_in, unsent):
    t_s = grid(30, rate_hz=50)
    rows = "time_s,ax,ay,az\n" + "\n".join(
        f"{1e-6 * n:.7f},{x:.4f},{y:.4f},{z:.4f}" for n, (x, y, z) in enumerate(motion(t_s)[0])
    )
    upload = send(floor, signed_in, sent_file(rows, name="fast.csv"))
    assert upload.recording is None
    with clinic_scope(floor.paul.clinic_id):
        assert Recording.objects.count() == 0


def test_whoever_looks_at_a_files_rows_is_in_the_audit_trail(floor, signed_in, unsent):
    upload = send(floor, signed_in, sent_file(strange_table(), name="probe.csv"))
    signed_in(floor.people.nora).get(f"/c/north/movement/uploads/{upload.job.ref}/columns/")
    with clinic_scope(floor.paul.clinic_id):
        (seen,) = AuditEvent.objects.filter(action="view", object_ref=upload.ref)
    assert (seen.purpose, seen.patients) == ("columns", [floor.paul.pk])
