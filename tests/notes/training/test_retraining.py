"""A clinic's own model: trained for real on settled documents, measured, registered, promoted, seen."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from clinic.model_register.services import promote_model
from clinic.models import Membership, RegisteredModel
from clinic.tenancy.scope import clinic_scope
from notes import reading
from notes.clini_note_extractor.training.generator import make_notes
from notes.models import AnnotationProject, DataSetVersion, ProjectMember
from notes.note_text import sha256_of
from notes.services.training import TooFewDocuments, divide
from tests.people import People, make_people

PRODUCT = "clini_note_extractor"


@pytest.fixture
def people(db: None, settings, tmp_path) -> People:
    """Everybody, with private storage of this test's own."""
    settings.MEDIA_ROOT = str(tmp_path / "media")
    settings.PLUMBLINE_MODEL_CACHE = tmp_path / "cache"
    reading.forget_models()
    return make_people()


def make_data_set(people: People, *, documents: int = 10) -> DataSetVersion:
    """A settled data set of North, of which Nora leads the project."""
    notes = make_notes(count=documents, seed=5, split="validation")
    lines = [
        json.dumps({
            "id": f"doc-{place}", "text": note.text, "entities": [one.to_dict() for one in note.entities],
        })
        for place, note in enumerate(notes)
    ]  # fmt: skip
    content = "\n".join(lines)
    with clinic_scope(people.north.pk):
        project = AnnotationProject.objects.create(title="Knees", guideline="v1", made_by=people.nora)
        ProjectMember.objects.create(project=project, membership=people.nora, part="lead")
        return DataSetVersion.objects.create(
            project=project, number=1, content=content, sha256=sha256_of(content), document_count=documents,
            entity_count=sum(len(note.entities) for note in notes), made_by=people.nora,
        )  # fmt: skip


def signed_in(member: Membership) -> Client:
    client = Client()
    client.force_login(member.user)
    return client


def test_a_document_stays_on_its_side():
    notes = make_notes(count=30, seed=9, split="validation")
    whole, part = divide(notes), divide(notes[5:])
    assert {one.text for one in part.measuring} <= {one.text for one in whole.measuring}
    assert {one.text for one in part.teaching} <= {one.text for one in whole.teaching}
    assert not {one.text for one in whole.measuring} & {one.text for one in whole.teaching}
    with pytest.raises(TooFewDocuments):
        divide(whole.measuring)
    with pytest.raises(TooFewDocuments):
        divide(whole.teaching)


def test_without_a_data_set_it_says_what_to_do(people):
    make_data_set(people)
    with pytest.raises(CommandError, match="make a version of it"):
        call_command("retrain_note_extractor", "--clinic", "south", "--quick")


def test_another_clinics_data_set_is_not_found(people):
    ref = str(make_data_set(people).ref)
    with pytest.raises(CommandError, match="no such data set"):
        call_command("retrain_note_extractor", "--clinic", "south", "--data-set", ref, "--quick")


def test_a_damaged_data_set_is_refused(people):
    version = make_data_set(people)
    with clinic_scope(people.north.pk):
        DataSetVersion.objects.filter(pk=version.pk).update(content=version.content.replace("knee", "ankle"))
    with pytest.raises(CommandError):
        call_command("retrain_note_extractor", "--clinic", "north", "--quick")
    with clinic_scope(people.north.pk):
        assert not RegisteredModel.objects.filter(product=PRODUCT, origin="trained").exists()


@pytest.mark.slow
@pytest.mark.timeout(280)
def test_a_clinic_retrains_promotes_and_sees_the_errors(people):
    version = make_data_set(people)
    told = StringIO()
    call_command("retrain_note_extractor", "--clinic", "north", "--quick", stdout=told)
    assert "Registered" in told.getvalue()
    with clinic_scope(people.north.pk):
        row = RegisteredModel.objects.get(product=PRODUCT, origin="trained")
        assert (row.state, row.data_sha256) == ("candidate", version.sha256)
        assert row.scores["notes"] == len(divide(make_notes(count=10, seed=5, split="validation")).measuring)
        assert row.comparison["low"] is None or row.comparison["low"] <= row.comparison["difference"]
        in_use = reading.reader_for_clinic().version
        promote_model(row, by=people.ada, reason="To see it run.")
        assert reading.reader_for_clinic().version != in_use
        assert row.version in reading.reader_for_clinic().version
        reading.reader_for_clinic().extract("Left knee flexion 0 to 95 degrees.")
    with clinic_scope(people.south.pk):
        assert row.version not in reading.reader_for_clinic().version
    check_error_page(people, row)


def check_error_page(people: People, row: RegisteredModel) -> None:
    """Counts for the admin, sentences for the project's members, nothing for anybody else."""
    address = f"/c/north/models/{row.ref}/errors/"
    texts = {note.text for note in make_notes(count=10, seed=5, split="validation")}
    errors = row.scores["errors"]
    assert errors
    assert not any(set(one) & {"text", "words", "quote"} for one in errors)
    member = signed_in(people.nora).get(address).content.decode()
    admin = signed_in(people.ada).get(address).content.decode()
    assert "One by one" in member
    assert "The sentences are shown to members" in admin
    quoted = max((one["gold"] for one in errors if one["gold"]), key=lambda one: one["end"] - one["start"])
    words = {text[quoted["start"] : quoted["end"]] for text in texts}
    assert not any(f">{word}</mark>" in admin for word in words)
    assert any(f">{word}</mark>" in member for word in words)
    for colleague in (people.ola, people.ash, people.paul):
        assert signed_in(colleague).get(address).status_code == 403
    assert signed_in(people.sam).get(address).status_code == 404
    assert signed_in(people.sam).get(address.replace("north", "south")).status_code == 404
