"""The writes on patients: what they store, tell and refuse."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from clinic.audit.models import AuditEvent
from clinic.tenancy.scope import clinic_scope
from patients import services
from patients.errors import (
    AlertAlreadyClosed,
    AlreadyInvited,
    AlreadyOnCareTeam,
    MomentUnknown,
    NoHold,
    OutcomeMissing,
    PainOutOfRange,
    TimeZoneUnknown,
)
from patients.models import Alert, AttentionReason, ExerciseHold, PainReport, Patient, TimelineEntry
from patients.red_flags import Severity
from patients.selectors import next_morning_due, week_of
from patients.services.logins import link_login
from tests.factories.patients import Ward, make_alert, make_patient

RULE = services.AlertRule(id="cardiac", version=1, headline="Signs", severity=Severity.EMERGENCY)
NOON = datetime(2026, 11, 18, 12, tzinfo=UTC)


def codes(patient: Patient) -> list[str]:
    standing = AttentionReason.objects.filter(patient=patient, resolved_at=None)
    return sorted(standing.values_list("code", flat=True))


def test_an_alert_is_stored_told_and_audited(at_north: Ward) -> None:
    alert = services.raise_alert(at_north.paul, RULE, text_shown="Call 999.", holds_exercise=True, at=NOON)
    assert alert.due_at == NOON + timedelta(minutes=15)
    assert ExerciseHold.objects.get(lifted_at=None).alert == alert
    assert TimelineEntry.objects.get(kind="alert").object_ref == alert.ref
    assert codes(at_north.paul) == ["alert_open", "exercise_hold", "no_plan"]
    at_north.paul.refresh_from_db()
    assert at_north.paul.attention_score == 325
    assert AuditEvent.objects.filter(action="alert", patients=[at_north.paul.pk]).count() == 1


@pytest.mark.django_db(transaction=True)
def test_an_alert_outlives_the_failure_of_its_caller() -> None:
    from tests.factories.patients import make_ward
    from tests.people import make_people

    ward = make_ward(make_people())
    with clinic_scope(ward.people.north.pk):
        with pytest.raises(RuntimeError), transaction.atomic():
            services.raise_alert(ward.paul, RULE, text_shown="Call 999.")
        assert not Alert.objects.exists()
        try:
            services.raise_alert(ward.paul, RULE, text_shown="Call 999.")
            raise ZeroDivisionError
        except ZeroDivisionError:
            assert Alert.objects.count() == 1


def test_a_hook_that_fails_does_not_keep_the_answer_from_the_patient(at_north: Ward) -> None:
    heard: list[str] = []

    def fail(patient: Patient, session_ref: object, reason: str) -> None:
        heard.append(reason)
        raise ConnectionError

    services.when_stopped("test", fail)
    try:
        stopped = services.stop_exercising(at_north.paul, ticked=["faint"])
    finally:
        from patients.services import stopping

        stopping._hooks.pop("test")
    assert heard == ["cardiac"]
    assert stopped.answer.heading == "Stop now. Call 999."


def test_an_unreadable_answer_counts_as_same_day(at_north: Ward) -> None:
    stopped = services.stop_exercising(at_north.paul, ticked=["from_an_older_page"])
    assert (stopped.alert.rule_id, stopped.alert.severity) == ("unreadable_answer", "same_day")


def test_a_readable_emergency_beats_an_unreadable_answer(at_north: Ward) -> None:
    stopped = services.stop_exercising(at_north.paul, ticked=["from_an_older_page", "faint"])
    assert stopped.alert.rule_id == "cardiac"


def test_closing_needs_an_outcome_and_happens_once(at_north: Ward) -> None:
    alert = make_alert(at_north.paul)
    with pytest.raises(OutcomeMissing):
        services.close_alert(alert, by=at_north.people.nora, outcome=" ")
    services.close_alert(alert, by=at_north.people.nora, outcome="Called.")
    with pytest.raises(AlertAlreadyClosed):
        services.close_alert(alert, by=at_north.people.nora, outcome="Again.")
    assert "alert_open" not in codes(at_north.paul)


def test_the_first_to_acknowledge_is_kept(at_north: Ward) -> None:
    alert = make_alert(at_north.paul)
    services.acknowledge_alert(alert, by=at_north.people.ash)
    services.acknowledge_alert(alert, by=at_north.people.nora)
    alert.refresh_from_db()
    assert alert.acknowledged_by == at_north.people.ash


def test_a_hold_is_lifted_once(at_north: Ward) -> None:
    services.stop_exercising(at_north.paul, ticked=["faint"])
    services.lift_exercise_hold(at_north.paul, by=at_north.people.nora, outcome="Seen, fine.")
    with pytest.raises(NoHold):
        services.lift_exercise_hold(at_north.paul, by=at_north.people.nora, outcome="Seen, fine.")


@pytest.mark.parametrize("value", [11, -1, 3.5, float("nan"), True])
def test_pain_is_a_whole_number_from_0_to_10(at_north: Ward, value: object) -> None:
    with pytest.raises(PainOutOfRange):
        services.report_pain(at_north.paul, value=value, moment="after")  # type: ignore[arg-type]
    assert not PainReport.objects.exists()


def test_pain_needs_a_moment_that_we_know(at_north: Ward) -> None:
    with pytest.raises(MomentUnknown):
        services.report_pain(at_north.paul, value=3, moment="sometime")


def test_too_much_pain_alerts_once_a_day(at_north: Ward) -> None:
    services.report_pain(at_north.paul, value=7, moment="after", at=NOON)
    services.report_pain(at_north.paul, value=8, moment="after", at=NOON + timedelta(hours=2))
    assert Alert.objects.count() == 1
    services.report_pain(at_north.paul, value=7, moment="after", at=NOON + timedelta(days=1))
    assert Alert.objects.count() == 2


def test_too_much_pain_is_told_again_once_its_alert_is_closed(at_north: Ward) -> None:
    services.report_pain(at_north.paul, value=7, moment="after", at=NOON)
    nora = at_north.people.nora
    services.acknowledge_alert(Alert.objects.get(), by=nora)
    services.close_alert(Alert.objects.get(), by=nora, outcome="Talked on the phone.")
    services.report_pain(at_north.paul, value=8, moment="after", at=NOON + timedelta(hours=2))
    assert Alert.objects.exclude(state="closed").count() == 1


def test_the_next_morning_is_compared_with_the_usual(at_north: Ward) -> None:
    for day in range(3):
        services.report_pain(at_north.paul, value=2, moment="before", at=NOON - timedelta(days=day + 1))
    calm = services.report_pain(at_north.paul, value=3, moment="next_morning", at=NOON)
    worse = services.report_pain(
        at_north.paul, value=4, moment="next_morning", at=NOON + timedelta(minutes=1)
    )
    assert calm.hit is None
    assert worse.hit is not None
    assert worse.hit.rule_id == "pain_next_morning"


def test_another_clinics_patient_cannot_be_written_to(ward: Ward) -> None:
    with clinic_scope(ward.people.north.pk), pytest.raises(IntegrityError):
        services.report_pain(ward.sid, value=3, moment="after")


def test_nobody_joins_a_care_team_twice(at_north: Ward) -> None:
    with pytest.raises(AlreadyOnCareTeam):
        services.add_to_care_team(at_north.paul, at_north.people.nora)


def test_a_zone_must_exist() -> None:
    with pytest.raises(TimeZoneUnknown):
        services.Identity(given_name="A", family_name="B", time_zone="Mars/Olympus")


def test_a_reason_that_stands_keeps_its_date(at_north: Ward) -> None:
    first = services.set_attention(at_north.paul, "form_worsening", weight=25, words="form 50% correct")
    again = services.set_attention(at_north.paul, "form_worsening", weight=30, words="form 40% correct")
    assert (again.pk, again.since) == (first.pk, first.since)
    at_north.paul.refresh_from_db()
    assert at_north.paul.attention_score == 30
    services.clear_attention(at_north.paul, "form_worsening")
    at_north.paul.refresh_from_db()
    assert at_north.paul.attention_score == 0


def test_a_review_leaves_other_apps_reasons_alone(at_north: Ward) -> None:
    services.set_attention(at_north.paul, "form_worsening", weight=25, words="form 50% correct")
    services.review_attention(at_north.paul)
    assert codes(at_north.paul) == ["form_worsening", "no_plan"]


def test_the_same_object_is_one_line_of_the_timeline(at_north: Ward) -> None:
    ref = at_north.paul.ref
    for words in ("Analysing…", "20 repetitions"):
        services.add_timeline_entry(
            at_north.paul,
            kind="session",
            title="Session",
            summary=words,
            object_kind="session",
            object_ref=ref,
        )
    assert [entry.summary for entry in TimelineEntry.objects.filter(kind="session")] == ["20 repetitions"]


@pytest.mark.parametrize(
    ("zone", "asked"),
    [("Pacific/Auckland", True), ("America/Los_Angeles", False)],
)
def test_today_is_the_patients_own_day(ward: Ward, zone: str, asked: bool) -> None:
    """At 18:00 UTC on the 17th it is the 18th in Auckland and still the 17th in Los Angeles."""
    patient = make_patient(ward.people.north, time_zone=zone)
    with clinic_scope(ward.people.north.pk):
        day = date(2026, 11, 17)
        services.set_exercise_day(patient, day, sessions_done=1, repetitions_scored=0, repetitions_correct=0)
        now = datetime(2026, 11, 17, 18, tzinfo=UTC)
        assert next_morning_due(patient, at=now) is asked
        services.report_pain(patient, value=1, moment="next_morning", at=now)
        assert next_morning_due(patient, at=now) is False


def test_the_week_begins_on_monday_on_the_patients_calendar(ward: Ward) -> None:
    patient = make_patient(ward.people.north, time_zone="Pacific/Auckland")
    with clinic_scope(ward.people.north.pk):
        services.set_planned_days(patient, days_per_week=1, since=date(2026, 11, 1))
        for day in (date(2026, 11, 11), date(2026, 11, 16)):
            services.set_exercise_day(
                patient, day, sessions_done=1, repetitions_scored=4, repetitions_correct=2
            )
        week = week_of(patient, at=datetime(2026, 11, 16, 20, tzinfo=UTC))
    assert [day.state for day in week.days] == ["done", "today", *["to-come"] * 5]
    assert (week.done, week.planned, week.weeks_in_a_row) == (1, 1, 2)


def test_names_are_found_without_accents_or_capitals(at_north: Ward) -> None:
    patient = make_patient(at_north.people.north, given_name="Zoë", family_name="Ó  Dálaigh")
    assert (patient.given_key, patient.family_key) == ("zoe", "o dalaigh")


def test_bulk_made_patients_are_found_too(at_north: Ward) -> None:
    Patient.objects.bulk_create([Patient(given_name="Bjørk", family_name="ÅSE")])
    assert Patient.objects.get(family_key="ase").given_name == "Bjørk"


def test_a_login_that_has_a_record_gets_no_second_one(at_north: Ward) -> None:
    second = make_patient(at_north.people.north, care_team=[at_north.people.nora])
    issued = services.invite_patient(second, email="someone.new@example.org", by=at_north.people.nora)
    with pytest.raises(AlreadyInvited):
        link_login(invitation=issued.invitation, membership=at_north.people.paul)
    second.refresh_from_db()
    assert second.membership_id is None
