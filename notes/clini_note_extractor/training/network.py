"""The encoder with a classifier of tags, its optimiser and its examples. Needs torch and transformers."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
import transformers
from numpy.typing import NDArray
from tokenizers import Tokenizer
from torch import Tensor

from notes.clini_note_extractor.model.tags import TAGS, tag_rows
from notes.clini_note_extractor.model.windows import Sizes, Window, windows_of
from notes.clini_note_extractor.model.words import Words, marks_of, word_labels, words_of
from notes.clini_note_extractor.training.settings import TrainingSettings
from notes.clini_note_extractor.types import Note

NOT_JUDGED = -100
HIDDEN_PIECE = 103  # [MASK] of the encoder's vocabulary
PADDED_TO = 16


class SharedDropout(torch.nn.Module):
    """Dropout that hides the same features at every place of a window (Gal & Ghahramani, NeurIPS 2016): far
    fewer random numbers, which on a CPU cost more than the layers themselves.
    """

    def __init__(self, share: float) -> None:
        super().__init__()
        self.share = share

    def forward(self, states: Tensor) -> Tensor:
        """batch × pieces × features, in and out."""
        if not self.training or self.share == 0:
            return states
        kept = torch.empty(states.shape[0], 1, states.shape[-1], dtype=states.dtype)
        return states * kept.bernoulli_(1 - self.share) / (1 - self.share)


class Tagger(torch.nn.Module):
    """Word pieces in, one score a tag and piece out."""

    def __init__(self, encoder: torch.nn.Module, *, width: int, dropout: float) -> None:
        super().__init__()
        self.encoder = encoder
        self.dropout = SharedDropout(dropout)
        self.classifier = torch.nn.Linear(width, len(TAGS))

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> Tensor:
        """batch × pieces twice (ids; 1 for pieces, 0 for padding); batch × pieces × tags out."""
        states = self.encoder(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
        scores: Tensor = self.classifier(self.dropout(states))
        return scores


@dataclass(frozen=True, slots=True)
class Example:
    """A window's word pieces, and the tag of each first piece of a word (NOT_JUDGED elsewhere)."""

    pieces: NDArray[np.int64]
    tags: NDArray[np.int64]


def load_tagger(folder: Path, settings: TrainingSettings) -> Tagger:
    """The pinned encoder with a fresh classifier, seeded."""
    talk: Any = transformers.utils.logging
    talk.set_verbosity_error()
    talk.disable_progress_bar()
    encoder = transformers.BertModel.from_pretrained(
        str(folder),
        local_files_only=True,
        add_pooling_layer=False,
        attention_probs_dropout_prob=0.0,
        attn_implementation="eager",
    )
    torch.manual_seed(settings.seed)
    _share_dropout(encoder, settings.dropout)
    return Tagger(encoder, width=int(encoder.config.hidden_size), dropout=settings.dropout)


def _share_dropout(module: torch.nn.Module, share: float) -> None:
    for name, part in module.named_children():
        if isinstance(part, torch.nn.Dropout) and part.p > 0:
            setattr(module, name, SharedDropout(share))
        else:
            _share_dropout(part, share)


def examples_of(note: Note, tokenizer: Tokenizer, sizes: Sizes) -> Iterator[Example]:
    """The note's windows, cut as in serving."""
    words = words_of(note.text, tokenizer)
    spans = [(one.start, one.end, one.label.value) for one in note.entities]
    tags = tag_rows(word_labels(words, spans), len(words))
    marks = marks_of(tokenizer)
    for window in windows_of(words, sizes):
        yield _example(words, tags, window, marks)


def _example(words: Words, tags: NDArray[np.int64], window: Window, marks: tuple[int, int]) -> Example:
    offset = int(words.first[window.begin])
    own = words.pieces[offset : words.first[window.end]]
    told = np.full(len(own) + 2, NOT_JUDGED, dtype=np.int64)
    told[1 + words.first[window.begin : window.end] - offset] = tags[window.begin : window.end]
    return Example(np.concatenate([[marks[0]], own, [marks[1]]]), told)


def batches_of(examples: Sequence[Example], *, pieces: int, chance: random.Random) -> list[list[Example]]:
    """Examples of like length together, at most so many pieces with padding, in an order drawn by chance."""
    mixed = list(examples)
    chance.shuffle(mixed)
    by_length: dict[int, list[Example]] = {}
    for one in mixed:
        by_length.setdefault(_padded_length(one), []).append(one)
    batches = []
    for length, alike in sorted(by_length.items()):
        rows = rows_of_batch(length, pieces)
        batches += [alike[start : start + rows] for start in range(0, len(alike), rows)]
    chance.shuffle(batches)
    return batches


def rows_of_batch(length: int, pieces: int) -> int:
    """How many windows of a padded length make a batch."""
    return max(1, pieces // length)


def _padded_length(example: Example) -> int:
    return -(-len(example.pieces) // PADDED_TO) * PADDED_TO


def tensors_of(
    batch: Sequence[Example], *, pieces: int, hidden: int, hidden_share: float, chance: np.random.Generator
) -> tuple[Tensor, Tensor, Tensor]:
    """Ids, attention and tags, batch × longest; a share of the pieces is exchanged for the id `hidden`.

    Shapes are few, and short batches are filled with empty rows: the CPU's kernels are compiled anew for each
    shape, which takes longer than a step.
    """
    longest = max(_padded_length(one) for one in batch)
    ids = np.zeros((rows_of_batch(longest, pieces), longest), dtype=np.int64)
    seen = np.zeros_like(ids)
    seen[:, 0] = 1
    tags = np.full_like(ids, NOT_JUDGED)
    for row, one in enumerate(batch):
        count = len(one.pieces)
        ids[row, :count], seen[row, :count], tags[row, :count] = one.pieces, 1, one.tags
        covered = chance.random(count) < hidden_share
        covered[[0, -1]] = False
        ids[row, :count][covered] = hidden
    return torch.from_numpy(ids), torch.from_numpy(seen), torch.from_numpy(tags)


def optimiser_of(model: torch.nn.Module, settings: TrainingSettings) -> torch.optim.AdamW:
    """AdamW for an encoder and what stands on it, `model.encoder` and `model.classifier`: a lower rate for
    each lower layer (Howard & Ruder 2018); embeddings as set.
    """
    encoder: Any = model.encoder
    classifier: Any = model.classifier
    layers = list(encoder.encoder.layer)
    if not settings.train_embeddings:
        for weight in encoder.embeddings.parameters():
            weight.requires_grad_(False)
    groups = [(settings.head_rate, list(classifier.parameters()))]
    for depth, layer in enumerate(reversed(layers)):
        groups.append((settings.rate * settings.layer_decay**depth, list(layer.parameters())))
    if settings.train_embeddings:
        lowest = settings.rate * settings.layer_decay ** len(layers)
        groups.append((lowest, list(encoder.embeddings.parameters())))
    return torch.optim.AdamW(
        [{"params": weights, "lr": rate} for rate, weights in groups], weight_decay=settings.weight_decay
    )


class RunningMean:
    """Exponential mean of the weights (Polyak & Juditsky 1992); with a decay of 0 the last weights."""

    def __init__(self, tagger: Tagger, decay: float) -> None:
        self._decay = decay
        self._steps = 0
        self._mean = {name: weight.detach().clone() for name, weight in _trained(tagger)}

    def add(self, tagger: Tagger) -> None:
        """Take in the weights after a step; early ones are forgotten sooner."""
        self._steps += 1
        decay = min(self._decay, (1 + self._steps) / (10 + self._steps))
        with torch.no_grad():
            for name, weight in _trained(tagger):
                self._mean[name].lerp_(weight, 1 - decay)

    def weights(self, tagger: Tagger) -> dict[str, Tensor]:
        """A whole state with the means in place."""
        return {**{name: value.clone() for name, value in tagger.state_dict().items()},
                **{name: value.clone() for name, value in self._mean.items()}}  # fmt: skip


def _trained(tagger: Tagger) -> list[tuple[str, Tensor]]:
    return [(name, weight) for name, weight in tagger.named_parameters() if weight.requires_grad]


class TorchSession:
    """A tagger behind the call that onnxruntime's session has, so that both are measured by the same code."""

    def __init__(self, tagger: Tagger) -> None:
        self._tagger = tagger

    def run(self, _: None, feed: dict[str, NDArray[np.int64]]) -> list[NDArray[np.float32]]:
        """[batch × pieces × tags]."""
        self._tagger.eval()
        with torch.inference_mode():
            ids, seen = (torch.from_numpy(feed[name]) for name in ("input_ids", "attention_mask"))
            return [self._tagger(ids, seen).float().numpy()]
