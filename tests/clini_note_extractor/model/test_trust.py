"""How far a model is believed: as far as it read its own validation notes."""

import hashlib
import json
import shutil
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import numpy_helper

from notes.clini_note_extractor import Label, System, extract, extract_by_rules, read_notes
from notes.clini_note_extractor.combination import NEVER, POLICIES, SILENT, policies_for
from notes.clini_note_extractor.evaluation import evaluate_extractions
from notes.clini_note_extractor.model import NoteModel, load_model, load_released, released_folder
from notes.clini_note_extractor.types import Note

WRITTEN = Path(__file__).parent.parent / "written"


def scores(f1: object, *, labels: dict[str, object] | None = None) -> dict[str, object]:
    return {"validation": {"strict": {"micro": {"f1": f1}, "labels": labels or {}}}}


def test_a_good_model_is_believed() -> None:
    assert policies_for(scores(0.8)) == POLICIES
    assert load_released().policies == POLICIES


def test_a_middling_model_may_add_but_takes_nothing_away() -> None:
    for one in policies_for(scores(0.79)).values():
        assert (one.against, one.veto) == (NEVER, 0.0)
        assert 0.95 <= one.alone <= 1


@pytest.mark.parametrize(
    "told", [scores(0.49), scores(None), scores("0.9"), scores(float("nan")), scores(7), {}, None, []]
)
def test_a_poor_or_unmeasured_model_is_silent(told: object) -> None:
    assert set(policies_for(told).values()) == {SILENT}


def test_a_label_with_enough_spans_speaks_for_itself() -> None:
    poor = {"ROM": {"f1": 0.2, "gold": 20}, "STRENGTH": {"f1": 0.2, "gold": 19}}
    policies = policies_for(scores(0.9, labels=poor))
    assert policies[Label.ROM] == SILENT
    assert policies[Label.STRENGTH] == POLICIES[Label.STRENGTH]


def spoilt(folder: Path) -> None:
    """The released model with its last layer turned round: it marks where it would not have."""
    model = onnx.load(folder / "model.onnx")
    last = {name for node in model.graph.node[-12:] for name in node.input}
    for one in model.graph.initializer:
        weights = numpy_helper.to_array(one)
        if one.name in last and weights.dtype == np.float32 and weights.size == 41:
            turned = np.full_like(weights, -6.0)
            turned[1:5] = 9.0
            one.CopyFrom(numpy_helper.from_array(turned, one.name))
    onnx.save(model, folder / "model.onnx")


@pytest.fixture(scope="module")
def bad_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = Path(shutil.copytree(released_folder(), tmp_path_factory.mktemp("bad") / "model"))
    spoilt(folder)
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest["files"]["model.onnx"] = hashlib.sha256((folder / "model.onnx").read_bytes()).hexdigest()
    (folder / "manifest.json").write_text(json.dumps(manifest))
    return folder


def measured(folder: Path, notes: list[Note]) -> NoteModel:
    """The folder's model with the score that it really reaches in its manifest, as a training writes it."""
    found = evaluate_extractions(
        notes,
        lambda text: extract(text, system=System.MODEL, model=load_model(folder)),
        system="",
        version="",
    )
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest["scores"]["validation"] = {"strict": found.to_dict()["strict"]}
    (folder / "manifest.json").write_text(json.dumps(manifest))
    return load_model(folder)


def test_a_model_that_learned_nothing_silences_no_rule(bad_folder: Path) -> None:
    notes = read_notes(WRITTEN / "first.jsonl")[:6]
    boastful = load_model(bad_folder)
    lost = [
        one
        for note in notes
        for one in set(extract_by_rules(note.text).entities)
        - set(extract(note.text, model=boastful).entities)
    ]
    assert len(lost) > 20  # with a score that it does not deserve it takes spans away
    honest = measured(bad_folder, notes[:2])
    assert set(honest.policies.values()) == {SILENT}
    for note in notes:
        told = extract(note.text, model=honest)
        assert told.entities == extract_by_rules(note.text).entities
        assert "read its own validation notes badly" in told.warnings[0]
