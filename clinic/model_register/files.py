"""A trained model's files: one archive in private storage, unpacked once a machine and checked by hash.

The manifest names every file's sha256; the register holds the manifest's own.
"""

import hashlib
import io
import json
import shutil
import tempfile
import zipfile
import zlib
from pathlib import Path
from uuid import uuid4

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import storages

MANIFEST = "manifest.json"
LARGEST_BYTES = 120 * 1024 * 1024
MOST_FILES = 20
# What zipfile raises for an archive with changed bytes, by where they stand.
UNREADABLE = (OSError, EOFError, ValueError, RuntimeError, zipfile.BadZipFile, zlib.error)


class ModelFilesUnusable(ValueError):
    """A model's files are missing, too large, or not those that were registered."""


def sha256_of(path: Path) -> str:
    """SHA-256 of a file, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def check_folder(folder: Path) -> str:
    """The manifest's sha256, after each file that it names was compared. Raises ModelFilesUnusable."""
    manifest = folder / MANIFEST
    if not manifest.is_file():
        raise ModelFilesUnusable(f"There is no {MANIFEST}.")
    try:
        hashes = json.loads(manifest.read_text(encoding="utf-8"))["files"]
        named = {str(name): str(wanted) for name, wanted in hashes.items()}
    except (ValueError, KeyError, AttributeError, TypeError) as error:
        raise ModelFilesUnusable(f"{MANIFEST} does not name the files with their hashes.") from error
    for name, wanted in named.items():
        path = folder / name
        if "/" in name or "\\" in name or name in {".", ".."} or not path.is_file():
            raise ModelFilesUnusable(f"The file {name[:60]!r} is missing.")
        if sha256_of(path) != wanted:
            raise ModelFilesUnusable(f"The file {name[:60]!r} is not the one that was trained.")
    return sha256_of(manifest)


def store_folder(folder: Path) -> tuple[str, str]:
    """Keep a model's folder as one archive; answers (name in storage, manifest's sha256).

    Raises ModelFilesUnusable.
    """
    digest = check_folder(folder)
    files = sorted(path for path in folder.iterdir() if path.is_file())
    if len(files) > MOST_FILES or sum(path.stat().st_size for path in files) > LARGEST_BYTES:
        raise ModelFilesUnusable(
            f"A model has at most {MOST_FILES} files of {LARGEST_BYTES // 1024**2} MiB together."
        )
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as packed:
        for path in files:
            packed.write(path, path.name)
    return storages["models"].save(f"{uuid4()}.zip", ContentFile(archive.getvalue())), digest


def delete_stored(stored_name: str) -> None:
    """Take back an archive whose row could not be written."""
    storages["models"].delete(stored_name)


def open_folder(stored_name: str, *, sha256: str) -> Path:
    """Where the files of a stored model lie on this machine, unpacked on first use.

    Raises ModelFilesUnusable when the archive is missing or not the one that was registered.
    """
    place = Path(settings.PLUMBLINE_MODEL_CACHE) / sha256
    if place.is_dir():
        return place
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    unpacked = Path(tempfile.mkdtemp(dir=place.parent))
    try:
        _unpack(stored_name, into=unpacked)
        if check_folder(unpacked) != sha256:
            raise ModelFilesUnusable("The stored model is not the one that was registered.")
        _put_in_place(unpacked, place)
    finally:
        shutil.rmtree(unpacked, ignore_errors=True)
    return place


def _unpack(stored_name: str, *, into: Path) -> None:
    try:
        with storages["models"].open(stored_name) as file, zipfile.ZipFile(file) as packed:
            entries = packed.infolist()
            if len(entries) > MOST_FILES or sum(entry.file_size for entry in entries) > LARGEST_BYTES:
                raise ModelFilesUnusable("The stored model is larger than a model may be.")
            for entry in entries:
                (into / Path(entry.filename).name).write_bytes(packed.read(entry))
    except UNREADABLE as error:
        raise ModelFilesUnusable("The stored model cannot be read.") from error


def _put_in_place(unpacked: Path, place: Path) -> None:
    """Another process may have been faster; its copy is the same."""
    try:
        unpacked.rename(place)
    except OSError:
        if not place.is_dir():
            raise
