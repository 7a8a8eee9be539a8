"""Sentences and citations, read from what a model writes: one sentence a line, each ending in `[ref]`."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from sessions.rehab_bot.types import Sentence

LINE_MOST = 1_000
TEXT_MOST = 6_000

_CITATION = re.compile(r"((?:\s*\[[^\[\]\n]{0,400}\])+)\s*([.!?]?)")
_BRACKET = re.compile(r"\[([^\[\]\n]*)\]")
_BULLET = re.compile(r"^(?:[-*•–]\s+|#{1,6}\s+|>\s+|\(?\d{1,2}[.)]\s+)+")
_EMPHASIS = re.compile(r"\*\*|__|(?<!\w)[*_](?=\w)|(?<=[\w.!?])[*_](?!\w)")
_SENTENCE_END = re.compile(r"(?<=[.!?])[\"”')]*\s+(?=[\"“'(]*[A-Z0-9])")
# After a citation a new sentence begins: what stands before it is complete.
_COMPLETE = re.compile(r"\][.!?]?[ \t]+(?=[^\s\[.!?])|\n")


@dataclass(frozen=True, slots=True)
class Cited:
    """A complete sentence as it was written and the refs it names, which may be none or unknown ones."""

    text: str
    refs: tuple[str, ...] = ()


def plain(text: str) -> str:
    """`text` in one line without marks of layout: compatible forms folded, invisible characters left out."""
    folded = unicodedata.normalize("NFKC", text)
    shown = (
        " " if unicodedata.category(char) in {"Zs", "Zl", "Zp", "Cc"} else char
        for char in folded
        if unicodedata.category(char) not in {"Cf", "Cs", "Co", "Cn"}
    )
    line = " ".join("".join(shown).split())
    return _EMPHASIS.sub("", _BULLET.sub("", line)).strip()


def read_line(line: str) -> list[Cited]:
    """The sentences of one line; a citation supports every sentence since the one before it."""
    cited: list[Cited] = []
    begin = 0
    for match in _CITATION.finditer(line):
        refs = _refs(match[1])
        ending = match[2] if line[begin : match.start()].rstrip()[-1:] not in set(".!?") else ""
        cited += [Cited(each, refs) for each in sentences_of(line[begin : match.start()] + ending)]
        begin = match.end()
    return cited + [Cited(each) for each in sentences_of(line[begin:])]


def _refs(brackets: str) -> tuple[str, ...]:
    named = (
        each.strip().strip("`") for part in _BRACKET.findall(brackets) for each in re.split("[,;]", part)
    )
    return tuple(dict.fromkeys(each for each in named if each))


def sentences_of(text: str) -> list[str]:
    """`text` cut into plain sentences, without empty ones."""
    return [each for each in (part.strip() for part in _SENTENCE_END.split(plain(text))) if _has_words(each)]


def _has_words(text: str) -> bool:
    return any(char.isalnum() for char in text)


def read_answer(text: str) -> list[Cited]:
    """Every sentence of a whole answer, at most `TEXT_MOST` characters of it."""
    reader = Reader()
    return [*reader.feed(text), *reader.close()]


class Reader:
    """Reads an answer as it comes: `feed` gives the sentences that are complete, `close` what is left.

    What passes `TEXT_MOST` characters is not read, a line longer than `LINE_MOST` is left out whole.
    """

    def __init__(self) -> None:
        self._waiting = ""
        self._read = 0
        self.is_full = False

    def feed(self, text: str) -> list[Cited]:
        room = max(0, TEXT_MOST - self._read)
        self._read += min(len(text), room)
        self.is_full = self.is_full or len(text) > room
        self._waiting += text[:room]
        ends = [match.end() for match in _COMPLETE.finditer(self._waiting)]
        if not ends:
            return []
        complete, self._waiting = self._waiting[: ends[-1]], self._waiting[ends[-1] :]
        return _read_lines(complete)

    def close(self) -> list[Cited]:
        """What is left; a sentence that the limit cut off is not complete, so it is left out."""
        left, self._waiting = self._waiting, ""
        return [] if self.is_full else _read_lines(left)


def _read_lines(text: str) -> list[Cited]:
    return [each for line in text.splitlines() if len(line) <= LINE_MOST for each in read_line(line)]


def write_lines(sentences: Sequence[Sentence]) -> str:
    """Sentences as a model should write them."""
    return "\n".join(
        f"{each.text} [{', '.join(each.sources)}]" if each.sources else each.text for each in sentences
    )
