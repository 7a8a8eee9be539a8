"""What AdaptRx speaks of: a dose on a ladder, what is known of the patient, the bounds, and a decision.

A *ladder* is one exercise in harder and harder variations (its *rungs*). An *action* is the next dose of one
prescribed exercise: a rung and its numbers, or rest.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, fields
from enum import StrEnum
from typing import Any


class Trigger(StrEnum):
    """What the patient or the record said that limits the choice."""

    NONE = "none"
    PAIN_OVER_LIMIT = "pain_over_limit"
    PAIN_NEXT_MORNING = "pain_next_morning"
    RED_FLAG = "red_flag"


@dataclass(frozen=True, slots=True, order=True)
class Action:
    """The next dose. `rung` counts places on the ladder, `resistance` those among the rung's, from 0."""

    rung: int
    sets: int
    repetitions: int
    hold_s: int = 0
    resistance: int = 0
    rest: bool = False

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def of(cls, source: dict[str, Any]) -> Action:
        """Raises TypeError for a missing or unknown field."""
        return cls(**source)


@dataclass(frozen=True, slots=True)
class Context:
    """What is known before a decision. NaN means "not known"; nothing is guessed in its place.

    Pain and effort 0 to 10; shares 0 to 1; days counted from the decision's day. The first fifteen fields are
    the learner's features, in this order; the others only ever limit the choice.

    `pain_after` is not known when nobody answered in the last seven days. The dose of seven days ago is not
    known when there was none. `resistance_known` is False for a resistance in the therapist's own words.
    """

    pain_before: float = float("nan")
    pain_after: float = float("nan")
    morning_rise: float = float("nan")
    usual_pain: float = float("nan")
    effort: float = float("nan")
    form_correct: float = float("nan")
    range_share: float = float("nan")
    completion: float = float("nan")
    adherence: float = float("nan")
    days_in_plan: float = float("nan")
    days_since_onset: float = float("nan")
    phase: float = 0.0
    sessions_at_dose: float = 0.0
    flare_days_14: float = 0.0
    days_since_session: float = float("nan")
    trigger: Trigger = Trigger.NONE
    days_since_surgery: float = float("nan")
    post_operative: bool = False
    exercise_on_hold: bool = False
    load_seven_days_ago: float = float("nan")
    rung_seven_days_ago: float = float("nan")
    resistance_seven_days_ago: float = float("nan")
    compensated_sessions: float = 0.0
    resistance_known: bool = True

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready: a value that is not known becomes None."""
        return {
            name: None if isinstance(value, float) and value != value else value
            for name, value in asdict(self).items()
        }

    @classmethod
    def of(cls, source: dict[str, Any]) -> Context:
        """The inverse of `to_dict`. Raises TypeError (unknown field) or ValueError (unknown trigger)."""
        values: dict[str, Any] = {
            name: float("nan") if value is None else value for name, value in source.items()
        }
        if "trigger" in values:
            values["trigger"] = Trigger(values["trigger"])
        return cls(**values)


FEATURE_NAMES = tuple(one.name for one in fields(Context))[:15]


@dataclass(frozen=True, slots=True)
class Bounds:
    """What the therapist allows for one prescribed exercise. None leaves a bound to the ladder."""

    adaptive: bool = True
    pinned: bool = False
    forbid_progression: bool = False
    within_session: bool = False
    least_rung: int | None = None
    most_rung: int | None = None
    least_sets: int | None = None
    most_sets: int | None = None
    least_repetitions: int | None = None
    most_repetitions: int | None = None
    most_hold_s: int | None = None
    most_resistance: int | None = None
    equipment: tuple[str, ...] = ()
    pain_limit: int = 5

    def to_dict(self) -> dict[str, Any]:
        return {**asdict(self), "equipment": list(self.equipment)}

    @classmethod
    def of(cls, source: dict[str, Any]) -> Bounds:
        return cls(**{**source, "equipment": tuple(source.get("equipment", ()))})


@dataclass(frozen=True, slots=True)
class FiredRule:
    """A safety rule that narrowed the choice: its id and version, plain words, and where it comes from."""

    id: str
    version: int
    words: str
    source: str


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason in words, for the therapist and, where `patient_words` is set, for the patient."""

    code: str
    words: str
    patient_words: str = ""


@dataclass(frozen=True, slots=True)
class Expectation:
    """What the learner expects of an action: the reward's mean and its 90 % interval, in reward units.

    `better_than_protocol`: probability, 0 to 1, that it earns more than the protocol's action; NaN for that
    action itself. All are NaN with the learner off.
    """

    mean: float
    low: float
    high: float
    better_than_protocol: float = field(default=float("nan"))

    def to_dict(self) -> dict[str, Any]:
        return {
            name: None if isinstance(value, float) and value != value else value
            for name, value in asdict(self).items()
        }


@dataclass(frozen=True, slots=True)
class Decision:
    """One proposal with all that is needed to judge and to replay it.

    `allowed` and `probabilities` are parallel; the probability of the proposed action is its propensity.
    """

    action: Action
    protocol_action: Action
    allowed: tuple[Action, ...]
    probabilities: tuple[float, ...]
    expected: Expectation
    reasons: tuple[Reason, ...]
    fired: tuple[FiredRule, ...]
    seed: int
    ladder: str
    versions: dict[str, int]

    @property
    def propensity(self) -> float:
        return self.probabilities[self.allowed.index(self.action)]
