"""Odd input on every door for people who are rightly inside: a clear answer, never a server error."""

import pytest
from django.test import Client

from tests.factories.patients import Ward, make_alert
from tests.factories.sessions import first_set, make_analysed_session, make_clinic_floor, make_session

NUL = "%00"
MANY_DIGITS = "9" * 5000
BEYOND_BIGINT = "9" * 30
DEEP = "[" * 100_000
SHALLOW_ENOUGH_TO_BE_SHORT = "[" * 4000


def signed_in(member) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(member.user)
    return client


@pytest.fixture
def ward(db: None) -> Ward:
    return make_clinic_floor()


STAFF_QUERIES = [
    f"caseload/?q={NUL}",
    "caseload/?q=%ff%fe%ed%a0%80",
    f"caseload/?page={MANY_DIGITS}",
    f"caseload/?page={BEYOND_BIGINT}",
    "caseload/?page=²",
    f"api/patients/?q={NUL}",
    f"api/patients/?offset={BEYOND_BIGINT}",
    f"api/patients/?limit={BEYOND_BIGINT}",
    f"api/patients/?offset={MANY_DIGITS}",
    f"api/alerts/?offset={BEYOND_BIGINT}",
    f"api/sessions/?offset={BEYOND_BIGINT}&ordering={NUL}",
    f"api/exercises/?offset={BEYOND_BIGINT}",
    f"exercises/?region={NUL}",
    f"exercises/squat/?version={NUL}",
    f"exercises/{NUL}/",
    "patients/{paul}/?show=%00",
    f"patients/{NUL}/",
]
ADMIN_QUERIES = [
    "audit/?before=²",
    f"audit/?before={BEYOND_BIGINT}",
    f"audit/?before={MANY_DIGITS}",
    "audit/?to_day=9999-12-31",
    "audit/?from_day=0001-01-01&to_day=0001-01-01",
    f"audit/?patient={NUL}",
    f"audit/?person={NUL}&action={NUL}",
    "audit/?person=not-a-ref",
    "audit/export/?to_day=9999-12-31",
    f"audit/export/?patient={NUL}",
]
PATIENT_QUERIES = [
    f"today/pain/?moment={NUL}",
    f"stop/?session={NUL}",
    "sets/{set}/landmarks/?as=json&from=" + MANY_DIGITS,
    "api/sets/{set}/landmarks/?as=json&from=" + MANY_DIGITS,
]


def test_no_query_of_staff_breaks_a_page(ward):
    nora = signed_in(ward.people.nora)
    broken = [
        query
        for query in STAFF_QUERIES
        if nora.get(f"/c/north/{query.replace('{paul}', str(ward.paul.ref))}").status_code >= 500
    ]
    assert broken == []


def test_no_query_of_an_admin_breaks_the_audit_page(ward):
    ada = signed_in(ward.people.ada)
    assert [query for query in ADMIN_QUERIES if ada.get(f"/c/north/{query}").status_code >= 500] == []


def test_no_query_of_a_patient_breaks_a_page(ward):
    analysed = make_analysed_session(ward.paul)
    ref = str(first_set(analysed).ref)
    paul = signed_in(ward.people.paul)
    broken = [
        query
        for query in PATIENT_QUERIES
        if paul.get(f"/c/north/{query.replace('{set}', ref)}").status_code >= 500
    ]
    assert broken == []


@pytest.mark.parametrize("body", [DEEP, SHALLOW_ENOUGH_TO_BE_SHORT, '"\\ud800"', "1e999", "NaN", "9" * 5000])
def test_no_json_breaks_an_endpoint(ward, body):
    session = make_session(ward.paul, mode="tap")
    one = first_set(session)
    paul = signed_in(ward.people.paul)
    pages = [
        f"/c/north/sessions/{session.ref}/sets/{one.ref}/tap/",
        f"/c/north/sessions/{session.ref}/sets/{one.ref}/finish/",
        f"/c/north/api/patients/{ward.paul.ref}/messages/",
        f"/c/north/api/patients/{ward.paul.ref}/pain-reports/",
    ]
    for page in pages:
        for sent in (body, f'{{"count": {body}, "value": {body}, "body": {body}, "moment": {body}}}'):
            answer = paul.post(page, sent, content_type="application/json")
            assert answer.status_code == 400, (page, sent[:40], answer.status_code)


@pytest.mark.parametrize(
    "body", [DEEP, '{"ticked": ' + DEEP, '{"words": "\\ud800\\u0000"}', "", "[]", "9" * 5000]
)
def test_stop_answers_whatever_is_sent(ward, body):
    answer = signed_in(ward.people.paul).post("/c/north/api/stop/", body, content_type="application/json")
    assert answer.status_code == 201
    assert answer.json()["sentences"]


def test_no_text_with_nul_breaks_a_form(ward):
    alert = make_alert(ward.paul)
    nora = signed_in(ward.people.nora)
    forms = {
        f"patients/{ward.paul.ref}/lift-hold/": {"outcome": "a\0b"},
        f"patients/{ward.paul.ref}/messages/": {"body": "a\0b"},
        f"patients/{ward.paul.ref}/care-team/": {"member": "a\0b", "role_note": "a\0b"},
        f"patients/{ward.paul.ref}/edit/": {"given_name": "a\0b"},
        f"patients/{ward.paul.ref}/prescription/note/": {"note_to_patient": "a\0b"},
        f"alerts/{alert.ref}/close/": {"outcome": "a\0b"},
        "exercises/squat/sign/": {"version": "a\0b"},
        "programmes/new/": {"name": "a\0b", "exercise": ["a\0b"]},
    }
    statuses = {page: nora.post(f"/c/north/{page}", data).status_code for page, data in forms.items()}
    assert {page: status for page, status in statuses.items() if status >= 500} == {}
