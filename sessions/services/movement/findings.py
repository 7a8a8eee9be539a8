"""What the science says about a recording: read, measured, and written as rows, without saving anything.

The heavy libraries are imported here and only here, inside the functions: a web process never needs them.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from patients.local_time import local_day
from patients.models import Patient
from sessions import motion_files
from sessions.models import MovementMeasure, Recording, TimedTest, WalkingBout
from sessions.motion_trend.reading.errors import ReadingError
from sessions.motion_trend.types import ENGINE_VERSION, GaitResult, Placement, SensorSignal
from sessions.motion_trend.types import WalkingBout as FoundBout
from sessions.motion_trend.wear import WearTime
from sessions.services.movement.days import RANKS
from sessions.services.movement.plain_json import finite, plain

if TYPE_CHECKING:
    from sessions.motion_trend.lab import LabFile
    from sessions.motion_trend.timed.types import TimedResult

MOST_STRETCHES = 5000
# What is read whole must fit into memory: several sensors at once for two days; a test takes minutes.
MOST_SAMPLES_AT_ONCE = 40_000_000
LONGEST_TEST_S = 3600.0
TOO_LONG = "This recording is too long to be analysed at once."
FEET = (Placement.LEFT_FOOT, Placement.RIGHT_FOOT)
TESTS = (
    Recording.Activity.WALK_10M,
    Recording.Activity.CHAIR_STAND_30S,
    Recording.Activity.TUG,
)


@dataclass(frozen=True, slots=True)
class Findings:
    """Unsaved rows and the summary that is kept with the recording."""

    result: dict[str, Any]
    quality: dict[str, Any] = field(default_factory=dict)
    bouts: tuple[WalkingBout, ...] = ()
    tests: tuple[TimedTest, ...] = ()
    measures: tuple[MovementMeasure, ...] = ()


def basis_of(recording: Recording) -> dict[str, Any]:
    """What a result depends on: with the same basis it would come out the same."""
    return {
        "file": recording.file_sha256,
        "engine": ENGINE_VERSION,
        "activity": recording.activity,
        "placement": recording.placement,
        "height_cm": recording.patient.height_cm if recording.patient else None,
        "protocol": {
            name: recording.protocol[name] for name in ("go_s", "run_up_m") if name in recording.protocol
        },
        **_reference_basis(recording),
    }


def _reference_basis(recording: Recording) -> dict[str, Any]:
    reference = recording.reference
    if reference is None:
        return {}
    part = [recording.reference_start_s, recording.reference_end_s]
    return {"reference": [str(reference.ref), reference.file_sha256, *part]}


def find(recording: Recording) -> Findings:
    """Analyse a recording's file. Raises MotionFileCorrupt, ReadingError, and ValueError of the science."""
    if recording.modality == Recording.Modality.LAB:
        return _find_lab(recording)
    motion_files.verify(recording.file_key, sha256=recording.file_sha256)
    return _find_test(recording) if recording.activity in TESTS else _find_gait(recording)


def height_of(patient: Patient | None) -> float | None:
    """A patient's height in metres, where it is known."""
    return patient.height_cm / 100 if patient and patient.height_cm else None


def _find_gait(recording: Recording) -> Findings:
    from sessions.motion_trend import gait

    height_m = height_of(recording.patient)
    placement = _one_placement(recording)
    wear = WearTime()
    if placement is None:
        if recording.sample_count > MOST_SAMPLES_AT_ONCE:
            raise ReadingError(recording.title, None, TOO_LONG, "Send a day at a time.")
        signals = motion_files.read_signals(recording.file_key)
        wear.push(signals[0])
        found = gait.analyse_gait(signals, height_m=height_m)
    else:
        pieces = _pieces(recording, placement, wear)
        found = gait.analyse_stream(pieces, placement=placement, height_m=height_m)
    bouts = tuple(_bout_row(recording, bout, index) for index, bout in enumerate(found.bouts))
    worn = [[round(start, 1), round(end, 1)] for start, end in wear.worn()]
    result = _gait_summary(found) | {"worn": worn[:MOST_STRETCHES], "wear_s": round(wear.worn_s(), 1)}
    return Findings(result=plain(result), quality=plain(found.quality), bouts=bouts)


def _pieces(recording: Recording, placement: Placement, wear: WearTime) -> Iterator[SensorSignal]:
    """One sensor's pieces as they are read, so that a day is analysed in constant memory."""
    for piece in motion_files.iter_pieces(recording.file_key):
        wear.push(piece)
        yield replace(piece, placement=placement)


def _gait_summary(found: GaitResult) -> dict[str, Any]:
    """A result without its bouts, which are rows of their own."""
    summary = found.to_dict()
    summary.pop("bouts")
    steps = sum(len(bout.steps) for bout in found.bouts)
    walking_s = sum(bout.duration_s for bout in found.bouts)
    return {
        "kind": "gait",
        **summary,
        "bout_count": len(found.bouts),
        "step_count": steps,
        "walking_s": walking_s,
    }


def _bout_row(recording: Recording, bout: FoundBout, index: int) -> WalkingBout:
    started = recording.started_at or recording.created_at
    told = plain(bout.to_dict())
    return WalkingBout(
        recording=recording,
        patient=recording.patient,
        index=index,
        started_at=started + timedelta(seconds=bout.start_s),
        ended_at=started + timedelta(seconds=bout.end_s),
        start_s=bout.start_s,
        end_s=bout.end_s,
        duration_s=bout.duration_s,
        step_count=len(bout.steps),
        placement=recording.placement or _best_placement(recording),
        walking_speed_m_s=_value(bout, "walking_speed_m_s"),
        cadence_spm=_value(bout, "cadence_spm"),
        stride_length_m=_value(bout, "stride_length_m"),
        measures=told["measures"],
        steps=told["steps"],
        flags=told["flags"],
    )


def _value(bout: FoundBout, code: str) -> float | None:
    measure = bout.measures.get(code)
    return None if measure is None else finite(measure.value)


def _one_placement(recording: Recording) -> Placement | None:
    """Where the recording's only sensor was worn; None for several sensors, and for feet."""
    sensors = recording.quality.get("sensors", [])
    if len(sensors) > 1:
        return None
    told = recording.placement or (sensors[0]["placement"] if sensors else "")
    placement = Placement(told) if told else Placement.UNKNOWN
    return None if placement in FEET else placement


def _best_placement(recording: Recording) -> str:
    """Of several sensors, the place that measures best."""
    places = [str(sensor.get("placement", "")) for sensor in recording.quality.get("sensors", [])]
    return min(places, key=lambda place: RANKS.get(place, len(RANKS)), default="")


def _find_test(recording: Recording) -> Findings:
    from sessions.motion_trend.timed import chair_stands, ten_metre_walk, timed_up_and_go

    if (recording.duration_s or 0.0) > LONGEST_TEST_S or recording.sample_count > MOST_SAMPLES_AT_ONCE:
        raise ReadingError(recording.title, None, TOO_LONG, "Send only the minutes of the test.")
    judges: dict[str, Callable[[SensorSignal, Mapping[str, Any]], TimedResult]] = {
        Recording.Activity.WALK_10M.value: lambda signal, how: ten_metre_walk(
            signal, acceleration_m=how.get("run_up_m", 0.0)
        ),
        Recording.Activity.CHAIR_STAND_30S.value: lambda signal, how: chair_stands(
            signal, start_s=how.get("go_s")
        ),
        Recording.Activity.TUG.value: lambda signal, how: timed_up_and_go(signal),
    }
    found = judges[recording.activity](motion_files.read_signal(recording.file_key), recording.protocol)
    test = _test_row(recording, found)
    return Findings(
        result=plain({**found.to_dict(), "kind": "timed", "test": found.kind}),
        tests=(test,),
        measures=_test_measures(recording, found),
    )


def _test_row(recording: Recording, found: "TimedResult") -> TimedTest:
    told = plain(found.to_dict())
    return TimedTest(
        patient=recording.patient,
        recording=recording,
        kind=found.kind,
        at=recording.started_at or recording.created_at,
        value=finite(found.value),
        unit=found.unit,
        low=finite(found.low),
        high=finite(found.high),
        phases=told["phases"],
        flags=told["flags"],
        norm=_norm_of(recording, found),
        withheld=found.withheld[:300],
    )


def _norm_of(recording: Recording, found: "TimedResult") -> dict[str, Any]:
    """What is usual at the patient's age and sex, and where this value lies."""
    from sessions.motion_trend.timed import norm_for

    patient = recording.patient
    # Norms of the 10-metre walk are of walking that has begun before the timing does.
    from_standing = any(flag.code == "standing_start" for flag in found.flags)
    if from_standing or patient is None or patient.birth_date is None:
        return {}
    on = local_day(patient, at=recording.started_at)
    norm = norm_for(found.kind, age_on(patient.birth_date, on), patient.sex)
    if norm is None:
        return {}
    told: dict[str, Any] = plain(norm.to_dict(found.value))
    return told


def age_on(born: date, on: date) -> int:
    """Whole years."""
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def _test_measures(recording: Recording, found: "TimedResult") -> tuple[MovementMeasure, ...]:
    value = finite(found.value)
    if value is None or recording.patient is None:
        return ()
    measure = MovementMeasure(
        patient=recording.patient,
        code=found.code,
        day=local_day(recording.patient, at=recording.started_at),
        value=value,
        low=finite(found.low),
        high=finite(found.high),
        unit=found.unit,
        n=1,
        origin=MovementMeasure.Origin.TIMED,
        recording=recording,
        device=recording.device,
        flags=[flag.to_dict() for flag in found.flags],
        circumstances={
            "activities": [recording.activity],
            "placements": [recording.placement] if recording.placement else [],
            "sources": [recording.source],
            "devices": [str(recording.device.ref)] if recording.device else [],
            "notes": [recording.note] if recording.note else [],
        },
    )
    return (measure,)


def _find_lab(recording: Recording) -> Findings:
    from sessions.motion_trend.lab import analyse_lab

    file = _lab_file(recording)
    against = _reference_of(recording, file)
    told = {} if against is None else {"reference": _reference_told(recording)}
    return Findings(result=plain({**analyse_lab(file, reference=against).to_dict(), "kind": "lab", **told}))


def _lab_file(recording: Recording) -> "LabFile":
    from sessions.motion_trend.lab import read_c3d

    motion_files.verify(recording.file_key, sha256=recording.file_sha256)
    with TemporaryDirectory(prefix="motion-") as folder:
        path = Path(folder) / "measurement.c3d"
        motion_files.fetch_file(recording.file_key, path)
        return read_c3d(path, name=recording.title or path.name)


def _reference_of(recording: Recording, own: "LabFile") -> "LabFile | None":
    """The reference contraction that a therapist chose: another file, or a part of one."""
    reference = recording.reference
    if reference is None:
        return None
    file = own if reference.pk == recording.pk else _lab_file(reference)
    start_s, end_s = recording.reference_start_s, recording.reference_end_s
    return file if start_s is None or end_s is None else file.channels_between(start_s, end_s)


def _reference_told(recording: Recording) -> dict[str, Any]:
    reference = recording.reference
    if reference is None:
        return {}
    return {
        "ref": str(reference.ref),
        "title": reference.title,
        "is_own": reference.pk == recording.pk,
        "start_s": recording.reference_start_s,
        "end_s": recording.reference_end_s,
    }
