"""Red flags that a therapist wrote down: told now, or dealt with already. Both stay on record as an alert."""

from uuid import UUID

from clinic.models import Membership
from patients.models import Alert, Patient
from patients.red_flags.heard_hits import heard_hits
from patients.red_flags.noting import Noted
from patients.services.alerts import AlertRule, close_alert, raise_alert
from patients.services.listening import WORDS_KEPT, kept_flags
from patients.services.stopping import run_stop_hooks

SOURCE = "note"


def tell_noted(
    patient: Patient, noted: Noted, *, note_ref: UUID, by: Membership, dealt_with: str = ""
) -> Alert:
    """Raise an alert for what a note says, which puts exercise on hold; with `dealt_with` (what was done) it
    is closed at once and holds nothing. The same of the same note is told once.

    Raises RuntimeError inside another transaction.
    """
    hits = sorted(heard_hits(noted.flags), key=lambda hit: -hit.severity.rank)
    rules = [{"id": hit.rule_id, "version": hit.rule_version} for hit in hits]
    told = _told(patient, note_ref, rules)
    alert = told or raise_alert(
        patient,
        AlertRule.of(hits[0]),
        text_shown="",
        answers={
            "source": SOURCE,
            "note": str(note_ref),
            "said": [
                {"words": line.words[:WORDS_KEPT], "marks": [list(mark) for mark in line.marks]}
                for line in noted.lines
            ],
            "rules": rules,
            "heard": kept_flags(noted.flags),
        },
        holds_exercise=not dealt_with,
    )
    if dealt_with and alert.is_open:
        return close_alert(alert, by=by, outcome=dealt_with)
    if told is None:
        run_stop_hooks(patient, None, reason=hits[0].rule_id)
    return alert


def _told(patient: Patient, note_ref: UUID, rules: list[dict[str, object]]) -> Alert | None:
    of_note = Alert.objects.filter(patient=patient, answers__note=str(note_ref))
    return next((alert for alert in of_note if alert.answers["rules"] == rules), None)
