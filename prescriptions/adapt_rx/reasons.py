"""Why a dose is proposed, in words: for the therapist and, where it helps, in short words for the patient."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from prescriptions.adapt_rx.ladders import Ladder
from prescriptions.adapt_rx.types import Action, Context, Expectation, FiredRule, Reason

# What a rule says to the patient; a rule that is not here is between therapist and product.
RULE_WORDS_FOR_PATIENT = {
    "red_flag": "Rest until your therapist has talked with you.",
    "on_hold": "Leave this one out. Your therapist will look at it first.",
    "pain_over_limit": "Your pain was too high, so we make it easier.",
    "post_operative_pain": "Your pain was too high so soon after surgery, so we make it easier.",
    "pain_next_morning": "Your pain was up the next morning, so we make it easier.",
    "amber_pain": "It still hurts a bit, so we do not make it harder yet.",
    "compensation": "Work on good form first.",
    "long_absence": "You had a break, so we start gently.",
}
# Rules that always hold say nothing about this patient.
ALWAYS = frozenset({"one_thing_at_a_time", "weekly_ceiling", "one_step_a_week", "equipment"})


def reasons_of(
    ladder: Ladder,
    current: Action,
    action: Action,
    protocol_action: Action,
    context: Context,
    fired: Sequence[FiredRule],
    *,
    expected: Expectation,
    words: str,
) -> tuple[Reason, ...]:
    """What changes, what was seen, which safety rules spoke, what the protocol says, and how sure it is."""
    return (
        _change(ladder, current, action),
        _seen(context),
        *(_rule(one) for one in fired if one.id not in ALWAYS),
        Reason("protocol", f"Protocol: {words}"),
        *_learned(action, protocol_action, ladder, expected),
    )


def dose_words(ladder: Ladder, action: Action) -> str:
    """ "Squat, 3 sets of 10, hold 2 s, 2 kg in each hand"; "rest" for rest."""
    if action.rest:
        return "rest"
    rung = ladder.rungs[action.rung]
    sets = "1 set" if action.sets == 1 else f"{action.sets} sets"
    parts = [rung.name, f"{sets} of {action.repetitions}"]
    if action.hold_s:
        parts.append(f"hold {action.hold_s} s")
    if rung.resistances[action.resistance].words:
        parts.append(rung.resistances[action.resistance].words)
    return ", ".join(parts)


def _change(ladder: Ladder, current: Action, action: Action) -> Reason:
    if action.rest:
        return Reason("rest", "Rest from this exercise.", "Rest from this one for now.")
    if action == current or ladder.find(current) < 0:
        return Reason("keep", f"Keep {dose_words(ladder, action)}.", "Keep going as you are.")
    ratio = ladder.loads[ladder.index(action)] / ladder.loads[ladder.index(current)]
    share = f"{abs(round(100 * (ratio - 1)))} % {'more' if ratio > 1 else 'less'} load"
    changed = f"{dose_words(ladder, current)} → {dose_words(ladder, action)}"
    if action.rung > current.rung:
        return Reason("harder_variation", f"{changed} ({share}).", "You are ready for the next step.")
    if ratio > 1:
        return Reason("harder", f"{changed} ({share}).", "You are doing well, so we add a bit.")
    return Reason("easier", f"{changed} ({share}).", "We make it a bit easier for now.")


def _seen(context: Context) -> Reason:
    parts = [*_seen_parts(context)]
    return Reason("seen", f"{'; '.join(parts)}." if parts else "Nothing was reported yet.")


def _seen_parts(context: Context) -> Iterator[str]:
    if _known(context.pain_after):
        yield f"pain {context.pain_after:.0f} of 10 after"
    if _known(context.morning_rise):
        rise = round(context.morning_rise)
        yield f"{rise} over usual the next morning" if rise > 0 else "settled by the next morning"
    if _known(context.completion):
        yield f"{_percent(context.completion)} of the dose done"
    if _known(context.effort):
        yield f"effort {context.effort:.0f} of 10"
    if _known(context.form_correct):
        yield f"{_percent(context.form_correct)} of repetitions in good form"
    if _known(context.compensated_sessions):
        many = round(context.compensated_sessions)
        yield (
            f"compensation in {many} {'session' if many == 1 else 'sessions'}" if many else "no compensation"
        )
    if _known(context.sessions_at_dose) and context.sessions_at_dose:
        many = round(context.sessions_at_dose)
        yield f"{many} {'session' if many == 1 else 'sessions'} at this dose"


def _rule(rule: FiredRule) -> Reason:
    return Reason(f"rule:{rule.id}", rule.words, RULE_WORDS_FOR_PATIENT.get(rule.id, ""))


def _learned(
    action: Action, protocol_action: Action, ladder: Ladder, expected: Expectation
) -> Iterator[Reason]:
    if action == protocol_action:
        return
    instead = f"instead of the protocol's {dose_words(ladder, protocol_action)}"
    if not _known(expected.better_than_protocol) or expected.better_than_protocol < 0.5:
        yield Reason("explores", f"A small planned variation, never harder, to learn from, {instead}.")
        return
    yield Reason(
        "learned",
        f"From this clinic's patients so far, better with a probability of "
        f"{_percent(expected.better_than_protocol)} {instead}.",
    )


def _known(value: float) -> bool:
    return math.isfinite(value)


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"
