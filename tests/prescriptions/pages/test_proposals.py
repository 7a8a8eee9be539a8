"""Proposals on the plan: what a therapist reads, and what becomes of each answer."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from prescriptions.adapt_rx.types import Action
from prescriptions.dose import Dose
from prescriptions.models import DoseChange, DoseDecision, PrescribedExercise
from prescriptions.selectors import dosing_lines, exercises_of
from prescriptions.services import accept_proposal, change_dose, end_prescription, reject_proposal
from prescriptions.views.proposal_rows import differing, load_in_words, sure_in_words
from tests.factories.dosing import line_of, make_old_plan, make_steps_back
from tests.factories.patients import Ward

At = Callable[..., str]
State = DoseDecision.State
ANSWERS = ["accept_proposal", "edit_proposal", "reject_proposal", "undo_decision"]


def plan_of(client: Client, at: At, ward: Ward) -> str:
    return client.get(at("prescription", ward.paul.ref)).content.decode()


def edited(proposal: DoseDecision, **changes: object) -> dict[str, object]:
    """What the form of an edit sends."""
    line = proposal.prescribed_exercise
    dose = Dose.of(line).to_dict() | {"repetitions": 6, "exercise_code": "squat", "reason": "Half for a week"}
    return {f"e{line.pk}-{name}": value for name, value in (dose | changes).items()}


def rejected(proposal: DoseDecision, **said: str) -> dict[str, str]:
    return {f"r{proposal.prescribed_exercise_id}-{name}": value for name, value in said.items()}


def test_the_plan_says_what_is_proposed_and_why(
    at_north: Ward, sign_in, at: At, proposal: DoseDecision
) -> None:
    page = plan_of(sign_in(at_north.people.nora), at, at_north)
    assert 'Proposal<span class="visually-hidden"> for Squat</span>: step back' in page
    assert "Easier, " in page and "% less load" in page and "↓" in page, (
        "a sign and a word, not a colour alone"
    )
    assert 'class="differs"' in page
    assert "Pain 7 of 10 after" in page
    assert "Safety rule: Pain passed its limit" in page and "Silbernagel 2007" in page
    assert sure_in_words(proposal) in page.replace("&#x27;", "'")
    assert "1 proposal" in page


def test_the_patients_page_shows_it_too(at_north: Ward, sign_in, proposal: DoseDecision) -> None:
    address = reverse("patients:patient", args=["north", at_north.paul.ref])
    page = sign_in(at_north.people.nora).get(address).content.decode()
    assert 'id="proposals-title"' in page and str(proposal.ref) in page
    reject_proposal(proposal, by=at_north.people.nora, reason="No")
    assert 'id="proposals-title"' not in sign_in(at_north.people.nora).get(address).content.decode()


def test_an_assistant_reads_and_has_no_buttons(
    at_north: Ward, sign_in, at: At, proposal: DoseDecision
) -> None:
    page = plan_of(sign_in(at_north.people.ash), at, at_north)
    assert "step back" in page
    assert at("accept_proposal", proposal.ref) not in page


@pytest.mark.parametrize("page", ANSWERS)
@pytest.mark.parametrize(
    ("who", "status"), [("ash", 403), ("ola", 403), ("ada", 403), ("paul", 403), ("sam", 404), ("sid", 404)]
)
def test_only_therapists_of_the_team_answer(
    at_north: Ward, sign_in, at: At, proposal: DoseDecision, page: str, who: str, status: int
) -> None:
    client = sign_in(getattr(at_north.people, who))
    assert client.post(at(page, proposal.ref), edited(proposal)).status_code == status
    proposal.refresh_from_db()
    assert proposal.state == State.PROPOSED


@pytest.mark.parametrize("page", ANSWERS)
def test_the_signed_out_and_a_look_change_nothing(
    at_north: Ward, sign_in, at: At, proposal: DoseDecision, page: str
) -> None:
    assert Client().post(at(page, proposal.ref)).status_code == 302
    assert sign_in(at_north.people.nora).get(at(page, proposal.ref)).status_code == 405
    proposal.refresh_from_db()
    assert proposal.state == State.PROPOSED


def test_an_accepted_proposal_is_in_force_and_can_be_taken_back(
    at_north: Ward, sign_in, at: At, line: PrescribedExercise, proposal: DoseDecision
) -> None:
    nora = sign_in(at_north.people.nora)
    before = Dose.of(line)
    page = nora.post(at("accept_proposal", proposal.ref), follow=True).content.decode()
    proposal.refresh_from_db()
    now = exercises_of(line.prescription).get()
    assert proposal.state == State.ACCEPTED and Dose.of(now).to_dict() == proposal.dose_after
    assert Dose.of(now) != before
    assert 'class="decided"' in page and at("undo_decision", proposal.ref) in page
    nora.post(at("undo_decision", proposal.ref))
    proposal.refresh_from_db()
    assert proposal.state == State.UNDONE
    assert Dose.of(exercises_of(line.prescription).get()) == before


def test_taking_back_is_offered_on_the_plan_for_two_days_and_in_the_log_after(
    at_north: Ward, sign_in, at: At, proposal: DoseDecision
) -> None:
    nora, undo = sign_in(at_north.people.nora), at("undo_decision", proposal.ref)
    accept_proposal(proposal, by=at_north.people.nora)
    assert plan_of(nora, at, at_north).count(undo) == 1
    DoseDecision.objects.filter(pk=proposal.pk).update(decided_at=timezone.now() - timedelta(days=3))
    assert undo not in plan_of(nora, at, at_north)
    assert undo in nora.get(at("dose_log", at_north.paul.ref)).content.decode()


@pytest.mark.parametrize("ref", ["", "nonsense", "01990000-0000-7000-8000-000000000000"])
def test_a_made_up_decision_shows_no_way_back(
    at_north: Ward, sign_in, at: At, proposal: DoseDecision, ref: str
) -> None:
    answer = sign_in(at_north.people.nora).get(f"{at('prescription', at_north.paul.ref)}?decided={ref}")
    assert answer.status_code == 200
    assert answer.context["decided"] is None


def test_an_edit_needs_a_reason_and_keeps_what_was_typed(
    at_north: Ward, sign_in, at: At, line: PrescribedExercise, proposal: DoseDecision
) -> None:
    nora = sign_in(at_north.people.nora)
    answer = nora.post(at("edit_proposal", proposal.ref), edited(proposal, reason="", repetitions=7))
    assert answer.status_code == 400
    assert b'value="7"' in answer.content and b"This field is required" in answer.content
    proposal.refresh_from_db()
    assert proposal.state == State.PROPOSED
    assert nora.post(at("edit_proposal", proposal.ref), edited(proposal)).status_code == 302
    line.refresh_from_db()
    proposal.refresh_from_db()
    assert (line.repetitions, proposal.state, proposal.decision_reason) == (
        6,
        State.EDITED,
        "Half for a week",
    )


def test_beyond_the_rules_asks_for_a_tick(
    at_north: Ward, sign_in, at: At, line: PrescribedExercise, proposal: DoseDecision
) -> None:
    nora = sign_in(at_north.people.nora)
    harder = edited(proposal, sets=3, repetitions=15)
    answer = nora.post(at("edit_proposal", proposal.ref), harder)
    assert answer.status_code == 400
    assert b"beyond what the safety rules allow" in answer.content
    assert f'name="e{line.pk}-beyond_mask"'.encode() in answer.content
    assert nora.post(
        at("edit_proposal", proposal.ref), edited(proposal, sets=3, repetitions=15, beyond_mask="on")
    )
    proposal.refresh_from_db()
    assert proposal.state == State.EDITED and proposal.beyond_rules


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("repetitions", "nan"),
        ("repetitions", "9" * 30),
        ("sets", "0"),
        ("exercise_code", "wall_slide"),
        ("exercise_code", "../etc"),
        ("side", "middle"),
        ("reason", "x" * 301),
    ],
)
def test_a_bad_edit_is_refused_and_said(
    at_north: Ward, sign_in, at: At, proposal: DoseDecision, field: str, value: str
) -> None:
    answer = sign_in(at_north.people.nora).post(
        at("edit_proposal", proposal.ref), edited(proposal, **{field: value})
    )
    assert answer.status_code == 400
    proposal.refresh_from_db()
    assert proposal.state == State.PROPOSED
    assert not DoseChange.objects.exists()


def test_a_rejection_takes_a_quick_reason_or_a_typed_one(
    at_north: Ward, sign_in, at: At, line: PrescribedExercise, proposal: DoseDecision
) -> None:
    nora = sign_in(at_north.people.nora)
    before = Dose.of(line)
    assert nora.post(at("reject_proposal", proposal.ref)).status_code == 400
    assert (
        nora.post(at("reject_proposal", proposal.ref), rejected(proposal, quick="No such")).status_code == 400
    )
    quick = "Pain has another cause"
    assert nora.post(at("reject_proposal", proposal.ref), rejected(proposal, quick=quick)).status_code == 302
    proposal.refresh_from_db()
    line.refresh_from_db()
    assert (proposal.state, proposal.decision_reason) == (State.REJECTED, quick)
    assert Dose.of(line) == before


@pytest.mark.parametrize("page", ["accept_proposal", "edit_proposal", "reject_proposal"])
def test_who_was_faster_is_said(
    at_north: Ward, sign_in, at: At, line: PrescribedExercise, proposal: DoseDecision, page: str
) -> None:
    accept_proposal(proposal, by=at_north.people.bea_north)
    after = Dose.of(exercises_of(line.prescription).get())
    said = edited(proposal) | rejected(proposal, reason="Too early")
    answer = sign_in(at_north.people.nora).post(at(page, proposal.ref), said)
    assert answer.status_code == 409
    assert b"Nothing was changed" in answer.content and b"Bea accepted this proposal" in answer.content
    assert Dose.of(exercises_of(line.prescription).get()) == after


def test_a_plan_that_ended_meanwhile_is_said(
    at_north: Ward, sign_in, at: At, line: PrescribedExercise, proposal: DoseDecision
) -> None:
    end_prescription(line.prescription, by=at_north.people.nora)
    nora = sign_in(at_north.people.nora)
    for page in ("accept_proposal", "edit_proposal", "reject_proposal", "undo_decision"):
        said = edited(proposal) | rejected(proposal, reason="Too early")
        answer = nora.post(at(page, proposal.ref), said)
        assert answer.status_code == 409
        assert b"Nothing was changed" in answer.content


def test_taking_back_what_was_changed_since_is_refused(
    at_north: Ward, sign_in, at: At, line: PrescribedExercise, proposal: DoseDecision
) -> None:
    accept_proposal(proposal, by=at_north.people.nora)
    now = exercises_of(line.prescription).get()
    change_dose(now, Dose(sets=2, repetitions=9), by=at_north.people.nora)
    answer = sign_in(at_north.people.nora).post(at("undo_decision", proposal.ref))
    assert answer.status_code == 409
    assert b"changed after this" in answer.content
    now.refresh_from_db()
    assert now.repetitions == 9


def two_steps_back(ward: Ward) -> list[DoseDecision]:
    plan = make_old_plan(
        ward.paul, by=ward.people.nora, codes=("squat", "calf_raise"), sets=3, repetitions=10
    )
    return [make_steps_back(line_of(plan, code)) for code in ("squat", "calf_raise")]


def test_all_steps_back_at_once(at_north: Ward, sign_in, at: At) -> None:
    both = two_steps_back(at_north)
    nora = sign_in(at_north.people.nora)
    assert "Accept all 2 steps back" in plan_of(nora, at, at_north)
    seen = {"decision": [str(one.ref) for one in both]}
    answer = nora.post(at("accept_easier", at_north.paul.ref), seen, follow=True)
    assert b"2 made easier" in answer.content
    assert set(
        DoseDecision.objects.filter(pk__in=[one.pk for one in both]).values_list("state", flat=True)
    ) == {State.ACCEPTED}


def test_only_what_was_seen_is_accepted_together(at_north: Ward, sign_in, at: At) -> None:
    seen, unseen = two_steps_back(at_north)
    answer = sign_in(at_north.people.nora).post(
        at("accept_easier", at_north.paul.ref),
        {"decision": [str(seen.ref), "nonsense", "01990000-0000-7000-8000-000000000000"]},
        follow=True,
    )
    assert b"1 made easier" in answer.content and b"2 meanwhile decided or changed" in answer.content
    unseen.refresh_from_db()
    assert unseen.state == State.PROPOSED


@pytest.mark.parametrize(("who", "status"), [("ash", 403), ("ola", 403), ("paul", 403), ("sam", 404)])
def test_who_accepts_together_and_asks(
    at_north: Ward, sign_in, at: At, proposal: DoseDecision, who: str, status: int
) -> None:
    client = sign_in(getattr(at_north.people, who))
    seen = {"decision": [str(proposal.ref)]}
    assert client.post(at("accept_easier", at_north.paul.ref), seen).status_code == status
    assert client.post(at("ask_proposal", proposal.prescribed_exercise.ref)).status_code == status
    proposal.refresh_from_db()
    assert proposal.state == State.PROPOSED


def test_a_therapist_asks_for_a_proposal_now(
    at_north: Ward, sign_in, at: At, line: PrescribedExercise
) -> None:
    nora = sign_in(at_north.people.nora)
    assert "Propose now" in plan_of(nora, at, at_north)
    assert nora.post(at("ask_proposal", line.ref)).status_code == 302
    assert DoseDecision.objects.filter(prescribed_exercise=line).count() == 1


def test_queries_do_not_grow_with_proposals(at_north: Ward, sign_in, at: At) -> None:
    nora = sign_in(at_north.people.nora)
    plan = make_old_plan(at_north.paul, by=at_north.people.nora, codes=("squat", "calf_raise", "bridge"))
    make_steps_back(line_of(plan))
    plan_of(nora, at, at_north)
    with CaptureQueriesContext(connection) as few:
        plan_of(nora, at, at_north)
    for code in ("calf_raise", "bridge"):
        make_steps_back(line_of(plan, code))
    with CaptureQueriesContext(connection) as many:
        page = plan_of(nora, at, at_north)
    assert "3 proposals" in page
    assert len(many) == len(few)


def test_load_is_that_of_the_dose_between_the_steps() -> None:
    step = Action(rung=3, sets=2, repetitions=10).to_dict()
    before = Dose(sets=2, repetitions=11)
    decision = DoseDecision(
        ladder="knee_extension",
        current=step,
        proposed=Action(rung=3, sets=2, repetitions=12).to_dict(),
        dose_before=before.to_dict(),
    )
    assert load_in_words(decision, asked=replace(before, repetitions=12)) == "9 % more load"
    assert load_in_words(decision, asked=before) == ""


def test_only_what_differs_is_marked() -> None:
    now, after = differing("3 sets of 12, rest 30 s", "3 sets of 10, rest 30 s")
    assert [piece.words for piece in now if piece.differs] == ["12"]
    assert [piece.words for piece in after if piece.differs] == ["10"]
    assert "".join(piece.words for piece in after) == "3 sets of 10, rest 30 s"


@pytest.mark.parametrize(
    ("share", "words"),
    [
        (0.82, "Likely better than the fixed protocol: 82 %."),
        (0.6, "Not clearly better than the fixed protocol: 60 %; tried within the safety rules."),
        (None, "Not the fixed protocol's step."),
    ],
)
def test_how_sure_is_said_only_as_far_as_the_numbers_go(share: float | None, words: str) -> None:
    decision = DoseDecision(
        proposed={"sets": 2}, protocol_action={"sets": 3}, expected={"better_than_protocol": share}
    )
    assert sure_in_words(decision) == words


def test_the_protocols_own_step_claims_nothing() -> None:
    same = DoseDecision(
        proposed={"sets": 2}, protocol_action={"sets": 2}, expected={"better_than_protocol": 0.9}
    )
    assert sure_in_words(same) == "The same step as the fixed protocol."
    same.by_protocol = True
    assert "switched off" in sure_in_words(same)


def test_why_there_is_no_proposal_stands_at_the_exercise(at_north: Ward, sign_in, at: At, line) -> None:
    assert dosing_lines(line.prescription)[line.pk].proposal is None
    assert "No proposal: the dose stays as it is." in plan_of(sign_in(at_north.people.nora), at, at_north)
