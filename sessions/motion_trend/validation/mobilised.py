"""Mobilise-D's example recordings: a lower-back sensor beside the INDIP reference; read with scipy."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sessions.motion_trend.types import GRAVITY_M_S2, Placement, SensorSignal
from sessions.motion_trend.validation.errors import BadData

REFERENCE = "INDIP"
FIELDS = {"cohort", "pid", "test", "trial", "start", "end", "cad", "sl", "ws", "height"}


@dataclass(frozen=True, slots=True)
class ReferenceBout:
    """What the reference measured in one walking bout; s since the trial's start; NaN where it did not."""

    person: str
    trial: str
    start_s: float
    end_s: float
    cadence_spm: float
    stride_length_m: float
    walking_speed_m_s: float

    @property
    def duration_s(self) -> float:
        """How long it lasted."""
        return self.end_s - self.start_s


@dataclass(frozen=True, slots=True)
class ReferenceContacts:
    """The reference's initial contacts of one trial: times_s[K] and sides ("left", "right")."""

    times_s: NDArray[np.float64]
    sides: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Trial:
    """One recording of one person, with its reference bouts and contacts."""

    person: str
    name: str
    height_m: float
    signal: SensorSignal
    bouts: tuple[ReferenceBout, ...]
    contacts: ReferenceContacts


def read_trials(folder: Path) -> Iterator[Trial]:
    """All trials with reference bouts under `folder`/mobilised, of people who are there. Raises BadData."""
    root = folder / "mobilised"
    by_person = _rows_by_person(root / "reference_bouts.json")
    for person, rows in sorted(by_person.items()):
        if (root / person).is_dir():
            yield from _trials_of(root / person, person, rows)


def absent_people(folder: Path) -> list[str]:
    """People with reference bouts whose recordings are not there. Raises BadData."""
    root = folder / "mobilised"
    people = _rows_by_person(root / "reference_bouts.json")
    return [f"mobilised/{person}" for person in sorted(people) if not (root / person).is_dir()]


def _rows_by_person(index: Path) -> dict[str, list[dict[str, Any]]]:
    """The rows of reference_bouts.json by cohort/person."""
    by_person: dict[str, list[dict[str, Any]]] = defaultdict(list)
    try:
        for row in json.loads(index.read_text()):
            if not row.keys() >= FIELDS:
                raise BadData(index, f"has a bout without {', '.join(sorted(FIELDS - row.keys()))}")
            by_person[f"{row['cohort']}/{row['pid']}"].append(row)
    except (OSError, json.JSONDecodeError, UnicodeDecodeError, AttributeError, TypeError) as wrong:
        raise BadData(index, "is not a list of reference bouts") from wrong
    return by_person


def _trials_of(folder: Path, person: str, rows: list[dict[str, Any]]) -> Iterator[Trial]:
    data = _loaded(folder / "data.mat")
    for name in sorted({f"{row['test']}/{row['trial']}" for row in rows}):
        test, trial = name.split("/")
        found = next((held for held in (_held(m, test, trial) for m in data) if held is not None), None)
        if found is None:
            raise BadData(folder / "data.mat", f"has no {name}")
        signal = _signal(found, folder / "data.mat")
        chosen = [row for row in rows if f"{row['test']}/{row['trial']}" == name]
        yield Trial(
            person,
            name,
            float(chosen[0]["height"]),
            signal,
            tuple(_bout(row, person, name, signal.sampling_rate_hz) for row in chosen),
            _contacts(found),
        )


def _loaded(path: Path) -> list[Any]:
    """The measurements of a data.mat."""
    from scipy.io import loadmat
    from scipy.io.matlab import MatReadError

    try:
        held = loadmat(path, squeeze_me=True, struct_as_record=False)["data"]
    except (OSError, KeyError, ValueError, NotImplementedError, MatReadError) as wrong:
        raise BadData(path, "cannot be read") from wrong
    return [getattr(held, field) for field in held._fieldnames]


def _held(measurement: Any, test: str, trial: str) -> Any | None:
    return getattr(getattr(measurement, test, None), trial, None)


def _signal(trial: Any, path: Path) -> SensorSignal:
    try:
        sensor = trial.SU.LowerBack
        rate_hz = float(sensor.Fs.Acc)
        acceleration = (np.asarray(sensor.Acc) * GRAVITY_M_S2).astype(np.float32)
        turning = np.radians(np.asarray(sensor.Gyr)).astype(np.float32)
    except AttributeError as wrong:
        raise BadData(path, "has no lower-back sensor") from wrong
    return SensorSignal(
        np.arange(len(acceleration)) / rate_hz, acceleration, turning, rate_hz, Placement.LOWER_BACK
    )


def _bout(row: dict[str, Any], person: str, trial: str, rate_hz: float) -> ReferenceBout:
    return ReferenceBout(
        person,
        trial,
        float(row["start"]) / rate_hz,
        float(row["end"]) / rate_hz,
        _number(row["cad"]),
        _number(row["sl"]),
        _number(row["ws"]),
    )


def _number(value: Any) -> float:
    return float("nan") if value is None else float(value)


def _contacts(trial: Any) -> ReferenceContacts:
    """INDIP's contacts of all continuous walking; empty where there are none."""
    reference = getattr(getattr(trial, "Standards", None), REFERENCE, None)
    times: list[float] = []
    sides: list[str] = []
    for bout in np.atleast_1d(getattr(reference, "ContinuousWalkingPeriod", [])):
        events = np.atleast_1d(getattr(bout, "InitialContact_Event", [])).astype(float)
        labels = np.atleast_1d(getattr(bout, "InitialContact_LeftRight", []))
        for time_s, side in zip(events, labels, strict=False):
            if np.isfinite(time_s):
                times.append(float(time_s))
                sides.append("left" if str(side).startswith("L") else "right")
    return ReferenceContacts(np.array(times), tuple(sides))
