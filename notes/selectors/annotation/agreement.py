"""What two annotators made of the same documents, once both have handed in."""

from dataclasses import dataclass

from notes.annotating.differences import Difference, b_comes_first, compare
from notes.annotating.spans import Marked, stored_spans
from notes.clini_note_extractor import Note
from notes.clini_note_extractor.evaluation import Agreement, agreement_of
from notes.models import Annotation, AnnotationProject, ProjectDocument
from notes.selectors.annotation.access import ProjectAccess

State = ProjectDocument.State
# Intervals draw whole documents; from fewer than these they say nothing.
FEW_DOCUMENTS = 10


@dataclass(frozen=True, slots=True)
class TwoSides:
    """A document with what A and B marked; nobody is named. B is empty where only one handed in."""

    document: ProjectDocument
    a: list[Marked]
    b: list[Marked]

    @property
    def agreed(self) -> list[Marked]:
        return compare(self.a, self.b)[0]

    @property
    def differences(self) -> list[Difference]:
        return compare(self.a, self.b)[1]


def two_sides_of(document: ProjectDocument) -> TwoSides:
    """Both annotations of a document that was handed in, in an order that tells nobody who was first."""
    handed_in = Annotation.objects.filter(document=document, state=Annotation.State.SUBMITTED).order_by("id")
    return _sides(document, list(handed_in))


def finished_pairs(project: AnnotationProject) -> list[TwoSides]:
    """Every document that two people have handed in, in two queries."""
    documents = ProjectDocument.objects.filter(
        project=project, state__in=[State.TO_SETTLE, State.SETTLED], came_annotated=False
    ).order_by("id")
    handed_in: dict[int, list[Annotation]] = {}
    for one in Annotation.objects.filter(document__in=documents, state=Annotation.State.SUBMITTED).order_by(
        "id"
    ):
        handed_in.setdefault(one.document_id, []).append(one)
    return [_sides(one, handed_in[one.pk]) for one in documents if len(handed_in.get(one.pk, [])) == 2]


def project_agreement(project: AnnotationProject) -> Agreement | None:
    """Agreement over all that two people have handed in, as `evaluate_notes` tells it; None without."""
    pairs = finished_pairs(project)
    if not pairs:
        return None
    return agreement_of(
        [_note(one.document, one.a) for one in pairs], [_note(one.document, one.b) for one in pairs]
    )


def disagreements_for(access: ProjectAccess) -> list[TwoSides]:
    """Documents with differences that this person may see: settled ones, and for an adjudicator those that
    wait, but never one that they are marking or have marked before it is settled.
    """
    mine = set(
        Annotation.objects.filter(document__project=access.project, annotator=access.membership).values_list(
            "document_id", flat=True
        )
    )
    return [
        one
        for one in finished_pairs(access.project)
        if one.differences
        and (one.document.state == State.SETTLED or (access.is_adjudicator and one.document.pk not in mine))
    ]


def _sides(document: ProjectDocument, handed_in: list[Annotation]) -> TwoSides:
    sides = [stored_spans(one.entities) for one in handed_in[:2]]
    sides += [[]] * (2 - len(sides))
    if b_comes_first(document.ref):
        sides.reverse()
    return TwoSides(document, sides[0], sides[1])


def _note(document: ProjectDocument, spans: list[Marked]) -> Note:
    return Note(str(document.ref), document.text, tuple(one.to_entity() for one in spans))
