"""A masked-language pass: before it learns tags, the encoder learns to guess hidden word pieces of notes
(Devlin et al., NAACL 2019; on the field's own text Gururangan et al., ACL 2020). Reads words only, no
annotation. Needs torch.

What it brought on made notes stands in `docs/science/clini_note_extractor.md`.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import Tensor

from notes.clini_note_extractor.model.windows import Sizes
from notes.clini_note_extractor.training.network import (
    HIDDEN_PIECE,
    Example,
    Tagger,
    batches_of,
    examples_of,
    optimiser_of,
    tensors_of,
)
from notes.clini_note_extractor.training.pacing import Pacer
from notes.clini_note_extractor.training.settings import TOLD_EVERY, Progress, Report, TrainingSettings
from notes.clini_note_extractor.types import Note

HIDDEN_SHARE = 0.15


class Guesser(torch.nn.Module):
    """The encoder, and BERT's head that names a hidden piece by its likeness to the encoder's own words, from
    how often each piece occurs (`counts`, one a piece of the vocabulary).
    """

    def __init__(self, encoder: torch.nn.Module, counts: Tensor) -> None:
        super().__init__()
        self.encoder = encoder
        width = self._words().shape[1]
        self.classifier = torch.nn.Sequential(
            torch.nn.Linear(width, width), torch.nn.GELU(), torch.nn.LayerNorm(width)
        )
        self.usual = torch.log((counts + 1) / (counts + 1).sum())

    def forward(self, input_ids: Tensor, attention_mask: Tensor, hidden: Tensor) -> Tensor:
        """batch × pieces three times (ids; 1 for pieces; true where hidden); hidden × vocabulary out."""
        states = self.encoder(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
        scores: Tensor = self.classifier(states[hidden]) @ self._words().T + self.usual
        return scores

    def _words(self) -> Tensor:
        encoder: Any = self.encoder
        weights: Tensor = encoder.embeddings.word_embeddings.weight
        return weights


def read_masked(
    tagger: Tagger, texts: Sequence[str], tokenizer: Tokenizer, settings: TrainingSettings, tell: Report
) -> None:
    """Change the tagger's encoder in place by `settings.masked_epochs` over the texts.

    Word embeddings stay as they are unless the settings train them: learning would push away every word that
    these texts lack. Chance is put back: tags are then learnt with the same draws as without the pass.
    """
    examples = list(masked_examples(texts, tokenizer))
    if not examples:
        raise ValueError("There is no word to read before the annotations.")
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(settings.seed)
        guesser = Guesser(tagger.encoder, counts_of(examples, tokenizer.get_vocab_size()))
        guesser.train()
        plan = [
            (epoch, batch)
            for epoch in range(1, settings.masked_epochs + 1)
            for batch in _batches(examples, settings, epoch)
        ]
        _follow(guesser, plan[: settings.most_steps or None], settings, tell)


def loss_of(
    guesser: Guesser, batch: Sequence[Example], settings: TrainingSettings, chance: np.random.Generator
) -> Tensor:
    """Mean cross-entropy of the hidden pieces, drawn anew; 0 where chance hid none."""
    ids, seen, wanted = tensors_of(
        batch, pieces=settings.batch_pieces, hidden=HIDDEN_PIECE, hidden_share=HIDDEN_SHARE, chance=chance
    )
    hidden = ids == HIDDEN_PIECE
    with torch.autocast("cpu", dtype=torch.bfloat16, enabled=settings.half_precision):
        scores = guesser(ids, seen, hidden)
    total = torch.nn.functional.cross_entropy(scores.float(), wanted[hidden], reduction="sum")
    return total / max(1, int(hidden.sum()))


def masked_examples(texts: Sequence[str], tokenizer: Tokenizer) -> Iterator[Example]:
    """The texts' windows; in the place of tags stand the pieces themselves."""
    for text in texts:
        for one in examples_of(Note("", text), tokenizer, Sizes()):
            yield Example(one.pieces, one.pieces)


def counts_of(examples: Sequence[Example], vocabulary: int) -> Tensor:
    """How often each piece of the vocabulary occurs."""
    pieces = np.concatenate([one.pieces for one in examples])
    return torch.from_numpy(np.bincount(pieces, minlength=vocabulary)).float()


def _batches(examples: Sequence[Example], settings: TrainingSettings, epoch: int) -> list[list[Example]]:
    return batches_of(
        examples,
        pieces=settings.batch_pieces,
        chance=random.Random(f"{settings.seed} masked {epoch}"),  # noqa: S311 - no secret
    )


def _follow(
    guesser: Guesser,
    plan: Sequence[tuple[int, Sequence[Example]]],
    settings: TrainingSettings,
    tell: Report,
) -> None:
    """A step a batch; `plan` holds each with its epoch."""
    pacer = Pacer(optimiser_of(guesser, settings), steps=len(plan), warm_up_share=settings.warm_up_share)
    chance = np.random.default_rng(settings.seed)
    losses: list[float] = []
    for epoch, batch in plan:
        losses.append(pacer.follow(loss_of(guesser, batch, settings, chance), guesser))
        if len(losses) == TOLD_EVERY or pacer.done:
            tell(Progress(pacer.step, pacer.steps, epoch, loss=sum(losses) / len(losses), masked=True))
            losses.clear()
