"""A patient's own words pass the spine: told first, answered after, told once."""

from uuid import uuid4

from patients import services
from patients.models import Alert, ExerciseHold
from patients.services import Origin
from tests.factories.patients import Ward

CLOT = "my left calf is swollen and hot since last night"
HERE = Origin("assistant", conversation_ref=uuid4(), turn_ref=uuid4())


def test_danger_is_told_with_the_exact_words_and_the_rule(at_north: Ward) -> None:
    told = services.hear_patient(at_north.paul, [CLOT], origin=HERE)
    alert = Alert.objects.get()
    assert (told.alert, told.is_new, alert.severity, alert.rule_id) == (alert, True, "emergency", "dvt_pe")
    assert told.answer is not None and told.answer.heading == "Stop now. Call 999."
    assert alert.answers["words"] == CLOT
    assert alert.answers["conversation"] == str(HERE.conversation_ref)
    heard = alert.answers["heard"][0]
    assert heard["flag"] == "dvt_pe" and heard["citation"] and all(quote in CLOT for quote in heard["quotes"])
    assert ExerciseHold.objects.filter(alert=alert, lifted_at=None).exists()


def test_harmless_words_tell_nobody(at_north: Ward) -> None:
    told = services.hear_patient(at_north.paul, ["how do I do the clamshell again?"], origin=HERE)
    assert (told.alert, told.answer, Alert.objects.count()) == (None, None, 0)


def test_the_same_danger_said_again_is_answered_and_told_once(at_north: Ward) -> None:
    first = services.hear_patient(at_north.paul, [CLOT], origin=HERE)
    again = services.hear_patient(at_north.paul, [CLOT, CLOT], origin=HERE)
    assert (again.alert, again.is_new, again.answer) == (first.alert, False, first.answer)
    assert Alert.objects.count() == 1


def test_what_an_earlier_turn_said_is_not_told_anew(at_north: Ward) -> None:
    told = services.hear_patient(at_north.paul, [CLOT, "thank you"], origin=HERE)
    assert (told.alert, told.answer) == (None, None)


def test_strong_pain_alone_is_told_and_stops_nothing(at_north: Ward) -> None:
    told = services.hear_patient(at_north.paul, ["my knee hurts 8 out of 10 after the squats"], origin=HERE)
    assert told.alert is not None and told.alert.severity == "tell_therapist"
    assert told.answer is None and not ExerciseHold.objects.exists()


def test_a_yes_to_a_screening_question_is_told(at_north: Ward) -> None:
    told = services.answer_screening(at_north.paul, ticked=["calf_swollen"], words="yes", origin=HERE)
    assert told.alert is not None and told.alert.severity == "emergency"
    assert told.alert.answers["ticked"] == ["calf_swollen"]
    assert services.answer_screening(at_north.paul, ticked=[], words="no", origin=HERE).alert is None
