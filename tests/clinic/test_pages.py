"""The house's pages: the right person, the colleague without the right, the stranger, the signed-out
visitor.
"""

import csv
import io

import pytest
from django.test import Client

from clinic.audit import Action, Actor, acting, record
from clinic.audit import patients as audit_patients
from clinic.audit.models import AuditEvent
from clinic.audit.selectors import who_looked
from clinic.audit.words import ACTIONS
from clinic.models import Clinic, Invitation, Membership
from clinic.tenancy.scope import clinic_scope, platform_scope
from tests.factories.clinic import make_clinic, make_invitation, make_member

GOOD_SETTINGS = {
    "name": "North Physio",
    "time_zone": "Europe/Dublin",
    "country": "ie",
    "emergency_number": "112",
    "phone": "",
    "idle_logoff_minutes": "20",
}
ADMIN_PAGES = ["members/", "members/invite/", "audit/", "audit/export/", "settings/"]


def signed_in(member: Membership) -> Client:
    client = Client()
    client.force_login(member.user)
    return client


def actions(clinic: Clinic) -> list[str]:
    with clinic_scope(clinic.pk):
        return list(AuditEvent.objects.order_by("sequence").values_list("action", flat=True))


@pytest.mark.parametrize("page", ADMIN_PAGES)
def test_admin_pages_are_for_admins(people, page):
    address = f"/c/north/{page}"
    assert signed_in(people.ada).get(address).status_code == 200
    for colleague in (people.nora, people.ash, people.paul):
        assert signed_in(colleague).get(address).status_code == 403
    assert signed_in(people.sam).get(address).status_code == 404
    assert Client().get(address).status_code == 302


@pytest.mark.parametrize(
    ("page", "data"),
    [
        ("members/invite/", {"email": "new@example.org", "display_name": "New", "role": "therapist"}),
        ("members/{nora}/role/", {"role": "assistant"}),
        ("members/{nora}/access/", {"active": "no"}),
        ("members/invitations/{invitation}/revoke/", {}),
        ("settings/", {**GOOD_SETTINGS, "name": "Taken over"}),
    ],
)
def test_admin_writes_are_for_admins(people, page, data):
    with clinic_scope(people.north.pk):
        invitation = make_invitation(by=people.ada)
    address = f"/c/north/{page.format(nora=people.nora.ref, invitation=invitation.ref)}"

    def state() -> tuple:
        with clinic_scope(people.north.pk):
            members = list(Membership.objects.order_by("pk").values_list("role", "is_active"))
            invitations = list(Invitation.objects.order_by("pk").values_list("email", "revoked_at"))
        return members, invitations, Clinic.objects.get(slug="north").name

    before = state()
    for member, status in ((people.nora, 403), (people.paul, 403), (people.sam, 404)):
        assert signed_in(member).post(address, data).status_code == status
    assert Client().post(address, data).status_code == 302
    assert state() == before
    assert signed_in(people.ada).post(address, data).status_code in {200, 302}
    assert state() != before


def test_an_admin_cannot_reach_another_clinics_member(people):
    ada = signed_in(people.ada)
    assert ada.post(f"/c/north/members/{people.sam.ref}/role/", {"role": "assistant"}).status_code == 404
    assert ada.post(f"/c/north/members/{people.sam.ref}/access/", {"active": "no"}).status_code == 404
    with clinic_scope(people.south.pk):
        sam = Membership.objects.get(pk=people.sam.pk)
    assert (sam.role, sam.is_active) == ("therapist", True)


def test_the_clinic_keeps_an_admin(people):
    ada = signed_in(people.ada)
    ada.post(f"/c/north/members/{people.ada.ref}/access/", {"active": "no"})
    ada.post(f"/c/north/members/{people.ada.ref}/role/", {"role": "therapist"})
    with clinic_scope(people.north.pk):
        again = Membership.objects.get(pk=people.ada.pk)
    assert (again.role, again.is_active) == ("clinic_admin", True)


def test_a_patient_stays_a_patient(people):
    ada = signed_in(people.ada)
    page = ada.post(f"/c/north/members/{people.paul.ref}/role/", {"role": "therapist"}, follow=True)
    assert "A patient stays a patient" in page.content.decode()
    with clinic_scope(people.north.pk):
        assert Membership.objects.get(pk=people.paul.pk).role == "patient"


def test_changing_roles_and_access_is_audited(people):
    ada = signed_in(people.ada)
    ada.post(f"/c/north/members/{people.nora.ref}/role/", {"role": "assistant"})
    ada.post(f"/c/north/members/{people.nora.ref}/access/", {"active": "no"})
    with clinic_scope(people.north.pk):
        role, access = AuditEvent.objects.filter(action="change").order_by("sequence")
    assert (role.detail, role.object_ref) == ({"from": "therapist", "to": "assistant"}, people.nora.ref)
    assert (access.detail, access.actor_membership_id) == ({"active": False}, people.ada.pk)


def test_settings_are_checked_and_audited(people):
    ada = signed_in(people.ada)
    for name, value in (
        ("time_zone", "Mars/Base"),
        ("country", "1X"),
        ("emergency_number", "call me"),
        ("idle_logoff_minutes", "1"),
    ):
        answer = ada.post("/c/north/settings/", {**GOOD_SETTINGS, name: value})
        assert answer.status_code == 200 and name in answer.context["form"].errors
    assert ada.post("/c/north/settings/", GOOD_SETTINGS).status_code == 302
    clinic = Clinic.objects.get(slug="north")
    assert (clinic.name, clinic.country, clinic.emergency_number) == ("North Physio", "IE", "112")
    with clinic_scope(clinic.pk):
        change = AuditEvent.objects.get(action="change")
    assert change.detail["country"] == ["GB", "IE"]


def queries_of(client: Client, page: str) -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client.get(page)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(page).status_code == 200
    return len(queries)


@pytest.mark.parametrize("page", ["members/", "audit/", "audit/export/"])
def test_lists_cost_the_same_with_one_row_and_with_three(people, page):
    small = make_clinic("small")
    ann = make_member(small, "clinic_admin", name="Ann")
    with clinic_scope(small.pk):
        make_invitation(by=ann)
        record("view", patient=1)
    client = signed_in(ann)
    one = queries_of(client, f"/c/small/{page}")
    for _ in range(2):
        member = make_member(small, "therapist")
        with clinic_scope(small.pk):
            make_invitation(by=member)
            record("view", patients=[2, 3])
    assert queries_of(client, f"/c/small/{page}") == one


def test_the_audit_page_filters(people, monkeypatch):
    monkeypatch.setattr(audit_patients, "_directory", audit_patients.Numbered())
    with clinic_scope(people.north.pk):
        with acting(
            Actor(user_id=people.nora.user_id, membership_id=people.nora.pk, role="therapist", via="page")
        ):
            record("view", patient=11, purpose="first-look")
        with acting(
            Actor(user_id=people.ola.user_id, membership_id=people.ola.pk, role="therapist", via="page")
        ):
            record("print", patient=12, purpose="second-look")
    ada = signed_in(people.ada)

    def purposes(query: str) -> set[str]:
        lines = ada.get(f"/c/north/audit/?{query}").context["page"].lines
        return {line.event.purpose for line in lines} - {""}

    assert purposes("") == {"first-look", "second-look"}
    assert purposes("patient=11") == {"first-look"}
    assert purposes(f"person={people.ola.ref}") == {"second-look"}
    assert purposes("action=print") == {"second-look"}
    assert purposes("from_day=2001-01-01") == {"first-look", "second-look"}
    assert purposes("to_day=2001-01-01") == set()
    assert purposes("patient=nobody") == set()
    assert purposes(f"person={people.sam.ref}&from_day=rubbish") == {"first-look", "second-look"}


def test_the_audit_page_speaks_plain_words(people):
    nora = Actor(user_id=people.nora.user_id, role="therapist", via="socket")
    with clinic_scope(people.north.pk), acting(nora):
        record("view", patients=[1, 2, 3, 4], object_type="patients.Patient")
        record("join", object_type="tomorrow.Thing")
    page = signed_in(people.ada).get("/c/north/audit/").content.decode()
    assert "Looked at: patient record" in page and "Connected to: tomorrow.Thing" in page
    assert "live connection" in page and "4 patients" in page
    assert "patients.Patient" not in page and "clinic_admin" not in page


@pytest.mark.parametrize("group", ["staff", "patients"])
def test_members_are_shown_by_group(people, group):
    shown = signed_in(people.ada).get(f"/c/north/members/?show={group}").context["members"]
    assert {member.role == "patient" for member in shown} == {group == "patients"}


def test_every_stored_action_has_its_words():
    assert set(ACTIONS) == set(Action)


def test_the_audit_page_shows_one_clinic(people):
    with clinic_scope(people.south.pk):
        record("view", patient=99, purpose="souths-secret")
    assert "souths-secret" not in signed_in(people.ada).get("/c/north/audit/").content.decode()
    assert "souths-secret" not in signed_in(people.ada).get("/c/north/audit/export/").content.decode()


def test_the_audit_page_goes_on_to_older_lines(people, monkeypatch):
    with clinic_scope(people.north.pk):
        for number in range(60):
            record("view", patient=number + 1)
    ada = signed_in(people.ada)
    first = ada.get("/c/north/audit/").context["page"]
    second = ada.get(f"/c/north/audit/?before={first.older}").context["page"]
    assert len(first.lines) == 50 and second.older is None
    assert first.lines[-1].event.sequence == first.older
    assert [line.event.sequence for line in second.lines] == list(range(first.older - 1, 0, -1))


def test_looking_and_exporting_are_audited(people):
    ada = signed_in(people.ada)
    ada.get("/c/north/audit/?action=view")
    ada.get("/c/north/audit/export/")
    assert actions(people.north)[-2:] == ["list", "export"]
    with clinic_scope(people.north.pk):
        listed = AuditEvent.objects.get(action="list")
    assert (listed.detail, listed.actor_membership_id) == ({"action": "view"}, people.ada.pk)


def test_the_export_runs_no_formulas(people):
    with clinic_scope(people.north.pk):
        for purpose in ("=HYPERLINK(1)", "+1", "-1", "@SUM(1)", "\tx", "fine"):
            record("view", patient=1, purpose=purpose)
    answer = signed_in(people.ada).get("/c/north/audit/export/")
    assert answer["Content-Type"].startswith("text/csv") and "attachment" in answer["Content-Disposition"]
    rows = list(csv.DictReader(io.StringIO(answer.content.decode())))
    assert {row["purpose"] for row in rows} >= {"'=HYPERLINK(1)", "'+1", "'-1", "'@SUM(1)", "'\tx", "fine"}


def test_refusals_are_audited(people):
    signed_in(people.nora).get("/c/north/members/")
    signed_in(people.sam).get("/c/north/members/")
    with clinic_scope(people.north.pk):
        denied = AuditEvent.objects.get(action="denied")
    assert (denied.actor_membership_id, denied.detail) == (
        people.nora.pk,
        {"page": "clinic:members", "status": 403},
    )
    with platform_scope():
        stranger = AuditEvent.objects.get(action="denied")
    assert (stranger.actor_user_id, stranger.detail) == (people.sam.user_id, {"slug": "north"})


def test_who_looked_names_the_people_who_did(people):
    with clinic_scope(people.north.pk):
        with acting(Actor(membership_id=people.nora.pk, role="therapist", via="page")):
            record("view", patient=31)
            record("view", patient=32)
        assert [(line.who, line.event.action) for line in who_looked(31)] == [("Nora", "view")]
    with clinic_scope(people.south.pk):
        assert who_looked(31) == ()


@pytest.mark.parametrize(
    ("who", "page"),
    [("nora", "/c/north/caseload/"), ("paul", "/c/north/today/"), ("ada", "/c/north/members/")],
)
def test_home_leads_to_the_persons_work(people, who, page):
    answer = signed_in(getattr(people, who)).get("/c/north/")
    assert answer.status_code == 200 or answer["Location"] == page


def test_the_start_page_knows_how_many_clinics(people):
    assert "Sign in" in Client().get("/").content.decode()
    assert signed_in(people.nora).get("/")["Location"] == "/c/north/"
    bea = signed_in(people.bea_north)
    assert bea.get("/")["Location"] == "/clinics/"
    page = bea.get("/clinics/").content.decode()
    assert "North Physiotherapy" in page and "South Physiotherapy" in page
    assert "South Physiotherapy" not in signed_in(people.nora).get("/clinics/").content.decode()
    assert Client().get("/clinics/").status_code == 302


@pytest.mark.parametrize(
    "page", ["/intended-use/", "/privacy/", "/", "/accounts/login/", "/accounts/password/reset/"]
)
def test_public_pages_link_the_intended_use(db, page):
    answer = Client().get(page)
    assert answer.status_code == 200 and "/intended-use/" in answer.content.decode()


def test_the_intended_use_is_said_plainly(db):
    page = Client().get("/intended-use/").content.decode()
    assert "not a cleared medical device" in page and "under a clinician's prescription" in page.replace(
        "&#x27;", "'"
    )


def test_the_audit_filter_is_posted_so_that_no_name_stands_in_an_address(people):
    ada = signed_in(people.ada)
    page = ada.get("/c/north/audit/").content.decode()
    assert 'method="get"' not in page
    assert "?patient=" not in page
    lines = ada.post("/c/north/audit/", {"action": "list"}).context["page"].lines
    assert {line.event.action for line in lines} == {"list"}
    assert ada.post("/c/north/audit/export/", {"action": "list"})["Content-Type"].startswith("text/csv")
