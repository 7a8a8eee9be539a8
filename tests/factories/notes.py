"""Notes for tests. Plain functions; each opens the clinic's scope itself."""

from itertools import count
from typing import Any

from clinic.models import Clinic, Membership
from clinic.tenancy.scope import clinic_scope
from notes.models import NoteTemplate, VisitNote
from notes.services.drafts import begin_note
from notes.services.signing import sign_note
from patients.models import Patient

_numbers = count(1)
SECTIONS = [
    {"heading": "Subjective", "prompt": "What the patient says."},
    {"heading": "Objective", "prompt": "What you measured."},
    {"heading": "Assessment", "prompt": "What you make of it."},
    {"heading": "Plan", "prompt": "What comes next."},
]
SOAP_TEXT = (
    "SUBJECTIVE:\nPain 4/10 on stairs.\n\nOBJECTIVE:\nLeft knee flexion 0 to 95 degrees. Quadriceps 4/5.\n\n"
    "ASSESSMENT:\nLeft knee osteoarthritis.\n\nPLAN:\nStraight leg raises, 3 sets.\n"
)


def make_template(clinic: Clinic, **fields: Any) -> NoteTemplate:
    """An active SOAP template."""
    values = {"title": f"Visit {next(_numbers)}", "kind": "soap", "sections": SECTIONS, **fields}
    with clinic_scope(clinic.pk):
        return NoteTemplate.objects.create(**values)


def make_note(
    patient: Patient, *, by: Membership, text: str = SOAP_TEXT, kind: str = "soap", **said: Any
) -> VisitNote:
    """A draft with a text."""
    with clinic_scope(patient.clinic_id):
        return begin_note(patient, kind=kind, template=said.pop("template", None), text=text, by=by, **said)


def make_signed_note(patient: Patient, *, by: Membership, **said: Any) -> VisitNote:
    """A note that its author has signed; an assistant names a `cosigner`."""
    cosigner = said.pop("cosigner", None)
    note = make_note(patient, by=by, **said)
    with clinic_scope(patient.clinic_id):
        return sign_note(note, by=by, cosigner=cosigner)
