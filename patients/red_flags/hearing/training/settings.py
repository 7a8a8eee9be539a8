"""What a training is told."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TrainingSettings:
    """Everything that changes the trained weights, beside the messages.

    Rates are AdamW's: `rate` for the top layer, times `layer_decay` for each layer below it, `head_rate` for
    the new classifier. `masked_share` of word pieces is hidden from the encoder; `joined_share` of the urgent
    messages is said together with another one; `smoothing` takes labels that far from 0 and 1; `averaged` is
    the decay of the running mean of weights that is kept. `most_steps` ends a training early; 0 never.
    """

    version: int = 1
    seed: int = 11
    epochs: int = 6
    batch: int = 32
    rate: float = 2e-4
    head_rate: float = 1e-3
    layer_decay: float = 0.9
    warm_up_share: float = 0.06
    weight_decay: float = 0.01
    dropout: float = 0.1
    masked_share: float = 0.05
    joined_share: float = 0.05
    smoothing: float = 0.02
    positive_weight: float = 2.0
    averaged: float = 0.995
    most_steps: int = 0
    threads: int = 1
    half_precision: bool = True

    def __post_init__(self) -> None:
        shares = (self.dropout, self.masked_share, self.joined_share, self.smoothing, self.averaged)
        if not all(0 <= one < 1 for one in shares):
            raise ValueError("Dropout, smoothing, averaging and shares are 0 or more and below 1.")
        if min(self.epochs, self.batch, self.threads) < 1 or self.most_steps < 0:
            raise ValueError("Epochs, batch and threads are 1 or more; steps are 0 or more.")


class TrainingUnavailable(RuntimeError):
    """What training needs is not installed, or is not what it should be; the words say what to do."""
