"""A trained model's errors, as the people of its annotation project may see them."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from clinic.audit import record
from clinic.model_register.selectors import ModelNotFound
from clinic.models import Membership, RegisteredModel
from notes.clini_note_extractor import Assertion, Entity, Label, Span
from notes.label_words import LABELS
from notes.marked_text import Piece, marked_pieces
from notes.model_product import PRODUCT
from notes.models import DataSetVersion, ProjectMember
from notes.selectors.annotation.data_sets import checked, notes_in

KINDS = {
    "missed": "Missed",
    "spurious": "Invented",
    "border": "Other borders",
    "label": "Other label",
    "label and border": "Other label and borders",
    "assertion": "Other assertion",
}


@dataclass(frozen=True, slots=True)
class ErrorShown:
    """One error in its sentence, as annotated and as found; either may have no mark."""

    document: str
    kind: str
    label: str
    gold: list[Piece]
    found: list[Piece]


@dataclass(frozen=True, slots=True)
class ModelErrors:
    """How many errors of which kind a model made on the documents kept for measuring, and which."""

    counts: list[tuple[str, list[int], int]]
    kinds: list[str]
    shown: list[ErrorShown]
    may_read: bool


def model_of(ref: Any) -> RegisteredModel:
    """A version of this product. Raises ModelNotFound."""
    row = RegisteredModel.objects.filter(ref=ref, product=PRODUCT).first()
    if row is None:
        raise ModelNotFound
    return row


def may_read_errors(model: RegisteredModel, membership: Membership) -> bool:
    """Whether this person belongs to the project whose documents the model was measured on."""
    data_set = _data_set_of(model)
    if data_set is None:
        return False
    return ProjectMember.objects.filter(project_id=data_set.project_id, membership=membership).exists()


def errors_of_model(
    model: RegisteredModel, *, membership: Membership, kind: str = "", label: str = ""
) -> ModelErrors:
    """Counts for everybody who may open the page; the sentences for members of the project, audited."""
    errors = [one for one in model.scores.get("errors", []) if isinstance(one, dict)]
    may_read = may_read_errors(model, membership)
    chosen = [one for one in errors if kind in ("", one["kind"]) and label in ("", one["label"])]
    shown = _shown(model, chosen) if may_read else []
    if may_read:
        record("view", object_type="notes.model_errors", object_ref=model.ref, detail={"errors": len(shown)})
    return ModelErrors(_counts(errors), list(KINDS.values()), shown, may_read)


def _data_set_of(model: RegisteredModel) -> DataSetVersion | None:
    ref = model.parameters.get("data_set")
    found: DataSetVersion | None = DataSetVersion.objects.filter(ref=ref).first() if ref else None
    return found


def _counts(errors: Sequence[dict[str, Any]]) -> list[tuple[str, list[int], int]]:
    counted = Counter((one["label"], one["kind"]) for one in errors)
    rows = []
    for label in LABELS:
        numbers = [counted[label, kind] for kind in KINDS]
        if any(numbers):
            rows.append((label, numbers, sum(numbers)))
    return rows


def _shown(model: RegisteredModel, errors: Sequence[dict[str, Any]]) -> list[ErrorShown]:
    data_set = _data_set_of(model)
    if data_set is None:
        return []
    texts = {note.id: note.text for note in notes_in(checked(data_set))}
    return [
        ErrorShown(
            one["document"],
            KINDS.get(one["kind"], one["kind"]),
            one["label"],
            _pieces(texts[one["document"]], one["sentence"], one["gold"]),
            _pieces(texts[one["document"]], one["sentence"], one["found"]),
        )
        for one in errors
        if one["document"] in texts
    ]


def _pieces(text: str, sentence: Sequence[int], entity: dict[str, Any] | None) -> list[Piece]:
    start, end = sentence
    if entity is None:
        return []
    span = Span(max(0, entity["start"] - start), entity["end"] - start)
    return marked_pieces(
        text[start:end], [Entity(span, Label(entity["label"]), Assertion(entity["assertion"]))]
    )
