"""C3D files written and read back, and files that are not what they say."""

import json
import os
import random
import subprocess
import sys

import numpy as np
import pytest

from sessions.motion_trend.lab import analyse_lab, c3d, read_c3d
from sessions.motion_trend.reading.errors import ReadingError
from tests.motion_trend.lab.write_c3d import PER_FRAME, RATE_HZ, write

N = round(12 * RATE_HZ * PER_FRAME)
T_S = np.arange(N) / (RATE_HZ * PER_FRAME)


def test_what_was_written_is_read_back_in_metres_and_newtons(tmp_path):
    load = 700 + 50 * np.sin(T_S)
    center = np.column_stack([20 * np.sin(T_S), 30 * np.cos(T_S)])
    emg = np.random.default_rng(0).normal(0, 1e-4, N)
    path = write(tmp_path / "a.c3d", loads_n=(load, load / 2), centers_mm=center, channels={"L VL": emg})
    file = read_c3d(path)
    assert list(file.markers_m) == ["LHEE", "RHEE"]
    assert file.markers_m["RHEE"][0] == pytest.approx([0.75, 0.25, 0.04], abs=1e-6)
    assert np.isnan(file.markers_m["LHEE"][:5]).all()
    assert (file.marker_rate_hz, file.seconds) == (100.0, 12.0)
    assert len(file.plates) == 2
    first = file.plates[0]
    assert np.abs(first.force_n[:, 2]) == pytest.approx(load, rel=1e-4)
    middle = first.corners_m.mean(axis=0)
    away = first.center_of_pressure_m[:, :2] - middle[:2]
    assert np.abs(away[:, 0]) == pytest.approx(np.abs(center[:, 0]) / 1000, abs=1e-4)
    assert np.abs(away[:, 1]) == pytest.approx(np.abs(center[:, 1]) / 1000, abs=1e-4)
    (channel,) = file.channels
    assert (channel.label, channel.unit, channel.rate_hz) == ("L VL", "V", 1000.0)
    assert channel.values == pytest.approx(emg, abs=1e-9)


@pytest.mark.parametrize(("unit", "metres"), [("mm", 0.001), ("m", 1.0), ("cm", 0.01)])
def test_length_units_are_brought_to_metres(tmp_path, unit, metres):
    file = read_c3d(write(tmp_path / "a.c3d", seconds=1, unit=unit))
    assert file.markers_m["RHEE"][0, 0] == pytest.approx(750 * metres)


def test_an_unknown_unit_is_told(tmp_path):
    file = read_c3d(write(tmp_path / "a.c3d", seconds=1, unit="ell"))
    assert [flag.code for flag in file.flags] == ["unit_unknown"]


def test_no_name_of_a_person_comes_along(tmp_path):
    path = write(tmp_path / "a.c3d", seconds=12, prefix="Erika Mustermann:", subject="Erika Mustermann")
    assert b"Mustermann" in path.read_bytes()
    file = read_c3d(path)
    assert list(file.markers_m) == ["LHEE", "RHEE"]
    assert "Mustermann" not in repr(file) + json.dumps(analyse_lab(file).to_dict())


@pytest.mark.parametrize("share", [0.01, 0.1, 0.5, 0.9, 0.98])
def test_a_truncated_file_is_refused_with_name_and_cure(tmp_path, share):
    whole = write(tmp_path / "a.c3d", loads_n=(np.full(N, 700.0),)).read_bytes()
    path = tmp_path / "upload.tmp"
    path.write_bytes(whole[: int(len(whole) * share)])
    with pytest.raises(ReadingError) as caught:
        read_c3d(path, name="walk.c3d")
    assert caught.value.file == "walk.c3d"
    assert caught.value.cure
    assert caught.value.words.endswith(".")


@pytest.mark.parametrize(
    "content", [b"", b"hello", b"\x02P" + bytes(510), os.urandom(4096), b"PK\x03\x04" * 500]
)
def test_garbage_is_refused(tmp_path, content):
    path = tmp_path / "a.c3d"
    path.write_bytes(content)
    with pytest.raises(ReadingError):
        read_c3d(path)


def test_bytes_turned_at_random_never_get_past_a_reading_error(tmp_path):
    whole = bytearray(write(tmp_path / "a.c3d", seconds=1, loads_n=(np.full(1000, 700.0),)).read_bytes())
    dice = random.Random(5)
    for _ in range(12):
        broken = bytearray(whole)
        for _ in range(20):
            broken[dice.randrange(0, 3000)] = dice.randrange(256)
        path = tmp_path / "b.c3d"
        path.write_bytes(broken)
        try:
            json.dumps(analyse_lab(read_c3d(path)).to_dict(), allow_nan=False)
        except ReadingError as error:
            assert error.words


def test_a_header_that_promises_too_much_is_refused_before_the_library_sees_it(tmp_path, monkeypatch):
    whole = bytearray(write(tmp_path / "a.c3d", seconds=1).read_bytes())
    whole[2:4] = (900).to_bytes(2, "little")
    whole[4:6] = (19_000).to_bytes(2, "little")
    whole[8:10] = (60_000).to_bytes(2, "little")
    path = tmp_path / "b.c3d"
    path.write_bytes(whole)
    monkeypatch.setattr(c3d, "_run", lambda *args: pytest.fail("the library saw it"))
    with pytest.raises(ReadingError, match="too long"):
        read_c3d(path)


def test_a_crash_or_a_standstill_of_the_library_costs_only_its_own_process(tmp_path, monkeypatch):
    path = write(tmp_path / "a.c3d", seconds=1)
    run = subprocess.run
    monkeypatch.setattr(
        c3d.subprocess,
        "run",
        lambda command, **kw: run([sys.executable, "-c", "import os; os.abort()"], **kw),
    )
    with pytest.raises(ReadingError, match="damaged"):
        read_c3d(path)
    monkeypatch.setattr(
        c3d.subprocess,
        "run",
        lambda command, **kw: run([sys.executable, "-c", "import time; time.sleep(9)"], **kw),
    )
    monkeypatch.setattr(c3d, "LONGEST_S", 0.5)
    with pytest.raises(ReadingError, match="too long to read"):
        read_c3d(path)


def test_importing_the_laboratory_loads_no_ezc3d():
    code = "import sys, sessions.motion_trend.lab; sys.exit('ezc3d' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
