"""Projects, names, blind work, settling, data sets."""

import json

import pytest

from clinic.audit.models import AuditEvent
from clinic.errors import NotFound
from clinic.tenancy.scope import clinic_scope
from notes.annotating.files import ReadFile, read_file
from notes.annotation_errors import (
    AlreadyHandedIn,
    DataSetDamaged,
    DecisionMissing,
    LastLead,
    MemberCannotJoin,
    NothingNew,
    NothingSettled,
    NothingToAnnotate,
    NotInProject,
    NotOpenForThis,
    NotYourDocument,
    NotYourPart,
    ProjectClosed,
    ProposalsUndecided,
    SameText,
    SettledByOthers,
    SpansRefused,
    StaleAnnotation,
    UploadRefused,
)
from notes.clini_note_extractor import Entity, Extraction, Label, Note, Span
from notes.deidentification import Kind, Suspect
from notes.models import Annotation, DataSetVersion, ProjectDocument, ProjectMember
from notes.reading import Reader
from notes.selectors.annotation.access import (
    access_as,
    access_project,
    document_of,
    own_annotation,
    projects_for,
)
from notes.selectors.annotation.agreement import disagreements_for, project_agreement, two_sides_of
from notes.selectors.annotation.data_sets import compare_data_sets, data_set_of
from notes.selectors.annotation.progress import free_for, own_work, project_lines, to_settle_for
from notes.services.annotation.data_sets import export_data_set, make_data_set
from notes.services.annotation.documents import Decision, add_documents, add_text, clear_document, leave_out
from notes.services.annotation.marking import hand_in, save_annotation, take_next
from notes.services.annotation.projects import (
    add_member,
    change_project,
    make_project,
    remove_member,
    set_project_open,
)
from notes.services.annotation.proposing import propose_entities
from notes.services.annotation.settling import Choice, settle_document
from tests.factories.annotation import (
    TEXT,
    annotate,
    make_document,
    make_open_document,
    make_team,
)

SIDE = {"start": 0, "end": 4, "label": "LATERALITY"}
KNEE = {"start": 5, "end": 9, "label": "BODY_REGION"}
PAIN = {"start": 15, "end": 19, "label": "PAIN_LEVEL"}
DIABETES = {"start": 28, "end": 36, "label": "DIAGNOSIS", "assertion": "negated"}
DIABETES_NOW = {**DIABETES, "assertion": "present"}


@pytest.fixture
def team(at_north, third):
    people = at_north.people
    return make_team(people.nora, annotators=[people.ola, people.ash], adjudicators=[third, people.ola])


def last_events(count: int = 1) -> list[AuditEvent]:
    return list(AuditEvent.objects.order_by("-sequence")[:count])


def test_a_project_begins_with_the_shipped_guideline_and_its_maker_leads(at_north):
    project = make_project("  Hips ", by=at_north.people.nora)
    assert (project.title, project.guideline_version) == ("Hips", 1)
    assert project.guideline.startswith("# Annotation guideline, version 1.1")
    assert access_project(at_north.people.nora, project.ref).is_lead
    changed = change_project(project, title="Hips", purpose="", guideline="# Ours", preannotate=False)
    assert changed.guideline_version == 2
    same = change_project(project, title="Hip", purpose="", guideline="# Ours", preannotate=False)
    assert same.guideline_version == 2


def test_only_active_staff_join_and_one_lead_stays(at_north, team):
    people = at_north.people
    with pytest.raises(MemberCannotJoin):
        add_member(team, membership=people.paul, part="annotator")
    with pytest.raises(MemberCannotJoin):
        add_member(team, membership=people.bea_north, part="owner")
    lead = ProjectMember.objects.get(project=team, part="lead")
    with pytest.raises(LastLead):
        remove_member(lead)
    add_member(team, membership=people.ash, part="lead")
    add_member(team, membership=people.ash, part="lead")
    remove_member(lead)
    assert ProjectMember.objects.filter(project=team, part="lead").count() == 1


def test_who_may_open_a_project(at_north, team, third):
    people = at_north.people
    assert list(projects_for(people.bea_north)) == []
    assert list(projects_for(people.ada)) == [team]
    with pytest.raises(NotInProject):
        access_project(people.bea_north, team.ref)
    with pytest.raises(NotFound):
        access_project(people.paul, team.ref)
    admin = access_project(people.ada, team.ref)
    assert (admin.parts, admin.sees_progress) == (frozenset(), True)
    with pytest.raises(NotYourPart):
        access_as(people.ada, team.ref, "lead", "annotator", "adjudicator")
    with clinic_scope(people.south.pk), pytest.raises(NotFound):
        access_project(people.sam, team.ref)


def test_a_text_opens_only_when_its_names_were_looked_at_and_the_names_are_gone(at_north, team):
    nora = at_north.people.nora
    document = make_document(team, "Paul Ellsworth has left knee pain.", by=nora)
    access = access_project(at_north.people.ola, team.ref)
    with pytest.raises(NothingToAnnotate):
        take_next(access)
    cleared = clear_document(document, [Decision(Suspect(0, 14, Kind.NAME), is_replaced=True)], by=nora)
    assert (cleared.text, cleared.state) == ("[NAME] has left knee pain.", "open")
    assert (cleared.cleared_by, cleared.suspects) == (nora, [{"kind": "NAME", "decision": "replaced"}])
    with pytest.raises(NotOpenForThis):
        clear_document(document, [], by=nora)
    event = next(one for one in last_events(5) if one.purpose == "names checked")
    assert event.detail == {"replaced": 1, "kept": 0, "spans_lost": 0}
    assert "Ellsworth" not in json.dumps([one.detail for one in AuditEvent.objects.all()])


def test_imported_spans_move_with_the_replaced_names_and_are_settled_once_cleared(at_north, team):
    nora = at_north.people.nora
    text = "Paul Ellsworth has left knee pain."
    at = text.index("knee")
    row = {
        "id": "Ellsworth-7",
        "text": text,
        "entities": [{"start": at, "end": at + 4, "label": "BODY_REGION"}],
    }
    add_documents(team, read_file("a.jsonl", json.dumps(row).encode()), by=nora)
    document = ProjectDocument.objects.get(project=team)
    assert (document.name, document.state, document.came_annotated) == ("text-0001", "to_clear", True)
    clear_document(document, [Decision(Suspect(0, 14, Kind.NAME), is_replaced=True)], by=nora)
    document.refresh_from_db()
    [span] = document.settled
    assert document.text[span["start"] : span["end"]] == "knee"
    assert (document.state, span["origin"]) == ("settled", "imported")


def test_the_same_text_enters_once(at_north, team):
    nora = at_north.people.nora
    add_text(team, TEXT, by=nora)
    assert add_text(team, TEXT, by=nora).known == 1
    clear_document(ProjectDocument.objects.get(project=team), [], by=nora)
    twin = make_document(team, TEXT.replace("Left", "Xenia"), by=nora)
    cleaned_twin = ReadFile([Note("", TEXT.replace("Left", "[NAME]"))])
    add_documents(team, cleaned_twin, by=nora)
    with pytest.raises(SameText):
        clear_document(twin, [Decision(Suspect(0, 5, Kind.NAME), is_replaced=True)], by=nora)
    twin.refresh_from_db()
    assert twin.text.startswith("Xenia")


def test_a_text_left_out_before_it_was_checked_is_deleted_and_may_come_again(at_north, team):
    nora = at_north.people.nora
    document = leave_out(make_document(team, by=nora), by=nora)
    assert (document.text, document.state) == ("", "left_out")
    assert add_text(team, TEXT, by=nora).documents == 1
    with pytest.raises(UploadRefused):
        add_text(team, "  \n", by=nora)


def test_what_is_begun_is_shown_first_then_the_most_uncertain(at_north, team):
    nora, ola = at_north.people.nora, at_north.people.ola
    sure = make_open_document(team, "Left knee.", by=nora)
    unsure = make_open_document(team, "Right hip.", by=nora)
    ProjectDocument.objects.filter(pk=sure.pk).update(uncertainty=0.1)
    ProjectDocument.objects.filter(pk=unsure.pk).update(uncertainty=0.7)
    access = access_project(ola, team.ref)
    first = take_next(access)
    assert first.document_id == unsure.pk
    assert take_next(access).pk == first.pk
    assert (own_work(access).done, own_work(access).total) == (0, 2)
    assert first.proposals == unsure.proposals


def test_probabilities_give_the_order_and_whoever_has_begun_keeps_what_they_saw(at_north, team):
    nora, ola = at_north.people.nora, at_north.people.ola
    document = make_open_document(team, by=nora)
    begun = take_next(access_project(ola, team.ref))
    seen = begun.proposals
    found = Entity(Span(5, 9), Label.BODY_REGION)
    extraction = Extraction((found,), probabilities={found.span: 0.6})
    reader = Reader("made up 1", fell_back=False, warning="", read=lambda text: extraction)
    propose_entities(document.pk, reader=reader)
    document.refresh_from_db()
    assert document.uncertainty == pytest.approx(0.8)
    assert document.proposals[0]["probability"] == 0.6
    begun.refresh_from_db()
    assert begun.proposals == seen


def test_two_take_a_document_and_a_third_gets_none(at_north, team, third):
    people = at_north.people
    make_open_document(team, by=people.nora)
    add_member(team, membership=people.bea_north, part="annotator")
    take_next(access_project(people.ola, team.ref))
    take_next(access_project(people.ash, team.ref))
    bea = access_project(people.bea_north, team.ref)
    with pytest.raises(NothingToAnnotate):
        take_next(bea)
    remove_member(ProjectMember.objects.get(membership=people.ash, part="annotator"))
    assert take_next(bea).annotator == people.bea_north


def test_spans_are_stored_with_a_revision(at_north, team):
    people = at_north.people
    make_open_document(team, by=people.nora)
    begun = take_next(access_project(people.ola, team.ref))
    saved = save_annotation(begun, entities=[KNEE, SIDE], rejected=[], revision=0, seconds=9999)
    assert (saved.revision, [one["start"] for one in saved.entities], saved.seconds_open) == (1, [0, 5], 300)
    with pytest.raises(StaleAnnotation) as stale:
        save_annotation(begun, entities=[], rejected=[], revision=0)
    assert stale.value.current_revision == 1
    with pytest.raises(SpansRefused):
        save_annotation(begun, entities=[{**KNEE, "end": 999}], rejected=[], revision=1)
    begun.refresh_from_db()
    assert len(begun.entities) == 2


def test_undecided_proposals_are_asked_about_and_then_count_as_rejected(at_north, team):
    people = at_north.people
    make_open_document(team, by=people.nora)
    begun = take_next(access_project(people.ola, team.ref))
    assert begun.proposals
    with pytest.raises(ProposalsUndecided) as asked:
        hand_in(begun, revision=0)
    assert asked.value.count == len(begun.proposals)
    done = hand_in(begun, revision=0, reject_undecided=True)
    assert len(done.rejected) == len(begun.proposals)
    with pytest.raises(AlreadyHandedIn):
        save_annotation(done, entities=[], rejected=[], revision=done.revision)


def test_nobody_sees_anothers_work_before_it_is_settled(at_north, team, third):
    people = at_north.people
    document = make_open_document(team, by=people.nora)
    theirs = annotate(team, by=people.ola, entities=[SIDE, KNEE])
    ash = access_project(people.ash, team.ref)
    with pytest.raises(NotYourDocument):
        own_annotation(ash, document)
    begun = take_next(ash)
    assert (begun.pk != theirs.pk, begun.entities) == (True, [])
    assert own_annotation(ash, document).pk == begun.pk
    assert disagreements_for(ash) == []
    hand_in(
        save_annotation(begun, entities=[SIDE], rejected=[], revision=0), revision=1, reject_undecided=True
    )
    assert disagreements_for(ash) == []
    assert disagreements_for(access_project(people.ola, team.ref)) == []
    assert len(disagreements_for(access_project(third, team.ref))) == 1
    settle_document(access_project(third, team.ref), document, {0: Choice("a")})
    assert len(disagreements_for(ash)) == 1


def test_the_third_person_settles_and_nobody_settles_their_own(at_north, team, third):
    people = at_north.people
    document = make_open_document(team, by=people.nora)
    annotate(team, by=people.ola, entities=[SIDE, KNEE, DIABETES])
    annotate(team, by=people.ash, entities=[SIDE, DIABETES_NOW, PAIN])
    document.refresh_from_db()
    assert document.state == "to_settle"
    ola = access_project(people.ola, team.ref)
    assert list(to_settle_for(ola)) == []
    with pytest.raises(SettledByOthers):
        settle_document(ola, document, {})
    with pytest.raises(NotYourPart):
        settle_document(access_project(people.ash, team.ref), document, {})
    judge = access_project(third, team.ref)
    assert list(to_settle_for(judge)) == [document]
    sides = two_sides_of(document)
    kinds = [one.kind for one in sides.differences]
    assert [one.label for one in sides.agreed] == ["LATERALITY"]
    assert kinds[2] == "assertion"
    with pytest.raises(DecisionMissing):
        settle_document(judge, document, {0: Choice("a")})
    taken = "a" if kinds[0] == "only_a" else "b"
    own = [{**DIABETES, "assertion": "possible"}]
    settled = settle_document(
        judge, document, {0: Choice(taken), 1: Choice("neither"), 2: Choice("own", own)}
    )
    assert [(one["label"], one["assertion"], one["origin"]) for one in settled.settled] == [
        ("LATERALITY", "present", "agreed"),
        ("BODY_REGION", "present", taken),
        ("DIAGNOSIS", "possible", "own"),
    ]
    with pytest.raises(NotOpenForThis):
        settle_document(judge, document, {})
    agreement = project_agreement(team).to_dict()
    assert agreement["strict"]["micro"]["f1"] == pytest.approx(2 * 2 / 6, abs=1e-4)
    assert (agreement["assertion"]["n"], agreement["assertion"]["accuracy"]) == (1, 0)


def test_a_closed_project_takes_nothing_and_can_be_opened_again(at_north, team):
    people = at_north.people
    make_open_document(team, by=people.nora)
    begun = take_next(access_project(people.ola, team.ref))
    closed = set_project_open(team, is_open=False)
    for act in (
        lambda: save_annotation(begun, entities=[], rejected=[], revision=0),
        lambda: add_text(closed, "More.", by=people.nora),
        lambda: take_next(access_project(people.ash, team.ref)),
        lambda: add_member(closed, membership=people.ada, part="annotator"),
    ):
        with pytest.raises(ProjectClosed):
            act()
    set_project_open(team, is_open=True)
    assert save_annotation(begun, entities=[], rejected=[], revision=0).revision == 1


def settled_project(ward, third):
    people = ward.people
    project = make_team(people.nora, annotators=[people.ola, people.ash], adjudicators=[third])
    document = make_open_document(project, by=people.nora)
    for person in (people.ola, people.ash):
        annotate(project, by=person, entities=[SIDE, KNEE])
    settle_document(access_project(third, project.ref), document, {})
    return project


def test_a_data_set_is_frozen_compared_and_handed_out_with_its_checksum(at_north, third):
    nora = at_north.people.nora
    project = settled_project(at_north, third)
    first = make_data_set(project, by=nora, note="first")
    assert (first.number, first.document_count, first.entity_count) == (1, 1, 2)
    assert first.agreement["strict"]["micro"]["f1"] == 1.0
    with pytest.raises(NothingNew):
        make_data_set(project, by=nora)
    row = {"id": "b-2", "text": "Right hip.", "entities": [{"start": 6, "end": 9, "label": "BODY_REGION"}]}
    add_documents(project, read_file("a.jsonl", json.dumps(row).encode()), by=nora)
    clear_document(ProjectDocument.objects.get(name="b-2"), [], by=nora)
    second = make_data_set(project, by=nora)
    assert [json.loads(line)["id"] for line in second.content.splitlines()] == ["b-2", "text-0001"]
    change = compare_data_sets(first, second)
    assert (change.documents_added, change.documents_changed, change.entities_added) == (1, 0, 1)
    assert change.labels == [("BODY_REGION", 1, 0)]
    for kind in ("jsonl", "conll"):
        again = read_file(f"a.{kind}", export_data_set(second, kind=kind).encode())
        assert again.notes == read_file("a.jsonl", second.content.encode()).notes
        event = next(one for one in last_events(3) if one.action == "export")
        assert event.detail == {"format": kind, "documents": 2, "sha256": second.sha256}


def test_a_damaged_data_set_is_not_handed_out(at_north, third):
    project = settled_project(at_north, third)
    version = make_data_set(project, by=at_north.people.nora)
    DataSetVersion.objects.filter(pk=version.pk).update(content=version.content.replace("knee", "Knee"))
    with pytest.raises(DataSetDamaged):
        data_set_of(project, version.ref)


def test_without_anything_settled_there_is_no_data_set(at_north, team):
    with pytest.raises(NothingSettled):
        make_data_set(team, by=at_north.people.nora)


def test_documents_of_another_project_are_not_found(at_north, team):
    nora = at_north.people.nora
    other = make_project("Other", by=nora)
    document = make_document(other, by=nora)
    with pytest.raises(NotFound):
        document_of(team, document.ref)


@pytest.mark.parametrize("count", [1, 3])
def test_lists_take_the_same_number_of_queries(at_north, count, django_assert_num_queries):
    nora = at_north.people.nora
    for number in range(count):
        project = make_team(nora, annotators=[nora], title=f"P{number}")
        make_open_document(project, by=nora)
    with django_assert_num_queries(2):
        lines = project_lines(projects_for(nora), membership=nora)
    assert [(one.documents, one.settled, one.parts) for one in lines] == [(1, 0, "Lead, Annotator")] * count
    assert free_for(access_project(nora, lines[0].project.ref)).count() == 1
    assert Annotation.objects.count() == 0
