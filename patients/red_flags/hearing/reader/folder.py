"""The reader's folder: what it holds, and whether it is what its manifest says."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from patients.red_flags.hearing.reader.deciding import Limits, limits_in
from patients.red_flags.hearing.reader.labels import LABELS

MODEL, TOKENIZER, MANIFEST, CARD = "model.onnx", "tokenizer.json", "manifest.json", "READER_CARD.md"
HASHED = (MODEL, TOKENIZER)
LARGEST_BYTES = 25 * 1000 * 1000
RELEASED = Path(__file__).resolve().parent / "released"


class ReaderUnusable(RuntimeError):
    """The reader cannot be used; the words say why and hold no path and no patient's words."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a reader is: its version, each file's hash, its limits, and everything else written down."""

    version: int
    files: dict[str, str]
    limits: Limits
    told: dict[str, Any]


def read_manifest(folder: Path) -> Manifest:
    """The folder's manifest. Raises ReaderUnusable: missing, or of other labels."""
    try:
        told = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        files = {name: str(told["files"][name]) for name in HASHED}
        manifest = Manifest(int(told["version"]), files, limits_in(told["limits"]), told)
        labels = tuple(told["labels"])
    except FileNotFoundError as error:
        raise ReaderUnusable(f"The reader is missing: there is no {MANIFEST}.") from error
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ReaderUnusable(f"The reader's {MANIFEST} cannot be read.") from error
    if labels != LABELS:
        raise ReaderUnusable("The reader was trained for other labels than this version reads.")
    return manifest


def checked_bytes(folder: Path, name: str, manifest: Manifest) -> bytes:
    """A file's bytes. Raises ReaderUnusable where it is missing or its hash differs from the manifest's."""
    try:
        raw = (folder / name).read_bytes()
    except OSError as error:
        raise ReaderUnusable(f"The reader's file {name} is missing or cannot be read.") from error
    if hashlib.sha256(raw).hexdigest() != manifest.files[name]:
        raise ReaderUnusable(f"The reader's file {name} is not the one that its manifest names (wrong hash).")
    return raw
