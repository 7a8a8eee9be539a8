"""The people of the demo, read from cast.json: every name, date and course of recovery there is made up."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

CAST_FILE = Path(__file__).with_name("cast.json")
Values = tuple[float, float, float]


@dataclass(frozen=True)
class Dose:
    """One line of a plan; `fault` is the compensation that this person tends to show."""

    code: str
    sets: int = 2
    repetitions: int = 8
    side: str = "both"
    days_per_week: int = 3
    rest_s: int = 30
    resistance: str = ""
    note: str = ""
    fault: str = ""


@dataclass(frozen=True)
class Course:
    """How the weeks went, as values at the first, the turning and the last week.

    pain: usual pain before exercise, 0–10. poor: share of repetitions with a compensation, 0–1.
    kept: share of the planned days with exercise. `turn` is the week (from 0) of the middle values.
    """

    pain: Values
    poor: Values
    kept: Values
    turn: int = 4
    weeks: int = 8


@dataclass(frozen=True)
class Said:
    """A line of the message thread, `days_ago` at `clock`."""

    days_ago: int
    clock: str
    by: str
    words: str


@dataclass(frozen=True)
class Stopped:
    """A Stop: when, which boxes were ticked, and the patient's own words."""

    days_ago: int
    clock: str
    ticked: tuple[str, ...]
    words: str = ""


@dataclass(frozen=True)
class DemoPatient:
    """One made-up patient of one therapist, with a plan and a past.

    `seen` is the therapist's comment on the newest session; `account` the e-mail that the demo prints.
    A `shared` patient is also the assistant's. `first_dose_more`: repetitions above today's dose at first.
    `worse_days_ago`: when walking suddenly became slower, by `worse_share` of its speed.
    """

    therapist: str
    clinic: str
    given: str
    family: str
    born: int
    sex: str
    title: str
    region: str
    laterality: str
    onset_weeks: int
    doses: tuple[Dose, ...]
    course: Course | None
    seed: int
    precautions: str = ""
    surgery_weeks: int | None = None
    note: str = ""
    clock: str = "18:10"
    said: tuple[Said, ...] = ()
    stopped: Stopped | None = None
    seen: str = ""
    account: str = ""
    consents: tuple[str, ...] = ("camera",)
    last_days_ago: int = 2
    shared: bool = False
    first_dose_more: int = -2
    worse_days_ago: int | None = None
    worse_share: float = 0.0

    @property
    def name(self) -> str:
        return f"{self.given} {self.family}"


@cache
def cast() -> tuple[DemoPatient, ...]:
    """Everybody, in the order of the file."""
    return tuple(_read(entry) for entry in json.loads(CAST_FILE.read_text(encoding="utf-8")))


def caseload_of(therapist: str) -> tuple[DemoPatient, ...]:
    """The made-up patients of one therapist, by e-mail."""
    return tuple(patient for patient in cast() if patient.therapist == therapist)


def _read(entry: dict[str, Any]) -> DemoPatient:
    course, stopped = entry["course"], entry.get("stopped")
    return DemoPatient(
        **{
            **entry,
            "doses": tuple(Dose(**dose) for dose in entry["doses"]),
            "course": course and Course(**{name: _frozen(value) for name, value in course.items()}),
            "said": tuple(Said(**line) for line in entry.get("said", [])),
            "stopped": stopped and Stopped(**{name: _frozen(value) for name, value in stopped.items()}),
            "consents": tuple(entry.get("consents", ["camera"])),
        }
    )


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
