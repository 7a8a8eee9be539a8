"""Every page, as everybody who should not be there; and what a page leaves behind."""

from dataclasses import dataclass
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from clinic.audit.models import AuditEvent
from clinic.services import set_member_active
from clinic.tenancy.scope import clinic_scope
from patients.models import Alert, CareTeamMember, Message, PainReport
from patients.selectors import care_team_of
from prescriptions.models import PrescribedExercise, ProgrammeTemplate
from prescriptions.selectors import active_prescription, exercises_of
from sessions.models import TherapySession
from tests.factories.patients import Ward, make_alert
from tests.factories.sessions import first_set, make_analysed_session, make_clinic_floor, make_session


@dataclass(frozen=True)
class Floor:
    """Paul's record with something on every page of it; `refs` fill the addresses."""

    ward: Ward
    session: TherapySession
    alert: Alert
    item: PrescribedExercise
    place: CareTeamMember
    refs: dict[str, str]


@pytest.fixture
def floor(db: None) -> Floor:
    ward = make_clinic_floor()
    session = make_analysed_session(ward.paul)
    alert = make_alert(ward.paul)
    with clinic_scope(ward.people.north.pk):
        plan = active_prescription(ward.paul)
        item = exercises_of(plan).first()
        place = care_team_of(ward.paul).first()
    refs = {"patient": ward.paul.ref, "session": session.ref, "alert": alert.ref, "item": item.ref,
            "set": first_set(session).ref, "place": place.ref}  # fmt: skip
    return Floor(ward, session, alert, item, place, {name: str(ref) for name, ref in refs.items()})


def signed_in(member) -> Client:
    client = Client()
    client.force_login(member.user)
    return client


CLINICAL_PAGES = [
    "patients/{patient}/", "patients/{patient}/edit/", "patients/{patient}/messages/",
    "patients/{patient}/care-team/", "patients/{patient}/invite/", "patients/{patient}/prescription/",
    "patients/{patient}/prescription/history/", "patients/{patient}/prescription/print/",
    "patients/{patient}/video/", "alerts/{alert}/", "sessions/{session}/", "sessions/{session}/watch/",
    "sessions/{session}/sets/{set}/motion/", "sessions/{session}/export.csv",
    "sessions/{session}/export.json",
    "api/patients/{patient}/", "api/patients/{patient}/messages/", "api/patients/{patient}/pain-reports/",
    "api/patients/{patient}/prescriptions/", "api/alerts/{alert}/", "api/prescribed-exercises/{item}/",
    "api/sessions/{session}/", "api/sessions/{session}/repetitions/", "api/sets/{set}/landmarks/",
    "api/sets/{set}/curve/",
]  # fmt: skip
CLINICAL_WRITES = [
    "patients/{patient}/edit/", "patients/{patient}/messages/", "patients/{patient}/care-team/",
    "patients/{patient}/care-team/{place}/leave/", "patients/{patient}/invite/",
    "patients/{patient}/lift-hold/",
    "patients/{patient}/prescription/template/", "patients/{patient}/prescription/add/",
    "patients/{patient}/prescription/note/", "patients/{patient}/prescription/end/",
    "patients/{patient}/video/", "alerts/{alert}/acknowledge/", "alerts/{alert}/close/",
    "prescribed-exercises/{item}/dose/", "prescribed-exercises/{item}/remove/",
    "prescribed-exercises/{item}/restore/", "sessions/{session}/comment/", "sessions/{session}/pain/after/",
    "sessions/{session}/sets/{set}/finish/", "sessions/{session}/sets/{set}/tap/",
    "api/patients/{patient}/messages/", "api/patients/{patient}/pain-reports/",
    "api/patients/{patient}/prescriptions/", "api/alerts/{alert}/acknowledge/", "api/alerts/{alert}/close/",
]  # fmt: skip
NAMES = (b"Ellsworth", b"Left knee pain", b"Growing weakness")


def people_outside(floor: Floor) -> dict[str, tuple[Client, set[int]]]:
    people = floor.ward.people
    return {
        "signed out": (Client(), {302, 401}),
        "another clinic's therapist": (signed_in(people.sam), {404}),
        "another patient of the clinic": (signed_in(people.petra), {403, 404}),
        "a therapist not on the team": (signed_in(people.ola), {403, 404}),
        "the admin": (signed_in(people.ada), {403, 404}),
        "in two clinics, not on the team": (signed_in(people.bea_north), {403, 404}),
    }


def test_nobody_outside_the_care_team_reads_a_page(floor):
    leaks = []
    for who, (client, allowed) in people_outside(floor).items():
        for page in CLINICAL_PAGES:
            answer = client.get(f"/c/north/{page.format(**floor.refs)}")
            if answer.status_code not in allowed or any(name in answer.content for name in NAMES):
                leaks.append((who, page, answer.status_code))
    assert leaks == []


def test_nobody_outside_the_care_team_writes(floor):
    leaks = []
    for who, (client, allowed) in people_outside(floor).items():
        for page in CLINICAL_WRITES:
            data = {"body": "x", "outcome": "x", "note_to_patient": "x", "count": "3", "pain": "3"}
            as_json = page.startswith("api/")
            answer = client.post(f"/c/north/{page.format(**floor.refs)}", data,
                                 **({"content_type": "application/json"} if as_json else {}))  # fmt: skip
            if answer.status_code not in allowed or any(name in answer.content for name in NAMES):
                leaks.append((who, page, answer.status_code))
    assert leaks == []


def test_the_other_clinics_address_opens_nothing_of_this_one(floor):
    """Bea works in both clinics: with South in the address, North's references lead nowhere."""
    bea = signed_in(floor.ward.people.bea_south)
    with clinic_scope(floor.ward.people.north.pk):
        CareTeamMember.objects.create(patient=floor.ward.paul, membership=floor.ward.people.bea_north)
    for page in CLINICAL_PAGES:
        path = page.format(**floor.refs)
        assert bea.get(f"/c/south/{path}").status_code == 404, page
    for page in CLINICAL_WRITES:
        assert bea.post(f"/c/south/{page.format(**floor.refs)}").status_code in (403, 404), page
    assert bea.get(f"/c/north/patients/{floor.refs['patient']}/").status_code == 200


def test_a_deactivated_member_and_one_taken_off_the_team_are_out_at_once(floor):
    nora, ash = signed_in(floor.ward.people.nora), signed_in(floor.ward.people.ash)
    page = f"/c/north/patients/{floor.refs['patient']}/"
    assert (nora.get(page).status_code, ash.get(page).status_code) == (200, 200)
    with clinic_scope(floor.ward.people.north.pk):
        set_member_active(floor.ward.people.nora, active=False, by=floor.ward.people.ada)
        CareTeamMember.objects.filter(membership=floor.ward.people.ash).delete()
    assert (nora.get(page).status_code, ash.get(page).status_code) == (404, 403)
    assert nora.post(f"{page}messages/", {"body": "still here"}).status_code == 404


def test_an_assistant_does_what_an_assistant_may(floor):
    ash = signed_in(floor.ward.people.ash)
    for page in CLINICAL_WRITES:
        if any(part in page for part in ("prescription/", "prescribed-", "leave/", "close/", "lift-hold")):
            sent = {"outcome": "x", "note_to_patient": "x"}
            kind = {"content_type": "application/json"} if page.startswith("api/") else {}
            answer = ash.post(f"/c/north/{page.format(**floor.refs)}", sent, **kind)
            assert answer.status_code == 403, page


def test_a_reference_of_another_patient_is_no_key_within_the_clinic(floor):
    """Nora treats both: each address names one patient, and forms may not mix them."""
    ward, nora = floor.ward, signed_in(floor.ward.people.nora)
    other = f"/c/north/patients/{ward.petra.ref}"
    with clinic_scope(ward.people.north.pk):
        places = CareTeamMember.objects.filter(patient=ward.paul).count()
    assert nora.post(f"{other}/care-team/{floor.refs['place']}/leave/").status_code == 404
    with clinic_scope(ward.people.north.pk):
        assert CareTeamMember.objects.filter(patient=ward.paul).count() == places
    session = make_session(ward.paul, mode="tap")
    wrong = f"/c/north/sessions/{session.ref}/sets/{floor.refs['set']}"
    assert nora.get(f"{wrong}/motion/").status_code == 404
    assert signed_in(ward.people.paul).post(f"{wrong}/tap/", {"count": 5}).status_code == 404


def test_another_patients_session_takes_no_pain_no_stop_and_no_message(floor):
    ward, petra = floor.ward, signed_in(floor.ward.people.petra)
    running = make_session(ward.paul, mode="tap")
    petra.post("/c/north/today/pain/", {"value": 9, "moment": "after", "session": str(running.ref)})
    petra.post("/c/north/stop/", {"session": str(running.ref), "words": "x"})
    api = f"/c/north/api/patients/{ward.petra.ref}"
    sent = {"value": 9, "moment": "after", "session_ref": str(running.ref)}
    petra.post(f"{api}/pain-reports/", sent, content_type="application/json")
    about = {"body": "x", "about_kind": "session", "about_ref": str(running.ref), "patient": ward.paul.pk,
             "from_patient": False, "author": ward.people.nora.pk}  # fmt: skip
    petra.post(f"{api}/messages/", about, content_type="application/json")
    with clinic_scope(ward.people.north.pk):
        assert TherapySession.objects.get(pk=running.pk).is_open
        assert not PainReport.objects.filter(patient=ward.paul, value=9).exists()
        message = Message.objects.get(body="x")
        assert (message.patient_id, message.about_kind, message.about_ref) == (ward.petra.pk, "", None)
        assert (message.author_id, message.from_patient) == (ward.people.petra.pk, True)
    review = signed_in(ward.people.nora).get(f"/c/north/sessions/{running.ref}/").content
    assert b"9" not in review.partition(b"Pain")[2][:200] or b"9/10" not in review


def test_no_field_that_a_patient_may_not_set_can_be_set(floor):
    """Mass assignment: the API writes what it names, nothing else."""
    paul = signed_in(floor.ward.people.paul)
    address = f"/c/north/api/patients/{floor.refs['patient']}/"
    for method in ("put", "patch", "delete", "post"):
        sent = {"family_name": "Root", "attention_score": 0, "membership": 1}
        answer = getattr(paul, method)(address, sent, content_type="application/json")
        assert answer.status_code in (403, 405), method
    for page in (
        "api/me/",
        f"api/sessions/{floor.refs['session']}/",
        f"api/prescribed-exercises/{floor.refs['item']}/",
    ):
        answer = paul.put(
            f"/c/north/{page}", {"role": "clinic_admin", "sets": 9}, content_type="application/json"
        )
        assert answer.status_code in (403, 405), page


OPEN_TO_CACHES = {"prescriptions:figure"}


def test_no_page_stays_in_a_cache(floor):
    people = floor.ward.people
    visitors = {
        signed_in(people.nora): [*CLINICAL_PAGES, "caseload/", "exercises/", "programmes/", "api/patients/",
                                 "api/alerts/", "api/sessions/", "api/me/", "api/schema/", "api/docs/"],
        signed_in(people.paul): ["today/", "today/pain/", "messages/", "my-record/", "stop/",
                                 f"sessions/{floor.refs['session']}/summary/", "api/sessions/"],
        signed_in(people.ada): ["members/", "audit/", "audit/export/", "settings/", "members/invite/"],
        signed_in(people.sam): ["caseload/", f"patients/{floor.refs['patient']}/"],
    }  # fmt: skip
    kept = [
        page
        for client, pages in visitors.items()
        for page in pages
        if "no-store" not in client.get(f"/c/north/{page.format(**floor.refs)}").get("Cache-Control", "")
    ]
    outside = ["/", "/clinics/", "/accounts/password/change/", "/accounts/2fa/"]
    kept += [
        page for page in outside if "no-store" not in signed_in(people.bea_north).get(page)["Cache-Control"]
    ]
    assert kept == []


def test_a_notice_about_pain_is_not_left_in_a_cookie(floor):
    paul = signed_in(floor.ward.people.paul)
    answer = paul.post("/c/north/today/pain/", {"value": 8, "moment": "after"})
    assert answer.status_code == 302
    assert set(paul.cookies) <= {"sessionid", "csrftoken"}
    assert b"told your therapist" in paul.get("/c/north/today/").content


def test_every_look_of_staff_is_written_down_whatever_the_page(floor):
    nora = signed_in(floor.ward.people.nora)
    unseen = []
    for page in CLINICAL_PAGES:
        before = looks(floor)
        if nora.get(f"/c/north/{page.format(**floor.refs)}").status_code == 200 and looks(floor) == before:
            unseen.append(page)
    assert unseen == []


def test_a_form_that_is_refused_shows_the_record_and_is_written_down_too(floor):
    nora = signed_in(floor.ward.people.nora)
    unseen = []
    for page in (page for page in CLINICAL_WRITES if "leave" not in page):
        before = looks(floor)
        answer = nora.post(f"/c/north/{page.format(**floor.refs)}", {"outcome": "", "sets": "many"})
        if b"Ellsworth" in answer.content and looks(floor) == before:
            unseen.append(page)
    assert unseen == []


def looks(floor: Floor) -> int:
    with clinic_scope(floor.ward.people.north.pk):
        return AuditEvent.objects.filter(
            action__in=["view", "export", "print", "list"], patients__contains=[floor.ward.paul.pk]
        ).count()


def every_pattern(resolver: URLResolver | None = None, prefix: str = "") -> list[tuple[str, URLPattern]]:
    found = []
    for entry in (resolver or get_resolver()).url_patterns:
        path = prefix + str(entry.pattern)
        found += every_pattern(entry, path) if isinstance(entry, URLResolver) else [(path, entry)]
    return found


def concrete(path: str, floor: Floor) -> str:
    import re

    known = {"clinic_slug": "north", "code": "squat", "kind": "camera", "file_format": "csv", "token": "x",
             "ref": floor.refs["patient"], "patient_ref": floor.refs["patient"], "place": floor.refs["place"],
             "set_ref": floor.refs["set"]}  # fmt: skip

    def named(match: "re.Match[str]") -> str:
        return known.get(match["name"], str(uuid4()))

    path = re.sub(r"<(?:\w+:)?(?P<name>\w+)>", named, path)
    path = re.sub(r"\(\?P<(?P<name>\w+)>[^)]*\)", named, path)
    return "/" + re.sub(r"[\^$]|\\Z|\.\(\?P.*", "", path)


def test_no_post_is_taken_without_a_csrf_token(floor):
    client = Client(enforce_csrf_checks=True)
    client.force_login(floor.ward.people.nora.user)
    taken = []
    for path, _pattern in every_pattern():
        address = concrete(path, floor)
        kind = {"content_type": "application/json"} if "/api/" in address else {}
        answer = client.post(address, {"body": "forged"}, headers={"hx-request": "true"}, **kind)
        # 401: a sensor's address reads no cookie, so there is nothing to forge.
        if answer.status_code not in (401, 403, 404, 405):
            taken.append((address, answer.status_code))
    assert taken == []


def test_no_page_can_be_framed_and_none_allows_inline_code(floor):
    nora = signed_in(floor.ward.people.nora)
    for path in ("/", "/accounts/login/", "/c/north/caseload/", f"/c/north/patients/{floor.refs['patient']}/",
                 "/c/north/api/docs/", "/c/north/nowhere/", "/nowhere/"):  # fmt: skip
        answer = nora.get(path, follow=True)
        policy = answer["Content-Security-Policy"]
        assert "frame-ancestors 'none'" in policy, path
        assert "unsafe-inline" not in policy, path
        assert "'unsafe-eval'" not in policy, path
        assert answer["X-Frame-Options"] == "DENY"
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Referrer-Policy"] == "same-origin"


def test_a_forged_host_is_refused(floor):
    assert Client().get("/", HTTP_HOST="evil.example").status_code == 400
    answer = signed_in(floor.ward.people.nora).get("/c/north/caseload/", HTTP_X_FORWARDED_HOST="evil.example")
    assert b"evil.example" not in answer.content


def test_a_programme_of_another_clinic_is_no_template(floor):
    with clinic_scope(floor.ward.people.south.pk):
        foreign = ProgrammeTemplate.objects.first()
    nora = signed_in(floor.ward.people.nora)
    sent = {"template": str(foreign.ref)}
    answer = nora.post(f"/c/north/patients/{floor.refs['patient']}/prescription/template/", sent)
    assert answer.status_code == 404


def test_titles_of_pages_name_nobody(floor):
    import re

    nora = signed_in(floor.ward.people.nora)
    named = []
    for page in CLINICAL_PAGES:
        content = nora.get(f"/c/north/{page.format(**floor.refs)}").content.decode(errors="replace")
        title = re.search(r"<title>(.*?)</title>", content, re.DOTALL)
        if title and ("Paul" in title[1] or "Ellsworth" in title[1]):
            named.append((page, " ".join(title[1].split())))
    assert named == []
