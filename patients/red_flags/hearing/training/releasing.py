"""The whole way of a release: left-out trainings, limits, the training on all, export."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from patients.red_flags.hearing.ear import hear_by_rules
from patients.red_flags.hearing.reader.deciding import Limits
from patients.red_flags.hearing.reader.folder import read_manifest
from patients.red_flags.hearing.reader.labels import LABELS
from patients.red_flags.hearing.scoring import SuiteLine, summed
from patients.red_flags.hearing.scoring import is_right as suite_right
from patients.red_flags.hearing.training.choosing import Judged, choose_limits, limits_at, measure
from patients.red_flags.hearing.training.encoder import (
    PACKAGE,
    PACKAGE_VERSION,
    WEIGHTS_SHA256,
    encoder_folder,
    tokenizer_in,
)
from patients.red_flags.hearing.training.messages_of import authors, example_of
from patients.red_flags.hearing.training.network import Classifier, Tell, fit, load_classifier, probabilities
from patients.red_flags.hearing.training.settings import TrainingSettings

Lines = Mapping[str, Sequence[SuiteLine]]
# Where no author was left out there is nothing to choose on.
LIMIT_UNMEASURED = 0.5


@dataclass(frozen=True, slots=True)
class Plan:
    """Which authors are left out together, the share of their near-misses that may be urgent, the settings,
    and the command that repeats it all. `measured`: a reader's folder whose limits and figures are taken over
    where no author is left out.
    """

    folds: tuple[tuple[str, ...], ...]
    most_false: float
    settings: TrainingSettings
    command: str
    measured: Path | None = None


def release(plan: Plan, *, out: Path, work: Path | None, tell: Tell, lines: Lines | None = None) -> None:
    """Train, choose, measure, export into `out`. `lines`: the authors' messages, by default the shipped ones.

    Raises TrainingUnavailable, UnreadableSuite, OSError, ValueError (an unknown author, too large a reader).
    """
    from patients.red_flags.hearing.training.export import export_reader

    written = lines if lines is not None else authors()
    if strange := {name for fold in plan.folds for name in fold} - set(written):
        raise ValueError(f"There is no author {', '.join(sorted(strange))}.")
    limits, left_out = _measured(written, plan, work, tell)
    told = {
        "version": plan.settings.version,
        "labels": list(LABELS),
        "limits": limits.to_dict(),
        "messages": {name: len(of_one) for name, of_one in written.items()},
        "data_sha256": data_sha256(written),
        "encoder": {"package": PACKAGE, "version": PACKAGE_VERSION, "weights_sha256": WEIGHTS_SHA256},
        "parameters": asdict(plan.settings),
        "command": plan.command,
        **({"left_out": left_out} if left_out else {}),
    }
    classifier = _trained(written, plan.settings, work, tell)
    export_reader(classifier, tokenizer_in(encoder_folder()), told, out)
    tell(f"reader {plan.settings.version} written; limit of urgency {limits.urgent}")


def _measured(
    lines: Lines, plan: Plan, work: Path | None, tell: Tell
) -> tuple[Limits, dict[str, Any] | None]:
    """The limits, and how rules and reader do at them on authors that were left out."""
    if plan.measured is not None and not plan.folds:
        earlier = read_manifest(plan.measured)
        return earlier.limits, earlier.told.get("left_out")
    judged = [
        one
        for fold in plan.folds
        for one in _judged(lines, fold, _readings(lines, fold, plan.settings, work, tell))
    ]
    if not judged:
        return limits_at(LIMIT_UNMEASURED), None
    limits = choose_limits(judged, most_false=plan.most_false)
    systems = {
        "all rules": summed([(one.line, suite_right(one.line, one.alone)) for one in judged]),
        "rules in force": measure(judged, None),
        "reader": measure(judged, limits, rules=False),
        "both": measure(judged, limits),
    }
    for name, of_one in systems.items():
        tell(f"{name}: {of_one.sensitivity.to_dict()} false {of_one.false_escalation.to_dict()}")
    scores = {name: {**of_one.to_dict(), "wrong": []} for name, of_one in systems.items()}
    folds = [list(fold) for fold in plan.folds]
    return limits, {
        "folds": folds,
        "lines": len(judged),
        "data_sha256": data_sha256(lines),
        "systems": scores,
    }


def data_sha256(lines: Lines) -> str:
    """A hash of every message and what it expects, whatever the order."""
    rows = sorted(
        json.dumps([line.messages, line.severity, sorted(line.flags)])
        for of_one in lines.values()
        for line in of_one
    )
    return hashlib.sha256("\n".join(rows).encode()).hexdigest()


def _judged(lines: Lines, fold: Sequence[str], readings: NDArray[np.float64]) -> list[Judged]:
    left_out = [line for name in fold for line in lines[name]]
    return [
        Judged(line, hear_by_rules(line.messages, beside_reader=True), hear_by_rules(line.messages), row)
        for line, row in zip(left_out, readings, strict=True)
    ]


def _readings(
    lines: Lines, fold: Sequence[str], settings: TrainingSettings, work: Path | None, tell: Tell
) -> NDArray[np.float64]:
    """What a training without the fold's authors makes of their messages: lines x labels."""
    kept = _kept(work, f"fold-{_key(lines, fold, settings)}.npy")
    if kept is not None and kept.is_file():
        known: NDArray[np.float64] = np.load(kept, allow_pickle=False)
        return known
    tell(f"without {' and '.join(fold)}")
    rest = {name: of_one for name, of_one in lines.items() if name not in fold}
    classifier = _trained(rest, settings, None, tell)
    left_out = [example_of(line) for name in fold for line in lines[name]]
    readings = probabilities(classifier, left_out, tokenizer_in(encoder_folder()))
    if kept is not None:
        np.save(kept, readings)
    return readings


def _trained(lines: Lines, settings: TrainingSettings, work: Path | None, tell: Tell) -> Classifier:
    """A classifier fitted on all these lines, from `work` where it was fitted before."""
    kept = _kept(work, f"all-{_key(lines, (), settings)}.pt")
    folder = encoder_folder()
    if kept is not None and kept.is_file():
        classifier = load_classifier(folder, settings)
        classifier.load_state_dict(torch.load(kept, weights_only=True))
        return classifier
    examples = [example_of(line) for of_one in lines.values() for line in of_one]
    classifier = fit(examples, folder=folder, tokenizer=tokenizer_in(folder), settings=settings, tell=tell)
    if kept is not None:
        torch.save(classifier.state_dict(), kept)
    return classifier


def _key(lines: Lines, fold: Sequence[str], settings: TrainingSettings) -> str:
    told = json.dumps([sorted(fold), asdict(settings), data_sha256(lines)], sort_keys=True)
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def _kept(work: Path | None, name: str) -> Path | None:
    if work is None:
        return None
    work.mkdir(parents=True, exist_ok=True)
    return work / name
