"""What the answers and the changes look like to the therapist, in the export, and in the plan's responses."""

import orjson
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from clinic.models import AuditEvent
from clinic.tenancy.scope import clinic_scope
from prescriptions.dose import Dose
from prescriptions.models import ExerciseResponse, PrescribedExercise
from prescriptions.services import change_dose
from sessions import services
from sessions.effort import effort_in_words
from sessions.models import Repetition
from tests.factories.sessions import make_analysed_session, make_clinic_floor


@pytest.fixture
def eased(free_gym):
    """Too hard after the first set; the second kept as planned, then too hard again: the third is easier."""
    free_gym.answer(effort=10, pain=2)
    with free_gym.scope:
        services.keep_as_planned(free_gym.sets()[1])
    free_gym.do(1)
    free_gym.answer(1, effort=10)
    return free_gym


def test_the_review_shows_answers_and_changes_per_set(eased, signed_in):
    page = signed_in(eased.ward.people.nora).get(f"/c/north/sessions/{eased.session.ref}/")
    first, second, third = page.context["review"].sets
    assert first.answers == "Too hard (10 of 10), pain 2 of 10"
    shown = "The patient was told: “That was too hard, so the next set is 8, not 10.”"
    declined = f"10 repetitions became 8. {shown} The patient kept it as planned."
    assert (first.changes, second.changes) == ((), (declined,))
    assert third.changes == (declined, f"10 repetitions became 8. {shown}")
    assert "The patient said: Too hard (10 of 10), pain 2 of 10." in page.content.decode()
    assert third.answers == ""


def test_the_review_asks_the_database_no_more_for_more_changes(eased, signed_in):
    nora = signed_in(eased.ward.people.nora)

    def queries():
        with CaptureQueriesContext(
            connection,
        ) as counted:
            nora.get(f"/c/north/sessions/{eased.session.ref}/")
        return len(counted)

    queries()
    before = queries()
    eased.do(2, count=8)
    eased.answer(2, effort=7)
    assert queries() <= before + 1


def test_a_set_that_was_left_out_says_so(gym, signed_in):
    with gym.scope:
        services.complete_session(gym.session)
    page = signed_in(gym.ward.people.nora).get(f"/c/north/sessions/{gym.session.ref}/").content.decode()
    assert page.count("Not done.") == 2
    assert "The patient counted 0 by tapping" not in page


def test_the_json_export_holds_answers_and_changes(eased, signed_in):
    answer = signed_in(eased.ward.people.nora).get(f"/c/north/sessions/{eased.session.ref}/export.json")
    first, _second, third = orjson.loads(answer.content)["sets"]
    assert (first["effort"], first["pain"], first["adjustments"]) == (10, 2, [])
    assert [one["code"] for one in third["adjustments"]] == ["too_hard", "too_hard"]
    assert [one["declined_at"] is None for one in third["adjustments"]] == [False, True]


def test_no_answer_is_written_into_the_audit_trail(eased):
    with eased.scope:
        services.complete_session(eased.session)
        written = " ".join(str(event.detail) for event in AuditEvent.objects.all())
    assert "too_hard" not in written
    assert "effort" not in written


def test_the_range_is_a_share_of_the_targets_lower_end(db):
    ward = make_clinic_floor()
    session = make_analysed_session(ward.paul)
    with clinic_scope(ward.paul.clinic_id):
        peaks = [one.peak_deg for one in Repetition.objects.order_by("peak_deg")]
        response = ExerciseResponse.objects.get(session_ref=session.ref)
    assert response.range_share == pytest.approx((peaks[1] + peaks[2]) / 2 / 50, abs=1e-3)


def test_a_target_that_begins_at_zero_gives_no_range(db):
    ward = make_clinic_floor()
    session = make_analysed_session(ward.paul)
    with clinic_scope(ward.paul.clinic_id):
        one = session.sets.get()
        one.result["curve"]["quantity"] = "leans_of_the_shank"
        one.save()
        services.settle_session(session)
        assert ExerciseResponse.objects.get().range_share is None


@pytest.mark.parametrize(
    ("value", "words"),
    [(0, "Easy (0 of 10)"), (4, "Right (4 of 10)"), (8, "Hard (8 of 10)"), (10, "Too hard (10 of 10)")],
)
def test_effort_in_words(value, words):
    assert effort_in_words(value) == words


def test_today_says_who_changed_the_dose(gym, signed_in):
    people = gym.ward.people
    assert "New in your plan" not in signed_in(people.paul).get("/c/north/today/").content.decode()
    with gym.scope:
        line = PrescribedExercise.objects.get(prescription__patient=gym.ward.paul)
        change_dose(line, Dose(sets=2, repetitions=8), by=people.nora, reason="sore knee")
    page = signed_in(people.paul).get("/c/north/today/").content.decode()
    assert f"Changed by {people.nora.display_name}: 2 sets of 8, rest 30 s." in page
    assert "sore knee" not in page
