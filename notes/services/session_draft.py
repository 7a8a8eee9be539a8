"""A draft made of a session by rules. It is never signed by itself; each of its sentences says what it rests
on.
"""

from django.db import transaction

from clinic.models import Membership
from notes.errors import SessionNotReady
from notes.models import NoteBasis, VisitNote
from notes.selectors.basis import note_of_session
from notes.selectors.session_facts import session_facts_of
from notes.services.drafts import begin_note
from notes.session_sentences import Sentence, sentences_of, text_of
from patients.local_time import local_day
from patients.models import Patient
from sessions.models import TherapySession

WORDS = 200
# Analysing takes seconds; what is planned or live has nothing to tell yet.
NOT_READY = (TherapySession.State.PLANNED, TherapySession.State.LIVE, TherapySession.State.ENDED)


def draft_from_session(session: TherapySession, *, by: Membership) -> VisitNote:
    """The note of a session: the one that there is, or else a draft made now.

    Raises SessionNotReady while the session goes on or is analysed.
    """
    if session.state in NOT_READY:
        raise SessionNotReady
    with transaction.atomic():
        # One after the other: of two who ask at once, the second is given the first one's draft.
        Patient.objects.select_for_update(of=("self",)).get(pk=session.patient_id)
        there = note_of_session(session)
        return there or _draft(session, by=by)


def _draft(session: TherapySession, *, by: Membership) -> VisitNote:
    sections = sentences_of(session_facts_of(session))
    note = begin_note(
        session.patient,
        kind=VisitNote.Kind.SOAP,
        template=None,
        session=session,
        text=text_of(sections),
        occurred_on=local_day(session.patient, at=session.started_at or session.created_at),
        by=by,
    )
    note.drafted_by_rules = True
    note.save(update_fields=["drafted_by_rules", "updated_at"])
    NoteBasis.objects.bulk_create(_rows(note, [one for said in sections.values() for one in said]))
    return note


def _rows(note: VisitNote, sentences: list[Sentence]) -> list[NoteBasis]:
    return [
        NoteBasis(
            note=note,
            order=order,
            sentence=sentence.words,
            kind=basis.kind,
            object_ref=basis.ref,
            within_ref=basis.within,
            words=basis.words[:WORDS],
        )
        for order, sentence in enumerate(sentences)
        for basis in sentence.bases
    ]
