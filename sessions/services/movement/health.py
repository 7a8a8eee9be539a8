"""Daily values of health exports. Each export is kept as a small file; the days are drawn from all of them.

A later export says more about a day than an earlier one, so the latest wins; when it is deleted, the earlier
one speaks again.
"""

import json
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import zstandard
from django.db import transaction

from patients.models import Patient
from sessions import motion_files
from sessions.models import MovementMeasure, Recording
from sessions.motion_files import MotionFileCorrupt, StoredFile, Track
from sessions.motion_trend.metrics import METRICS
from sessions.motion_trend.reading.types import DailyValue


def write_values(key: str, values: Iterable[DailyValue]) -> tuple[StoredFile, date | None, date | None]:
    """Store an export's daily values as compressed lines; answers the file, the first and the last day."""
    days: list[date] = []
    count = 0
    with TemporaryDirectory(prefix="motion-") as folder:
        path = Path(folder) / "days.jsonl.zst"
        with path.open("wb") as raw, zstandard.ZstdCompressor(level=6).stream_writer(raw) as file:
            for value in values:
                if value.code not in METRICS:
                    continue
                file.write(_line(value))
                count += 1
                days = [min([*days, value.day]), max([*days, value.day])]
        digest, size = motion_files.digest_of(path)
        motion_files.store_file(key, path)
    motion_files.verify(key, sha256=digest)
    track = Track(name="health", placement="", sampling_rate_hz=0.0, has_gyroscope=False, sample_count=count)
    stored = StoredFile(key=key, sha256=digest, size_bytes=size, origin=None, tracks=(track,))
    return stored, (days[0] if days else None), (days[1] if days else None)


def read_values(recording: Recording) -> Iterator[DailyValue]:
    """The stored daily values of an export; raises MotionFileCorrupt."""
    motion_files.verify(recording.file_key, sha256=recording.file_sha256)
    with TemporaryDirectory(prefix="motion-") as folder:
        path = Path(folder) / "days.jsonl.zst"
        motion_files.fetch_file(recording.file_key, path)
        with path.open("rb") as raw, zstandard.ZstdDecompressor().stream_reader(raw) as file:
            try:
                lines = file.read().decode().splitlines()
            except (zstandard.ZstdError, UnicodeDecodeError) as error:
                raise MotionFileCorrupt("not_readable") from error
    return (_value(json.loads(line)) for line in lines)


def settle_health_days(patient: Patient) -> None:
    """Draw a patient's daily health values anew from every export that is kept. Twice changes nothing."""
    exports = Recording.objects.filter(
        patient=patient, modality=Recording.Modality.HEALTH, state=Recording.State.ANALYSED
    )
    newest: dict[tuple[str, date], MovementMeasure] = {}
    for export in exports.exclude(file_key="").order_by("id"):
        for value in read_values(export):
            newest[(value.code, value.day)] = _measure(patient, export, value)
    with transaction.atomic():
        Patient.objects.select_for_update().get(pk=patient.pk)
        MovementMeasure.objects.filter(patient=patient, origin=MovementMeasure.Origin.HEALTH).delete()
        MovementMeasure.objects.bulk_create(newest.values(), batch_size=2000)


def _measure(patient: Patient, export: Recording, value: DailyValue) -> MovementMeasure:
    return MovementMeasure(
        patient=patient,
        recording=export,
        code=value.code,
        day=value.day,
        value=value.value,
        unit=value.unit,
        n=value.n,
        origin=MovementMeasure.Origin.HEALTH,
        circumstances={"sources": [value.source] if value.source else []},
    )


def _line(value: DailyValue) -> bytes:
    told = [value.day.isoformat(), value.code, value.value, value.unit, value.n, value.source]
    return json.dumps(told).encode() + b"\n"


def _value(told: list[object]) -> DailyValue:
    day, code, value, unit, n, source = told
    return DailyValue(
        day=date.fromisoformat(str(day)),
        code=str(code),
        value=float(str(value)),
        unit=str(unit),
        n=int(str(n)),
        source=str(source),
    )
