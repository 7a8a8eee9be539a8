"""Every page about patients: the right person, the colleague, the stranger, the signed-out."""

from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from clinic.models import Membership
from patients.models import Alert, Message, PainReport, Patient
from tests.factories.patients import Ward, make_alert, make_patient

PATIENT_PAGES = ["today", "pain", "stop", "messages", "privacy"]
RECORD_PAGES = ["patient", "edit_patient", "patient_messages", "care_team", "invite"]


def at(name: str, *args: object) -> str:
    return reverse(f"patients:{name}", args=["north", *args])


@pytest.mark.parametrize("page", PATIENT_PAGES)
def test_a_patient_opens_their_own_pages(ward: Ward, sign_in, page: str) -> None:
    assert sign_in(ward.people.paul).get(at(page)).status_code == 200


@pytest.mark.parametrize("page", PATIENT_PAGES)
def test_staff_have_no_patient_pages(ward: Ward, sign_in, page: str) -> None:
    assert sign_in(ward.people.nora).get(at(page)).status_code == 403


@pytest.mark.parametrize("page", [*PATIENT_PAGES, "caseload", "new_patient"])
def test_another_clinic_gets_404(ward: Ward, sign_in, page: str) -> None:
    assert sign_in(ward.people.sam).get(at(page)).status_code == 404
    assert sign_in(ward.people.sid).get(at(page)).status_code == 404


@pytest.mark.parametrize("page", [*PATIENT_PAGES, "caseload", "new_patient"])
def test_signed_out_goes_to_sign_in(ward: Ward, page: str) -> None:
    answer = Client().get(at(page))
    assert answer.status_code == 302
    assert "/accounts/login/" in answer["Location"]


@pytest.mark.parametrize("page", RECORD_PAGES)
@pytest.mark.parametrize(
    ("who", "status"),
    [("nora", 200), ("ash", 200), ("ola", 403), ("paul", 403), ("petra", 403), ("sam", 404), ("sid", 404)],
)
def test_who_opens_a_record(ward: Ward, sign_in, page: str, who: str, status: int) -> None:
    member: Membership = getattr(ward.people, who)
    answer = sign_in(member).get(at(page, ward.paul.ref))
    assert answer.status_code == status
    if status != 200:
        assert b"Ellsworth" not in answer.content


@pytest.mark.parametrize("page", RECORD_PAGES)
def test_a_record_is_closed_to_the_signed_out(ward: Ward, page: str) -> None:
    assert Client().get(at(page, ward.paul.ref)).status_code == 302


def test_an_admin_not_on_the_team_has_no_clinical_pages(ward: Ward, sign_in) -> None:
    assert sign_in(ward.people.ada).get(at("patient", ward.paul.ref)).status_code == 403


def test_an_unknown_patient_is_not_found(ward: Ward, sign_in) -> None:
    assert sign_in(ward.people.nora).get(at("patient", uuid4())).status_code == 404


def test_another_clinics_reference_is_not_found(ward: Ward, sign_in) -> None:
    assert sign_in(ward.people.nora).get(at("patient", ward.sid.ref)).status_code == 404


def test_a_therapist_writes_down_a_patient_and_is_their_care_team(
    ward: Ward, sign_in, at_north: Ward
) -> None:
    data = {"given_name": "Rosa", "family_name": "Lind", "sex": "female", "title": "Stiff hip"}
    data |= {"body_region": "hip", "laterality": "left", "phone": "+44 20 7946 0000"}
    answer = sign_in(ward.people.nora).post(at("new_patient"), data)
    made = Patient.objects.get(family_key="lind")
    assert answer["Location"] == at("patient", made.ref)
    assert [place.membership for place in made.care_team.all()] == [ward.people.nora]
    assert made.episodes.get().title == "Stiff hip"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("given_name", ""),
        ("given_name", "x" * 101),
        ("birth_date", "2200-01-01"),
        ("birth_date", "nonsense"),
        ("phone", "<script>"),
        ("time_zone", "Mars/Olympus"),
        ("title", ""),
        ("precautions", "x" * 2001),
    ],
)
def test_bad_input_makes_no_patient(ward: Ward, sign_in, at_north: Ward, field: str, value: str) -> None:
    before = Patient.objects.count()
    data = {"given_name": "Rosa", "family_name": "Lind", "sex": "female", "title": "Stiff hip"}
    data |= {"body_region": "hip", "laterality": "left", field: value}
    answer = sign_in(ward.people.nora).post(at("new_patient"), data)
    assert answer.status_code == 400
    assert Patient.objects.count() == before


def test_patients_write_down_nobody(ward: Ward, sign_in) -> None:
    assert sign_in(ward.people.paul).post(at("new_patient"), {}).status_code == 403


@pytest.mark.parametrize("value", ["11", "-1", "nan", "", "7.5", "x" * 500])
def test_bad_pain_is_refused(ward: Ward, sign_in, at_north: Ward, value: str) -> None:
    answer = sign_in(ward.people.paul).post(at("pain"), {"value": value, "moment": "after"})
    assert answer.status_code == 400
    assert not PainReport.objects.exists()


def test_pain_over_the_limit_tells_the_therapist(ward: Ward, sign_in, at_north: Ward) -> None:
    answer = sign_in(ward.people.paul).post(at("pain"), {"value": "7", "moment": "after"}, follow=True)
    assert b"We told your therapist" in answer.content
    assert Alert.objects.get().rule_id == "pain_over_limit"


def test_stop_is_answered_stored_and_shown_to_the_therapist(ward: Ward, sign_in, at_north: Ward) -> None:
    paul = sign_in(ward.people.paul)
    answer = paul.post(at("stop"), {"ticked": ["faint"], "words": "all went dark"}, follow=True)
    assert b"Stop now. Call 999." in answer.content
    alert = Alert.objects.get()
    assert (alert.severity, alert.rule_id, alert.answers["words"]) == (
        "emergency",
        "cardiac",
        "all went dark",
    )
    assert b"No exercise for now" in paul.get(at("today")).content
    caseload = sign_in(ward.people.nora).get(at("caseload"))
    assert caseload.context["rows"][0][0].patient == ward.paul


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"ticked": "none_of_these"},
        {"ticked": "made_up"},
        {"words": "x" * 5000},
        {"words": "\x00"},
        {"session": "broken"},
    ],
)
def test_stop_is_never_refused(ward: Ward, sign_in, at_north: Ward, data: dict[str, str]) -> None:
    answer = sign_in(ward.people.paul).post(at("stop"), data, follow=True)
    assert answer.status_code == 200
    assert b"We told your therapist" in answer.content
    assert Alert.objects.count() == 1


def test_the_answer_to_stop_is_the_patients_own(ward: Ward, sign_in) -> None:
    answer = sign_in(ward.people.paul).post(at("stop"), {"ticked": "faint"})
    assert sign_in(ward.people.paul).get(answer["Location"]).status_code == 200
    assert sign_in(ward.people.petra).get(answer["Location"]).status_code == 404


@pytest.mark.parametrize(
    ("who", "status"), [("nora", 200), ("ash", 200), ("ola", 403), ("paul", 403), ("sam", 404)]
)
def test_who_opens_an_alert(ward: Ward, sign_in, who: str, status: int) -> None:
    alert = make_alert(ward.paul)
    assert sign_in(getattr(ward.people, who)).get(at("alert", alert.ref)).status_code == status


@pytest.mark.parametrize(
    ("who", "status"), [("nora", 302), ("ash", 302), ("ola", 403), ("ada", 403), ("sam", 404)]
)
def test_who_acknowledges_an_alert(ward: Ward, sign_in, at_north: Ward, who: str, status: int) -> None:
    alert = make_alert(ward.paul)
    member = getattr(ward.people, who)
    assert sign_in(member).post(at("acknowledge_alert", alert.ref)).status_code == status
    alert.refresh_from_db()
    assert alert.acknowledged_by == (member if status == 302 else None)


@pytest.mark.parametrize(("who", "status"), [("nora", 302), ("ash", 403), ("ola", 403), ("sam", 404)])
def test_who_closes_an_alert(ward: Ward, sign_in, at_north: Ward, who: str, status: int) -> None:
    alert = make_alert(ward.paul)
    answer = sign_in(getattr(ward.people, who)).post(
        at("close_alert", alert.ref), {"outcome": "Called. Fine."}
    )
    assert answer.status_code == status
    alert.refresh_from_db()
    assert alert.state == ("closed" if status == 302 else "open")


def test_an_alert_is_not_closed_without_an_outcome(ward: Ward, sign_in, at_north: Ward) -> None:
    alert = make_alert(ward.paul)
    answer = sign_in(ward.people.nora).post(at("close_alert", alert.ref), {"outcome": " "})
    assert answer.status_code == 400
    alert.refresh_from_db()
    assert alert.state == "open"


def test_messages_go_both_ways(ward: Ward, sign_in, at_north: Ward) -> None:
    sign_in(ward.people.paul).post(at("messages"), {"body": "My knee is sore."})
    nora = sign_in(ward.people.nora)
    assert b"My knee is sore." in nora.get(at("patient_messages", ward.paul.ref)).content
    nora.post(at("patient_messages", ward.paul.ref), {"body": "Rest today."})
    assert b"Rest today." in sign_in(ward.people.paul).get(at("today")).content
    assert [message.from_patient for message in Message.objects.order_by("created_at")] == [True, False]


@pytest.mark.parametrize("body", ["", "   ", "x" * 4001])
def test_bad_messages_are_refused(ward: Ward, sign_in, at_north: Ward, body: str) -> None:
    assert sign_in(ward.people.paul).post(at("messages"), {"body": body}).status_code == 400
    assert not Message.objects.exists()


def test_a_colleague_is_added_and_then_opens_the_record(ward: Ward, sign_in) -> None:
    nora = sign_in(ward.people.nora)
    nora.post(at("care_team", ward.paul.ref), {"member": ward.people.ola.ref})
    assert sign_in(ward.people.ola).get(at("patient", ward.paul.ref)).status_code == 200


@pytest.mark.parametrize("who", ["sam", "paul", "nora"])
def test_nobody_else_can_be_added(ward: Ward, sign_in, who: str) -> None:
    member = getattr(ward.people, who)
    answer = sign_in(ward.people.nora).post(at("care_team", ward.paul.ref), {"member": member.ref})
    assert answer.status_code == 400


def test_the_last_of_the_care_team_stays(ward: Ward, sign_in, at_north: Ward) -> None:
    place = ward.petra.care_team.get()
    answer = sign_in(ward.people.nora).post(at("leave_care_team", ward.petra.ref, place.ref))
    assert answer.status_code == 409


def test_a_patient_is_invited_by_link_and_gets_their_record(ward: Ward, sign_in, at_north: Ward) -> None:
    rosa = make_patient(ward.people.north, care_team=[ward.people.nora], given_name="Rosa")
    page = sign_in(ward.people.nora).post(at("invite", rosa.ref), {"email": "rosa@example.org"})
    link = page.context["link"]
    newcomer = Client()
    newcomer.post(link, {"password": "four-yellow-boats", "again": "four-yellow-boats"})
    rosa.refresh_from_db()
    assert rosa.membership is not None
    assert newcomer.get(at("today")).context["patient"] == rosa


def test_a_patient_who_can_sign_in_is_not_invited_again(ward: Ward, sign_in) -> None:
    page = sign_in(ward.people.nora).post(at("invite", ward.paul.ref), {"email": "other@example.org"})
    assert page.status_code == 400


def test_consent_is_given_and_taken_back(ward: Ward, sign_in, at_north: Ward) -> None:
    paul = sign_in(ward.people.paul)
    paul.post(at("change_consent", "live_view"), {"allow": "yes"})
    assert ward.paul.consents.get().withdrawn_at is None
    paul.post(at("change_consent", "live_view"), {"allow": "no"})
    assert ward.paul.consents.get().withdrawn_at is not None
    assert paul.post(at("change_consent", "everything"), {"allow": "yes"}).status_code == 400


def test_the_patient_sees_who_looked(ward: Ward, sign_in) -> None:
    sign_in(ward.people.nora).get(at("patient", ward.paul.ref))
    sign_in(ward.people.ola).get(at("patient", ward.paul.ref))
    looks = sign_in(ward.people.paul).get(at("privacy")).context["looks"]
    assert [(look.who, look.did) for look in looks] == [
        ("Ola", "tried to open your record and was refused"),
        ("Nora", "opened your record"),
    ]


def test_a_hold_is_lifted_by_a_therapist_with_a_reason(ward: Ward, sign_in, at_north: Ward) -> None:
    sign_in(ward.people.paul).post(at("stop"), {"ticked": "faint"})
    lift = at("lift_hold", ward.paul.ref)
    assert sign_in(ward.people.ash).post(lift, {"outcome": "Fine"}).status_code == 403
    assert sign_in(ward.people.nora).post(lift, {"outcome": ""}).status_code == 400
    assert sign_in(ward.people.nora).post(lift, {"outcome": "Seen by the doctor, fine."}).status_code == 302
    assert b"No exercise for now" not in sign_in(ward.people.paul).get(at("today")).content
