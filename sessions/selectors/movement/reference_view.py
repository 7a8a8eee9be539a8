"""The reference contraction of a laboratory recording: what amounts are relative to, what may be chosen."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sessions.errors import RecordingNotFound
from sessions.models import Recording
from sessions.selectors.access import as_uuid
from sessions.selectors.movement.access import recordings_for

MOST_CHOICES = 100


@dataclass(frozen=True, slots=True)
class Choice:
    """A recording of the patient that may be the reference."""

    ref: UUID
    recording: Recording
    is_own: bool
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class ReferenceView:
    """`told`: what the amounts that are shown were worked out against; empty without a reference."""

    told: str
    told_ref: str
    choices: tuple[Choice, ...]
    start: str
    end: str


def reference_view(recording: Recording) -> ReferenceView | None:
    """None for a recording without muscle signals."""
    result = recording.result if isinstance(recording.result, dict) else {}
    if recording.modality != Recording.Modality.LAB or not _has_emg(result):
        return None
    told = result.get("reference")
    told = told if isinstance(told, dict) else {}
    return ReferenceView(
        told=_words(told),
        told_ref="" if told.get("is_own") else str(told.get("ref", "")),
        choices=_choices(recording),
        start=_seconds(recording.reference_start_s),
        end=_seconds(recording.reference_end_s),
    )


def reference_of(recording: Recording, ref: str) -> Recording:
    """The lab recording of the same patient with this ref. Raises RecordingNotFound for any other."""
    asked = as_uuid(ref, RecordingNotFound)
    patient = recording.patient
    mine = recordings_for(patient).filter(modality=Recording.Modality.LAB) if patient else None
    found = mine.exclude(file_key="").filter(ref=asked).first() if mine is not None else None
    if found is None:
        raise RecordingNotFound
    return found


def _has_emg(result: Mapping[str, Any]) -> bool:
    contents = result.get("contents")
    return isinstance(contents, dict) and bool(contents.get("emg_channels"))


def _words(told: Mapping[str, Any]) -> str:
    if not told:
        return ""
    start, end = told.get("start_s"), told.get("end_s")
    part = "" if start is None or end is None else f"{_seconds(start)} to {_seconds(end)} s of "
    where = "this recording" if told.get("is_own") else f"“{told.get('title') or 'Lab measurement'}”"
    return f"the reference contraction in {part}{where}"


def _seconds(value: float | None) -> str:
    return "" if value is None else f"{value:g}"


def _choices(recording: Recording) -> tuple[Choice, ...]:
    if recording.patient is None:
        return ()
    labs = recordings_for(recording.patient).filter(modality=Recording.Modality.LAB).exclude(file_key="")
    others = list(labs.exclude(pk=recording.pk).defer("result")[:MOST_CHOICES])
    return tuple(
        Choice(one.ref, one, one.pk == recording.pk, one.pk == recording.reference_id)
        for one in (recording, *others)
    )
