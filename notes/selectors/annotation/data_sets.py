"""A project's data sets: opened, checked, compared."""

from dataclasses import dataclass
from uuid import UUID

from notes.annotating.files import read_jsonl
from notes.annotating.spans import stored_spans
from notes.annotation_errors import DataSetDamaged, DataSetNotFound
from notes.clini_note_extractor import Note
from notes.models import AnnotationProject, DataSetVersion, ProjectDocument
from notes.note_text import sha256_of


@dataclass(frozen=True, slots=True)
class Comparison:
    """What changed from one data set to another: documents by id, entities by what makes them the same."""

    documents_added: int
    documents_removed: int
    documents_changed: int
    entities_added: int
    entities_removed: int
    entities_kept: int
    labels: list[tuple[str, int, int]]


def data_set_of(project: AnnotationProject, ref: UUID) -> DataSetVersion:
    """A data set of this project, checked against its checksum.

    Raises DataSetNotFound, DataSetDamaged.
    """
    found = (
        DataSetVersion.objects.filter(project=project, ref=ref).select_related("made_by", "project").first()
    )
    if found is None:
        raise DataSetNotFound
    return checked(found)


def checked(version: DataSetVersion) -> DataSetVersion:
    """The data set, if its content is what was stored. Raises DataSetDamaged."""
    if sha256_of(version.content) != version.sha256:
        raise DataSetDamaged
    return version


def notes_in(version: DataSetVersion) -> list[Note]:
    """Its documents with their entities."""
    return read_jsonl(version.content).notes


def settled_notes(project: AnnotationProject) -> list[Note]:
    """What the project has settled, by name: what the next data set would hold."""
    documents = ProjectDocument.objects.filter(project=project, state=ProjectDocument.State.SETTLED)
    return [
        Note(one.name, one.text, tuple(span.to_entity() for span in stored_spans(one.settled)))
        for one in documents.order_by("name")
    ]


def compare_data_sets(older: DataSetVersion, newer: DataSetVersion) -> Comparison:
    """Counts of what was added, changed and removed from the older to the newer one."""
    before = {note.id: note for note in notes_in(older)}
    after = {note.id: note for note in notes_in(newer)}
    changed = sum(after[name] != note for name, note in before.items() if name in after)
    old, new = _entities(before), _entities(after)
    labels = sorted({key[3] for key in old ^ new})
    return Comparison(
        len(after.keys() - before.keys()),
        len(before.keys() - after.keys()),
        changed,
        len(new - old),
        len(old - new),
        len(old & new),
        [
            (label, sum(key[3] == label for key in new - old), sum(key[3] == label for key in old - new))
            for label in labels
        ],
    )


def _entities(notes: dict[str, Note]) -> set[tuple[str, int, int, str, str]]:
    return {
        (name, one.start, one.end, one.label.value, one.assertion.value)
        for name, note in notes.items()
        for one in note.entities
    }
