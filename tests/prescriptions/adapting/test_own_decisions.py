"""The clinic's own log, judged: what counts, what is left out, and what cannot be said."""

import pytest

from clinic.tenancy.scope import clinic_scope
from prescriptions.models import DoseDecision, PrescribedExercise
from prescriptions.selectors.own_decisions import judge_own_decisions
from prescriptions.selectors.own_model import expectations
from tests.factories.dosing import line_of, make_old_plan, make_steps_back
from tests.factories.patients import Ward

State = DoseDecision.State


@pytest.fixture
def model_decision(at_north: Ward) -> DoseDecision:
    """A decision to copy."""
    line = line_of(make_old_plan(at_north.paul, by=at_north.people.nora, sets=3, repetitions=10))
    return make_steps_back(line)


def logged(one: DoseDecision, *, by_protocol: bool, reward: float | None, **fields: object) -> DoseDecision:
    """A delivered decision: half the probability on the protocol's action, half on keeping the dose."""
    line = PrescribedExercise.objects.get(pk=one.prescribed_exercise_id)
    current, protocol = one.current, one.protocol_action
    proposed = protocol if by_protocol else current
    made: dict[str, object] = {
        "patient_id": one.patient_id,
        "prescribed_exercise": line,
        "day": one.day,
        "state": State.ACCEPTED,
        "ladder": one.ladder,
        "context": one.context,
        "current": current,
        "bounds": one.bounds,
        "allowed": [current, protocol],
        "probabilities": [0.5, 0.5],
        "proposed": proposed,
        "protocol_action": protocol,
        "propensity": 0.5,
        "seed": 1,
        "delivered": proposed,
        "dose_before": one.dose_before,
        "dose_after": one.dose_before,
        "reward": reward,
        "reward_version": 1,
    }
    return DoseDecision.objects.create(**(made | fields))


def test_an_empty_log_says_why_not(at_north: Ward) -> None:
    told = judge_own_decisions()
    assert "Nothing can be said yet" in told["why_not"]
    assert "ran" not in told and told["counts"] == {}


def test_the_protocol_is_worth_what_it_earned(at_north: Ward, model_decision: DoseDecision) -> None:
    patients = [at_north.paul.pk, at_north.petra.pk]
    for place in range(40):
        is_protocol = place % 2 == 0
        logged(
            model_decision,
            by_protocol=is_protocol,
            reward=1.0 if is_protocol else 0.0,
            patient_id=patients[place // 2 % 2],
        )
    told = judge_own_decisions()
    by_method = {one["method"]: one for one in told["protocol"]}
    assert told["counts"]["usable"] == 40 and told["patients"] == 2 and told["same_share"] == 0.5
    assert told["ran"]["value"] == pytest.approx(0.5)
    assert by_method["IPS"]["value"] == pytest.approx(1.0)
    assert by_method["SNIPS"]["value"] == pytest.approx(1.0)
    assert by_method["DR"]["value"] == pytest.approx(1.0, abs=0.2)
    assert by_method["IPS"]["effective"] == pytest.approx(20)


@pytest.mark.parametrize(
    ("fields", "counted"),
    [
        ({"state": State.EDITED}, "changed"),
        ({"state": State.REJECTED}, "changed"),
        ({"state": State.UNDONE}, "changed"),
        ({"state": State.EXPIRED}, "not_delivered"),
        ({"delivered": {"rung": 0}}, "not_delivered"),
        ({"reward": None}, "awaited"),
    ],
)
def test_what_carries_no_propensity_is_left_out_and_counted(
    at_north: Ward, model_decision: DoseDecision, fields: dict[str, object], counted: str
) -> None:
    before = judge_own_decisions()["counts"].get(counted, 0)
    logged(model_decision, **({"by_protocol": True, "reward": 1.0} | fields))  # type: ignore[arg-type]
    told = judge_own_decisions()
    assert told["counts"][counted] == before + 1
    assert "usable" not in told["counts"]


def test_rewards_of_an_older_version_are_left_out(at_north: Ward, model_decision: DoseDecision) -> None:
    logged(model_decision, by_protocol=True, reward=9.0, reward_version=1)
    for place in range(2):
        logged(model_decision, by_protocol=bool(place), reward=1.0, reward_version=2)
    told = judge_own_decisions()
    assert told["reward_version"] == 2
    assert (told["counts"]["usable"], told["counts"]["other_reward"]) == (2, 1)
    assert told["ran"]["value"] == pytest.approx(1.0)


def test_where_the_protocol_could_not_have_been_drawn_nothing_is_claimed(
    at_north: Ward, model_decision: DoseDecision
) -> None:
    for place in range(80):
        logged(
            model_decision,
            by_protocol=place % 2 == 0,
            reward=1.0,
            allowed=[model_decision.current],
            probabilities=[1.0],
        )
    told = judge_own_decisions()
    assert all(one["unsupported"] == 1.0 and not one["is_usable"] for one in told["protocol"])


def test_another_clinics_decisions_are_not_judged(at_north: Ward, model_decision: DoseDecision) -> None:
    logged(model_decision, by_protocol=True, reward=1.0)
    with clinic_scope(at_north.people.south.pk):
        assert judge_own_decisions()["counts"] == {}


def test_a_decision_that_cannot_be_read_expects_nothing(at_north: Ward, model_decision: DoseDecision) -> None:
    row = {
        "patient_id": 1,
        "ladder": model_decision.ladder,
        "context": model_decision.context,
        "current": model_decision.current,
        "proposed": model_decision.proposed,
        "protocol_action": model_decision.protocol_action,
    }
    garbled = [row | {"ladder": "gone"}, row | {"context": {"mood": 1}}, row | {"proposed": {"rung": 1}}]
    assert expectations(garbled, rewards=[1.0, 1.0, 1.0]) == ([0.0] * 3, [0.0] * 3)
