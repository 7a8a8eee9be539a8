"""The trained reader as it is served: onnxruntime, tokenizers and numpy, nothing else."""

from __future__ import annotations

import hashlib
import os
import re
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np

# Before onnxruntime is loaded: threads that wait do not spin.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

import onnxruntime
from tokenizers import Tokenizer

from patients.red_flags.hearing.reader.deciding import Probabilities, raised
from patients.red_flags.hearing.reader.folder import (
    MODEL,
    RELEASED,
    TOKENIZER,
    Manifest,
    ReaderUnusable,
    checked_bytes,
    read_manifest,
)
from patients.red_flags.hearing.reader.labels import LABELS
from patients.red_flags.hearing.reader.pieces import Pieces, joined_pieces, windows_of

REMEMBERED_WINDOWS = 512
# Of numbers, signs and other scripts the reader has learnt nothing, and would only guess.
LATIN_WORD = re.compile(r"[A-Za-z]{2}")
INPUTS = ("input_ids", "attention_mask")
MARKS = ("[CLS]", "[SEP]")


@dataclass(frozen=True, slots=True)
class Raised:
    """A label that the reader raises, how likely it is to it (0 to 1), and the turn that completed it."""

    label: str
    probability: float
    turn: int


class Reader:
    """A loaded reader. One may be used by several threads at once; processes that fork load their own."""

    def __init__(self, session: Any, tokenizer: Tokenizer, manifest: Manifest) -> None:
        self.manifest = manifest
        self._session = session
        self._tokenizer = tokenizer
        self._remembered: OrderedDict[bytes, Probabilities] = OrderedDict()
        self._lock = Lock()

    def read(self, messages: Sequence[str]) -> tuple[Raised, ...]:
        """What the turns raise together, the likeliest first. Any text is read; none raises nothing."""
        readings = self._readings(messages)
        labels: dict[str, Raised] = {}
        for probabilities in readings:
            for label in raised(probabilities, self.manifest.limits):
                found = Raised(label, float(probabilities[LABELS.index(label)]), len(messages) - 1)
                labels[label] = max(labels.get(label, found), found, key=lambda one: one.probability)
        if not labels:
            return ()
        told = self._attributed(messages, labels)
        return tuple(sorted(told, key=lambda one: -one.probability))

    def probabilities(self, messages: Sequence[str]) -> Probabilities:
        """One a label of LABELS, the highest over the windows; zeros where there is nothing to read."""
        highest: Probabilities = np.max([np.zeros(len(LABELS)), *self._readings(messages)], axis=0)
        return highest

    def _attributed(self, messages: Sequence[str], labels: dict[str, Raised]) -> list[Raised]:
        """Each label with the turn from which on it was raised: what stood before did not yet say it."""
        turn_of = dict.fromkeys(labels, len(messages) - 1)
        open_labels = set(labels)
        for count in range(len(messages) - 1, 0, -1):
            open_labels &= {
                label
                for probabilities in self._readings(messages[:count])
                for label in raised(probabilities, self.manifest.limits)
            }
            if not open_labels:
                break
            turn_of |= dict.fromkeys(open_labels, count - 1)
        return [Raised(label, one.probability, turn_of[label]) for label, one in labels.items()]

    def _readings(self, messages: Sequence[str]) -> list[Probabilities]:
        if not any(LATIN_WORD.search(message) for message in messages):
            return []
        pieces = joined_pieces(messages, self._tokenizer)
        return [self._reading(window) for window in windows_of(pieces, self._tokenizer)]

    def _reading(self, window: Pieces) -> Probabilities:
        """One window's probabilities, from memory where it was read before."""
        key = hashlib.blake2b(window.tobytes(), digest_size=16).digest()
        with self._lock:
            known = self._remembered.get(key)
            if known is not None:
                self._remembered.move_to_end(key)
                return known
        # One window a run: int8 scales depend on all that is read together.
        feed = {"input_ids": window[None, :], "attention_mask": np.ones((1, len(window)), dtype=np.int64)}
        scores = np.asarray(self._session.run(None, feed)[0][0], dtype=np.float64)
        told: Probabilities = 1 / (1 + np.exp(-np.clip(scores, -60, 60)))
        with self._lock:
            self._remembered[key] = told
            if len(self._remembered) > REMEMBERED_WINDOWS:
                self._remembered.popitem(last=False)
        return told


def load_reader(folder: Path) -> Reader:
    """The reader of a folder. Raises ReaderUnusable: missing, wrong hash, wrong shape."""
    manifest = read_manifest(folder)
    tokenizer = _tokenizer_of(checked_bytes(folder, TOKENIZER, manifest))
    return Reader(_session_of(checked_bytes(folder, MODEL, manifest)), tokenizer, manifest)


_released: dict[int, Reader | ReaderUnusable] = {}
_loading = Lock()


def load_released() -> Reader:
    """The released reader, loaded once a process, after a fork anew. Raises ReaderUnusable; one that could
    not be loaded is not tried again by the same process.
    """
    with _loading:
        process = os.getpid()
        if process not in _released:
            _released.clear()
            try:
                _released[process] = load_reader(RELEASED)
            except ReaderUnusable as error:
                _released[process] = error
        loaded = _released[process]
    if isinstance(loaded, ReaderUnusable):
        raise ReaderUnusable(str(loaded))
    return loaded


def forget_released() -> None:
    """Load the release again when it is next asked for."""
    with _loading:
        _released.clear()


def _tokenizer_of(raw: bytes) -> Tokenizer:
    try:
        tokenizer = Tokenizer.from_str(raw.decode("utf-8"))
    except Exception as error:  # the tokenizers package raises bare Exception
        raise ReaderUnusable("The reader's tokenizer cannot be read.") from error
    if any(tokenizer.token_to_id(mark) is None for mark in MARKS):
        raise ReaderUnusable("The reader's tokenizer lacks the marks [CLS] and [SEP].")
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


def _session_of(raw: bytes) -> Any:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    try:
        session = onnxruntime.InferenceSession(raw, options, providers=["CPUExecutionProvider"])
    except Exception as error:  # onnxruntime's errors share no base class but Exception
        raise ReaderUnusable("The reader's file is no model that onnxruntime reads.") from error
    shape = session.get_outputs()[0].shape
    if tuple(one.name for one in session.get_inputs()) != INPUTS or shape[-1] != len(LABELS):
        raise ReaderUnusable("The reader has another shape than this version reads.")
    return session
