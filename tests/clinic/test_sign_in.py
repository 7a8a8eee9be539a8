"""Signing in, failing to, being invited, leaving."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from clinic.audit.models import AuditEvent
from clinic.errors import Conflict, Invalid, NotFound
from clinic.events import invitation_accepted
from clinic.models import Invitation, Membership, User
from clinic.services import accept_invitation, invite, revoke_invitation, token_hash
from clinic.tenancy.scope import clinic_scope, platform_scope
from tests.factories.clinic import PASSWORD, make_invitation

LOGIN = "/accounts/login/"


def actions(clinic=None) -> list[str]:
    with clinic_scope(clinic.pk) if clinic else platform_scope():
        return list(AuditEvent.objects.order_by("sequence").values_list("action", flat=True))


def sign_in(client: Client, email: str, password: str = PASSWORD):
    return client.post(LOGIN, {"login": email, "password": password})


@pytest.fixture(autouse=True)
def empty_cache():
    from django.core.cache import cache

    cache.clear()


def test_signing_in_by_email_whatever_the_capitals(people):
    client = Client()
    answer = sign_in(client, "NORA@example.org")
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert client.get("/c/north/api/me/").status_code == 200
    assert actions(people.north) == actions() == ["sign_in"]
    assert actions(people.south) == []


def test_sign_in_says_from_where_and_who(people):
    Client(REMOTE_ADDR="192.0.2.7", HTTP_X_FORWARDED_FOR="6.6.6.6").post(
        LOGIN, {"login": "bea@example.org", "password": PASSWORD}
    )
    for clinic, member in ((people.north, people.bea_north), (people.south, people.bea_south)):
        with clinic_scope(clinic.pk):
            event = AuditEvent.objects.get(action="sign_in")
        assert (event.address, event.actor_membership_id) == ("192.0.2.7", member.pk)


def test_signing_out_is_audited(people):
    client = Client()
    sign_in(client, "nora@example.org")
    client.post("/accounts/logout/")
    assert actions(people.north) == ["sign_in", "sign_out"]
    assert client.get("/c/north/api/me/").status_code == 401


def test_wrong_password_and_unknown_address_look_the_same(people):
    def words(email: str) -> str:
        page = sign_in(Client(), email, "wrong-password").content.decode()
        return re.sub(r'[A-Za-z0-9]{64}|value="[^"]*"', "", page)

    assert words("nora@example.org") == words("nobody@example.org")
    assert actions() == ["sign_in_failed", "sign_in_failed"]
    assert actions(people.north) == ["sign_in_failed"]


def test_the_password_and_address_that_were_tried_are_not_kept(people):
    sign_in(Client(), "my-secret-password@example.org", "wrong-password")
    with platform_scope():
        event = AuditEvent.objects.get()
    assert "secret" not in str(event.__dict__) and "wrong" not in str(event.__dict__)


def test_five_failed_tries_lock_the_door(people):
    client = Client()
    answers = [sign_in(client, "nora@example.org", f"wrong-{n}") for n in range(5)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 200, 429]
    assert "locked this sign-in for 15 minutes" in answers[-1].content.decode()
    assert sign_in(client, "Nora@example.org").status_code == 429
    assert sign_in(client, "ola@example.org").status_code == 302
    assert sorted(actions(people.north)[:6]) == ["denied"] + ["sign_in_failed"] * 5


def test_sign_up_is_closed(people):
    count = User.objects.count()
    for answer in (
        Client().get("/accounts/signup/"),
        Client().post(
            "/accounts/signup/", {"email": "x@example.org", "password1": PASSWORD, "password2": PASSWORD}
        ),
    ):
        assert "by invitation" in answer.content.decode()
    assert User.objects.count() == count


def test_password_reset_sends_a_link_to_known_addresses_only(people):
    for email in ("nora@example.org", "nobody@example.org"):
        assert (
            Client().post("/accounts/password/reset/", {"email": email})["Location"]
            == "/accounts/password/reset/done/"
        )
    letters = [letter for letter in mail.outbox if "nora@example.org" in letter.to]
    link = re.search(r"/accounts/password/reset/key/\S+", letters[0].body).group()
    client = Client()
    form = client.get(link, follow=True)
    new = "five-new-blue-chairs"
    client.post(form.redirect_chain[-1][0], {"password1": new, "password2": new})
    assert sign_in(Client(), "nora@example.org", new).status_code == 302


@pytest.mark.parametrize(
    "page", ["/accounts/password/change/", "/accounts/2fa/", "/accounts/logout/", "/accounts/email/"]
)
def test_account_pages_wear_our_clothes(people, page):
    client = Client()
    sign_in(client, "nora@example.org")
    answer = client.get(page, follow=True)
    assert answer.status_code == 200 and 'id="main"' in answer.content.decode()
    assert "<script>" not in answer.content.decode() and " style=" not in answer.content.decode()


def test_the_address_cannot_be_changed_by_oneself(people):
    client = Client()
    sign_in(client, "nora@example.org")
    answer = client.post("/accounts/email/", {"email": "new@example.org", "action_add": "1"})
    people.nora.user.refresh_from_db()
    assert (answer.status_code, people.nora.user.email, mail.outbox) == (403, "nora@example.org", [])


def test_a_second_step_can_be_switched_on(people):
    client = Client()
    sign_in(client, "nora@example.org")
    page = client.get("/accounts/2fa/totp/activate/", follow=True)
    page = client.post(page.redirect_chain[-1][0], {"password": PASSWORD}, follow=True)
    assert 'name="code"' in page.content.decode() and "data:image/svg+xml" in page.content.decode()


# Invitations


@pytest.fixture
def issued(people):
    with clinic_scope(people.north.pk):
        return invite("New@Example.org", role="therapist", display_name=" Nina ", by=people.ada)


def link(issued, slug: str = "north") -> str:
    return f"/join/{slug}/{issued.token}/"


def test_only_the_tokens_hash_is_stored(people, issued):
    with clinic_scope(people.north.pk):
        row = Invitation.objects.get()
    assert (row.email, row.display_name) == ("new@example.org", "Nina")
    assert row.token_hash == token_hash(issued.token) and issued.token not in str(row.__dict__)
    assert actions(people.north) == ["create"]


def test_a_newcomer_chooses_a_password_and_is_in(people, issued):
    client = Client()
    assert "Join North Physiotherapy" in client.get(link(issued)).content.decode()
    answer = client.post(link(issued), {"password": PASSWORD, "again": PASSWORD})
    assert answer["Location"] == "/c/north/"
    me = client.get("/c/north/api/me/").json()
    assert (me["role"], me["display_name"]) == ("therapist", "Nina")
    assert actions(people.north) == ["create", "join", "sign_in"]


@pytest.mark.parametrize(
    ("password", "again", "words"),
    [
        ("short", "short", "too short"),
        ("1234567890123", "1234567890123", "entirely numeric"),
        (PASSWORD, "other", "not the same"),
    ],
)
def test_weak_passwords_are_refused(people, issued, password, again, words):
    answer = Client().post(link(issued), {"password": password, "again": again})
    assert words in answer.content.decode()
    assert not User.objects.filter(email="new@example.org").exists()


def test_a_link_works_once(people, issued):
    Client().post(link(issued), {"password": PASSWORD, "again": PASSWORD})
    assert Client().get(link(issued)).status_code == 404
    assert Client().post(link(issued), {"password": PASSWORD, "again": PASSWORD}).status_code == 404


def test_old_taken_back_and_foreign_links_do_not_work(people, issued):
    assert Client().get(link(issued, "south")).status_code == 404
    assert Client().get("/join/nowhere/token/").status_code == 404
    assert Client().get("/join/north/guess/").status_code == 404
    with clinic_scope(people.north.pk):
        Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert Client().get(link(issued)).status_code == 404
    with clinic_scope(people.north.pk):
        again = invite("new@example.org", role="therapist", display_name="Nina", by=people.ada)
        revoke_invitation(again.invitation)
    assert Client().get(link(again)).status_code == 404


def test_a_second_invitation_ends_the_first(people, issued):
    with clinic_scope(people.north.pk):
        second = invite("new@example.org", role="assistant", display_name="Nina", by=people.ada)
    assert Client().get(link(issued)).status_code == 404
    assert Client().get(link(second)).status_code == 200


def test_somebody_with_a_login_signs_in_first_and_belongs_to_two_clinics(people):
    with clinic_scope(people.north.pk):
        issued = invite("sam@example.org", role="therapist", display_name="Sam", by=people.ada)
    client = Client()
    assert client.get(link(issued))["Location"].startswith("/accounts/login/?next=/join/north/")
    client.force_login(people.nora.user)
    assert client.get(link(issued)).status_code == 403
    client.force_login(people.sam.user)
    assert client.get(link(issued)).status_code == 200
    assert client.post(link(issued))["Location"] == "/c/north/"
    assert {client.get(f"/c/{slug}/api/me/").status_code for slug in ("north", "south")} == {200}


def test_an_invitation_cannot_take_over_a_login(people):
    with clinic_scope(people.north.pk):
        issued = invite("sam@example.org", role="therapist", display_name="Sam", by=people.ada)
    Client().post(link(issued), {"password": "a-new-password-here", "again": "a-new-password-here"})
    assert people.sam.user.check_password(PASSWORD)
    people.sam.user.refresh_from_db()
    assert people.sam.user.check_password(PASSWORD)


def test_members_and_unknown_roles_are_not_invited(people):
    with clinic_scope(people.north.pk):
        with pytest.raises(Conflict):
            invite("nora@example.org", role="therapist", display_name="Nora", by=people.ada)
        with pytest.raises(Invalid):
            invite("x@example.org", role="king", display_name="X", by=people.ada)
        with pytest.raises(NotFound):
            accept_invitation(make_invitation(by=people.ada), user=people.sam.user)


def test_a_closed_member_can_be_invited_again(people):
    with clinic_scope(people.north.pk):
        Membership.objects.filter(pk=people.ola.pk).update(is_active=False)
        issued = invite("ola@example.org", role="assistant", display_name="Ola", by=people.ada)
        member = accept_invitation(issued.invitation, user=people.ola.user)
    assert (member.pk, member.role, member.is_active) == (people.ola.pk, "assistant", True)


def test_the_patients_app_hears_who_accepted_and_can_stop_it(people):
    heard = []

    def receive(sender, invitation, membership, **kwargs):
        heard.append((invitation.patient_ref, membership.role))
        if len(heard) > 1:
            raise Conflict

    invitation_accepted.connect(receive)
    ref = people.nora.ref
    try:
        with clinic_scope(people.north.pk):
            first = invite(
                "p1@example.org", role="patient", display_name="P", by=people.nora, patient_ref=ref
            )
        Client().post(link(first), {"password": PASSWORD, "again": PASSWORD})
        with clinic_scope(people.north.pk):
            second = invite(
                "p2@example.org", role="patient", display_name="P", by=people.nora, patient_ref=ref
            )
        Client().post(link(second), {"password": PASSWORD, "again": PASSWORD})
    finally:
        invitation_accepted.disconnect(receive)
    assert heard == [(ref, "patient")] * 2
    assert User.objects.filter(email="p1@example.org").exists()
    assert not User.objects.filter(email="p2@example.org").exists()


def test_the_link_is_shown_once_to_the_admin(people):
    ada = Client()
    ada.force_login(people.ada.user)
    data = {"email": "x@example.org", "display_name": "X", "role": "therapist"}
    page = ada.post("/c/north/members/invite/", data).content.decode()
    address = re.search(r'value="http://testserver(/join/north/[^"]+)"', page).group(1)
    assert Client().get(address).status_code == 200
    assert address not in ada.get("/c/north/members/").content.decode()
    assert (
        "already"
        in ada.post("/c/north/members/invite/", {**data, "email": "nora@example.org"}).content.decode()
    )


def test_the_app_role_can_do_all_of_it(people, as_app_role):
    with as_app_role():
        ada = Client()
        assert sign_in(ada, "ada@example.org").status_code == 302
        data = {"email": "x@example.org", "display_name": "X", "role": "therapist"}
        page = ada.post("/c/north/members/invite/", data).content.decode()
        address = re.search(r'value="http://testserver(/join/north/[^"]+)"', page).group(1)
        newcomer = Client()
        assert newcomer.post(address, {"password": PASSWORD, "again": PASSWORD}).status_code == 302
        assert newcomer.get("/c/north/api/me/").status_code == 200
        for name in ("members/", "audit/", "audit/export/", "settings/"):
            assert ada.get(f"/c/north/{name}").status_code == 200
        for number in range(5):
            sign_in(Client(), "ola@example.org", f"wrong-{number}")
        assert sign_in(Client(), "ola@example.org").status_code == 429
        newcomer.post("/accounts/logout/")
    assert actions(people.north)[:4] == ["sign_in", "create", "join", "sign_in"]
    assert actions(people.north)[-1] == "sign_out"
