"""The model register: what runs in a clinic, who decides it, and files that are what was registered."""

import hashlib
import json
import shutil
import threading
from pathlib import Path

import pytest
from django.core.files.storage import storages
from django.db import connection, transaction
from django.test import Client

from clinic.audit.models import AuditEvent
from clinic.errors import Conflict, Invalid
from clinic.model_register import products
from clinic.model_register.files import ModelFilesUnusable, check_folder
from clinic.model_register.products import Product, ReleasedModel, UnknownProduct, register_product
from clinic.model_register.scores import comparison_words, headline, score_rows
from clinic.model_register.selectors import active_model
from clinic.model_register.services import (
    TrainedModel,
    know_released,
    promote_model,
    register_trained,
    switch_off_model,
)
from clinic.models import RegisteredModel
from clinic.tenancy.scope import clinic_scope

CODE = "reader_of_tests"
SCORES = {
    "notes": 12,
    "strict": {
        "micro": {"precision": 0.9, "recall": 0.8, "f1": 0.85, "low": 0.8, "high": 0.9, "gold": 40},
        "labels": {"ROM": {"precision": 1.0, "recall": 1.0, "f1": 1.0, "gold": 9}},
    },
}


@pytest.fixture
def released(monkeypatch, settings, tmp_path):
    """A product whose release a test can exchange; answers the one-place list that holds it."""
    settings.MEDIA_ROOT = str(tmp_path / "media")
    settings.PLUMBLINE_MODEL_CACHE = tmp_path / "cache"
    ships = [ReleasedModel("2026.1", "a" * 64, scores=SCORES, card="What it is for.")]
    monkeypatch.setattr(products, "_products", {})
    register_product(
        Product(CODE, "Reader of tests", "Rules alone read.", released=lambda: ships[0] if ships else None)
    )
    return ships


def make_folder(path: Path, *, content: bytes = b"weights") -> Path:
    path.mkdir(parents=True)
    (path / "model.onnx").write_bytes(content)
    hashes = {"model.onnx": hashlib.sha256(content).hexdigest()}
    (path / "manifest.json").write_text(json.dumps({"files": hashes}))
    return path


def trained(path: Path, version: str = "north-1", **more) -> TrainedModel:
    return TrainedModel(version, make_folder(path), data_sha256="d" * 64, data_words="12 notes", **more)


def test_the_released_model_runs_until_the_clinic_decides(people, released):
    with clinic_scope(people.north.pk):
        assert active_model(CODE).version == "2026.1"
        assert active_model(CODE).is_released
        row = know_released(CODE)
        assert (row.state, row.origin) == ("active", "released")
        assert know_released(CODE).pk == row.pk
    released.clear()
    with clinic_scope(people.south.pk):
        assert active_model(CODE) is None
        assert know_released(CODE) is None


def test_an_update_replaces_a_released_model_that_ran_and_nothing_else(people, released, tmp_path):
    with clinic_scope(people.north.pk):
        old = know_released(CODE)
        released[0] = ReleasedModel("2026.2", "b" * 64)
        assert active_model(CODE).version == "2026.2"
        new = know_released(CODE)
        old.refresh_from_db()
        assert (old.state, new.state) == ("retired", "active")
        switch_off_model(new, by=people.ada, reason="It marks doses as scores.")
        released[0] = ReleasedModel("2026.3", "c" * 64)
        assert know_released(CODE).state == "candidate"
        assert active_model(CODE) is None


def test_a_trained_model_is_kept_promoted_opened_and_put_back(people, released, tmp_path):
    with clinic_scope(people.north.pk):
        shipped = know_released(CODE)
        row = register_trained(CODE, trained(tmp_path / "one", scores=SCORES), by=people.ada)
        assert row.state == "candidate"
        assert active_model(CODE).version == "2026.1"
        promote_model(row, by=people.ada, reason="Better on our notes.")
        active = active_model(CODE)
        assert active.version == "north-1"
        assert (active.folder() / "model.onnx").read_bytes() == b"weights"
        shipped.refresh_from_db()
        assert shipped.state == "retired"
        promote_model(shipped, by=people.ada, reason="Back.")
        assert active_model(CODE).is_released
        row.refresh_from_db()
        assert (row.state, row.reason) == ("retired", "Replaced by 2026.1.")
    with clinic_scope(people.south.pk):
        assert not RegisteredModel.objects.exists()


def test_every_decision_is_audited_with_version_and_person(people, released, tmp_path):
    with clinic_scope(people.north.pk):
        row = register_trained(CODE, trained(tmp_path / "one"), by=people.ada)
        promote_model(row, by=people.ada, reason="Better.")
        switch_off_model(row, by=people.ada, reason="Worse after all.")
        lines = AuditEvent.objects.filter(object_type="clinic.RegisteredModel", object_ref=row.ref)
        told = [(line.action, line.detail.get("state", "")) for line in lines.order_by("sequence")]
    assert told == [("create", ""), ("change", "active"), ("change", "off")]


def test_a_decision_needs_a_reason_and_a_sensible_state(people, released, tmp_path):
    with clinic_scope(people.north.pk):
        row = register_trained(CODE, trained(tmp_path / "one"), by=people.ada)
        for reason in ("", "   ", "x" * 301):
            with pytest.raises(Invalid):
                promote_model(row, by=people.ada, reason=reason)
        with pytest.raises(Conflict):
            switch_off_model(row, by=people.ada, reason="Not in use.")
        promote_model(row, by=people.ada, reason="Better.")
        with pytest.raises(Conflict):
            promote_model(row, by=people.ada, reason="Again.")
        with pytest.raises(Conflict):
            register_trained(CODE, trained(tmp_path / "two"), by=people.ada)
        with pytest.raises(UnknownProduct):
            register_trained("nothing", trained(tmp_path / "three"), by=people.ada)


def test_a_release_that_no_longer_ships_cannot_be_put_back(people, released):
    with clinic_scope(people.north.pk):
        old = know_released(CODE)
        released[0] = ReleasedModel("2026.2", "b" * 64)
        know_released(CODE)
        with pytest.raises(Conflict, match="gone"):
            promote_model(old, by=people.ada, reason="Back.")


def test_files_that_lie_are_refused(people, released, tmp_path):
    folder = make_folder(tmp_path / "lies")
    (folder / "model.onnx").write_bytes(b"other")
    empty = tmp_path / "empty"
    empty.mkdir()
    escaping = make_folder(tmp_path / "escaping")
    (escaping / "manifest.json").write_text(json.dumps({"files": {"../lies/model.onnx": "0" * 64}}))
    broken = make_folder(tmp_path / "broken")
    (broken / "manifest.json").write_text("[]")
    with clinic_scope(people.north.pk):
        for wrong in (folder, empty, escaping, broken):
            with pytest.raises(ModelFilesUnusable):
                register_trained(CODE, TrainedModel("v", wrong, "", ""), by=people.ada)
        assert not RegisteredModel.objects.exists()


def test_a_stored_model_that_was_changed_or_lost_is_not_opened(people, released, tmp_path):
    with clinic_scope(people.north.pk):
        row = register_trained(CODE, trained(tmp_path / "one"), by=people.ada)
        promote_model(row, by=people.ada, reason="Better.")
        storage = storages["models"]
        stored = Path(storage.path(row.stored_name))
        good = stored.read_bytes()
        for bad in (b"", good[:-40], b"x" * 100):
            stored.write_bytes(bad)
            with pytest.raises(ModelFilesUnusable):
                active_model(CODE).folder()
        stored.unlink()
        with pytest.raises(ModelFilesUnusable):
            active_model(CODE).folder()
        stored.write_bytes(good)
        assert active_model(CODE).folder().is_dir()


def test_a_flipped_byte_is_refused_wherever_it_stands(people, released, tmp_path):
    with clinic_scope(people.north.pk):
        row = register_trained(CODE, trained(tmp_path / "one"), by=people.ada)
        promote_model(row, by=people.ada, reason="Better.")
        stored = Path(storages["models"].path(row.stored_name))
        good, refused = stored.read_bytes(), 0
        for at in range(len(good)):
            stored.write_bytes(good[:at] + bytes([good[at] ^ 0xFF]) + good[at + 1 :])
            try:
                opened = active_model(CODE).folder()
            except ModelFilesUnusable:
                refused += 1
                continue
            # A date of the archive, say: the files are those that were registered.
            assert check_folder(opened) == row.sha256
            shutil.rmtree(opened)
        assert refused > len(good) / 3


@pytest.mark.django_db(transaction=True)
def test_two_who_promote_at_once_leave_one_in_use(people, released, tmp_path):
    with clinic_scope(people.north.pk):
        know_released(CODE)
        rows = [
            register_trained(CODE, trained(tmp_path / name, name), by=people.ada) for name in ("a", "b", "c")
        ]

    def promote(row: RegisteredModel) -> None:
        try:
            with clinic_scope(people.north.pk), transaction.atomic():
                promote_model(row, by=people.ada, reason="Mine.")
        except Exception as error:
            failed.append(error)
        finally:
            connection.close()

    failed: list[Exception] = []
    threads = [threading.Thread(target=promote, args=(row,)) for row in rows]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    with clinic_scope(people.north.pk):
        assert RegisteredModel.objects.filter(state="active").count() == 1
    assert failed == []


def signed_in(member) -> Client:
    client = Client()
    client.force_login(member.user)
    return client


def test_pages_show_versions_to_admins_only(people, released, tmp_path):
    with clinic_scope(people.north.pk):
        row = register_trained(CODE, trained(tmp_path / "one", scores=SCORES), by=people.ada)
    page = signed_in(people.ada).get("/c/north/settings/models/").content.decode()
    assert "2026.1 runs" in page
    assert "F1 0.85 (0.80 to 0.90), 12 notes" in page
    one = f"/c/north/settings/models/{row.ref}/"
    assert "12 notes" in signed_in(people.ada).get(one).content.decode()
    for address in ("/c/north/settings/models/", one):
        for colleague in (people.nora, people.ash, people.paul):
            assert signed_in(colleague).get(address).status_code == 403
        assert signed_in(people.sam).get(address).status_code == 404
    assert signed_in(people.sam).get(one.replace("north", "south")).status_code in (403, 404)


def test_promoting_and_switching_off_from_the_page(people, released, tmp_path):
    with clinic_scope(people.north.pk):
        row = register_trained(CODE, trained(tmp_path / "one"), by=people.ada)
    address = f"/c/north/settings/models/{row.ref}/"
    for colleague in (people.nora, people.ash, people.paul):
        assert signed_in(colleague).post(f"{address}promote/", {"reason": "Mine."}).status_code == 403
    assert signed_in(people.sam).post(f"{address}promote/", {"reason": "Mine."}).status_code == 404
    ada = signed_in(people.ada)
    refused = ada.post(f"{address}promote/", {"reason": " "})
    assert refused.status_code == 400
    assert "Say in a few words" in refused.content.decode()
    assert ada.post(f"{address}promote/", {"reason": "Better."}).status_code == 302
    assert ada.post(f"{address}off/", {"reason": "Worse."}).status_code == 302
    page = ada.get("/c/north/settings/models/").content.decode()
    assert "No model runs" in page
    assert "Rules alone read." in page


def test_the_list_asks_as_often_for_three_versions_as_for_one(
    people, released, tmp_path, django_assert_max_num_queries
):
    ada = signed_in(people.ada)
    counts = []
    for name in ("a", "b", "c"):
        with clinic_scope(people.north.pk):
            register_trained(CODE, trained(tmp_path / name, name), by=people.ada)
        with django_assert_max_num_queries(40) as asked:
            ada.get("/c/north/settings/models/")
        counts.append(len(asked))
    assert counts[1] == counts[2]


@pytest.mark.parametrize("scores", [{}, {"strict": None}, {"strict": {"micro": {"f1": float("nan")}}}])
def test_what_was_not_measured_is_said(scores):
    assert headline(scores) == "Not measured"
    assert score_rows({}) == []


def test_a_comparison_is_judged_by_its_interval():
    told = {"difference": 0.02, "low": 0.01, "high": 0.03, "against": "2026.1", "notes": 8}
    assert comparison_words(told).endswith("better.")
    assert comparison_words({**told, "low": -0.01}).endswith("not shown to differ.")
    assert comparison_words({**told, "low": -0.2, "high": -0.1}).endswith("worse.")
    assert comparison_words({}) == ""
