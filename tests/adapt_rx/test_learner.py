"""The learner: day one is the protocol, propensities are exact, what it learns shows, and a log replays."""

import json
from dataclasses import asdict, replace

import numpy as np
import pytest

from prescriptions.adapt_rx import (
    REST,
    Action,
    Bounds,
    Lesson,
    LessonRefused,
    Posterior,
    PosteriorUnreadable,
    Trigger,
    decide,
    features_of,
    is_tender,
    load_of,
    mask_array,
    prior,
    replay,
    shipped_ladders,
    shipped_protocol,
    update,
)
from prescriptions.adapt_rx import features as columns
from prescriptions.adapt_rx.features import FEATURE_COLUMNS, features_array
from prescriptions.adapt_rx.layout import contexts_array
from prescriptions.adapt_rx.learner import PROTOCOL_KEEPS, choose_array, expected_reward, near
from prescriptions.adapt_rx.learning import update_array
from prescriptions.adapt_rx.posterior import COUNT, prior_of
from prescriptions.adapt_rx.protocol import protocol_array
from tests.adapt_rx.doses import KNEE, SQUAT, doing_well, random_table

HOME = Bounds(equipment=("hand_weight",))
STRONGER, FEWER = Action(2, 2, 12), Action(2, 2, 8)
FLOOR = prior().settings.floor
# What is learned here must not hang on how the released prior was tuned.
UNTUNED = prior_of(
    {
        "code": "test",
        "version": 1,
        "settings": {
            "noise": 1.0,
            "discount_per_day": 0.998,
            "floor": 0.05,
            "draws": 128,
            "doubt_harder": 1.645,
            "doubt_easier": 1.0,
            "offset_sd": [0.3, 0.15, 0.15],
            "most_patients": 2000,
        },
        "sd": {"default_state": 0.5, "default_action": 0.2, "above": 0.1, "below": 0.1, "far": 0.02},
        "mean": {"above": -0.15, "below": -0.1, "changes": -0.02},
    }
)


def ask(posterior=None, context=None, current=SQUAT, seed=0, **others):
    return decide(
        posterior or prior(),
        KNEE,
        current,
        context or doing_well(current),
        others.pop("bounds", HOME),
        shipped_protocol(),
        seed=seed,
        **others,
    )


def table(people=3000, seed=5, ladder=KNEE):
    contexts, current, bounds = random_table(np.random.default_rng(seed), ladder, people)
    allowed = mask_array(ladder, contexts, current, bounds)
    protocol = protocol_array(ladder, contexts, current, allowed, shipped_protocol())
    return {"contexts": contexts, "current": current, "allowed": allowed, "protocol": protocol}


def choose(posterior, asked, ladder=KNEE, seed=0, patients=None):
    patients = np.full(len(asked["current"]), -1) if patients is None else patients
    return choose_array(posterior, ladder, **asked, patients=patients, rng=np.random.default_rng(seed))


def holding(**changes):
    """A patient for whom the protocol keeps the dose, though the mask would allow more."""
    return doing_well(**{"effort": 8, **changes})


def taught(slope, *, lessons=600, pain_slope=0.0, patient=None, start=None):
    """A posterior after lessons in which a weekly step more of load was worth `slope`, with noise."""
    rng = np.random.default_rng(11)
    posterior = (start or UNTUNED).knowing([patient] if patient else [])
    doses = [FEWER, SQUAT, STRONGER, Action(2, 3, 8)]
    rows, rewards = [], []
    for _ in range(lessons):
        pain = float(rng.integers(0, 4))
        row = _row(doses[rng.integers(len(doses))], pain_after=pain)
        step = row[FEATURE_COLUMNS.index("step")]
        rows.append(row)
        rewards.append(step * (slope + pain_slope * (pain - 1.5)) + rng.normal(0, 0.5))
    places = np.full(lessons, posterior.offsets.places[patient] if patient else -1)
    return update_array(posterior, np.array(rows), np.array(rewards), places)


class TestDayOne:
    @pytest.mark.parametrize("code", shipped_ladders())
    def test_is_the_protocol_but_for_the_floor_whatever_the_context(self, code):
        ladder = shipped_ladders()[code]
        asked = table(ladder=ladder)
        choices = choose(prior(), asked, ladder)
        explored = (choices.probabilities[:, 1:] > 0).any(axis=1)
        assert np.allclose(choices.probabilities[:, 0], np.where(explored, 1 - FLOOR, 1))
        assert explored.mean() > 0.2
        assert (choices.chosen == asked["protocol"]).mean() > 1 - 2 * FLOOR

    def test_explores_only_what_is_not_harder_than_the_protocol(self):
        asked = table()
        spread = choose(prior(), asked).over(len(KNEE.actions()))
        rows, actions = np.nonzero(spread)
        numbers = KNEE.table()[:, :5]
        assert (numbers[actions] <= numbers[asked["protocol"][rows]]).all()
        assert not spread[:, -1][asked["protocol"] != len(KNEE.actions()) - 1].any()

    def test_of_one_patient_is_the_protocol_with_its_propensity(self):
        decisions = [ask(seed=seed) for seed in range(400)]
        by_protocol = [one for one in decisions if one.action == one.protocol_action]
        assert all(one.protocol_action == STRONGER for one in decisions)
        assert {one.propensity for one in by_protocol} == {1 - FLOOR}
        assert 0 < 400 - len(by_protocol) < 400 * FLOOR * 2
        assert all(load_of(KNEE, one.action) <= load_of(KNEE, STRONGER) for one in decisions)

    def test_with_the_learner_off_is_the_protocol_alone(self):
        assert {ask(seed=seed, learner_on=False).action for seed in range(50)} == {STRONGER}
        assert ask(learner_on=False).propensity == 1
        assert np.isnan(ask(learner_on=False).expected.mean)

    def test_after_a_red_flag_is_rest(self):
        decision = ask(context=doing_well(trigger=Trigger.RED_FLAG))
        assert (decision.action, decision.propensity) == (REST, 1)


class TestPropensities:
    @pytest.mark.parametrize("slope", [0.0, 0.8, -0.8])
    def test_are_how_often_each_action_is_drawn(self, slope):
        posterior = taught(slope)
        decisions = [ask(posterior, holding(), seed=seed) for seed in range(1500)]
        told: dict[Action, float] = {}
        for one in decisions:
            for action, probability in zip(one.allowed, one.probabilities, strict=True):
                told[action] = told.get(action, 0) + probability
        for action, expected in told.items():
            drawn = sum(one.action == action for one in decisions)
            assert abs(drawn - expected) <= 4 * np.sqrt(expected) + 1e-9

    def test_are_the_same_for_the_same_seed_and_nothing_else_decides(self):
        posterior = taught(0.8)
        again = ask(taught(0.8), holding(), seed=7)
        assert _told(ask(posterior, holding(), seed=7)) == _told(again)
        assert len({ask(posterior, holding(), seed=seed).action for seed in range(100)}) > 1

    def test_follow_the_posterior_that_they_are_drawn_from(self):
        """Thompson's shares against brute force: sample whole coefficient vectors, take the best."""
        bold = replace(UNTUNED.settings, draws=20_000, floor=0.0, doubt_harder=0.0, doubt_easier=0.0)
        posterior = replace(taught(0.4, lessons=60), settings=bold)
        squat = np.array([KNEE.index(SQUAT)])
        asked = {"contexts": contexts_array([holding()]), "current": squat, "protocol": squat}
        everything = np.ones((1, len(KNEE.actions())), dtype=bool)
        choices = choose(posterior, {**asked, "allowed": everything})
        rows = features_array(KNEE, asked["contexts"], choices.candidates, protocol=squat, current=squat)[0]
        advantage = (rows - rows[0])[:, columns.ACTION] @ posterior.mean[columns.ACTION]
        better = np.flatnonzero((advantage > 0) | (np.arange(len(rows)) == 0))
        rng = np.random.default_rng(1)
        shared = rng.multivariate_normal(posterior.mean, posterior.covariance, 20_000)
        own = rng.normal(0, posterior.settings.offset_sd, (20_000, 3))
        scores = shared @ rows[better].T + own @ rows[better][:, columns.OFFSETS].T
        shares = np.bincount(scores.argmax(axis=1), minlength=len(better)) / 20_000
        assert (shares > 0.05).sum() >= 3
        expected = (1 - PROTOCOL_KEEPS) * shares
        expected[0] += PROTOCOL_KEEPS
        assert np.abs(expected - choices.probabilities[0, better]).max() < 0.02
        assert choices.probabilities[0, better].sum() == pytest.approx(1)


class TestWhatItLearns:
    def test_to_go_harder_where_that_paid(self):
        shares = _shares(taught(0.8))
        assert shares["harder"] > 0.8

    def test_to_go_easier_where_harder_cost(self):
        shares = _shares(taught(-0.8))
        assert shares["easier"] > 0.8
        assert shares["harder"] == 0

    def test_not_to_go_harder_on_thin_evidence(self):
        assert _shares(taught(0.8, lessons=3))["harder"] == 0

    def test_to_tell_contexts_apart(self):
        posterior = taught(0.0, pain_slope=-0.6, lessons=3000)
        assert _shares(posterior, holding(pain_after=0))["harder"] > 0.5
        assert _shares(posterior, holding(pain_after=3))["easier"] > 0.5

    def test_to_tell_patients_apart_and_to_share_between_them(self):
        settings = replace(UNTUNED.settings, offset_sd=(0.3, 0.6, 0.3))
        both = taught(0.6, patient="robust", start=replace(UNTUNED, settings=settings), lessons=200)
        both = taught(-0.6, patient="tender", start=both, lessons=200)
        advantage = {who: _advantage(both, who) for who in ("robust", "tender", "new")}
        assert advantage["robust"] > advantage["new"] > advantage["tender"]
        assert advantage["robust"] > 0 > advantage["tender"]

    def test_who_is_tender_to_load(self):
        known = taught(0.6, patient="robust", lessons=200)
        known = taught(-0.6, patient="tender", start=known, lessons=200)
        assert {who: is_tender(known, who) for who in ("robust", "tender", "new")} == {
            "robust": False,
            "tender": True,
            "new": False,
        }

    def test_that_what_is_old_counts_less(self):
        lessons = [Lesson(day, _row(), 1.0) for day in range(200)]
        steady = replay(lessons, start=UNTUNED)
        forgotten = update(steady, _row(), 1.0, day=200 + 5000)
        expected, doubt = _expected(steady)
        assert expected > 0.9
        assert _expected(forgotten)[1] > 2 * doubt
        assert _expected(forgotten)[0] < expected

    def test_without_a_day_nothing_is_forgotten(self):
        assert update(prior(), _row(), 1.0).day == -1


class TestReplay:
    def log(self, count=60):
        rng = np.random.default_rng(2)
        return [
            Lesson(number // 4, _row(pain_after=float(rng.integers(0, 4))), rng.normal(), f"p{number % 7}")
            for number in range(count)
        ]

    def test_the_same_log_gives_the_same_posterior_to_the_last_bit(self):
        assert replay(self.log()).sha256() == replay(self.log()).sha256()

    def test_another_log_gives_another(self):
        log = self.log()
        assert replay(log).sha256() != replay(log[:-1]).sha256()
        nudged = replace(log[-1], reward=log[-1].reward + 1e-9)
        assert replay(log).sha256() != replay([*log[:-1], nudged]).sha256()

    def test_storing_every_night_changes_nothing(self):
        stored = prior()
        for one in self.log():
            learned = update(stored, one.features, one.reward, one.patient, day=one.day)
            stored = Posterior.from_dict(_through_a_database(learned.to_dict()))
            assert stored.sha256() == learned.sha256()
        assert stored.sha256() == replay(self.log()).sha256()

    def test_a_stored_posterior_decides_as_the_one_in_memory(self):
        memory = replay(self.log())
        stored = Posterior.from_dict(_through_a_database(memory.to_dict()))
        assert _told(ask(stored, seed=3, patient="p1")) == _told(ask(memory, seed=3, patient="p1"))

    def test_keeps_the_patients_last_seen_when_there_are_too_many(self):
        small = replace(prior(), settings=replace(prior().settings, most_patients=3))
        kept = replay([Lesson(1, _row(), 0.1, who) for who in ("a", "b", "c", "a", "d")], start=small)
        assert sorted(kept.offsets.keys) == ["a", "c", "d"]
        assert ask(kept, patient="b").action in ask(kept, patient="b").allowed

    def test_a_night_at_once_is_the_same_whatever_the_order_of_its_patients(self):
        rows = np.array([_row(pain_after=float(number % 4)) for number in range(40)])
        rewards = np.random.default_rng(0).normal(size=40)
        known = prior().knowing([f"p{number}" for number in range(10)])
        places = np.arange(40) % 10
        forwards = update_array(known, rows, rewards, places, day=5)
        backwards = update_array(known, rows[::-1], rewards[::-1], places[::-1], day=5)
        assert np.allclose(forwards.precision, backwards.precision)
        assert np.allclose(forwards.offsets.information, backwards.offsets.information)

    def test_one_lesson_at_once_is_one_lesson_alone(self):
        known = prior().knowing(["p"])
        alone = update(known, _row(), 0.7, "p", day=3)
        together = update_array(known, np.array([_row()]), np.array([0.7]), np.array([0]), day=3)
        assert alone.sha256() == together.sha256()
        assert alone.learned == 1


class TestWhatIsRefused:
    @pytest.mark.parametrize(
        ("features", "reward"),
        [
            ((1.0,) * (COUNT - 1), 0.5),
            ((float("nan"),) * COUNT, 0.5),
            ((float("inf"),) * COUNT, 0.5),
            ((1e9,) * COUNT, 0.5),
            ((0.0,) * COUNT, float("nan")),
            ((0.0,) * COUNT, float("-inf")),
            ((0.0,) * COUNT, 1e6),
        ],
    )
    def test_a_lesson_that_is_no_lesson(self, features, reward):
        with pytest.raises(LessonRefused):
            update(prior(), features, reward, "p", day=1)

    def test_a_lesson_from_before_the_last(self):
        with pytest.raises(LessonRefused, match="older"):
            replay([Lesson(5, _row(), 0.1), Lesson(4, _row(), 0.1)])

    def test_a_patient_that_is_not_known(self):
        with pytest.raises(LessonRefused, match="not known"):
            update_array(prior(), np.array([_row()]), np.array([0.1]), np.array([3]))

    @pytest.mark.parametrize(
        "change",
        [
            {"format": 2},
            {"features": 99},
            {"precision": [[1.0]]},
            {"information": [float("nan")] * COUNT},
            {"information": ["x"] * COUNT},
            {"settings": {}},
            {"settings": {**prior().to_dict()["settings"], "floor": 0.9}},
            {"settings": {**prior().to_dict()["settings"], "noise": "1"}},
            {"patients": {"p": {}}},
            {"patients": None},
            {"day": None},
        ],
    )
    def test_a_stored_posterior_that_is_none(self, change):
        with pytest.raises(PosteriorUnreadable):
            Posterior.from_dict({**prior().to_dict(), **change})

    @pytest.mark.parametrize("source", [None, {}, [], "posterior", 5])
    def test_something_else(self, source):
        with pytest.raises(PosteriorUnreadable):
            Posterior.from_dict(source)

    def test_a_prior_for_a_column_that_does_not_exist(self):
        source = {
            "code": "x",
            "version": 1,
            "settings": prior().to_dict()["settings"],
            "sd": {"default_state": 1, "default_action": 1},
            "mean": {"luck": 1},
        }
        with pytest.raises(PosteriorUnreadable, match="luck"):
            prior_of(source)


class TestNeighbours:
    @pytest.mark.parametrize("code", shipped_ladders())
    def test_stand_beside_their_dose_and_the_protocols_step_is_among_the_mask(self, code):
        ladder = shipped_ladders()[code]
        beside = near(ladder)
        rest = len(ladder.actions()) - 1
        assert (beside.places[:, 0] == np.arange(rest + 1)).all()
        assert (beside.places[rest, 1:] == -1).all()
        assert not (beside.places[:rest] == rest).any()
        rows, cells = np.nonzero(beside.places[:rest] >= 0)
        numbers = ladder.table()[:, :5]
        assert (np.abs(numbers[rows, 0] - numbers[beside.places[rows, cells], 0]) <= 1).all()

    def test_explored_ones_have_no_number_higher(self):
        beside = near(KNEE)
        rows, cells = np.nonzero(beside.explore)
        numbers = KNEE.table()[:, :5]
        assert (numbers[beside.places[rows, cells]] <= numbers[rows]).all()
        assert not beside.explore[:, 0].any()


def test_an_action_is_a_move_from_the_dose_in_force_and_stands_beside_the_protocols():
    row = features_of(KNEE, doing_well(), STRONGER, protocol_action=STRONGER, current=SQUAT)
    named = dict(zip(FEATURE_COLUMNS, row, strict=True))
    assert named["intercept"] == 1
    assert named["step"] == named["rise"] == pytest.approx(np.log(1.2) / np.log(4 / 3))
    assert not any(named[name] for name in ("above", "below", "far", "changes", "rest", "intensity"))
    kept = features_of(KNEE, doing_well(), SQUAT, protocol_action=STRONGER, current=SQUAT)
    waits = dict(zip(FEATURE_COLUMNS, kept, strict=True))
    assert (waits["step"], waits["rise"], waits["above"], waits["changes"]) == (0, 0, 0, 1)
    assert waits["below"] == pytest.approx(named["step"])
    assert waits["far"] == pytest.approx(named["step"] ** 2)


def test_the_first_fifteen_of_the_context_are_all_there_and_missing_is_marked():
    row = dict(zip(FEATURE_COLUMNS, _row(effort=float("nan"), pain_after=4), strict=True))
    assert (row["effort"], row["unknown:effort"]) == (0, 1)
    assert (row["pain_after"], row["unknown:pain_after"]) == (1, 0)


def test_an_expectation_says_how_sure_it_is():
    sure, unsure = (ask(taught(-0.8, lessons=many), holding(), seed=1) for many in (600, 40))
    for one in (sure, unsure):
        assert one.expected.low < one.expected.mean < one.expected.high
    assert sure.expected.high - sure.expected.low < unsure.expected.high - unsure.expected.low
    assert sure.action != sure.protocol_action
    assert 0.8 < sure.expected.better_than_protocol <= 1


def _shares(posterior, context=None):
    decision = ask(posterior, context or holding())
    assert decision.protocol_action == SQUAT
    base = load_of(KNEE, SQUAT)
    shares = {"easier": 0.0, "same": 0.0, "harder": 0.0}
    for action, probability in zip(decision.allowed, decision.probabilities, strict=True):
        load = load_of(KNEE, action)
        shares["harder" if load > base else "easier" if load < base else "same"] += probability
    return shares


def _advantage(posterior, patient):
    place = np.array([posterior.offsets.places.get(patient, -1)])
    more, same = (expected_reward(posterior, np.array([_row(one)]), place)[0][0] for one in (STRONGER, SQUAT))
    return more - same


def _row(action=FEWER, **changes):
    return features_of(KNEE, holding(**changes), action, protocol_action=SQUAT, current=SQUAT)


def _told(decision):
    """A decision as it is compared: NaN equals NaN."""
    return {**asdict(decision), "expected": decision.expected.to_dict()}


def _expected(posterior):
    mean, sd = expected_reward(posterior, np.array([_row()]), np.array([-1]))
    return float(mean[0]), float(sd[0])


def _through_a_database(state):
    """JSON as a database keeps it: keys in another order, no negative zero."""
    return json.loads(json.dumps(state, sort_keys=True).replace("-0.0,", "0.0,"))
