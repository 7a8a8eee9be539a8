"""Getting in by somebody else's door: replayed, mistyped and doubled invitations, guessed codes, fixed
sessions.
"""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.conf import settings
from django.core.cache import cache
from django.db import connections
from django.test import Client

from clinic.errors import Conflict, HouseError, NotFound
from clinic.models import Clinic, Invitation, Membership, User
from clinic.services import accept_invitation, invite, set_member_active, token_hash
from clinic.tenancy.idle import MINUTES, SEEN
from clinic.tenancy.scope import clinic_scope
from patients.models import Patient
from patients.services import invite_patient
from tests.factories.clinic import PASSWORD, make_invitation, make_user
from tests.factories.patients import make_patient
from tests.people import make_people

LOGIN = "/accounts/login/"


@pytest.fixture(autouse=True)
def empty_cache():
    cache.clear()


def invited(token: str) -> Invitation:
    return Invitation.objects.get(token_hash=token_hash(token))


def test_a_link_sent_to_a_mistyped_address_dies_with_the_next_one(people):
    patient = make_patient(people.north, care_team=[people.nora])
    with clinic_scope(people.north.pk):
        wrong = invite_patient(patient, email="wrong@example.org", by=people.nora).token
        right = invite_patient(patient, email="right@example.org", by=people.nora).token
        assert not invited(wrong).is_open
        assert invited(right).is_open
    page = f"/join/north/{wrong}/"
    assert Client().post(page, {"password": PASSWORD, "again": PASSWORD}).status_code == 404
    assert not User.objects.filter(email="wrong@example.org").exists()


def test_a_second_open_link_does_not_reopen_a_door_that_was_closed(people):
    user = make_user("twice@example.org")
    with clinic_scope(people.north.pk):
        tokens = ["first-token", "second-token"]
        for token in tokens:
            make_invitation(by=people.ada, email=user.email, token_hash=token_hash(token))
        member = accept_invitation(invited(tokens[0]), user=user)
        set_member_active(member, active=False, by=people.ada)
        with pytest.raises(NotFound):
            accept_invitation(invited(tokens[1]), user=user)
        assert not Membership.objects.get(pk=member.pk).is_active


def test_closing_a_door_closes_an_invitation_that_is_on_its_way(people):
    with clinic_scope(people.north.pk):
        make_invitation(by=people.ada, email=people.ola.user.email, token_hash=token_hash("pending"))
        set_member_active(people.ola, active=False, by=people.ada)
        with pytest.raises(NotFound):
            accept_invitation(invited("pending"), user=people.ola.user)


def test_a_therapist_cannot_turn_a_closed_colleague_into_a_patient_or_a_patient_into_staff(people):
    patient = make_patient(people.north, care_team=[people.nora])
    with clinic_scope(people.north.pk):
        set_member_active(people.ola, active=False, by=people.ada)
        token = invite_patient(patient, email=people.ola.user.email, by=people.nora).token
        with pytest.raises(Conflict):
            accept_invitation(invited(token), user=people.ola.user)
        set_member_active(people.paul, active=False, by=people.ada)
        token = invite(people.paul.user.email, role="therapist", display_name="P", by=people.ada).token
        with pytest.raises(Conflict):
            accept_invitation(invited(token), user=people.paul.user)
        assert Membership.objects.get(pk=people.ola.pk).role == "therapist"
        assert Patient.objects.get(pk=patient.pk).membership_id is None


@pytest.mark.django_db(transaction=True)
def test_one_link_followed_twice_at_the_same_moment_lets_one_person_in_once():
    people = make_people()
    patient = make_patient(people.north, care_team=[people.nora])
    with clinic_scope(people.north.pk):
        token = invite_patient(patient, email="new@example.org", by=people.nora).token

    def follow(_: int) -> int:
        try:
            answer = Client().post(f"/join/north/{token}/", {"password": PASSWORD, "again": PASSWORD})
            return answer.status_code
        except HouseError:
            return 0
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        statuses = sorted(pool.map(follow, range(4)))
    assert statuses.count(302) >= 1
    assert max(statuses) < 500
    assert User.objects.filter(email="new@example.org").count() == 1
    with clinic_scope(people.north.pk):
        assert Membership.objects.filter(user__email="new@example.org").count() == 1


def test_the_six_digits_of_a_second_step_cannot_be_guessed(people):
    TOTP.activate(people.nora.user, generate_totp_secret())
    client = Client()
    answer = client.post(LOGIN, {"login": people.nora.user.email, "password": PASSWORD})
    second_step = answer["Location"]
    for address in range(30):
        answer = client.post(second_step, {"code": "000000"}, REMOTE_ADDR=f"192.0.2.{address}")
    assert b"Too many" in answer.content
    assert client.get("/c/north/api/me/").status_code == 401


def test_a_session_planted_before_signing_in_is_worth_nothing_afterwards(people):
    planted = Client()
    planted.get(LOGIN)
    planted.session["anything"] = 1
    session = planted.session
    session["mine"] = "planted"
    session.save()
    key = session.session_key
    victim = Client()
    victim.cookies[settings.SESSION_COOKIE_NAME] = key
    victim.post(LOGIN, {"login": "nora@example.org", "password": PASSWORD})
    assert victim.get("/c/north/api/me/").status_code == 200
    assert victim.cookies[settings.SESSION_COOKIE_NAME].value != key
    attacker = Client()
    attacker.cookies[settings.SESSION_COOKIE_NAME] = key
    assert attacker.get("/c/north/api/me/").status_code == 401


@pytest.mark.parametrize(
    "target",
    ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)"],
)
def test_signing_in_leads_nowhere_else(people, target):
    answer = Client().post(
        f"{LOGIN}?next={target}", {"login": "nora@example.org", "password": PASSWORD, "next": target}
    )
    assert answer["Location"] == "/"
    client = Client()
    client.force_login(people.nora.user)
    assert client.post("/accounts/logout/", {"next": target})["Location"] == "/"


@pytest.mark.parametrize("header", ["HTTP_HOST", "HTTP_X_FORWARDED_HOST"])
def test_a_forged_host_gets_into_no_link(people, header, mailoutbox):
    Client().post("/accounts/password/reset/", {"email": "nora@example.org"}, **{header: "evil.example"})
    client = Client()
    client.force_login(people.ada.user)
    answer = client.post(
        "/c/north/members/invite/",
        {"display_name": "N", "email": "n@example.org", "role": "therapist"},
        **{header: "evil.example"},
    )
    said = answer.content.decode() + "".join(mail.body for mail in mailoutbox)
    assert "http" not in said or "evil.example" not in said


def test_a_lax_clinic_does_not_hold_the_door_of_a_strict_one_open(people):
    Clinic.objects.filter(slug="north").update(idle_logoff_minutes=2)
    Clinic.objects.filter(slug="south").update(idle_logoff_minutes=120)
    client = Client()
    client.force_login(people.bea_north.user)
    for slug in ("north", "south"):
        assert client.get(f"/c/{slug}/api/me/").status_code == 200
    session = client.session
    session[SEEN] = time.time() - 10 * 60
    session.save()
    assert client.get("/c/north/api/me/").status_code == 401


def test_a_clinic_that_allows_more_time_is_believed_at_once(people):
    Clinic.objects.filter(slug="north").update(idle_logoff_minutes=2)
    client = Client()
    client.force_login(people.nora.user)
    assert client.get("/c/north/api/me/").status_code == 200
    Clinic.objects.filter(slug="north").update(idle_logoff_minutes=30)
    assert client.get("/c/north/api/me/").status_code == 200
    assert client.session[MINUTES] == 30
