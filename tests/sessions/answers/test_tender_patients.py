"""What the learner may do between sets: give less after a hard one to whom load costs more than others."""

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from clinic.model_register.services import know_released, switch_off_model
from prescriptions.adapt_rx.in_session import VERSION
from prescriptions.models import LearnerState
from sessions import services
from sessions.models import SetAdjustment
from sessions.selectors.adjustments import live_changes
from tests.factories.dosing import make_learner_state

WORDS = "That was hard, and hard sets take a lot out of you, so the next set is 8, not 10."


@pytest.fixture
def tender_gym(free_gym):
    """The therapist allows small changes, and the clinic learned that load costs Paul more than others."""
    make_learner_state({free_gym.ward.paul: -1.0}, number=7)
    return free_gym


def test_a_hard_set_done_in_full_makes_what_is_left_easier(tender_gym):
    tender_gym.answer(effort=7)
    assert tender_gym.targets() == [10, 8, 8]
    with tender_gym.scope:
        for row in SetAdjustment.objects.all():
            assert (row.code, row.words) == ("learned_easier", WORDS)
            assert row.versions == {"in_session": VERSION, "learner_state": 7}


def test_the_patient_declines_and_is_not_overruled(tender_gym):
    tender_gym.answer(effort=7)
    with tender_gym.scope:
        assert live_changes(tender_gym.session)["adjustment"]["words"] == WORDS
        services.keep_as_planned(tender_gym.sets()[1])
    tender_gym.answer(effort=8)
    assert tender_gym.targets() == [10, 10, 10]


def test_the_patient_alone_sees_and_declines_it(tender_gym, signed_in):
    sets, people = tender_gym.sets(), tender_gym.ward.people
    address = f"/c/north/sessions/{tender_gym.session.ref}/sets"

    def say(who, page, **fields):
        return signed_in(who).post(f"{address}/{page}/", json.dumps(fields), content_type="application/json")

    for who, status in ((people.petra, 404), (people.sid, 404), (people.nora, 403)):
        assert say(who, f"{sets[0].ref}/answer", effort=7).status_code == status
    assert tender_gym.targets() == [10, 10, 10]
    said = say(people.paul, f"{sets[0].ref}/answer", effort=7).json()
    assert said["adjustment"] == {"set": str(sets[1].ref), "words": WORDS}
    for who, status in ((people.petra, 404), (people.sid, 404), (people.nora, 403)):
        assert say(who, f"{sets[1].ref}/keep").status_code == status
    assert tender_gym.targets() == [10, 8, 8]
    assert say(people.paul, f"{sets[1].ref}/keep").json()["adjustment"] is None
    assert tender_gym.targets() == [10, 10, 10]


def test_a_changed_answer_gives_the_set_back(tender_gym):
    tender_gym.answer(effort=8)
    tender_gym.answer(effort=4)
    assert tender_gym.targets() == [10, 10, 10]
    with tender_gym.scope:
        for row in SetAdjustment.objects.all():
            assert (row.code, row.versions) == ("taken_back", {"in_session": VERSION})


def test_where_a_rule_speaks_it_speaks_alone(tender_gym):
    tender_gym.answer(effort=7, pain=5)
    assert tender_gym.targets() == [10, 8, 8]
    with tender_gym.scope:
        row = SetAdjustment.objects.first()
        assert (row.code, row.versions) == ("pain", {"in_session": VERSION})


@pytest.mark.parametrize(
    "bounds",
    [
        {"within_session": False},
        {"pinned": True},
        {"adaptive": False},
        {"limits": {"least_repetitions": 10}},
    ],
)
def test_nothing_beyond_what_the_therapist_allowed(tender_gym, bounds):
    tender_gym.allow(**bounds)
    tender_gym.answer(effort=8)
    assert tender_gym.targets() == [10, 10, 10]
    with tender_gym.scope:
        assert SetAdjustment.objects.count() == 0


def test_what_was_learned_of_others_eases_nobody_else(free_gym):
    make_learner_state({free_gym.ward.petra: -1.0})
    make_learner_state({free_gym.ward.sid: -1.0, free_gym.ward.paul: -1.0})
    free_gym.answer(effort=8)
    assert free_gym.targets() == [10, 10, 10]


@pytest.mark.parametrize("worth", [-0.05, 0.0, 1.0])
def test_without_good_evidence_a_hard_set_stays(free_gym, worth):
    make_learner_state({free_gym.ward.paul: worth})
    free_gym.answer(effort=8)
    assert free_gym.targets() == [10, 10, 10]


def test_with_the_prior_alone_a_hard_set_stays(free_gym):
    free_gym.answer(effort=8)
    assert free_gym.targets() == [10, 10, 10]


def test_with_the_learner_off_a_hard_set_stays(tender_gym):
    with tender_gym.scope:
        released = know_released("adapt_rx")
        switch_off_model(released, by=tender_gym.ward.people.ada, reason="Trying without")
    tender_gym.answer(effort=8)
    assert tender_gym.targets() == [10, 10, 10]


@pytest.mark.parametrize("posterior", [{}, [], {"format": 1, "features": -1}, {"patients": "all"}])
def test_a_state_that_cannot_be_read_eases_nobody(tender_gym, posterior):
    with tender_gym.scope:
        LearnerState.objects.update(posterior=posterior)
    tender_gym.answer(effort=8)
    assert tender_gym.targets() == [10, 10, 10]


@pytest.mark.parametrize(("answer", "reads"), [({"effort": 4}, 0), ({"effort": 10}, 0), ({"effort": 7}, 1)])
def test_what_was_learned_is_read_once_and_only_where_it_may_tip(tender_gym, answer, reads):
    with CaptureQueriesContext(connection) as queries:
        tender_gym.answer(**answer)
    table = LearnerState._meta.db_table
    assert sum(f'FROM "{table}"' in one["sql"] for one in queries.captured_queries) == reads
