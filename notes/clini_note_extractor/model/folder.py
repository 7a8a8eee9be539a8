"""A model's folder: what it holds, and whether it is what its manifest says."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from notes.clini_note_extractor.model.tags import TAGS

MODEL, TOKENIZER, LABELS_FILE, MANIFEST, CARD = (
    "model.onnx", "tokenizer.json", "labels.json", "manifest.json", "MODEL_CARD.md",
)  # fmt: skip
HASHED = (MODEL, TOKENIZER, LABELS_FILE)
LARGEST_BYTES = 30 * 1024 * 1024


class ModelUnusable(RuntimeError):
    """A model's folder cannot be used; the words say why and hold no path and no note text."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a model is: its version, the hash of each file, and everything else that was written down."""

    version: str
    files: dict[str, str]
    told: dict[str, Any]


def released_folder() -> Path:
    """Where the released model ships."""
    return Path(__file__).resolve().parent.parent / "released"


def read_manifest(folder: Path) -> Manifest:
    """The folder's manifest. Raises ModelUnusable where it is missing or no manifest."""
    try:
        told = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise ModelUnusable(f"The model is missing: there is no {MANIFEST}.") from error
    except (OSError, ValueError) as error:
        raise ModelUnusable(f"The model's {MANIFEST} cannot be read.") from error
    files = told.get("files") if isinstance(told, dict) else None
    version = told.get("version") if isinstance(told, dict) else None
    if not isinstance(version, str) or not isinstance(files, dict) or not set(HASHED) <= files.keys():
        raise ModelUnusable(f"The model's {MANIFEST} lacks a version or the hash of a file.")
    return Manifest(version, {str(name): str(value) for name, value in files.items()}, told)


def checked_bytes(folder: Path, name: str, manifest: Manifest) -> bytes:
    """A file's bytes. Raises ModelUnusable where it is missing or its hash differs from the manifest's."""
    try:
        raw = (folder / name).read_bytes()
    except OSError as error:
        raise ModelUnusable(f"The model's file {name} is missing or cannot be read.") from error
    if hashlib.sha256(raw).hexdigest() != manifest.files[name]:
        raise ModelUnusable(f"The model's file {name} is not the one that its manifest names (wrong hash).")
    return raw


def check_labels(raw: bytes) -> None:
    """Raises ModelUnusable unless the model's tags are those that are decoded here."""
    try:
        tags = json.loads(raw)["tags"]
    except (ValueError, KeyError, TypeError) as error:
        raise ModelUnusable(f"The model's file {LABELS_FILE} cannot be read.") from error
    if tags != list(TAGS):
        raise ModelUnusable("The model was trained for other labels than this version reads.")
