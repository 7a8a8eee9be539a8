"""A trained tagger as the folder that is served: ONNX in int8, tokenizer, labels, manifest and card."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from tokenizers import Tokenizer

from clinic import model_export
from clinic.model_export import (
    check_size,
    folder_in_the_making,
    package_versions,
    put_in_place,
    sha256_of,
    write_int8,
)
from notes.clini_note_extractor.evaluation import evaluate
from notes.clini_note_extractor.model.folder import (
    CARD,
    HASHED,
    LABELS_FILE,
    LARGEST_BYTES,
    MANIFEST,
    MODEL,
    TOKENIZER,
)
from notes.clini_note_extractor.model.served import load_model
from notes.clini_note_extractor.model.tags import LABELS, TAGS
from notes.clini_note_extractor.training.calibrating import calibration_of_model
from notes.clini_note_extractor.training.card import card_of
from notes.clini_note_extractor.training.encoder import PACKAGE, PACKAGE_VERSION, WEIGHTS_SHA256
from notes.clini_note_extractor.training.network import Tagger
from notes.clini_note_extractor.training.settings import TrainedModel, TrainingSettings
from notes.clini_note_extractor.training.train import data_sha256, entities_of, measure
from notes.clini_note_extractor.types import Note

UNFINISHED_VERSION = "being measured"


def export_model(
    tagger: Tagger,
    *,
    tokenizer: Tokenizer,
    notes: Sequence[Note],
    validation: Sequence[Note],
    out: Path,
    settings: TrainingSettings,
    epoch: int,
    began: float,
    command: str,
) -> TrainedModel:
    """Write the model's folder and measure what was written. `began`: time.monotonic() at the start.

    Raises ValueError where the files would be larger than a release may be.
    """
    with folder_in_the_making(out) as workplace:
        folder = workplace / "model"
        folder.mkdir()
        _write_files(tagger, tokenizer, folder)
        hashes = {name: sha256_of(folder / name) for name in HASHED}
        _write_json(folder / MANIFEST, {"version": UNFINISHED_VERSION, "files": hashes})
        scores = _scores(folder, tagger, tokenizer, validation)
        told = {
            "version": settings.version,
            "files": hashes,
            "data_sha256": data_sha256(notes),
            "validation_sha256": data_sha256(validation),
            "notes": {"training": len(notes), "validation": len(validation)},
            "encoder": {"package": PACKAGE, "version": PACKAGE_VERSION, "weights_sha256": WEIGHTS_SHA256},
            "parameters": {**asdict(settings), "kept_epoch": epoch},
            "scores": scores,
            "command": command,
            "packages": package_versions(),
        }
        _write_json(folder / MANIFEST, told)
        # Scores decide how far the model is believed, so they are in place before what it says is calibrated.
        told["calibration"] = calibration_of_model(load_model(folder), validation)
        _write_json(folder / MANIFEST, told)
        (folder / CARD).write_text(card_of(told), encoding="utf-8")
        size = check_size(folder, largest_bytes=LARGEST_BYTES, what="model")
        put_in_place(folder, out, manifest=MANIFEST)
    return TrainedModel(
        out, settings.version, str(told["data_sha256"]), epoch, time.monotonic() - began,
        round(size / 1e6, 2), scores,
    )  # fmt: skip


def _write_files(tagger: Tagger, tokenizer: Tokenizer, folder: Path) -> None:
    whole = folder / "whole.onnx"
    write_onnx(tagger, whole)
    write_int8(whole, folder / MODEL)
    whole.unlink()
    tokenizer.save(str(folder / TOKENIZER))
    _write_json(folder / LABELS_FILE, {"labels": list(LABELS), "tags": list(TAGS)})


def write_onnx(tagger: Tagger, path: Path) -> None:
    """The tagger in fp32; batch and pieces may have any length."""
    model_export.write_onnx(tagger, path, scored=("batch", "pieces"))


def _scores(folder: Path, tagger: Tagger, tokenizer: Tokenizer, validation: Sequence[Note]) -> dict[str, Any]:
    """The served model on the validation notes, and the same weights before they were made int8."""
    model = load_model(folder)
    served = evaluate(
        validation, lambda text: entities_of(model, text), system="model", version=UNFINISHED_VERSION
    ).to_dict()
    whole = measure(tagger, tokenizer, validation).to_dict()
    return {
        "validation": {kind: served[kind] for kind in ("strict", "partial")},
        "spans": served["spans"],
        "fp32_strict_f1": whole["strict"]["micro"]["f1"],
        "int8_minus_fp32_f1": round(served["strict"]["micro"]["f1"] - whole["strict"]["micro"]["f1"], 4),
    }


def _write_json(path: Path, told: dict[str, Any]) -> None:
    path.write_text(json.dumps(told, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
