"""Plans and the library: what is stored, what is refused, what the patient's record hears."""

from copy import deepcopy
from datetime import UTC, date, datetime
from uuid import uuid4

import pytest
from django.db import IntegrityError

from clinic.tenancy.scope import clinic_scope
from patients.models import Patient, TimelineEntry
from prescriptions import selectors, services
from prescriptions.dose import Dose, dose_in_words, seconds_of
from prescriptions.errors import (
    AlreadySigned,
    DoseOutOfRange,
    ExerciseAlreadyInPlan,
    PlanEmpty,
    PlanEnded,
    RulesRefused,
    SideNotPossible,
    TemplateNameTaken,
    TooManyExercises,
)
from prescriptions.models import DoseChange, ExerciseVersion, Prescription, ProgrammeTemplate
from prescriptions.services import PlanLine
from tests.factories.patients import Ward, make_patient
from tests.factories.prescriptions import make_library, make_prescription

FIVE = ("squat", "bridge", "lunge", "calf_raise", "wall_slide")


def lines(library: dict[str, ExerciseVersion], *codes: str) -> list[PlanLine]:
    return [PlanLine(version=library[code], dose=Dose()) for code in codes]


def reload(patient: Patient) -> Patient:
    return Patient.objects.select_related("clinic").get(pk=patient.pk)


def test_copying_the_library_twice_changes_nothing(at_north: Ward) -> None:
    first = make_library(at_north.people.north)
    assert len(first) >= 11
    assert services.copy_library_to_clinic() == []
    assert make_library(at_north.people.north) == first
    assert all(len(template.items) <= 4 for template in ProgrammeTemplate.objects.all())


def test_a_plan_tells_the_record(at_north: Ward) -> None:
    make_prescription(at_north.paul, by=at_north.people.nora, days_per_week=5)
    patient = reload(at_north.paul)
    assert patient.planned_days_per_week == 5
    assert TimelineEntry.objects.filter(patient=patient, kind="prescription").count() == 1
    assert not patient.attention_reasons.filter(code="no_plan", resolved_at=None).exists()


def test_a_new_plan_ends_the_old(at_north: Ward) -> None:
    old = make_prescription(at_north.paul, by=at_north.people.nora)
    new = make_prescription(at_north.paul, by=at_north.people.nora, codes=("bridge",))
    old.refresh_from_db()
    assert (old.status, new.status) == ("ended", "active")
    assert selectors.active_prescription(at_north.paul) == new


def test_a_plan_needs_an_exercise(at_north: Ward) -> None:
    with pytest.raises(PlanEmpty):
        services.write_prescription(at_north.paul, [], by=at_north.people.nora)


def test_more_than_four_needs_a_tick(at_north: Ward) -> None:
    library = make_library(at_north.people.north)
    with pytest.raises(TooManyExercises):
        services.write_prescription(at_north.paul, lines(library, *FIVE), by=at_north.people.nora)
    assert not Prescription.objects.exists()
    plan = services.write_prescription(
        at_north.paul, lines(library, *FIVE), by=at_north.people.nora, more_than_four=True
    )
    assert selectors.exercises_of(plan).count() == 5


def test_adding_a_fifth_needs_a_tick_too(at_north: Ward) -> None:
    make_prescription(at_north.paul, by=at_north.people.nora, codes=FIVE[:4])
    [line] = lines(make_library(at_north.people.north), "wall_slide")
    with pytest.raises(TooManyExercises):
        services.add_exercise(at_north.paul, line, by=at_north.people.nora)
    services.add_exercise(at_north.paul, line, by=at_north.people.nora, more_than_four=True)


def test_an_exercise_is_in_a_plan_once(at_north: Ward) -> None:
    make_prescription(at_north.paul, by=at_north.people.nora, codes=("squat",))
    [line] = lines(make_library(at_north.people.north), "squat")
    with pytest.raises(ExerciseAlreadyInPlan):
        services.add_exercise(at_north.paul, line, by=at_north.people.nora)


def test_the_first_exercise_begins_a_plan(at_north: Ward) -> None:
    [line] = lines(make_library(at_north.people.north), "squat")
    services.add_exercise(at_north.paul, line, by=at_north.people.nora)
    assert selectors.active_prescription(at_north.paul) is not None


@pytest.mark.parametrize(
    "wrong",
    [
        {"sets": 0},
        {"sets": 11},
        {"repetitions": 0},
        {"repetitions": 61},
        {"hold_s": 121},
        {"rest_s": 601},
        {"days_per_week": 8},
        {"repetitions": 2.5},
        {"repetitions": float("nan")},
        {"sets": True},
    ],
)
def test_a_dose_out_of_range_is_refused(at_north: Ward, wrong: dict[str, object]) -> None:
    version = make_library(at_north.people.north)["squat"]
    with pytest.raises(DoseOutOfRange):
        services.write_prescription(
            at_north.paul,
            [PlanLine(version=version, dose=Dose(**wrong))],  # type: ignore[arg-type]
            by=at_north.people.nora,
        )


def test_a_squat_has_no_left_side(at_north: Ward) -> None:
    with pytest.raises(SideNotPossible):
        make_prescription(at_north.paul, by=at_north.people.nora, codes=("squat",), side="left")


def test_a_changed_dose_keeps_what_was_before(at_north: Ward) -> None:
    plan = make_prescription(at_north.paul, by=at_north.people.nora, codes=("squat",))
    item = selectors.exercises_of(plan).get()
    services.change_dose(item, Dose(repetitions=6), by=at_north.people.nora, reason="pain 7")
    services.change_dose(item, Dose(repetitions=6), by=at_north.people.nora)
    change = DoseChange.objects.get()
    assert (change.before["repetitions"], change.after["repetitions"], change.reason) == (10, 6, "pain 7")
    assert [line.after for line in selectors.dose_changes_in_words(at_north.paul)] == [
        "2 sets of 6, rest 30 s, 3 days a week"
    ]


def test_an_ended_plan_is_not_changed(at_north: Ward) -> None:
    plan = make_prescription(at_north.paul, by=at_north.people.nora, codes=("squat",))
    item = selectors.exercises_of(plan).get()
    services.end_prescription(plan, by=at_north.people.nora)
    assert reload(at_north.paul).planned_days_per_week == 0
    with pytest.raises(PlanEnded):
        services.change_dose(item, Dose(repetitions=6), by=at_north.people.nora)
    with pytest.raises(PlanEnded):
        services.end_prescription(plan, by=at_north.people.nora)


def test_taking_out_can_be_undone(at_north: Ward) -> None:
    plan = make_prescription(at_north.paul, by=at_north.people.nora)
    item = selectors.exercises_of(plan).first()
    services.remove_exercise(item, by=at_north.people.nora)
    assert selectors.exercises_of(plan).count() == 1
    services.restore_exercise(item, by=at_north.people.nora)
    assert selectors.exercises_of(plan).count() == 2


def test_another_clinics_version_cannot_be_prescribed(ward: Ward) -> None:
    south = make_library(ward.people.south)
    with clinic_scope(ward.people.north.pk), pytest.raises(IntegrityError):
        services.write_prescription(ward.paul, lines(south, "squat"), by=ward.people.nora)


def test_a_programme_becomes_a_plan(at_north: Ward) -> None:
    make_library(at_north.people.north)
    template = ProgrammeTemplate.objects.get(name="Knee: first strength")
    plan = services.use_template(at_north.paul, template, by=at_north.people.nora)
    assert [item.exercise.code for item in selectors.exercises_of(plan)] == [
        "sit_to_stand",
        "straight_leg_raise",
        "bridge",
    ]


def test_programme_names_are_taken_once_until_retired(at_north: Ward) -> None:
    items = [("squat", Dose())]
    made = services.write_template(name="Mine", items=items, by=at_north.people.nora)
    with pytest.raises(TemplateNameTaken):
        services.write_template(name="Mine", items=items, by=at_north.people.nora)
    services.retire_template(made)
    services.write_template(name="Mine", items=items, by=at_north.people.nora)


def test_a_new_version_leaves_plans_alone(at_north: Ward) -> None:
    plan = make_prescription(at_north.paul, by=at_north.people.nora, codes=("squat",))
    old = make_library(at_north.people.north)["squat"]
    spec = deepcopy(old.spec)
    spec["criteria"][0]["mild"] = 12
    new = services.write_exercise_version(old.exercise, spec, by=at_north.people.nora, change_note="stricter")
    assert (new.number, new.spec["version"]) == (2, 2)
    assert new.spec["validation"]["words"] == "Rules changed by this clinic. Not tested on people."
    assert selectors.exercises_of(plan).get().exercise_version == old
    assert selectors.current_version_of(old.exercise) == new


def test_new_words_keep_what_was_shown_of_the_rules(at_north: Ward) -> None:
    old = make_library(at_north.people.north)["squat"]
    new = services.write_exercise_version(old.exercise, {**old.spec, "tips": []}, by=at_north.people.nora)
    assert new.spec["validation"] == old.spec["validation"]


@pytest.mark.parametrize(
    ("spec", "words"),
    [
        ({}, ""),
        ({"experimental": True, "validation": {"words": "Untested."}}, "Experimental. Untested."),
        (
            {"validation": {"shown_to_separate": False, "words": "Tried on 6."}},
            "Not shown to separate good from poor form. Tried on 6.",
        ),
    ],
)
def test_what_must_be_said_of_an_exercise(spec: dict[str, object], words: str) -> None:
    assert selectors.caution_of(spec) == words


def test_rules_that_do_not_fit_are_refused(at_north: Ward) -> None:
    old = make_library(at_north.people.north)["squat"]
    spec = deepcopy(old.spec)
    spec["criteria"][0]["views"] = ["from_above"]
    with pytest.raises(RulesRefused):
        services.write_exercise_version(old.exercise, spec, by=at_north.people.nora)


def test_a_version_is_signed_once(at_north: Ward) -> None:
    version = make_library(at_north.people.north)["squat"]
    signed = services.sign_exercise_version(version, by=at_north.people.nora)
    assert signed.signed_by == at_north.people.nora
    with pytest.raises(AlreadySigned):
        services.sign_exercise_version(version, by=at_north.people.nora)


@pytest.mark.parametrize(
    ("code", "dose", "words"),
    [
        ("squat", Dose(), "2 sets of 10, rest 30 s"),
        ("squat", Dose(sets=1), "1 set of 10"),
        ("bridge", Dose(hold_s=5), "2 sets of 10, hold 5 s, rest 30 s"),
        ("clamshell", Dose(side="left"), "2 sets of 10, rest 30 s, left side"),
        ("clamshell", Dose(), "2 sets of 10, rest 30 s, each side"),
        ("squat", Dose(resistance="red band"), "2 sets of 10, rest 30 s, red band"),
    ],
)
def test_doses_in_words(code: str, dose: Dose, words: str) -> None:
    from prescriptions import library

    assert dose_in_words(dose, library.load(code)) == words


def test_time_counts_each_side() -> None:
    from prescriptions import library

    spec = library.load("clamshell")
    assert seconds_of(Dose(side="left"), spec) == 30 + 2 * 40 + 30
    assert seconds_of(Dose(), spec) == 30 + 4 * 40 + 3 * 30


def test_today_knows_what_is_done_and_what_is_rest(ward: Ward) -> None:
    patient = make_patient(ward.people.north, care_team=[ward.people.nora], time_zone="Pacific/Auckland")
    plan = make_prescription(patient, by=ward.people.nora, codes=("squat", "bridge"), days_per_week=1)
    monday_in_auckland = datetime(2026, 11, 15, 20, tzinfo=UTC)
    with clinic_scope(ward.people.north.pk):
        squat, bridge = selectors.exercises_of(plan)
        day = date(2026, 11, 16)
        services.record_response(squat, session_ref=uuid4(), day=day, sets_done=2, repetitions_done=20)
        today = selectors.today_plan(patient, at=monday_in_auckland)
        assert [item.is_done for item in today.exercises] == [True, False]
        assert selectors.exercises_for_today(patient, at=monday_in_auckland) == [bridge]
        services.record_response(bridge, session_ref=uuid4(), day=day, sets_done=2, repetitions_done=20)
        done = selectors.today_plan(patient, at=monday_in_auckland)
        assert (done.is_done, done.is_rest_day) == (True, False)
        tuesday = selectors.today_plan(patient, at=datetime(2026, 11, 16, 20, tzinfo=UTC))
        assert tuesday.is_rest_day
        next_week = selectors.today_plan(patient, at=datetime(2026, 11, 22, 20, tzinfo=UTC))
        assert len(next_week.left) == 2


def test_a_response_is_stored_once_per_session(at_north: Ward) -> None:
    plan = make_prescription(at_north.paul, by=at_north.people.nora, codes=("squat",))
    item = selectors.exercises_of(plan).get()
    session = uuid4()
    services.record_response(item, session_ref=session, day=date(2026, 11, 16), sets_done=1)
    services.record_response(item, session_ref=session, day=date(2026, 11, 16), sets_done=2)
    assert [response.sets_done for response in item.responses.all()] == [2]
