"""The protocol, its versions and the reward's weights as rows of a page."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from prescriptions.adapt_rx.protocol import shipped_protocol
from prescriptions.adapt_rx.rewards import RewardWeights
from prescriptions.models import ProgressionProtocol
from prescriptions.protocol_words import (
    NUMBERS,
    STEPS,
    UNKNOWN,
    ChangedLine,
    changed_lines,
    limit_words,
    measure_of,
)

Spec = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class CriterionShown:
    measure: str
    limit: str
    unknown: str
    source: str


@dataclass(frozen=True, slots=True)
class PhaseShown:
    title: str
    steps: str
    enter: tuple[CriterionShown, ...]
    progress: tuple[CriterionShown, ...]


@dataclass(frozen=True, slots=True)
class ProtocolShown:
    title: str
    summary: str
    numbers: tuple[tuple[str, Any], ...]
    step_back: tuple[CriterionShown, ...]
    phases: tuple[PhaseShown, ...]
    sources: tuple[tuple[str, str], ...]


def shown_protocol(spec: Spec) -> ProtocolShown:
    """A protocol as it is read, its sources numbered."""
    places = {one["id"]: f"{place}" for place, one in enumerate(spec["sources"], start=1)}
    return ProtocolShown(
        title=spec["title"],
        summary=spec.get("summary", ""),
        numbers=tuple((words, spec[name]) for name, words in NUMBERS.items()),
        step_back=_criteria(spec["step_back_when"], places),
        phases=tuple(_phase(one, places) for one in spec["phases"]),
        sources=tuple((places[one["id"]], one["text"]) for one in spec["sources"]),
    )


def _phase(phase: Spec, places: Mapping[str, str]) -> PhaseShown:
    return PhaseShown(
        title=phase["title"],
        steps=", then ".join(STEPS.get(step, step) for step in phase["steps"]),
        enter=_criteria(phase["enter_when"], places),
        progress=_criteria(phase["progress_when"], places),
    )


def _criteria(criteria: list[dict[str, Any]], places: Mapping[str, str]) -> tuple[CriterionShown, ...]:
    return tuple(
        CriterionShown(
            measure=measure_of(one["measure"]).name,
            limit=limit_words(one),
            unknown=UNKNOWN.get(one.get("when_unknown", ""), ""),
            source=places.get(one.get("source", ""), ""),
        )
        for one in criteria
    )


def shown_version(version: ProgressionProtocol, before: ProgressionProtocol | None) -> dict[str, Any]:
    """What a version changed, against the one before it or the protocol as it ships."""
    changes: list[ChangedLine] = changed_lines(
        before.spec if before else shipped_protocol().spec, version.spec
    )
    return {
        "version": version,
        "before": f"version {before.number}" if before else "the protocol as it ships",
        "changes": changes,
    }


WEIGHTS = {
    "progress": ("Progress", "+", "one weekly step (a third) of what the patient can do"),
    "function": ("Function", "+", "the smallest important change of a function questionnaire"),
    "flare": ("Flare", "−", "one flare day in the week after"),
    "morning": ("Next morning", "−", "one point of pain over usual the next morning"),
    "dropout": ("Drop-out", "−", "a week in which none of the planned sessions were done"),
}


@dataclass(frozen=True, slots=True)
class WeightShown:
    name: str
    sign: str
    value: float
    words: str


def shown_weights(weights: RewardWeights) -> list[WeightShown]:
    """Each weight of the reward with what it counts."""
    return [
        WeightShown(name, sign, getattr(weights, code), words)
        for code, (name, sign, words) in WEIGHTS.items()
    ]
