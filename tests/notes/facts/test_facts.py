"""Facts of a stored note: read once, corrected by people, kept at signing."""

from datetime import timedelta

import pytest
from django.utils import timezone

from clinic.audit.models import AuditEvent
from clinic.model_register.selectors import ActiveModel
from notes import reading, tasks
from notes.clini_note_extractor import extract_by_rules
from notes.errors import DraftTakenOver, NoteLocked, StaleDraft
from notes.fact_merging import Correction
from notes.models import Finding, NoteFact, VisitNote
from notes.selectors.facts import facts_of, findings_line
from notes.selectors.signing_review import signing_review
from notes.services import facts
from notes.services.drafts import save_draft, take_over_draft
from notes.services.fact_corrections import Quoted, correct_facts
from notes.services.signing import give_back, mark_entered_in_error, sign_note
from notes.services.unread import queue_notes_left
from tests.factories.notes import make_note
from tests.factories.patients import Ward

TEXT = "OBJECTIVE:\nLeft knee flexion 0 to 95 degrees. Quadriceps 4/5.\nNo evidence of DVT.\n"


def told(note: VisitNote) -> list[tuple[str, str, str]]:
    note.refresh_from_db()
    return [(note.text[one.start : one.end], one.label, one.source) for one in facts_of(note)]


def quoted(text: str, words: str, label: str, **more) -> Quoted:
    start = text.index(words)
    return Quoted(Correction(start, start + len(words), label, **more), words)


def test_reading_stores_what_the_text_says(ward: Ward):
    note = make_note(ward.paul, by=ward.people.nora, text=TEXT)
    assert facts.read_note(note.pk) is True
    assert told(note) == [
        ("Left", "LATERALITY", "found"),
        ("knee", "BODY_REGION", "found"),
        ("0 to 95 degrees", "ROM", "found"),
        ("Quadriceps", "BODY_REGION", "found"),
        ("4/5", "STRENGTH", "found"),
        ("DVT", "DIAGNOSIS", "found"),
    ]
    assert note.reading in ("done", "by_rules")
    assert note.read_by != ""
    assert NoteFact.objects.get(label="DIAGNOSIS").assertion == "negated"
    assert Finding.objects.count() == 0


def test_the_same_text_is_read_once_and_again_when_asked(ward: Ward, monkeypatch: pytest.MonkeyPatch):
    note = make_note(ward.paul, by=ward.people.nora, text=TEXT)
    counted = []
    by_rules = reading.Reader(
        "rules", False, "rules", lambda text: counted.append(1) or extract_by_rules(text)
    )
    monkeypatch.setattr(facts, "reader_for_clinic", lambda: by_rules)
    assert [facts.read_note(note.pk), facts.read_note(note.pk)] == [True, False]
    assert facts.read_note(note.pk, again=True) is True
    assert len(counted) == 2
    assert NoteFact.objects.filter(note=note).count() == 6


def test_a_text_that_changed_while_it_was_read_waits_for_its_own_reading(ward: Ward):
    note = make_note(ward.paul, by=ward.people.nora, text=TEXT)
    as_read = VisitNote.objects.get(pk=note.pk)
    save_draft(note, text=TEXT + "Pain 3/10.", revision=1, by=ward.people.nora)
    reader = reading.reader_for_clinic()
    assert facts.store_facts(as_read, reader.extract(as_read.text), reader=reader) is False
    note.refresh_from_db()
    assert (note.reading, NoteFact.objects.filter(note=note).count()) == ("waiting", 0)


def test_a_lost_reading_is_queued_again_after_two_minutes(ward: Ward, monkeypatch: pytest.MonkeyPatch):
    note = make_note(ward.paul, by=ward.people.nora, text=TEXT)
    queued = []
    monkeypatch.setattr("notes.services.unread.queue_reading", lambda one: queued.append(one.pk))
    assert queue_notes_left() == 0
    VisitNote.objects.update(updated_at=timezone.now() - timedelta(minutes=3))
    assert (queue_notes_left(), queued) == (1, [note.pk])
    facts.read_note(note.pk)
    VisitNote.objects.update(updated_at=timezone.now() - timedelta(minutes=3))
    assert queue_notes_left() == 0


def test_the_task_works_in_the_clinic_of_its_message(ward: Ward):
    note = make_note(ward.paul, by=ward.people.nora, text=TEXT)
    tasks.read_note(clinic_id=ward.people.north.pk, note_id=note.pk)
    assert len(told(note)) == 6


def test_corrections_win_and_survive_another_reading(ward: Ward):
    nora = ward.people.nora
    note = make_note(ward.paul, by=nora, text=TEXT)
    facts.read_note(note.pk)
    start = TEXT.index("knee")
    found = {"start": start, "end": start + 4, "label": "BODY_REGION", "assertion": "present"}
    sent = [
        quoted(TEXT, "knee", "BODY_REGION", is_removed=True, found_as=found),
        quoted(TEXT, "Left knee flexion", "INTERVENTION"),
        quoted(TEXT, "DVT", "DIAGNOSIS", assertion="possible", found_as={**found, "label": "DIAGNOSIS"}),
    ]
    assert correct_facts(note, facts=sent, revision=1, by=nora) == []
    facts.read_note(note.pk, again=True)
    assert told(note) == [
        ("Left knee flexion", "INTERVENTION", "marked by you"),
        ("0 to 95 degrees", "ROM", "found"),
        ("Quadriceps", "BODY_REGION", "found"),
        ("4/5", "STRENGTH", "found"),
        ("DVT", "DIAGNOSIS", "confirmed"),
    ]


def test_the_same_corrections_again_write_nothing(ward: Ward):
    nora = ward.people.nora
    note = make_note(ward.paul, by=nora, text=TEXT)
    sent = [quoted(TEXT, "Quadriceps", "BODY_REGION")]
    correct_facts(note, facts=sent, revision=1, by=nora)
    row = NoteFact.objects.get(decided_by=nora)
    correct_facts(note, facts=sent, revision=1, by=nora)
    assert NoteFact.objects.get(decided_by=nora).pk == row.pk
    assert AuditEvent.objects.filter(purpose="correct facts").count() == 1
    assert "Quadriceps" not in str(AuditEvent.objects.get(purpose="correct facts").detail)
    correct_facts(note, facts=[], revision=1, by=nora)
    assert NoteFact.objects.filter(decided_by=nora).count() == 0


@pytest.mark.parametrize(
    ("start", "end", "quote"),
    [(11, 15, "Rigt"), (11, 15, "left"), (0, 900, "OBJECTIVE"), (26, 28, " f"), (15, 16, " ")],
)
def test_a_correction_about_other_words_is_refused(ward: Ward, start: int, end: int, quote: str):
    nora = ward.people.nora
    note = make_note(ward.paul, by=nora, text=TEXT)
    sent = Quoted(Correction(start, end, "DIAGNOSIS"), quote)
    assert correct_facts(note, facts=[sent], revision=1, by=nora) == [sent.correction]
    assert NoteFact.objects.count() == 0


def test_of_two_corrections_that_overlap_the_first_is_kept(ward: Ward):
    nora = ward.people.nora
    note = make_note(ward.paul, by=nora, text=TEXT)
    sent = [quoted(TEXT, "Left knee", "DIAGNOSIS"), quoted(TEXT, "knee flexion", "ROM")]
    assert [one.label for one in correct_facts(note, facts=sent, revision=1, by=nora)] == ["ROM"]


def test_corrections_of_an_older_text_a_held_draft_or_a_signed_note_are_refused(ward: Ward):
    nora, bea = ward.people.nora, ward.people.bea_north
    note = make_note(ward.paul, by=nora, text=TEXT)
    with pytest.raises(StaleDraft):
        correct_facts(note, facts=[], revision=7, by=nora)
    take_over_draft(note, by=bea)
    with pytest.raises(DraftTakenOver):
        correct_facts(note, facts=[], revision=1, by=nora)
    take_over_draft(note, by=nora)
    sign_note(note, by=nora)
    with pytest.raises(NoteLocked):
        correct_facts(note, facts=[], revision=1, by=nora)


def test_facts_move_with_the_text_and_end_with_their_words(ward: Ward):
    nora = ward.people.nora
    note = make_note(ward.paul, by=nora, text=TEXT)
    facts.read_note(note.pk)
    correct_facts(note, facts=[quoted(TEXT, "Left knee flexion", "INTERVENTION")], revision=1, by=nora)
    save_draft(note, text=f"🦵 Today.\n{TEXT}".replace("Quadriceps", "Calf"), revision=1, by=nora)
    assert [words for words, _, _ in told(note)] == ["Left knee flexion", "0 to 95 degrees", "4/5", "DVT"]


def test_signing_keeps_what_was_shown_and_its_values(ward: Ward):
    nora = ward.people.nora
    note = make_note(ward.paul, by=nora, text=TEXT)
    facts.read_note(note.pk)
    links = {"region": "knee", "side": "left", "motion": "extension"}
    correct_facts(
        note,
        facts=[quoted(TEXT, "4/5", "STRENGTH", links=links, found_as={"label": "STRENGTH"})],
        revision=1,
        by=nora,
    )
    assert len(signing_review(VisitNote.objects.get(pk=note.pk)).findings) == 2
    sign_note(note, by=nora)
    assert set(NoteFact.objects.filter(note=note).values_list("state", flat=True)) == {"confirmed"}
    kept = Finding.objects.order_by("start").values_list(
        "kind", "low", "high", "unit", "region", "side", "motion", "patient", "observed_on"
    )
    on = note.occurred_on
    assert list(kept) == [
        ("range", 0.0, 95.0, "deg", "knee", "left", "flexion", ward.paul.pk, on),
        ("strength", 4.0, 4.0, "0-5", "knee", "left", "extension", ward.paul.pk, on),
    ]
    assert findings_line(note) == "left knee flexion 0–95°, left knee extension strength 4/5"


def test_signing_before_any_worker_came_reads_the_text_itself(ward: Ward):
    note = make_note(ward.paul, by=ward.people.nora, text=TEXT)
    sign_note(note, by=ward.people.nora)
    assert (Finding.objects.count(), NoteFact.objects.filter(note=note).count()) == (2, 6)


def test_another_reading_of_a_signed_note_proposes_beside_what_was_kept(ward: Ward):
    nora = ward.people.nora
    note = make_note(ward.paul, by=nora, text=TEXT)
    facts.read_note(note.pk)
    start = TEXT.index("DVT")
    found = {"start": start, "end": start + 3, "label": "DIAGNOSIS", "assertion": "negated"}
    correct_facts(
        note, facts=[quoted(TEXT, "DVT", "DIAGNOSIS", is_removed=True, found_as=found)], revision=1, by=nora
    )
    sign_note(note, by=nora)
    kept = told(note)
    facts.read_note(note.pk, again=True)
    assert told(note) == kept
    assert Finding.objects.count() == 2


def test_findings_go_with_a_note_that_was_given_back_or_entered_in_error(ward: Ward):
    ash, nora = ward.people.ash, ward.people.nora
    note = make_note(ward.paul, by=ash, text=TEXT)
    sign_note(note, by=ash, cosigner=nora)
    assert Finding.objects.count() == 2
    give_back(note, by=nora, reason="The side is wrong.")
    assert Finding.objects.count() == 0
    sign_note(note, by=nora)
    mark_entered_in_error(note, by=nora, reason="Other patient.")
    assert Finding.objects.filter(withdrawn_at__isnull=True).count() == 0
    assert findings_line(note) == ""


def test_a_model_that_cannot_be_loaded_is_said_with_the_note(ward: Ward, monkeypatch: pytest.MonkeyPatch):
    reading.forget_models()
    monkeypatch.setattr(reading, "active_model", lambda _: ActiveModel("7", "ab" * 32, "missing.zip"))
    note = make_note(ward.paul, by=ward.people.nora, text=TEXT)
    facts.read_note(note.pk)
    note.refresh_from_db()
    assert (note.reading, note.reading_warning) == ("by_rules", reading.UNUSABLE)
    reading.forget_models()


def test_a_note_in_another_language_says_so(ward: Ward):
    spanish = (
        "El paciente refiere dolor en la rodilla derecha desde hace dos semanas y no puede caminar bien. " * 3
    )
    note = make_note(ward.paul, by=ward.people.nora, text=spanish)
    facts.read_note(note.pk)
    note.refresh_from_db()
    assert "Spanish" in note.reading_warning
    assert told(note) == []
