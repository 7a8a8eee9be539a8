"""Words beside Stop and in messages pass the spine: told before they are stored, kept with what was heard."""

from unittest.mock import patch

import pytest
from django.urls import reverse

from clinic.pace import Pace
from clinic.tenancy.scope import clinic_scope
from patients import services
from patients.models import Alert, ExerciseHold, Message
from patients.services import listening
from patients.views import patient_pages
from tests.factories.patients import Ward

CLOT = "my left calf is swollen and hot since last night"
HARMLESS = "Can I do the clamshell in the evening?"


def at(name: str, *args: object) -> str:
    return reverse(f"patients:{name}", args=["north", *args])


def api(ward: Ward) -> str:
    return reverse("patients_api:messages", args=["north", ward.paul.ref])


class TestStop:
    def test_words_worse_than_the_ticks_decide(self, at_north: Ward) -> None:
        stopped = services.stop_exercising(at_north.paul, ticked=["morning_stiff"], words=CLOT)
        assert stopped.answer.heading == "Stop now. Call 999."
        assert (stopped.alert.severity, stopped.alert.rule_id) == ("emergency", "dvt_pe")
        kept = stopped.alert.answers
        assert (kept["ticked"], kept["words"]) == (["morning_stiff"], CLOT)
        assert {rule["id"] for rule in kept["rules"]} == {"dvt_pe", "inflammatory"}
        assert kept["heard"][0]["citation"]

    def test_ticks_worse_than_the_words_decide(self, at_north: Ward) -> None:
        stopped = services.stop_exercising(at_north.paul, ticked=["faint"], words="my wound is red and leaks")
        assert stopped.alert.rule_id == "cardiac"
        assert "postop_complication" in {rule["id"] for rule in stopped.alert.answers["rules"]}

    def test_letters_that_nobody_sees_hide_no_danger(self, at_north: Ward) -> None:
        stopped = services.stop_exercising(at_north.paul, ticked=[], words="\u200b".join(CLOT))
        assert stopped.alert.rule_id == "dvt_pe"
        assert stopped.alert.answers["words"] == CLOT

    def test_harmless_words_add_nothing(self, at_north: Ward) -> None:
        stopped = services.stop_exercising(at_north.paul, ticked=["morning_stiff"], words="no numbness")
        assert (stopped.alert.rule_id, stopped.alert.answers["heard"]) == ("inflammatory", [])

    def test_the_heard_parts_can_be_shown_in_the_words(self, at_north: Ward) -> None:
        (turn,) = services.stop_exercising(at_north.paul, ticked=[], words=CLOT).alert.answers["said"]
        assert "calf" in {turn["words"][start:end] for start, end in turn["marks"]}

    def test_words_that_cannot_be_heard_are_read_by_a_person(self, at_north: Ward) -> None:
        with patch.object(listening, "hear", side_effect=RecursionError):
            stopped = services.stop_exercising(at_north.paul, ticked=[], words=CLOT)
        assert (stopped.alert.rule_id, stopped.alert.severity) == ("unheard_words", "same_day")
        assert stopped.alert.answers["words"] == CLOT


class TestHearing:
    def test_another_danger_is_not_hidden_behind_the_first(self, at_north: Ward) -> None:
        here = services.Origin("assistant")
        services.hear_patient(at_north.paul, [CLOT], origin=here)
        both = services.hear_patient(
            at_north.paul, [CLOT, CLOT + " and now crushing pain in my chest"], origin=here
        )
        assert both.is_new
        assert Alert.objects.count() == 2

    def test_danger_said_again_after_the_hold_was_lifted_is_new(self, at_north: Ward) -> None:
        here = services.Origin("assistant")
        services.hear_patient(at_north.paul, [CLOT], origin=here)
        services.lift_exercise_hold(at_north.paul, by=at_north.people.nora, outcome="Seen, fine.")
        assert services.hear_patient(at_north.paul, [CLOT], origin=here).is_new
        assert ExerciseHold.objects.filter(lifted_at=None).count() == 1

    def test_what_the_last_turn_completes_is_kept_with_the_turn_before(self, at_north: Ward) -> None:
        turns = ["i fell off the step on sunday", "and now i cant put any weight on that foot"]
        told = services.hear_patient(at_north.paul, turns, origin=services.Origin("assistant"))
        assert told.alert is not None
        assert [turn["words"] for turn in told.alert.answers["said"]][-1] == turns[1]

    def test_failing_to_hear_tells_a_person_and_frightens_nobody(self, at_north: Ward) -> None:
        with patch.object(listening, "hear", side_effect=RecursionError):
            told = services.hear_patient(at_north.paul, [HARMLESS], origin=services.Origin("message"))
        assert told.answer is None
        assert Alert.objects.get().rule_id == "unheard_words"
        assert not ExerciseHold.objects.exists()


class TestMessages:
    def test_danger_in_a_message_is_answered_and_told(self, ward: Ward, sign_in, at_north: Ward) -> None:
        answer = sign_in(ward.people.paul).post(at("messages"), {"body": CLOT}, follow=True)
        assert b"Stop now. Call 999." in answer.content
        alert = Alert.objects.get()
        assert (alert.answers["source"], alert.answers["words"]) == ("message", CLOT)
        message = Message.objects.get()
        assert (message.body, message.about_kind, message.about_ref) == (CLOT, "alert", alert.ref)

    def test_a_harmless_message_is_only_sent(self, ward: Ward, sign_in, at_north: Ward) -> None:
        answer = sign_in(ward.people.paul).post(at("messages"), {"body": HARMLESS}, follow=True)
        assert b"Sent to your care team." in answer.content
        assert not Alert.objects.exists()

    def test_what_a_therapist_writes_raises_nothing(self, at_north: Ward) -> None:
        body = "Call me if your calf gets swollen and hot."
        sent = services.deliver_message(at_north.paul, author=at_north.people.nora, body=body)
        assert sent.heard is None
        assert not Alert.objects.exists()

    def test_the_alert_outlives_a_message_that_could_not_be_stored(self, at_north: Ward) -> None:
        with (
            patch("patients.services.messages._store", side_effect=ConnectionError),
            pytest.raises(ConnectionError),
        ):
            services.send_message(at_north.paul, author=at_north.people.paul, body=CLOT)
        assert Alert.objects.get().answers["words"] == CLOT

    def test_danger_told_in_pieces_is_heard_together(self, at_north: Ward) -> None:
        for body in ("i fell off the step on sunday", "and now i cant put any weight on that foot"):
            services.send_message(at_north.paul, author=at_north.people.paul, body=body)
        assert Alert.objects.filter(rule_id="fracture").exists()

    @pytest.mark.parametrize("body", [CLOT + " " + "x" * 4000, CLOT + "\x00"])
    def test_a_message_that_is_refused_is_heard(self, ward: Ward, sign_in, at_north: Ward, body: str) -> None:
        answer = sign_in(ward.people.paul).post(at("messages"), {"body": body}, follow=True)
        assert b"Stop now. Call 999." in answer.content
        assert Alert.objects.count() == 1

    def test_whoever_writes_too_often_is_heard(
        self, ward: Ward, sign_in, at_north: Ward, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(patient_pages, "MESSAGES", Pace(most=1, in_s=600))
        paul = sign_in(ward.people.paul)
        for _ in range(2):
            last = paul.post(at("messages"), {"body": HARMLESS})
        assert last.status_code == 429
        answer = paul.post(at("messages"), {"body": CLOT}, follow=True)
        assert b"Stop now. Call 999." in answer.content
        assert b"Your message was not sent." in answer.content

    def test_unsure_words_are_asked_back_once(self, ward: Ward, sign_in, at_north: Ward) -> None:
        unsure = services.hear_patient(
            at_north.paul, ["my calf is a bit sore"], origin=services.Origin("message")
        )
        paul = sign_in(ward.people.paul)
        page = paul.post(at("messages"), {"body": "my calf is a bit sore"}, follow=True)
        asked = [question.id for question in page.context["asked_back"]]
        assert asked == [one for one in unsure.screening if one in asked] != []
        assert paul.get(at("messages")).context["asked_back"] == []


class TestApi:
    def test_the_answer_comes_with_the_message(self, ward: Ward, sign_in, at_north: Ward) -> None:
        answer = (
            sign_in(ward.people.paul).post(api(ward), {"body": CLOT}, content_type="application/json").json()
        )
        assert answer["body"] == CLOT
        assert answer["answer"]["heading"] == "Stop now. Call 999."
        assert answer["answer"]["ref"] == str(Alert.objects.get().ref)

    def test_without_danger_there_is_no_answer(self, ward: Ward, sign_in) -> None:
        answer = sign_in(ward.people.paul).post(
            api(ward), {"body": HARMLESS}, content_type="application/json"
        )
        assert (answer.status_code, answer.json()["answer"]) == (201, None)

    def test_a_refused_message_is_heard(self, ward: Ward, sign_in, at_north: Ward) -> None:
        answer = sign_in(ward.people.paul).post(
            api(ward), {"body": CLOT + " " + "x" * 4000}, content_type="application/json"
        )
        assert answer.status_code == 400
        assert answer.json()["answer"]["heading"] == "Stop now. Call 999."
        assert not Message.objects.exists()

    @pytest.mark.parametrize("body", ["", "x" * 4001])
    def test_a_refused_message_without_danger_is_only_refused(self, ward: Ward, sign_in, body: str) -> None:
        answer = sign_in(ward.people.paul).post(api(ward), {"body": body}, content_type="application/json")
        assert answer.status_code == 400
        assert "answer" not in answer.json()

    def test_a_patient_writes_in_their_own_name_only(self, ward: Ward, sign_in) -> None:
        assert (
            sign_in(ward.people.petra)
            .post(api(ward), {"body": CLOT}, content_type="application/json")
            .status_code
            == 404
        )
        assert (
            sign_in(ward.people.sid)
            .post(api(ward), {"body": CLOT}, content_type="application/json")
            .status_code
            == 404
        )
        with clinic_scope(ward.people.north.pk):
            assert not Alert.objects.exists()
