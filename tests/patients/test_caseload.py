"""The caseload: worst first, in words, with the same number of queries for one patient and for three."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from clinic.audit.models import AuditEvent
from clinic.models import Membership
from clinic.tenancy.scope import clinic_scope
from patients import services
from patients.models import Patient
from patients.selectors import CaseloadQuery, caseload_of
from tests.factories.patients import Ward, make_alert, make_patient

NORTH = ["north"]


def names(ward: Ward, **asked: str) -> list[str]:
    query = CaseloadQuery.of(**{"chip": "", "sort": "", "search": "", "page": "", **asked})
    found = caseload_of(ward.people.nora, query)
    return [row.patient.given_name for row in (*found.rows, *found.quiet)]


def make_busy(ward: Ward, patient: Patient) -> None:
    with clinic_scope(ward.people.north.pk):
        now = timezone.now()
        for back in range(6):
            services.report_pain(patient, value=2 + back % 3, moment="before", at=now - timedelta(days=back))
            services.set_exercise_day(
                patient, (now - timedelta(days=back)).date(), sessions_done=1, repetitions_scored=10,
                repetitions_correct=5 + back % 4,
            )  # fmt: skip
        services.send_message(patient, author=patient.membership or ward.people.nora, body="Hello")


@pytest.mark.parametrize("page", ["caseload", "patient"])
def test_queries_do_not_grow(ward: Ward, sign_in, page: str) -> None:
    make_busy(ward, ward.paul)
    nora = sign_in(ward.people.nora)
    args = NORTH if page == "caseload" else [*NORTH, ward.paul.ref]
    nora.get(reverse(f"patients:{page}", args=args))
    with CaptureQueriesContext(
        connection,
    ) as few:
        nora.get(reverse(f"patients:{page}", args=args))
    for number in range(3):
        extra = make_patient(ward.people.north, care_team=[ward.people.nora], given_name=f"Extra{number}")
        make_busy(ward, extra)
        make_alert(extra)
        make_busy(ward, ward.paul)
    with CaptureQueriesContext(connection) as many:
        nora.get(reverse(f"patients:{page}", args=args))
    assert len(many) == len(few)


def test_the_worst_comes_first_with_the_reason_in_words(at_north: Ward, sign_in) -> None:
    make_alert(at_north.petra, severity="emergency", headline="Signs of a heart problem")
    assert names(at_north) == ["Petra", "Paul"]
    page = sign_in(at_north.people.nora).get(reverse("patients:caseload", args=NORTH))
    assert b"Signs of a heart problem" in page.content
    assert b"Answer alert" in page.content


def test_a_patient_without_reasons_is_folded(at_north: Ward) -> None:
    services.set_planned_days(at_north.paul, days_per_week=3, since=timezone.now().date())
    services.review_attention(at_north.petra)
    found = caseload_of(at_north.people.nora, CaseloadQuery())
    assert [row.patient.given_name for row in found.rows] == ["Petra"]
    assert [row.patient.given_name for row in found.quiet] == ["Paul"]
    assert (found.total, found.needing) == (2, 0)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("ells", ["Paul"]),
        ("PAUL ELLS", ["Paul"]),
        ("pa el", ["Paul"]),
        ("quill pet", ["Petra"]),
        ("p", ["Paul", "Petra"]),
        ("lsworth", []),
        ("marlowe", []),
        ("%", []),
        ("paul petra", []),
        ("\x00", ["Paul", "Petra"]),
    ],
)
def test_search_is_by_the_beginning_of_names(at_north: Ward, text: str, found: list[str]) -> None:
    assert sorted(names(at_north, search=text)) == found


def test_a_search_is_audited_with_those_it_showed(at_north: Ward) -> None:
    names(at_north, search="ells")
    event = AuditEvent.objects.filter(clinic=at_north.people.north).latest("sequence")
    assert (event.action, event.patients) == ("search", [at_north.paul.pk])
    assert "ells" not in str(event.detail)


def test_a_name_is_never_in_an_address(ward: Ward, sign_in) -> None:
    nora, address = sign_in(ward.people.nora), reverse("patients:caseload", args=NORTH)
    found = nora.post(address, {"q": "quill"})
    assert [row.patient for row, _ in found.context["rows"]] == [ward.petra]
    assert b"q=quill" not in found.content
    assert nora.get(f"{address}?q=quill").context["caseload"].total == 2
    assert nora.get(f"{address}?q=quill").context["caseload"].asked.search == ""


def test_doses_that_wait_have_a_chip_and_a_way_to_the_plan(at_north: Ward, sign_in) -> None:
    services.set_attention(at_north.petra, "dose_proposal", weight=5, words="1 dose to look at")
    found = caseload_of(at_north.people.nora, CaseloadQuery(chip="doses"))
    assert [row.patient for row in found.rows] == [at_north.petra]
    page = sign_in(at_north.people.nora).get(reverse("patients:caseload", args=["north"])).content.decode()
    assert "See doses" in page and f"{at_north.petra.ref}/prescription/" in page


def test_chips_count_and_filter(at_north: Ward) -> None:
    make_alert(at_north.petra)
    found = caseload_of(at_north.people.nora, CaseloadQuery(chip="alerts"))
    assert [row.patient.given_name for row in found.rows] == ["Petra"]
    counts = {chip.code: chip.count for chip in found.chips}
    assert (counts["all"], counts["alerts"], counts["pain"]) == (2, 1, 0)


@pytest.mark.parametrize(
    "asked",
    [
        {"chip": "nonsense", "sort": "nonsense", "page": "-3"},
        {"page": "999999999999999999"},
        {"page": "٣"},
        {"search": "x" * 5000},
    ],
)
def test_nonsense_in_the_address_is_survived(at_north: Ward, asked: dict[str, str]) -> None:
    assert set(names(at_north, **asked)) <= set(names(at_north))


@pytest.mark.parametrize(("who", "seen"), [("nora", 2), ("ash", 1), ("ola", 0), ("ada", 0)])
def test_everybody_sees_their_own_caseload(ward: Ward, sign_in, who: str, seen: int) -> None:
    member: Membership = getattr(ward.people, who)
    page = sign_in(member).get(reverse("patients:caseload", args=NORTH))
    assert page.context["caseload"].total == seen


def test_patients_have_no_caseload(ward: Ward, sign_in) -> None:
    assert sign_in(ward.people.paul).get(reverse("patients:caseload", args=NORTH)).status_code == 403


def test_dots_follow_the_patients_calendar(ward: Ward) -> None:
    patient = make_patient(ward.people.north, care_team=[ward.people.nora], time_zone="Pacific/Auckland")
    with clinic_scope(ward.people.north.pk):
        at = datetime(2026, 11, 17, 18, tzinfo=UTC)
        day = datetime(2026, 11, 18, tzinfo=UTC).date()
        services.set_exercise_day(patient, day, sessions_done=1, repetitions_scored=0, repetitions_correct=0)
        rows = caseload_of(ward.people.nora, CaseloadQuery(), at=at)
    row = next(row for row in (*rows.rows, *rows.quiet) if row.patient.pk == patient.pk)
    assert [dot.state for dot in row.dots][-2:] == ["none", "done"]
