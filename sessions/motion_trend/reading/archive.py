"""Zip files as sources: members are streamed, nothing is unpacked to disk, and bombs are refused."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Callable
from typing import IO, BinaryIO, cast

from sessions.motion_trend.reading.errors import ReadingError
from sessions.motion_trend.reading.types import Source

MAGIC = b"PK\x03\x04"
MOST_MEMBERS = 20_000
LONGEST_NAME = 1000
# Each is opened by itself; Apple's own exports have one table a heart recording.
MOST_READABLE = 1000
# The list of a zip's members is read at once: twenty thousand with long names take less.
LARGEST_LIST_BYTES = 16 * 1024 * 1024
# Apple's own exports shrink about 30-fold; deflate cannot pass 1032.
MOST_RATIO = 250
RATIO_FROM_BYTES = 1_000_000
MOST_UNPACKED_BYTES = 50_000_000_000
READABLE = (".csv", ".txt", ".tsv", ".xml", ".c3d")
# bzip2 and LZMA are unpacked a whole read at a time, to whatever that makes; deflate only as far as is asked.
BOUNDED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
UNPACK = "Unpack it and send the files inside."
ZIP_PROBLEMS = (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError)


def is_zip(head: bytes) -> bool:
    """Whether a file begins as a zip does."""
    return head.startswith(MAGIC)


def members_of(source: Source) -> list[Source]:
    """The readable files of a zip, as sources. Raises ReadingError for a broken, locked or dangerous one."""
    try:
        with source.open() as file, zipfile.ZipFile(_listed(file)) as archive:
            infos = archive.infolist()
    except ZIP_PROBLEMS:
        words = "This zip file is broken or was not sent whole."
        raise ReadingError(source.name, None, words, "Export it again and send the new file.") from None
    _check(source, infos)
    if any(info.filename == "[Content_Types].xml" for info in infos):
        words = "This is a spreadsheet, not a table of text."
        raise ReadingError(source.name, None, words, "Save it as CSV and send that.")
    kept = [info for info in infos if _is_readable(info)]
    if not kept:
        words = "There is no file in this zip that we can read."
        raise ReadingError(source.name, None, words, "Send CSV or C3D files, or an Apple Health export.")
    return [Source(info.filename, _opener(source, info.filename), info.file_size) for info in kept]


class _Listed(io.BufferedIOBase):
    """A zip's file that refuses a list of members which alone would fill the memory."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def read(self, size: int | None = -1, /) -> bytes:
        if size is not None and size > LARGEST_LIST_BYTES:
            raise zipfile.BadZipFile("the list of members is too long")
        return self._file.read(-1 if size is None else size)

    def seek(self, offset: int, whence: int = 0, /) -> int:
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        return self._file.tell()


def _listed(file: BinaryIO) -> BinaryIO:
    return cast(BinaryIO, _Listed(file))


def _is_readable(info: zipfile.ZipInfo) -> bool:
    name = info.filename
    hidden = name.startswith("__MACOSX/") or name.rsplit("/", 1)[-1].startswith(".")
    return not info.is_dir() and not hidden and len(name) <= LONGEST_NAME and name.lower().endswith(READABLE)


def _check(source: Source, infos: list[zipfile.ZipInfo]) -> None:
    words = ""
    if any(info.flag_bits & 1 for info in infos):
        raise ReadingError(source.name, None, "This zip file is locked with a password.", UNPACK)
    if any(info.compress_type not in BOUNDED for info in infos):
        words = "This zip file is packed in a way that we do not read."
        raise ReadingError(source.name, None, words, UNPACK)
    if len(infos) > MOST_MEMBERS or sum(map(_is_readable, infos)) > MOST_READABLE:
        words = f"This zip file holds more than {MOST_READABLE:,} files."
    packed = {info.header_offset: info.compress_size for info in infos}
    total = sum(info.file_size for info in infos)
    if total > MOST_UNPACKED_BYTES or (
        total > RATIO_FROM_BYTES and total > MOST_RATIO * max(sum(packed.values()), 1)
    ):
        words = f"This zip file would unpack to {total / 1e9:,.1f} GB; that is not a recording."
    for info in infos:
        if info.file_size > RATIO_FROM_BYTES and info.file_size > MOST_RATIO * max(info.compress_size, 1):
            words = "A file in this zip unpacks to far more than any recording does."
    if words:
        raise ReadingError(source.name, None, f"{words} It was not opened.", UNPACK)


def _opener(source: Source, name: str) -> Callable[[], BinaryIO]:
    def open_member() -> BinaryIO:
        file = source.open()
        try:
            archive = zipfile.ZipFile(_listed(file))
            return cast(BinaryIO, _Member(archive.open(name), archive, file, name=name))
        except ZIP_PROBLEMS:
            file.close()
            raise _broken(name) from None

    return open_member


def _broken(name: str) -> ReadingError:
    words = "This file is broken inside its zip."
    return ReadingError(name, None, words, "Export it again and send the new file.")


class _Member(io.BufferedIOBase):
    """A member while it is read; closes the zip with it, and reports damage as a ReadingError."""

    def __init__(self, member: IO[bytes], archive: zipfile.ZipFile, file: BinaryIO, *, name: str) -> None:
        self._member, self._archive, self._file, self._name = member, archive, file, name

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def read(self, size: int | None = -1, /) -> bytes:
        try:
            return self._member.read(-1 if size is None else size)
        except (*ZIP_PROBLEMS, zlib.error):
            raise _broken(self._name) from None

    def read1(self, size: int = -1, /) -> bytes:
        return self.read(size if size >= 0 else 65_536)

    def seek(self, offset: int, whence: int = 0, /) -> int:
        return self._member.seek(offset, whence)

    def tell(self) -> int:
        return self._member.tell()

    def close(self) -> None:
        if not self.closed:
            self._member.close()
            self._archive.close()
            self._file.close()
        super().close()
