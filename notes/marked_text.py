"""A note's text cut into pieces, marked ones and others, for a page to print. No markup in here."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

from notes.label_words import ASSERTIONS, LABELS


class Marked(Protocol):
    """What can be shown as a mark: an extractor's entity or a stored fact. Offsets are code points."""

    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...
    @property
    def label(self) -> str: ...
    @property
    def assertion(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the text from `start`. Without a label it is plain; `tag` and `words` are for people."""

    text: str
    start: int
    label: str = ""
    tag: str = ""
    css: str = ""
    words: str = ""
    is_asserted: bool = True


def marked_pieces(text: str, entities: Iterable[Marked]) -> list[Piece]:
    """The whole text in order: joined, the pieces are the text.

    A mark that leaves the text, overlaps an earlier one or has an unknown label is not shown; its words are.
    """
    return list(_pieces(text, sorted(entities, key=lambda one: (one.start, -one.end))))


def _pieces(text: str, ordered: list[Marked]) -> Iterator[Piece]:
    reached = 0
    for one in ordered:
        if not reached <= one.start < one.end <= len(text) or str(one.label) not in LABELS:
            continue
        if one.start > reached:
            yield Piece(text[reached : one.start], reached)
        yield _marked(text, one)
        reached = one.end
    if reached < len(text):
        yield Piece(text[reached:], reached)


def _marked(text: str, one: Marked) -> Piece:
    label = LABELS[str(one.label)]
    assertion = ASSERTIONS.get(str(one.assertion), ASSERTIONS["present"])
    return Piece(
        text[one.start : one.end],
        one.start,
        label.label.value,
        f"{label.tag} {assertion.short}".rstrip(),
        label.css,
        f"{label.name}, {assertion.name}" if label.may_be_denied else label.name,
        is_asserted=not assertion.short,
    )
