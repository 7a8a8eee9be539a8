"""From the patient's plan to the therapist's comment, page by page, with the real services behind them."""

from django.urls import reverse

from clinic.audit.models import AuditEvent
from clinic.tenancy.scope import clinic_scope
from patients.models import PainReport
from sessions.models import TherapySession
from tests.factories.sessions import first_set, squats, store_motion


def test_a_session_from_plan_to_comment(floor, browser_of, worker_runs):
    people, paul = floor.people, browser_of(floor.people.paul)
    session = start(paul, floor)
    store_motion(first_set(session), squats(4))
    summary = finish(paul, session)
    assert "updates by itself" in page(paul, summary)

    worker_runs(people.north.pk)
    shown = page(paul, summary)
    assert "4 times" in shown
    assert "updates by itself" not in shown

    nora = browser_of(people.nora)
    review = reverse("sessions:review", args=["north", session.ref])
    assert f"/sessions/{session.ref}/" in page(
        nora, reverse("patients:patient", args=["north", floor.paul.ref])
    )
    assert page(nora, review).count("<tr") >= 5
    words = "Four calm squats."
    nora.post(reverse("sessions:comment", args=["north", session.ref]), {"body": words})
    assert words in page(paul, summary)
    with clinic_scope(people.north.pk):
        assert looks_at(floor.paul, by=people.nora) >= 2


def test_pain_over_the_limit_reaches_the_caseload(floor, browser_of):
    paul, nora = browser_of(floor.people.paul), browser_of(floor.people.nora)
    session = start(paul, floor, pain=4)
    store_motion(first_set(session), squats(4))
    finish(paul, session, pain=7)
    with clinic_scope(floor.people.north.pk):
        assert list(PainReport.objects.order_by("at").values_list("moment", "value")) == [
            ("before", 4),
            ("after", 7),
        ]
    assert "over 5" in page(nora, reverse("patients:caseload", args=["north"]))


def start(client, floor, *, pain=2):
    answer = client.post(
        reverse("sessions:start", args=["north"]),
        {"pain": pain, "mode": "camera", "camera_consent": "on"},
    )
    with clinic_scope(floor.people.north.pk):
        session = TherapySession.objects.select_related("patient").get(patient=floor.paul)
    assert answer.url == reverse("sessions:live", args=["north", session.ref])
    return session


def finish(client, session, *, pain=3):
    """The set, then the question about pain; answers the summary's address."""
    client.post(
        reverse("sessions:finish_set", args=["north", session.ref, first_set(session).ref]),
        {"count": 4},
    )
    answer = client.post(reverse("sessions:pain_after", args=["north", session.ref]), {"pain": pain})
    return answer.url


def page(client, address):
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def looks_at(patient, *, by):
    return AuditEvent.objects.filter(
        action="view", actor_membership_id=by.pk, patients__contains=[patient.pk]
    ).count()
