"""The demo's data: made once, through the services, and alive relative to now."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import override_settings
from django.utils import timezone

from clinic.models import Clinic, Membership
from clinic.tenancy.scope import clinic_scope
from notes.models import VisitNote
from patients.models import Alert, Patient
from patients.selectors.questionnaires import reminds_today
from prescriptions.models import ComparisonRun, DoseDecision
from prescriptions.selectors import today_plan
from prescriptions.services import replay_learner
from sessions.demo.seed import delete_sensor_files, empty_database
from sessions.models import (
    Conversation,
    ExerciseSet,
    MovementDay,
    MovementMeasure,
    Recording,
    TherapySession,
    WalkingBout,
)
from sessions.motion_files import motion_storage, read_signal
from sessions.services.analysis import reanalyse_set


@pytest.fixture(scope="module")
def small_demo(django_db_setup, django_db_blocker):
    """The small demo, seeded once for this module and emptied the way `--reset` does it."""
    with django_db_blocker.unblock(), override_settings(DEMO=True):
        call_command("seed_demo", "--small")
        yield Clinic.objects.get(slug="north")
        connection.close()
        empty_database(url_of_test_database())


def url_of_test_database():
    at = connection.settings_dict
    return f"postgresql://{at['USER']}:{at['PASSWORD']}@{at['HOST']}:{at['PORT']}/{at['NAME']}"


@pytest.fixture
def north(small_demo, db):
    with clinic_scope(small_demo.pk):
        yield small_demo


def test_the_demo_has_a_caseload_of_twelve_with_one_new_and_one_on_hold(north):
    therapist = Membership.objects.get(user__email="therapist@north.demo")
    caseload = Patient.objects.filter(care_team__membership=therapist)
    assert caseload.count() == 12
    assert all(patient.simulated and patient.has_plan for patient in caseload)
    without_session = caseload.exclude(therapy_sessions__isnull=False)
    assert [patient.full_name for patient in without_session] == ["Noor Rahman"]
    assert Alert.objects.get(severity="emergency").patient.full_name == "Harold Bennett"
    assert not TherapySession.objects.exclude(simulated=True).exists()


def test_patients_have_talked_with_the_assistant_and_a_person_has_answered(north):
    maya = Conversation.objects.get(patient__given_name="Maya")
    answers = maya.turns.filter(author="assistant")
    assert answers.count() == 3
    assert not answers.exclude(answered_by="embedded").exists()
    chiara = Conversation.objects.get(patient__given_name="Chiara")
    assert [turn.author for turn in chiara.turns.order_by("number")] == [
        "patient",
        "assistant",
        "patient",
        "assistant",
        "person",
        "assistant",
    ]
    alert = chiara.turns.get(node="escalate").alert
    assert (alert.severity, alert.state, chiara.held_by) == ("same_day", "closed", None)
    assert not alert.exercise_holds.filter(lifted_at=None).exists()


def test_those_who_need_a_look_come_first_and_say_why(north):
    worst = Patient.objects.order_by("-attention_score")[:2]
    assert [patient.full_name for patient in worst] == ["Harold Bennett", "Thomas Okafor"]
    codes = set(worst[1].attention_reasons.filter(resolved_at=None).values_list("code", flat=True))
    assert {"pain_high", "alert_open", "new_message"} <= codes
    missing = Patient.objects.get(given_name="Priya").attention_reasons.filter(resolved_at=None)
    assert "missed_sessions" in set(missing.values_list("code", flat=True))


def test_one_patient_got_better_by_their_own_answers_and_one_worse(north):
    maya = Patient.objects.get(given_name="Maya")
    first, last = maya.questionnaire_responses.order_by("authored_at")
    assert sum(last.answers[f"psfs.{n}"] - first.answers[f"psfs.{n}"] for n in (1, 2, 3)) == 6
    assert reminds_today(maya)
    thomas = Patient.objects.get(given_name="Thomas")
    assert thomas.questionnaire_responses.count() == 2
    worse = thomas.attention_reasons.get(code="score_worsened", resolved_at=None)
    assert worse.words.startswith("answers: pain worse by 2.0 since last time; activities worse by 1.8")
    assert not Alert.objects.filter(answers__source="questionnaire").exists()


def test_doses_were_decided_about_and_some_wait(north):
    states = set(DoseDecision.objects.values_list("state", flat=True))
    assert {"proposed", "kept"} <= states
    assert states & {"accepted", "edited", "rejected"}
    thomas = Patient.objects.get(given_name="Thomas")
    assert DoseDecision.objects.filter(patient=thomas, context__trigger="pain_over_limit").exists()
    harold = Patient.objects.get(given_name="Harold")
    waiting = DoseDecision.objects.filter(patient=harold, state="proposed")
    assert waiting.exists()
    assert all(decision.proposed["rest"] for decision in waiting)
    replay = replay_learner()
    assert replay is None or replay.is_same
    run = ComparisonRun.objects.get()
    assert (run.state, run.result["decisions_outside_mask"]) == ("done", 0)


def test_last_nights_session_is_there_with_its_recording(north):
    maya = Patient.objects.get(given_name="Maya")
    newest = TherapySession.objects.filter(patient=maya).latest("started_at")
    assert newest.state == "analysed"
    assert timedelta(0) < timezone.now() - newest.started_at < timedelta(days=2)
    sets = ExerciseSet.objects.filter(session=newest)
    assert sets.count() == 5
    assert Recording.objects.filter(exercise_set__in=sets).count() == 5
    assert not TherapySession.objects.filter(patient=maya, state__in=["planned", "live"]).exists()
    assert len(today_plan(maya).left) == 3


def test_a_stored_recording_scores_as_it_was_stored(north):
    recording = Recording.objects.select_related("exercise_set__exercise_version").first()
    before = [row.classification for row in recording.exercise_set.repetitions.order_by("index")]
    after = reanalyse_set(recording.exercise_set_id)
    assert [row.classification for row in after.repetitions.order_by("index")] == before


def test_sensor_data_are_there_and_marked_as_simulated(north):
    maya = Patient.objects.get(given_name="Maya")
    recordings = Recording.objects.filter(patient=maya, exercise_set=None)
    assert {one.activity for one in recordings} >= {"walk", "tug", "chair_stand_30s"}
    assert all(one.simulated and one.state == "analysed" and one.has_file for one in recordings)
    assert set(MovementMeasure.objects.values_list("origin", flat=True)) == {"simulated", "timed"}
    assert all(day.quality["simulated"] for day in MovementDay.objects.all())
    walk = WalkingBout.objects.filter(patient=maya).latest("started_at")
    told = MovementMeasure.objects.get(patient=maya, code="walking_speed_m_s", day=walk.started_at.date())
    assert told.value == pytest.approx(walk.walking_speed_m_s)
    assert len(read_signal(walk.recording.file_key)) > 3000


def test_a_reset_takes_the_sensor_files_away(north):
    keys = list(Recording.objects.exclude(file_key="").values_list("file_key", flat=True))
    with override_settings(DEMO=True):
        delete_sensor_files()
    assert keys
    assert not any(motion_storage().exists(key) for key in keys)


def test_a_second_run_adds_nothing(north, settings, capsys):
    settings.DEMO = True
    before = TherapySession.objects.count()
    call_command("seed_demo", "--small")
    assert "therapist@north.demo" in capsys.readouterr().out
    assert TherapySession.objects.count() == before


def test_the_notes_of_the_cast_are_told_with_their_demo(north):
    drafted = VisitNote.objects.select_related("patient").get(drafted_by_rules=True)
    assert drafted.patient.full_name == "Thomas Okafor"
    assert drafted.bases.filter(kind="repetition").exists()
    assert set(VisitNote.objects.values_list("status", flat=True)) == {"draft", "awaiting", "signed"}
    last = VisitNote.objects.filter(patient=drafted.patient, status="signed").latest("signed_at")
    assert last.signed_at < drafted.created_at <= timezone.now()
