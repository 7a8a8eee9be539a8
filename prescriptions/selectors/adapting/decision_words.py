"""A decision in words: what was in force, what was proposed, what became of it."""

import math
from dataclasses import dataclass
from typing import Any

from prescriptions.adapt_rx.ladders import Ladder, shipped_ladders
from prescriptions.adapt_rx.rewards import Observed
from prescriptions.adapt_rx.types import Action, Context, FiredRule, Trigger
from prescriptions.dose import Dose, days_in_words, dose_in_words
from prescriptions.doses_on_ladder import REST_WORDS, direction_of, dose_for
from prescriptions.models import DoseDecision, ExerciseVersion
from prescriptions.selectors.library import current_versions

SAME_CAPACITY = 0.1
TRIGGER_WORDS = {
    Trigger.PAIN_OVER_LIMIT: "Pain passed its limit",
    Trigger.PAIN_NEXT_MORNING: "Pain the next morning was well over usual",
    Trigger.RED_FLAG: "A red flag is open",
}


@dataclass(frozen=True)
class DecisionWords:
    """Everything that a page says of one decision's doses. `direction`: easier, harder, other or rest."""

    name: str
    now: str
    next_name: str
    next: str
    protocol: str
    delivered: str
    direction: str
    is_swap: bool
    next_dose: Dose
    next_code: str


class LadderVersions:
    """The clinic's exercises by code, read once for a page."""

    def __init__(self) -> None:
        self._found: dict[str, ExerciseVersion] | None = None

    def spec(self, code: str, own: ExerciseVersion) -> dict[str, Any]:
        """The line's own version for its own exercise; what the clinic lacks is named by the ladder."""
        if code == own.exercise.code:
            return dict(own.spec)
        if self._found is None:
            self._found = {one.exercise.code: one for one in current_versions(inactive_too=True)}
        found = self._found.get(code)
        return dict(found.spec) if found else {}


def words_of(decision: DoseDecision, versions: LadderVersions) -> DecisionWords:
    """Needs the decision's line with its version and exercise; `versions` is shared by a whole page."""
    ladder = shipped_ladders()[decision.ladder]
    own = decision.prescribed_exercise.exercise_version
    current, proposed = Action.of(decision.current), Action.of(decision.proposed)
    dose = Dose.of(decision.dose_before)
    code = own.exercise.code if proposed.rest else ladder.rungs[proposed.rung].exercise_code
    spec = versions.spec(code, own)
    asked = (
        dose if proposed.rest else dose_for(proposed, current=current, dose=dose, ladder=ladder, spec=spec)
    )
    name = str(own.spec.get("name") or own.exercise.name)
    protocol = Action.of(decision.protocol_action)
    return DecisionWords(
        name=name,
        now=dose_in_words(dose, own.spec),
        next_name=_name(ladder, proposed, spec, name),
        next=REST_WORDS if proposed.rest else dose_in_words(asked, spec),
        protocol="" if protocol == proposed else _action_words(decision, protocol, ladder, versions),
        delivered=_delivered_words(decision, ladder, versions),
        direction=direction_of(proposed, current=current, ladder=ladder),
        is_swap=not proposed.rest and proposed.rung != current.rung,
        next_dose=asked,
        next_code=code,
    )


def _name(ladder: Ladder, action: Action, spec: dict[str, Any], own: str) -> str:
    return own if action.rest else str(spec.get("name") or ladder.rungs[action.rung].name)


def _action_words(decision: DoseDecision, action: Action, ladder: Ladder, versions: LadderVersions) -> str:
    current = Action.of(decision.current)
    if action == current:
        return "Keep the dose as it is"
    if action.rest:
        return REST_WORDS
    own = decision.prescribed_exercise.exercise_version
    spec = versions.spec(ladder.rungs[action.rung].exercise_code, own)
    dose = dose_for(action, current=current, dose=Dose.of(decision.dose_before), ladder=ladder, spec=spec)
    words = dose_in_words(dose, spec)
    return words if action.rung == current.rung else f"{_name(ladder, action, spec, '')}: {words}"


def _delivered_words(decision: DoseDecision, ladder: Ladder, versions: LadderVersions) -> str:
    """Empty while nothing was decided, and for what was overtaken."""
    if decision.delivered is None or decision.dose_after is None:
        return ""
    delivered, current = Action.of(decision.delivered), Action.of(decision.current)
    if delivered.rest:
        return REST_WORDS
    own = decision.prescribed_exercise.exercise_version
    spec = versions.spec(ladder.rungs[delivered.rung].exercise_code, own)
    dose = Dose.of(decision.dose_after)
    words = dose_in_words(dose, spec)
    if dose.days_per_week != Dose.of(decision.dose_before).days_per_week:
        words = f"{words}, {days_in_words(dose.days_per_week)}"
    return words if delivered.rung == current.rung else f"{_name(ladder, delivered, spec, '')}: {words}"


def reasons_of(decision: DoseDecision) -> tuple[str, ...]:
    return tuple(str(one["words"]) for one in decision.reasons)


def patient_reason_of(decision: DoseDecision) -> str:
    """The first reason that was written for the patient; may be empty."""
    found = (str(one.get("patient_words") or "") for one in decision.reasons)
    return next((words for words in found if words), "")


def fired_of(decision: DoseDecision) -> tuple[FiredRule, ...]:
    return tuple(FiredRule(**one) for one in decision.fired)


def expected_words(decision: DoseDecision) -> str:
    """What the learner expects of the proposal against the protocol, in weekly steps of progress."""
    expected = decision.expected
    if decision.by_protocol:
        return "The learner is switched off: this is the fixed protocol."
    mean, low, high = (expected.get(name) for name in ("mean", "low", "high"))
    if mean is None or low is None or high is None:
        return ""
    return f"Expected reward {mean:+.2f}, 9 times in 10 between {low:+.2f} and {high:+.2f}"


def sure_words(decision: DoseDecision) -> str:
    """How sure the choice was: the probability with which this action was drawn."""
    share = decision.propensity
    often = "Always chosen" if share > 0.995 else f"Chosen in {share:.0%} of draws"
    count = len(decision.allowed)
    return f"{often}, out of {count} dose{'s'[: count != 1]} that the safety rules allow"


def context_words(context: dict[str, Any]) -> tuple[str, ...]:
    """What was known, in the order in which a therapist asks; what was not known is left out."""
    known = Context.of(context)
    said = (
        TRIGGER_WORDS.get(known.trigger, ""),
        _number("pain {:.0f} before", known.pain_before),
        _number("pain {:.0f} after", known.pain_after),
        _number("{:+.0f} the next morning", known.morning_rise),
        _number("effort {:.0f}", known.effort),
        _number("{:.0%} of the dose done", known.completion),
        _number("{:.0%} in good form", known.form_correct),
        _number("{:.0%} of planned sessions", known.adherence),
        _number("{:.0f} sessions at this dose", known.sessions_at_dose),
        _number("{:.0f} flare days in two weeks", known.flare_days_14),
    )
    return tuple(words for words in said if words)


def reward_words(decision: DoseDecision) -> str:
    """What came of it in words, as far as it is known."""
    if decision.rewarded_at is None:
        return "" if decision.delivered is None else "Not in yet"
    seen = Observed.of(decision.observed)
    said = (
        _morning_words(seen.morning_rise),
        _flare_words(seen),
        _session_words(seen),
        _capacity_words(seen),
        _function_words(seen.function_change),
    )
    words = "; ".join(one for one in said if one) or "nothing is known"
    known = "" if decision.reward is not None else " (too little to learn from)"
    return words[:1].upper() + words[1:] + known


def reward_number(decision: DoseDecision) -> str:
    return "" if decision.reward is None else f"{decision.reward:+.2f}"


def _morning_words(rise: float) -> str:
    if math.isnan(rise):
        return ""
    return f"sore the next morning ({rise:+.0f})" if rise > 0 else "settled by the next morning"


def _flare_words(seen: Observed) -> str:
    if math.isnan(seen.flare_days):
        return ""
    days = f"{seen.flare_days:.0f} flare day{'s'[: seen.flare_days != 1]}"
    return days if seen.flare_days else "no flare"


def _session_words(seen: Observed) -> str:
    if math.isnan(seen.sessions_asked) or math.isnan(seen.sessions_done):
        return ""
    return f"{seen.sessions_done:.0f} of {seen.sessions_asked:.0f} sessions done"


def _function_words(change: float) -> str:
    if math.isnan(change):
        return ""
    if change == 0:
        return "activities the same"
    way = "better" if change > 0 else "worse"
    return f"activities {way} ({abs(change):.1f} of a change that matters)"


def _capacity_words(seen: Observed) -> str:
    """From one session to another, what could be done at the same effort."""
    if not (seen.capacity_before > 0 and seen.capacity_after > 0):
        return ""
    change = seen.capacity_after / seen.capacity_before - 1
    if abs(change) < SAME_CAPACITY:
        return "capacity about the same"
    return f"capacity about {abs(change):.0%} {'higher' if change > 0 else 'lower'}"


def _number(words: str, value: float) -> str:
    return "" if math.isnan(value) else words.format(value)
