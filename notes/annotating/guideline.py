"""The shipped guideline, and how a guideline's plain text becomes blocks that a page can print safely."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

BOLD = re.compile(r"\*\*(.+?)\*\*")
HEADING = re.compile(r"(#{1,3})\s+(.*)")
LABEL_LINE = re.compile(r"- \*\*(.+?)\*\* \(([0-9])\): (.*)")


@dataclass(frozen=True, slots=True)
class Run:
    """Words in one weight."""

    text: str
    is_bold: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    """A heading (`kind` "h1" to "h3"), a paragraph "p" or a list "ul"; the page escapes every word."""

    kind: str
    lines: list[list[Run]] = field(default_factory=list)


@cache
def shipped_guideline() -> str:
    """Guideline 1.1 as plain text with a little Markdown."""
    return (Path(__file__).parent / "guideline.md").read_text(encoding="utf-8")


@cache
def label_help() -> dict[str, str]:
    """What the shipped guideline says of each label, by the label's key."""
    found = (LABEL_LINE.match(line) for line in shipped_guideline().splitlines())
    return {one[2]: one[3] for one in found if one}


def blocks_of(text: str) -> list[Block]:
    """Headings, paragraphs and lists of a guideline. Nothing else is understood: the rest is plain words."""
    blocks: list[Block] = []
    for kind, line in _lines(text):
        joins = blocks and kind == blocks[-1].kind and kind in {"ul", "p"}
        if kind == "":
            blocks.append(Block(""))
        elif joins:
            blocks[-1].lines.append(runs_of(line))
        else:
            blocks.append(Block(kind, [runs_of(line)]))
    return [block for block in blocks if block.kind]


def runs_of(line: str) -> list[Run]:
    """The line's words, bold ones apart."""
    parts = BOLD.split(line)
    return [Run(part, is_bold=place % 2 == 1) for place, part in enumerate(parts) if part]


def _lines(text: str) -> Iterator[tuple[str, str]]:
    for line in text.splitlines():
        bare = line.strip()
        heading = HEADING.fullmatch(bare)
        if not bare:
            yield "", ""
        elif heading:
            yield f"h{len(heading[1])}", heading[2]
        elif bare.startswith(("- ", "* ")):
            yield "ul", bare[2:]
        else:
            yield "p", bare
