"""A model card's Markdown as blocks that a page can print safely: headings, paragraphs, lists and tables."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

HEADING = re.compile(r"(#{1,4})\s+(.*)")
RULE = re.compile(r"\|?(?:\s*:?-+:?\s*\|)+\s*(?::?-+:?)?")
# Marks that carry no meaning once the words stand in a page of their own.
MARKS = re.compile(r"\*\*|`")


@dataclass(frozen=True, slots=True)
class CardBlock:
    """`kind` is "heading", "text", "list", "table" or "code". Plain words; the page escapes every one.

    A table's `rows` are its cells, the first row its head, which is empty where the card names no columns;
    everything else has a line a row.
    """

    kind: str
    rows: list[list[str]] = field(default_factory=list)

    @property
    def head(self) -> list[str]:
        """The names of a table's columns; empty where none is named."""
        return self.rows[0] if any(self.rows[0]) else []


def card_blocks(card: str) -> list[CardBlock]:
    """The blocks of a card in their order; what is not understood is text."""
    blocks: list[CardBlock] = []
    is_open = False
    for kind, cells in _lines(card):
        if kind in ("", "rule"):
            is_open = is_open and kind == "rule"
        elif kind == "more" and blocks and is_open and blocks[-1].kind in ("list", "text"):
            blocks[-1].rows[-1][0] += f" {cells[0]}"
        else:
            kind = "text" if kind == "more" else kind
            if is_open and blocks and blocks[-1].kind == kind and kind in ("list", "table", "code"):
                blocks[-1].rows.append(cells)
            else:
                blocks.append(CardBlock(kind, [cells]))
            is_open = kind != "heading"
    return blocks


def _lines(card: str) -> Iterator[tuple[str, list[str]]]:
    is_code = False
    for line in card.splitlines():
        bare = line.strip()
        if bare.startswith("```"):
            is_code = not is_code
            yield "", []
        elif is_code:
            yield "code", [line]
        else:
            yield _kind_of(bare)


def _kind_of(bare: str) -> tuple[str, list[str]]:
    heading = HEADING.fullmatch(bare)
    if not bare:
        return "", []
    if heading:
        return "heading", [_plain(heading[2])]
    if bare.startswith("|"):
        if RULE.fullmatch(bare):
            return "rule", []
        return "table", [_plain(cell) for cell in bare.strip("|").split("|")]
    if bare.startswith(("- ", "* ")):
        return "list", [_plain(bare[2:])]
    return "more", [_plain(bare)]


def _plain(words: str) -> str:
    return MARKS.sub("", words).strip()
