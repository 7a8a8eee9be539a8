"""Training through its command with the real encoder: a few steps, then a model that loads and extracts."""

import json
from io import StringIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from notes.clini_note_extractor import Note, System, extract
from notes.clini_note_extractor.model import load_model
from notes.clini_note_extractor.training import encoder
from notes.clini_note_extractor.training.data import ADDED_WEIGHT, NotesWanted, gather_notes
from notes.clini_note_extractor.training.settings import (
    Progress,
    TrainingSettings,
    TrainingStopped,
    TrainingUnavailable,
)
from notes.clini_note_extractor.training.train import data_sha256, train_model
from notes.clini_note_extractor.training.written.markup import parse

pytest.importorskip("torch", reason="needs requirements/train.txt")

LINE = (
    "[[Left|LATERALITY]] [[knee|BODY_REGION]] pain [[5/10|PAIN_LEVEL]] after [[gait training|INTERVENTION]]. "
)
NOTES = [parse(LINE * count, id=f"n{count}") for count in range(1, 5)]
TINY = TrainingSettings(version="t", epochs=1, most_steps=2, batch_pieces=256)


def gold_file(folder: Path) -> Path:
    rows = [
        {"id": note.id, "text": note.text, "entities": [one.to_dict() for one in note.entities]}
        for note in NOTES
    ]
    path = folder / "gold.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def command(*arguments: Any) -> str:
    told = StringIO()
    call_command("train_note_extractor", *map(str, arguments), stdout=told)
    return told.getvalue()


@pytest.mark.slow
def test_one_command_from_nothing_to_a_model_that_reads(tmp_path: Path) -> None:
    out = tmp_path / "model"
    said = command("--out", out, "--quick", "--data", gold_file(tmp_path), "--model-version", "7.1")
    assert "Model 7.1 in" in said
    assert "gait training" not in said
    model = load_model(out)
    assert extract("Left knee pain 5/10.", system=System.MODEL, model=model).version == "model 7.1"
    manifest = json.loads((out / "manifest.json").read_text())
    assert manifest["notes"]["training"] == 24 + ADDED_WEIGHT * len(NOTES)
    assert manifest["parameters"]["most_steps"] == 8
    assert "--quick" in manifest["command"]
    assert "--model-version 7.1" in manifest["command"]
    assert 0 <= manifest["scores"]["validation"]["strict"]["micro"]["f1"] <= 1
    assert manifest["data_sha256"] in (out / "MODEL_CARD.md").read_text()
    runs = tmp_path / "model-runs"
    line = json.loads((runs / "runs.jsonl").read_text())
    assert line["data_sha256"] == manifest["data_sha256"]
    record = json.loads((runs / line["run"] / "run.json").read_text())
    assert record["parameters"]["seed"] == 11
    steps = [json.loads(row) for row in (runs / line["run"] / "metrics.jsonl").read_text().splitlines()]
    assert steps[-1]["validation_f1"] is not None
    assert not list(tmp_path.glob(".training-*"))


@pytest.mark.slow
def test_the_command_reads_words_alone_before_and_says_so(tmp_path: Path) -> None:
    out = tmp_path / "model"
    said = command("--out", out, "--quick", "--masked-epochs", 2, "--masked-notes", 1)
    lines = said.splitlines()
    assert lines[0].startswith("words alone, epoch 2, step ")
    assert not any(line.startswith("words alone") for line in lines[1:])
    manifest = json.loads((out / "manifest.json").read_text())
    assert manifest["parameters"]["masked_epochs"] == 2
    assert "--masked-epochs 2 --masked-notes 1" in manifest["command"]
    assert manifest["notes"]["training"] == 24


@pytest.mark.slow
def test_the_same_seed_gives_the_same_model(tmp_path: Path) -> None:
    told = [
        train_model(notes=NOTES, validation=NOTES[:1], out=tmp_path / name, settings=TINY)
        for name in ("one", "other")
    ]
    hashes = [json.loads((one.folder / "manifest.json").read_text())["files"] for one in told]
    assert hashes[0] == hashes[1]
    assert told[0].scores == told[1].scores
    assert told[0].data_sha256 == data_sha256(NOTES)


def test_a_caller_stops_a_training_and_nothing_is_left(tmp_path: Path) -> None:
    def stop(progress: Progress) -> None:
        raise TrainingStopped("The training was stopped.")

    with pytest.raises(TrainingStopped):
        train_model(notes=NOTES, validation=NOTES[:1], out=tmp_path / "m", settings=TINY, progress=stop)
    assert list(tmp_path.iterdir()) == []


def test_notes_without_entities_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="annotated notes"):
        train_model(notes=[Note("a", "Knee.")], validation=NOTES, out=tmp_path / "m")
    with pytest.raises(ValueError, match="annotated notes"):
        train_model(notes=NOTES, validation=[], out=tmp_path / "m")


def test_missing_packages_are_named_with_their_cure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encoder.util, "find_spec", lambda name: None if name == "torch" else object())
    with pytest.raises(CommandError, match=r"needs torch.*requirements/train\.txt") as told:
        command("--out", tmp_path / "m", "--quick")
    assert told.value.returncode == 1


def test_other_weights_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    weights = tmp_path / "model" / "model.safetensors"
    weights.parent.mkdir()
    weights.write_bytes(b"other")
    file = type(
        "File", (), {"__str__": lambda self: "x/model/model.safetensors", "locate": lambda self: weights}
    )()
    monkeypatch.setattr(encoder.metadata, "distribution", lambda name: SimpleNamespace(files=[file]))
    with pytest.raises(TrainingUnavailable, match="hash differs"):
        encoder.encoder_folder()
    weights.unlink()
    with pytest.raises(TrainingUnavailable, match="holds no"):
        encoder.encoder_folder()


def test_a_missing_encoder_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encoder, "PACKAGE", "no-such-encoder")
    with pytest.raises(TrainingUnavailable, match="no-such-encoder"):
        encoder.encoder_folder()
    assert (encoder.WEIGHTS_SHA256[:8], len(encoder.WEIGHTS_SHA256)) == ("53aa5117", 64)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--data", "BROKEN"], "Line 1"),
        (["--data", "NOWHERE"], "No such file"),
        (["--epochs", "0"], "1 or more"),
        (["--masked-epochs", "-1"], "0 or more"),
        (["--masked-epochs", "1", "--masked-notes", "-1"], "not negative"),
        (["--masked-notes", "5"], "for --masked-epochs"),
    ],
)
def test_bad_input_is_told(tmp_path: Path, arguments: list[str], words: str) -> None:
    (tmp_path / "BROKEN").write_text("no json\n")
    told = [str(tmp_path / one) if one.isupper() else one for one in arguments]
    with pytest.raises(CommandError, match=words) as error:
        command("--out", tmp_path / "m", *told)
    assert error.value.returncode == 1


def test_no_note_is_in_both_parts() -> None:
    gathered = gather_notes(NotesWanted(made=30, validation=10, seed=3), added=NOTES)
    training = {note.text for note in gathered.training}
    assert not training & {note.text for note in gathered.validation}
    assert {note.text for note in NOTES} <= training
    assert gather_notes(NotesWanted(made=30, validation=10, seed=3), added=NOTES) == gathered


@pytest.mark.parametrize("wrong", [{"epochs": 0}, {"masked_share": 1.5}, {"threads": 0}, {"averaged": -0.1}])
def test_settings_that_make_no_sense_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"between 0 and 1|1 or more"):
        TrainingSettings(**wrong)
