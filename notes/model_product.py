"""CliniNoteExtractor in the model register: what ships, and what runs without a model."""

from uuid import UUID

from django.urls import reverse

from clinic.model_register.files import MANIFEST, sha256_of
from clinic.model_register.products import Product, ReleasedModel, register_product
from notes.clini_note_extractor.model.folder import CARD, ModelUnusable, read_manifest, released_folder

PRODUCT = "clini_note_extractor"


def register_models() -> None:
    """Called once when the app is ready."""
    register_product(
        Product(
            code=PRODUCT,
            title="CliniNoteExtractor",
            without="Without a model, notes are read by rules alone; pages that show facts say so.",
            released=released_model,
            evidence=evidence_address,
        )
    )


def released_model() -> ReleasedModel | None:
    """What the release's manifest says; None while nothing usable ships."""
    folder = released_folder()
    try:
        manifest = read_manifest(folder)
    except ModelUnusable:
        return None
    card, told = folder / CARD, manifest.told
    counts = told.get("notes") or {}
    return ReleasedModel(
        version=manifest.version,
        sha256=sha256_of(folder / MANIFEST),
        data_sha256=str(told.get("data_sha256", "")),
        data_words=f"{counts.get('training', 'Some')} invented notes; none of a patient",
        parameters=dict(told.get("parameters") or {}),
        scores={
            **(told.get("scores") or {}).get("validation", {}),
            "notes": counts.get("validation"),
            "on": "invented notes in other words than those it learned from",
        },
        card=card.read_text(encoding="utf-8") if card.is_file() else "",
    )


def evidence_address(clinic_slug: str, model_ref: UUID) -> str:
    """The page of a version's errors."""
    return reverse("notes:model_errors", args=[clinic_slug, model_ref])
