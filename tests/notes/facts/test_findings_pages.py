"""Findings over time and the search: right values, right people, nobody else's."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from clinic.audit.models import AuditEvent
from clinic.models import Membership
from clinic.tenancy.scope import clinic_scope
from notes.services.signing import mark_entered_in_error, sign_note
from patients.local_time import local_day
from tests.factories.notes import make_note
from tests.factories.patients import Ward

SignedIn = Callable[[Membership], Client]


@pytest.fixture
def signed_in() -> SignedIn:
    def open_browser(member: Membership) -> Client:
        client = Client()
        client.force_login(member.user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return open_browser


def signed(patient, by, text, *, days_ago=0):
    with clinic_scope(patient.clinic_id):
        note = make_note(patient, by=by, text=text, occurred_on=local_day(patient) - timedelta(days=days_ago))
        return sign_note(note, by=by)


@pytest.fixture
def told(ward: Ward) -> Ward:
    """Paul's knee bends better by now, Petra's does not; Sid is South's."""
    nora, sam = ward.people.nora, ward.people.sam
    signed(ward.paul, nora, "Left knee flexion 70 degrees. LEFS 30/80.", days_ago=20)
    signed(
        ward.paul, nora, "Left knee flexion 110 degrees.\nGOALS:\nLeft knee flexion 130 degrees.", days_ago=1
    )
    signed(ward.petra, nora, "Left knee flexion 80 degrees. Pain 6/10.", days_ago=3)
    signed(ward.sid, sam, "Left knee flexion 60 degrees.")
    with clinic_scope(ward.people.north.pk):
        make_note(ward.paul, by=nora, text="Left knee flexion 11 degrees.")
        wrong = make_note(ward.paul, by=nora, text="Left knee flexion 12 degrees.")
        sign_note(wrong, by=nora)
        mark_entered_in_error(wrong, by=nora, reason="Other patient.")
    return ward


def found(client: Client, slug: str = "north", **asked) -> list[str]:
    answer = client.get(reverse("notes:search_findings", args=[slug]), asked)
    assert answer.status_code == 200
    return [row["words"] for row in answer.context["rows"]]


def test_the_latest_value_counts_unless_every_value_is_asked_for(told: Ward, signed_in: SignedIn):
    nora = signed_in(told.people.nora)
    assert found(nora, q="knee flexion under 90") == ["left knee flexion 80°"]
    assert found(nora, q="knee flexion under 90 ever", sort="lowest") == [
        "left knee flexion 70°",
        "left knee flexion 80°",
    ]
    assert found(nora, q="LEFS under 40") == ["Lower Extremity Functional Scale 30/80"]
    assert found(nora, q="knee flexion over 120") == []
    assert found(nora, q="knee flexion over 120 with goals ever") == ["left knee flexion 130°"]
    assert found(nora, kind="range", region="knee", comparison="lt", value="90") == ["left knee flexion 80°"]
    assert found(nora, q="pain since yesterday") == ["pain left knee 6/10"]


def test_each_finding_leads_to_its_words(told: Ward, signed_in: SignedIn):
    answer = signed_in(told.people.nora).get(
        reverse("notes:search_findings", args=["north"]), {"q": "knee flexion under 90"}
    )
    row = answer.context["rows"][0]
    assert row["address"].endswith(f"#f{row['finding'].start}")
    with clinic_scope(told.people.north.pk):
        text = row["finding"].note.text
    assert text[row["finding"].start : row["finding"].end] == "80 degrees"


def test_nobody_finds_another_therapists_or_clinics_patients(told: Ward, signed_in: SignedIn):
    assert found(signed_in(told.people.ola), q="knee flexion ever") == []
    assert found(signed_in(told.people.ash), q="knee flexion under 90 ever") == ["left knee flexion 70°"]
    assert found(signed_in(told.people.sam), "south", q="knee flexion") == ["left knee flexion 60°"]
    address = reverse("notes:search_findings", args=["north"])
    assert signed_in(told.people.ada).get(address).status_code == 403
    assert signed_in(told.people.paul).get(address).status_code == 403
    assert signed_in(told.people.sam).get(address).status_code == 404


def test_misread_words_are_told_as_text(told: Ward, signed_in: SignedIn):
    answer = signed_in(told.people.nora).get(
        reverse("notes:search_findings", args=["north"]), {"q": "<script>alert(1)</script> flexion"}
    )
    assert b"I did not understand" in answer.content
    assert b"<script>alert" not in answer.content


def test_searching_and_exporting_are_audited_by_patient_and_without_the_line(told: Ward, signed_in: SignedIn):
    nora = signed_in(told.people.nora)
    found(nora, q="knee flexion under 90")
    answer = nora.get(reverse("notes:search_findings_csv", args=["north"]), {"q": "knee flexion under 90"})
    assert answer.content.decode().splitlines()[1].startswith("Petra Quillfeather,")
    with clinic_scope(told.people.north.pk):
        lines = AuditEvent.objects.filter(object_type="notes.Finding")
        assert [line.action for line in lines.order_by("sequence")] == ["view", "export"]
        assert "flexion" not in str([line.detail for line in lines])


def test_a_patients_findings_over_time(told: Ward, signed_in: SignedIn):
    address = reverse("notes:patient_findings", args=["north", told.paul.ref])
    answer = signed_in(told.people.nora).get(address)
    assert [(row["name"], row["point"].words) for row in answer.context["rows"]] == [
        ("Left knee flexion", "110°"),
        ("Left knee flexion", "70°"),
        ("Lower Extremity Functional Scale", "30/80"),
    ]
    days = [f"{day.day} {day:%b %Y}" for day in (row["point"].day for row in answer.context["rows"][:2])]
    assert [one.change for one in answer.context["charted"]] == [f"70° on {days[1]}, 110° on {days[0]}"]
    assert signed_in(told.people.ola).get(address).status_code == 403
    assert signed_in(told.people.sam).get(address).status_code == 404
    exported = signed_in(told.people.nora).get(f"{address[:-1]}.csv").content.decode()
    assert [line.split(",")[7] for line in exported.splitlines()[1:]] == ["70.0", "30.0", "110.0", "130.0"]


def test_the_record_shows_the_newest_values(told: Ward, signed_in: SignedIn):
    page = signed_in(told.people.nora).get(reverse("patients:patient", args=["north", told.paul.ref]))
    assert "Left knee flexion" in page.content.decode()
    assert "110°" in page.content.decode()


def test_an_empty_page_says_what_will_appear(ward: Ward, signed_in: SignedIn):
    page = signed_in(ward.people.nora).get(reverse("notes:patient_findings", args=["north", ward.petra.ref]))
    assert b"No findings yet" in page.content


def test_the_search_counts_its_queries(told: Ward, signed_in: SignedIn):
    nora = signed_in(told.people.nora)
    found(nora, q="pain")
    with CaptureQueriesContext(connection) as one:
        assert len(found(nora, q="pain")) == 1
    with CaptureQueriesContext(connection) as three:
        assert len(found(nora, q="range ever")) == 3
    assert len(one) == len(three)


def test_a_grade_with_a_sign_is_understood_as_it_was_asked(told: Ward, signed_in: SignedIn):
    place = reverse("notes:search_findings", args=["north"])
    page = signed_in(told.people.nora).get(place, {"q": "strength between 3+ and 4-"}).content.decode()
    assert "strength between 3+ and 4- (newest" in page
