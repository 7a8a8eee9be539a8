"""What a browser can be made to send to the pages of dosing: foreign refs, no token, absurd values."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from clinic.tenancy.scope import clinic_scope
from prescriptions.models import ComparisonRun, DoseBounds, DoseDecision, PrescribedExercise
from prescriptions.selectors import exercises_of
from tests.factories.patients import Ward

At = Callable[..., str]
ANSWERS = ("accept_proposal", "edit_proposal", "reject_proposal", "undo_decision")
ABSURD = ("NaN", "1e308", "-1", "9" * 400, "inf", "[1]", "\x00", "0x10", "²", "<b>", "8.5", "")


def test_refs_of_another_clinic_are_not_found_under_ones_own(
    ward: Ward, sign_in: Callable[..., Client], proposal: DoseDecision, line: PrescribedExercise
) -> None:
    sam = sign_in(ward.people.sam)
    with clinic_scope(ward.people.north.pk):
        run = ComparisonRun.objects.create(kind="simulated", asked_by=ward.people.ada, state="done")
    sent = [(name, proposal.ref) for name in ANSWERS]
    sent += [("dose_bounds", line.ref), ("ask_proposal", line.ref), ("accept_easier", ward.paul.ref)]
    for name, ref in sent:
        address = reverse(f"prescriptions:{name}", args=["south", ref])
        assert sam.post(address, {"reason": "x", "decision": str(proposal.ref)}).status_code == 404, name
    for name, ref in (
        ("dose_log", ward.paul.ref),
        ("dose_log_export", ward.paul.ref),
        ("dose_bounds", line.ref),
        ("comparison_run", run.ref),
        ("comparison_export", run.ref),
    ):
        assert sam.get(reverse(f"prescriptions:{name}", args=["south", ref])).status_code == 404, name
    with clinic_scope(ward.people.north.pk):
        assert DoseDecision.objects.get(pk=proposal.pk).state == "proposed"
        assert not DoseBounds.objects.exists()


@pytest.mark.parametrize("name", ANSWERS)
def test_nothing_is_decided_without_the_pages_token(
    at_north: Ward, at: At, proposal: DoseDecision, name: str
) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(at_north.people.nora.user, backend="django.contrib.auth.backends.ModelBackend")
    assert browser.post(at(name, proposal.ref), {"reason": "x"}).status_code == 403
    assert browser.get(at(name, proposal.ref)).status_code == 405
    proposal.refresh_from_db()
    assert proposal.state == "proposed"


@pytest.mark.parametrize("field", ["sets", "repetitions", "hold_s", "rest_s", "days_per_week"])
def test_absurd_numbers_change_no_dose(
    at_north: Ward, sign_in: Callable[..., Client], at: At, proposal: DoseDecision, field: str
) -> None:
    nora, prefix = sign_in(at_north.people.nora), f"e{proposal.prescribed_exercise_id}-"
    dose = {"sets": 2, "repetitions": 6, "hold_s": 0, "rest_s": 30, "days_per_week": 3, "side": "both"}
    for value in ABSURD:
        sent = {**dose, "exercise_code": "squat", "reason": "x", "beyond_mask": "on", field: value}
        posted = {prefix + name: one for name, one in sent.items()}
        assert nora.post(at("edit_proposal", proposal.ref), posted).status_code == 400, value
    proposal.refresh_from_db()
    assert proposal.state == "proposed"
    [line] = exercises_of(proposal.prescribed_exercise.prescription)
    assert (line.sets, line.repetitions) == (3, 10)


@pytest.mark.parametrize(
    "field", ["least_rung", "most_sets", "most_repetitions", "most_hold_s", "most_resistance", "pain_limit"]
)
def test_absurd_limits_are_refused(
    at_north: Ward, sign_in: Callable[..., Client], at: At, line: PrescribedExercise, field: str
) -> None:
    nora = sign_in(at_north.people.nora)
    for value in ABSURD[:-1]:
        sent = {"adaptive": "on", "pain_limit": "5", field: value}
        assert nora.post(at("dose_bounds", line.ref), sent).status_code == 400, value
    assert not DoseBounds.objects.exists()


def test_absurd_sizes_start_no_comparison(at_north: Ward, sign_in: Callable[..., Client], at: At) -> None:
    ada = sign_in(at_north.people.ada)
    for value in (*ABSURD, "3001", "19"):
        sent = {"kind": "simulated", "patients": value, "weeks": "12", "seed": "1"}
        assert ada.post(at("run_comparison"), sent).status_code == 400, value
    assert not ComparisonRun.objects.exists()


@pytest.mark.parametrize("value", ["'", "\x00", "9" * 400, "-1", "NaN", "²", "[]"])
def test_absurd_queries_break_no_page(
    at_north: Ward, sign_in: Callable[..., Client], at: At, proposal: DoseDecision, value: str
) -> None:
    nora = sign_in(at_north.people.nora)
    asked = {"page": value, "show": value, "exercise": value, "decided": value, "policy": value}
    for address in (at("dose_log", at_north.paul.ref), at("prescription", at_north.paul.ref)):
        assert nora.get(address, asked).status_code == 200
    assert nora.get(at("comparison"), asked).status_code == 200
    assert nora.get(at("dosing_settings"), {"version": value}).status_code == 404


def test_refs_sent_to_accept_together_are_checked(
    at_north: Ward, sign_in: Callable[..., Client], at: At, proposal: DoseDecision
) -> None:
    sent = {"decision": ["\x00", "x" * 5000, str(uuid4()), *[str(uuid4())] * 500]}
    answer = sign_in(at_north.people.nora).post(at("accept_easier", at_north.paul.ref), sent)
    assert answer.status_code == 302
    proposal.refresh_from_db()
    assert proposal.state == "proposed"
