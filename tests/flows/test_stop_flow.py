"""Stop: the patient is answered, the therapist is told, and exercise waits until the therapist says so."""

from django.urls import reverse

from clinic.tenancy.scope import clinic_scope
from patients.models import Alert
from sessions.models import TherapySession
from tests.factories.sessions import first_set, make_session, squats, store_motion


def test_a_red_flag_stops_the_session_until_the_therapist_lifts_the_hold(floor, browser_of):
    paul, nora = browser_of(floor.people.paul), browser_of(floor.people.nora)
    session = make_session(floor.paul)
    store_motion(first_set(session), squats(3))

    answer = paul.post(
        reverse("patients:stop", args=["north"]) + f"?session={session.ref}",
        {"ticked": ["calf_swollen"], "session": str(session.ref)},
        follow=True,
    )
    assert "Stop now. Call 999." in answer.content.decode()
    with clinic_scope(floor.people.north.pk):
        assert not TherapySession.objects.get(pk=session.pk).is_open
        alert = Alert.objects.get(patient=floor.paul)
    assert "Please do not exercise yet" in text(paul, reverse("sessions:start", args=["north"]))

    assert "blood clot" in text(nora, reverse("patients:caseload", args=["north"]))
    nora.post(
        reverse("patients:close_alert", args=["north", alert.ref]),
        {"outcome": "Seen by his doctor, no clot.", "lift_hold": "on"},
    )
    assert "How shall we count?" in text(paul, reverse("sessions:start", args=["north"]))


def text(client, address):
    return client.get(address).content.decode()
