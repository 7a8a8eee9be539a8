"""A recording's file: what is written comes back, and nothing else is believed."""

import sys
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
from django.core.files.base import ContentFile

from sessions import motion_files
from sessions.motion_files import MotionFileCorrupt, motion_storage
from sessions.motion_trend.types import Placement, Repair
from tests.factories.movement import MORNING, make_signal


@pytest.fixture(autouse=True)
def disk(settings, tmp_path: Path) -> Path:
    """Files on disk, as a clinic without a bucket has them."""
    settings.MEDIA_ROOT = tmp_path
    settings.STORAGES = {
        **settings.STORAGES,
        "motion": {"BACKEND": "clinic.private_storage.PrivateFolder", "OPTIONS": {"folder": "motion"}},
    }
    return tmp_path / "motion"


def damage(disk: Path, key: str, change) -> None:
    path = disk / key
    path.write_bytes(change(path.read_bytes()))


def test_what_is_written_comes_back():
    signal = make_signal(20)
    stored = motion_files.write_pieces("1/a.parquet", [signal])
    back = motion_files.read_signal("1/a.parquet", sha256=stored.sha256)
    assert np.array_equal(back.t_s, signal.t_s)
    assert np.array_equal(back.acceleration_m_s2, signal.acceleration_m_s2)
    assert np.array_equal(back.angular_velocity_rad_s, signal.angular_velocity_rad_s)
    assert (back.sampling_rate_hz, back.placement, back.started_at) == (50.0, Placement.LOWER_BACK, MORNING)
    assert (stored.sample_count, stored.first_s, stored.last_s) == (1000, 0.0, 19.98)


def test_a_window_reads_only_its_row_groups():
    pieces = [make_signal(60, seed=number) for number in range(5)]
    moved = [
        type(piece)(
            piece.t_s + 60 * number, piece.acceleration_m_s2, None, 50.0, piece.placement, MORNING, "x"
        )
        for number, piece in enumerate(pieces)
    ]
    motion_files.write_pieces("1/a.parquet", moved)
    window = motion_files.read_signal("1/a.parquet", start_s=119.0, end_s=121.0)
    assert window.t_s[0] == 119.0
    assert window.t_s[-1] == 121.0
    assert window.angular_velocity_rad_s is None
    assert len(list(motion_files.iter_pieces("1/a.parquet", start_s=119.0, end_s=121.0))) == 2
    assert motion_files.read_signals("1/a.parquet", start_s=900.0) == []


def test_two_sensors_stand_on_one_clock():
    left = make_signal(10, source="left", placement=Placement.LEFT_FOOT)
    right = make_signal(
        10, source="right", placement=Placement.RIGHT_FOOT, started_at=MORNING + timedelta(seconds=2)
    )
    stored = motion_files.write_pieces("1/a.parquet", [left, right])
    found = motion_files.read_signals("1/a.parquet")
    assert [signal.placement for signal in found] == [Placement.LEFT_FOOT, Placement.RIGHT_FOOT]
    assert found[1].t_s[0] == 2.0
    assert [track.sample_count for track in stored.tracks] == [500, 500]


def test_repairs_are_kept_with_the_sensor():
    signal = make_signal(5)
    told = Repair("gap", "A gap.", 3.0)
    motion_files.write_pieces("1/a.parquet", [type(signal)(
        signal.t_s, signal.acceleration_m_s2, None, 50.0, signal.placement, None, "x", (told,)
    )])  # fmt: skip
    assert motion_files.read_signal("1/a.parquet").repairs == (told,)


def test_nothing_to_write_leaves_nothing(disk: Path):
    with pytest.raises(ValueError, match="no samples"):
        motion_files.write_pieces("1/a.parquet", [])
    assert not (disk / "1").exists()


def test_a_key_is_written_once():
    motion_files.write_pieces("1/a.parquet", [make_signal(5)])
    with pytest.raises(ValueError, match="taken"):
        motion_files.write_pieces("1/a.parquet", [make_signal(5)])
    assert len(motion_storage().listdir("1")[1]) == 1


def test_a_truncated_file_is_not_read(disk: Path):
    motion_files.write_pieces("1/a.parquet", [make_signal(30)])
    damage(disk, "1/a.parquet", lambda raw: raw[: len(raw) // 2])
    with pytest.raises(MotionFileCorrupt) as told:
        motion_files.read_signals("1/a.parquet")
    assert told.value.code == "not_readable"


def test_another_checksum_is_not_believed(disk: Path):
    stored = motion_files.write_pieces("1/a.parquet", [make_signal(30)])
    damage(disk, "1/a.parquet", lambda raw: raw + b"x")
    with pytest.raises(MotionFileCorrupt) as told:
        motion_files.read_signals("1/a.parquet", sha256=stored.sha256)
    assert told.value.code == "wrong_checksum"


def test_a_flipped_bit_is_noticed_in_a_window_too(disk: Path):
    motion_files.write_pieces("1/a.parquet", [make_signal(30)])

    def flip(raw: bytes) -> bytes:
        middle = len(raw) // 2
        return raw[:middle] + bytes([raw[middle] ^ 0x10]) + raw[middle + 1 :]

    damage(disk, "1/a.parquet", flip)
    with pytest.raises(MotionFileCorrupt):
        motion_files.read_signals("1/a.parquet", start_s=0.0, end_s=30.0)


def test_a_storage_that_loses_bytes_is_found_out_at_once(monkeypatch: pytest.MonkeyPatch):
    storage = motion_storage()
    save = storage.save
    monkeypatch.setattr(
        storage, "save", lambda name, content: save(name, ContentFile(content.read()[:-7], name=name))
    )
    with pytest.raises(MotionFileCorrupt):
        motion_files.write_pieces("1/a.parquet", [make_signal(5)])


def test_a_missing_file_says_so():
    with pytest.raises(MotionFileCorrupt) as told:
        motion_files.read_signals("1/nothing.parquet")
    assert told.value.code == "missing"
    motion_files.delete_file("1/nothing.parquet")


def test_files_are_private(disk: Path):
    motion_files.write_pieces("1/a.parquet", [make_signal(5)])
    assert (disk / "1/a.parquet").stat().st_mode & 0o777 == 0o600
    assert (disk / "1").stat().st_mode & 0o777 == 0o700
    with pytest.raises(ValueError, match="no address"):
        motion_storage().url("1/a.parquet")


def test_a_key_cannot_leave_the_folder():
    from django.core.exceptions import SuspiciousFileOperation

    with pytest.raises(SuspiciousFileOperation):
        motion_files.write_pieces("../a.parquet", [make_signal(5)])


def test_the_module_is_light():
    import subprocess

    code = (
        "import sys; sys.path.insert(0, '.');"
        "import os; os.environ['DJANGO_SETTINGS_MODULE'] = 'clinic.config.settings.test';"
        "import django; django.setup();"
        "import sessions.urls, sessions.tasks, clinic.config.asgi;"
        "heavy = {'pyarrow', 'pandas', 'numba', 'mobgap', 'ezc3d', 'ruptures', 'scipy'};"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip().splitlines()[-1] == "[]"
