"""How well a text fits each intent: the nearest shipped wording, a linear layer over its vector, and cues.

The vectors of all shipped wordings and the layer are kept in one file beside them, made by
`python -m sessions.rehab_bot.intent_fitting`; a file made of other wordings is not used, and the vectors
are then worked out anew (some seconds, once a process).
"""

import hashlib
import io
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sessions.rehab_bot.cues import cues_in
from sessions.rehab_bot.encoder import MODEL_SHA256, TOKENIZER_SHA256, Encoder, Vectors
from sessions.rehab_bot.exercise_names import ANY
from sessions.rehab_bot.knowledge import FOLDER, shipped_topics, shipped_wordings
from sessions.rehab_bot.patient_words import mended
from sessions.rehab_bot.retrieval import stems_of

FITTED_FILE = FOLDER / "intents.npz"
LAYER_SHARE = 0.3
SHARPNESS = 10.0
STEPS = 127.0

Scores = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class IntentModel:
    """`vectors` (wordings, 384) belong to `owners`, places in `codes`; `weights` (384, codes) and `bias`
    are the layer, empty where none was fitted.
    """

    codes: tuple[str, ...]
    vectors: Vectors
    owners: NDArray[np.intp]
    weights: Vectors
    bias: Vectors

    def scores(self, encoded: Vectors) -> Scores:
        """Shape (texts, codes): likeness to the nearest wording, and what the layer adds."""
        nearest: Scores = np.full((len(self.codes), len(encoded)), -1.0)
        np.maximum.at(nearest, self.owners, (self.vectors @ encoded.T).astype(np.float64))
        if not self.bias.size:
            return nearest.T
        return nearest.T + LAYER_SHARE * shares_of(SHARPNESS * (encoded @ self.weights) + self.bias)


def fit_of(texts: Sequence[str], encoder: Encoder | None) -> list[dict[str, float]]:
    """For each mended text how well it fits each intent; words alone decide without an encoder."""
    likeness = _by_words(texts) if encoder is None else _by_vectors(texts, encoder)
    return [_with_cues(one, cues_in(text)) for one, text in zip(likeness, texts, strict=True)]


def wordings_in_order() -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Every shipped wording, mended as a patient's words are, and the intent of each."""
    pairs = [(code, mended(text)) for code, rows in shipped_wordings().items() for text in rows]
    return tuple(code for code, _ in pairs), tuple(text for _, text in pairs)


def topic_texts() -> tuple[str, ...]:
    """What a library remembers of the topics besides their wordings: titles and texts."""
    return tuple(text for topic in shipped_topics().values() for text in (topic.title, " ".join(topic.text)))


def wordings_sha256() -> str:
    """A fingerprint of the wordings, topics and encoder that a fitted file was made of.

    The wordings as written: how typing errors are mended may change a little without a new file.
    """
    rows = (part for code, texts in shipped_wordings().items() for part in (code, *texts))
    parts = (MODEL_SHA256, TOKENIZER_SHA256, *rows, *topic_texts())
    return hashlib.sha256("\n".join(parts).encode("utf-8")).hexdigest()


def model_for(encoder: Encoder) -> IntentModel:
    """The model of this release, its vectors handed to the encoder's memory too."""
    return _model(encoder)


@cache
def _model(encoder: Encoder) -> IntentModel:
    codes, texts = wordings_in_order()
    names = tuple(sorted(set(codes)))
    owners = np.array([names.index(code) for code in codes], dtype=np.intp)
    stored = read_fitted(FITTED_FILE)
    if stored is None:
        nothing = np.zeros((0,), dtype=np.float32)
        return IntentModel(names, encoder.remember(texts), owners, nothing, nothing)
    vectors = stored["vectors"].astype(np.float32) / np.float32(STEPS)
    encoder.keep_known((*texts, *topic_texts()), vectors)
    return IntentModel(
        names, vectors[: len(texts)], owners, stored["weights"].astype(np.float32), stored["bias"]
    )


def read_fitted(path: Path) -> Mapping[str, NDArray[np.float32]] | None:
    """The arrays of a fitted file; None where it is missing, damaged or made of other wordings."""
    try:
        with np.load(io.BytesIO(path.read_bytes()), allow_pickle=False) as file:
            stored = {name: file[name] for name in ("sha256", "vectors", "weights", "bias")}
    except (OSError, ValueError, KeyError, zipfile.BadZipFile, zlib.error):
        return None
    return stored if str(stored.pop("sha256")) == wordings_sha256() else None


def shares_of(logits: NDArray[np.float32]) -> Scores:
    """Each row as shares that add to 1."""
    raised = np.exp((logits - logits.max(axis=1, keepdims=True)).astype(np.float64))
    shares: Scores = raised / raised.sum(axis=1, keepdims=True)
    return shares


def _by_vectors(texts: Sequence[str], encoder: Encoder) -> list[dict[str, float]]:
    model = model_for(encoder)
    return [dict(zip(model.codes, row, strict=True)) for row in model.scores(encoder.encode(texts)).tolist()]


def _by_words(texts: Sequence[str]) -> list[dict[str, float]]:
    return [_shared_words(frozenset(stems_of(text.replace(ANY, "")))) for text in texts]


def _shared_words(asked: frozenset[str]) -> dict[str, float]:
    """By code the best overlap of words (Dice) with one of its wordings."""
    best: dict[str, float] = {}
    for code, stems in _stemmed():
        overlap = 2 * len(asked & stems) / max(len(asked) + len(stems), 1)
        best[code] = max(best.get(code, 0.0), overlap)
    return best


def _with_cues(likeness: dict[str, float], cues: dict[str, float]) -> dict[str, float]:
    return {code: worth + cues.get(code, 0.0) for code, worth in likeness.items()}


@cache
def _stemmed() -> tuple[tuple[str, frozenset[str]], ...]:
    codes, texts = wordings_in_order()
    return tuple(
        (code, frozenset(stems_of(text.replace(ANY, "")))) for code, text in zip(codes, texts, strict=True)
    )
