"""Each format gives back the motion it was made from."""

import io
import zipfile
from itertools import pairwise

import numpy as np
import pytest

from sessions.motion_trend.reading import ColumnsUnknown, ReadingError, ReadingOptions, open_reading
from sessions.motion_trend.types import GRAVITY_M_S2, Placement
from tests.motion_trend.reading.made import STARTED_AT, grid, metawear, motion, sensorlog, source

STEM = "MetaWear_2024-03-05T10.00.00.000_DFE264DC19EA"
ACCELEROMETER, GYROSCOPE = f"{STEM}_Accelerometer_100.000Hz_1.7.3.csv", f"{STEM}_Gyroscope_50.000Hz_1.7.3.csv"


def read(*sources, **options):
    reading = open_reading(list(sources), options=ReadingOptions(**options))
    return reading, list(reading.pieces())


def assert_true_motion(piece, *, within=0.002, offset_s=0.0):
    acceleration, turn = motion(piece.t_s + offset_s)
    assert np.abs(piece.acceleration_m_s2 - acceleration).max() < within
    if piece.angular_velocity_rad_s is not None:
        assert np.abs(piece.angular_velocity_rad_s - turn).max() < within


def test_metamotion_files_of_different_rates_are_joined_by_their_stamps():
    t_s, slow = grid(1500, rate_hz=100), grid(1500, rate_hz=50) + 0.003
    reading, pieces = read(
        source(ACCELEROMETER, metawear(t_s, motion(t_s)[0] / GRAVITY_M_S2, "g")),
        source(GYROSCOPE, metawear(slow, np.degrees(motion(slow)[1]), "deg/s")),
    )
    assert [len(piece) for piece in pieces] == [60_000, 60_000, 30_000]
    assert all(piece.t_s[-1] - piece.t_s[0] <= 600 for piece in pieces)
    for piece in pieces:
        assert_true_motion(piece)
    (signal,) = reading.signals
    assert (signal.format, signal.has_gyroscope, signal.sampling_rate_hz) == ("MetaMotion", True, 100.0)
    assert (signal.started_at, {piece.started_at for piece in pieces}) == (STARTED_AT, {STARTED_AT})
    assert reading.repairs == ()


def test_metamotion_of_an_older_app_and_without_a_gyroscope():
    t_s = grid(30, rate_hz=100)
    content = metawear(t_s, motion(t_s)[0] / GRAVITY_M_S2, "g", head="epoc (ms),timestamp (-0700)")
    _, (piece,) = read(source(ACCELEROMETER, content))
    assert piece.angular_velocity_rad_s is None
    assert_true_motion(piece)


def test_metamotion_fusion_files_give_the_acceleration_back():
    t_s = grid(30, rate_hz=100)
    force = motion(t_s)[0]
    up = force / np.linalg.norm(force, axis=1, keepdims=True) * GRAVITY_M_S2
    made = {"Linear Acceleration": force - up, "Gravity": up}
    files = [
        source(
            f"{STEM}_{kind}_100.000Hz_1.7.3.csv",
            metawear(t_s, values / GRAVITY_M_S2, "g").replace("-axis", ""),
        )
        for kind, values in made.items()
    ]
    quaternion = "epoch (ms),time (-13:00),elapsed (s),w (number),x (number),y (number),z (number)\n"
    rows = "".join(f"{1709629200000 + 10 * n},t,0.0,1.0,0.0,0.0,0.0\n" for n in range(50))
    reading, (piece,) = read(*files, source(f"{STEM}_Quaternion_100.000Hz_1.7.3.csv", quaternion + rows))
    assert_true_motion(piece, within=0.01)
    assert [repair.code for repair in reading.repairs] == ["unused_file"]


def test_several_metamotion_sensors_keep_their_places():
    t_s = grid(20, rate_hz=100)
    files = [
        source(f"{place}_2024-03-05T10.00.00.000_{mac}_Accelerometer_100.000Hz_1.7.3.csv",
               metawear(t_s, motion(t_s)[0] / GRAVITY_M_S2, "g"))
        for place, mac in (("LeftFoot", "DFE264DC19EA"), ("right_foot", "DFE264DC19EB"))
    ]  # fmt: skip
    reading, pieces = read(*files, placement=Placement.LOWER_BACK)
    assert [signal.placement for signal in reading.signals] == [Placement.LEFT_FOOT, Placement.RIGHT_FOOT]
    assert len({piece.source for piece in pieces}) == 2


@pytest.mark.parametrize("how", [{}, {"fused": False}, {"separator": ";", "decimal": ","}])
def test_sensorlog_with_apples_signs_and_a_wall_clock(how):
    reading, (piece,) = read(source("Watch.csv", sensorlog(grid(60, rate_hz=100), **how)))
    assert (piece.started_at, piece.sampling_rate_hz) == (STARTED_AT, 100.0)
    assert_true_motion(piece)
    assert reading.signals[0].format == "SensorLog"


def test_sensor_loggers_files_are_joined():
    t_s = grid(30, rate_hz=100)
    force, turn = motion(t_s)

    def written(values):
        rows = [
            f"{1709629200000000000 + round(t * 1e9)},{t:.6f},{z:.6f},{y:.6f},{x:.6f}"
            for t, (x, y, z) in zip(t_s, values, strict=True)
        ]
        return "time,seconds_elapsed,z,y,x\n" + "\n".join(rows) + "\n"

    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr("TotalAcceleration.csv", written(force))
        archive.writestr("Gyroscope.csv", written(turn))
        archive.writestr("Annotation.csv", "time,seconds_elapsed,text\n")
    reading, (piece,) = read(source("recording.zip", held.getvalue()))
    assert_true_motion(piece)
    assert piece.started_at == STARTED_AT
    assert "unread_file" in [repair.code for repair in reading.repairs]


def table(names, unit_row="", *, separator=",", decimal=".", scale=1.0, time=lambda t: f"{t:.3f}", rows=2000):
    t_s = grid(rows / 100, rate_hz=100)
    force, turn = motion(t_s)
    lines = [separator.join(names), *([unit_row] if unit_row else [])]
    for n, t in enumerate(t_s):
        cells = [
            time(t),
            *(f"{value * scale:.5f}" for value in force[n]),
            *(f"{value:.5f}" for value in turn[n]),
        ]
        lines.append(separator.join(cell.replace(".", decimal) for cell in cells[: len(names)]))
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize(
    ("names", "more"),
    [
        (["time (s)", "acc_x (m/s^2)", "acc_y (m/s^2)", "acc_z (m/s^2)", "gyr_x (rad/s)", "gyr_y (rad/s)",
          "gyr_z (rad/s)"], {}),
        (["Zeit (s)", "Beschleunigung x (m/s²)", "Beschleunigung y (m/s²)", "Beschleunigung z (m/s²)"],
         {"separator": ";", "decimal": ","}),
        (["Temps (ms)", "Accélération x (g)", "Accélération y (g)", "Accélération z (g)"],
         {"separator": "\t", "decimal": ",", "scale": 1 / GRAVITY_M_S2, "time": lambda t: f"{1000 * t:.0f}"}),
        (["Tiempo (s)", "Aceleración X (mg)", "Aceleración Y (mg)", "Aceleración Z (mg)"],
         {"scale": 1000 / GRAVITY_M_S2}),
        (["timestamp", "ax", "ay", "az", "gx", "gy", "gz"],
         {"time": lambda t: str(1_709_629_200_000_000 + round(t * 1e6))}),
        (["Timestamp", "AccX", "AccY", "AccZ"], {"time": lambda t: f"2024-03-05T09:00:{t:09.6f}Z"}),
        (["", "samples.accX", "samples.accY", "samples.accZ"], None),
    ],
)  # fmt: skip
def test_tables_in_other_languages_and_units_are_guessed(names, more):
    if more is None:
        with pytest.raises(ReadingError) as raised:
            read(source("t.csv", table(names)))
        assert raised.value.missing == ("time",)
        return
    _, (piece,) = read(source("t.csv", table(names, **more)))
    assert_true_motion(piece)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_any_encoding_and_line_ending(encoding, ending):
    names = ["Zeit (s)", "Beschleunigung° x (m/s²)", "Beschleunigung° y (m/s²)", "Beschleunigung° z (m/s²)"]
    content = table(names, separator=";", decimal=",").replace("\n", ending)
    _, (piece,) = read(source("t.csv", content, encoding=encoding))
    assert len(piece) == 2000
    assert_true_motion(piece)


def test_columns_in_another_order_are_found_by_name():
    t_s = grid(20, rate_hz=100)
    force = motion(t_s)[0]
    lines = ["acc_z (m/s2),acc_y (m/s2),battery,acc_x (m/s2),time (s)"]
    lines += [f"{z:.5f},{y:.5f},98,{x:.5f},{t:.3f}" for t, (x, y, z) in zip(t_s, force, strict=True)]
    _, (piece,) = read(source("t.csv", "\n".join(lines)))
    assert_true_motion(piece)


def test_lines_above_the_header_are_passed_over():
    names = ["time (s)", "acc_x (m/s^2)", "acc_y (m/s^2)", "acc_z (m/s^2)"]
    content = "# Recorded by somebody\n# Rate, 100 Hz\n\n" + table(names)
    _, (piece,) = read(source("t.csv", content))
    assert_true_motion(piece)


def test_pieces_of_one_long_file_go_on_and_the_reading_tells_the_repairs():
    t_s = grid(1300, rate_hz=50)
    kept = (t_s < 700) | (t_s > 750)
    content = metawear(t_s[kept], motion(t_s)[0][kept] / GRAVITY_M_S2, "g")
    reading, pieces = read(source(ACCELEROMETER, content))
    assert all(first.t_s[-1] < second.t_s[0] for first, second in pairwise(pieces))
    assert [repair.code for repair in reading.repairs] == ["gap"]
    assert sum(map(len, pieces)) == np.count_nonzero(kept)


def test_a_stretch_without_rotation_is_kept_apart():
    t_s, half = grid(60, rate_hz=100), grid(30, rate_hz=100)
    reading, pieces = read(
        source(ACCELEROMETER, metawear(t_s, motion(t_s)[0] / GRAVITY_M_S2, "g")),
        source(GYROSCOPE, metawear(half, np.degrees(motion(half)[1]), "deg/s")),
    )
    assert [piece.angular_velocity_rad_s is None for piece in pieces] == [False, True]
    assert sum(map(len, pieces)) == len(t_s)
    assert "Seconds without rotation, kept apart" in reading.repairs[0].words


def test_a_column_that_never_changes_is_not_suggested_as_an_axis():
    rows = [f"{n / 100:.2f};{1.3 + 0.1 * (n % 3):.2f};{0.1 * (n % 5):.2f};9.{n % 7};1.0" for n in range(50)]
    with pytest.raises(ColumnsUnknown) as caught:
        read(source("odd.csv", "\n".join(["Zeit;Hoch;Quer;Vor;Foo", *rows])))
    assert caught.value.guess["acceleration"] == ("Hoch", "Quer", "Vor")
