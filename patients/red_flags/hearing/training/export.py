"""From a fitted classifier to the served folder: int8 ONNX, tokenizer, manifest and card, all or nothing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tokenizers import Tokenizer

from clinic import model_export
from clinic.model_export import (
    check_size,
    folder_in_the_making,
    package_versions,
    put_in_place,
    sha256_of,
    write_int8,
)
from patients.red_flags.hearing.reader.folder import CARD, HASHED, LARGEST_BYTES, MANIFEST, MODEL, TOKENIZER
from patients.red_flags.hearing.reader.served import load_reader
from patients.red_flags.hearing.training.card import card_of
from patients.red_flags.hearing.training.network import Classifier


def export_reader(classifier: Classifier, tokenizer: Tokenizer, told: dict[str, Any], out: Path) -> None:
    """Write the folder that is served; `told` is the manifest without hashes and packages.

    Raises ValueError where the files would be larger than a release may be.
    """
    with folder_in_the_making(out) as workplace:
        folder = workplace / "reader"
        folder.mkdir()
        whole = workplace / "whole.onnx"
        write_onnx(classifier, whole)
        write_int8(whole, folder / MODEL)
        tokenizer.save(str(folder / TOKENIZER))
        manifest = {
            **told,
            "files": {name: sha256_of(folder / name) for name in HASHED},
            "packages": package_versions(),
        }
        (folder / MANIFEST).write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")
        (folder / CARD).write_text(card_of(manifest), encoding="utf-8")
        check_size(folder, largest_bytes=LARGEST_BYTES, what="reader")
        load_reader(folder)
        put_in_place(folder, out, manifest=MANIFEST)


def write_onnx(classifier: Classifier, path: Path) -> None:
    """The classifier in fp32; batch and pieces may have any length."""
    model_export.write_onnx(classifier, path, scored=("batch",))
