"""Fits the linear layer over sentence vectors from the shipped wordings, and writes it beside them.

Softmax regression, full batch, Adam (Kingma & Ba 2015) from zero: the same wordings give the same file.
Five-fold over the wordings themselves it finds 4 of 5 intents together with cues; wording by others is
measured by the suite of questions, never here.
"""

import sys

import numpy as np
from numpy.typing import NDArray

from sessions.rehab_bot.encoder import DIMENSIONS, Vectors, load_encoder
from sessions.rehab_bot.intent_model import (
    FITTED_FILE,
    SHARPNESS,
    STEPS,
    shares_of,
    topic_texts,
    wordings_in_order,
    wordings_sha256,
)

ROUNDS = 200
STEP, BIAS_STEP, PULL = 0.05, 0.5, 1e-4
MEAN_KEPT, SQUARE_KEPT, TINY = 0.9, 0.999, 1e-8


def fit_layer(vectors: Vectors, owners: NDArray[np.intp], codes: int) -> tuple[Vectors, Vectors]:
    """Weights (384, codes) and bias (codes,); rare intents weigh more, by the root of their share."""
    truth = np.eye(codes)[owners]
    weight = np.sqrt(1.0 / np.maximum(truth.sum(axis=0), 1.0))[owners]
    weight /= weight.mean()
    layer, bias = np.zeros((DIMENSIONS, codes)), np.zeros(codes)
    mean, square = np.zeros_like(layer), np.zeros_like(layer)
    for turn in range(1, ROUNDS + 1):
        shares = shares_of((SHARPNESS * (vectors @ layer) + bias).astype(np.float32))
        error = (shares - truth) * weight[:, None] / len(vectors)
        slope = SHARPNESS * (vectors.T @ error) + PULL * layer
        bias -= BIAS_STEP * error.sum(axis=0)
        mean = MEAN_KEPT * mean + (1 - MEAN_KEPT) * slope
        square = SQUARE_KEPT * square + (1 - SQUARE_KEPT) * slope**2
        root = np.sqrt(square / (1 - SQUARE_KEPT**turn)) + TINY
        layer -= STEP * (mean / (1 - MEAN_KEPT**turn)) / root
    return layer.astype(np.float32), bias.astype(np.float32)


def write_fitted() -> int:
    """Write the file of this release; answers the number of wordings."""
    codes, texts = wordings_in_order()
    names = sorted(set(codes))
    owners = np.array([names.index(code) for code in codes], dtype=np.intp)
    vectors = load_encoder().encode((*texts, *topic_texts()))
    layer, bias = fit_layer(vectors[: len(texts)], owners, len(names))
    np.savez_compressed(
        FITTED_FILE,
        sha256=np.array(wordings_sha256()),
        vectors=np.round(vectors * STEPS).astype(np.int8),
        weights=layer.astype(np.float16),
        bias=bias,
    )
    return len(texts)


if __name__ == "__main__":
    sys.stdout.write(f"{write_fitted()} wordings fitted\n")
