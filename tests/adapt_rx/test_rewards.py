"""The reward: its parts by hand, what is missing said so, and a harder dose by itself worth nothing."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from prescriptions.adapt_rx import Observed, RewardWeights, estimated_capacity, reward_of, shipped_weights
from prescriptions.adapt_rx.rewards import OBSERVED_COLUMNS, PARTS, reward_array

PLAIN = RewardWeights(version=3, progress=1, function=1, flare=0.5, morning=0.25, dropout=1)
GOOD_WEEK = Observed(
    capacity_before=60,
    capacity_after=80,
    morning_rise=0,
    flare_days=0,
    pain_days=3,
    sessions_asked=3,
    sessions_done=3,
)


def changed(**values):
    return Observed(**{**{name: getattr(GOOD_WEEK, name) for name in OBSERVED_COLUMNS}, **values})


def test_a_third_more_capacity_is_one():
    reward = reward_of(GOOD_WEEK, PLAIN)
    assert reward.total == pytest.approx(1)
    assert reward.parts == {
        "progress": pytest.approx(1),
        "function": None,
        "flare": 0,
        "morning": 0,
        "dropout": 0,
    }
    assert reward.version == 3


@pytest.mark.parametrize(
    ("change", "part", "value"),
    [
        ({"capacity_after": 60}, "progress", 0),
        ({"capacity_after": 45}, "progress", -1),
        ({"function_change": 1}, "function", 1),
        ({"flare_days": 2, "pain_days": 7}, "flare", -1),
        ({"flare_days": 1, "pain_days": 1}, "flare", -3.5),
        ({"morning_rise": 2}, "morning", -0.5),
        ({"morning_rise": -2}, "morning", 0),
        ({"sessions_done": 0}, "dropout", -1),
        ({"sessions_done": 2}, "dropout", -1 / 3),
        ({"sessions_done": 5}, "dropout", 0),
    ],
)
def test_each_part_is_what_its_words_say(change, part, value):
    assert reward_of(changed(**change), PLAIN).parts[part] == pytest.approx(value)


@pytest.mark.parametrize(
    "change",
    [
        {"capacity_after": math.nan},
        {"capacity_after": math.inf},
        {"capacity_before": 0},
        {"morning_rise": math.nan, "pain_days": math.nan},
        {"morning_rise": 99, "pain_days": 0},
        {"morning_rise": math.inf, "flare_days": 9},
    ],
)
def test_too_little_known_is_no_reward_and_never_a_good_one(change):
    assert reward_of(changed(**change), PLAIN).total is None


def test_a_missing_part_is_left_out_and_named():
    reward = reward_of(changed(morning_rise=math.nan, sessions_asked=math.nan), PLAIN)
    assert (reward.parts["morning"], reward.parts["dropout"]) == (None, None)
    assert reward.total == pytest.approx(1)


def test_a_harder_dose_by_itself_is_no_progress():
    assert estimated_capacity(40, 5) == estimated_capacity(60, 7.5) == 80
    assert estimated_capacity(44, 5) > estimated_capacity(40, 5)


@pytest.mark.parametrize(("load", "effort"), [(0, 5), (math.nan, 5), (40, math.nan), (-3, 5)])
def test_without_work_or_effort_there_is_no_capacity(load, effort):
    assert math.isnan(float(estimated_capacity(load, effort)))


def test_the_shipped_weights_are_visible_and_versioned():
    weights = shipped_weights()
    assert weights.version >= 1
    assert RewardWeights.of(weights.to_dict()) == weights


@pytest.mark.parametrize(
    "change",
    [{"flare": -1}, {"flare": math.nan}, {"flare": "1"}, {"flare": True}, {"luck": 1}, {"flare": 1e9}],
)
def test_weights_that_make_no_sense_are_refused(change):
    with pytest.raises(ValueError, match=r"weight|Reward"):
        RewardWeights.of({**PLAIN.to_dict(), **change})


def test_what_was_observed_survives_storing():
    stored = GOOD_WEEK.to_dict()
    assert stored["function_change"] is None
    assert Observed.of(stored).to_dict() == stored
    assert math.isnan(Observed.of(stored).function_change)
    with pytest.raises(TypeError):
        Observed.of({"luck": 5})


@given(st.lists(st.lists(st.floats(), min_size=8, max_size=8), min_size=1, max_size=20))
def test_garbage_gives_no_reward_or_a_finite_one(rows):
    totals, parts = reward_array(np.array(rows), PLAIN)
    assert not np.isinf(totals).any()
    assert not np.isinf(parts).any()
    assert (np.nan_to_num(parts[:, PARTS.index("flare") :]) <= 0).all()
