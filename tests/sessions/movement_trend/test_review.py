"""A sudden drop becomes one alarm and one alert in the worklist; answering it sets a new baseline."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from clinic.audit.models import AuditEvent
from clinic.models import Membership
from clinic.tenancy.scope import clinic_scope
from patients.models import Alert, AttentionReason, Patient
from patients.services import acknowledge_alert, close_alert
from sessions import services, tasks
from sessions.models import MovementAlarm, MovementMeasure
from sessions.selectors.movement.trend import daily_series_of, trend_of
from sessions.services.movement import trend_review
from tests.factories.patients import Ward, make_ward
from tests.people import make_people
from tests.sessions.movement_trend.course import make_course


@pytest.fixture
def ward(db) -> Ward:
    """The cast with records."""
    return make_ward(make_people())


@pytest.fixture
def north(ward: Ward) -> Iterator[Ward]:
    """The ward, with North in scope."""
    with clinic_scope(ward.people.north.pk):
        yield ward


def test_a_sudden_drop_is_one_alarm_and_one_alert(north: Ward) -> None:
    today = make_course(north.paul, drop_days_ago=3)
    (alarm,) = services.review_trend(north.paul)
    assert alarm.code == "walking_speed_m_s"
    assert alarm.detected_day - alarm.onset_day <= timedelta(days=2)
    assert abs(alarm.onset_day - (today - timedelta(days=3))) <= timedelta(days=1)
    assert {one["code"] for one in alarm.metrics} <= {"walking_speed_m_s", "cadence_spm", "step_length_m"}
    assert alarm.alert is not None
    assert alarm.alert.severity == "same_day"
    assert alarm.alert.headline.startswith("Walking speed −1")
    assert alarm.alert.answers["reason"] == alarm.reason
    assert "times the smallest important change" in alarm.reason


def test_its_reason_stands_in_the_worklist(north: Ward) -> None:
    make_course(north.paul, drop_days_ago=3)
    services.review_trend(north.paul)
    reason = AttentionReason.objects.get(patient=north.paul, code="alert_open", resolved_at=None)
    assert reason.words == Alert.objects.get(patient=north.paul).headline


def test_twice_changes_nothing(north: Ward) -> None:
    make_course(north.paul, drop_days_ago=3)
    assert len(services.review_trend(north.paul)) == 1
    before = MovementAlarm.objects.values().get()
    assert services.review_trend(north.paul) == []
    assert MovementAlarm.objects.values().get() == before
    assert Alert.objects.count() == 1


def test_steady_days_raise_nothing(north: Ward) -> None:
    make_course(north.paul)
    assert services.review_trend(north.paul) == []
    assert services.review_trend(north.petra) == []
    assert MovementAlarm.objects.count() == 0


def test_it_never_looks_ahead(north: Ward) -> None:
    make_course(north.paul, drop_days_ago=3)
    assert services.review_trend(north.paul, at=timezone.now() - timedelta(days=4)) == []
    assert Alert.objects.count() == 0


def test_another_sensor_softens_the_alarm(north: Ward) -> None:
    make_course(north.paul, drop_days_ago=3, device_since_drop="watch")
    (alarm,) = services.review_trend(north.paul)
    assert [one["code"] for one in alarm.artefacts] == ["other_device"]
    assert alarm.alert is not None and alarm.alert.severity == "tell_therapist"
    assert "may be another cause" in alarm.alert.headline


def test_what_came_to_light_late_is_a_mark_without_an_alert(north: Ward) -> None:
    make_course(north.paul, days=80, drop_days_ago=30)
    assert services.review_trend(north.paul) == []
    assert MovementAlarm.objects.get().state == "closed"
    assert Alert.objects.count() == 0


@pytest.mark.parametrize("closes", [False, True])
def test_answering_the_alert_closes_the_alarm_for_good(north: Ward, closes: bool) -> None:
    make_course(north.paul, drop_days_ago=3)
    (alarm,) = services.review_trend(north.paul)
    assert alarm.alert is not None
    if closes:
        close_alert(alarm.alert, by=north.people.nora, outcome="Called: a cold.")
    else:
        acknowledge_alert(alarm.alert, by=north.people.nora)
    assert services.review_trend(north.paul) == []
    assert MovementAlarm.objects.get().state == "closed"
    assert services.review_trend(north.paul) == []
    assert Alert.objects.count() == 1


def test_an_alert_lost_to_a_crash_is_raised_later(north: Ward) -> None:
    make_course(north.paul, drop_days_ago=3)
    (alarm,) = services.review_trend(north.paul)
    MovementAlarm.objects.update(alert=None, updated_at=timezone.now() - timedelta(hours=1))
    services.review_trend(north.paul)
    alarm.refresh_from_db()
    assert alarm.alert is not None
    assert Alert.objects.count() == 2


def test_the_alarm_reaches_the_audit_trail(north: Ward) -> None:
    make_course(north.paul, drop_days_ago=3)
    services.review_trend(north.paul)
    assert AuditEvent.objects.filter(action="alert").count() == 1


@pytest.mark.django_db(transaction=True)
def test_inside_a_transaction_the_review_waits_for_the_commit() -> None:
    ward = make_ward(make_people())
    make_course(ward.paul, drop_days_ago=3)
    with clinic_scope(ward.people.north.pk):
        patient = Patient.objects.select_related("clinic").get(pk=ward.paul.pk)
        with transaction.atomic():
            assert services.review_trend(patient) == []
            assert MovementAlarm.objects.count() == 0
        assert Alert.objects.count() == 1


def test_the_daily_task_judges_each_clinic_in_its_own_scope(ward: Ward) -> None:
    make_course(ward.paul, drop_days_ago=3)
    make_course(ward.sid, drop_days_ago=3, seed=2)
    tasks.review_trends(clinic_id=ward.people.north.pk)
    with clinic_scope(ward.people.north.pk):
        assert [alarm.patient_id for alarm in MovementAlarm.objects.all()] == [ward.paul.pk]
    with clinic_scope(ward.people.south.pk):
        assert MovementAlarm.objects.count() == 0
    tasks.review_trends(clinic_id=ward.people.south.pk)
    with clinic_scope(ward.people.south.pk):
        assert [alarm.patient_id for alarm in MovementAlarm.objects.all()] == [ward.sid.pk]


def test_a_trend_shows_level_band_expectation_and_alarms(north: Ward) -> None:
    make_course(north.paul, drop_days_ago=3)
    services.review_trend(north.paul)
    trend = trend_of(north.paul, "walking_speed_m_s")
    assert trend is not None
    assert len(trend.days) == len(trend.level) == len(trend.expected) == 50
    assert all(
        low < level < high for low, level, high in zip(trend.low, trend.level, trend.high, strict=True)
    )
    assert trend.level[-1] < 0.8 < trend.level[-10]
    assert trend.mic == 0.10
    assert [alarm.code for alarm in trend.alarms] == ["walking_speed_m_s"]
    assert trend_of(north.paul, "tug_s") is None


def test_half_a_day_of_steps_is_not_a_bad_day(north: Ward) -> None:
    today = make_course(north.paul, days=2)
    for back, steps in ((1, 4000.0), (0, 300.0)):
        north.paul.movement_measures.create(
            code="step_count", day=today - timedelta(days=back), value=steps, origin="health"
        )
    assert daily_series_of(north.paul, ["step_count"])["step_count"].values.tolist() == [4000.0]


@pytest.mark.parametrize(("who", "status"), [("nora", 200), ("ola", 403), ("paul", 403), ("sam", 404)])
def test_who_sees_the_alert_on_its_page(ward: Ward, signed_in, who: str, status: int) -> None:
    make_course(ward.paul, drop_days_ago=3)
    with clinic_scope(ward.people.north.pk):
        (alarm,) = services.review_trend(ward.paul)
    assert alarm.alert is not None
    member: Membership = getattr(ward.people, who)
    answer = signed_in(member).get(f"/c/north/alerts/{alarm.alert.ref}/")
    assert answer.status_code == status
    assert (alarm.reason.splitlines()[0] in answer.content.decode()) == (status == 200)


def test_one_patients_days_keep_no_other_patients_alarm_back(north: Ward, monkeypatch) -> None:
    make_course(north.paul, drop_days_ago=3)
    make_course(north.petra, drop_days_ago=3)
    judge = trend_review.daily_series_of

    def broken(patient: Patient, *args: object, **options: object) -> object:
        if patient.pk == min(north.paul.pk, north.petra.pk):
            raise ZeroDivisionError
        return judge(patient, *args, **options)

    monkeypatch.setattr(trend_review, "daily_series_of", broken)
    services.review_trends()
    alarm = MovementAlarm.objects.get()
    assert alarm.patient_id == max(north.paul.pk, north.petra.pk)


def test_a_page_does_not_work_out_the_trend_of_ten_years(north: Ward) -> None:
    today = make_course(north.paul)
    long_ago = today - timedelta(days=10 * 365)
    MovementMeasure.objects.filter(day=today - timedelta(days=50)).update(day=long_ago)
    trend = trend_of(north.paul, "walking_speed_m_s")
    assert trend is not None
    assert trend.days[0] == today - timedelta(days=49)
