"""What pages read of proposals and of the log: words, and as many queries for three as for one."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from patients.models import TimelineEntry
from prescriptions.adapt_rx.types import Action
from prescriptions.dose import Dose
from prescriptions.models import DoseDecision
from prescriptions.selectors import (
    decision_rows,
    decisions_csv_rows,
    decisions_of,
    dose_news,
    dosing_lines,
    exercises_of,
    open_proposals_of,
    state_that_finds_tender,
)
from prescriptions.services import (
    accept_proposal,
    change_dose,
    edit_proposal,
    propose_dose,
    reject_proposal,
    undo_decision,
)
from tests.factories.dosing import (
    days_ago,
    line_of,
    make_learner_state,
    make_old_plan,
    make_session_of,
    make_steps_back,
)
from tests.factories.patients import Ward

CODES = ("squat", "bridge", "calf_raise")


def queries_of(read: Callable[[], object]) -> int:
    with CaptureQueriesContext(connection) as caught:
        read()
    return len(caught)


@pytest.fixture
def decision(at_north: Ward) -> DoseDecision:
    line = line_of(make_old_plan(at_north.paul, by=at_north.people.nora, sets=2, repetitions=8))
    return make_steps_back(line)


def test_a_card_says_what_why_and_how_sure(decision: DoseDecision, at_north: Ward) -> None:
    [card] = open_proposals_of(at_north.paul)
    assert (card.decision, card.name, card.now_words) == (decision, "Squat", "2 sets of 8, rest 30 s")
    assert card.direction in ("easier", "rest")
    assert card.next_words != card.now_words
    assert card.reasons
    assert card.patient_reason
    assert card.sure_words.endswith("that the safety rules allow")
    assert any("patients/red_flags" in one.source for one in card.fired)


def test_a_card_fills_the_form_that_changes_it(decision: DoseDecision, at_north: Ward) -> None:
    decision.proposed = Action(decision.current["rung"] - 1, 1, 6).to_dict()
    decision.save(update_fields=["proposed"])
    [card] = open_proposals_of(at_north.paul)
    assert (card.is_swap, card.next_name, card.edit_code) == (True, "Sit to stand", "sit_to_stand")
    assert card.edit_dose == Dose(sets=1, repetitions=6)
    accepted = edit_proposal(
        decision, card.edit_dose, exercise_code=card.edit_code, by=at_north.people.nora, reason="As it says",
        beyond_mask=True,
    )  # fmt: skip
    assert accepted.delivered == decision.proposed


def test_the_editor_reads_as_much_for_three_as_for_one(at_north: Ward) -> None:
    plan = make_old_plan(at_north.paul, by=at_north.people.nora, codes=CODES, sets=2, repetitions=8)
    counts = []
    for line in exercises_of(plan).select_related("prescription__patient__clinic"):
        make_session_of(line, ago=1, after=7)
        propose_dose(line)
        counts.append(queries_of(lambda: dosing_lines(plan)))
    lines = dosing_lines(plan)
    assert [bool(one.proposal) for one in lines.values()] == [True] * 3
    assert counts[0] == counts[2]


def test_the_editor_offers_to_take_back_what_may_be(decision: DoseDecision, at_north: Ward) -> None:
    plan = decision.prescribed_exercise.prescription
    accepted = accept_proposal(decision, by=at_north.people.nora)
    new = accepted.delivered_exercise
    assert new is not None
    assert dosing_lines(plan)[new.pk].undoable == accepted
    undo_decision(accepted, by=at_north.people.nora)
    assert all(one.undoable is None for one in dosing_lines(plan).values())


def test_the_log_shows_all_of_it(decision: DoseDecision, at_north: Ward) -> None:
    edit_proposal(decision, Dose(sets=1, repetitions=6), by=at_north.people.nora, reason="Gentler")
    [row] = decision_rows(decisions_of(at_north.paul))
    assert (row.before_words, row.delivered_words) == ("2 sets of 8, rest 30 s", "1 set of 6")
    assert (row.state_words, row.by_name, row.decision_reason) == ("Changed and accepted", "Nora", "Gentler")
    assert "pain 7 after" in row.context_words
    assert row.reward_words == "Not in yet"


def test_what_came_of_it_is_said_in_words(decision: DoseDecision, at_north: Ward) -> None:
    accepted = accept_proposal(decision, by=at_north.people.nora)
    observed = {
        "capacity_before": 10.0, "capacity_after": 8.0, "function_change": None, "morning_rise": 2.0,
        "flare_days": 1.0, "pain_days": 2.0, "sessions_asked": 3.0, "sessions_done": 2.0,
    }  # fmt: skip
    accepted.observed, accepted.reward, accepted.rewarded_at = observed, -1.11, accepted.decided_at
    accepted.save()
    [row] = decision_rows([accepted])
    assert row.reward_words == (
        "Sore the next morning (+2); 1 flare day; 2 of 3 sessions done; capacity about 20% lower"
    )
    assert row.reward_number == "-1.11"
    header, cells = decisions_csv_rows(at_north.paul)
    assert cells[header.index("Reward")] == "-1.11"


def test_the_record_keeps_one_clause(decision: DoseDecision, at_north: Ward) -> None:
    accept_proposal(decision, by=at_north.people.nora)
    entry = TimelineEntry.objects.filter(patient=at_north.paul, kind="prescription").latest("pk")
    assert entry.summary == "Pain passed its limit"


def test_a_patient_is_tender_only_when_the_learner_has_seen_it(at_north: Ward) -> None:
    assert state_that_finds_tender(at_north.paul) is None
    learned = make_learner_state({at_north.paul: -1.0})
    assert state_that_finds_tender(at_north.paul) == learned
    assert state_that_finds_tender(at_north.petra) is None
    assert make_learner_state({at_north.paul: 1.0}, number=2).number == 2
    assert state_that_finds_tender(at_north.paul) is None


def test_the_log_reads_as_much_for_three_as_for_one(at_north: Ward) -> None:
    line = line_of(make_old_plan(at_north.paul, by=at_north.people.nora, sets=2, repetitions=8))
    counts = []
    for ago in (9, 6, 3):
        make_session_of(line, ago=ago, after=7)
        decision = propose_dose(line, at=days_ago(ago - 0.1))
        assert decision is not None
        reject_proposal(decision, by=at_north.people.nora, reason="Not yet")
        counts.append(queries_of(lambda: decision_rows(decisions_of(at_north.paul))))
    assert counts[0] == counts[2]


def test_the_log_is_filtered(decision: DoseDecision, at_north: Ward) -> None:
    assert list(decisions_of(at_north.paul, state="proposed", exercise_code="squat")) == [decision]
    assert not decisions_of(at_north.paul, state="accepted")
    assert not decisions_of(at_north.paul, exercise_code="bridge")
    assert not decisions_of(at_north.petra)


def test_no_cell_of_the_export_is_a_formula(decision: DoseDecision, at_north: Ward) -> None:
    reject_proposal(decision, by=at_north.people.nora, reason="=HYPERLINK(1)")
    header, row = decisions_csv_rows(at_north.paul)
    assert len(header) == len(row)
    assert row[header.index("Reason of the person")] == "'=HYPERLINK(1)"
    assert not any(cell[:1] in "=+-@" for cell in row if cell)


def test_news_are_for_the_patient_and_of_this_week(decision: DoseDecision, at_north: Ward) -> None:
    accepted = accept_proposal(decision, by=at_north.people.nora)
    new = accepted.delivered_exercise
    assert new is not None
    [news] = dose_news(at_north.paul)
    assert news.by_name == "Nora"
    assert news.patient_words
    assert dose_news(at_north.paul, at=days_ago(-8)) == []
    change_dose(new, Dose(sets=3, repetitions=9), by=at_north.people.nora)
    [news] = dose_news(at_north.paul)
    assert (news.dose_words, news.patient_words) == ("3 sets of 9, rest 30 s", "")
