"""The API of patients: who gets what, and what is refused."""

import json

import pytest
from django.test import Client

from patients.models import Alert, Message, PainReport
from tests.factories.patients import Ward, make_alert

API = "/c/north/api"


def post(client: Client, address: str, data: object) -> object:
    return client.post(address, json.dumps(data), content_type="application/json")


def addresses(ward: Ward) -> list[str]:
    ref = ward.paul.ref
    return [
        f"{API}/patients/{ref}/",
        f"{API}/patients/{ref}/pain-reports/",
        f"{API}/patients/{ref}/messages/",
    ]


@pytest.mark.parametrize(
    ("who", "status"),
    [("nora", 200), ("ash", 200), ("paul", 200), ("ola", 403), ("ada", 403), ("petra", 404), ("sam", 404)],
)
def test_who_reads_a_patient(ward: Ward, sign_in, who: str, status: int) -> None:
    client = sign_in(getattr(ward.people, who))
    answers = [client.get(address) for address in addresses(ward)]
    assert [answer.status_code for answer in answers] == [status] * 3
    if status != 200:
        assert b"Ellsworth" not in b"".join(answer.content for answer in answers)


def test_signed_out_gets_401(ward: Ward) -> None:
    assert [Client().get(address).status_code for address in addresses(ward)] == [401] * 3


def test_lists_hold_only_the_callers_patients(ward: Ward, sign_in) -> None:
    def listed(who: str) -> list[str]:
        answer = sign_in(getattr(ward.people, who)).get(f"{API}/patients/")
        return sorted(row["given_name"] for row in answer.json()["results"])

    assert listed("nora") == ["Paul", "Petra"]
    assert listed("ola") == []
    assert listed("paul") == ["Paul"]


def test_names_are_searched_by_post(ward: Ward, sign_in) -> None:
    def found(who: str, data: object) -> list[str]:
        answer = post(sign_in(getattr(ward.people, who)), f"{API}/patients/search/", data)
        return [row["given_name"] for row in answer.json()["results"]]

    assert found("nora", {"q": "quill"}) == ["Petra"]
    assert found("ola", {"q": "quill"}) == []
    assert post(sign_in(ward.people.paul), f"{API}/patients/search/", {"q": "quill"}).status_code == 403
    assert post(sign_in(ward.people.sam), f"{API}/patients/search/", {"q": "quill"}).status_code == 404
    assert post(sign_in(ward.people.nora), f"{API}/patients/search/", {}).status_code == 400


def test_a_patient_does_not_see_the_teams_reasons(ward: Ward, sign_in) -> None:
    make_alert(ward.paul)
    own = sign_in(ward.people.paul).get(f"{API}/patients/{ward.paul.ref}/").json()
    assert "reasons" not in own
    seen = sign_in(ward.people.nora).get(f"{API}/patients/{ward.paul.ref}/").json()
    assert seen["reasons"][0]["code"] == "alert_open"


@pytest.mark.parametrize("value", [11, -1, 2.5, "NaN", None, "x" * 1000])
def test_bad_pain_is_refused(ward: Ward, sign_in, at_north: Ward, value: object) -> None:
    address = f"{API}/patients/{ward.paul.ref}/pain-reports/"
    assert post(sign_in(ward.people.paul), address, {"value": value, "moment": "after"}).status_code == 400
    assert not PainReport.objects.exists()


@pytest.mark.parametrize(
    ("who", "status"), [("paul", 201), ("nora", 201), ("ola", 403), ("petra", 404), ("sam", 404)]
)
def test_who_writes_pain_and_messages(ward: Ward, sign_in, at_north: Ward, who: str, status: int) -> None:
    client = sign_in(getattr(ward.people, who))
    base = f"{API}/patients/{ward.paul.ref}"
    assert post(client, f"{base}/pain-reports/", {"value": 3, "moment": "after"}).status_code == status
    assert post(client, f"{base}/messages/", {"body": "Hello"}).status_code == status
    assert (PainReport.objects.count(), Message.objects.count()) == ((1, 1) if status == 201 else (0, 0))


@pytest.mark.parametrize("body", ["", "x" * 4001, "\x00", None])
def test_bad_messages_are_refused(ward: Ward, sign_in, body: object) -> None:
    address = f"{API}/patients/{ward.paul.ref}/messages/"
    assert post(sign_in(ward.people.paul), address, {"body": body}).status_code == 400


@pytest.mark.parametrize(
    ("who", "seen", "closed"),
    [("nora", 200, 200), ("ash", 200, 403), ("ola", 403, 403), ("paul", 403, 403), ("sam", 404, 404)],
)
def test_who_handles_alerts(ward: Ward, sign_in, at_north: Ward, who: str, seen: int, closed: int) -> None:
    alert = make_alert(ward.paul)
    client = sign_in(getattr(ward.people, who))
    assert client.get(f"{API}/alerts/{alert.ref}/").status_code == seen
    assert post(client, f"{API}/alerts/{alert.ref}/acknowledge/", {}).status_code == seen
    assert post(client, f"{API}/alerts/{alert.ref}/close/", {"outcome": "Called."}).status_code == closed
    alert.refresh_from_db()
    assert (alert.state == "closed") is (closed == 200)


def test_the_alert_list_is_the_care_teams(ward: Ward, sign_in) -> None:
    make_alert(ward.paul)
    assert len(sign_in(ward.people.nora).get(f"{API}/alerts/").json()["results"]) == 1
    assert sign_in(ward.people.ola).get(f"{API}/alerts/").json()["results"] == []


@pytest.mark.parametrize(
    "data",
    [
        {},
        [],
        {"ticked": "faint"},
        {"ticked": [1, None]},
        {"words": None},
        {"session_ref": "no"},
        {"words": "\x00"},
    ],
)
def test_stop_is_never_refused(ward: Ward, sign_in, at_north: Ward, data: object) -> None:
    answer = post(sign_in(ward.people.paul), f"{API}/stop/", data)
    assert answer.status_code == 201
    assert Alert.objects.count() == 1


def test_stop_answers_with_the_fixed_text(ward: Ward, sign_in) -> None:
    answer = post(sign_in(ward.people.paul), f"{API}/stop/", {"ticked": ["faint"]}).json()
    assert (answer["heading"], answer["emergency_number"]) == ("Stop now. Call 999.", "999")


@pytest.mark.parametrize(("who", "status"), [("nora", 403), ("sam", 404)])
def test_only_patients_stop(ward: Ward, sign_in, who: str, status: int) -> None:
    assert post(sign_in(getattr(ward.people, who)), f"{API}/stop/", {}).status_code == status
