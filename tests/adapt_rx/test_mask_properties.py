"""The promise of the mask over a million random contexts, garbage included, and the chain that stands on it.

What must hold is written here a second time, from the rules' words and not from the mask's code.
"""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from prescriptions.adapt_rx import (
    REST,
    Action,
    Bounds,
    Context,
    Trigger,
    allowed_actions,
    decide,
    load_of,
    mask_array,
    prior,
    shipped_ladders,
    shipped_protocol,
)
from prescriptions.adapt_rx.features import ACTION_COLUMNS, FEATURE_COLUMNS
from prescriptions.adapt_rx.ladders import TABLE_COLUMNS
from prescriptions.adapt_rx.layout import BOUND, COLUMN, OPEN_BOUND, contexts_array
from prescriptions.adapt_rx.learner import choose_array
from prescriptions.adapt_rx.protocol import protocol_array
from tests.adapt_rx.doses import GARBAGE, KNEE, SQUAT, doing_well, random_table

LADDERS = tuple(shipped_ladders().values())
MILLION, CHUNK = 1_000_000, 8_000


def chunks(people, seed):
    """(ladder, contexts, current, bounds), `people` rows in all, over all ladders."""
    rng = np.random.default_rng(seed)
    for number in range(people // CHUNK):
        ladder = LADDERS[number % len(LADDERS)]
        yield ladder, *random_table(rng, ladder, CHUNK)


class Said:
    """What the rules' words ask of one table, NaN making every comparison False."""

    def __init__(self, ladder, contexts, current, bounds):
        self.numbers = ladder.table()[:, :5]
        self.loads = ladder.table()[:, TABLE_COLUMNS.index("load")]
        self.of = lambda name: contexts[:, COLUMN[name]]
        self.bound = lambda name: bounds[:, BOUND[name]]
        self.on_ladder = (current >= 0) & (current < len(self.loads) - 1)
        self.now = np.where(self.on_ladder, current, 0)
        self.rest_only = (
            ~self.on_ladder | ~np.isin(self.of("trigger"), [0, 1, 2]) | (self.of("exercise_on_hold") != 0)
        )
        limit = np.where(self.bound("pain_limit") >= 0, np.fmin(self.bound("pain_limit"), 5), 0)
        worst = np.fmax(self.of("pain_before"), self.of("pain_after"))
        self.step_back = (
            np.isin(self.of("trigger"), [1, 2])
            | (self.of("pain_after") > limit)
            | (self.of("pain_before") > limit)
            | (self.of("morning_rise") >= 2)
            | ((self.of("post_operative") != 0) & ~(self.of("days_since_surgery") >= 84) & (worst > 4))
        )
        readable = np.isfinite(bounds).all(axis=1) & (bounds >= 0).all(axis=1)
        self.pinned = (self.bound("pinned") != 0) | ~readable
        self.held = (
            (self.bound("forbid_progression") != 0)
            | (self.of("pain_after") > 3)
            | np.isnan(self.of("pain_after"))
            | ~(self.of("compensated_sessions") < 2)
            | ~(self.of("days_since_session") <= 14)
            | ~(self.of("load_seven_days_ago") > 0)
            | ~(self.of("rung_seven_days_ago") >= 0)
            | ((self.of("post_operative") != 0) & ~(self.of("days_since_surgery") >= 0))
        )

    def breaks(self, rows, actions):
        """Which rule of the words a chosen action breaks, by name, as counts; `rows` and `actions` (n,)."""
        now, rest = self.now[rows], actions == len(self.loads) - 1
        higher = (self.numbers[actions] > self.numbers[now]).sum(axis=1) * ~rest
        load, before = self.loads[actions], self.loads[now]
        stays = actions == now
        ceiling = np.fmin(self.of("load_seven_days_ago")[rows], before) * 4 / 3
        rises = ~rest & (higher > 0)
        return {
            "rest only": self.rest_only[rows] & ~rest,
            "only easier": self.step_back[rows] & ~rest & ~((higher == 0) & (load < before)),
            "pinned": self.pinned[rows] & ~rest & ~stays,
            "nothing harder": self.held[rows] & rises,
            "one thing": higher > 1,
            "a third a week": rises & (load > np.fmax(before, ceiling) * (1 + 1e-6)),
            "rest without need": rest & ~self.rest_only[rows] & ~self.step_back[rows],
            "a rung too early": self._too_early(rows, actions) & rises,
            "outside the bounds": ~rest & ~stays & self._outside(rows, actions),
        }

    def _too_early(self, rows, actions):
        return (self.of("post_operative")[rows] != 0) & (
            (actions != self.now[rows])
            & (self.numbers[actions, 0] > self.numbers[self.now[rows], 0])
            & ~(self.of("days_since_surgery")[rows] >= self.days[actions])
        )

    def _outside(self, rows, actions):
        outside = np.zeros(len(rows), dtype=bool)
        for place, name in enumerate(("rung", "sets", "repetitions", "hold_s", "resistance")):
            value = self.numbers[actions, place]
            if f"least_{name}" in BOUND:
                outside |= value < self.bound(f"least_{name}")[rows]
            outside |= value > self.bound(f"most_{name}")[rows]
        return outside


def said(ladder, contexts, current, bounds):
    words = Said(ladder, contexts, current, bounds)
    words.days = ladder.table()[:, TABLE_COLUMNS.index("surgery_days")]
    return words


@pytest.mark.slow
def test_no_allowed_action_of_a_million_contexts_breaks_a_rule_and_none_is_left_without():
    met = 0
    broken: dict[str, int] = {}
    harder = 0
    for ladder, contexts, current, bounds in chunks(MILLION, seed=1):
        allowed = mask_array(ladder, contexts, current, bounds)
        assert allowed.any(axis=1).all()
        words = said(ladder, contexts, current, bounds)
        rows, actions = np.nonzero(allowed)
        for rule, breaks in words.breaks(rows, actions).items():
            broken[rule] = broken.get(rule, 0) + int(breaks.sum())
        harder += int((words.loads[actions] > words.loads[words.now[rows]]).sum())
        met += len(current)
    assert met == MILLION
    assert harder > 100_000  # the mask does let somebody progress: an empty promise would pass the rest
    assert broken == dict.fromkeys(broken, 0)


HOSTILE = {
    "as released": lambda one: one,
    "NaN": lambda one: replace(one, information=np.full_like(one.information, np.nan)),
    "huge means": lambda one: replace(
        one, precision=np.eye(len(FEATURE_COLUMNS)), information=np.full(len(FEATURE_COLUMNS), 1e12)
    ),
    "harder always pays, surely": lambda one: replace(
        one,
        precision=np.eye(len(FEATURE_COLUMNS)) * 1e12,
        information=1e12 * np.array([float(name in ("step", "harder")) for name in FEATURE_COLUMNS]),
    ),
    "no precision": lambda one: replace(one, precision=np.zeros_like(one.precision)),
    "negative precision": lambda one: replace(one, precision=-one.precision),
    "infinite": lambda one: replace(one, precision=np.full_like(one.precision, np.inf)),
}


@pytest.mark.slow
def test_no_decision_of_a_million_leaves_the_mask_whatever_the_posterior_says():
    outside, decided, moved = 0, 0, 0
    # Fewer draws than in earnest: what is proven here does not depend on how many.
    quick = replace(prior(), settings=replace(prior().settings, draws=8))
    posteriors = [make(quick) for make in HOSTILE.values()]
    for number, (ladder, contexts, current, bounds) in enumerate(chunks(MILLION, seed=2)):
        allowed = mask_array(ladder, contexts, current, bounds)
        protocol = protocol_array(ladder, contexts, current, allowed, shipped_protocol())
        choices = choose_array(
            posteriors[number % len(posteriors)],
            ladder,
            contexts,
            current=current,
            allowed=allowed,
            protocol=protocol,
            patients=np.full(len(current), -1),
            rng=np.random.default_rng(number),
        )
        rows = np.arange(len(current))
        outside += int((~allowed[rows, protocol]).sum() + (~allowed[rows, choices.chosen]).sum())
        spread = choices.over(allowed.shape[1])
        outside += int((spread[~allowed] != 0).sum())
        assert np.allclose(spread.sum(axis=1), 1)
        assert (choices.propensity > 0).all()
        moved += int((choices.chosen != protocol).sum())
        decided += len(current)
    assert decided == MILLION
    assert moved > 10_000
    assert outside == 0


@pytest.mark.parametrize("column", COLUMN)
@pytest.mark.parametrize("value", GARBAGE)
def test_garbage_never_allows_more_than_the_value_of_somebody_who_does_well(column, value):
    clean = contexts_array([doing_well()])
    dirty = clean.copy()
    dirty[0, COLUMN[column]] = value
    bounds = np.array([[0, 0] + [0, OPEN_BOUND] * 3 + [OPEN_BOUND] * 2 + [5, 7]])
    place = np.array([KNEE.index(SQUAT)])
    more = mask_array(KNEE, dirty, place, bounds)[0] & ~mask_array(KNEE, clean, place, bounds)[0]
    if column == "load_seven_days_ago":
        # A lower load than today's is no garbage but a tighter ceiling; a higher one does not loosen it.
        assert not more.any()
    assert set(np.flatnonzero(more)) <= {len(KNEE.actions()) - 1}


ANY_NUMBER = st.one_of(
    st.floats(allow_nan=True, allow_infinity=True),
    st.floats(0, 10),
    st.integers(-(10**40), 10**40),
    st.booleans(),
)
CONTEXTS = st.builds(
    Context,
    **{name: ANY_NUMBER for name in COLUMN if name != "trigger"},
    trigger=st.sampled_from(Trigger),
)
BOUNDS = st.builds(
    Bounds,
    **{
        name: st.one_of(st.none(), st.integers(-5, 50), st.just(float("nan")))
        for name in Bounds.__dataclass_fields__
        if name.startswith(("least", "most"))
    },
    pinned=st.booleans(),
    adaptive=st.booleans(),
    forbid_progression=st.booleans(),
    equipment=st.lists(st.sampled_from(["band", "hand_weight", "a horse"])).map(tuple),
    pain_limit=st.one_of(st.integers(-3, 20), st.floats()),
)
DOSES = st.one_of(
    st.sampled_from(KNEE.actions()),
    st.builds(Action, *(st.integers(-2, 30) for _ in range(5)), st.booleans()),
)


@settings(max_examples=300, deadline=None)
@given(context=CONTEXTS, bounds=BOUNDS, current=DOSES)
def test_one_patients_mask_is_never_empty_and_stays_on_the_ladder(context, bounds, current):
    mask = allowed_actions(KNEE, current, context, bounds)
    assert mask.allowed
    assert all(KNEE.find(one) >= 0 for one in mask.allowed)
    if bounds.pinned:
        assert set(mask.allowed) <= {current, REST}


@settings(max_examples=200, deadline=None)
@given(
    context=CONTEXTS,
    bounds=BOUNDS,
    current=DOSES,
    hostile=st.sampled_from(list(HOSTILE)),
    seed=st.integers(0, 2**63 - 1),
)
def test_one_patients_decision_stays_in_the_mask_whatever_the_posterior_says(
    context, bounds, current, hostile, seed
):
    decision = decide(
        HOSTILE[hostile](prior()), KNEE, current, context, bounds, shipped_protocol(), seed=seed, patient="p"
    )
    mask = allowed_actions(KNEE, current, context, bounds)
    assert decision.allowed == mask.allowed
    assert decision.action in mask.allowed
    assert decision.protocol_action in mask.allowed
    assert sum(decision.probabilities) == pytest.approx(1)
    assert 0 < decision.propensity <= 1
    assert {one.id for one in decision.fired} == {one.id for one in mask.fired}


def test_the_table_of_columns_is_the_one_the_hostile_posteriors_push():
    assert ACTION_COLUMNS[0] == "step"
    assert load_of(KNEE, SQUAT) == pytest.approx(34)
