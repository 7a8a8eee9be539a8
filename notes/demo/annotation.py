"""The demo's annotation project: two people marked invented texts blind, a third settled some of them."""

from datetime import datetime

from clinic.models import Membership
from notes.clini_note_extractor import extract_by_rules
from notes.models import AnnotationProject, ProjectDocument, ProjectMember
from notes.selectors.annotation.access import access_project
from notes.selectors.annotation.agreement import two_sides_of
from notes.services.annotation.data_sets import make_data_set
from notes.services.annotation.documents import Decision, add_text, clear_document, suspects_of
from notes.services.annotation.marking import hand_in, save_annotation, take_next
from notes.services.annotation.projects import add_member, make_project
from notes.services.annotation.settling import Choice, settle_document
from sessions.demo import clock

TITLE = "Knee and shoulder notes"
PURPOSE = "Do two therapists of this clinic mark the same words? Invented texts, to try the project out."
ANNOTATED, SETTLED = 4, 3
Part = ProjectMember.Part
TEXTS = (
    "Left knee flexion 0 to 96 degrees. Quadriceps 4/5. Pain 3/10 on stairs. Leg press, gait training.",
    "Right shoulder abduction 0 to 120 degrees, painful arc. Rule out rotator cuff tear. Supraspinatus 4-/5.",
    "Timed Up and Go 13.1 seconds, Berg Balance Scale 47/56. No fall since the last visit. Balance training.",
    "History of left ankle sprain. Dorsiflexion 8 degrees. Pain 2/10 after the walk home. Ice and taping.",
    "Lumbar flexion limited. Denies numbness. LEFS 52/80. If the pain spreads to the foot, call us.",
    "Six weeks after right ACL reconstruction. Knee flexion 0 to 118 degrees, hamstrings 4/5. Begin lunges.",
)


def write_project(
    *, lead: Membership, annotators: tuple[Membership, Membership], adjudicator: Membership, at: datetime
) -> AnnotationProject:
    """A project with settled documents, one to settle and some to annotate, and a first data set."""
    with clock.at(at):
        project = make_project(TITLE, by=lead, purpose=PURPOSE, preannotate=False)
        for annotator in annotators:
            add_member(project, membership=annotator, part=Part.ANNOTATOR)
        add_member(project, membership=adjudicator, part=Part.ADJUDICATOR)
        for text in TEXTS:
            add_text(project, text, by=lead)
        for document in ProjectDocument.objects.filter(project=project):
            found = suspects_of(document, own_names=[])
            clear_document(document, [Decision(one, is_replaced=False) for one in found], by=lead)
        for annotator in annotators:
            _annotate(project, annotator, misses_last=annotator == annotators[1])
        _settle(project, adjudicator)
        make_data_set(project, by=lead, note="First three documents.")
    return project


def _annotate(project: AnnotationProject, annotator: Membership, *, misses_last: bool) -> None:
    """Mark the first documents; the second annotator misses the last span of each."""
    access = access_project(annotator, project.ref)
    for _ in range(ANNOTATED):
        begun = take_next(access)
        rows = [entity.to_dict() for entity in extract_by_rules(begun.document.text).entities]
        kept = rows[:-1] if misses_last else rows
        saved = save_annotation(begun, entities=kept, rejected=[], revision=begun.revision, seconds=70)
        hand_in(saved, revision=saved.revision, reject_undecided=True)


def _settle(project: AnnotationProject, adjudicator: Membership) -> None:
    """Settle the first of those that both have handed in: the first annotator is right each time."""
    access = access_project(adjudicator, project.ref)
    waiting = ProjectDocument.objects.filter(project=project, state=ProjectDocument.State.TO_SETTLE)
    for document in waiting.order_by("pk")[:SETTLED]:
        differences = two_sides_of(document).differences
        settle_document(access, document, {at: Choice("a") for at in range(len(differences))})
