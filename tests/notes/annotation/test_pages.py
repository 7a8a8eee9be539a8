"""The pages and addresses of annotation: what they do, and who is kept out."""

import json
import logging

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.urls import reverse

from clinic.audit.models import AuditEvent
from clinic.tenancy.scope import clinic_scope
from notes.annotating.files import MOST_BYTES
from notes.models import Annotation, AnnotationProject, DataSetVersion, ProjectDocument, ProjectMember
from notes.selectors.annotation.access import access_project
from notes.services.annotation.data_sets import make_data_set
from notes.services.annotation.documents import add_text
from notes.services.annotation.marking import take_next
from notes.services.annotation.settling import settle_document
from sessions.body_limit import UPLOADS
from tests.factories.annotation import TEXT, annotate, make_document, make_open_document, make_team
from tests.factories.notes import make_signed_note

SIDE = {"start": 0, "end": 4, "label": "LATERALITY"}
KNEE = {"start": 5, "end": 9, "label": "BODY_REGION"}


@pytest.fixture
def team(at_north, third):
    people = at_north.people
    return make_team(people.nora, annotators=[people.ola, people.ash], adjudicators=[third])


def url(name: str, *names: object) -> str:
    return reverse(f"notes:{name}", args=["north", *names])


def begun(team, by) -> Annotation:
    return take_next(access_project(by, team.ref))


def test_making_a_project_with_people(at_north, signed_in):
    people = at_north.people
    browser = signed_in(people.nora)
    page = browser.get(url("new_annotation_project"))
    assert "Annotation guideline, version 1.1" in page.content.decode()
    sent = {
        "title": "Shoulders",
        "purpose": "",
        "guideline": "# Ours\n- **One** <b>two</b>",
        "preannotate": "on",
    }
    browser.post(url("new_annotation_project"), sent)
    project = AnnotationProject.objects.get(title="Shoulders")
    added = browser.post(
        url("annotation_members", project.ref), {"member": people.ola.ref, "part": "annotator"}
    )
    assert added.status_code == 302
    assert "Ola" in browser.get(url("annotation_members", project.ref)).content.decode()
    lead = ProjectMember.objects.get(project=project, part="lead")
    refused = browser.post(url("annotation_members", project.ref), {"remove": lead.ref})
    assert refused.status_code == 400
    guideline = signed_in(people.ola).get(url("annotation_guideline", project.ref)).content.decode()
    assert "<strong>One</strong> &lt;b&gt;two&lt;/b&gt;" in guideline


def addresses(project, document, version) -> list[tuple[str, str, dict]]:
    both = (project.ref, document.ref)
    return [
        ("get", url("annotation_project", project.ref), {}),
        ("get", url("annotation_guideline", project.ref), {}),
        ("get", url("annotation_disagreements", project.ref), {}),
        ("get", url("annotation_members", project.ref), {}),
        ("post", url("annotation_members", project.ref), {"member": "x", "part": "lead"}),
        ("get", url("edit_annotation_project", project.ref), {}),
        ("post", url("edit_annotation_project", project.ref), {"title": "Mine", "guideline": "x"}),
        ("post", url("change_annotation_project", project.ref), {"action": "close"}),
        ("get", url("add_annotation_documents", project.ref), {}),
        ("post", url("add_annotation_documents", project.ref), {"how": "paste", "text": "Mine"}),
        ("get", url("check_annotation_document", *both), {}),
        ("post", url("check_annotation_document", *both), {}),
        ("post", url("leave_out_document", *both), {}),
        ("post", url("next_annotation_document", project.ref), {}),
        ("get", url("annotate_document", *both), {}),
        ("post", url("annotate_document", *both), {"action": "hand_in", "revision": "0"}),
        ("post", url("save_annotation", *both), {}),
        ("get", url("settle_document", *both), {}),
        ("post", url("settle_document", *both), {}),
        ("post", url("make_data_set", project.ref), {}),
        ("get", url("data_set", project.ref, version.ref), {}),
        ("get", url("data_set_file", project.ref, version.ref, "jsonl"), {}),
    ]


def settled(team, third, people) -> ProjectDocument:
    document = make_open_document(team, by=people.nora)
    for person in (people.ola, people.ash):
        annotate(team, by=person, entities=[SIDE, KNEE])
    return settle_document(access_project(third, team.ref), document, {})


@pytest.mark.parametrize(("few", "is_said"), [(10, True), (1, False)])
def test_with_few_documents_the_intervals_are_called_so(
    team, third, at_north, signed_in, monkeypatch: pytest.MonkeyPatch, few: int, is_said: bool
):
    for module in ("annotation_projects", "annotation_data_sets"):
        monkeypatch.setattr(f"notes.views.{module}.FEW_DOCUMENTS", few)
    people = at_north.people
    settled(team, third, people)
    version = make_data_set(team, by=people.nora)
    browser = signed_in(people.nora)
    project = browser.get(url("annotation_project", team.ref)).content.decode()
    data_set = browser.get(url("data_set", team.ref, version.ref)).content.decode()
    assert ("1 document was annotated twice: too few for intervals" in project) is is_said
    assert ("over 1 document, too few for an interval" in data_set) is is_said


def test_colleagues_without_a_part_get_403_and_strangers_404(at_north, team, third, signed_in):
    people = at_north.people
    document = settled(team, third, people)
    version = make_data_set(team, by=people.nora)
    done = AuditEvent.objects.filter(object_type__startswith="notes").exclude(action="denied")
    before = done.count()
    for who, status in ((people.bea_north, 403), (people.paul, 403), (people.sam, 404)):
        browser = signed_in(who)
        for method, address, sent in addresses(team, document, version):
            answer = getattr(browser, method)(address, sent)
            assert (address, answer.status_code) == (address, status)
            assert "Left knee" not in answer.content.decode()
    team.refresh_from_db()
    assert (team.title, team.state, ProjectDocument.objects.count()) == ("Knees", "open", 1)
    assert done.count() == before


def test_the_admin_sees_how_it_goes_and_no_text(at_north, team, third, signed_in):
    people = at_north.people
    document = settled(team, third, people)
    version = make_data_set(team, by=people.nora)
    admin = signed_in(people.ada)
    answers = {
        address: getattr(admin, method)(address, sent)
        for method, address, sent in addresses(team, document, version)
    }
    seen = [address for address, answer in answers.items() if answer.status_code == 200]
    assert seen == [
        url("annotation_project", team.ref),
        url("annotation_guideline", team.ref),
        url("data_set", team.ref, version.ref),
    ]
    assert all("Left knee" not in answer.content.decode() for answer in answers.values())
    page = answers[url("annotation_project", team.ref)].content.decode()
    assert "1 handed in" in page
    assert "All labels, span F1" in page


def test_parts_decide_within_a_project(at_north, team, third, signed_in):
    people = at_north.people
    document = make_open_document(team, by=people.nora)
    begun(team, people.ola)
    both = (team.ref, document.ref)
    assert signed_in(people.nora).get(url("annotate_document", *both)).status_code == 403
    assert signed_in(people.ash).get(url("annotate_document", *both)).status_code == 403
    assert signed_in(people.ola).get(url("annotate_document", *both)).status_code == 200
    assert signed_in(people.ola).get(url("settle_document", *both)).status_code == 403
    assert signed_in(third).get(url("settle_document", *both)).status_code == 409
    assert signed_in(people.ola).get(url("add_annotation_documents", team.ref)).status_code == 403
    page = signed_in(people.ash).get(url("annotation_project", team.ref)).content.decode()
    assert "Ola" not in page
    assert "0 of 1" in page


def test_texts_enter_by_paste_and_file_and_are_checked_for_names(at_north, team, signed_in):
    browser = signed_in(at_north.people.nora)
    add = url("add_annotation_documents", team.ref)
    browser.post(add, {"how": "paste", "text": "Mr. Paul Ellsworth walked.\r\nHis son Quentin came."})
    lines = b'{"id": "n-1", "text": "Left knee."}\n{"id": "n-2", "text": "Right hip."}\n'
    browser.post(add, {"how": "file", "file": SimpleUploadedFile("x.jsonl", lines)})
    assert list(ProjectDocument.objects.values_list("name", flat=True)) == ["text-0001", "n-1", "n-2"]
    document = ProjectDocument.objects.get(name="text-0001")
    check = url("check_annotation_document", team.ref, document.ref)
    page = browser.get(check).content.decode()
    assert "Mr. Paul Ellsworth" in page
    assert "[NAME]" in page
    at = document.text.index("Quentin")
    sent = {"keep": f"{at}-{at + 7}-NAME", "further": "walked"}
    answer = browser.post(check, sent)
    document.refresh_from_db()
    assert document.text == "[NAME] [REMOVED].\nHis son Quentin came."
    assert answer.headers["Location"] == url(
        "check_annotation_document", team.ref, ProjectDocument.objects.get(name="n-1").ref
    )


def test_selected_words_that_overlap_a_found_name_leave_nothing_of_it(at_north, team, signed_in):
    document = make_document(team, "Seen with Paul Ellsworth Quick today.", by=at_north.people.nora)
    at = document.text.index("Ellsworth")
    sent = {"replace": f"{at}-{document.text.index(' today')}-NAME"}
    signed_in(at_north.people.nora).post(url("check_annotation_document", team.ref, document.ref), sent)
    document.refresh_from_db()
    assert document.text == "Seen with [NAME] today."


@pytest.mark.parametrize("place", ["5-2-NAME", "0-999-NAME", "0-3-PHI", "0-3", "-1-3-NAME", "x"])
def test_places_that_lie_open_nothing(at_north, team, signed_in, place):
    document = make_document(team, by=at_north.people.nora)
    answer = signed_in(at_north.people.nora).post(
        url("check_annotation_document", team.ref, document.ref), {"replace": place}
    )
    document.refresh_from_db()
    assert (answer.status_code, document.state) == (400, "to_clear")


def test_a_bad_file_is_told_by_line_and_nothing_is_taken(at_north, team, signed_in, caplog):
    caplog.set_level(logging.DEBUG)
    bad = b'{"id": 2, "text": "Secretive hip.", "entities": [{"start": 1}]}'
    lines = b'{"id": 1, "text": "Secretive knee."}\n' + bad + b'\n{"id"'
    answer = signed_in(at_north.people.nora).post(
        url("add_annotation_documents", team.ref),
        {"how": "file", "file": SimpleUploadedFile("x.jsonl", lines)},
    )
    page = answer.content.decode()
    assert answer.status_code == 400
    assert "Line 2:" in page
    assert "Line 3:" in page
    assert "Secretive" not in page
    assert "Secretive" not in caplog.text
    assert not ProjectDocument.objects.exists()


def test_signed_notes_of_ones_own_patients_enter_and_each_patient_is_audited(at_north, team, signed_in):
    people = at_north.people
    make_team(people.ola, title="Ola's")
    note = make_signed_note(at_north.paul, by=people.nora)
    sent = {"how": "notes", "note": str(note.ref)}
    other = AnnotationProject.objects.get(title="Ola's")
    refused = signed_in(people.ola).post(url("add_annotation_documents", other.ref), sent)
    assert (refused.status_code, ProjectDocument.objects.count()) == (400, 0)
    signed_in(people.nora).post(url("add_annotation_documents", team.ref), sent)
    document = ProjectDocument.objects.get()
    assert (document.text, document.state) == (note.text, "to_clear")
    event = AuditEvent.objects.filter(action="export", purpose="annotation").get()
    assert (event.patients, event.detail) == ([at_north.paul.pk], {"notes": [str(note.ref)]})


def test_annotating_without_a_script(at_north, team, signed_in):
    people = at_north.people
    make_open_document(team, by=people.nora)
    browser = signed_in(people.ola)
    page = browser.post(url("next_annotation_document", team.ref), follow=True)
    address = page.redirect_chain[-1][0]
    assert "Proposals to decide" in page.content.decode()
    annotation = Annotation.objects.get()
    first = annotation.proposals[0]
    place = f"{first['start']}-{first['end']}-{first['label']}"
    browser.post(address, {"action": "accept", "place": place, "revision": "0"})
    add = {
        "action": "add",
        "words": "Gait training",
        "occurrence": "1",
        "label": "INTERVENTION",
        "assertion": "present",
    }
    browser.post(address, {**add, "revision": "1"})
    annotation.refresh_from_db()
    assert {(one["start"], one["origin"]) for one in annotation.entities} >= {
        (first["start"], "accepted"),
        (TEXT.index("Gait"), "own"),
    }
    missing = browser.post(address, {**add, "words": "Elbow", "revision": "2"})
    stale = browser.post(address, {**add, "revision": "0"})
    assert (missing.status_code, stale.status_code) == (400, 400)
    asked = browser.post(address, {"action": "hand_in", "revision": "2"})
    assert (asked.status_code, "without a decision" in asked.content.decode()) == (409, True)
    done = browser.post(address, {"action": "hand_in", "revision": "2", "reject_undecided": "yes"})
    annotation.refresh_from_db()
    assert (done.status_code, annotation.state) == (302, "submitted")
    assert "can no longer be changed" in browser.get(address).content.decode()


def test_autosave_answers_json_and_a_stale_one_says_what_is_stored(at_north, team, signed_in):
    people = at_north.people
    document = make_open_document(team, by=people.nora)
    begun(team, people.ola)
    browser = signed_in(people.ola)
    address = url("save_annotation", team.ref, document.ref)

    def save(body: object) -> tuple[int, dict]:
        answer = browser.post(address, json.dumps(body), content_type="application/json")
        return answer.status_code, answer.json()

    good = {"revision": 0, "entities": [KNEE], "rejected": [], "seconds": 5}
    assert save(good) == (200, {"revision": 1})
    status, told = save(good)
    assert (status, told["kind"], told["revision"]) == (409, "stale_annotation", 1)
    for bad in (
        [],
        {"revision": 1},
        {**good, "revision": 1, "entities": [{"start": 0, "end": 1e9, "label": "ROM"}]},
        3,
    ):
        assert save(bad)[0] in {400, 409}
    assert browser.post(address, "{", content_type="application/json").status_code == 400
    assert Annotation.objects.get().revision == 1


def test_settling_with_forms_alone(at_north, team, third, signed_in):
    people = at_north.people
    document = make_open_document(team, by=people.nora)
    annotate(team, by=people.ola, entities=[SIDE, KNEE])
    annotate(team, by=people.ash, entities=[SIDE])
    browser = signed_in(third)
    address = url("settle_document", team.ref, document.ref)
    page = browser.get(address).content.decode()
    assert "Ola" not in page
    assert "Ash" not in page
    assert browser.post(address, {}).status_code == 400
    lost = browser.post(
        address, {"take-0": "own", "words-0": "elbow", "label-0": "ROM", "assertion-0": "present"}
    )
    assert lost.status_code == 400
    sent = {"take-0": "own", "words-0": "Left knee", "label-0": "DIAGNOSIS", "assertion-0": "possible"}
    assert browser.post(address, sent).status_code == 400
    browser.post(address, {**sent, "words-0": "knee"})
    document.refresh_from_db()
    assert [(one["start"], one["label"], one["assertion"]) for one in document.settled] == [
        (0, "LATERALITY", "present"),
        (5, "DIAGNOSIS", "possible"),
    ]


def test_data_sets_are_made_and_downloaded_by_leads(at_north, team, third, signed_in, tmp_path):
    people = at_north.people
    settled(team, third, people)
    browser = signed_in(people.nora)
    browser.post(url("make_data_set", team.ref), {"note": "for June"})
    version = DataSetVersion.objects.get()
    assert "for June" in browser.get(url("data_set", team.ref, version.ref)).content.decode()
    answer = browser.get(url("data_set_file", team.ref, version.ref, "jsonl"))
    assert answer.content.decode() == version.content
    assert answer.headers["Content-Disposition"] == 'attachment; filename="data-set-1.jsonl"'
    assert browser.get(url("data_set_file", team.ref, version.ref, "exe")).status_code == 404
    assert signed_in(people.ola).get(url("data_set_file", team.ref, version.ref, "conll")).status_code == 403
    target = tmp_path / "data.jsonl"
    call_command("export_data_set", "--clinic", "north", "--version", str(version.ref), "--out", str(target))
    assert target.read_text() == version.content
    assert AuditEvent.objects.filter(action="export", object_type="notes.DataSetVersion").count() == 2
    with pytest.raises(CommandError):
        call_command("export_data_set", "--clinic", "south", "--version", str(version.ref))


@pytest.mark.parametrize("count", [1, 3])
def test_a_projects_page_takes_the_same_number_of_queries(
    at_north, team, signed_in, count, django_assert_max_num_queries
):
    people = at_north.people
    for number in range(count):
        make_open_document(team, f"Left knee {number}.", by=people.nora)
    browser = signed_in(people.nora)
    browser.get(url("annotation_project", team.ref))
    with django_assert_max_num_queries(26):
        page = browser.get(url("annotation_project", team.ref))
    assert page.content.decode().count("text-000") >= count


def test_rows_of_one_clinic_are_not_seen_in_another(at_north, team):
    add_text(team, TEXT, by=at_north.people.nora)
    with clinic_scope(at_north.people.south.pk):
        assert not ProjectDocument.objects.exists()


def test_files_of_texts_pass_the_limit_on_bodies():
    address = f"/c/north/annotation/{'0' * 8}-0000-7000-8000-{'0' * 12}/documents/add/"
    limits = [one.largest_bytes() for one in UPLOADS if one.path.match(address)]
    assert limits == [MOST_BYTES]
