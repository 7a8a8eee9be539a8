"""A release that is whole, folders that are not, and what extraction does without its model."""

import hashlib
import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from notes.clini_note_extractor import Label, System, extract, extract_by_rules
from notes.clini_note_extractor.linking import findings_of
from notes.clini_note_extractor.model import (
    ModelUnusable,
    forget_released,
    load_model,
    load_released,
    released_folder,
    served,
)
from notes.clini_note_extractor.model.folder import CARD, HASHED, LARGEST_BYTES, MANIFEST
from tests.clini_note_extractor.model.texts import PROSE


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(released_folder(), tmp_path / "model"))


@pytest.fixture
def broken_release(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    (folder / "model.onnx").write_bytes(b"rubbish")
    monkeypatch.setattr(served, "released_folder", lambda: folder)
    forget_released()
    yield folder
    monkeypatch.undo()
    forget_released()


def with_hash(folder: Path, name: str, raw: bytes) -> None:
    """Replace a file and make the manifest agree."""
    (folder / name).write_bytes(raw)
    manifest = json.loads((folder / MANIFEST).read_text())
    manifest["files"][name] = hashlib.sha256(raw).hexdigest()
    (folder / MANIFEST).write_text(json.dumps(manifest))


def test_the_release_is_what_its_manifest_says() -> None:
    folder = released_folder()
    manifest = json.loads((folder / MANIFEST).read_text())
    for name in HASHED:
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == manifest["files"][name]
    assert sorted(one.name for one in folder.iterdir()) == sorted([*HASHED, MANIFEST, CARD])
    assert sum(one.stat().st_size for one in folder.iterdir()) <= LARGEST_BYTES
    assert manifest["command"].startswith("manage.py train_note_extractor")
    assert f"# Note model {manifest['version']}" in (folder / CARD).read_text()
    assert len(manifest["data_sha256"]) == 64
    assert abs(manifest["scores"]["int8_minus_fp32_f1"]) < 0.02


@pytest.mark.parametrize("name", [*HASHED, MANIFEST])
def test_a_missing_file_is_named(folder: Path, name: str) -> None:
    (folder / name).unlink()
    with pytest.raises(ModelUnusable, match=name):
        load_model(folder)


@pytest.mark.parametrize("name", HASHED)
def test_a_changed_file_is_refused(folder: Path, name: str) -> None:
    raw = (folder / name).read_bytes()
    (folder / name).write_bytes(raw[:-1] + bytes([raw[-1] ^ 1]))
    with pytest.raises(ModelUnusable, match="wrong hash"):
        load_model(folder)


@pytest.mark.parametrize(
    ("name", "raw", "words"),
    [
        ("labels.json", b'{"tags": ["O", "B-KNEE"]}', "other labels"),
        ("labels.json", b"[]", "cannot be read"),
        ("model.onnx", b"no model", "no model that onnxruntime reads"),
        ("tokenizer.json", b"{}", "tokenizer cannot be read"),
    ],
)
def test_a_file_of_another_kind_is_refused(folder: Path, name: str, raw: bytes, words: str) -> None:
    with_hash(folder, name, raw)
    with pytest.raises(ModelUnusable, match=words):
        load_model(folder)


@pytest.mark.parametrize("raw", [b"{", b"[]", b'{"version": "1"}', b'{"version": 1, "files": {}}', b"\xff"])
def test_a_manifest_that_is_none_is_refused(folder: Path, raw: bytes) -> None:
    (folder / MANIFEST).write_bytes(raw)
    with pytest.raises(ModelUnusable, match=r"manifest\.json"):
        load_model(folder)


def test_rules_read_on_without_the_model(broken_release: Path) -> None:
    extraction = extract(PROSE)
    alone = extract_by_rules(PROSE)
    assert extraction.entities == alone.entities
    assert extraction.fell_back
    assert extraction.system is System.RULES
    assert extraction.version == alone.version
    assert "wrong hash" in extraction.warnings[0]
    assert str(broken_release) not in extraction.warnings[0]
    assert extraction.to_dict()["fell_back"] is True


def test_the_model_alone_says_that_it_cannot(broken_release: Path) -> None:
    with pytest.raises(ModelUnusable, match="wrong hash"):
        extract(PROSE, system=System.MODEL)
    with pytest.raises(ModelUnusable):  # told again, not tried again
        load_released()


def test_systems_say_who_read() -> None:
    model = load_released()
    rules = extract_by_rules(PROSE)
    for system in (System.MODEL, System.COMBINED):
        told = extract(PROSE, system=system)
        assert told.system is system
        assert model.version in told.version
        assert told.version.startswith(system.value)
        assert set(told.probabilities) == {one.span for one in told.entities}
        assert not told.fell_back
    assert rules.probabilities == {}
    assert "probability" not in rules.to_dict()["entities"][0]
    assert 0 < extract(PROSE).to_dict()["entities"][0]["probability"] <= 1
    with pytest.raises(ValueError, match="nobody"):
        extract(PROSE, system="nobody")


def test_a_given_model_is_used_instead_of_the_release(broken_release: Path, tmp_path: Path) -> None:
    good = Path(shutil.copytree(released_folder(), tmp_path / "good"))
    assert not extract(PROSE, model=load_model(good)).fell_back


def test_findings_follow_from_the_model_too() -> None:
    text = "Left knee flexion is 0 to 105 degrees. LEFS score was 42/80."
    for system in System:
        findings = findings_of(text, extract(text, system=system))
        assert [(one.kind, one.high) for one in findings] == [("range", 105.0), ("score", 42.0)]
        assert findings[1].measure


def test_regions_are_named_by_lexicon_by_neighbour_or_by_themselves() -> None:
    text = "Left knee pain is 5/10. Left popliteal hollow pain is 5/10. Tender over the Glutei."
    extraction = extract(text, system=System.MODEL)
    regions = [one.span for one in extraction.entities if one.label is Label.BODY_REGION]
    assert [text[span.start : span.end] for span in regions] == ["knee", "popliteal hollow", "Glutei"]
    assert [extraction.names[span] for span in regions] == ["knee", "knee", "glutei"]
