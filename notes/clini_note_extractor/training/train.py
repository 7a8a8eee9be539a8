"""Fine-tuning of the encoder on annotated notes: one call from notes to a served model's folder."""

from __future__ import annotations

import hashlib
import json
import random
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from tokenizers import Tokenizer

from notes.clini_note_extractor.evaluation import Report as Evaluation
from notes.clini_note_extractor.evaluation import evaluate
from notes.clini_note_extractor.model.folder import Manifest
from notes.clini_note_extractor.model.served import NoteModel
from notes.clini_note_extractor.model.windows import Sizes
from notes.clini_note_extractor.training.changes import Names, names_by_label, varied
from notes.clini_note_extractor.training.encoder import encoder_folder, require_training_packages
from notes.clini_note_extractor.training.settings import (
    TOLD_EVERY,
    Progress,
    Report,
    TrainedModel,
    TrainingSettings,
    TrainingUnavailable,
)
from notes.clini_note_extractor.types import Entity, Note

if TYPE_CHECKING:
    import torch

    from notes.clini_note_extractor.training.network import Example, Tagger
    from notes.clini_note_extractor.training.pacing import Pacer

# Training windows vary, so that the model does not learn where windows end.
TRAINED_SIZES = (Sizes(), Sizes(fewest=60, core=120), Sizes(before=0))


def train_model(
    *,
    notes: Sequence[Note],
    validation: Sequence[Note],
    out: Path,
    settings: TrainingSettings | None = None,
    progress: Report | None = None,
    command: str = "",
    unannotated: Sequence[str] = (),
) -> TrainedModel:
    """Train on `notes`, keep the epoch that reads `validation` best (strict micro F1), export it into `out`.

    `out` gets model.onnx (int8), tokenizer.json, labels.json, manifest.json and MODEL_CARD.md, all or
    nothing. `command` is what the manifest names as the way to repeat it. With `settings.masked_epochs` the
    encoder first reads the words of `unannotated`, or where that is empty of `notes`. Runs of the same notes
    and settings on the same machine and packages give the same weights.

    Raises TrainingUnavailable (a package is missing or not the pinned one), ValueError (no notes, or none
    with entities), and what `progress` raises: so a caller stops a training.
    """
    settings = settings or TrainingSettings()
    if not any(note.entities for note in notes) or not any(note.entities for note in validation):
        raise ValueError("Training needs annotated notes to learn from and others to validate on.")
    require_training_packages()
    folder = encoder_folder()
    began = time.monotonic()
    tell = progress or (lambda _: None)
    texts = unannotated or [note.text for note in notes]
    tagger, epoch = _fit(notes, validation, texts, folder, settings, tell)
    from notes.clini_note_extractor.training.export import export_model

    return export_model(
        tagger,
        tokenizer=serving_tokenizer(folder),
        notes=notes,
        validation=validation,
        out=out,
        settings=settings,
        epoch=epoch,
        began=began,
        command=command,
    )


def data_sha256(notes: Sequence[Note]) -> str:
    """A hash of every text and every entity, whatever the order of the notes and their ids."""
    lines = sorted(
        json.dumps([note.text, [one.to_dict() for one in note.entities]], sort_keys=True) for note in notes
    )
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def serving_tokenizer(folder: Path) -> Tokenizer:
    """The encoder's tokenizer without its limits of length."""
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


def measure(tagger: Tagger, tokenizer: Tokenizer, notes: Sequence[Note]) -> Evaluation:
    """The tagger on annotated notes, read window by window as in serving."""
    from notes.clini_note_extractor.training.network import TorchSession

    model = NoteModel(TorchSession(tagger), tokenizer, Manifest("training", {}, {}))
    return evaluate(notes, lambda text: entities_of(model, text), system="model", version=model.version)


def entities_of(model: NoteModel, text: str) -> list[Entity]:
    """What a model finds, without assertion."""
    return [Entity(one.span, one.label) for one in model.spans(text)]


def micro_f1(evaluation: Evaluation) -> float:
    """Strict micro F1."""
    return float(evaluation.to_dict()["strict"]["micro"]["f1"])


def _fit(
    notes: Sequence[Note],
    validation: Sequence[Note],
    texts: Sequence[str],
    folder: Path,
    settings: TrainingSettings,
    tell: Report,
) -> tuple[Tagger, int]:
    import torch

    from notes.clini_note_extractor.training import masked, network

    threads_before = torch.get_num_threads()
    torch.set_num_threads(settings.threads)
    try:
        tagger = network.load_tagger(folder, settings)
        tokenizer = serving_tokenizer(folder)
        if settings.masked_epochs:
            masked.read_masked(tagger, texts, tokenizer, settings, tell)
        return _epochs(tagger, tokenizer, notes, validation, settings, tell)
    finally:
        torch.set_num_threads(threads_before)


def _epochs(
    tagger: Tagger,
    tokenizer: Tokenizer,
    notes: Sequence[Note],
    validation: Sequence[Note],
    settings: TrainingSettings,
    tell: Report,
) -> tuple[Tagger, int]:
    """Train all epochs; the tagger with the weights of the best, and its number from 1."""
    from notes.clini_note_extractor.training import network
    from notes.clini_note_extractor.training.pacing import Pacer

    names = names_by_label(notes)
    optimiser = network.optimiser_of(tagger, settings)
    mean = network.RunningMean(tagger, settings.averaged)
    plan = [
        network.batches_of(
            _epoch_examples(notes, names, tokenizer, settings, epoch),
            pieces=settings.batch_pieces,
            chance=random.Random(f"{settings.seed} batches {epoch}"),  # noqa: S311 - no secret
        )
        for epoch in range(settings.epochs)
    ]
    steps = sum(len(batches) for batches in plan)
    steps = min(steps, settings.most_steps) if settings.most_steps else steps
    pacer = Pacer(optimiser, steps=steps, warm_up_share=settings.warm_up_share)
    best: tuple[float, int, dict[str, torch.Tensor]] | None = None
    for epoch, batches in enumerate(plan, start=1):
        if pacer.done:
            break
        _one_epoch(tagger, batches, pacer, mean, settings, tell, epoch)
        trained = {name: value.clone() for name, value in tagger.state_dict().items()}
        averaged = mean.weights(tagger)
        tagger.load_state_dict(averaged)
        f1 = micro_f1(measure(tagger, tokenizer, validation))
        tell(Progress(pacer.step, steps, epoch, validation_f1=f1))
        if best is None or f1 > best[0]:
            best = f1, epoch, averaged
        tagger.load_state_dict(trained)
    assert best is not None  # noqa: S101 - there is at least one epoch
    tagger.load_state_dict(best[2])
    tagger.eval()
    return tagger, best[1]


def _epoch_examples(
    notes: Sequence[Note], names: Names, tokenizer: Tokenizer, settings: TrainingSettings, epoch: int
) -> list[Example]:
    from notes.clini_note_extractor.training.network import examples_of

    chance = random.Random(f"{settings.seed} notes {epoch}")  # noqa: S311 - no secret
    return [
        example
        for note in notes
        for example in examples_of(
            varied(note, names, settings, chance), tokenizer, chance.choice(TRAINED_SIZES)
        )
    ]


def _one_epoch(
    tagger: Tagger,
    batches: Sequence[Sequence[Example]],
    pacer: Pacer,
    mean: Any,
    settings: TrainingSettings,
    tell: Report,
    epoch: int,
) -> None:
    import torch

    from notes.clini_note_extractor.training.network import HIDDEN_PIECE, NOT_JUDGED, tensors_of

    chance = np.random.default_rng([settings.seed, epoch])
    tagger.train()
    losses: list[float] = []
    for batch in batches:
        if pacer.done:
            return
        ids, seen, tags = tensors_of(
            batch,
            pieces=settings.batch_pieces,
            hidden=HIDDEN_PIECE,
            hidden_share=settings.masked_share,
            chance=chance,
        )
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=settings.half_precision):
            scores = tagger(ids, seen)
        loss = torch.nn.functional.cross_entropy(
            scores.float().flatten(0, 1), tags.flatten(), ignore_index=NOT_JUDGED,
            label_smoothing=settings.label_smoothing,
        )  # fmt: skip
        losses.append(pacer.follow(loss, tagger))
        mean.add(tagger)
        if len(losses) == TOLD_EVERY or pacer.done:
            tell(Progress(pacer.step, pacer.steps, epoch, loss=sum(losses) / len(losses)))
            losses.clear()


__all__ = [
    "Progress", "TrainedModel", "TrainingSettings", "TrainingUnavailable", "data_sha256", "train_model",
]  # fmt: skip
