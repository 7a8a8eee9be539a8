"""manage.py analyze_gait FILE|FOLDER… --height 1.70 --placement lower_back [--json|--csv]: gait from files.

Nothing is stored and no database is needed. Exit codes: 0 every recording was read; 1 one or more could not
be read (the others are told all the same); 2 the command was called wrongly.
"""

from __future__ import annotations

import csv
import json
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from sessions.motion_trend.reading import (
    ColumnPlan,
    ColumnsUnknown,
    Reading,
    ReadingError,
    ReadingOptions,
    open_reading,
)
from sessions.motion_trend.reading.folders import SUFFIXES, Bundle, align_sensors, find_bundles
from sessions.motion_trend.types import GaitResult, Placement

COLUMNS = (
    "recording", "kind", "bout", "start_s", "end_s", "steps", "code", "value", "unit", "low", "high",
    "n", "withheld", "place",
)  # fmt: skip
TOLD = ("cadence_spm", "walking_speed_m_s", "stride_length_m", "step_time_asymmetry_pct")
HEADS = ("bout", "from s", "s", "steps", "steps/min", "m/s", "stride m", "asym. %")


class AnyHeader(dict[str, ColumnPlan]):
    """Columns that hold for every table, whatever its header."""

    def __init__(self, plan: ColumnPlan) -> None:
        super().__init__()
        self.plan = plan

    def get(self, key: str, default: Any = None) -> ColumnPlan:
        return self.plan


class Command(BaseCommand):
    """Reads files, finds walking, prints it."""

    help = "Find walking in sensor files and measure it, and judge C3D files. Nothing is stored; no database."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Files, what the files do not say, and how to print."""
        parser.add_argument("paths", nargs="+", type=Path, metavar="FILE|FOLDER")
        parser.add_argument(
            "--height", type=float, help="of the person, in m; without it no lengths, no speed"
        )
        parser.add_argument("--placement", choices=[one.value for one in Placement], default="unknown")
        parser.add_argument("--time-zone", default="UTC", help="of clock times without a zone")
        parser.add_argument(
            "--columns", type=Path, help="JSON of a table's columns, as an error message shows it"
        )
        told = parser.add_mutually_exclusive_group()
        told.add_argument("--json", action="store_true", help="everything, as JSON")
        told.add_argument("--csv", action="store_true", help="one row for each measure of each bout")

    def handle(self, *args: Any, **options: Any) -> None:
        """Analyse every recording that the paths hold."""
        self._check(options)
        reading_options = self._reading_options(options)
        bundles = find_bundles(options["paths"])
        if not bundles:
            raise CommandError(_nothing_to_read(options["paths"]), returncode=2)
        told, errors = [], []
        for bundle in bundles:
            try:
                told.append(analyse_bundle(bundle, options=reading_options, height_m=options["height"]))
            except ReadingError as error:
                errors.append({"recording": bundle.name, **error.to_dict()})
                self.stderr.write(_told_error(error))
        self._print(told, errors, options)
        if errors:
            raise SystemExit(1)

    def _check(self, options: dict[str, Any]) -> None:
        missing = [str(path) for path in options["paths"] if not path.exists()]
        if missing:
            raise CommandError(f"There is no such file: {', '.join(missing)}", returncode=2)
        height = options["height"]
        if height is not None and not 0.5 <= height <= 2.5:
            raise CommandError("--height is in metres, such as 1.70.", returncode=2)

    def _reading_options(self, options: dict[str, Any]) -> ReadingOptions:
        plans: dict[str, ColumnPlan] = {}
        if options["columns"]:
            try:
                plans = AnyHeader(ColumnPlan.from_dict(json.loads(options["columns"].read_text())))
            except (OSError, ValueError, TypeError) as error:
                raise CommandError(f"--columns: {error}", returncode=2) from error
        return ReadingOptions(Placement(options["placement"]), options["time_zone"], plans)

    def _print(
        self, told: list[dict[str, Any]], errors: list[dict[str, Any]], options: dict[str, Any]
    ) -> None:
        if options["json"]:
            alone = len(told) == 1 and not errors and len(options["paths"]) == 1
            alone = alone and options["paths"][0].is_file()
            self.stdout.write(json.dumps(told[0] if alone else {"recordings": told, "errors": errors}))
        elif options["csv"]:
            writer = csv.writer(self.stdout, lineterminator="\n")
            writer.writerow(COLUMNS)
            writer.writerows(row for recording in told for row in _rows(recording))
        else:
            for recording in told:
                self.stdout.write("\n".join(_lines(recording)))


def analyse_bundle(bundle: Bundle, *, options: ReadingOptions, height_m: float | None) -> dict[str, Any]:
    """One recording as JSON: its gait, or the days of a health export. Raises ReadingError."""
    reading = open_reading(bundle.sources(), options=options)
    if reading.kind == "health":
        days = [
            {"day": value.day.isoformat(), "code": value.code, "value": value.value, "unit": value.unit,
             "n": value.n, "source": value.source}
            for value in reading.daily_values()
        ]  # fmt: skip
        return {**_told_reading(bundle, reading), "days": days}
    if reading.kind == "lab":
        return {**_told_reading(bundle, reading), **_analyse_lab(bundle)}
    return _analyse_sensors(bundle, reading, height_m=height_m)


def _nothing_to_read(paths: Iterable[Path]) -> str:
    """What would have been read, and what is there instead."""
    files = [file for path in paths for file in path.rglob("*") if file.is_file()]
    there = Counter(file.suffix.lower() or "no ending" for file in files).most_common(5)
    found = ", ".join(f"{count} {'file' if count == 1 else 'files'} {suffix}" for suffix, count in there)
    return f"Nothing here can be read. It reads {', '.join(sorted(SUFFIXES))}; there is {found or 'no file'}."


def _analyse_lab(bundle: Bundle) -> dict[str, Any]:
    """A C3D file's findings, without its curves. Raises ReadingError."""
    from sessions.motion_trend.lab import analyse_lab, read_c3d

    (path,) = bundle.paths
    told = analyse_lab(read_c3d(path, name=path.name)).to_dict()
    return {name: told[name] for name in ("summary", "flags", "contents", "versions")}


def _analyse_sensors(bundle: Bundle, reading: Reading, *, height_m: float | None) -> dict[str, Any]:
    from sessions.motion_trend.gait import analyse_gait

    pieces, aligned = align_sensors(list(reading.pieces()))
    result: GaitResult = analyse_gait(pieces, height_m=height_m)
    told = _told_reading(bundle, reading)
    told["repairs"] += [repair.to_dict() for repair in aligned]
    return {**told, **result.to_dict(), "height_m": height_m}


def _told_reading(bundle: Bundle, reading: Reading) -> dict[str, Any]:
    return {
        "recording": bundle.name,
        "files": [path.name for path in bundle.paths],
        "kind": reading.kind,
        "signals": [
            {"name": signal.name, "format": signal.format, "placement": signal.placement.value,
             "has_gyroscope": signal.has_gyroscope, "sampling_rate_hz": signal.sampling_rate_hz,
             "started_at": signal.started_at.isoformat() if signal.started_at else None}
            for signal in reading.signals
        ],
        "repairs": [repair.to_dict() for repair in reading.repairs],
    }  # fmt: skip


def _told_error(error: ReadingError) -> str:
    words = str(error)
    if isinstance(error, ColumnsUnknown):
        words += f"\n  Columns: {', '.join(error.head.columns)}"
        words += f"\n  --columns wants JSON like: {json.dumps(error.guess)}"
    return words


def _rows(recording: dict[str, Any]) -> Iterable[list[Any]]:
    """CSV rows: one a measure."""
    name, kind = recording["recording"], recording["kind"]
    for day in recording.get("days", ()):
        yield [
            name,
            kind,
            day["day"],
            "",
            "",
            "",
            day["code"],
            day["value"],
            day["unit"],
            "",
            "",
            day["n"],
            "",
            "",
        ]
    for row in recording.get("summary", ()):
        told = [row["code"], row["value"], row["unit"], "", "", "", ""]
        yield [name, kind, "", "", "", "", *told, row["place"]]
    for number, bout in enumerate(recording.get("bouts", ()), start=1):
        for measure in bout["measures"].values():
            told = [measure[key] for key in ("code", "value", "unit", "low", "high", "n", "withheld")]
            yield [name, kind, number, bout["start_s"], bout["end_s"], len(bout["steps"]), *told, ""]


def _lines(recording: dict[str, Any]) -> list[str]:
    """A recording for people to read."""
    lines = [f"\n{recording['recording']}"]
    lines += [f"  put right: {repair['words']}" for repair in recording["repairs"]]
    if "days" in recording:
        return [
            *lines,
            *(f"  {d['day']}  {d['code']:<22}{d['value']:>10.2f} {d['unit']}" for d in recording["days"]),
        ]
    lines += [f"  note: {flag['words']}" for flag in recording["flags"]]
    if "summary" in recording:
        return [*lines, *(_finding(row) for row in recording["summary"])]
    lines.append("  " + "".join(f"{head:>10}" for head in HEADS))
    for number, bout in enumerate(recording["bouts"], start=1):
        seconds = bout["end_s"] - bout["start_s"]
        facts = [f"{number}", f"{bout['start_s']:.1f}", f"{seconds:.1f}", f"{len(bout['steps'])}"]
        facts += [_value(bout["measures"].get(code)) for code in TOLD]
        lines.append("  " + "".join(f"{fact:>10}" for fact in facts))
    if not recording["bouts"]:
        lines.append("  No walking was found.")
    return lines


def _finding(row: dict[str, Any]) -> str:
    return f"  {row['name']:<32}{row['value']:>10.4g} {row['unit']:<6}{row['place']}"


def _value(measure: dict[str, Any] | None) -> str:
    if measure is None or measure["value"] is None:
        return "–"
    return f"{measure['value']:.2f}"
