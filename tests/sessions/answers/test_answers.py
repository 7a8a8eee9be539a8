"""What a patient says after a set, and what it changes: services."""

from datetime import timedelta

import pytest
from django.utils import timezone

from patients.models import Alert, PainReport
from prescriptions.adapt_rx.in_session import VERSION
from prescriptions.models import DoseChange, DoseDecision, ExerciseResponse, PrescribedExercise
from sessions import services
from sessions.errors import AnswerOutOfRange, AnswerTooLate, SessionIsOver, SetIsOver, SetNotDone
from sessions.models import ExerciseSet, SetAdjustment
from sessions.selectors.adjustments import adjustment_to_show, live_changes

LIVE_FORM_LOST = {
    "repetitions": [{"classification": "significant"}] * 3 + [{"classification": "correct"}] * 7
}


def test_answers_are_kept_one_by_one(gym):
    gym.answer(effort=7)
    gym.answer(pain=2)
    first = gym.sets()[0]
    assert (first.effort, first.pain) == (7, 2)
    assert gym.targets() == [10, 10, 10]


def test_without_leave_too_hard_changes_no_set(gym):
    gym.answer(effort=10, pain=5)
    assert gym.targets() == [10, 10, 10]
    with gym.scope:
        assert SetAdjustment.objects.count() == 0


def test_with_leave_too_hard_makes_every_set_left_easier_and_is_logged(free_gym):
    free_gym.answer(effort=10)
    assert free_gym.targets() == [10, 8, 8]
    with free_gym.scope:
        row = SetAdjustment.objects.order_by("id").first()
        assert row.before == {"repetitions": 10, "hold_s": 0, "done": True}
        assert row.after == {"repetitions": 8, "hold_s": 0, "done": True}
        assert (row.code, row.versions, row.declined_at) == ("too_hard", {"in_session": VERSION}, None)
        assert row.words == "That was too hard, so the next set is 8, not 10."
        assert row.after_set.order == 0


def test_the_plan_itself_stays(free_gym):
    free_gym.answer(effort=10, pain=5)
    with free_gym.scope:
        assert [
            one.repetitions
            for one in PrescribedExercise.objects.filter(prescription__patient=free_gym.ward.paul)
        ] == [10]
        assert DoseChange.objects.count() == 0


def test_the_second_answer_starts_from_the_dose_before_the_first(free_gym):
    free_gym.answer(effort=10)
    free_gym.answer(pain=5)
    assert free_gym.targets() == [10, 6, 6]
    with free_gym.scope:
        assert SetAdjustment.objects.count() == 2
        assert {row.before["repetitions"] for row in SetAdjustment.objects.all()} == {10}


def test_a_double_tap_changes_nothing_more(free_gym):
    for _tap in range(3):
        free_gym.answer(effort=10)
    assert free_gym.targets() == [10, 8, 8]


def test_a_changed_answer_gives_the_set_back(free_gym):
    free_gym.answer(effort=10)
    free_gym.answer(effort=4)
    assert free_gym.targets() == [10, 10, 10]
    with free_gym.scope:
        assert {row.code for row in SetAdjustment.objects.all()} == {"taken_back"}
        assert adjustment_to_show(free_gym.session) is None


def test_a_later_set_may_become_easier_again_and_never_harder(free_gym):
    free_gym.answer(effort=10)
    free_gym.do(1, count=8)
    free_gym.answer(1, effort=10)
    assert free_gym.targets() == [10, 8, 6]
    free_gym.answer(1, effort=2)
    assert free_gym.targets() == [10, 8, 8]


def test_an_answer_for_a_set_before_the_last_changes_no_set(free_gym):
    free_gym.do(1)
    free_gym.answer(0, effort=10)
    assert free_gym.targets() == [10, 10, 10]
    assert free_gym.sets()[0].effort == 10


def test_a_set_that_has_begun_stays_as_it_is(free_gym):
    with free_gym.scope:
        services.tap_count(free_gym.sets()[1], 1)
    free_gym.answer(effort=10)
    assert free_gym.targets() == [10, 10, 10]


def test_form_that_breaks_makes_the_next_set_easier_without_an_answer(free_gym):
    with free_gym.scope:
        ExerciseSet.objects.filter(pk=free_gym.sets()[1].pk).update(as_shown=LIVE_FORM_LOST)
    free_gym.do(1)
    assert free_gym.targets() == [10, 10, 8]
    with free_gym.scope:
        assert SetAdjustment.objects.get().words == "It got hard to move well, so the next set is 8, not 10."


def test_live_scoring_that_broke_down_is_no_reason(free_gym):
    with free_gym.scope:
        shown = {**LIVE_FORM_LOST, "scoring_failed": True}
        ExerciseSet.objects.filter(pk=free_gym.sets()[1].pk).update(as_shown=shown)
    free_gym.do(1)
    assert free_gym.targets() == [10, 10, 10]


def test_the_patient_keeps_it_as_planned_and_is_not_overruled(free_gym):
    free_gym.answer(effort=10)
    with free_gym.scope:
        services.keep_as_planned(free_gym.sets()[1])
        services.keep_as_planned(free_gym.sets()[1])
        assert free_gym.targets() == [10, 10, 10]
        assert SetAdjustment.objects.filter(declined_at=None).count() == 0
    free_gym.answer(pain=5)
    assert free_gym.targets() == [10, 10, 10]
    free_gym.do(1)
    free_gym.answer(1, effort=10)
    assert free_gym.targets() == [10, 10, 8]


def test_keeping_goes_back_to_the_plan_over_two_changes(free_gym):
    free_gym.answer(effort=10)
    free_gym.do(1, count=8)
    free_gym.answer(1, effort=10)
    with free_gym.scope:
        services.keep_as_planned(free_gym.sets()[2])
    assert free_gym.targets() == [10, 8, 10]


def test_the_rest_is_left_out_and_may_come_back(free_gym):
    free_gym.do(1, count=4)
    free_gym.answer(1, effort=10, pain=5)
    assert free_gym.states() == ["analysed", "analysed", "skipped"]
    with free_gym.scope:
        free_gym.session.refresh_from_db()
        assert free_gym.session.is_open
        shown = adjustment_to_show(free_gym.session)
        assert shown.words == "That hurt, so we leave out the rest of this exercise today."
        services.keep_as_planned(shown.exercise_set)
    assert free_gym.states() == ["analysed", "analysed", "planned"]


def test_a_set_left_out_by_hand_does_not_come_back(free_gym):
    free_gym.answer(effort=10)
    with free_gym.scope:
        services.finish_set(free_gym.sets()[1], skipped=True)
        with pytest.raises(SetIsOver):
            services.keep_as_planned(free_gym.sets()[1])
        services.keep_as_planned(free_gym.sets()[2])
    assert free_gym.states() == ["analysed", "skipped", "planned"]
    assert free_gym.targets() == [10, 8, 10]


def test_keeping_where_nothing_changed_is_harmless(free_gym):
    with free_gym.scope:
        services.keep_as_planned(free_gym.sets()[1])
        with pytest.raises(SetIsOver):
            services.keep_as_planned(free_gym.sets()[0])
        services.complete_session(free_gym.session)
        with pytest.raises(SessionIsOver):
            services.keep_as_planned(free_gym.sets()[1])


@pytest.mark.parametrize("value", [-1, 11, 2**40, True])
def test_an_answer_off_the_scale_is_refused(gym, value):
    with pytest.raises(AnswerOutOfRange):
        gym.answer(pain=value)
    assert gym.sets()[0].pain is None


def test_a_set_that_was_not_done_has_no_answer(gym):
    with pytest.raises(SetNotDone):
        gym.answer(1, effort=4)
    with gym.scope:
        services.finish_set(gym.sets()[1], skipped=True)
    with pytest.raises(SetNotDone):
        gym.answer(1, effort=4)


def test_pain_over_the_limit_stops_the_session_and_is_told(gym):
    answered = gym.answer(pain=7)
    assert answered.hit.rule_id == "pain_over_limit"
    assert gym.states() == ["analysed", "skipped", "skipped"]
    with gym.scope:
        gym.session.refresh_from_db()
        assert (gym.session.state, gym.session.stop_reason) == ("analysed", "pain_over_limit")
        report = PainReport.objects.get()
        assert (report.value, report.moment, report.session_ref) == (7, "stop", gym.session.ref)
        alert = Alert.objects.get()
        assert (alert.rule_id, alert.headline) == ("pain_over_limit", "Pain 7, over 5")
        assert alert.text_shown == answered.hit.action
        assert ExerciseResponse.objects.get().pain_during == 7


def test_pain_that_was_told_stands_and_is_told_once(gym):
    for pain in (7, 7, 2):
        assert gym.answer(pain=pain).hit is not None
    assert gym.sets()[0].pain == 7
    with gym.scope:
        assert (PainReport.objects.count(), Alert.objects.count()) == (1, 1)


def test_the_therapists_lower_limit_stops_and_is_told(gym):
    gym.allow(limits={"pain_limit": 3})
    assert gym.answer(pain=3).hit is None
    answered = gym.answer(pain=4)
    assert answered.hit.headline == "Pain 4, over 3 in Squat"
    with gym.scope:
        alert = Alert.objects.get()
        assert (alert.rule_id, alert.severity) == ("pain_over_own_limit", "tell_therapist")
        assert gym.states() == ["analysed", "skipped", "skipped"]


def test_a_late_answer_is_kept_and_reaches_the_plan(free_gym):
    with free_gym.scope:
        services.complete_session(free_gym.session)
    free_gym.answer(effort=7, pain=4)
    with free_gym.scope:
        response = ExerciseResponse.objects.get()
        assert (response.effort, response.pain_during) == (7, 4)
        assert SetAdjustment.objects.count() == 0


def test_too_much_pain_said_late_is_told(gym):
    with gym.scope:
        services.complete_session(gym.session)
    assert gym.answer(pain=8).hit is not None
    with gym.scope:
        assert Alert.objects.count() == 1
        gym.session.refresh_from_db()
        assert (gym.session.completed, gym.session.stop_reason) == (True, "")


def test_the_next_day_is_too_late(gym):
    with gym.scope:
        ExerciseSet.objects.filter(pk=gym.sets()[0].pk).update(ended_at=timezone.now() - timedelta(hours=25))
    with pytest.raises(AnswerTooLate):
        gym.answer(effort=4)


def test_the_plan_hears_what_was_asked_before_anything_was_made_easier(free_gym):
    free_gym.answer(effort=10, pain=2)
    free_gym.do(1, count=8)
    free_gym.answer(1, effort=4, pain=3)
    with free_gym.scope:
        services.complete_session(free_gym.session)
        response = ExerciseResponse.objects.get()
    assert (response.sets_asked, response.repetitions_asked) == (3, 30)
    assert (response.sets_done, response.repetitions_done) == (2, 18)
    assert (response.effort, response.pain_during, response.range_share) == (10, 3, None)


def test_the_page_after_the_session_speaks_for_the_last_set(gym):
    gym.do(1)
    gym.do(2)
    with gym.scope:
        session = services.complete_session(gym.session, pain_after=3, effort=7)
        services.complete_session(session, pain_after=1, effort=2)
        response = ExerciseResponse.objects.get()
    last = gym.sets()[2]
    assert (last.effort, last.pain, response.effort, response.pain_during) == (7, 3, 7, 3)


def test_the_last_set_is_asked_about_while_it_is_fresh(gym):
    with gym.scope:
        assert services.last_set_to_ask(gym.session) == gym.sets()[0]
        ExerciseSet.objects.filter(pk=gym.sets()[0].pk).update(
            ended_at=timezone.now() - timedelta(minutes=16)
        )
        assert services.last_set_to_ask(gym.session) is None


def test_a_running_page_hears_the_sets_and_the_sentence(free_gym):
    free_gym.answer(effort=10)
    with free_gym.scope:
        changes = live_changes(free_gym.session)
    first, second, third = free_gym.sets()
    assert changes["adjustment"] == {
        "set": str(second.ref),
        "words": "That was too hard, so the next set is 8, not 10.",
    }
    assert [(one["ref"], one["state"], one["target_repetitions"]) for one in changes["sets"]] == [
        (str(first.ref), "analysed", 10),
        (str(second.ref), "planned", 8),
        (str(third.ref), "planned", 8),
    ]


def test_too_much_pain_leads_to_an_easier_proposal(gym, django_capture_on_commit_callbacks):
    with gym.scope, django_capture_on_commit_callbacks(execute=True):
        gym.answer(pain=7)
    with gym.scope:
        decision = DoseDecision.objects.get(state="proposed")
    assert decision.session_ref == gym.session.ref
    assert {one["id"] for one in decision.fired} >= {"pain_over_limit"}


def test_the_dose_is_decided_about_once_and_with_the_last_answers(gym, django_capture_on_commit_callbacks):
    with gym.scope, django_capture_on_commit_callbacks(execute=True):
        services.complete_session(gym.session, pain_after=2, effort=7)
    with gym.scope:
        decision = DoseDecision.objects.get()
    assert (decision.context["effort"], decision.context["pain_after"]) == (7, 2)
