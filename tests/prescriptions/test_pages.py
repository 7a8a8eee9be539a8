"""Every page about plans and exercises: the right person, the colleague, the stranger, the signed-out."""

from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from patients.services import report_pain
from prescriptions import selectors
from prescriptions.models import ExerciseVersion, Prescription, ProgrammeTemplate
from tests.factories.patients import Ward
from tests.factories.prescriptions import make_library, make_prescription

PLAN_PAGES = ["prescription", "prescription_history", "print_prescription"]
LIBRARY_PAGES = ["exercises", "programmes"]


def at(name: str, *args: object) -> str:
    return reverse(f"prescriptions:{name}", args=["north", *args])


@pytest.mark.parametrize("page", PLAN_PAGES)
@pytest.mark.parametrize(
    ("who", "status"),
    [("nora", 200), ("ash", 200), ("ola", 403), ("ada", 403), ("paul", 403), ("sam", 404), ("sid", 404)],
)
def test_who_opens_a_plan(ward: Ward, sign_in, page: str, who: str, status: int) -> None:
    make_prescription(ward.paul, by=ward.people.nora)
    answer = sign_in(getattr(ward.people, who)).get(at(page, ward.paul.ref))
    assert answer.status_code == status
    if status != 200:
        assert b"Squat" not in answer.content


@pytest.mark.parametrize("page", PLAN_PAGES)
def test_plans_are_closed_to_the_signed_out(ward: Ward, page: str) -> None:
    assert Client().get(at(page, ward.paul.ref)).status_code == 302


@pytest.mark.parametrize("page", LIBRARY_PAGES)
@pytest.mark.parametrize(("who", "status"), [("nora", 200), ("ada", 200), ("paul", 403), ("sam", 404)])
def test_who_opens_the_library(ward: Ward, sign_in, page: str, who: str, status: int) -> None:
    make_library(ward.people.north)
    assert sign_in(getattr(ward.people, who)).get(at(page)).status_code == status


@pytest.mark.parametrize(
    ("who", "edit", "sign"), [("nora", 200, 302), ("ash", 403, 403), ("paul", 403, 403), ("sam", 404, 404)]
)
def test_who_edits_and_signs_exercises(ward: Ward, sign_in, who: str, edit: int, sign: int) -> None:
    make_library(ward.people.north)
    client = sign_in(getattr(ward.people, who))
    assert client.get(at("edit_exercise", "squat")).status_code == edit
    assert client.post(at("sign_exercise", "squat"), {"version": "1"}).status_code == sign


def test_a_patient_opens_their_own_exercise_only(ward: Ward, sign_in, at_north: Ward) -> None:
    plan = make_prescription(ward.paul, by=ward.people.nora, codes=("squat",))
    page = at("today_exercise", selectors.exercises_of(plan).get().ref)
    assert sign_in(ward.people.paul).get(page).status_code == 200
    assert sign_in(ward.people.petra).get(page).status_code == 404
    assert sign_in(ward.people.sid).get(page).status_code == 404
    assert sign_in(ward.people.nora).get(page).status_code == 403
    assert sign_in(ward.people.paul).get(at("handout")).status_code == 200
    assert sign_in(ward.people.petra).get(at("handout")).status_code == 404


def test_today_says_rest_after_too_much_pain_until_it_is_less(at_north: Ward, sign_in) -> None:
    make_prescription(at_north.paul, by=at_north.people.nora)
    paul, today = sign_in(at_north.people.paul), reverse("patients:today", args=["north"])
    report_pain(at_north.paul, value=6, moment="after")
    page = paul.get(today).content.decode()
    assert "Rest for today." in page and "Start today's session" not in page
    report_pain(at_north.paul, value=5, moment="after")
    page = paul.get(today).content.decode()
    assert "Rest for today." not in page and "Start today's session" in page


def test_today_shows_the_plan_in_words(ward: Ward, sign_in) -> None:
    make_prescription(ward.paul, by=ward.people.nora)
    page = sign_in(ward.people.paul).get(reverse("patients:today", args=["north"]))
    assert b"2 sets of 10, rest 30 s" in page.content
    assert b"Something is wrong" in page.content


def test_a_therapist_writes_a_plan_from_a_programme_and_changes_it(
    ward: Ward, sign_in, at_north: Ward
) -> None:
    library = make_library(ward.people.north)
    nora = sign_in(ward.people.nora)
    template = ProgrammeTemplate.objects.get(name="Shoulder: raise the arm")
    nora.post(at("use_template", ward.paul.ref), {"template": template.ref})
    plan = selectors.active_prescription(ward.paul)
    item = selectors.exercises_of(plan).first()
    prefix = f"d{item.pk}-"
    dose = {"sets": 3, "repetitions": 8, "hold_s": 0, "rest_s": 45, "days_per_week": 4, "side": "both"}
    answer = nora.post(at("change_dose", item.ref), {prefix + name: value for name, value in dose.items()})
    assert answer.status_code == 302
    item.refresh_from_db()
    assert (item.sets, item.repetitions, item.rest_s) == (3, 8, 45)
    answer = nora.post(at("add_exercise", ward.paul.ref), {"version": library["squat"].ref, **dose})
    assert answer.status_code == 302
    nora.post(at("write_note", ward.paul.ref), {"note_to_patient": "Slowly, please."})
    today = sign_in(ward.people.paul).get(reverse("patients:today", args=["north"]))
    assert b"Slowly, please." in today.content
    nora.post(at("remove_exercise", item.ref))
    assert selectors.exercises_of(plan).count() == 2
    nora.post(at("restore_exercise", item.ref))
    assert selectors.exercises_of(plan).count() == 3
    nora.post(at("end_prescription", ward.paul.ref))
    assert selectors.active_prescription(ward.paul) is None


WRITES = ["use_template", "add_exercise", "write_note", "end_prescription"]


@pytest.mark.parametrize("page", WRITES)
@pytest.mark.parametrize(("who", "status"), [("ash", 403), ("ola", 403), ("paul", 403), ("sam", 404)])
def test_only_therapists_of_the_team_prescribe(
    ward: Ward, sign_in, at_north: Ward, page: str, who: str, status: int
) -> None:
    plan = make_prescription(ward.paul, by=ward.people.nora)
    assert sign_in(getattr(ward.people, who)).post(at(page, ward.paul.ref)).status_code == status
    plan.refresh_from_db()
    assert plan.status == "active"


@pytest.mark.parametrize("page", ["change_dose", "remove_exercise", "restore_exercise"])
@pytest.mark.parametrize(("who", "status"), [("ash", 403), ("ola", 403), ("paul", 403), ("sam", 404)])
def test_only_therapists_of_the_team_change_doses(
    ward: Ward, sign_in, at_north: Ward, page: str, who: str, status: int
) -> None:
    item = selectors.exercises_of(make_prescription(ward.paul, by=ward.people.nora)).first()
    assert sign_in(getattr(ward.people, who)).post(at(page, item.ref)).status_code == status


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("sets", "11"),
        ("repetitions", "nan"),
        ("repetitions", ""),
        ("side", "middle"),
        ("patient_note", "x" * 301),
    ],
)
def test_a_bad_dose_is_refused_and_said(ward: Ward, sign_in, at_north: Ward, field: str, value: str) -> None:
    library = make_library(ward.people.north)
    data = {"version": library["squat"].ref, "sets": 2, "repetitions": 10, "hold_s": 0, "rest_s": 30}
    data |= {"days_per_week": 3, "side": "both", field: value}
    answer = sign_in(ward.people.nora).post(at("add_exercise", ward.paul.ref), data)
    assert answer.status_code == 400
    assert not Prescription.objects.exists()


def test_another_clinics_references_are_not_found(ward: Ward, sign_in) -> None:
    south = make_library(ward.people.south)["squat"]
    data = {"version": south.ref, "sets": 2, "repetitions": 10, "hold_s": 0, "rest_s": 30}
    data |= {"days_per_week": 3, "side": "both"}
    nora = sign_in(ward.people.nora)
    assert nora.post(at("add_exercise", ward.paul.ref), data).status_code == 404
    assert nora.post(at("use_template", ward.paul.ref), {"template": uuid4()}).status_code == 404


def test_a_threshold_says_in_which_view_it_holds(ward: Ward, sign_in) -> None:
    make_library(ward.people.north)
    page = sign_in(ward.people.nora).get(at("edit_exercise", "squat")).content.decode()
    assert "From the front, in degrees" in page and "From the side, in degrees" in page


def test_editing_makes_a_version_that_must_be_signed_again(ward: Ward, sign_in, at_north: Ward) -> None:
    make_library(ward.people.north)
    nora = sign_in(ward.people.nora)
    nora.post(at("sign_exercise", "squat"), {"version": "1"})
    form = nora.get(at("edit_exercise", "squat")).context["form"]
    data = {name: field.initial if field.initial is not None else "" for name, field in form.fields.items()}
    data |= dict(form.initial)
    data |= {"mild_0": "12.5", "instructions": "Bend.\n\nStand up.", "change_note": "stricter"}
    assert nora.post(at("edit_exercise", "squat"), data).status_code == 302
    version = ExerciseVersion.objects.get(exercise__code="squat", number=2)
    assert version.spec["instructions"] == ["Bend.", "Stand up."]
    assert version.spec["criteria"][0]["mild"] == 12.5
    assert version.signed_at is None
    assert nora.post(at("sign_exercise", "squat"), {"version": "1"}).status_code == 409


@pytest.mark.parametrize(
    ("field", "value"), [("mild_0", "nan"), ("mild_0", "500"), ("name", ""), ("instructions", "x\n" * 40)]
)
def test_bad_rules_are_refused(ward: Ward, sign_in, at_north: Ward, field: str, value: str) -> None:
    make_library(ward.people.north)
    nora = sign_in(ward.people.nora)
    form = nora.get(at("edit_exercise", "squat")).context["form"]
    data = {name: field.initial if field.initial is not None else "" for name, field in form.fields.items()}
    data |= dict(form.initial) | {"change_note": "x", field: value}
    assert nora.post(at("edit_exercise", "squat"), data).status_code == 400
    assert not ExerciseVersion.objects.filter(number=2).exists()


def test_programmes_are_made_and_retired(ward: Ward, sign_in, at_north: Ward) -> None:
    make_library(ward.people.north)
    nora = sign_in(ward.people.nora)
    data = {"name": "Mine", "exercise": ["squat", "bridge"]}
    assert nora.post(at("new_programme"), data).status_code == 302
    assert nora.post(at("new_programme"), data).status_code == 400
    assert nora.post(at("new_programme"), {"name": "None"}).status_code == 400
    template = ProgrammeTemplate.objects.get(name="Mine")
    assert sign_in(ward.people.ash).post(at("retire_programme", template.ref)).status_code == 403
    assert nora.post(at("retire_programme", template.ref)).status_code == 302


@pytest.mark.parametrize("page", ["prescription", "prescription_history"])
def test_queries_do_not_grow(ward: Ward, sign_in, page: str) -> None:
    nora = sign_in(ward.people.nora)
    make_prescription(ward.paul, by=ward.people.nora, codes=("squat",))
    nora.get(at(page, ward.paul.ref))
    with CaptureQueriesContext(connection) as few:
        nora.get(at(page, ward.paul.ref))
    make_prescription(ward.paul, by=ward.people.nora, codes=("squat", "bridge", "lunge"))
    with CaptureQueriesContext(connection) as many:
        nora.get(at(page, ward.paul.ref))
    assert len(many) == len(few)
