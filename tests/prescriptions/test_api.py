"""The API of plans and exercises: who gets what, and what is refused."""

import json

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from prescriptions import selectors
from prescriptions.models import Prescription
from tests.factories.patients import Ward
from tests.factories.prescriptions import make_library, make_prescription

API = "/c/north/api"


def send(client: Client, method: str, address: str, data: object) -> object:
    return client.generic(method, address, json.dumps(data), content_type="application/json")


@pytest.mark.parametrize(
    ("who", "status"),
    [("nora", 200), ("ash", 200), ("paul", 200), ("ola", 403), ("petra", 404), ("sam", 404)],
)
def test_who_reads_plans(ward: Ward, sign_in, at_north: Ward, who: str, status: int) -> None:
    plan = make_prescription(ward.paul, by=ward.people.nora)
    item = selectors.exercises_of(plan).first()
    client = sign_in(getattr(ward.people, who))
    assert client.get(f"{API}/patients/{ward.paul.ref}/prescriptions/").status_code == status
    assert client.get(f"{API}/prescribed-exercises/{item.ref}/").status_code == status


@pytest.mark.parametrize(
    ("who", "status"), [("nora", 201), ("ash", 403), ("paul", 403), ("ola", 403), ("sam", 404)]
)
def test_who_writes_plans(ward: Ward, sign_in, at_north: Ward, who: str, status: int) -> None:
    library = make_library(ward.people.north)
    data = {"exercises": [{"exercise_version": str(library["squat"].ref), "repetitions": 8}]}
    address = f"{API}/patients/{ward.paul.ref}/prescriptions/"
    answer = send(sign_in(getattr(ward.people, who)), "POST", address, data)
    assert answer.status_code == status
    assert Prescription.objects.count() == (1 if status == 201 else 0)
    if status == 201:
        assert answer.json()["exercises"][0]["words"] == "2 sets of 8, rest 30 s"


@pytest.mark.parametrize(
    ("who", "status"), [("nora", 200), ("ash", 403), ("paul", 403), ("ola", 403), ("sam", 404)]
)
def test_who_changes_doses(ward: Ward, sign_in, at_north: Ward, who: str, status: int) -> None:
    item = selectors.exercises_of(make_prescription(ward.paul, by=ward.people.nora)).first()
    client = sign_in(getattr(ward.people, who))
    answer = send(client, "PUT", f"{API}/prescribed-exercises/{item.ref}/", {"sets": 1, "reason": "pain"})
    assert answer.status_code == status
    item.refresh_from_db()
    assert item.sets == (1 if status == 200 else 2)


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"exercises": []},
        {"exercises": [{}]},
        {"exercises": [{"exercise_version": "no"}]},
        {"exercises": [{"exercise_version": "SQUAT", "sets": 11}]},
        {"exercises": [{"exercise_version": "SQUAT", "sets": "NaN"}]},
        {"exercises": [{"exercise_version": "SQUAT", "side": "left"}]},
        {"exercises": [{"exercise_version": "SQUAT", "patient_note": "x" * 301}]},
    ],
)
def test_bad_plans_are_refused(ward: Ward, sign_in, at_north: Ward, data: object) -> None:
    squat = str(make_library(ward.people.north)["squat"].ref)
    body = json.loads(json.dumps(data).replace("SQUAT", squat))
    answer = send(sign_in(ward.people.nora), "POST", f"{API}/patients/{ward.paul.ref}/prescriptions/", body)
    assert answer.status_code == 400
    assert not Prescription.objects.exists()


def test_another_clinics_version_is_not_found(ward: Ward, sign_in) -> None:
    south = make_library(ward.people.south)["squat"]
    data = {"exercises": [{"exercise_version": str(south.ref)}]}
    answer = send(sign_in(ward.people.nora), "POST", f"{API}/patients/{ward.paul.ref}/prescriptions/", data)
    assert answer.status_code == 404


def test_the_library_is_for_staff(ward: Ward, sign_in) -> None:
    make_library(ward.people.north)
    answer = sign_in(ward.people.nora).get(f"{API}/exercises/")
    assert answer.json()["count"] >= 11
    assert sign_in(ward.people.nora).get(f"{API}/exercises/squat/").json()["code"] == "squat"
    assert sign_in(ward.people.nora).get(f"{API}/exercises/nothing/").status_code == 404
    assert sign_in(ward.people.paul).get(f"{API}/exercises/").status_code == 403
    assert sign_in(ward.people.sam).get(f"{API}/exercises/").status_code == 404


def test_queries_do_not_grow(ward: Ward, sign_in) -> None:
    nora = sign_in(ward.people.nora)
    address = f"{API}/patients/{ward.paul.ref}/prescriptions/"
    make_prescription(ward.paul, by=ward.people.nora, codes=("squat",))
    nora.get(address)
    with CaptureQueriesContext(connection) as few:
        nora.get(address)
    make_prescription(ward.paul, by=ward.people.nora, codes=("squat", "bridge", "lunge"))
    with CaptureQueriesContext(connection) as many:
        nora.get(address)
    assert len(many) == len(few)
