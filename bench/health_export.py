"""An Apple Health export of 2 GB: peak memory and speed of reading it, beside plain iterparse on a tenth.

`python -m bench.health_export --gigabytes 0.2` measures a smaller one. The export is made up, with the mix of
records of a phone and a watch; it is written to the temporary folder and deleted.
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from bench.measure import Measure

GIGABYTES = 2.0
ITERPARSE_SHARE = 0.1
GOAL_MIB = 300
DEVICE = "&lt;&lt;HKDevice: 0x28134ec60&gt;, name:{}, manufacturer:Apple Inc., model:{}, hardware:{}&gt;"
PHONE = DEVICE.format("iPhone", "iPhone", "iPhone12,3")
WATCH = DEVICE.format("Apple Watch", "Watch", "Watch6,1")
HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    "<!DOCTYPE HealthData [\n<!ELEMENT HealthData (Record)*>\n]>\n<HealthData>\n"
)
# (type, unit, value, device, minutes between records)
KINDS = (
    ("HKQuantityTypeIdentifierHeartRate", "count/min", "71", WATCH, 2),
    ("HKQuantityTypeIdentifierActiveEnergyBurned", "kcal", "0.31", WATCH, 2),
    ("HKQuantityTypeIdentifierDistanceWalkingRunning", "km", "0.021", PHONE, 6),
    ("HKQuantityTypeIdentifierStepCount", "count", "43", PHONE, 6),
    ("HKQuantityTypeIdentifierStepCount", "count", "41", WATCH, 6),
    ("HKQuantityTypeIdentifierWalkingSpeed", "km/hr", "4.3", PHONE, 20),
    ("HKQuantityTypeIdentifierWalkingStepLength", "cm", "64", PHONE, 20),
    ("HKQuantityTypeIdentifierWalkingDoubleSupportPercentage", "%", "0.287", PHONE, 20),
    ("HKQuantityTypeIdentifierWalkingAsymmetryPercentage", "%", "0.02", PHONE, 30),
)


def one_day(day: date) -> Iterator[str]:
    """A day's records."""
    for kind, unit, value, device, minutes in KINDS:
        name = "Anna’s Apple Watch" if device is WATCH else "Anna’s iPhone"
        for minute in range(0, 1440, minutes):
            at = f"{day} {minute // 60:02d}:{minute % 60:02d}:07 +0100"
            yield (
                f' <Record type="{kind}" sourceName="{name}" sourceVersion="17.6.1" device="{device}" '
                f'unit="{unit}" creationDate="{at}" startDate="{at}" endDate="{at}" value="{value}"/>\n'
            )


def write_export(path: Path, *, size_bytes: float) -> int:
    """Write whole days until the file is large enough; answers how many."""
    day, days = date(2012, 1, 1), 0
    with path.open("w", encoding="utf-8") as file:
        file.write(HEAD)
        while file.tell() < size_bytes:
            file.write("".join(one_day(day + timedelta(days=days))))
            days += 1
        file.write("</HealthData>\n")
    return days


def read_export(path: Path) -> int:
    """Our reader; answers how many daily values there are."""
    from sessions.motion_trend.reading import ReadingOptions, Source, open_reading

    source = Source(path.name, lambda: path.open("rb"), path.stat().st_size)
    reading = open_reading([source], options=ReadingOptions(time_zone="Europe/Berlin"))
    return sum(1 for _ in reading.daily_values())


def read_plainly(path: Path) -> int:
    """The usual way: every element of iterparse, cleared once it was seen; sums of the same types by day."""
    from xml.etree.ElementTree import iterparse

    wanted = {kind for kind, *_ in KINDS[3:]}
    days: dict[tuple[str, str], float] = {}
    for _, element in iterparse(path):  # noqa: S314 - a file that this benchmark wrote
        if element.tag == "Record" and element.get("type") in wanted:
            key = (element.get("type", ""), element.get("startDate", "")[:10])
            days[key] = days.get(key, 0.0) + float(element.get("value", "0"))
        element.clear()
    return len(days)


def in_child(way: str, path: Path) -> dict[str, Any]:
    """Read in a process of its own: CPU seconds, values, and its peak memory in MiB."""
    command = [sys.executable, "-m", "bench.health_export", f"--{way}", str(path)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def measure(gigabytes: float = GIGABYTES) -> list[Measure]:
    """Make the export, read it, and a tenth of it in both ways."""
    with tempfile.TemporaryDirectory(prefix="health-") as folder:
        whole, tenth = Path(folder) / "export.xml", Path(folder) / "tenth.xml"
        days = write_export(whole, size_bytes=gigabytes * 1e9)
        write_export(tenth, size_bytes=ITERPARSE_SHARE * gigabytes * 1e9)
        ours, small, plain = in_child("read", whole), in_child("read", tenth), in_child("plain", tenth)
        size_mb, tenth_mb = whole.stat().st_size / 1e6, tenth.stat().st_size / 1e6
    return [
        Measure(
            f"Apple Health export of {size_mb / 1000:.1f} GB: peak memory", ours["peak_mib"], "MiB",
            GOAL_MIB, note=f"{days} days, {ours['values']} daily values",
        ),
        Measure("the same: speed", size_mb / ours["seconds"], "MB/CPU s"),
        Measure("a tenth of it, plain iterparse: peak memory", plain["peak_mib"], "MiB",
                note=f"ours {small['peak_mib']:.0f} MiB"),
        Measure("a tenth of it, plain iterparse: speed", tenth_mb / plain["seconds"], "MB/CPU s",
                note=f"ours {tenth_mb / small['seconds']:.0f}"),
    ]  # fmt: skip


def main() -> None:
    """Measure from the command line, or be the child that reads."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--gigabytes", type=float, default=GIGABYTES)
    parser.add_argument("--read", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--plain", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if not (arguments.read or arguments.plain):
        print("\n".join(one.line() for one in measure(arguments.gigabytes)))
        return
    began = time.process_time()
    values = read_export(arguments.read) if arguments.read else read_plainly(arguments.plain)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": time.process_time() - began, "values": values, "peak_mib": peak}))


if __name__ == "__main__":
    main()
