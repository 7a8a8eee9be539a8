"""The trained model as it is served: onnxruntime, tokenizers and numpy, nothing else."""

from __future__ import annotations

import hashlib
import os
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

# Before onnxruntime is loaded: threads that wait do not spin.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

import onnxruntime
from tokenizers import Tokenizer

from notes.clini_note_extractor.calibration import calibration_in
from notes.clini_note_extractor.combination import policies_for
from notes.clini_note_extractor.model.folder import (
    LABELS_FILE,
    MODEL,
    TOKENIZER,
    Manifest,
    ModelUnusable,
    check_labels,
    checked_bytes,
    read_manifest,
    released_folder,
)
from notes.clini_note_extractor.model.tags import LABELS, OUTSIDE, TAGS, TaggedSpan, decode, tag_rows
from notes.clini_note_extractor.model.windows import (
    Window,
    first_pieces,
    pieces_of,
    windows_of,
)
from notes.clini_note_extractor.model.words import Words, marks_of, word_labels, words_of
from notes.clini_note_extractor.types import Label, Span

Answers = NDArray[np.float32]
REMEMBERED_WINDOWS = 512
# A log probability that stands for 0 and can still be averaged.
NEVER = -100.0
INPUTS = ("input_ids", "attention_mask")
# No span ends or begins with these (guideline: no punctuation at the edges).
NO_EDGE = frozenset(".,;:!?\"'“”‘’`-–—_|/\\*#&=<>")
BRACKETS = {"(": ")", "[": "]", "{": "}"}
CLOSING = {closing: opening for opening, closing in BRACKETS.items()}


@dataclass(frozen=True, slots=True)
class ScoredSpan:
    """A span, what it names, and how sure the model is of it, 0 to 1."""

    span: Span
    label: Label
    probability: float


class Reading:
    """A model's answers for one note: the spans it would mark, and how likely any other span is to it."""

    def __init__(self, text: str, words: Words, log_probabilities: NDArray[np.float64]) -> None:
        self._words = words
        self._log_probabilities = log_probabilities
        self.spans = list(_scored(text, words, log_probabilities))
        self._known = {(one.span, one.label): one.probability for one in self.spans}

    def probability(self, span: Span, label: Label) -> float:
        """0 to 1: the geometric mean of the tags that the span would have; 0 for a span of no words."""
        if (span, label) in self._known:
            return self._known[span, label]
        rows = word_labels(self._words, [(span.start, span.end, label.value)])
        if not rows:
            return 0.0
        first, last, _ = rows[0]
        tags = tag_rows([(0, last - first, label.value)], last - first)
        chosen = self._log_probabilities[np.arange(first, last), tags]
        return float(np.exp(chosen.mean()))


class NoteModel:
    """A loaded model. One may be used by several threads at once; processes that fork load their own."""

    def __init__(self, session: Any, tokenizer: Tokenizer, manifest: Manifest) -> None:
        self.version = manifest.version
        self.manifest = manifest
        self.calibration = calibration_in(manifest.told)
        self.policies = policies_for(manifest.told.get("scores"))
        self._session = session
        self._tokenizer = tokenizer
        self._marks = marks_of(tokenizer)
        self._remembered: OrderedDict[bytes, Answers] = OrderedDict()
        self._lock = Lock()
        self.windows_read = 0

    def spans(self, text: str) -> list[ScoredSpan]:
        """Everything the model finds, in reading order; offsets are those of `text`.

        Raises ValueError where the text holds half a character (a lone surrogate).
        """
        return self.read(text).spans

    def read(self, text: str) -> Reading:
        """The model's answers for a text. Raises ValueError as `spans` does."""
        refuse_half_characters(text)
        words = words_of(text, self._tokenizer)
        return Reading(text, words, self._log_probabilities(words))

    def _log_probabilities(self, words: Words) -> NDArray[np.float64]:
        """words × tags; a line's end is outside of everything."""
        answers = np.zeros((len(words), len(TAGS)))
        for window in windows_of(words):
            answers[window.first : window.last] = self._answers(words, window)
        line_ends = words.starts == words.ends
        answers[line_ends] = NEVER
        answers[line_ends, OUTSIDE] = 0.0
        return answers

    def _answers(self, words: Words, window: Window) -> Answers:
        """Log probabilities of a window's own words, from memory where it was read before."""
        pieces = pieces_of(words, window, begin_mark=self._marks[0], end_mark=self._marks[1])
        wanted = first_pieces(words, window)
        key = hashlib.blake2b(pieces.tobytes() + wanted.tobytes(), digest_size=16).digest()
        with self._lock:
            known = self._remembered.get(key)
            if known is not None:
                self._remembered.move_to_end(key)
                return known
        answers = _log_softmax(self._run(pieces)[wanted])
        with self._lock:
            self.windows_read += 1
            self._remembered[key] = answers
            if len(self._remembered) > REMEMBERED_WINDOWS:
                self._remembered.popitem(last=False)
        return answers

    def _run(self, pieces: NDArray[np.int64]) -> Answers:
        """pieces × tags. One window a run: int8 scales depend on all that is read together, and a window's
        answer may not depend on its neighbours.
        """
        feed = {"input_ids": pieces[None, :], "attention_mask": np.ones((1, len(pieces)), dtype=np.int64)}
        answers: Answers = self._session.run(None, feed)[0][0]
        return answers


def _scored(text: str, words: Words, log_probabilities: NDArray[np.float64]) -> Iterator[ScoredSpan]:
    for one in decode(log_probabilities):
        span = _trimmed(text, words, one)
        if span is not None:
            yield ScoredSpan(span, Label(LABELS[one.label]), one.probability)


def load_model(folder: Path, *, threads: int = 1) -> NoteModel:
    """The model of a folder. Raises ModelUnusable: missing, wrong hash, wrong shape.

    `threads`: how many threads one reading may use. With 1 there is no pool, and a fork is harmless.
    """
    manifest = read_manifest(folder)
    check_labels(checked_bytes(folder, LABELS_FILE, manifest))
    tokenizer = _tokenizer_of(checked_bytes(folder, TOKENIZER, manifest))
    session = _session_of(checked_bytes(folder, MODEL, manifest), threads=threads)
    return NoteModel(session, tokenizer, manifest)


_released: dict[int, NoteModel | ModelUnusable] = {}
_loading = Lock()


def load_released() -> NoteModel:
    """The released model, loaded once a process, after a fork anew. Raises ModelUnusable; a release that
    could not be loaded is not tried again by the same process.
    """
    with _loading:
        process = os.getpid()
        if process not in _released:
            _released.clear()
            try:
                _released[process] = load_model(released_folder())
            except ModelUnusable as error:
                _released[process] = error
        loaded = _released[process]
    if isinstance(loaded, ModelUnusable):
        raise ModelUnusable(str(loaded))
    return loaded


def forget_released() -> None:
    """Load the release again when it is next asked for."""
    with _loading:
        _released.clear()


def refuse_half_characters(text: str) -> None:
    """Raises ValueError where the text holds a lone surrogate, which no encoding can write."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise ValueError("The text holds half a character (a lone surrogate).") from error


def _tokenizer_of(raw: bytes) -> Tokenizer:
    try:
        tokenizer = Tokenizer.from_str(raw.decode("utf-8"))
    except Exception as error:  # the tokenizers package raises bare Exception
        raise ModelUnusable("The model's tokenizer cannot be read.") from error
    if tokenizer.token_to_id("[CLS]") is None or tokenizer.token_to_id("[SEP]") is None:
        raise ModelUnusable("The model's tokenizer lacks the marks [CLS] and [SEP].")
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


def _session_of(raw: bytes, *, threads: int) -> Any:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    try:
        session = onnxruntime.InferenceSession(raw, options, providers=["CPUExecutionProvider"])
    except Exception as error:  # onnxruntime's errors share no base class but Exception
        raise ModelUnusable("The model's file is no model that onnxruntime reads.") from error
    shape = session.get_outputs()[0].shape
    if tuple(one.name for one in session.get_inputs()) != INPUTS or shape[-1] != len(TAGS):
        raise ModelUnusable("The model has another shape than this version reads.")
    return session


def _log_softmax(logits: Answers) -> Answers:
    shifted = logits - logits.max(axis=-1, keepdims=True)
    told: Answers = shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
    return told


def _trimmed(text: str, words: Words, found: TaggedSpan) -> Span | None:
    """Offsets without punctuation at the edges; None where nothing else is left."""
    numbers = [one for one in range(found.first, found.last) if words.ends[one] > words.starts[one]]
    forms = {one: text[words.starts[one] : words.ends[one]] for one in numbers}
    while numbers and forms[numbers[-1]] in NO_EDGE and not _carries_sign(forms[numbers[-1]], found):
        numbers.pop()
    while numbers and forms[numbers[0]] in NO_EDGE:
        if _carries_sign(forms[numbers[0]], found) and _touches_next(words, numbers):
            break
        numbers.pop(0)
    numbers = _without_lone_brackets(numbers, forms)
    if not numbers:
        return None
    return Span(int(words.starts[numbers[0]]), int(words.ends[numbers[-1]]))


def _touches_next(words: Words, numbers: list[int]) -> bool:
    """Whether no blank stands behind the first word: "- 95" is no minus."""
    return len(numbers) > 1 and bool(words.ends[numbers[0]] == words.starts[numbers[1]])


def _carries_sign(form: str, found: TaggedSpan) -> bool:
    """A minus belongs to a grade ("4-") and to an angle ("-5 degrees"); quotes to feet and inches."""
    label = LABELS[found.label]
    if form in "-–":
        return label in (Label.STRENGTH, Label.ROM)
    return form in "\"'#" and label in (Label.OUTCOME_SCORE, Label.ROM)


def _without_lone_brackets(numbers: list[int], forms: dict[int, str]) -> list[int]:
    """Without a bracket at an edge whose other half lies outside."""
    while numbers:
        row = [forms[one] for one in numbers]
        if row[0] in CLOSING or (row[0] in BRACKETS and BRACKETS[row[0]] not in row):
            numbers = numbers[1:]
        elif row[-1] in BRACKETS or (row[-1] in CLOSING and row.count(row[-1]) > row.count(CLOSING[row[-1]])):
            numbers = numbers[:-1]
        else:
            break
    return numbers
