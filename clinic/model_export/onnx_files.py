"""A network as ONNX, in fp32 and in int8. Needs torch and onnx."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic

OPSET = 18
INPUTS = ("input_ids", "attention_mask")
PACKED_WORDS, WORD_SCALES = "words_int8", "words_scale"
# The encoder's other tables, of places and of sentences, are far smaller than its vocabulary.
FEWEST_WORDS = 10_000


def write_onnx(network: torch.nn.Module, path: Path, *, scored: Sequence[str]) -> None:
    """The network in fp32; batch and pieces may have any length. It takes batch × pieces twice (ids; 1 for
    pieces, 0 for padding); `scored` names those axes of its scores, from the first, that are as long as the
    input's: "batch", or "batch" and "pieces".
    """
    network.eval()
    ids = torch.ones(2, 8, dtype=torch.int64)
    axes = {0: "batch", 1: "pieces"}
    with warnings.catch_warnings(), torch.inference_mode():
        # The tracing exporter announces its own retirement and every constant that it folds.
        warnings.simplefilter("ignore")
        torch.onnx.export(
            network, (ids, torch.ones_like(ids)), str(path), opset_version=OPSET, dynamo=False,
            input_names=list(INPUTS), output_names=["scores"],
            dynamic_axes={**dict.fromkeys(INPUTS, axes), "scores": dict(enumerate(scored))},
        )  # fmt: skip


def write_int8(whole: Path, path: Path) -> None:
    """The fp32 file as int8: products with a scale for each column (onnxruntime's dynamic quantisation), word
    embeddings with one for each word (with one for all words the F1 of notes' tagger fell by 0.006 where this
    does not cost any).
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
