"""What a training is told, what it tells while it runs, and what it leaves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

TOLD_EVERY = 25


@dataclass(frozen=True, slots=True)
class TrainingSettings:
    """Everything that changes the trained weights, beside the notes.

    `version` names the model. Rates are AdamW's: `rate` for the top layer, times `layer_decay` for each layer
    below it, `head_rate` for the new classifier. Shares are 0 to 1: `masked_share` of word pieces hidden from
    the encoder, `replaced_share` of names exchanged for others of their label, `typing_share` of words
    misspelt, `flattened_share` of notes whose lines are run together as dictation systems do. `averaged` is
    the decay of the running mean of weights that is kept in the end; 0 keeps the last. `masked_epochs`: how
    often the encoder first reads text without annotations, guessing hidden pieces (`masked.py`); 0 never.
    """

    version: str = "0"
    seed: int = 11
    epochs: int = 2
    batch_pieces: int = 2048
    rate: float = 2e-4
    head_rate: float = 1e-3
    layer_decay: float = 0.9
    warm_up_share: float = 0.06
    weight_decay: float = 0.01
    dropout: float = 0.1
    label_smoothing: float = 0.0
    masked_share: float = 0.08
    replaced_share: float = 0.3
    typing_share: float = 0.015
    flattened_share: float = 0.25
    train_embeddings: bool = False
    averaged: float = 0.995
    most_steps: int = 0
    half_precision: bool = True
    threads: int = 2
    masked_epochs: int = 0

    def __post_init__(self) -> None:
        shares = (self.masked_share, self.replaced_share, self.typing_share, self.flattened_share)
        if not all(0 <= one <= 1 for one in (*shares, self.averaged, self.label_smoothing, self.dropout)):
            raise ValueError("Shares, dropout, label smoothing and averaging lie between 0 and 1.")
        if self.epochs < 1 or self.batch_pieces < 1 or self.threads < 1 or self.most_steps < 0:
            raise ValueError("Epochs, pieces a batch and threads are 1 or more; steps are 0 or more.")
        if self.masked_epochs < 0:
            raise ValueError("Masked epochs are 0 or more.")


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a training is: step of steps, epoch, the mean loss since the last report, F1 after an epoch.
    `masked` while words are read without annotations; its steps and epochs count for themselves.
    """

    step: int
    steps: int
    epoch: int
    loss: float | None = None
    validation_f1: float | None = None
    masked: bool = False


@dataclass(frozen=True, slots=True)
class TrainedModel:
    """A trained, exported and measured model; `scores` holds its validation's figures as plain JSON."""

    folder: Path
    version: str
    data_sha256: str
    epoch: int
    seconds: float
    megabytes: float
    scores: dict[str, Any] = field(default_factory=dict)


Report = Callable[[Progress], None]


class TrainingUnavailable(RuntimeError):
    """What training needs is not installed, or is not what it should be; the words say what to do."""


class TrainingStopped(RuntimeError):
    """Raised by a progress function to end a training; nothing is left in its folder."""
