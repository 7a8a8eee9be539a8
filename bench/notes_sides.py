"""The two sides of the notes' benchmark; each runs in a process of its own and prints one line of JSON."""

import json
import os
import resource
import time
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np


def served(count: int) -> None:
    """The released model, then the whole extraction, then typing."""
    from notes.clini_note_extractor import extract
    from notes.clini_note_extractor.model import load_model, released_folder

    texts = _texts(count)
    model = load_model(released_folder())
    model.spans("Warm-up: left knee pain 5/10.")
    seconds = _seconds_each(model.spans, texts)
    peak = _peak_mib()
    fresh = load_model(released_folder())
    whole = _seconds_each(lambda text: extract(text, model=fresh), texts)
    typing = _seconds_each(lambda text: extract(f"{text} He reported a fall.", model=fresh), texts)
    _tell({
        "notes_s": count / sum(seconds), "peak_mib": peak, "whole_s": count / sum(whole),
        "first_ms": 1000 * float(np.median(whole)), "typing_ms": 1000 * float(np.quantile(typing, 0.99)),
        "words": float(np.mean([len(text.split()) for text in texts])),
    })  # fmt: skip


def pipeline(count: int) -> None:
    """The same weights in fp32 behind transformers' pipeline."""
    import torch

    torch.set_num_threads(1)
    texts = _texts(count)
    reader = _plain_pipeline()
    reader("Warm-up: left knee pain 5/10.")
    seconds = _seconds_each(reader, texts)
    _tell({"notes_s": count / sum(seconds), "peak_mib": _peak_mib()})


def _plain_pipeline() -> Any:
    import transformers
    from transformers import AutoTokenizer, BertConfig, BertForTokenClassification

    from notes.clini_note_extractor.model.tags import TAGS
    from notes.clini_note_extractor.training.encoder import encoder_folder

    transformers.utils.logging.set_verbosity_error()
    folder = str(encoder_folder())
    config = BertConfig.from_pretrained(folder, num_labels=len(TAGS), id2label=dict(enumerate(TAGS)))
    network = BertForTokenClassification(config)
    network.load_state_dict(_released_weights(network), strict=True)
    tokenizer = AutoTokenizer.from_pretrained(folder, model_max_length=256)
    return transformers.pipeline(
        "token-classification", model=network, tokenizer=tokenizer, aggregation_strategy="simple", stride=64
    )


def _released_weights(network: Any) -> dict[str, Any]:
    """The released int8 weights as fp32, under the network's names; the file names its products by number, in
    the order in which a layer uses them.
    """
    import onnx
    import torch
    from onnx import numpy_helper

    from clinic.model_export import PACKED_WORDS, WORD_SCALES
    from notes.clini_note_extractor.model import released_folder

    graph = onnx.load(released_folder() / "model.onnx").graph
    stored = {one.name: numpy_helper.to_array(one) for one in graph.initializer}
    products = iter([name for name in stored if "MatMul" in name and name.endswith("_quantized")])
    told = {}
    for name, weight in network.state_dict().items():
        own = name.replace("bert.", "encoder.", 1)
        if own in stored:
            array = stored[own]
        elif own.endswith("word_embeddings.weight"):
            array = stored[PACKED_WORDS] * stored[WORD_SCALES]
        elif name.endswith("position_ids"):
            continue
        else:
            array = _unpacked(stored, next(products).removesuffix("_quantized")).T
        if array.shape != tuple(weight.shape):
            raise ValueError(f"{name} has another shape in the released file.")
        told[name] = torch.from_numpy(np.array(array, dtype=np.float32, order="C"))
    return told


def _unpacked(stored: dict[str, Any], name: str) -> Any:
    packed = stored[f"{name}_quantized"].astype(np.float32)
    return (packed - stored[f"{name}_zero_point"].astype(np.float32)) * stored[f"{name}_scale"]


def _texts(count: int) -> list[str]:
    from notes.clini_note_extractor.training.generator import make_notes

    made = make_notes(count=4 * count, seed=5, split="validation")
    near = sorted(made, key=lambda note: abs(len(note.text.split()) - 245))
    return [note.text for note in near[:count]]


def _seconds_each(read: Callable[[str], object], texts: Sequence[str]) -> list[float]:
    os.sched_setaffinity(0, {(os.cpu_count() or 1) - 1})
    told = []
    for text in texts:
        began = time.perf_counter()
        read(text)
        told.append(time.perf_counter() - began)
    return told


def _peak_mib() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _tell(told: dict[str, float]) -> None:
    print(json.dumps(told))
