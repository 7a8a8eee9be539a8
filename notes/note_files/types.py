"""What a read file is, and why one could not be read."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class ImportedText:
    """The text of a note's file.

    `page_starts`: offset (code points) at which each page begins, the first 0. `warnings`: what a reader of
    the text must know, in sentences.
    """

    text: str
    page_starts: tuple[int, ...] = (0,)
    warnings: tuple[str, ...] = ()
    format: str = "txt"


@dataclass(frozen=True, slots=True)
class Place:
    """A stretch of a page; characters count from 1, `last` included."""

    page: int
    first: int
    last: int

    @property
    def words(self) -> str:
        """ "page 2, characters 310–324"."""
        if self.first == self.last:
            return f"page {self.page}, character {self.first}"
        return f"page {self.page}, characters {self.first}–{self.last}"


class NoteFileRefused(Exception):
    """The file was not read: what is wrong with it, and what to do. Never holds its contents."""

    def __init__(self, words: str, cure: str = "") -> None:
        super().__init__(words)
        self.words = words
        self.cure = cure


@dataclass(frozen=True, slots=True)
class Limits:
    """How large a file and its text may be."""

    bytes: int = 20_000_000
    characters: int = 200_000
    pages: int = 500
    seconds: float = 60.0


LIMITS = Limits()
FORMATS: dict[str, str] = {"txt": "Text", "docx": "Word document", "pdf": "PDF"}


@dataclass(frozen=True, slots=True)
class Decoded:
    """Bytes as text: what encoding was taken, and whether that was a guess."""

    text: str
    encoding: str
    guessed: bool = field(default=False)
