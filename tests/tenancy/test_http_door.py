"""Door 1: who gets in below /c/<clinic>/."""

import re
import time
from datetime import UTC, datetime

import pytest
from django.test import AsyncClient, Client

from clinic.audit import record
from clinic.audit.models import AuditEvent
from clinic.models import Clinic, Membership
from clinic.tenancy.idle import MINUTES, SEEN
from clinic.tenancy.scope import clinic_scope, current_clinic_id_or_none
from tests.factories.clinic import make_user

ME = "/c/north/api/me/"


def signed_in(member: Membership) -> Client:
    client = Client()
    client.force_login(member.user)
    return client


def test_a_member_gets_in_with_their_role(people):
    answer = signed_in(people.nora).get(ME)
    assert answer.status_code == 200
    body = answer.json()
    assert (body["role"], body["display_name"], body["clinic"]["slug"]) == ("therapist", "Nora", "north")
    assert current_clinic_id_or_none() is None


def test_a_person_of_two_clinics_is_in_one_at_a_time(people):
    bea = signed_in(people.bea_north)
    refs = [bea.get(f"/c/{slug}/api/me/").json()["ref"] for slug in ("north", "south")]
    assert refs == [str(people.bea_north.ref), str(people.bea_south.ref)]


def without_token(answer) -> str:
    return re.sub(r"[A-Za-z0-9]{64}", "", answer.content.decode())


@pytest.mark.parametrize("page", [ME, "/c/north/", "/c/north/members/", "/c/north/no-such-page/"])
def test_a_stranger_and_a_missing_clinic_look_the_same(people, page):
    sam = signed_in(people.sam)
    stranger, missing = sam.get(page), sam.get(page.replace("north", "nowhere"))
    assert (stranger.status_code, missing.status_code) == (404, 404)
    assert without_token(stranger).replace("north", "") == without_token(missing).replace("nowhere", "")
    assert "North Physiotherapy" not in stranger.content.decode()


def test_signed_out_pages_lead_to_signing_in(people):
    answer = Client().get("/c/north/members/?page=2")
    assert answer.status_code == 302
    assert answer["Location"] == "/accounts/login/?next=/c/north/members/%3Fpage%3D2"


def test_signed_out_programs_get_401(people):
    assert Client().get(ME).status_code == 401


def test_headers_and_parameters_choose_no_clinic(people):
    sam = signed_in(people.sam)
    answer = sam.get("/c/south/api/me/?clinic=north", headers={"X-Clinic": "north", "X-Tenant": "1"})
    assert answer.json()["clinic"]["slug"] == "south"


@pytest.mark.parametrize(
    "path", ["/c/North/api/me/", "/c//api/me/", "/c/north%00/api/me/", "/c/../c/north/api/me/"]
)
def test_crooked_addresses_lead_nowhere(people, path):
    assert signed_in(people.sam).get(path).status_code in {302, 404}


def test_a_closed_membership_lets_nobody_in(people):
    nora = signed_in(people.nora)
    assert nora.get(ME).status_code == 200
    with clinic_scope(people.north.pk):
        Membership.objects.filter(pk=people.nora.pk).update(is_active=False)
    assert nora.get(ME).status_code == 404


def test_a_user_without_any_clinic_is_a_stranger(people):
    client = Client()
    client.force_login(make_user())
    assert client.get(ME).status_code == 404


def test_the_app_role_serves_the_same(people, as_app_role):
    nora, sam = signed_in(people.nora), signed_in(people.sam)
    with as_app_role():
        assert nora.get(ME).status_code == 200
        assert sam.get(ME).status_code == 404


@pytest.mark.django_db(transaction=True)
async def test_the_async_door_is_the_same():
    from asgiref.sync import sync_to_async

    from tests.people import make_people

    people = await sync_to_async(make_people)()
    client = AsyncClient()
    await client.aforce_login(people.nora.user)
    assert (await client.get(ME)).status_code == 200
    assert (await client.get("/c/south/api/me/")).status_code == 404
    assert current_clinic_id_or_none() is None


def test_somebody_who_was_away_is_signed_out(people):
    nora = signed_in(people.nora)
    assert nora.get(ME).status_code == 200
    session = nora.session
    assert session[MINUTES] == 15
    session[SEEN] = time.time() - 15 * 60 - 1
    session.save()
    answer = nora.get("/c/north/members/")
    assert (answer.status_code, answer["Location"]) == (302, "/accounts/login/?next=/c/north/members/")
    assert nora.get(ME).status_code == 401


def test_idling_is_401_for_the_keep_alive_call(people):
    nora = signed_in(people.nora)
    assert nora.post("/clinics/keep-alive/").status_code == 204
    session = nora.session
    session[SEEN] = time.time() - 3600
    session.save()
    assert nora.post("/clinics/keep-alive/").status_code == 401


def test_a_pages_own_polling_does_not_keep_it_signed_in(people):
    nora = signed_in(people.nora)
    nora.get(ME)
    session = nora.session
    session[SEEN] = seen = time.time() - 600
    session.save()
    nora.get(ME, headers={"X-Background": "1"})
    assert nora.session[SEEN] == seen
    nora.get(ME)
    assert nora.session[SEEN] > seen + 500


@pytest.mark.parametrize(("zone", "shown"), [("Asia/Tokyo", "21:00:00"), ("Mars/Base", "12:00:00")])
def test_times_are_shown_on_the_clinics_clock(people, monkeypatch, zone, shown):
    Clinic.objects.filter(pk=people.north.pk).update(time_zone=zone)
    with clinic_scope(people.north.pk):
        record("view")
    noon = datetime(2026, 7, 1, 12, tzinfo=UTC)
    monkeypatch.setattr(
        AuditEvent, "at", property(lambda self: noon, lambda self, value: None), raising=False
    )
    assert shown in signed_in(people.ada).get("/c/north/audit/").content.decode()


def test_getting_in_costs_the_same_for_everybody(people, django_assert_num_queries):
    nora = signed_in(people.nora)
    nora.get(ME)
    with django_assert_num_queries(3):  # session, user, membership with its clinic
        nora.get(ME)
