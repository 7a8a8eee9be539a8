"""Data sets: what a project had settled at one moment, for good."""

from django.db import transaction

from clinic.audit import Action, record
from clinic.models import Membership
from notes.annotating.files import write_conll, write_jsonl
from notes.annotation_errors import NothingNew, NothingSettled
from notes.models import AnnotationProject, DataSetVersion
from notes.note_text import sha256_of
from notes.selectors.annotation.agreement import project_agreement
from notes.selectors.annotation.data_sets import checked, notes_in, settled_notes

THING = "notes.DataSetVersion"
FORMATS = {"jsonl": "application/x-ndjson", "conll": "text/plain"}


@transaction.atomic
def make_data_set(project: AnnotationProject, *, by: Membership, note: str = "") -> DataSetVersion:
    """Freeze what is settled, with its checksum and the agreement of the moment; also of a closed project.

    Raises NothingSettled, NothingNew where it would equal the newest one.
    """
    stored = AnnotationProject.objects.select_for_update().get(pk=project.pk)
    notes = settled_notes(stored)
    if not notes:
        raise NothingSettled
    content = write_jsonl(notes)
    last = DataSetVersion.objects.filter(project=stored).defer("content").order_by("-number").first()
    if last is not None and last.sha256 == sha256_of(content):
        raise NothingNew(last.number)
    agreement = project_agreement(stored)
    version = DataSetVersion.objects.create(
        project=stored,
        number=(last.number if last else 0) + 1,
        content=content,
        sha256=sha256_of(content),
        document_count=len(notes),
        entity_count=sum(len(one.entities) for one in notes),
        agreement=agreement.to_dict() if agreement else {},
        note=note.strip()[:300],
        made_by=by,
    )
    record(
        Action.CREATE,
        object_type=THING,
        object_ref=version.ref,
        detail={"number": version.number, "documents": version.document_count, "sha256": version.sha256},
    )
    return version


def export_data_set(version: DataSetVersion, *, kind: str) -> str:
    """The data set as JSONL or CoNLL, written to the audit trail. Raises DataSetDamaged, KeyError."""
    content = checked(version).content
    if FORMATS[kind] != FORMATS["jsonl"]:
        content = write_conll(notes_in(version))
    record(
        Action.EXPORT,
        object_type=THING,
        object_ref=version.ref,
        detail={"format": kind, "documents": version.document_count, "sha256": version.sha256},
    )
    return content
