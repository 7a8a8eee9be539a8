"""The parts of the score, each by itself."""

from datetime import date, timedelta

import pytest

from patients.attention_rules import (
    AttentionFacts,
    OpenAlert,
    PainPoint,
    reasons_for,
    sessions_done_of_planned,
)

TODAY = date(2026, 11, 18)
PLANNED = {"planned_days_per_week": 3, "plan_started_on": date(2026, 9, 1)}


def days(*back: int) -> frozenset[date]:
    return frozenset(TODAY - timedelta(days=n) for n in back)


def pains(*pairs: tuple[int, int], moment: str = "before") -> list[PainPoint]:
    return [PainPoint(TODAY - timedelta(days=back), value, moment) for back, value in pairs]


def words(**facts: object) -> dict[str, str]:
    given = {"exercise_days": days(1, 3, 5, 8, 10, 12), **PLANNED, **facts}
    return {reason.code: reason.words for reason in reasons_for(AttentionFacts(today=TODAY, **given))}


def test_a_quiet_patient_has_no_reason() -> None:
    assert words() == {}


def test_high_pain_is_said_with_number_and_times() -> None:
    assert words(pains=pains((1, 7), (3, 7), (9, 9))) == {
        "pain_high": "pain over 5, twice in 7 days, highest 7"
    }


def test_pain_of_five_is_allowed() -> None:
    assert words(pains=pains((1, 5))) == {}


def test_rising_pain() -> None:
    rising = pains((1, 5), (3, 5), (9, 2), (12, 3))
    assert words(pains=rising) == {"pain_rising": "pain up from 2 to 5"}


def test_one_bad_day_is_no_trend() -> None:
    assert words(pains=pains((1, 5), (9, 2), (12, 2))) == {}


def test_pain_after_exercise_is_no_resting_pain() -> None:
    assert words(pains=pains((1, 5), (3, 5), (9, 2), (12, 2), moment="after")) == {}


def test_missed_sessions_are_counted_against_the_plan() -> None:
    assert words(exercise_days=frozenset()) == {"missed_sessions": "0 of 6 sessions"}


def test_half_of_the_sessions_is_enough_to_stay_quiet() -> None:
    assert words(exercise_days=days(1, 5, 9)) == {}


def test_a_new_plan_is_not_missed_yet() -> None:
    assert words(exercise_days=frozenset(), plan_started_on=TODAY - timedelta(days=3)) == {}


def test_no_plan() -> None:
    assert words(planned_days_per_week=0, plan_started_on=None) == {"no_plan": "no plan yet"}


def test_the_worst_alert_speaks_for_all() -> None:
    alerts = [OpenAlert("tell_therapist", "Pain 7", False, "a"), OpenAlert("emergency", "Heart", False, "b")]
    reasons = reasons_for(
        AttentionFacts(today=TODAY, alerts=alerts, on_hold=True, unread_messages=2, **PLANNED)
    )
    assert [(reason.code, reason.weight) for reason in reasons] == [
        ("alert_open", 300),
        ("missed_sessions", 30),
        ("exercise_hold", 20),
        ("new_message", 10),
    ]
    assert (reasons[0].words, reasons[0].object_ref) == ("Heart, and 1 more alert", "b")


def test_an_unanswered_emergency_outweighs_all_that_can_stand_beside_it() -> None:
    worst_without = AttentionFacts(
        today=TODAY,
        alerts=[OpenAlert("same_day", "Calf", False, "a")],
        on_hold=True,
        pains=pains(*[(day, 10) for day in range(1, 7)], *[(day, 1) for day in range(8, 14)]),
        unread_messages=9,
        planned_days_per_week=7,
        plan_started_on=TODAY - timedelta(days=90),
    )
    form_worsening = 25
    beside = sum(reason.weight for reason in reasons_for(worst_without)) + form_worsening
    emergency = AttentionFacts(today=TODAY, alerts=[OpenAlert("emergency", "Heart", False, "b")], **PLANNED)
    assert reasons_for(emergency)[0].weight > beside


def test_a_seen_alert_weighs_half() -> None:
    seen = AttentionFacts(today=TODAY, alerts=[OpenAlert("emergency", "Heart", True, "b")], **PLANNED)
    assert reasons_for(seen)[0].weight == 150


@pytest.mark.parametrize(
    ("per_week", "started_back", "done", "planned"),
    [(3, 90, 6, 6), (7, 90, 6, 14), (3, 7, 3, 3), (0, 90, 6, 0)],
)
def test_done_of_planned(per_week: int, started_back: int, done: int, planned: int) -> None:
    found = sessions_done_of_planned(
        days(1, 3, 5, 8, 10, 12),
        today=TODAY,
        planned_days_per_week=per_week,
        plan_started_on=TODAY - timedelta(days=started_back),
    )
    assert found == (done, planned)
