"""Red flags in a note: listed while it is written, and answered when it is signed."""

import pytest
from django.urls import reverse

from notes.errors import FlagsUnanswered
from notes.models import VisitNote
from notes.services.red_flags import FlagsAnswer
from notes.services.signing import sign_note
from patients.models import Alert, ExerciseHold
from patients.red_flags.noting import MOST_AT_ONCE, hear_note
from tests.factories.notes import make_note
from tests.factories.patients import Ward

CLOT = "S: Since yesterday the left calf is swollen and hot.\nO: Calf warm and tender.\nP: Seen today."
CALM = "S: Knee pain 6/10 after stairs. Denies numbness, no bladder or bowel change.\nP: Go on."


def draft(ward: Ward, text: str) -> VisitNote:
    return make_note(ward.paul, by=ward.people.nora, text=text)


def at(page: str, note: VisitNote) -> str:
    return reverse(f"notes:{page}", args=["north", note.ref])


def test_a_note_with_a_flag_is_not_signed_unanswered(ward: Ward) -> None:
    note = draft(ward, CLOT)
    with pytest.raises(FlagsUnanswered):
        sign_note(note, by=ward.people.nora)
    note.refresh_from_db()
    assert (note.status, Alert.objects.count()) == ("draft", 0)


def test_denials_and_strong_pain_ask_nothing(ward: Ward) -> None:
    assert sign_note(draft(ward, CALM), by=ward.people.nora).status == "signed"
    assert not Alert.objects.exists()


def test_an_alert_is_raised_with_the_lines_of_the_note(ward: Ward) -> None:
    note = draft(ward, CLOT)
    sign_note(note, by=ward.people.nora, flags=FlagsAnswer())
    alert = Alert.objects.get()
    assert (alert.severity, alert.rule_id, alert.state) == ("emergency", "dvt_pe", "open")
    assert alert.answers["note"] == str(note.ref)
    line = alert.answers["said"][0]
    assert line["words"] == CLOT.split("\n")[0]
    assert "calf" in {line["words"][start:end] for start, end in line["marks"]}
    assert ExerciseHold.objects.filter(alert=alert, lifted_at=None).exists()


def test_what_was_dealt_with_is_kept_with_its_reason(ward: Ward) -> None:
    sign_note(draft(ward, CLOT), by=ward.people.nora, flags=FlagsAnswer("Sent to hospital."))
    alert = Alert.objects.get()
    assert (alert.state, alert.outcome, alert.closed_by) == (
        "closed",
        "Sent to hospital.",
        ward.people.nora,
    )
    assert not ExerciseHold.objects.exists()


def test_the_signing_page_asks(ward: Ward, signed_in) -> None:
    note = draft(ward, CLOT)
    nora = signed_in(ward.people.nora)
    assert b"Blood clot in a leg or a lung" in nora.get(at("sign_note", note)).content
    sent = {"revision": note.revision}
    assert nora.post(at("sign_note", note), sent).status_code == 400
    empty = {**sent, "flags": "dealt_with", "dealt_with": " "}
    assert nora.post(at("sign_note", note), empty).status_code == 400
    assert nora.post(at("sign_note", note), {**sent, "flags": "raise"}).status_code == 302
    note.refresh_from_db()
    assert (note.status, Alert.objects.get().state) == ("signed", "open")


@pytest.mark.parametrize(("who", "status"), [("nora", 200), ("ola", 403), ("paul", 403), ("sam", 404)])
def test_who_reads_the_editors_list(ward: Ward, signed_in, who: str, status: int) -> None:
    note = draft(ward, CLOT)
    answer = signed_in(getattr(ward.people, who)).get(at("red_flags", note))
    assert answer.status_code == status
    assert (b"Blood clot" in answer.content) == (status == 200)


def test_a_flag_far_down_a_long_note_is_heard_where_it_stands() -> None:
    text = "All well today.\n" * (2 * MOST_AT_ONCE // 16) + "The left calf is swollen and hot."
    noted = hear_note(text)
    assert [flag.flag for flag in noted.flags] == ["dvt_pe"]
    assert noted.lines[-1].words == "The left calf is swollen and hot."
