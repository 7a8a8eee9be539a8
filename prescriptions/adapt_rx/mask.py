"""The safety mask: which doses may be proposed at all. It runs before anything is learned or sampled.

Deterministic and versioned; each rule has its source in `mask_rules.json`. The mask is never empty: when
nothing else is left, the dose in force stays, or, when pain or a red flag spoke, rest. What cannot be read
(NaN, infinite, out of range) narrows the choice and never widens it.

"Rest" means: do not do this exercise until the next decision. It is allowed only where a rule asks for it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from patients.red_flags.pain import PAIN_RULE
from prescriptions.adapt_rx.ladders import TABLE_COLUMNS, Ladder
from prescriptions.adapt_rx.layout import (
    BOUND,
    COLUMN,
    OPEN_BOUND,
    TRIGGERS,
    bounds_array,
    contexts_array,
)
from prescriptions.adapt_rx.types import Action, Bounds, Context, FiredRule, Trigger

Floats = NDArray[np.float64]
Truths = NDArray[np.bool_]
Places = NDArray[np.int64]

DIMENSIONS = ("rung", "sets", "repetitions", "hold_s", "resistance")
# Loads are products of a few factors; this is far below the smallest step of any ladder.
SAME_LOAD = 1e-9

# Least and most that a value can be. NaN is "not known" and allowed, except where a count always exists.
READABLE: dict[str, tuple[float, float]] = {
    "pain_before": (0, 10),
    "pain_after": (0, 10),
    "morning_rise": (-10, 10),
    "usual_pain": (0, 10),
    "effort": (0, 10),
    "form_correct": (0, 1),
    "range_share": (0, 10),
    "completion": (0, 1),
    "adherence": (0, 1),
    "days_in_plan": (0, 36_525),
    "days_since_onset": (0, 36_525),
    "phase": (0, 100),
    "sessions_at_dose": (0, 36_525),
    "flare_days_14": (0, 14),
    "days_since_session": (0, 36_525),
    "compensated_sessions": (0, 36_525),
}
ALWAYS_KNOWN = ("phase", "sessions_at_dose", "flare_days_14", "compensated_sessions")


@dataclass(frozen=True, slots=True)
class Mask:
    """`allowed` in the ladder's order, never empty; `fired` are the rules that narrowed it."""

    allowed: tuple[Action, ...]
    fired: tuple[FiredRule, ...]


@dataclass(frozen=True)
class MaskRules:
    """`limits` by name: pain 0 to 10, days, sessions, load as a ratio; `rules` by their id."""

    version: int
    limits: dict[str, float]
    rules: dict[str, FiredRule]


@cache
def mask_rules() -> MaskRules:
    """The rules in force, as shipped."""
    source = json.loads((files(__package__) / "mask_rules.json").read_text("utf-8"))
    rules = {one["id"]: FiredRule(**one) for one in source["rules"]}
    return MaskRules(source["version"], source["limits"], rules)


def mask_array(ladder: Ladder, contexts: Floats, current: Places, bounds: Floats) -> Truths:
    """Shape (P, A): which of the ladder's actions are allowed to each of P patients.

    `contexts` (P, CONTEXT_COLUMNS) and `bounds` (P, BOUND_COLUMNS) as in `layout`; `current` (P,) is the dose
    in force as a place in the ladder's actions. Every row has at least one True, whatever the numbers are.
    Raises ValueError when the shapes do not fit.
    """
    return _judge(ladder, contexts, current, bounds, fired=None)


def allowed_actions(ladder: Ladder, current: Action, context: Context, bounds: Bounds) -> Mask:
    """The mask of one patient, with the rules that narrowed it. Raises TypeError for text among numbers.

    A dose that is not in the ladder's table, rest included, is unreadable: only rest is left.
    """
    row, fired = judge_one(
        ladder, contexts_array([context]), np.array([ladder.find(current)]), bounds_array(ladder, [bounds])
    )
    return Mask(tuple(ladder.actions()[one] for one in np.flatnonzero(row[0])), fired)


def judge_one(
    ladder: Ladder, context: Floats, current: Places, bounds: Floats
) -> tuple[Truths, tuple[FiredRule, ...]]:
    """`mask_array` of one row, (1, A), with the rules that narrowed it."""
    fired: list[str] = []
    row = _judge(ladder, context, current, bounds, fired=fired)
    rules = mask_rules().rules
    return row, tuple(rules[one] for one in fired)


@dataclass(frozen=True)
class Comparison:
    """How every action of a ladder compares with every other: shape (A, A), row = the dose in force.

    `none_harder`: no number is higher; `one_harder`: at most one is; `lighter`: none, and less load;
    `not_up`: rung and resistance at most as high; `one_up`: each at most one step higher; `same_kind`: both
    the same. `week_steps` (rungs, resistances, A): at most one step above that rung and resistance.
    `equipped` (2 ** kinds, A): what can be done with the equipment in the bits.
    """

    none_harder: Truths
    one_harder: Truths
    lighter: Truths
    not_up: Truths
    one_up: Truths
    same_kind: Truths
    week_steps: Truths
    equipped: Truths
    columns: dict[str, Floats]


@cache
def comparison_of(ladder: Ladder) -> Comparison:
    """Computed once a ladder."""
    columns = {name: ladder.table()[:, place].copy() for place, name in enumerate(TABLE_COLUMNS)}
    rise = {name: columns[name] - columns[name][:, None] for name in DIMENSIONS}
    load, rung, resistance = columns["load"], rise["rung"], rise["resistance"]
    harder = np.sum([rise[name] > 0 for name in DIMENSIONS], axis=0)
    works = columns["rest"] == 0
    none_harder = (harder == 0) & works
    return Comparison(
        none_harder=none_harder,
        one_harder=(harder <= 1) & works,
        lighter=none_harder & (load < load[:, None] * (1 - SAME_LOAD)),
        not_up=(rung <= 0) & (resistance <= 0),
        one_up=(rung <= 1) & (resistance <= 1),
        same_kind=(rung == 0) & (resistance == 0),
        week_steps=_week_steps(columns),
        equipped=_equipped(columns["equipment"].astype(np.int64)),
        columns=columns,
    )


def _week_steps(columns: dict[str, Floats]) -> Truths:
    rungs, resistances = (np.arange(columns[name].max() + 1) for name in ("rung", "resistance"))
    up = np.fmax(columns["rung"] - rungs[:, None, None], 0)
    few: Truths = up + np.fmax(columns["resistance"] - resistances[None, :, None], 0) <= 1
    return few


def _equipped(needs: Places) -> Truths:
    bits = np.arange(2 ** int(1 + needs.max()))
    has: Truths = (bits[:, None] >> needs) & 1 == 1
    return has


def _judge(
    ladder: Ladder, contexts: Floats, current: Places, bounds: Floats, *, fired: list[str] | None
) -> Truths:
    people, actions = len(current), len(ladder.actions())
    _check_shapes(contexts, current, bounds)
    readable_dose = (current >= 0) & (current < actions - 1)
    place = np.where(readable_dose, current, 0)
    state = _State(ladder, contexts, place, bounds, readable_dose)
    rest_only = _any_of(state.rest_rules(), people, fired)
    step_back = _any_of(state.step_back_rules(), people, fired)
    stays = _any_of(state.stay_rules(), people, fired)
    held = _any_of(state.hold_rules(), people, fired)
    table = comparison_of(ladder)
    allowed = table.one_harder[place]
    allowed[held] = table.none_harder[place[held]]
    allowed[step_back] = table.lighter[place[step_back]]
    if fired is not None and not (held | step_back | stays | rest_only).any():
        fired.append("one_thing_at_a_time")
    rises = ~(held | step_back | stays | rest_only)
    allowed[stays | rest_only] = False
    for rule, keep in state.narrowings(rises):
        if fired is not None and (allowed & ~keep).any():
            fired.append(rule)
        allowed &= keep
    return _never_empty(allowed, place, rest_only, step_back, readable_dose)


def _never_empty(
    allowed: Truths, place: Places, rest_only: Truths, step_back: Truths, readable_dose: Truths
) -> Truths:
    allowed[:, -1] = rest_only | step_back
    empty = ~allowed.any(axis=1)
    allowed[empty & readable_dose, place[empty & readable_dose]] = True
    return allowed


def _check_shapes(contexts: Floats, current: Places, bounds: Floats) -> None:
    people = (len(current),)
    if contexts.shape != (*people, len(COLUMN)) or bounds.shape != (*people, len(BOUND)):
        raise ValueError(
            "contexts, current doses and bounds need one row a patient and the columns of layout"
        )
    if current.ndim != 1 or not np.issubdtype(current.dtype, np.integer):
        raise ValueError("current doses are places in the ladder's actions: whole numbers")


def _any_of(rules: Iterator[tuple[str, Truths]], people: int, fired: list[str] | None) -> Truths:
    either = np.zeros(people, dtype=np.bool_)
    for rule, holds in rules:
        if fired is not None and holds.any():
            fired.append(rule)
        either |= holds
    return either


class _State:
    """The columns of one call, and each rule as a question to them. NaN makes every `<=` False."""

    def __init__(
        self, ladder: Ladder, contexts: Floats, place: Places, bounds: Floats, readable_dose: Truths
    ) -> None:
        self.compared = comparison_of(ladder)
        self.table = self.compared.columns
        self.contexts, self.place, self.bounds, self.readable_dose = contexts, place, bounds, readable_dose
        self.limits = mask_rules().limits
        self.bounds_readable = self._bounds_readable()

    def of(self, name: str) -> Floats:
        column: Floats = self.contexts[:, COLUMN[name]]
        return column

    def bound(self, name: str) -> Floats:
        column: Floats = self.bounds[:, BOUND[name]]
        return column

    def rest_rules(self) -> Iterator[tuple[str, Truths]]:
        trigger = self.of("trigger")
        known = (trigger >= 0) & (trigger < len(TRIGGERS)) & (trigger == np.floor(trigger))
        yield "red_flag", ~known | (trigger == TRIGGERS.index(Trigger.RED_FLAG))
        yield "on_hold", self.of("exercise_on_hold") != 0
        yield "unreadable_dose", ~self.readable_dose

    def step_back_rules(self) -> Iterator[tuple[str, Truths]]:
        trigger = self.of("trigger")
        worst = np.fmax(self.of("pain_before"), self.of("pain_after"))
        asked = self.bound("pain_limit")
        limit = np.where(asked >= 0, np.minimum(asked, PAIN_RULE.limit), 0)
        over = trigger == TRIGGERS.index(Trigger.PAIN_OVER_LIMIT)
        yield "pain_over_limit", over | (worst > limit)
        since = self.of("days_since_surgery")
        late = since >= self.limits["post_operative_days"]
        yield (
            "post_operative_pain",
            (self.of("post_operative") != 0) & ~late & (worst > self.limits["post_operative_pain"]),
        )
        morning = trigger == TRIGGERS.index(Trigger.PAIN_NEXT_MORNING)
        yield "pain_next_morning", morning | (self.of("morning_rise") >= PAIN_RULE.morning_rise)

    def stay_rules(self) -> Iterator[tuple[str, Truths]]:
        yield "pinned", self.bound("pinned") != 0
        yield "unreadable_bounds", ~self.bounds_readable

    def hold_rules(self) -> Iterator[tuple[str, Truths]]:
        yield "forbid_progression", self.bound("forbid_progression") != 0
        worst = np.fmax(self.of("pain_before"), self.of("pain_after"))
        yield "amber_pain", worst > self.limits["amber_pain"]
        yield "pain_not_known", np.isnan(self.of("pain_after"))
        yield "compensation", ~(self.of("compensated_sessions") < self.limits["compensated_sessions"])
        yield "long_absence", ~(self.of("days_since_session") <= self.limits["absence_days"])
        yield "first_week", ~self._week_known()
        since = self.of("days_since_surgery")
        yield (
            "surgery_date_not_known",
            (self.of("post_operative") != 0) & ~((since >= 0) & np.isfinite(since)),
        )
        yield "unreadable_context", ~self._context_readable()

    def narrowings(self, rises: Truths) -> Iterator[tuple[str, Truths]]:
        """(rule, what it keeps), shape (P, A). Weekly rules matter only where something may get harder."""
        unknown = (self.of("resistance_known") != 1)[:, None]
        if unknown.any():
            yield "resistance_not_known", ~unknown | self.compared.same_kind[self.place]
        if rises.any():
            yield from self._weekly(rises)
            if (self.of("post_operative") != 0).any():
                yield "post_operative_phase", self._phase_open()
        yield "therapist_bounds", self._inside_bounds()
        yield "equipment", self._has_equipment()

    def _weekly(self, rises: Truths) -> Iterator[tuple[str, Truths]]:
        load = self.table["load"]
        # After a step back within the week the lower of the two counts, so that load cannot swing.
        base = np.fmin(self.of("load_seven_days_ago"), load[self.place])
        ceiling = np.where(rises, base * (self.limits["weekly_load_ratio"] + SAME_LOAD), np.inf)
        yield "weekly_ceiling", load <= np.fmax(ceiling, load[self.place] * (1 + SAME_LOAD))[:, None]
        then = [
            np.where(rises, self.of(f"{name}_seven_days_ago"), 0).astype(np.int64)
            for name in ("rung", "resistance")
        ]
        few = self.compared.week_steps[then[0], then[1]] & self.compared.one_up[self.place]
        yield "one_step_a_week", ~rises[:, None] | self.compared.not_up[self.place] | few

    def _phase_open(self) -> Truths:
        operated = (self.of("post_operative") != 0)[:, None]
        is_open = self.of("days_since_surgery")[:, None] >= self.table["surgery_days"]
        kept: Truths = ~operated | is_open | self.compared.not_up[self.place]
        return kept

    def _inside_bounds(self) -> Truths:
        inside = np.ones((len(self.place), len(self.table["load"])), dtype=np.bool_)
        for name in BOUND:
            side, _, dimension = name.partition("_")
            if side not in ("least", "most"):
                continue
            asked = self.bound(name)[:, None]
            if side == "least" and (asked > 0).any():
                inside &= self.table[dimension] >= asked
            if side == "most" and (asked < OPEN_BOUND).any():
                inside &= self.table[dimension] <= asked
        return inside

    def _has_equipment(self) -> Truths:
        bits = np.where(self.bounds_readable, self.bound("equipment_bits"), 1).astype(np.int64)
        return self.compared.equipped[bits] | self.compared.same_kind[self.place]

    def _week_known(self) -> Truths:
        """Whether load, rung and resistance of seven days ago are known and could be right."""
        known = (self.of("load_seven_days_ago") > 0) & np.isfinite(self.of("load_seven_days_ago"))
        for name in ("rung", "resistance"):
            then = self.of(f"{name}_seven_days_ago")
            known &= (then >= 0) & (then <= self.table[name].max())
        return known

    def _context_readable(self) -> Truths:
        values = self.contexts[:, _READABLE_COLUMNS]
        right = (values >= _LEAST) & (values <= _MOST) | (np.isnan(values) & _MAY_BE_UNKNOWN)
        return np.asarray(right.all(axis=1))

    def _bounds_readable(self) -> Truths:
        bits = self.bound("equipment_bits")
        most_bits = 2.0 ** (1 + self.table["equipment"].max())
        with np.errstate(invalid="ignore"):
            whole = bits == np.floor(bits)
        readable: Truths = (
            np.isfinite(self.bounds).all(axis=1) & (self.bounds >= 0).all(axis=1) & whole & (bits < most_bits)
        )
        return readable


_READABLE_COLUMNS = np.array([COLUMN[name] for name in READABLE])
_LEAST = np.array([least for least, _ in READABLE.values()])
_MOST = np.array([most for _, most in READABLE.values()])
_MAY_BE_UNKNOWN = np.array([name not in ALWAYS_KNOWN for name in READABLE])
