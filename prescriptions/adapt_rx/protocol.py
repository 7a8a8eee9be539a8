"""The fixed progression protocol: phases, criteria and one step at a time, as clinics do it today.

The shipped one (`protocol/shipped.json`) was frozen before the learner was tuned; a clinic edits its own
copy. It moves only inside the safety mask, so it is the first answer and the fallback of everything else.
"""

from __future__ import annotations

import json
import math
import operator
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray

from prescriptions.adapt_rx.ladders import Ladder
from prescriptions.adapt_rx.layout import COLUMN, TRIGGERS, contexts_array
from prescriptions.adapt_rx.protocol_steps import STEPS, StepTables, step_tables
from prescriptions.adapt_rx.types import FEATURE_NAMES, Action, Context, Trigger

Floats = NDArray[np.float64]
Truths = NDArray[np.bool_]
Places = NDArray[np.int64]

# The record compares the dose with that of seven days ago, so a review is weekly and nothing else.
REVIEW_DAYS = 7
MOST_PHASES, MOST_CRITERIA, LONGEST_WORDS = 6, 20, 300
COMPARE: dict[str, Callable[[Floats, Floats], Truths]] = {
    "at_least": operator.ge,
    "at_most": operator.le,
    "over": operator.gt,
    "under": operator.lt,
}
NUMBERS = {"restart_repetitions": (1, 60), "target_repetitions": (1, 60), "target_sets": (1, 10)}


class ProtocolRefused(ValueError):
    """A protocol that cannot be used: every fault, in plain words."""

    def __init__(self, faults: Sequence[str]) -> None:
        super().__init__(" ".join(faults))
        self.faults = tuple(faults)


@dataclass(frozen=True, slots=True)
class Criterion:
    """`measure` compared with `value`. `when_unknown`: "hold" or "pass", when nobody knows the measure.

    A measure that is no finite number counts as not known.
    """

    measure: str
    compare: str
    value: float
    words: str
    source: str
    when_unknown: str = "hold"


@dataclass(frozen=True, slots=True)
class Phase:
    """In force from when all of `enter_when` hold; the last such phase counts. `steps` in order of choice."""

    code: str
    title: str
    enter_when: tuple[Criterion, ...]
    steps: tuple[str, ...]
    progress_when: tuple[Criterion, ...]


@dataclass(frozen=True, eq=False)
class Protocol:
    """A protocol that was checked; `spec` is what it was read from. Equal to itself only."""

    code: str
    version: int
    title: str
    summary: str
    restart_repetitions: int
    target_repetitions: int
    target_sets: int
    step_back_when: tuple[Criterion, ...]
    phases: tuple[Phase, ...]
    sources: dict[str, str]
    spec: dict[str, Any] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Verdicts:
    """Of P patients: `phase`, whether to step `back`, whether `ready` for a step up and whether the dose was
    `reviewed` (the same for a week), (P,) each; and which criteria hold, (P, N).
    """

    phase: Places
    back: Truths
    ready: Truths
    reviewed: Truths
    holds: Truths


@dataclass(frozen=True)
class _Compiled:
    """All criteria of a protocol as arrays (N,), so that one comparison answers them all."""

    columns: Places
    values: Floats
    compares: tuple[tuple[Callable[[Floats, Floats], Truths], Places], ...]
    passes_unknown: Truths
    back: Places
    enter: tuple[Places, ...]
    progress: tuple[Places, ...]


@cache
def shipped_protocol() -> Protocol:
    """The frozen protocol that every clinic starts with; the same object at each call."""
    return parse_protocol(json.loads((files(__package__) / "protocol" / "shipped.json").read_text("utf-8")))


def parse_protocol(spec: Any) -> Protocol:
    """Check and read a protocol. Raises ProtocolRefused with every fault that was found."""
    faults: list[str] = []
    if not isinstance(spec, dict):
        raise ProtocolRefused(["The protocol is not a set of named parts."])
    sources = _sources(spec.get("sources"), faults)
    numbers = {name: _whole(spec, name, limits, faults) for name, limits in NUMBERS.items()}
    version = _whole(spec, "version", (1, 1_000_000), faults)
    if spec.get("review_days") != REVIEW_DAYS:
        faults.append("review_days must be 7: the dose is compared with that of seven days ago.")
    if numbers["restart_repetitions"] > numbers["target_repetitions"]:
        faults.append("restart_repetitions must not be more than target_repetitions.")
    texts = {name: _text(spec, name, "the protocol", faults) for name in ("code", "title", "summary")}
    back = _criteria(spec.get("step_back_when"), "step_back_when", sources, faults)
    if not back:
        faults.append("step_back_when needs at least one criterion.")
    phases = _phases(spec.get("phases"), sources, faults)
    if faults:
        raise ProtocolRefused(faults)
    return Protocol(
        code=texts["code"],
        title=texts["title"],
        summary=texts["summary"],
        restart_repetitions=numbers["restart_repetitions"],
        target_repetitions=numbers["target_repetitions"],
        target_sets=numbers["target_sets"],
        version=version,
        step_back_when=back,
        phases=phases,
        sources=sources,
        spec=spec,
    )


def phase_array(contexts: Floats, protocol: Protocol) -> Places:
    """Shape (P,): the place of the phase that each patient is in, from 0."""
    holds, _ = _answered(contexts, protocol)
    return _phase_of_rows(holds, protocol)


def phase_of(context: Context, protocol: Protocol) -> int:
    """What `Context.phase` should hold."""
    return int(phase_array(contexts_array([context]), protocol)[0])


def protocol_array(
    ladder: Ladder,
    contexts: Floats,
    current: Places,
    allowed: Truths,
    protocol: Protocol,
    *,
    verdicts: Verdicts | None = None,
) -> Places:
    """Shape (P,): the protocol's action of each patient, as a place in the ladder's actions.

    `allowed` (P, A) is the mask's answer for the same rows; the protocol never leaves it. `verdicts`: what
    `judge` said of the same rows, where the caller has it.
    """
    verdicts = verdicts or judge(ladder, contexts, current, protocol)
    rises = verdicts.ready & ~verdicts.back & verdicts.reviewed
    place = np.where((current >= 0) & (current < allowed.shape[1] - 1), current, 0)
    chosen = np.full(len(place), -1, dtype=np.int64)

    def choose(rows: Truths, candidates: Places) -> None:
        at = np.flatnonzero(rows & (chosen < 0))
        if len(at):
            chosen[at] = _first_allowed(candidates[place[at]], allowed[at])

    for number in np.unique(verdicts.phase[rises]):
        table = _tables(ladder, protocol, int(number))
        choose(rises & (verdicts.phase == number), table.forward)
    choose(~verdicts.back, np.arange(allowed.shape[1])[:, None])
    choose(chosen < 0, _tables(ladder, protocol, 0).back)
    rest = np.flatnonzero(chosen < 0)
    if len(rest):
        chosen[rest] = _nearest_easier(ladder, place[rest], allowed[rest])
    return chosen


def protocol_action(
    ladder: Ladder, current: Action, context: Context, protocol: Protocol, allowed: Sequence[Action]
) -> tuple[Action, str]:
    """The protocol's action among `allowed` (a Mask's), and why, in words.

    Raises KeyError when `allowed` holds a dose that is not on the ladder, ValueError when it is empty.
    """
    if not allowed:
        raise ValueError("the mask is never empty")
    row = np.zeros((1, len(ladder.actions())), dtype=np.bool_)
    row[0, [ladder.index(one) for one in allowed]] = True
    contexts = contexts_array([context])
    place = np.array([ladder.find(current)])
    verdicts = judge(ladder, contexts, place, protocol)
    chosen = ladder.actions()[protocol_array(ladder, contexts, place, row, protocol, verdicts=verdicts)[0]]
    return chosen, protocol_words(ladder, contexts, place, chosen, protocol, verdicts=verdicts)


@cache
def _compiled(protocol: Protocol) -> _Compiled:
    groups = [
        protocol.step_back_when,
        *(one.enter_when for one in protocol.phases),
        *(one.progress_when for one in protocol.phases),
    ]
    every = [one for group in groups for one in group]
    ends = np.cumsum([len(group) for group in groups])
    places = [np.arange(end - len(group), end) for group, end in zip(groups, ends, strict=True)]
    names = np.array([one.compare for one in every])
    phases = len(protocol.phases)
    return _Compiled(
        columns=np.array([COLUMN[one.measure] for one in every]),
        values=np.array([one.value for one in every]),
        compares=tuple((compare, np.flatnonzero(names == name)) for name, compare in COMPARE.items()),
        passes_unknown=np.array([one.when_unknown == "pass" for one in every]),
        back=places[0],
        enter=tuple(places[1 : 1 + phases]),
        progress=tuple(places[1 + phases :]),
    )


def judge(ladder: Ladder, contexts: Floats, current: Places, protocol: Protocol) -> Verdicts:
    """What the protocol's criteria say of P patients, before the mask is asked."""
    criteria = _compiled(protocol)
    holds, known = _answered(contexts, protocol)
    # Nobody steps back because something is not known: for that there is the mask.
    back = (holds & known)[:, criteria.back].any(axis=1)
    back |= contexts[:, COLUMN["trigger"]] != TRIGGERS.index(Trigger.NONE)
    phase = _phase_of_rows(holds, protocol)
    ready = np.zeros(len(contexts), dtype=np.bool_)
    for number, progress in enumerate(criteria.progress):
        ready |= (phase == number) & holds[:, progress].all(axis=1)
    return Verdicts(phase, back, ready, _reviewed(ladder, contexts, current), holds)


def _answered(contexts: Floats, protocol: Protocol) -> tuple[Truths, Truths]:
    """Whether each criterion holds, and whether its measure is known, (P, N) each."""
    criteria = _compiled(protocol)
    values = contexts[:, criteria.columns]
    known = np.isfinite(values)
    holds = np.empty(values.shape, dtype=np.bool_)
    for compare, at in criteria.compares:
        holds[:, at] = compare(values[:, at], criteria.values[at])
    return np.where(known, holds, criteria.passes_unknown), known


def _phase_of_rows(holds: Truths, protocol: Protocol) -> Places:
    phase = np.zeros(len(holds), dtype=np.int64)
    for number, enter in enumerate(_compiled(protocol).enter):
        phase[holds[:, enter].all(axis=1)] = number
    return phase


def _reviewed(ladder: Ladder, contexts: Floats, current: Places) -> Truths:
    """Whether the dose has been the same for a week, so that a step up may be thought of."""
    inside = np.where((current >= 0) & (current < len(ladder.actions())), current, 0)
    load, rung = ladder.loads[inside], ladder.table()[inside, 0]
    with np.errstate(invalid="ignore"):
        same_load = np.abs(contexts[:, COLUMN["load_seven_days_ago"]] - load) <= 1e-6 * load
    same: Truths = same_load & (contexts[:, COLUMN["rung_seven_days_ago"]] == rung)
    return same


@cache
def _tables(ladder: Ladder, protocol: Protocol, phase: int) -> StepTables:
    return step_tables(
        ladder,
        protocol.phases[phase].steps,
        restart=protocol.restart_repetitions,
        target=protocol.target_repetitions,
        target_sets=protocol.target_sets,
    )


def _first_allowed(candidates: Places, allowed: Truths) -> Places:
    """The first of each row's candidates (n, C), -1 for none, that its mask (n, A) allows; -1 without any."""
    rows = np.arange(len(candidates))
    open_ones = (candidates >= 0) & allowed[rows[:, None], candidates]
    found: Places = candidates[rows, open_ones.argmax(axis=1)]
    return np.asarray(np.where(open_ones.any(axis=1), found, -1))


def _nearest_easier(ladder: Ladder, place: Places, allowed: Truths) -> Places:
    """Rest where it is allowed, else the heaviest allowed dose that is not heavier, else the lightest."""
    loads = ladder.loads
    easier = allowed & (loads <= loads[place][:, None])
    heaviest = np.where(easier, loads, -1.0).argmax(axis=1)
    lightest = np.where(allowed, loads, np.inf).argmin(axis=1)
    chosen = np.where(easier.any(axis=1), heaviest, lightest)
    return np.asarray(np.where(allowed[:, -1], allowed.shape[1] - 1, chosen), dtype=np.int64)


def protocol_words(
    ladder: Ladder,
    contexts: Floats,
    current: Places,
    chosen: Action,
    protocol: Protocol,
    *,
    verdicts: Verdicts,
) -> str:
    """Why the protocol came to `chosen`, of one row of contexts."""
    criteria = _compiled(protocol)
    number = int(verdicts.phase[0])
    phase, holds = protocol.phases[number], verdicts.holds[0]
    if verdicts.back[0]:
        causes = [
            one.words
            for one, place in zip(protocol.step_back_when, criteria.back, strict=True)
            if holds[place] and np.isfinite(contexts[0, COLUMN[one.measure]])
        ]
        return f"Step back: {'; '.join(causes) or _warned(contexts)}."
    unmet = [
        one.words
        for one, place in zip(phase.progress_when, criteria.progress[number], strict=True)
        if not holds[place]
    ]
    if not verdicts.reviewed[0]:
        unmet.insert(0, "a week at the same dose")
    if unmet:
        return f"Not yet met in the phase “{phase.title}”: {'; '.join(unmet)}."
    if ladder.find(chosen) == int(current[0]):
        return f"All that the phase “{phase.title}” asks is met, but no step up is open."
    return f"All that the phase “{phase.title}” asks is met: one step up."


def _warned(contexts: Floats) -> str:
    is_red_flag = contexts[0, COLUMN["trigger"]] == TRIGGERS.index(Trigger.RED_FLAG)
    return "a red flag is open" if is_red_flag else "the pain rule was broken"


def _sources(source: Any, faults: list[str]) -> dict[str, str]:
    if not isinstance(source, list) or not source:
        faults.append("sources must be a list with at least one source.")
        return {}
    found = {}
    for one in source:
        if (
            not isinstance(one, dict)
            or not isinstance(one.get("id"), str)
            or not isinstance(one.get("text"), str)
        ):
            faults.append("Each source needs an id and a text.")
        else:
            found[one["id"]] = one["text"]
    return found


def _phases(source: Any, sources: dict[str, str], faults: list[str]) -> tuple[Phase, ...]:
    if not isinstance(source, list) or not 1 <= len(source) <= MOST_PHASES:
        faults.append(f"phases must be a list of 1 to {MOST_PHASES} phases.")
        return ()
    phases = [_phase(one, f"phase {number}", sources, faults) for number, one in enumerate(source, start=1)]
    if phases[0] and phases[0].enter_when:
        faults.append("The first phase must have no enter_when: everybody starts there.")
    return tuple(one for one in phases if one)


def _phase(source: Any, where: str, sources: dict[str, str], faults: list[str]) -> Phase | None:
    if not isinstance(source, dict):
        faults.append(f"{where.capitalize()} is not a set of named parts.")
        return None
    steps = source.get("steps")
    if not isinstance(steps, list) or not all(one in STEPS for one in steps) or len(set(steps)) != len(steps):
        faults.append(f"In {where}, steps must be a list of these, each once: {', '.join(STEPS)}.")
        steps = []
    progress = _criteria(source.get("progress_when"), f"progress_when of {where}", sources, faults)
    if not any(one.measure in ("pain_after", "pain_before") for one in progress):
        faults.append(f"In {where}, progress_when needs a criterion on pain.")
    return Phase(
        code=_text(source, "code", where, faults),
        title=_text(source, "title", where, faults),
        enter_when=_criteria(source.get("enter_when"), f"enter_when of {where}", sources, faults),
        steps=tuple(steps),
        progress_when=progress,
    )


def _criteria(source: Any, where: str, sources: dict[str, str], faults: list[str]) -> tuple[Criterion, ...]:
    if not isinstance(source, list) or len(source) > MOST_CRITERIA:
        faults.append(f"{where} must be a list of at most {MOST_CRITERIA} criteria.")
        return ()
    read = [_criterion(one, where, sources, faults) for one in source]
    return tuple(one for one in read if one)


def _criterion(source: Any, where: str, sources: dict[str, str], faults: list[str]) -> Criterion | None:
    if not isinstance(source, dict):
        faults.append(f"A criterion in {where} is not a set of named parts.")
        return None
    before = len(faults)
    measure = source.get("measure")
    if measure not in FEATURE_NAMES or measure == "phase":
        faults.append(f"In {where}, “{str(measure)[:40]}” is not something that is measured.")
    compares = [name for name in COMPARE if name in source]
    value = source.get(compares[0]) if len(compares) == 1 else None
    if not isinstance(value, (int, float)) or isinstance(value, bool) or not math.isfinite(value):
        faults.append(f"In {where}, each criterion needs one of {', '.join(COMPARE)} with a number.")
    when_unknown = source.get("when_unknown", "hold")
    if when_unknown not in ("hold", "pass"):
        faults.append(f"In {where}, when_unknown must be hold or pass.")
    if source.get("source") not in sources:
        faults.append(f"In {where}, a criterion names no source of the list.")
    words = _text(source, "words", where, faults)
    if len(faults) > before or not isinstance(value, (int, float)):
        return None
    return Criterion(str(measure), compares[0], float(value), words, str(source["source"]), str(when_unknown))


def _whole(spec: dict[str, Any], name: str, limits: tuple[int, int], faults: list[str]) -> int:
    value = spec.get(name)
    if isinstance(value, bool) or not isinstance(value, int) or not limits[0] <= value <= limits[1]:
        faults.append(f"{name} must be a whole number from {limits[0]} to {limits[1]}.")
        return limits[0]
    return value


def _text(spec: dict[str, Any], name: str, where: str, faults: list[str]) -> str:
    value = spec.get(name)
    longest = LONGEST_WORDS * 3 if name == "summary" else LONGEST_WORDS
    if not isinstance(value, str) or not value.strip() or len(value) > longest:
        faults.append(f"In {where}, {name} must be a text of at most {longest} characters.")
        return ""
    return value
