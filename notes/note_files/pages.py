"""Where in a paged text a stretch stands."""

from bisect import bisect_right
from collections.abc import Sequence
from itertools import pairwise

from notes.note_files.types import Place


def place_in(page_starts: Sequence[int], start: int, end: int) -> Place:
    """The page on which `start` (code points, half-open to `end`) stands, and its characters there.

    A stretch that runs over the page's end keeps its length. Raises ValueError unless 0 <= start < end and
    the first page begins at 0.
    """
    if not 0 <= start < end or not page_starts or page_starts[0] != 0:
        raise ValueError("a stretch needs 0 <= start < end, and pages that begin at 0")
    page = bisect_right(page_starts, start) - 1
    first = start - page_starts[page]
    return Place(page=page + 1, first=first + 1, last=first + end - start)


def pages_of(text: str, page_starts: Sequence[int]) -> list[str]:
    """The text of each page; joined they are the text."""
    edges = [*page_starts, len(text)]
    return [text[begin:end] for begin, end in pairwise(edges)]
