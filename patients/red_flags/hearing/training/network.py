"""The encoder with a classifier of flags, and its fitting. Needs torch and transformers."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
import transformers
from numpy.typing import NDArray
from tokenizers import Tokenizer
from torch import Tensor

from patients.red_flags.hearing.reader.labels import LABELS, URGENT
from patients.red_flags.hearing.reader.pieces import Pieces, joined_pieces, windows_of
from patients.red_flags.hearing.training.changes import harmless_of, together, varied
from patients.red_flags.hearing.training.messages_of import Example
from patients.red_flags.hearing.training.settings import TrainingSettings

HIDDEN_PIECE = 103  # [MASK] of the encoder's vocabulary
PADDED_TO = 16
TOLD_EVERY = 25
Tell = Callable[[str], None]


class Classifier(torch.nn.Module):
    """Word pieces in, one score a label out, from the mean over the pieces."""

    def __init__(self, encoder: torch.nn.Module, *, width: int, dropout: float) -> None:
        super().__init__()
        self.encoder = encoder
        self.dropout = torch.nn.Dropout(dropout)
        self.classifier = torch.nn.Linear(2 * width, len(LABELS))

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> Tensor:
        """batch x pieces twice (ids; 1 for pieces, 0 for padding); batch x labels out."""
        states = self.encoder(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
        seen = attention_mask.unsqueeze(-1).to(states.dtype)
        mean = (states * seen).sum(1) / seen.sum(1)
        peak = (states - 1e4 * (1 - seen)).amax(1)
        scores: Tensor = self.classifier(self.dropout(torch.cat([mean, peak], dim=-1)))
        return scores


def load_classifier(folder: Path, settings: TrainingSettings) -> Classifier:
    """The pinned encoder with a fresh classifier, seeded."""
    talk: Any = transformers.utils.logging
    talk.set_verbosity_error()
    talk.disable_progress_bar()
    encoder = transformers.BertModel.from_pretrained(
        str(folder),
        local_files_only=True,
        add_pooling_layer=False,
        attention_probs_dropout_prob=0.0,
        hidden_dropout_prob=settings.dropout,
        attn_implementation="eager",
    )
    torch.manual_seed(settings.seed)
    return Classifier(encoder, width=int(encoder.config.hidden_size), dropout=settings.dropout)


def fit(
    examples: Sequence[Example],
    *,
    folder: Path,
    tokenizer: Tokenizer,
    settings: TrainingSettings,
    tell: Tell,
) -> Classifier:
    """Train on the examples; the mean of the weights over the last steps is what comes back."""
    torch.set_num_threads(settings.threads)
    model = load_classifier(folder, settings)
    plan = [
        batch
        for epoch in range(settings.epochs)
        for batch in _batches(_epoch_rows(examples, tokenizer, settings, epoch), settings, epoch)
    ]
    plan = plan[: settings.most_steps] if settings.most_steps else plan
    optimiser = _optimiser_of(model, settings)
    rates = torch.optim.lr_scheduler.LambdaLR(optimiser, _rate_at(len(plan), settings.warm_up_share))
    mean = torch.optim.swa_utils.AveragedModel(model, multi_avg_fn=_forgetting(settings.averaged))
    losses: list[float] = []
    model.train()
    for step, batch in enumerate(plan, start=1):
        losses.append(_step(model, batch, settings, step))
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
        optimiser.zero_grad(set_to_none=True)
        rates.step()
        mean.update_parameters(model)
        if step % TOLD_EVERY == 0 or step == len(plan):
            tell(f"step {step} of {len(plan)}: loss {sum(losses) / len(losses):.4f}")
            losses.clear()
    model.load_state_dict(mean.module.state_dict())
    return model.eval()


Row = tuple[Pieces, NDArray[np.float32]]


def _epoch_rows(
    examples: Sequence[Example], tokenizer: Tokenizer, settings: TrainingSettings, epoch: int
) -> list[Row]:
    chance = random.Random(f"{settings.seed} messages {epoch}")  # noqa: S311 - no secret
    harmless = harmless_of(examples)
    rows = []
    for example in examples:
        one = varied(example, harmless, chance) if epoch else example
        if one.labels and chance.random() < settings.joined_share:
            one = together(one, chance.choice(examples))
        told = np.array([label in one.labels for label in LABELS], dtype=np.float32)
        rows.append((windows_of(joined_pieces(one.messages, tokenizer), tokenizer)[-1], told))
    return rows


def _batches(rows: list[Row], settings: TrainingSettings, epoch: int) -> list[list[Row]]:
    """Rows of like length together, in an order drawn by chance."""
    chance = random.Random(f"{settings.seed} batches {epoch}")  # noqa: S311 - no secret
    chance.shuffle(rows)
    alike = sorted(rows, key=lambda row: -(-len(row[0]) // PADDED_TO))
    batches = [alike[at : at + settings.batch] for at in range(0, len(alike), settings.batch)]
    chance.shuffle(batches)
    return batches


def _step(model: Classifier, batch: list[Row], settings: TrainingSettings, step: int) -> float:
    chance = np.random.default_rng([settings.seed, step])
    longest = -(-max(len(pieces) for pieces, _ in batch) // PADDED_TO) * PADDED_TO
    ids = np.zeros((len(batch), longest), dtype=np.int64)
    seen = np.zeros_like(ids)
    for row, (pieces, _) in enumerate(batch):
        ids[row, : len(pieces)], seen[row, : len(pieces)] = pieces, 1
        hidden = chance.random(len(pieces)) < settings.masked_share
        hidden[[0, -1]] = False
        ids[row, : len(pieces)][hidden] = HIDDEN_PIECE
    told = torch.from_numpy(np.stack([labels for _, labels in batch]))
    goal = told * (1 - 2 * settings.smoothing) + settings.smoothing
    weight = torch.full((len(LABELS),), settings.positive_weight)
    weight[LABELS.index(URGENT)] = 1.0
    with torch.autocast("cpu", dtype=torch.bfloat16, enabled=settings.half_precision):
        scores = model(torch.from_numpy(ids), torch.from_numpy(seen))
    each = torch.nn.functional.binary_cross_entropy_with_logits(
        scores.float(), goal, pos_weight=weight, reduction="none"
    )
    importance = torch.ones(len(LABELS))
    importance[LABELS.index(URGENT)] = 4.0
    loss = (each * importance).sum(1).mean()
    loss.backward()  # type: ignore[no-untyped-call]
    return loss.item()


def _optimiser_of(model: Classifier, settings: TrainingSettings) -> torch.optim.AdamW:
    """A lower rate for each lower layer (Howard & Ruder 2018); embeddings stay as they are."""
    encoder: Any = model.encoder
    for weight in encoder.embeddings.parameters():
        weight.requires_grad_(False)
    layers = reversed(list(encoder.encoder.layer))
    groups = [{"params": list(model.classifier.parameters()), "lr": settings.head_rate}]
    groups += [
        {"params": list(layer.parameters()), "lr": settings.rate * settings.layer_decay**depth}
        for depth, layer in enumerate(layers)
    ]
    return torch.optim.AdamW(groups, weight_decay=settings.weight_decay)


def _rate_at(steps: int, warm_up_share: float) -> Callable[[int], float]:
    warm_up = max(1, round(steps * warm_up_share))
    return lambda step: max(0.0, min((step + 1) / warm_up, (steps - step) / max(1, steps - warm_up), 1.0))


def _forgetting(decay: float) -> Any:
    def update(means: Any, now: Any, steps: Tensor) -> None:
        taken = min(decay, (1 + int(steps)) / (10 + int(steps)))
        for mean, weight in zip(means, now, strict=True):
            mean.lerp_(weight, 1 - taken)

    return torch.no_grad()(update)


def probabilities(
    model: Classifier, examples: Sequence[Example], tokenizer: Tokenizer
) -> NDArray[np.float64]:
    """examples x labels, 0 to 1, each the highest over the example's windows."""
    rows = []
    with torch.inference_mode():
        for example in examples:
            scores = [
                torch.sigmoid(model(ids, torch.ones_like(ids)))[0].numpy()
                for window in windows_of(joined_pieces(example.messages, tokenizer), tokenizer)
                for ids in [torch.from_numpy(window[None, :])]
            ]
            rows.append(np.max(scores, axis=0))
    return np.array(rows, dtype=np.float64)
