"""What the extractor finds in a document, and how sure it is: pre-annotations and the order of the work."""

from django.db import transaction

from notes.annotating.spans import Row, of_entities
from notes.annotating.uncertainty import from_disagreement, from_margins
from notes.clini_note_extractor import Extraction, extract_by_rules
from notes.models import AnnotationProject, ProjectDocument
from notes.reading import Reader, reader_for_clinic
from notes.services.queueing import send_after_commit

PROPOSE = "notes.propose_entities"
PROPOSE_AGAIN = "notes.propose_again"
State = ProjectDocument.State


def queue_proposals(document: ProjectDocument) -> None:
    """Read one document soon."""
    send_after_commit(PROPOSE, clinic_id=document.clinic_id, document_id=document.pk)


def queue_proposals_again(project: AnnotationProject) -> None:
    """Read every document of the project that nobody has begun, with the model in use now."""
    send_after_commit(PROPOSE_AGAIN, clinic_id=project.clinic_id, project_id=project.pk)


def propose_entities(document_id: int, *, reader: Reader | None = None) -> ProjectDocument | None:
    """Store what the extractor finds in an open document; the same reader's work is not done twice.

    Whoever has begun keeps what they were shown. None where the document is gone or not open.
    """
    document = ProjectDocument.objects.filter(pk=document_id, state=State.OPEN).first()
    if document is None:
        return None
    reader = reader or reader_for_clinic()
    if document.proposed_by == reader.version:
        return document
    extraction = reader.extract(document.text)
    document.proposals = _rows(extraction)
    document.proposed_by = reader.version
    document.uncertainty = uncertainty_of(document.text, extraction)
    document.save(update_fields=["proposals", "proposed_by", "uncertainty", "updated_at"])
    return document


def propose_again(project_id: int) -> int:
    """Read all open documents of a project; how many were read. Each is stored on its own."""
    reader = reader_for_clinic()
    keys = ProjectDocument.objects.filter(project=project_id, state=State.OPEN).values_list("pk", flat=True)
    done = 0
    for key in list(keys):
        with transaction.atomic():
            done += propose_entities(key, reader=reader) is not None
    return done


def uncertainty_of(text: str, extraction: Extraction) -> float:
    """0 sure to 1 unsure, from the margins where there are any, else from where reader and rules differ."""
    probabilities = list(extraction.probabilities.values())
    if probabilities:
        return from_margins(probabilities)
    found = of_entities(extraction.entities, origin="own")
    return from_disagreement(found, of_entities(extract_by_rules(text).entities, origin="own"))


def _rows(extraction: Extraction) -> list[Row]:
    rows = []
    for one in extraction.entities:
        probability = extraction.probabilities.get(one.span)
        known = {} if probability is None else {"probability": round(probability, 3)}
        rows.append({**one.to_dict(), **known})
    return rows
