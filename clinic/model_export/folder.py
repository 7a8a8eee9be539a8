"""A model's folder while it is made, and its move to where it is served from."""

from __future__ import annotations

import hashlib
import platform
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import metadata
from pathlib import Path

PACKAGES = ("torch", "transformers", "onnx", "onnxruntime", "tokenizers", "numpy")


@contextmanager
def folder_in_the_making(out: Path) -> Iterator[Path]:
    """An empty folder beside `out`, on the same disk; it goes when the block ends."""
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out.parent, prefix=".training-") as folder:
        yield Path(folder)


def put_in_place(folder: Path, out: Path, *, manifest: str) -> None:
    """Move the folder's files to `out`, the one named `manifest` last: until it is there, its hashes refuse a
    mixture of old and new files.
    """
    out.mkdir(parents=True, exist_ok=True)
    (out / manifest).unlink(missing_ok=True)
    for path in sorted(folder.iterdir(), key=lambda one: one.name == manifest):
        shutil.move(path, out / path.name)


def check_size(folder: Path, *, largest_bytes: int, what: str) -> int:
    """The bytes of the folder's files together. Raises ValueError where a release may not have as many."""
    size = sum(path.stat().st_size for path in folder.iterdir())
    if size > largest_bytes:
        raise ValueError(f"The {what} has {size:,} bytes; a release may have {largest_bytes:,}.")
    return size


def sha256_of(path: Path) -> str:
    """Of a file's bytes."""
    with path.open("rb") as raw:
        return hashlib.file_digest(raw, "sha256").hexdigest()


def package_versions() -> dict[str, str]:
    """Of Python and of every package whose version may change the files."""
    return {"python": platform.python_version(), **{name: metadata.version(name) for name in PACKAGES}}
