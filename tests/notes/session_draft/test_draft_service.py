"""A draft of a session says what is stored, opens what it rests on, and is one draft however often asked."""

import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from clinic.models import AuditEvent
from clinic.tenancy.scope import clinic_scope
from notes.errors import SessionNotReady
from notes.models import Finding, NoteBasis, NoteFact, VisitNote
from notes.selectors.basis import addresses_of
from notes.selectors.marks import marks_of
from notes.selectors.session_facts import _steady
from notes.selectors.signing_review import signing_review
from notes.services.drafts import discard_draft, save_draft
from notes.services.session_draft import draft_from_session
from notes.services.signing import sign_note
from notes.session_sentences.facts import SessionFacts, SittingFact, TrendFact
from notes.session_sentences.objective import objective
from patients.models import PainReport
from patients.services import report_pain, send_message
from prescriptions.dose import Dose
from prescriptions.selectors import active_prescription, exercises_of
from prescriptions.services import change_dose
from sessions.models import Recording, Repetition, TherapySession, TimedTest
from sessions.motion_trend.metrics import METRICS
from sessions.selectors.movement.change import Change, Level, Verdict
from tests.factories.patients import Ward, make_alert
from tests.factories.sessions import first_set, make_analysed_session, make_clinic_floor, make_session, squats


@pytest.fixture
def ward(db: None) -> Ward:
    return make_clinic_floor()


@pytest.fixture
def session(ward: Ward) -> TherapySession:
    """Two of four squats with the knees inwards."""
    motion = squats(4, compensation="knee_valgus", severity=1.0, compensated=[1, 3])
    return make_analysed_session(ward.paul, motion)


def _draft(session: TherapySession, by: Any) -> VisitNote:
    with clinic_scope(session.clinic_id):
        return draft_from_session(session, by=by)


def _line(note: VisitNote, start: str) -> str:
    return next(line for line in note.text.splitlines() if line.startswith(start))


def test_numbers_are_the_stored_ones(ward: Ward, session: TherapySession) -> None:
    note = _draft(session, ward.people.nora)
    with clinic_scope(session.clinic_id):
        stored = list(Repetition.objects.filter(exercise_set=first_set(session)))
    counts = {kind: sum(one.classification == kind for one in stored) for kind in Repetition.Classification}
    assert counts["correct"] and counts["significant"] + counts["mild"]
    line = _line(note, "Squat: 1 of 1 set, 4 of 4 repetitions, all scored:")
    said = {
        kind: int(number) for number, kind in re.findall(r"(\d+) (?:with )?(correct|mild|significant)", line)
    }
    assert said == {kind: count for kind, count in counts.items() if count and kind != "not_scored"}
    farthest = max(stored, key=lambda one: one.peak_deg)
    assert f"; farthest knee flexion {farthest.peak_deg:.0f}° (set 1, repetition {farthest.index})" in line
    assert "Since the session of" not in note.text  # nothing came before that it could be compared with


def test_the_commonest_finding_opens_its_clearest_repetition(ward: Ward, session: TherapySession) -> None:
    note = _draft(session, ward.people.nora)
    line = _line(note, "Squat, most often")
    number = int(re.search(r"set 1, repetition (\d+)\.$", line).group(1))  # type: ignore[union-attr]
    with clinic_scope(session.clinic_id):
        shown = Repetition.objects.get(exercise_set=first_set(session), index=number)
        opened = {note.text[one.start : one.end]: one.address for one in addresses_of(note)}
        codes = {finding["code"] for finding in shown.findings}
        stored = Repetition.objects.filter(exercise_set=first_set(session))
        holders = list(stored.exclude(classification="not_scored"))
        having = sum(bool(codes & {each["code"] for each in one.findings}) for one in holders)
    review = reverse("sessions:review", args=["north", session.ref])
    assert opened[line] == f"{review}#repetition-{shown.ref}"
    assert f"In {having} of {len(holders)} scored repetitions" in line


def test_every_sentence_rests_on_something_and_is_found_in_the_text(
    ward: Ward, session: TherapySession
) -> None:
    note = _draft(session, ward.people.nora)
    with clinic_scope(session.clinic_id):
        places = addresses_of(note)
        bases = NoteBasis.objects.filter(note=note).count()
    assert len(places) == bases
    assert len(note.text.splitlines()) < 24  # of them 4 headings and 3 empty
    covered = {note.text[one.start : one.end] for one in places}
    left = [line for line in note.text.splitlines() if line and line not in covered]
    assert left == [
        "SUBJECTIVE:",
        "Reported in the visit: ___",
        "OBJECTIVE:",
        "Measured in the visit: ___",
        "ASSESSMENT:",
        "Assessment: ___",
        "PLAN:",
        "Changes today: ___",
        "Next visit: ___",
    ]


def test_pain_messages_alerts_and_dose_changes_since_the_last_note(
    ward: Ward, session: TherapySession
) -> None:
    with clinic_scope(session.clinic_id):
        for value, moment in ((3, "before"), (6, "after")):
            report_pain(ward.paul, value=value, moment=moment, session_ref=session.ref)
        report_pain(ward.paul, value=4, moment="next_morning")
        send_message(ward.paul, author=ward.people.paul, body="Hurts <b>here</b>.\n" + "and there " * 30)
        item = exercises_of(active_prescription(ward.paul)).get()
        change_dose(item, Dose(sets=2, repetitions=6), by=ward.people.nora, reason="Went well")
        PainReport.objects.create(
            patient=ward.paul, value=9, moment="after", at=timezone.now() - timedelta(days=40)
        )
    note = _draft(session, ward.people.nora)
    assert "Pain 3/10 before and 6/10 after exercise on" in note.text
    assert "4/10 the next morning" in _line(note, "Since ")
    assert "9/10" not in note.text
    quote = _line(note, "The patient wrote on")
    assert quote.count("“") == quote.count("”") == 1 and "<b>here</b>." in quote and len(quote) < 170
    assert "Alert on" in note.text and "Pain 6, over 5 (open)" in note.text
    assert _line(note, "Pain rule broken on").endswith("pain 6, over 5.")
    assert note.text.count("6/10") == 1
    change = _line(note, "Nora changed squat on")
    assert (
        "from 1 set of 4" in change and "to 2 sets of 6" in change and change.endswith("Reason: Went well.")
    )
    assert "squat, 2 sets of 6" in _line(note, "Home programme since")


def test_the_session_before_is_compared_without_a_cause(ward: Ward, session: TherapySession) -> None:
    later = make_analysed_session(ward.paul, squats(4))
    line = _line(_draft(later, ward.people.nora), "Since the session of")
    then = f"{session.repetitions_correct} of {session.repetitions_scored} scored repetitions correct then"
    now = f"{later.repetitions_correct} of {later.repetitions_scored} correct now"
    assert f"{then}, {now}" in line
    assert "because" not in line and "due to" not in line


def test_pain_of_the_session_before_is_told_as_a_difference(ward: Ward, session: TherapySession) -> None:
    later = make_analysed_session(ward.paul, squats(4))
    with clinic_scope(session.clinic_id):
        report_pain(ward.paul, value=2, moment="after", session_ref=session.ref)
        report_pain(ward.paul, value=5, moment="after", session_ref=later.ref)
    note = _draft(later, ward.people.nora)
    assert _line(note, "Since the session of").endswith("; pain afterwards 3 points higher.")


def test_steady_trends_share_a_line_and_a_moved_one_has_its_own() -> None:
    sitting = SittingFact(ref=uuid4(), day="today", time="09:00", mode="camera", simulated=False)
    trends = (
        TrendFact("Cadence 116.", simulated=False, steady="cadence 116 steps/min (up 1)"),
        TrendFact("Walking speed 0.80 m/s, down 0.40.", simulated=True),
        TrendFact("Step length 0.64.", simulated=False, steady="step length 0.64 m (unchanged)"),
    )
    lines = [one.words for one in objective(SessionFacts(sitting, "7 November", trends=trends))]
    assert lines[1:3] == [
        "Walking speed 0.80 m/s, down 0.40. (simulated)",
        "Since the start, within day-to-day or test error: "
        "cadence 116 steps/min (up 1), step length 0.64 m (unchanged).",
    ]


@pytest.mark.parametrize(
    ("now", "steady"),
    [(1.05, "walking speed 1.05 m/s (up 0.05)"), (1.0, "walking speed 1.00 m/s (unchanged)"), (1.5, "")],
)
def test_a_change_beyond_measurement_error_is_not_steady(now: float, steady: str) -> None:
    metric = METRICS["walk_10m_speed_m_s"]
    day = timezone.now().date()
    levels = [Level(day, value, value - 0.01, value + 0.01) for value in (1.0, now)]
    change = Change(metric, Verdict.UNCLEAR, "", now=levels[1], then=levels[0])
    assert _steady(change) == steady.replace("walking speed", metric.name)


def test_one_line_says_which_scoring_is_not_proven(ward: Ward, session: TherapySession) -> None:
    lines = [line for line in _draft(session, ward.people.nora).text.splitlines() if "proven" in line]
    assert lines == ["The scoring of squat is not proven in patients."]


def test_withheld_tests_say_why_and_simulated_ones_say_so(ward: Ward, session: TherapySession) -> None:
    with clinic_scope(session.clinic_id):
        for simulated, value, withheld in ((True, 11.0, ""), (False, None, "The walk was too short.")):
            recording = Recording.objects.create(patient=ward.paul, simulated=simulated)
            TimedTest.objects.create(
                patient=ward.paul,
                recording=recording,
                kind="tug",
                at=timezone.now(),
                value=value,
                unit="s",
                low=value and 10.4,
                high=value and 11.6,
                withheld=withheld,
            )
    note = _draft(session, ward.people.nora)
    line = _line(note, "Timed Up and Go on")
    assert ": no value is given. The walk was too short. Before: 11.0 s (10.4 to 11.6) on" in line
    assert line.endswith(", simulated.")


def test_a_tapped_session_is_said_to_be_unjudged_and_an_unseen_one_why(ward: Ward) -> None:
    unseen = make_analysed_session(ward.paul, squats(4, covered=["left_leg", "right_leg"]))
    text = _draft(unseen, ward.people.nora).text
    assert "not scored" in text and "correct" not in text and "proven" not in text
    tapped = make_session(ward.sid, mode="tap")
    with clinic_scope(tapped.clinic_id):
        one = first_set(tapped)
        one.state, one.repetition_count = "analysed", 4
        one.save()
        TherapySession.objects.filter(pk=tapped.pk).update(state="analysed", started_at=timezone.now())
        tapped.refresh_from_db()
    text = _draft(tapped, ward.people.sam).text
    assert "Counted by tapping: nothing was recorded, so form was not judged." in text
    assert "proven" not in text


def test_there_is_one_draft_of_a_session_and_a_discarded_one_makes_room(
    ward: Ward, session: TherapySession
) -> None:
    first = _draft(session, ward.people.nora)
    assert (first.status, first.drafted_by_rules, first.signed_at) == ("draft", True, None)
    assert _draft(session, ward.people.ash).pk == first.pk
    with clinic_scope(session.clinic_id):
        discard_draft(first, by=ward.people.nora)
    assert _draft(session, ward.people.nora).pk != first.pk


def test_a_session_that_goes_on_has_no_note_yet(ward: Ward) -> None:
    session = make_session(ward.paul)
    with clinic_scope(session.clinic_id), pytest.raises(SessionNotReady):
        draft_from_session(session, by=ward.people.nora)


def test_a_changed_sentence_opens_nothing_and_the_others_still_do(
    ward: Ward, session: TherapySession
) -> None:
    note = _draft(session, ward.people.nora)
    line = _line(note, "Squat: 1 of 1")
    with clinic_scope(session.clinic_id):
        before = len(addresses_of(note))
        changed = "😀 added above\n" + note.text.replace(line, line + " I saw five.", 1).replace(
            "4 of 4", "5 of 4"
        )
        note = save_draft(note, text=changed, revision=note.revision, by=ward.people.nora)
        after = addresses_of(note)
    assert 0 < len(after) < before
    assert all(
        note.text[one.start : one.end] in note.text.splitlines()
        and "5 of 4" not in note.text[one.start : one.end]
        for one in after
    )


def test_only_what_the_therapist_wrote_becomes_a_finding(ward: Ward, session: TherapySession) -> None:
    """What the draft took from the record is there already, under its own day."""
    nora = ward.people.nora
    with clinic_scope(session.clinic_id):
        report_pain(ward.paul, value=6, moment="after", session_ref=session.ref)
    note = _draft(session, nora)
    drafted_pain = next(line for line in note.text.splitlines() if "6/10" in line)
    with clinic_scope(session.clinic_id):
        written = note.text + "\nLeft knee flexion 0 to 85 degrees. Pain 2/10 at rest.\n"
        note = save_draft(note, text=written, revision=note.revision, by=nora)
        assert "pain 6/10" not in str(marks_of(note, note.text, []).to_dict()["findings"])
        kept = [one.words for one in signing_review(note).findings]
        note = sign_note(note, by=nora)
        found = {(one.kind, one.high) for one in Finding.objects.filter(note=note)}
    assert any("85" in words for words in kept)
    assert found == {("range", 85.0), ("pain", 2.0)}
    assert drafted_pain in note.text


def test_a_drafted_value_that_somebody_changed_is_their_own(ward: Ward, session: TherapySession) -> None:
    nora = ward.people.nora
    with clinic_scope(session.clinic_id):
        report_pain(ward.paul, value=6, moment="after", session_ref=session.ref)
    note = _draft(session, nora)
    line = next(line for line in note.text.splitlines() if "6/10" in line)
    with clinic_scope(session.clinic_id):
        text = note.text.replace(line, line + " He says 7/10 today.", 1)
        note = sign_note(save_draft(note, text=text, revision=note.revision, by=nora), by=nora)
        found = {one.high for one in Finding.objects.filter(note=note, kind="pain")}
    assert 7.0 in found


def test_a_new_analysis_leads_to_the_session_instead_of_nowhere(ward: Ward, session: TherapySession) -> None:
    note = _draft(session, ward.people.nora)
    with clinic_scope(session.clinic_id):
        Repetition.objects.all().delete()
        addresses = {one.kind: one.address for one in addresses_of(note)}
    assert addresses["repetition"] == reverse("sessions:review", args=["north", session.ref])


def test_addresses_cost_the_same_however_long_the_note(
    ward: Ward, session: TherapySession, django_assert_num_queries: Any
) -> None:
    note = _draft(session, ward.people.nora)
    with clinic_scope(session.clinic_id), django_assert_num_queries(3):
        addresses_of(note)
    with clinic_scope(session.clinic_id):
        one = NoteBasis.objects.filter(note=note, kind="repetition").first()
        NoteBasis.objects.filter(note=note).exclude(pk=one.pk).delete()
    with clinic_scope(session.clinic_id), django_assert_num_queries(3):
        addresses_of(note)


def test_only_the_care_team_writes_and_the_trail_names_no_words(
    ward: Ward, session: TherapySession, signed_in: Any
) -> None:
    address = reverse("notes:draft_from_session", args=["north", session.ref])
    answers = {
        name: signed_in(getattr(ward.people, name)).post(address).status_code
        for name in ("ola", "ada", "paul", "sam")
    }
    assert answers == {"ola": 403, "ada": 403, "paul": 403, "sam": 404}
    with clinic_scope(session.clinic_id):
        assert not VisitNote.objects.exists()
    assert signed_in(ward.people.nora).post(address).status_code == 302
    with clinic_scope(session.clinic_id):
        note = VisitNote.objects.get()
        made = AuditEvent.objects.filter(action="create", object_type="notes.VisitNote").get()
        assert made.object_ref == note.ref and "Squat" not in str(made.detail)
        assert not NoteFact.objects.filter(state="confirmed").exists()


def test_the_review_and_the_patient_offer_the_note(
    ward: Ward, session: TherapySession, signed_in: Any
) -> None:
    review = reverse("sessions:review", args=["north", session.ref])
    patient = reverse("patients:patient", args=["north", ward.paul.ref])
    browser = signed_in(ward.people.nora)
    address = reverse("notes:draft_from_session", args=["north", session.ref])
    assert all(address in browser.get(page).content.decode() for page in (review, patient))
    browser.post(address)
    assert all("Go on with the note" in browser.get(page).content.decode() for page in (review, patient))
    with clinic_scope(session.clinic_id):
        make_alert(ward.paul)
    make_session(ward.paul)
    assert "Go on with the note" in browser.get(review).content.decode()
