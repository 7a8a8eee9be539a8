"""The command for researchers: JSON, table, CSV, a folder, exit codes; no database."""

import csv
import io
import json

import numpy as np
import pytest
from django.core.management import CommandError, call_command

from sessions.motion_trend.types import GRAVITY_M_S2
from sessions.motion_trend.walker import walk
from tests.motion_trend.lab.write_c3d import PER_FRAME, RATE_HZ, write
from tests.motion_trend.reading.made import health, metawear, record

CADENCE_SPM, STEP_LENGTH_M = 110, 0.6


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A walk in two files, an export, and something else."""
    place = tmp_path_factory.mktemp("study")
    signal, _ = walk(seconds=40, cadence_spm=CADENCE_SPM, step_length_m=STEP_LENGTH_M, height_m=1.7)
    force, turn = signal.acceleration_m_s2 / GRAVITY_M_S2, np.degrees(signal.angular_velocity_rad_s)
    (place / "P1_Accelerometer_100.000Hz_1.7.3.csv").write_text(metawear(signal.t_s, force, "g"))
    (place / "P1_Gyroscope_100.000Hz_1.7.3.csv").write_text(metawear(signal.t_s, turn, "deg/s"))
    speed = record("WalkingSpeed", "3.6", "2024-03-05 09:11:00 +0100", unit="km/hr")
    (place / "export.xml").write_text(health(speed))
    return place


def ran(*arguments):
    out, errors = io.StringIO(), io.StringIO()
    code = 0
    try:
        call_command("analyze_gait", *map(str, arguments), stdout=out, stderr=errors)
    except SystemExit as left:
        code = left.code
    return code, out.getvalue(), errors.getvalue()


def test_one_file_as_json(folder):
    file = folder / "P1_Accelerometer_100.000Hz_1.7.3.csv"
    code, out, _ = ran(file, "--height", "1.70", "--placement", "lower_back", "--json")
    told = json.loads(out)
    assert (code, told["kind"], told["height_m"], len(told["bouts"])) == (0, "imu", 1.7, 1)
    assert told["bouts"][0]["measures"]["cadence_spm"]["value"] == pytest.approx(CADENCE_SPM, rel=0.03)


def test_a_folder_as_a_table_joins_its_parts(folder):
    code, out, _ = ran(folder, "--height", "1.70", "--placement", "lower_back", "--csv")
    rows = list(csv.DictReader(io.StringIO(out)))
    assert (code, {row["recording"] for row in rows}) == (0, {"P1", "export.xml"})
    (speed,) = [row for row in rows if row["code"] == "walking_speed_m_s" and row["recording"] == "P1"]
    assert float(speed["value"]) == pytest.approx(CADENCE_SPM * STEP_LENGTH_M / 60, rel=0.15)
    assert float(speed["low"]) < float(speed["value"]) < float(speed["high"])


def test_a_folder_to_read(folder):
    code, out, _ = ran(folder, "--height", "1.70", "--placement", "lower_back")
    assert (code, "P1" in out, "walking_speed_m_s" in out) == (0, True, True)


def test_without_a_height_no_speed_is_given(folder):
    _, out, _ = ran(folder / "P1_Accelerometer_100.000Hz_1.7.3.csv", "--placement", "lower_back", "--json")
    speed = json.loads(out)["bouts"][0]["measures"]["walking_speed_m_s"]
    assert speed["value"] is None
    assert speed["withheld"]


def test_what_cannot_be_read_is_told_and_the_rest_goes_on(folder, tmp_path):
    (tmp_path / "broken.csv").write_bytes(b"\x00" * 50)
    code, out, errors = ran(folder, tmp_path, "--json")
    told = json.loads(out)
    assert (code, len(told["recordings"]), told["errors"][0]["file"]) == (1, 2, "broken.csv")
    assert "not a table" in errors


def test_an_unknown_table_is_read_with_columns_from_a_file(tmp_path):
    rows = "".join(f"{10 * n},0.1,0.2,9.8\n" for n in range(500))
    (tmp_path / "table.csv").write_text("a,b,c,d\n" + rows)
    code, _, errors = ran(tmp_path / "table.csv", "--json")
    assert (code, "--columns wants JSON" in errors) == (1, True)
    plan = {"time": "a", "time_unit": "ms", "acceleration": ["b", "c", "d"], "acceleration_unit": ""}
    (tmp_path / "plan.json").write_text(json.dumps(plan))
    code, out, _ = ran(tmp_path / "table.csv", "--columns", tmp_path / "plan.json", "--json")
    assert (code, json.loads(out)["signals"][0]["sampling_rate_hz"]) == (0, 100.0)


@pytest.mark.parametrize("arguments", [["/nowhere"], ["--height", "170"], ["--columns", "/nowhere"]])
def test_a_wrong_call_has_its_own_exit_code(arguments, folder):
    paths = [] if arguments == ["/nowhere"] else [str(folder)]
    with pytest.raises(CommandError) as raised:
        call_command("analyze_gait", *paths, *arguments)
    assert raised.value.returncode == 2


def test_a_laboratory_file_gives_its_findings(tmp_path):
    n = round(12 * RATE_HZ * PER_FRAME)
    write(tmp_path / "stand.c3d", loads_n=(np.full(n, 420.0), np.full(n, 300.0)))
    code, out, _ = ran(tmp_path, "--csv")
    rows = {(row["code"], row["place"]): row for row in csv.DictReader(io.StringIO(out))}
    load = rows["limb_mean_n", "left leg (plate 1)"]
    assert (code, load["kind"], load["value"], load["unit"]) == (0, "lab", "420.0", "N")
    code, out, _ = ran(tmp_path)
    assert (code, "mean load" in out, "left leg (plate 1)" in out) == (0, True, True)
    code, out, _ = ran(tmp_path / "stand.c3d", "--json")
    assert json.loads(out)["contents"]["plates"] == 2
    assert "curves" not in json.loads(out)


def test_a_folder_without_recordings_says_what_it_holds_and_what_is_read(tmp_path):
    (tmp_path / "data.mat").write_bytes(b"x")
    with pytest.raises(CommandError, match=r"It reads .*\.csv.*there is 1 file \.mat"):
        ran(tmp_path)
