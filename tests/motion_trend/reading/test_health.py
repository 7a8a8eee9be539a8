"""Apple Health exports: units, days, two devices, broken document types, bombs."""

import io
import zipfile
from datetime import date

import pytest

from sessions.motion_trend.reading import ReadingError, ReadingOptions, Source, open_reading
from tests.motion_trend.reading.made import DTD, health, record, source

MORNING = "2024-03-05 09:10:00 +0100"


def days_of(content, *, zone="Europe/Berlin", name="export.xml"):
    reading = open_reading([source(name, content)], options=ReadingOptions(time_zone=zone))
    return list(reading.daily_values()), {repair.code: repair for repair in reading.repairs}


def one(kind, value, unit, start=MORNING):
    (value,), _ = days_of(health(record(kind, value, start, unit=unit)))
    return value


@pytest.mark.parametrize(
    ("kind", "value", "unit", "code", "expected"),
    [
        ("WalkingSpeed", "3.6", "km/hr", "walking_speed_m_s", 1.0),
        ("WalkingSpeed", "1.25", "m/s", "walking_speed_m_s", 1.25),
        ("WalkingSpeed", "2.5", "mi/hr", "walking_speed_m_s", 1.1176),
        ("WalkingStepLength", "63", "cm", "step_length_m", 0.63),
        ("WalkingStepLength", "0.63", "m", "step_length_m", 0.63),
        ("WalkingStepLength", "25", "in", "step_length_m", 0.635),
        ("WalkingAsymmetryPercentage", "0.07", "%", "walking_asymmetry_pct", 7.0),
        ("WalkingDoubleSupportPercentage", "0.28", "%", "double_support_pct", 28.0),
        ("WalkingDoubleSupportPercentage", "28", "%", "double_support_pct", 28.0),
        ("StepCount", "312", "count", "step_count", 312.0),
    ],
)
def test_units_are_honoured(kind, value, unit, code, expected):
    found = one(kind, value, unit)
    assert (found.code, found.day, found.n, found.source) == (code, date(2024, 3, 5), 1, "iPhone")
    assert found.value == pytest.approx(expected, abs=1e-4)


@pytest.mark.parametrize(
    ("start", "day"),
    [
        ("2024-03-05 23:30:00 +0100", date(2024, 3, 5)),
        ("2024-03-05 23:30:00 +0000", date(2024, 3, 6)),
        ("2024-03-05 23:30:00 -0800", date(2024, 3, 6)),
        ("2024-03-05 9:10:00 AM +0100", date(2024, 3, 5)),
        ("2024-03-05 11:30:00\u202fPM +0000", date(2024, 3, 6)),
    ],
)
def test_the_patients_zone_decides_the_day(start, day):
    assert one("WalkingSpeed", "3.6", "km/hr", start).day == day


def test_a_days_value_is_its_median_and_steps_are_its_sum():
    records = "".join(
        record("WalkingSpeed", v, MORNING, unit="m/s", end=str(n)) for n, v in enumerate((0.9, 1.0, 1.4))
    )
    records += "".join(
        record("StepCount", 100, f"2024-03-05 {hour:02d}:00:00 +0100", unit="count") for hour in range(8, 12)
    )
    (steps, speed), _ = days_of(health(records))
    assert (steps.value, steps.n, speed.value, speed.n) == (400.0, 4, 1.0, 3)


def test_phone_and_watch_count_the_same_steps_once():
    watch = "Anna’s Apple Watch"
    records = (
        record("StepCount", 500, "2024-03-05 09:00:00 +0100", unit="count")
        + record("StepCount", 300, "2024-03-05 09:05:00 +0100", unit="count", who=watch)
        + record("StepCount", 350, "2024-03-05 09:40:00 +0100", unit="count", who=watch)
        + record("StepCount", 200, "2024-03-05 14:00:00 +0100", unit="count")
    )
    (day,), repairs = days_of(health(records))
    assert (day.value, day.n, day.source) == (850.0, 2, "Apple Watch and iPhone")
    assert "500 steps were left out" in repairs["overlapping_sources"].words


def test_a_record_that_came_twice_counts_once():
    (day,), repairs = days_of(health(2 * record("StepCount", 500, MORNING, unit="count")))
    assert (day.value, repairs["repeated"].count) == (500.0, 1.0)


@pytest.mark.parametrize(
    ("value", "unit", "start", "code"),
    [
        ("many", "count", MORNING, "no_number"),
        ("5", "furlong", MORNING, "other_unit"),
        ("-5", "count", MORNING, "impossible"),
        ("nan", "count", MORNING, "impossible"),
        ("5", "count", "yesterday", "no_date"),
        ("5", "count", "2024-13-45 09:00:00 +0100", "no_date"),
    ],
)
def test_what_cannot_be_is_left_out_and_counted(value, unit, start, code):
    good = record("WalkingSpeed", "3.6", MORNING, unit="km/hr")
    found, repairs = days_of(health(good + record("StepCount", value, start, unit=unit)))
    assert ([day.code for day in found], repairs[code].count) == (["walking_speed_m_s"], 1.0)


@pytest.mark.parametrize("dtd", [DTD, "", "<!DOCTYPE HealthData>\n", "<!DOCTYPE HealthData [ ]>\n"])
def test_document_types_broken_or_none_are_passed_over(dtd):
    found, repairs = days_of(health(record("WalkingSpeed", "3.6", MORNING, unit="km/hr"), dtd=dtd))
    assert (len(found), repairs) == (1, {})


def test_control_characters_of_ios_16_are_passed_over():
    content = health(record("WalkingSpeed", "3.6", MORNING, unit="km/hr", who="iPhone\x0b"))
    assert len(days_of(content)[0]) == 1


BOMBS = {
    "billion laughs": '<!DOCTYPE HealthData [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>\n',
    "a file of ours": '<!DOCTYPE HealthData [<!ENTITY x SYSTEM "file:///etc/passwd">]>\n',
    "parameter": '<!DOCTYPE HealthData [<!ENTITY % p SYSTEM "http://example.org/x.dtd"> %p;]>\n',
}


@pytest.mark.parametrize("dtd", BOMBS.values(), ids=BOMBS.keys())
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entities_are_refused_unread(dtd, encoding):
    content = health(record("WalkingSpeed", "&b;", MORNING, unit="km/hr"), dtd=dtd)
    content = content.replace('encoding="UTF-8"', f'encoding="{encoding.upper()}"')
    reading = open_reading([source("export.xml", content, encoding=encoding)])
    with pytest.raises(ReadingError, match="entities"):
        list(reading.daily_values())


def test_a_document_type_without_an_end_is_refused():
    with pytest.raises(ReadingError, match="does not end"):
        days_of(health("", dtd="<!DOCTYPE HealthData [ <!ELEMENT x EMPTY>\n"))


def test_half_an_export_keeps_what_was_read():
    content = health(record("WalkingSpeed", "3.6", MORNING, unit="km/hr"), end=' <Record type="HKQ')
    (day,), repairs = days_of(content)
    assert (day.value, "breaks off at line" in repairs["broken_off"].words) == (1.0, True)


def test_an_export_without_walking_says_what_to_do():
    with pytest.raises(ReadingError, match="no walking"):
        days_of(health(""))


def packed(name="apple_health_export/Exportación.xml", **more):
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("apple_health_export/export_cda.xml", "<?xml version='1.0'?><ClinicalDocument/>")
        archive.writestr("apple_health_export/workout-routes/route.gpx", "<gpx/>")
        archive.writestr("apple_health_export/electrocardiograms/ecg.csv", "Name,Anna\n")
        archive.writestr(name, health(record("WalkingSpeed", "3.6", MORNING, unit="km/hr")))
        for other, content in more.items():
            archive.writestr(other, content)
    return held.getvalue()


def test_the_export_is_found_in_its_zip_whatever_its_name():
    (day,), _ = days_of(packed(), name="Export.zip")
    assert day.value == 1.0


def test_a_name_that_climbs_out_of_the_zip_harms_nobody():
    (day,), _ = days_of(packed(name="../../../../etc/export.xml"), name="Export.zip")
    assert day.value == 1.0


def test_a_zip_bomb_is_refused_before_it_is_opened():
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("export.xml", b"<HealthData>" + b" " * 30_000_000)
    with pytest.raises(ReadingError, match="not opened"):
        open_reading([source("bomb.zip", held.getvalue())])


def test_a_zip_that_lies_about_its_sizes_is_refused():
    """Many names for the same packed bytes (an overlapping bomb)."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.csv", b"1,2,3\n" * 5_000)
        first = archive.infolist()[0]
        for n in range(15_000):
            copied = zipfile.ZipInfo(f"{n}.csv")
            for name in ("CRC", "compress_size", "file_size", "header_offset", "compress_type"):
                setattr(copied, name, getattr(first, name))
            archive.filelist.append(copied)
    with pytest.raises(ReadingError, match="not opened"):
        open_reading([source("bomb.zip", held.getvalue())])


def test_a_locked_zip_asks_to_unpack_it():
    held = bytearray(packed())
    for at in range(len(held) - 4):
        if held[at : at + 4] == b"PK\x01\x02":
            held[at + 8] |= 1
    with pytest.raises(ReadingError, match="password"):
        open_reading([source("Export.zip", bytes(held))])


class Endless(io.RawIOBase):
    """Sixty megabytes of an export that lie nowhere."""

    def __init__(self) -> None:
        body = record("HeartRate", 60, MORNING, unit="count/min") * 200
        self.head = health("", end="").encode()
        self.body = body.encode()
        self.left = 60_000_000 // len(self.body)
        self.waiting = self.head
        self.has_steps = False

    def readable(self) -> bool:
        return True

    def readinto(self, buffer) -> int:
        while not self.waiting:
            if self.left:
                self.left, self.waiting = self.left - 1, self.body
            elif not self.has_steps:
                self.has_steps = True
                self.waiting = (record("StepCount", 5, MORNING, unit="count") + "</HealthData>").encode()
            else:
                return 0
        count = min(len(buffer), len(self.waiting))
        buffer[:count], self.waiting = self.waiting[:count], self.waiting[count:]
        return count


def test_memory_stays_flat_over_sixty_megabytes():
    import tracemalloc

    endless = Source("export.xml", lambda: io.BufferedReader(Endless(), 1 << 20), 60_000_000)
    reading = open_reading([endless])
    tracemalloc.start()
    days = list(reading.daily_values())
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert [day.value for day in days] == [5.0]
    assert peak < 20_000_000
