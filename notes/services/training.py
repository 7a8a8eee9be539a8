"""A clinic's own model: trained on what its annotators settled, measured against the one in use, registered.

Nothing of this runs in a web process: training needs requirements/train.txt. The model is a candidate until
somebody promotes it on the register's page.
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from clinic.errors import Conflict, Invalid
from clinic.model_register.services import TrainedModel as ToRegister
from clinic.model_register.services import register_trained
from clinic.models import Membership, RegisteredModel
from notes.clini_note_extractor import Extraction, Note, System, extract
from notes.clini_note_extractor.evaluation import (
    NoteError,
    Report,
    compare,
    errors_of,
    evaluate_extractions,
)
from notes.clini_note_extractor.model import load_model
from notes.clini_note_extractor.model.folder import CARD
from notes.clini_note_extractor.training.data import NotesWanted, gather_notes
from notes.clini_note_extractor.training.settings import Progress, TrainingSettings
from notes.clini_note_extractor.training.train import train_model
from notes.model_product import PRODUCT
from notes.models import DataSetVersion
from notes.reading import reader_for_clinic
from notes.selectors.annotation.data_sets import checked, notes_in

# Of ten documents three measure and seven teach; a document stays on its side in every later version.
MEASURING_TENTHS = 3
FEWEST_MEASURING = 2


class TooFewDocuments(Invalid):
    """A data set of which nothing would be left to learn from, or nothing to measure on."""

    def __init__(self, teaching: int, measuring: int) -> None:
        super().__init__(
            f"Of this data set {teaching} documents would teach and {measuring} would measure. At least one "
            f"must teach and {FEWEST_MEASURING} must measure, or no comparison has an interval: settle more "
            "documents and make a new version."
        )


@dataclass(frozen=True, slots=True)
class Divided:
    """The documents that teach, and those that measure and are never learned from."""

    teaching: list[Note]
    measuring: list[Note]


def divide(notes: Sequence[Note]) -> Divided:
    """By the text's hash: a document that measured once never teaches. Raises TooFewDocuments."""
    measuring = [note for note in notes if _measures(note.text)]
    teaching = [note for note in notes if not _measures(note.text)]
    if len(measuring) < FEWEST_MEASURING or not teaching:
        raise TooFewDocuments(len(teaching), len(measuring))
    return Divided(teaching, measuring)


def train_on_data_set(
    version: DataSetVersion,
    *,
    out: Path,
    settings: TrainingSettings,
    wanted: NotesWanted,
    by: Membership | None = None,
    tell: Callable[[Progress], None] | None = None,
) -> RegisteredModel:
    """Train on a data set together with invented notes, measure, and register the result as a candidate.

    Raises DataSetDamaged, TooFewDocuments, Conflict (the version's name is taken), TrainingUnavailable.
    """
    divided = divide(notes_in(checked(version)))
    if RegisteredModel.objects.filter(product=PRODUCT, version=settings.version).exists():
        raise Conflict(f"There is a version {settings.version} already. Choose another name.")
    gathered = gather_notes(wanted, added=divided.teaching)
    trained = train_model(
        notes=gathered.training, validation=gathered.validation, out=out, settings=settings, progress=tell
    )
    new, old = _measure(out, divided.measuring)
    return register_trained(
        PRODUCT,
        ToRegister(
            version=settings.version,
            folder=out,
            data_sha256=version.sha256,
            data_words=_data_words(version, divided),
            parameters={"data_set": str(version.ref), "project": str(version.project.ref)},
            scores=_scores(new),
            comparison=_comparison(new, old),
            card=(out / CARD).read_text(encoding="utf-8") + _card_of_clinic(new, old, trained.seconds),
        ),
        by=by,
    )


def _measures(text: str) -> bool:
    return hashlib.sha256(text.encode()).digest()[0] % 10 < MEASURING_TENTHS


def _measure(folder: Path, notes: Sequence[Note]) -> tuple[Report, Report]:
    """The new model beside what runs in the clinic now, each as it would be served."""
    model, reader = load_model(folder), reader_for_clinic()

    def read_anew(text: str) -> Extraction:
        return extract(text, system=System.COMBINED, model=model)

    new = evaluate_extractions(notes, read_anew, system="combined", version=model.version)
    old = evaluate_extractions(notes, reader.extract, system="in use", version=reader.version)
    return new, old


def _scores(new: Report) -> dict[str, Any]:
    told = new.to_dict()
    return {
        **{key: told[key] for key in ("notes", "strict", "partial", "assertion")},
        "on": "notes of this clinic that it has not learned from",
        "errors": [_where(error) for error in errors_of(new)],
    }


def _where(error: NoteError) -> dict[str, Any]:
    """An error by offsets: the register holds no words of a note."""
    return {
        "document": error.note_id,
        "kind": error.kind.value,
        "label": error.label.value,
        "sentence": [error.sentence.start, error.sentence.end],
        "gold": error.gold.to_dict() if error.gold else None,
        "found": error.found.to_dict() if error.found else None,
    }


def _comparison(new: Report, old: Report) -> dict[str, Any]:
    strict = compare(new, old)["strict"]
    return {
        "against": old.version,
        "notes": len(new.notes),
        "difference": strict["value"],
        "low": strict["low"],
        "high": strict["high"],
        "p": strict["p"],
    }


def _data_words(version: DataSetVersion, divided: Divided) -> str:
    return (
        f"Data set {version.number} of the clinic: {len(divided.teaching)} documents learned from, "
        f"{len(divided.measuring)} kept for measuring; and invented notes"
    )


def _card_of_clinic(new: Report, old: Report, seconds: float) -> str:
    anew, before = (report.to_dict()["strict"]["micro"]["f1"] for report in (new, old))
    return (
        "\n## Measured on this clinic's own documents\n\nThe clinic's annotators settled them. On "
        f"{len(new.notes)} of them, which it has not learned from: strict F1 {anew:.3f}, that of "
        f"{old.version} {before:.3f}. Trained in {seconds / 60:.0f} minutes.\n"
    )


def named_after(settings: TrainingSettings, version: DataSetVersion) -> TrainingSettings:
    """Settings whose version says from which data set the model came, and is free."""
    base = f"{settings.version}-set{version.number}"
    taken = set(
        RegisteredModel.objects.filter(product=PRODUCT, version__startswith=base).values_list(
            "version", flat=True
        )
    )
    names = (base, *(f"{base}-{again}" for again in range(2, len(taken) + 3)))
    return replace(settings, version=next(name for name in names if name not in taken))
