"""Limits of a dose and the clinic's protocol: checked, stored, versioned."""

from typing import Any

import pytest

from clinic.errors import Conflict, Forbidden
from clinic.tenancy.scope import clinic_scope
from prescriptions.adapt_rx.protocol import shipped_protocol
from prescriptions.adapt_rx.types import Action, Bounds
from prescriptions.errors import BoundsRefused, PlanEnded, ProtocolFaults
from prescriptions.models import DoseBounds, PrescribedExercise, ProgressionProtocol
from prescriptions.selectors import bounds_of, dosing_lines, protocol_in_force
from prescriptions.services import (
    end_prescription,
    propose_dose,
    set_bounds,
    use_shipped_protocol,
    write_protocol,
)
from tests.factories.dosing import line_of, make_old_plan, make_session_of
from tests.factories.patients import Ward

FULL = Bounds(
    forbid_progression=True,
    within_session=True,
    least_rung=1,
    most_rung=2,
    least_sets=1,
    most_sets=3,
    least_repetitions=5,
    most_repetitions=12,
    most_hold_s=5,
    most_resistance=1,
    equipment=("hand_weight",),
    pain_limit=3,
)


@pytest.fixture
def line(at_north: Ward) -> PrescribedExercise:
    return line_of(make_old_plan(at_north.paul, by=at_north.people.nora, sets=2, repetitions=8))


def test_bounds_come_back_as_they_were_set(line: PrescribedExercise, at_north: Ward) -> None:
    assert bounds_of(line) == Bounds()
    set_bounds(line, FULL, by=at_north.people.nora)
    assert bounds_of(line) == FULL
    assert dosing_lines(line.prescription)[line.pk].bounds == FULL
    set_bounds(line, Bounds(), by=at_north.people.nora)
    assert bounds_of(line) == Bounds()
    assert DoseBounds.objects.count() == 1


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"least_rung": 3, "most_rung": 1}, "most_rung"),
        ({"most_rung": 99}, "most_rung"),
        ({"least_rung": -1}, "least_rung"),
        ({"least_sets": 4, "most_sets": 2}, "most_sets"),
        ({"most_sets": 11}, "most_sets"),
        ({"most_repetitions": float("nan")}, "most_repetitions"),
        ({"least_repetitions": True}, "least_repetitions"),
        ({"most_hold_s": "5"}, "most_hold_s"),
        ({"most_resistance": 50}, "most_resistance"),
        ({"pain_limit": 6}, "pain_limit"),
        ({"pain_limit": None}, "pain_limit"),
        ({"equipment": ("a rocket",)}, "equipment"),
    ],
)
def test_limits_that_do_not_fit_are_refused_by_field(
    line: PrescribedExercise, at_north: Ward, wrong: dict[str, Any], field: str
) -> None:
    with pytest.raises(BoundsRefused) as refused:
        set_bounds(line, Bounds(**wrong), by=at_north.people.nora)
    assert list(refused.value.fields) == [field]
    assert not DoseBounds.objects.exists()


def test_no_decision_leaves_the_bounds(line: PrescribedExercise, at_north: Ward) -> None:
    set_bounds(line, Bounds(least_rung=2, most_rung=2, least_repetitions=6), by=at_north.people.nora)
    make_session_of(line, ago=1, after=7)
    decision = propose_dose(line)
    assert decision is not None
    allowed = [Action.of(one) for one in decision.allowed]
    assert all(one.rest or (one.rung == 2 and one.repetitions >= 6) for one in allowed)


def test_bounds_of_an_ended_plan_stay(line: PrescribedExercise, at_north: Ward) -> None:
    end_prescription(line.prescription, by=at_north.people.nora)
    with pytest.raises(PlanEnded):
        set_bounds(line, FULL, by=at_north.people.nora)


def test_a_protocol_is_a_new_version_each_time(at_north: Ward) -> None:
    assert protocol_in_force().number == 0
    spec = {**shipped_protocol().spec, "target_sets": 4}
    first = write_protocol(spec, by=at_north.people.ada, change_note="Four sets")
    assert (first.number, protocol_in_force().protocol.target_sets) == (1, 4)
    assert protocol_in_force().protocol is protocol_in_force().protocol
    assert write_protocol(spec, by=at_north.people.ada) == first
    second = use_shipped_protocol(by=at_north.people.nora)
    assert (second.number, protocol_in_force().protocol.target_sets) == (2, 3)
    with clinic_scope(at_north.people.south.pk):
        assert protocol_in_force().number == 0


def test_the_clinics_protocol_decides(line: PrescribedExercise, at_north: Ward) -> None:
    write_protocol({**shipped_protocol().spec, "target_sets": 4}, by=at_north.people.ada)
    make_session_of(line, ago=1)
    decision = propose_dose(line)
    assert decision is not None
    assert decision.versions["protocol"] == 2


@pytest.mark.parametrize(
    "spec", [{}, [], None, "x", {"phases": float("nan")}, {"code": "x", "review_days": 3}]
)
def test_a_protocol_that_cannot_be_followed_is_refused_in_words(at_north: Ward, spec: Any) -> None:
    with pytest.raises(ProtocolFaults) as refused:
        write_protocol(spec, by=at_north.people.ada)
    assert refused.value.faults
    assert not ProgressionProtocol.objects.exists()


def test_two_who_change_the_same_version(at_north: Ward) -> None:
    spec = {**shipped_protocol().spec, "target_sets": 4}
    write_protocol(spec, by=at_north.people.ada, based_on=0)
    with pytest.raises(Conflict):
        write_protocol({**spec, "target_sets": 5}, by=at_north.people.nora, based_on=0)


def test_only_therapists_and_admins_write_protocols(at_north: Ward) -> None:
    for by in (at_north.people.ash, at_north.people.paul):
        with pytest.raises(Forbidden):
            write_protocol(shipped_protocol().spec, by=by)
