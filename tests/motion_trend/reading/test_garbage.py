"""Garbage in: a clear message with file, line and cure, and nothing lost that can be read."""

import gzip
import io
import random
import zipfile
from contextlib import suppress

import numpy as np
import pytest

from sessions.motion_trend.reading import (
    ColumnPlan,
    ColumnsUnknown,
    ReadingError,
    ReadingOptions,
    archive,
    open_reading,
    opening,
)
from sessions.motion_trend.reading import health as health_reading
from sessions.motion_trend.reading.table import find_layout
from sessions.motion_trend.reading.times import seconds_of_text
from sessions.motion_trend.types import GRAVITY_M_S2
from tests.motion_trend.reading.made import grid, health, metawear, motion, record, sensorlog, source
from tests.motion_trend.reading.test_formats import ACCELEROMETER, GYROSCOPE, assert_true_motion, read

# Not a measure of speed: a reader that walks through these again and again takes many minutes.
HANGS = pytest.mark.timeout(60)
HEADER = "epoch (ms),time (-13:00),elapsed (s),x-axis (g),y-axis (g),z-axis (g)\n"


def refused(*sources, **options):
    with pytest.raises(ReadingError) as raised:
        reading = open_reading(list(sources), options=ReadingOptions(**options))
        list(reading.pieces())
        list(reading.daily_values())
    return raised.value


def zipped(**members):
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "."), content)
    return held.getvalue()


def good(seconds=20, unit="g", scale=1 / GRAVITY_M_S2):
    t_s = grid(seconds, rate_hz=100)
    return metawear(t_s, motion(t_s)[0] * scale, unit)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.csv", b"", "This file is empty."),
        ("a.csv", b"\x00\x01\x02\x80" * 5000, "This is not a table of text."),
        ("a.csv", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40, "This is not a table of text."),
        ("a.csv", b"hello", "This is not a table of text."),
        ("a.csv", b"a" * 200_000, "This is not a table of text."),
        ("a.csv", HEADER.encode(), "The file has a header but no rows."),
        ("a.csv", b"Name,City\nAnna,Rome\nBob,Paris\n", "This table holds words, no measurements."),
        ("a.csv", gzip.compress(b"x" * 100), "This file is compressed (gzip)."),
        ("a.zip", b"PK\x03\x04broken", "This zip file is broken or was not sent whole."),
        ("a.xlsx", zipped(**{"[Content_Types]__xml": "<x/>"}), "This is a spreadsheet, not a table of text."),
        ("a.zip", zipped(photo__jpg="x"), "There is no file in this zip that we can read."),
        ("a.xml", b"<?xml version='1.0'?><gpx/>", "This XML file is not an Apple Health export."),
        ("a.c3d", b"not a c3d at all", "This is not a C3D file, or only a part of one."),
        ("a.c3d", b"\x02\x50" + bytes(100), "This is not a C3D file, or only a part of one."),
    ],
)
def test_what_is_no_recording_is_named(name, content, words):
    error = refused(source(name, content))
    assert (error.file, error.words) == (name, words)
    assert error.cure


def test_nothing_sent():
    assert refused().words == "Nothing was sent."


def test_the_first_unreadable_line_and_its_column_are_named():
    rows = "".join(f"{1709629200000 + 10 * n},t,{n / 100},1,zwei,3,\n" for n in range(5))
    error = refused(source(ACCELEROMETER, HEADER + rows.replace("3,\n", "3\n")))
    assert (error.line, "“y-axis (g)”" in error.words) == (2, True)


@pytest.mark.parametrize(
    ("scale", "said", "code"),
    [
        (1.0, "g", "acceleration_unit"),
        (1 / GRAVITY_M_S2, "m/s^2", "acceleration_unit"),
        (1000 / GRAVITY_M_S2, "g", "acceleration_unit"),
        (4096 / GRAVITY_M_S2, "g", "acceleration_counts"),
    ],
)
def test_a_wrong_unit_of_acceleration_is_put_right(scale, said, code):
    reading, (piece,) = read(source(ACCELEROMETER, good(unit=said, scale=scale)))
    assert_true_motion(piece, within=0.01)
    assert code in [repair.code for repair in reading.repairs]


def test_gravity_taken_away_is_said():
    error = refused(source(ACCELEROMETER, good(scale=0.001)))
    assert "Gravity is missing" in error.words


def test_an_acceleration_that_fits_no_unit_is_said():
    assert "fits no unit" in refused(source(ACCELEROMETER, good(scale=0.35))).words


@pytest.mark.parametrize("wrong", ["rad/s", "deg/s"])
def test_a_wrong_unit_of_rotation_is_put_right(wrong):
    t_s = grid(60, rate_hz=100)
    turn = motion(t_s)[1] if wrong == "deg/s" else np.degrees(motion(t_s)[1])
    reading, (piece,) = read(source(ACCELEROMETER, good(60)), source(GYROSCOPE, metawear(t_s, turn, wrong)))
    assert_true_motion(piece, within=0.01)
    assert "rotation_unit" in [repair.code for repair in reading.repairs]


def test_swapped_axes_leave_a_right_handed_frame():
    """Two axes swapped in both files: the acceleration stays, the rotation turns its sign."""
    t_s = grid(60, rate_hz=100)
    force, turn = (values[:, [1, 0, 2]] for values in motion(t_s))
    reading, (piece,) = read(
        source(ACCELEROMETER, metawear(t_s, force / GRAVITY_M_S2, "g")),
        source(GYROSCOPE, metawear(t_s, np.degrees(turn), "deg/s")),
    )
    assert "mirrored" in [repair.code for repair in reading.repairs]
    assert np.abs(piece.angular_velocity_rad_s + turn).max() < 0.001


def test_half_a_session_is_kept_and_said():
    content = good()
    cut = content[: int(len(content) * 0.55)]
    _, (piece,) = read(source(ACCELEROMETER, cut))
    assert 1000 < len(piece) < 1200
    assert_true_motion(piece)


def test_garbage_in_the_middle_is_left_out_and_counted():
    lines = good().splitlines(keepends=True)
    lines[500:520] = ["\x01\x02garbage;;,,\n"] * 20
    lines[900] = "1709629209000,t,9.0,NaN,inf,-\n"
    reading, (piece,) = read(source(ACCELEROMETER, "".join(lines)))
    assert len(piece) == 2000 - 21
    assert_true_motion(piece)
    (unreadable,) = [repair for repair in reading.repairs if repair.code == "unreadable_rows"]
    assert unreadable.count == 21


def test_binary_after_a_good_half_keeps_the_half():
    content = good(900).encode() + b"\x00\xff" * 200_000
    reading, pieces = read(source(ACCELEROMETER, content))
    assert sum(map(len, pieces)) > 50_000
    assert "broken_off" in [repair.code for repair in reading.repairs]


def test_an_unclosed_quote_swallows_nothing():
    lines = good().splitlines(keepends=True)
    lines[5] = '"' + lines[5]
    _, (piece,) = read(source(ACCELEROMETER, "".join(lines)))
    assert len(piece) >= 1999


def test_quoted_cells():
    content = "\n".join(",".join(f'"{cell}"' for cell in line.split(",")) for line in good().splitlines())
    _, (piece,) = read(source(ACCELEROMETER, content))
    assert_true_motion(piece)


def test_a_gyroscope_alone_asks_for_the_accelerometer():
    t_s = grid(5, rate_hz=50)
    error = refused(source(GYROSCOPE, metawear(t_s, np.degrees(motion(t_s)[1]), "deg/s")))
    assert error.cure == "Send the accelerometer's file together with it."


def test_a_broken_gyroscope_does_not_take_the_accelerometer_with_it():
    reading, (piece,) = read(source(ACCELEROMETER, good()), source(GYROSCOPE, b"\x00" * 3000))
    assert (len(piece), piece.angular_velocity_rad_s) == (2000, None)
    assert "unread_file" in [repair.code for repair in reading.repairs]


def test_a_time_in_the_wrong_unit_is_not_believed():
    content = "count,acc_x (m/s2),acc_y (m/s2),acc_z (m/s2)\n"
    content += "".join(f"{10 * n},0.1,0.2,9.8\n" for n in range(500))
    layout = find_layout(source("t.csv", content))
    names = ("acc_x (m/s2)", "acc_y (m/s2)", "acc_z (m/s2)")
    wrong = ColumnPlan(time="count", time_unit="s", acceleration=names, acceleration_unit="m/s2")
    error = refused(source("t.csv", content), plans={layout.header_key: wrong})
    assert error.words == "By its times this file has 0.1 samples a second."


def test_an_unknown_table_asks_with_its_first_rows_and_a_guess():
    rows = "".join(f"{n},{n / 7:.3f},1,2\n" for n in range(40))
    error = refused(source("t.csv", "alpha,beta,gamma,delta\n" + rows))
    assert isinstance(error, ColumnsUnknown)
    assert error.missing == ("time", "acceleration")
    assert error.guess["time"] == "alpha"
    assert (error.head.columns, len(error.head.rows)) == (("alpha", "beta", "gamma", "delta"), 8)


def test_kinds_are_not_mixed():
    export = health(record("StepCount", 5, "2024-03-05 09:10:00 +0100", unit="count"))
    error = refused(source(ACCELEROMETER, good()), source("export.xml", export))
    assert error.words == "These files are of different kinds."


@pytest.mark.parametrize("content", [good(10), sensorlog(grid(5, rate_hz=100)), health("")])
@pytest.mark.parametrize("seed", range(6))
def test_damaged_files_never_do_worse_than_a_message(content, seed):
    """Bytes flipped, cut and repeated at random: a reading or a ReadingError, nothing else."""
    chance = random.Random(seed)
    held = bytearray(content.encode())
    for _ in range(chance.choice([1, 20, 400])):
        at = chance.randrange(len(held))
        held[at] = chance.randrange(256)
    if chance.random() < 0.5:
        start = chance.randrange(len(held))
        held = held[:start] + held[start + chance.randrange(2000) :]
    name = chance.choice([ACCELEROMETER, "export.xml", "t.csv"])
    try:
        reading = open_reading([source(name, bytes(held))])
        for piece in reading.pieces():
            assert np.isfinite(piece.acceleration_m_s2).all()
            assert (np.diff(piece.t_s) > 0).all()
        list(reading.daily_values())
    except ReadingError as error:
        assert error.words


def test_a_zip_whose_list_alone_would_fill_the_memory_is_refused(monkeypatch):
    monkeypatch.setattr(archive, "LARGEST_LIST_BYTES", 500)
    bomb = zipped(**{f"{number}__csv": "" for number in range(50)})
    assert refused(source("a.zip", bomb)).words == "This zip file is broken or was not sent whole."


def test_a_zip_of_very_many_tables_is_refused_before_they_are_opened(monkeypatch):
    monkeypatch.setattr(archive, "MOST_READABLE", 20)
    bomb = zipped(**{f"{number}__csv": "1,2,3\n" for number in range(50)})
    assert "more than 20 files" in refused(source("a.zip", bomb)).words


def test_zips_within_a_zip_are_not_opened_without_end(monkeypatch):
    monkeypatch.setattr(opening, "MOST_FILES", 20)
    inner = zipped(a__csv="1,2,3\n")
    bomb = zipped(**{f"{number}__csv": inner for number in range(50)})
    assert "more than 20 files" in refused(source("a.zip", bomb)).words


def test_many_zips_together_unpack_to_no_more_than_one(monkeypatch):
    monkeypatch.setattr(opening, "MOST_UNPACKED_BYTES", 3000)
    packed = zipped(a__csv=good(1))
    assert "would unpack" in refused(*[source(f"{n}.zip", packed) for n in range(3)]).words


def test_a_huge_c3d_file_is_not_copied_to_disk(monkeypatch):
    monkeypatch.setattr("sessions.motion_trend.lab.c3d_header.MOST_BYTES", 1000)
    monkeypatch.setattr("tempfile.mkdtemp", None)
    reading = open_reading([source("a.c3d", b"\x02\x50" + bytes(2000))])
    with pytest.raises(ReadingError, match="cannot be read"):
        reading.lab_path()


@pytest.mark.parametrize(
    "head", [b"", record("StepCount", 5, "2024-03-05 09:10:00 +0100", unit="count").encode()]
)
def test_an_element_without_an_end_is_not_held_whole(monkeypatch, head):
    fed = []
    endless = b"<?xml version='1.0'?><HealthData>" + head + b"<Record value='" + b"9" * 40_000_000
    monkeypatch.setattr(health_reading, "LONGEST_ELEMENT_BYTES", 1_000_000)
    cleaned = health_reading._cleaned
    monkeypatch.setattr(
        health_reading, "_cleaned", lambda *a, **k: (fed.append(len(c)) or c for c in cleaned(*a, **k))
    )
    with suppress(ReadingError):
        assert [value.value for value in open_reading([source("e.xml", endless)]).daily_values()] == [5]
    assert 0 < sum(fed) < 5_000_000


def test_values_that_nobody_walks_do_not_fill_the_memory(monkeypatch):
    monkeypatch.setattr(health_reading, "MOST_HOURS", 50)
    hours = "".join(
        record("StepCount", 5, f"20{year}-03-05 {hour:02}:10:00 +0100", unit="count")
        for year in range(10, 20)
        for hour in range(24)
    )
    assert "twenty years" in refused(source("export.xml", health(hours))).words


@HANGS
def test_a_page_of_blanks_in_a_time_is_not_walked_through():
    times = ["2024-03-05 09:00:00" + " " * 60_000 + "+01:0x"] * 20
    assert set(seconds_of_text(times)) == {1709629200.0}


def test_a_line_of_a_megabyte_is_refused_wherever_it_stands():
    lines = good(20).splitlines(keepends=True)
    lines.insert(1500, "1,2," + "9" * 1_000_000 + "\n")
    error = refused(source(ACCELEROMETER, "".join(lines)))
    assert error.words == "This is not a table of text."


@pytest.mark.parametrize("cell", ["1e300", "9" * 40, "-1e18"])
def test_a_cell_that_no_sensor_writes_is_left_out_and_told(cell):
    lines = good(20).splitlines()
    for at in (300, 700):
        lines[at] = lines[at].rsplit(",", 1)[0] + f",{cell}"
    reading = open_reading([source(ACCELEROMETER, "\n".join(lines))])
    pieces = list(reading.pieces())
    assert sum(map(len, pieces)) == 1998
    assert all(np.abs(piece.acceleration_m_s2).max() < 100 for piece in pieces)
    assert "Rows with a force that no body feels: 2; left out." in [one.words for one in reading.repairs]


def test_missing_dates_are_no_crash():
    assert np.isnan(seconds_of_text([None, float("nan"), ""])).all()
    assert seconds_of_text(["", "2024-03-05T09:00:00Z"])[1] == 1709629200.0


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_bomb_whose_size_is_a_lie_is_not_unpacked(method):
    """Thirty megabytes of blanks in a few bytes, which say that they are two kilobytes."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", method) as packed:
        packed.writestr("a.csv", b" " * 30_000_000)
    lying = held.getvalue().replace((30_000_000).to_bytes(4, "little"), (2000).to_bytes(4, "little"))
    assert "packed in a way" in refused(source("a.zip", lying)).words


@HANGS
@pytest.mark.parametrize(
    "content",
    [
        health(record("StepCount", 5, "2024-03-05 9:10:00" + " " * 60_000 + "x", unit="count")),
        "<?xml version='1.0'?><!-- <HealthData --><!DOCTYPE" + " " * 400_000,
    ],
)
def test_a_page_of_blanks_in_an_export_is_not_walked_through(content):
    error = refused(source("export.xml", content))
    assert error.words
    assert error.cure


@HANGS
def test_names_without_end_are_cut():
    table = "time," + "(" * 60_000 + ",b,c\n" + "\n".join("0.1,0.2,0.3,9.8" for _ in range(50))
    layout = find_layout(source("a.csv", table))
    refused(source("a.csv", table))
    assert max(map(len, layout.columns)) == 200
