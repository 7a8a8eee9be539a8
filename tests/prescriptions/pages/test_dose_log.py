"""The log of doses: who reads it, what stands in it, its choices and its file."""

import csv
import io
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from clinic.models import AuditEvent
from prescriptions.adapt_rx.ladders import REST
from prescriptions.dose import Dose
from prescriptions.models import DoseDecision, PrescribedExercise
from prescriptions.services import accept_proposal, edit_proposal, reject_proposal, undo_decision
from tests.factories.dosing import line_of, make_old_plan, make_steps_back
from tests.factories.patients import Ward

At = Callable[..., str]
State = DoseDecision.State


@pytest.mark.parametrize("page", ["dose_log", "dose_log_export"])
@pytest.mark.parametrize(
    ("who", "status"),
    [("nora", 200), ("ash", 200), ("ola", 403), ("ada", 403), ("paul", 403), ("sam", 404), ("sid", 404)],
)
def test_who_reads_the_log(
    at_north: Ward, sign_in, at: At, proposal: DoseDecision, page: str, who: str, status: int
) -> None:
    answer = sign_in(getattr(at_north.people, who)).get(at(page, at_north.paul.ref))
    assert answer.status_code == status
    if status != 200:
        assert b"Squat" not in answer.content


def test_the_log_is_closed_to_the_signed_out(at_north: Ward, at: At) -> None:
    assert Client().get(at("dose_log", at_north.paul.ref)).status_code == 302


def test_a_line_says_proposed_delivered_who_and_why(
    at_north: Ward, sign_in, at: At, line: PrescribedExercise, proposal: DoseDecision
) -> None:
    edit_proposal(proposal, Dose(sets=2, repetitions=6), by=at_north.people.nora, reason="Half for a week")
    page = sign_in(at_north.people.nora).get(at("dose_log", at_north.paul.ref)).content.decode()
    assert "3 sets of 10" in page and "2 sets of 6" in page
    assert "Changed and accepted" in page and "Nora" in page and "Half for a week" in page
    assert all(one["words"][1:] in page for one in proposal.reasons)
    assert "Take back" in page


def test_what_was_taken_back_cannot_be_taken_back_again(
    at_north: Ward, sign_in, at: At, proposal: DoseDecision
) -> None:
    accept_proposal(proposal, by=at_north.people.nora)
    nora = sign_in(at_north.people.nora)
    answer = nora.post(at("undo_decision", proposal.ref), {"from": "log"})
    assert answer.url == at("dose_log", at_north.paul.ref)
    page = nora.get(answer.url).content.decode()
    assert "taken back by Nora" in page
    assert at("undo_decision", proposal.ref) not in page
    assert nora.post(at("undo_decision", proposal.ref)).status_code == 409


def test_an_assistant_has_no_way_back(at_north: Ward, sign_in, at: At, proposal: DoseDecision) -> None:
    accept_proposal(proposal, by=at_north.people.nora)
    page = sign_in(at_north.people.ash).get(at("dose_log", at_north.paul.ref)).content.decode()
    assert "Accepted" in page and "Take back" not in page


def test_a_rest_is_taken_back_from_the_log(
    at_north: Ward, sign_in, at: At, line: PrescribedExercise, proposal: DoseDecision
) -> None:
    DoseDecision.objects.filter(pk=proposal.pk).update(proposed=REST.to_dict())
    proposal.refresh_from_db()
    accept_proposal(proposal, by=at_north.people.nora)
    line.refresh_from_db()
    assert line.removed_at is not None
    nora = sign_in(at_north.people.nora)
    page = nora.get(at("dose_log", at_north.paul.ref)).content.decode()
    assert at("undo_decision", proposal.ref) in page
    nora.post(at("undo_decision", proposal.ref), {"from": "log"})
    line.refresh_from_db()
    assert line.removed_at is None


def two_decisions(ward: Ward) -> tuple[DoseDecision, DoseDecision]:
    plan = make_old_plan(
        ward.paul, by=ward.people.nora, codes=("squat", "calf_raise"), sets=3, repetitions=10
    )
    first, second = (make_steps_back(line_of(plan, code)) for code in ("squat", "calf_raise"))
    reject_proposal(first, by=ward.people.nora, reason="Too early")
    return first, second


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("", {"squat", "calf_raise"}),
        ("?show=rejected", {"squat"}),
        ("?show=proposed", {"calf_raise"}),
        ("?show=all&exercise=calf_raise", {"calf_raise"}),
        ("?show=accepted", set()),
        ("?show=nonsense&exercise=../etc&page=-1", {"squat", "calf_raise"}),
        ("?show=%00&page=999999999999999999999", {"squat", "calf_raise"}),
    ],
)
def test_the_choices(at_north: Ward, sign_in, at: At, query: str, shown: set[str]) -> None:
    two_decisions(at_north)
    answer = sign_in(at_north.people.nora).get(at("dose_log", at_north.paul.ref) + query)
    assert answer.status_code == 200
    assert {row.decision.prescribed_exercise.exercise.code for row, _ in answer.context["rows"]} == shown


def test_days_without_a_change_are_shown_when_asked_for(
    at_north: Ward, sign_in, at: At, proposal: DoseDecision
) -> None:
    DoseDecision.objects.filter(pk=proposal.pk).update(
        state=State.KEPT, delivered=proposal.current, dose_after=proposal.dose_before
    )
    nora = sign_in(at_north.people.nora)
    assert not nora.get(at("dose_log", at_north.paul.ref)).context["rows"]
    assert len(nora.get(at("dose_log", at_north.paul.ref) + "?show=kept").context["rows"]) == 1


def test_the_file_has_every_decision_and_is_audited(
    at_north: Ward, sign_in, at: At, proposal: DoseDecision
) -> None:
    reject_proposal(proposal, by=at_north.people.nora, reason="=HYPERLINK(1)")
    answer = sign_in(at_north.people.nora).get(at("dose_log_export", at_north.paul.ref))
    rows = list(csv.DictReader(io.StringIO(answer.content.decode())))
    assert len(rows) == 1
    assert rows[0]["Reason of the person"] == "'=HYPERLINK(1)", "no cell can be a formula"
    assert float(rows[0]["Propensity"]) == pytest.approx(proposal.propensity, abs=1e-4)
    assert AuditEvent.objects.filter(
        action="export", object_type="prescriptions.DoseDecision", patients__contains=[at_north.paul.pk]
    ).exists()


def test_before_the_first_proposal_the_page_says_what_will_come(at_north: Ward, sign_in, at: At) -> None:
    page = sign_in(at_north.people.nora).get(at("dose_log", at_north.paul.ref)).content
    assert b"No proposal yet" in page and b"Write a plan" in page


def test_queries_do_not_grow_with_the_log(at_north: Ward, sign_in, at: At) -> None:
    plan = make_old_plan(at_north.paul, by=at_north.people.nora, codes=("squat", "calf_raise", "bridge"))
    nora = sign_in(at_north.people.nora)
    accept_proposal(make_steps_back(line_of(plan)), by=at_north.people.nora)
    nora.get(at("dose_log", at_north.paul.ref))
    with CaptureQueriesContext(connection) as few:
        nora.get(at("dose_log", at_north.paul.ref))
    for code in ("calf_raise", "bridge"):
        decision = make_steps_back(line_of(plan, code))
        accept_proposal(decision, by=at_north.people.nora)
    undo_decision(decision, by=at_north.people.nora)
    with CaptureQueriesContext(connection) as many:
        answer = nora.get(at("dose_log", at_north.paul.ref))
    assert len(answer.context["rows"]) == 3
    assert len(many) == len(few)
