"""The bounds of one exercise: who sets them, what is stored, what is refused."""

from collections.abc import Callable

import pytest
from django.test import Client

from prescriptions.adapt_rx.types import Bounds
from prescriptions.dose import Dose
from prescriptions.models import DoseBounds, DoseDecision, PrescribedExercise
from prescriptions.selectors import bounds_of
from prescriptions.services import PlanLine, end_prescription, write_prescription
from tests.factories.dosing import line_of
from tests.factories.patients import Ward
from tests.factories.prescriptions import make_library

At = Callable[..., str]
SENT = {"adaptive": "on", "pain_limit": "4", "most_repetitions": "12", "equipment": ["hand_weight"]}


def test_bounds_are_stored_as_they_were_set(
    at_north: Ward, sign_in, at: At, line: PrescribedExercise, proposal: DoseDecision
) -> None:
    nora = sign_in(at_north.people.nora)
    page = nora.get(at("dose_bounds", line.ref)).content.decode()
    assert "Lunge" in page and "4 kg in each hand" in page and "Hand weights" in page
    assert nora.post(at("dose_bounds", line.ref), SENT | {"most_rung": "2"}).status_code == 302
    assert bounds_of(line) == Bounds(
        most_repetitions=12, most_rung=2, equipment=("hand_weight",), pain_limit=4
    )
    proposal.refresh_from_db()
    assert proposal.state == DoseDecision.State.SUPERSEDED, "it was made inside other bounds"


def test_saving_says_what_became_of_the_proposal_that_waited(
    at_north: Ward, sign_in, at: At, line: PrescribedExercise, proposal: DoseDecision
) -> None:
    nora, address = sign_in(at_north.people.nora), at("dose_bounds", line.ref)
    page = nora.post(address, {"adaptive": "on", "pain_limit": "5", "within_session": "on"}, follow=True)
    assert "It holds from the next proposal on." in page.content.decode()
    proposal.refresh_from_db()
    assert proposal.state == DoseDecision.State.PROPOSED, "easing within a session is another question"
    page = nora.post(address, {"adaptive": "on", "pain_limit": "4"}, follow=True).content.decode()
    assert "The proposal that waited was made anew within these bounds." in page and "1 proposal" in page
    page = nora.post(address, {"adaptive": "on", "pain_limit": "4", "pinned": "on"}, follow=True)
    assert "The proposal that waited is closed: within these bounds the dose stays." in page.content.decode()


def test_switched_off_and_pinned_are_said_on_the_plan(
    at_north: Ward, sign_in, at: At, line: PrescribedExercise
) -> None:
    nora = sign_in(at_north.people.nora)
    nora.post(at("dose_bounds", line.ref), {"pain_limit": "5", "adaptive": "on", "pinned": "on"})
    assert b"Pinned: it stays as it is." in nora.get(at("prescription", at_north.paul.ref)).content
    nora.post(at("dose_bounds", line.ref), {"pain_limit": "5"})
    page = nora.get(at("prescription", at_north.paul.ref)).content
    assert b"switched off for this exercise" in page and b"Propose now" not in page


@pytest.mark.parametrize(
    ("who", "status"),
    [("ash", 403), ("ola", 403), ("ada", 403), ("paul", 403), ("sam", 404), ("sid", 404)],
)
def test_who_sets_bounds(
    at_north: Ward, sign_in, at: At, line: PrescribedExercise, who: str, status: int
) -> None:
    client = sign_in(getattr(at_north.people, who))
    assert client.get(at("dose_bounds", line.ref)).status_code == status
    assert client.post(at("dose_bounds", line.ref), SENT).status_code == status
    assert not DoseBounds.objects.exists()


def test_bounds_are_closed_to_the_signed_out(at: At, line: PrescribedExercise) -> None:
    assert Client().post(at("dose_bounds", line.ref), SENT).status_code == 302
    assert not DoseBounds.objects.exists()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("pain_limit", "6"),
        ("pain_limit", "nan"),
        ("pain_limit", ""),
        ("most_sets", "11"),
        ("most_repetitions", "1e3"),
        ("most_rung", "99"),
        ("least_rung", "-1"),
        ("most_resistance", "x"),
        ("equipment", "spaceship"),
        ("most_hold_s", "9" * 30),
    ],
)
def test_bad_bounds_are_refused_and_said(
    at_north: Ward, sign_in, at: At, line: PrescribedExercise, field: str, value: str
) -> None:
    answer = sign_in(at_north.people.nora).post(at("dose_bounds", line.ref), SENT | {field: value})
    assert answer.status_code == 400
    assert field in answer.context["form"].errors
    assert not DoseBounds.objects.exists()


@pytest.mark.parametrize("name", ["rung", "sets", "repetitions"])
def test_the_most_is_not_under_the_least(
    at_north: Ward, sign_in, at: At, line: PrescribedExercise, name: str
) -> None:
    data = SENT | {f"least_{name}": "3", f"most_{name}": "2"}
    answer = sign_in(at_north.people.nora).post(at("dose_bounds", line.ref), data)
    assert answer.status_code == 400
    assert f"most_{name}" in answer.context["form"].errors


def test_a_plan_that_ended_has_no_bounds(at_north: Ward, sign_in, at: At, line: PrescribedExercise) -> None:
    end_prescription(line.prescription, by=at_north.people.nora)
    assert sign_in(at_north.people.nora).post(at("dose_bounds", line.ref), SENT).status_code == 409


def test_an_exercise_without_a_ladder_says_so(at_north: Ward, sign_in, at: At) -> None:
    version = make_library(at_north.people.north)["squat"]
    version.exercise.code = "own_exercise"
    version.exercise.save()
    own = [PlanLine(version=version, dose=Dose())]
    line = line_of(write_prescription(at_north.paul, own, by=at_north.people.nora), "own_exercise")
    nora = sign_in(at_north.people.nora)
    assert b"No ladder" in nora.get(at("dose_bounds", line.ref)).content
    assert b"No ladder" in nora.get(at("prescription", at_north.paul.ref)).content
