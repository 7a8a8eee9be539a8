"""Simulated patients: what may never happen to a body, and that chance is the patient's own."""

import hashlib
import json
from dataclasses import asdict, fields, replace

import numpy as np
import pytest

from prescriptions.adapt_rx.simulation import body as physiology
from prescriptions.adapt_rx.simulation import policies, reports
from prescriptions.adapt_rx.simulation.body import Limits, irritation_of, new_body, stimulus
from prescriptions.adapt_rx.simulation.course import Clinic
from prescriptions.adapt_rx.simulation.learned import ScienceDesk, Settings, policy_of
from prescriptions.adapt_rx.simulation.mechanisms import MECHANISMS, mechanism_of
from prescriptions.adapt_rx.simulation.worlds import build_world

FROZEN = "1539acf240bb52574c89f64054a9b6fd36205feb6b0344813f39062ca9bbe2ca"


class Hardest(policies.Forgetful):
    """Always the heaviest dose that the mask allows: the roughest treatment that a body can meet."""

    code = "hardest"

    def choose(self, question):
        return policies.best_allowed(
            np.broadcast_to(question.shelf.loads, question.allowed.shape), question.allowed
        )


def played(mechanism, policy, *, patients=40, weeks=8, seed=7):
    world = build_world(mechanism_of(mechanism), patients, weeks=weeks, seed=seed)
    clinic = Clinic(world, ScienceDesk(Settings()))
    return clinic, clinic.run(policy)


def constants():
    numbers = {
        name: value
        for name, value in vars(physiology).items()
        if name.isupper() and isinstance(value, (int, float))
    }
    worlds = [{**asdict(one), "name": "", "words": ""} for one in MECHANISMS]
    return json.dumps({"worlds": worlds, "body": numbers}, sort_keys=True)


def test_the_mechanisms_are_as_they_were_before_the_learner_was_tuned():
    """A change here means that every published comparison is void: run and report them anew."""
    assert hashlib.sha256(constants().encode()).hexdigest() == FROZEN


@pytest.mark.parametrize("mechanism", [one.code for one in MECHANISMS])
def test_bodies_stay_bodies_under_the_roughest_treatment(mechanism):
    clinic, course = played(mechanism, Hardest())
    body = clinic.body
    assert (body.capacity > 0).all()
    assert (body.capacity <= np.maximum(body.ceiling, body.first_capacity) * 1.1).all()
    assert (body.irritation >= 0).all() and (body.irritation <= physiology.MOST_IRRITATION).all()
    assert (body.fatigue >= 0).all() and (body.slow_pain >= 0).all() and (body.coming >= 0).all()
    assert (course.function >= 0).all() and (course.function <= 100).all()
    assert (course.sessions <= course.due).all()
    assert course.outside == 0
    assert course.harder.sum() > 0


@pytest.mark.parametrize("mechanism", [one.code for one in MECHANISMS])
def test_no_dose_is_negative_and_none_leaves_the_record_unreadable(mechanism):
    clinic, _ = played(mechanism, policies.RandomInMask())
    for name in ("load", "load_done"):
        said = getattr(clinic.record, name)
        assert (said[~np.isnan(said)] >= 0).all()
    for name in ("pain_before", "pain_after", "pain_morning", "effort"):
        said = getattr(clinic.record, name)
        known = said[~np.isnan(said)]
        assert len(known) and (known >= 0).all() and (known <= 10).all()
        assert (known == np.round(known)).all()


def test_chance_does_not_depend_on_what_a_policy_does():
    rough, _ = played("noisy_missing", Hardest())
    soft, _ = played("noisy_missing", policies.FixedProtocol())
    for one in fields(rough.world.noise):
        drawn = [getattr(clinic.world.noise, one.name) for clinic in (rough, soft)]
        np.testing.assert_array_equal(*drawn)
    # Where both trained on a day, both were silent about the same questions.
    both = rough.record.trained & soft.record.trained
    assert both.sum() > 200
    np.testing.assert_array_equal(
        np.isnan(rough.record.pain_after)[both], np.isnan(soft.record.pain_after)[both]
    )
    assert not np.array_equal(rough.function, soft.function)


def test_a_mechanism_s_patients_are_the_same_whoever_else_is_asked_for():
    first = build_world(mechanism_of("drift"), 30, weeks=4, seed=3)
    again = build_world(mechanism_of("drift"), 30, weeks=4, seed=3)
    other = build_world(mechanism_of("drift"), 30, weeks=4, seed=4)
    np.testing.assert_array_equal(first.patients.age, again.patients.age)
    assert not np.array_equal(first.patients.age, other.patients.age)


def test_nobody_begins_a_ladder_before_it_is_open_after_an_operation():
    world = build_world(mechanism_of("load_capacity"), 400, weeks=2, seed=3)
    open_days = np.array([shelf.open_days for shelf in world.shelves])[world.patients.ladder]
    operated = world.patients.post_operative
    assert operated.sum() > 50
    assert (world.patients.days_since_start[operated] > open_days[operated]).all()


def limits(tolerance=1.0):
    return Limits(*(np.array([one]) for one in (100.0, tolerance, 7.0, 0.035)))


def test_irritation_grows_with_load_above_tolerance():
    plain = mechanism_of("load_capacity")
    low, high = (irritation_of(np.array([share]), limits(), plain)[0] for share in (0.8, 1.3))
    assert low == pytest.approx(0.24)
    assert high == pytest.approx(0.39 + 7.0 * 0.3)
    step = mechanism_of("misspecified")
    assert irritation_of(np.array([1.01]), limits(), step) == pytest.approx(0.303 + 0.35 * 7.0)


def test_stimulus_is_highest_near_capacity_and_reversed_where_less_is_more():
    shares = np.array([0.2, 0.6, 1.0, 1.9])
    zeros = np.zeros(4)
    plain = stimulus(shares, mechanism_of("load_capacity"), volume=zeros, volume_lover=zeros)
    assert plain[0] == 0 and plain[3] == 0 and 0 < plain[1] < plain[2] == 1
    less = stimulus(shares, mechanism_of("less_is_more"), volume=zeros, volume_lover=zeros)
    assert less[0] == 1 and less[2] == 0


def test_delayed_irritation_comes_two_days_later():
    world = build_world(mechanism_of("delayed_flare"), 5, weeks=2, seed=1)
    mechanism = replace(mechanism_of("delayed_flare"), spontaneous_flares_per_day=0.0)
    body = new_body(world.patients, np.full(5, 20.0))
    every = np.ones(5, dtype=bool)
    of_all = Limits(body.capacity, np.full(5, 1.0), np.full(5, 7.0), np.full(5, 0.035))
    physiology.train(body, of_all, mechanism, share=np.full(5, 1.4), gain=np.zeros(5), did=every)
    evening = body.irritation.copy()
    nights = []
    for _ in range(2):
        physiology.pass_night(body, mechanism, flares=np.zeros(5), falls_ill=~every)
        nights.append(body.irritation.copy())
    assert (evening < 0.5).all() and (nights[0] < evening).all()
    assert (nights[1] > physiology.FLARE_POINTS).all()


def test_a_silent_patient_says_little_until_it_breaks():
    mechanism = mechanism_of("silent")
    world = build_world(mechanism, 3, weeks=2, seed=1)
    body = new_body(world.patients, np.full(3, 20.0))
    body.irritation[:] = (1.0, 3.0, 4.0)
    told = reports.hide(body, np.array([4.0, 6.0, 7.0]), mechanism)
    np.testing.assert_array_equal(told, [2.0, 2.0, 7.0])


def test_the_oracle_is_worth_more_than_the_protocol():
    worth = {}
    for code in ("protocol", "oracle"):
        _, course = played("load_capacity", policy_of(code, Settings(), seed=(1,)), patients=150, weeks=12)
        worth[code] = course.function[:, -7:].mean() - course.flare_days.mean()
    assert worth["oracle"] > worth["protocol"]


def test_a_context_says_what_the_record_says():
    clinic, _ = played("load_capacity", policies.FixedProtocol(), patients=20, weeks=4)
    record, world = clinic.record, clinic.world
    rows = np.arange(20)
    days = np.full(20, 20)
    before = record.trained[:, :20]
    record.last_session[:] = [np.flatnonzero(one)[-1] if one.any() else -1 for one in before]
    found = reports.contexts_of(record, world.patients, rows, days, sessions_at_dose=np.ones(20))
    column = {name: found[:, place] for place, name in enumerate(reports.CONTEXT_COLUMNS)}
    seen = record.last_session >= 0
    last = np.maximum(record.last_session, 0)
    assert seen.sum() > 15
    np.testing.assert_array_equal(column["pain_after"][seen], record.pain_after[rows, last][seen])
    np.testing.assert_array_equal(column["days_since_session"][seen], (20 - last)[seen])
    np.testing.assert_array_equal(column["load_seven_days_ago"], record.load[:, 13])
    np.testing.assert_array_equal(column["post_operative"], world.patients.post_operative)
    np.testing.assert_array_equal(np.isnan(column["days_since_surgery"]), ~world.patients.post_operative)
