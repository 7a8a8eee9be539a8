"""From a fitted classifier to the served folder: int8 ONNX, tokenizer, manifest and card, all or nothing."""

from __future__ import annotations

import hashlib
import json
import logging
import platform
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import metadata
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic
from tokenizers import Tokenizer

from patients.red_flags.hearing.reader.folder import CARD, HASHED, LARGEST_BYTES, MANIFEST, MODEL, TOKENIZER
from patients.red_flags.hearing.reader.served import INPUTS, load_reader
from patients.red_flags.hearing.training.card import card_of
from patients.red_flags.hearing.training.network import Classifier

OPSET = 18
PACKED_WORDS, WORD_SCALES = "words_int8", "words_scale"
# The encoder's other tables, of places and of sentences, are far smaller than its vocabulary.
FEWEST_WORDS = 10_000


def export_reader(classifier: Classifier, tokenizer: Tokenizer, told: dict[str, Any], out: Path) -> None:
    """Write the folder that is served; `told` is the manifest without hashes and packages.

    Raises ValueError where the files would be larger than a release may be.
    """
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out.parent, prefix=".training-") as workplace:
        folder = Path(workplace) / "reader"
        folder.mkdir()
        write_onnx(classifier, folder / "whole.onnx")
        write_int8(folder / "whole.onnx", folder / MODEL)
        (folder / "whole.onnx").unlink()
        tokenizer.save(str(folder / TOKENIZER))
        manifest = {
            **told,
            "files": {name: sha256_of(folder / name) for name in HASHED},
            "packages": _packages(),
        }
        (folder / MANIFEST).write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")
        (folder / CARD).write_text(card_of(manifest), encoding="utf-8")
        size = sum(path.stat().st_size for path in folder.iterdir())
        if size > LARGEST_BYTES:
            raise ValueError(f"The reader has {size:,} bytes; a release may have {LARGEST_BYTES:,}.")
        load_reader(folder)
        _put_in_place(folder, out)


def write_onnx(classifier: Classifier, path: Path) -> None:
    """The classifier in fp32; batch and pieces may have any length."""
    classifier.eval()
    ids = torch.ones(2, 8, dtype=torch.int64)
    axes = {0: "batch", 1: "pieces"}
    with warnings.catch_warnings(), torch.inference_mode():
        # The tracing exporter announces its own retirement and every constant that it folds.
        warnings.simplefilter("ignore")
        torch.onnx.export(
            classifier, (ids, torch.ones_like(ids)), str(path), opset_version=OPSET, dynamo=False,
            input_names=list(INPUTS), output_names=["scores"],
            dynamic_axes={**dict.fromkeys(INPUTS, axes), "scores": {0: "batch"}},
        )  # fmt: skip


def write_int8(whole: Path, path: Path) -> None:
    """The fp32 file as int8: products with a scale for each column (onnxruntime's dynamic quantisation), word
    embeddings with one for each word.
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


def _packages() -> dict[str, str]:
    names = ("torch", "transformers", "onnx", "onnxruntime", "tokenizers", "numpy")
    return {"python": platform.python_version(), **{name: metadata.version(name) for name in names}}


def _put_in_place(folder: Path, out: Path) -> None:
    """The manifest last: until it is there, its hashes refuse a mixture of old and new files."""
    out.mkdir(parents=True, exist_ok=True)
    (out / MANIFEST).unlink(missing_ok=True)
    for path in sorted(folder.iterdir(), key=lambda one: one.name == MANIFEST):
        shutil.move(path, out / path.name)


def sha256_of(path: Path) -> str:
    """Of a file's bytes."""
    with path.open("rb") as raw:
        return hashlib.file_digest(raw, "sha256").hexdigest()
