"""A trained tagger as the folder that is served: ONNX in int8, tokenizer, labels, manifest and card."""

from __future__ import annotations

import hashlib
import json
import logging
import platform
import shutil
import tempfile
import time
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from importlib import metadata
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic
from tokenizers import Tokenizer

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

OPSET = 18
PACKED_WORDS, WORD_SCALES = "words_int8", "words_scale"
# The encoder's other tables, of places and of sentences, are far smaller than its vocabulary.
FEWEST_WORDS = 10_000
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
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out.parent, prefix=".training-") as workplace:
        folder = Path(workplace) / "model"
        folder.mkdir()
        _write_files(tagger, tokenizer, folder)
        hashes = {name: _sha256(folder / name) for name in HASHED}
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
            "packages": _packages(),
        }
        _write_json(folder / MANIFEST, told)
        # Scores decide how far the model is believed, so they are in place before what it says is calibrated.
        told["calibration"] = calibration_of_model(load_model(folder), validation)
        _write_json(folder / MANIFEST, told)
        (folder / CARD).write_text(card_of(told), encoding="utf-8")
        size = sum(path.stat().st_size for path in folder.iterdir())
        if size > LARGEST_BYTES:
            raise ValueError(f"The model has {size:,} bytes; a release may have {LARGEST_BYTES:,}.")
        _put_in_place(folder, out)
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
    tagger.eval()
    ids = torch.ones(2, 8, dtype=torch.int64)
    axes = {0: "batch", 1: "pieces"}
    with warnings.catch_warnings(), torch.inference_mode():
        # The tracing exporter announces its own retirement and every constant that it folds.
        warnings.simplefilter("ignore")
        torch.onnx.export(
            tagger, (ids, torch.ones_like(ids)), str(path), opset_version=OPSET, dynamo=False,
            input_names=["input_ids", "attention_mask"], output_names=["scores"],
            dynamic_axes={"input_ids": axes, "attention_mask": axes, "scores": axes},
        )  # fmt: skip


def write_int8(whole: Path, path: Path) -> None:
    """The fp32 file as int8: products with a scale for each column (onnxruntime's dynamic quantisation), word
    embeddings with one for each word (with one for all words F1 fell by 0.006 where this does not cost any).
    """
    model: onnx.ModelProto = onnx.load(whole)
    _pack_word_embeddings(model.graph)
    packed = path.with_suffix(".packed")
    onnx.save(model, packed)
    with _silent():
        quantize_dynamic(
            packed, path, weight_type=QuantType.QInt8, per_channel=True, op_types_to_quantize=["MatMul"]
        )
    packed.unlink()


@contextmanager
def _silent() -> Iterator[None]:
    """Without the lines that quantisation writes to the root logger for each layer."""
    before = logging.root.manager.disable
    logging.disable(logging.WARNING)
    try:
        yield
    finally:
        logging.disable(before)


def _pack_word_embeddings(graph: onnx.GraphProto) -> None:
    """Replace the table of words by int8 rows and their scales."""
    tables = {one.name: one for one in graph.initializer}
    place, looked_up = next(
        (place, node)
        for place, node in enumerate(graph.node)
        if node.op_type == "Gather"
        and node.input[0] in tables
        and tables[node.input[0]].dims[0] > FEWEST_WORDS
    )
    weights = numpy_helper.to_array(tables[looked_up.input[0]])
    scales = np.maximum(np.abs(weights).max(axis=1, keepdims=True), 1e-8) / 127
    rows = np.rint(weights / scales).astype(np.int8)
    graph.initializer.remove(tables[looked_up.input[0]])
    graph.initializer.append(numpy_helper.from_array(rows, PACKED_WORDS))
    graph.initializer.append(numpy_helper.from_array(scales.astype(np.float32), WORD_SCALES))
    ids, answer = looked_up.input[1], looked_up.output[0]
    graph.node.remove(looked_up)
    steps = [
        onnx.helper.make_node("Gather", [PACKED_WORDS, ids], ["packed_rows"]),
        onnx.helper.make_node("Cast", ["packed_rows"], ["rows"], to=onnx.TensorProto.FLOAT),
        onnx.helper.make_node("Gather", [WORD_SCALES, ids], ["row_scales"]),
        onnx.helper.make_node("Mul", ["rows", "row_scales"], [answer]),
    ]
    for number, step in enumerate(steps):
        graph.node.insert(place + number, step)


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


def _packages() -> dict[str, str]:
    names = ("torch", "transformers", "onnx", "onnxruntime", "tokenizers", "numpy")
    return {"python": platform.python_version(), **{name: metadata.version(name) for name in names}}


def _put_in_place(folder: Path, out: Path) -> None:
    """The manifest last: until it is there, its hashes refuse a mixture of old and new files."""
    out.mkdir(parents=True, exist_ok=True)
    (out / MANIFEST).unlink(missing_ok=True)
    for path in sorted(folder.iterdir(), key=lambda one: one.name == MANIFEST):
        shutil.move(path, out / path.name)


def _sha256(path: Path) -> str:
    with path.open("rb") as raw:
        return hashlib.file_digest(raw, "sha256").hexdigest()


def _write_json(path: Path, told: dict[str, Any]) -> None:
    path.write_text(json.dumps(told, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
