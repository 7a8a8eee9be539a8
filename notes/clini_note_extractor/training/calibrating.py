"""Fits the curves of a model's probabilities on its validation notes; a released folder gets them by

    python -m notes.clini_note_extractor.training.calibrating FOLDER

which changes the manifest and the card, not the model. It refuses notes that the manifest does not name.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from notes.clini_note_extractor.calibration import Curve, Origin, logit
from notes.clini_note_extractor.evaluation import calibrate
from notes.clini_note_extractor.extractor import System, extract
from notes.clini_note_extractor.model.folder import CARD, MANIFEST
from notes.clini_note_extractor.model.served import NoteModel, load_model
from notes.clini_note_extractor.training.card import card_of
from notes.clini_note_extractor.training.data import NotesWanted, gather_notes
from notes.clini_note_extractor.training.train import data_sha256
from notes.clini_note_extractor.types import Note

# A span's origin, the model's probability, and whether offsets and label are right.
Judged = tuple[Origin, float, bool]
# Few spans move a curve little away from the line that changes nothing: so many spans weigh as much as they.
PRIOR_SPANS = 5.0
FEWEST_SPANS = 20
FOLDS = 5
STEPS = 50


def calibration_of_model(model: NoteModel, notes: Sequence[Note]) -> dict[str, Any]:
    """What the manifest tells: curves by origin, and the expected calibration error before and after.

    "After" is measured across folds: each note by curves that were fitted on the others.
    """
    told: dict[str, Any] = {"curves": {}, "expected_error": {}}
    for system in (System.MODEL, System.COMBINED):
        by_note = [list(_judged(model, note, system)) for note in notes]
        curves = fit_curves([one for note in by_note for one in note])
        told["curves"] |= {
            origin.value: {"slope": round(one.slope, 4), "intercept": round(one.intercept, 4)}
            for origin, one in curves.items()
        }
        told["expected_error"][system.value] = {
            "before": _expected_error([[(p, right) for _, p, right in note] for note in by_note]),
            "after": _expected_error(list(_across_folds(by_note))),
        }
    return told


def fit_curves(judged: Sequence[Judged]) -> dict[Origin, Curve]:
    """A curve for each origin with enough spans."""
    curves = {}
    for origin in Origin:
        rows = [(probability, right) for one, probability, right in judged if one is origin]
        if len(rows) >= FEWEST_SPANS:
            curves[origin] = fit_curve([row[0] for row in rows], [row[1] for row in rows])
    return curves


def fit_curve(probabilities: Sequence[float], right: Sequence[bool]) -> Curve:
    """The likeliest slope and intercept by Newton's method, with a weak pull to slope 1 and intercept 0."""
    inputs = np.array([[logit(one), 1.0] for one in probabilities])
    wanted = np.array(right, dtype=float)
    start = np.array([1.0, 0.0])
    pull = np.eye(2) * PRIOR_SPANS / 4
    weights = start.copy()
    for _ in range(STEPS):
        told: NDArray[np.float64] = 1 / (1 + np.exp(-np.clip(inputs @ weights, -30, 30)))
        gradient = inputs.T @ (told - wanted) + pull @ (weights - start)
        bend = (inputs * (told * (1 - told))[:, None]).T @ inputs + pull
        step = np.clip(np.linalg.solve(bend, gradient), -1, 1)
        weights = weights - step
        if np.abs(step).max() < 1e-8:
            break
    return Curve(max(float(weights[0]), 0.0), float(weights[1]))


def _judged(model: NoteModel, note: Note, system: System) -> Iterator[Judged]:
    gold = {(one.span, one.label) for one in note.entities}
    answer = extract(note.text, system=system, model=model)
    for one in answer.entities:
        yield answer.origins[one.span], answer.uncalibrated[one.span], (one.span, one.label) in gold


def _across_folds(by_note: Sequence[Sequence[Judged]]) -> Iterator[list[tuple[float, bool]]]:
    for fold in range(FOLDS):
        others = [one for place, note in enumerate(by_note) if place % FOLDS != fold for one in note]
        curves = fit_curves(others)
        for note in by_note[fold::FOLDS]:
            yield [(curves.get(origin, Curve()).of(p), right) for origin, p, right in note]


def _expected_error(by_note: Sequence[Sequence[tuple[float, bool]]]) -> float | None:
    measured = calibrate(by_note)
    value = None if measured is None else measured.expected_error.value
    return None if value is None else round(value, 4)


def main(folder: Path) -> None:
    """Fit on the notes that the manifest names, and write manifest and card. Raises ValueError for others."""
    told = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    wanted = NotesWanted(made=1, seed=told["parameters"]["seed"])
    notes = gather_notes(wanted).validation
    if data_sha256(notes) != told["validation_sha256"]:
        raise ValueError("The generator makes other validation notes than this model was chosen by.")
    told["calibration"] = calibration_of_model(load_model(folder), notes)
    (folder / MANIFEST).write_text(json.dumps(told, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    (folder / CARD).write_text(card_of(told), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
