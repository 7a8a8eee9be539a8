"""What is in force: the dose as an action, the ladder it stands on, the protocol and what was learned."""

import json
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from django.db.models import QuerySet

from clinic.model_register.selectors import active_model
from patients.models import Patient
from prescriptions.adapt_rx.ladders import Ladder, ladder_of, resistance_of
from prescriptions.adapt_rx.learner import Posterior, PosteriorUnreadable, is_tender, prior
from prescriptions.adapt_rx.protocol import Protocol, ProtocolRefused, parse_protocol, shipped_protocol
from prescriptions.adapt_rx.types import Action, Bounds
from prescriptions.dose import Dose
from prescriptions.models import (
    Exercise,
    ExerciseVersion,
    LearnerState,
    PrescribedExercise,
    ProgressionProtocol,
)
from prescriptions.selectors.adapting.loads import action_of
from prescriptions.selectors.library import current_versions
from prescriptions.selectors.plan import exercises_of

PRODUCT = "adapt_rx"
NO_LADDER = "No ladder: an exercise of this clinic's own."
SWITCHED_OFF = "Proposals are switched off for this exercise."
PINNED = "Pinned: it stays as it is."


@dataclass(frozen=True)
class DoseState:
    """A dose as AdaptRx sees it. `resistance_known` is False for a resistance in words of one's own: it is
    then never changed.
    """

    ladder: Ladder
    current: Action
    resistance_known: bool


@dataclass(frozen=True)
class ProtocolInForce:
    """`number` is 0 for the protocol as it ships. `set_aside`: a newer one that cannot be read."""

    number: int
    protocol: Protocol
    spec: dict[str, Any]
    row: ProgressionProtocol | None
    set_aside: ProgressionProtocol | None = None


@dataclass(frozen=True)
class LearnerInForce:
    """`row` is None while nothing was learned yet; `is_on` is False when the clinic has switched it off.

    `set_aside`: what was learned and cannot be used, damaged or of another release; learned again at night.
    """

    posterior: Posterior
    row: LearnerState | None
    is_on: bool
    set_aside: LearnerState | None = None


def dose_state_of(prescribed: PrescribedExercise) -> DoseState | None:
    """None for an exercise without a ladder."""
    return read_dose_state(prescribed.exercise.code, Dose.of(prescribed))


def read_dose_state(code: str, dose: Dose) -> DoseState | None:
    found = ladder_of(code)
    if found is None:
        return None
    ladder, rung = found
    known = resistance_of(ladder, rung, dose.resistance) is not None
    return DoseState(ladder=ladder, current=action_of(ladder, rung, dose), resistance_known=known)


def why_no_proposals(prescribed: PrescribedExercise, bounds: Bounds) -> str:
    """Why AdaptRx says nothing about this exercise, or an empty text."""
    if ladder_of(prescribed.exercise.code) is None:
        return NO_LADDER
    if bounds.pinned:
        return PINNED
    return "" if bounds.adaptive else SWITCHED_OFF


def protocol_in_force() -> ProtocolInForce:
    """The clinic's newest protocol, or the shipped one: also where the newest cannot be read."""
    row = protocols_written().first()
    shipped = shipped_protocol()
    if row is None:
        return ProtocolInForce(0, shipped, shipped.spec, None)
    try:
        protocol = _parsed(json.dumps(row.spec, sort_keys=True))
    except ProtocolRefused:
        return ProtocolInForce(row.number, shipped, shipped.spec, None, set_aside=row)
    return ProtocolInForce(row.number, protocol, row.spec, row)


@lru_cache(maxsize=64)
def _parsed(text: str) -> Protocol:
    """One object a protocol: what the science computes for it once is then found again."""
    return parse_protocol(json.loads(text))


def is_readable(row: ProgressionProtocol) -> bool:
    """Whether this release can read a protocol that the clinic wrote."""
    try:
        _parsed(json.dumps(row.spec, sort_keys=True))
    except ProtocolRefused:
        return False
    return True


def protocols_written() -> QuerySet[ProgressionProtocol]:
    """Every version that the clinic wrote, the newest first."""
    return ProgressionProtocol.objects.select_related("created_by").order_by("-number")


def learner_in_force() -> LearnerInForce:
    """What the clinic has learned, or the released prior, and whether it may decide."""
    row = learner_states().first()
    posterior = read_posterior(row)
    if row is None or posterior is None:
        return LearnerInForce(posterior=prior(), row=None, is_on=is_learner_on(), set_aside=row)
    return LearnerInForce(posterior=posterior, row=row, is_on=is_learner_on())


def read_posterior(row: LearnerState | None) -> Posterior | None:
    """What a state holds; None when it began from another prior or belongs to another version of the learner:
    the clinic then starts from the released prior, and learns from its log again.
    """
    if row is None or row.prior_version != prior().prior:
        return None
    try:
        return Posterior.from_dict(row.posterior)
    except PosteriorUnreadable:
        return None


def learner_states() -> QuerySet[LearnerState]:
    """The newest first."""
    return LearnerState.objects.order_by("-number")


def is_learner_on() -> bool:
    """Whether the clinic's model register lets the learner decide; else the protocol does, alone."""
    return active_model(PRODUCT) is not None


def state_that_finds_tender(patient: Patient) -> LearnerState | None:
    """What the clinic has learned, where it says that load costs this patient more than others; else None.

    None too while the learner is off, and from the released prior alone.
    """
    learner = learner_in_force()
    finds = learner.is_on and is_tender(learner.posterior, str(patient.ref))
    return learner.row if finds else None


def versions_on(ladder: Ladder) -> dict[str, ExerciseVersion]:
    """The clinic's newest version of each of a ladder's exercises, by code; what it lacks is left out."""
    codes = [rung.exercise_code for rung in ladder.rungs]
    return {one.exercise.code: one for one in current_versions().filter(exercise__code__in=codes)}


def bounds_within_plan(bounds: Bounds, prescribed: PrescribedExercise, state: DoseState) -> Bounds:
    """The therapist's bounds, and no rung that the clinic lacks or that the plan holds in another line.

    Rungs beyond such a gap are left out too: a ladder is climbed one rung at a time.
    """
    in_plan = {
        line.exercise.code for line in exercises_of(prescribed.prescription) if line.pk != prescribed.pk
    }
    active = Exercise.objects.filter(
        is_active=True, code__in=[rung.exercise_code for rung in state.ladder.rungs]
    )
    free = set(active.values_list("code", flat=True)) - in_plan
    least, most = _free_around(state, free)
    return replace(
        bounds,
        least_rung=least if bounds.least_rung is None else max(least, bounds.least_rung),
        most_rung=most if bounds.most_rung is None else min(most, bounds.most_rung),
    )


def _free_around(state: DoseState, free: set[str]) -> tuple[int, int]:
    rungs, least, most = state.ladder.rungs, state.current.rung, state.current.rung
    while least > 0 and rungs[least - 1].exercise_code in free:
        least -= 1
    while most + 1 < len(rungs) and rungs[most + 1].exercise_code in free:
        most += 1
    return least, most
