"""The comparison pages: who reads, who starts, what stands there, and runs that go wrong."""

import json
from datetime import timedelta
from unittest.mock import patch
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from clinic.audit.models import AuditEvent
from clinic.tenancy.scope import clinic_scope
from prescriptions.models import ComparisonRun
from prescriptions.services.comparisons import (
    Cancelled,
    ask_simulation,
    cancel_comparison,
    run_comparison,
)
from tests.factories.comparisons import simulated_result
from tests.factories.patients import Ward

State = ComparisonRun.State
ASKED = {"kind": "simulated", "patients": 50, "weeks": 4, "seed": 3}


def at(name: str, *args: object) -> str:
    return reverse(f"prescriptions:{name}", args=["north", *args])


def done_run(ward: Ward, **result: object) -> ComparisonRun:
    with clinic_scope(ward.people.north.pk):
        return ComparisonRun.objects.create(
            kind="simulated",
            state=State.DONE,
            result=simulated_result(**result),  # type: ignore[arg-type]
            asked_by=ward.people.ada,
            finished_at=timezone.now(),
        )


@pytest.mark.parametrize("page", ["comparison", "comparison_run", "comparison_export"])
@pytest.mark.parametrize(
    ("who", "status"), [("ada", 200), ("nora", 200), ("ash", 403), ("paul", 403), ("sam", 404)]
)
def test_who_reads(ward: Ward, sign_in, page: str, who: str, status: int) -> None:
    run = done_run(ward)
    args = () if page == "comparison" else (run.ref,)
    answer = sign_in(getattr(ward.people, who)).get(at(page, *args))
    assert answer.status_code == status
    if status != 200:
        assert b"Load and pain" not in answer.content


@pytest.mark.parametrize(
    ("who", "status"), [("ada", 302), ("nora", 403), ("ash", 403), ("paul", 403), ("sam", 404)]
)
def test_who_starts_and_cancels(ward: Ward, sign_in, at_north: Ward, who: str, status: int) -> None:
    client = sign_in(getattr(ward.people, who))
    assert client.post(at("run_comparison"), ASKED).status_code == status
    assert ComparisonRun.objects.count() == (1 if status == 302 else 0)
    run = ComparisonRun.objects.first() or ask_simulation(patients=20, weeks=2, seed=1, by=ward.people.ada)
    assert client.post(at("cancel_run", run.ref)).status_code == status
    run.refresh_from_db()
    assert run.state == (State.CANCELLED if status == 302 else State.WAITING)


def test_the_signed_out_are_asked_to_sign_in(ward: Ward) -> None:
    assert Client().get(at("comparison")).status_code == 302


def test_another_clinics_run_is_not_found(ward: Ward, sign_in) -> None:
    with clinic_scope(ward.people.south.pk):
        theirs = ComparisonRun.objects.create(kind="simulated", asked_by=ward.people.sam)
    ada = sign_in(ward.people.ada)
    for page in ("comparison_run", "comparison_export"):
        assert ada.get(at(page, theirs.ref)).status_code == 404
    assert ada.post(at("cancel_run", theirs.ref)).status_code == 404
    assert ada.get(at("comparison_run", uuid4())).status_code == 404


def test_the_banner_and_the_numbers_stand_there(ward: Ward, sign_in) -> None:
    done_run(ward)
    page = sign_in(ward.people.nora).get(at("comparison")).content.decode()
    assert "Simulated benefit only." in page
    assert "Function at the end is 1.50 points of 100 higher than under the fixed protocol" in page
    assert "+1.50 (+1.00 to +2.00)" in page
    assert "In no mechanism do flare days rise by as much as 0.1" in page
    assert "made to defeat it" in page
    assert "0 of 1,000 decisions left the safety rules." in page
    assert "Start a comparison" not in page, "a therapist reads, an admin starts"


def test_a_loss_is_said_as_loudly_as_a_gain(ward: Ward, sign_in) -> None:
    done_run(ward, outcome=-1.5, lost=("adversary",), over=("load_capacity",))
    page = sign_in(ward.people.nora).get(at("comparison")).content.decode()
    assert "1.50 points of 100 lower than under the fixed protocol" in page
    assert "It loses to the fixed protocol in: The adversary." in page
    assert "Not shown that flare days rise by less than" in page and "a patient: Load and pain." in page


def test_an_interval_round_zero_is_no_difference(ward: Ward, sign_in) -> None:
    done_run(ward, outcome=0.2)
    page = sign_in(ward.people.nora).get(at("comparison")).content.decode()
    assert "No difference in function shown" in page
    assert "higher than" not in page


@pytest.mark.parametrize("policy", ["oracle", "protocol", "nobody", "%00", "<b>"])
def test_any_policy_can_be_asked_for(ward: Ward, sign_in, policy: str) -> None:
    done_run(ward)
    answer = sign_in(ward.people.nora).get(f"{at('comparison')}?policy={policy}")
    assert answer.status_code == 200
    assert answer.context["shown"].policy == ("oracle" if policy == "oracle" else "adaptrx")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("patients", "19"),
        ("patients", "3001"),
        ("patients", "nan"),
        ("patients", ""),
        ("weeks", "1"),
        ("weeks", "9" * 40),
        ("seed", "-1"),
        ("seed", "2147483648"),
        ("seed", "<script>"),
    ],
)
def test_an_unreasonable_run_is_refused_and_said(
    ward: Ward, sign_in, at_north: Ward, field: str, value: str
) -> None:
    answer = sign_in(ward.people.ada).post(at("run_comparison"), ASKED | {field: value})
    assert answer.status_code == 400
    assert field in answer.context["form"].errors
    assert not ComparisonRun.objects.exists()


def test_one_run_of_a_kind_at_a_time(ward: Ward, sign_in, at_north: Ward) -> None:
    ada = sign_in(ward.people.ada)
    assert ada.post(at("run_comparison"), ASKED).status_code == 302
    again = ada.post(at("run_comparison"), ASKED)
    assert again.status_code == 409
    assert b"is under way" in again.content
    assert ada.post(at("run_comparison"), {"kind": "logged"}).status_code == 302, "the other kind may run"
    assert ComparisonRun.objects.count() == 2


def test_cancelling_what_is_over_changes_nothing(ward: Ward, sign_in) -> None:
    run = done_run(ward)
    answer = sign_in(ward.people.ada).post(at("cancel_run", run.ref))
    assert answer.status_code == 409
    assert b"over already" in answer.content
    with clinic_scope(ward.people.north.pk):
        run.refresh_from_db()
    assert run.state == State.DONE


def test_the_export_is_the_result_and_is_audited(ward: Ward, sign_in, at_north: Ward) -> None:
    run = done_run(ward)
    answer = sign_in(ward.people.nora).get(at("comparison_export", run.ref))
    assert json.loads(answer.content) == simulated_result()
    assert AuditEvent.objects.filter(action="export", object_ref=run.ref).exists()
    waiting = ask_simulation(patients=20, weeks=2, seed=1, by=ward.people.ada)
    assert sign_in(ward.people.nora).get(at("comparison_export", waiting.ref)).status_code == 409


class Told:
    """Stands in for a result."""

    def __init__(self, result: dict[str, object]) -> None:
        self.result = result

    def to_dict(self) -> dict[str, object]:
        return self.result


SIMULATOR = "prescriptions.services.comparisons.simulate"


def test_a_run_is_computed_to_its_end(at_north: Ward) -> None:
    run = ask_simulation(patients=50, weeks=4, seed=3, by=at_north.people.ada)
    shares = []

    def simulated(asked: ComparisonRun, progress) -> dict[str, object]:
        for share in (0.001, 0.5, 0.999):
            progress(share)
            shares.append(ComparisonRun.objects.get(pk=asked.pk).progress)
        return {"value": float("inf"), "list": (1.0, float("nan"))}

    with patch(SIMULATOR, simulated):
        run_comparison(run.pk)
        run_comparison(run.pk)
    run.refresh_from_db()
    assert (run.state, run.progress) == (State.DONE, 1.0)
    assert run.result == {"value": None, "list": [1.0, None]}, "JSON knows no infinity"
    assert shares == [0.0, 0.5, 0.99], "computed once, progress told every hundredth"


def test_a_cancelled_run_stops_at_the_next_sign_of_progress(at_north: Ward) -> None:
    run = ask_simulation(patients=50, weeks=4, seed=3, by=at_north.people.ada)
    reached = []

    def simulated(asked: ComparisonRun, progress) -> dict[str, object]:
        progress(0.3)
        cancel_comparison(asked, by=at_north.people.ada)
        with pytest.raises(Cancelled):
            progress(0.4)
        reached.append(True)
        raise Cancelled

    with patch(SIMULATOR, simulated):
        run_comparison(run.pk)
    run.refresh_from_db()
    assert reached and run.state == State.CANCELLED
    assert run.message == "Cancelled by Ada."
    assert run.result == {}


def test_a_fault_is_said_without_its_words(at_north: Ward) -> None:
    run = ask_simulation(patients=50, weeks=4, seed=3, by=at_north.people.ada)

    def broken(asked: ComparisonRun, progress) -> dict[str, object]:
        raise RuntimeError("secret words")

    with patch(SIMULATOR, broken):
        run_comparison(run.pk)
    run.refresh_from_db()
    assert run.state == State.FAILED
    assert "fault of ours" in run.message and "secret" not in run.message
    assert ask_simulation(patients=50, weeks=4, seed=3, by=at_north.people.ada).state == State.WAITING


def test_a_lost_run_does_not_stand_in_the_way(ward: Ward, sign_in, at_north: Ward) -> None:
    run = ask_simulation(patients=50, weeks=4, seed=3, by=ward.people.ada)
    long_ago = timezone.now() - timedelta(hours=1)
    ComparisonRun.objects.filter(pk=run.pk).update(state=State.RUNNING, updated_at=long_ago)
    ada = sign_in(ward.people.ada)
    assert b"Nothing was heard of it for ten minutes" in ada.get(at("comparison")).content
    assert ada.post(at("run_comparison"), ASKED).status_code == 302
    run.refresh_from_db()
    assert run.state == State.FAILED
    assert "lost" in run.message


def test_queries_do_not_grow_with_the_runs(ward: Ward, sign_in) -> None:
    nora = sign_in(ward.people.nora)
    done_run(ward)
    nora.get(at("comparison"))
    with CaptureQueriesContext(connection) as few:
        nora.get(at("comparison"))
    done_run(ward)
    done_run(ward)
    with CaptureQueriesContext(connection) as many:
        nora.get(at("comparison"))
    assert len(many) == len(few)


def test_before_the_first_run_the_page_says_how_to_begin(ward: Ward, sign_in) -> None:
    assert b"Start one below" in sign_in(ward.people.ada).get(at("comparison")).content
    assert b"An admin of the clinic can start one" in sign_in(ward.people.nora).get(at("comparison")).content


def test_the_simulator_itself_fills_the_page(ward: Ward, sign_in, at_north: Ward) -> None:
    run = ask_simulation(patients=20, weeks=2, seed=3, by=ward.people.ada)
    run_comparison(run.pk)
    run.refresh_from_db()
    assert (run.state, run.message) == (State.DONE, "")
    answer = sign_in(ward.people.nora).get(at("comparison"))
    shown = answer.context["shown"]
    assert shown.policy == "adaptrx" and len(shown.forests) == 3
    assert len(shown.forests[0].rows) == len(run.result["mechanisms"]) + 1
    assert all(row.interval for plot in shown.forests for row in plot.rows)
    assert b"Simulated benefit only." in answer.content
