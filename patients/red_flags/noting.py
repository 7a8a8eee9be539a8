"""Red flags in what a therapist writes down: the rules of hearing over a note, without the second reader.

The reader learned from patients' short messages and has never seen a note; the rules know denials and
history, and still a heard flag is only a question to whoever signs.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from patients.red_flags.hearing import HeardFlag, Quote, hear_by_rules
from patients.red_flags.types import Severity

MOST_AT_ONCE = 20_000
# Words of the trade that sound like a patient's misspelt danger: a range of motion is no fever, a contusion
# no confusion, and sets of minutes no stiffness. They are blanked at the same length, so that every place
# stays right.
TRADE_WORDS = re.compile(
    r"\d+(?:[.,]\d+)?\s*(?:degrees?\b|deg\b|°)|\bcontusions?\b|\btraining\b"
    r"|\bsets?\b|\b\d{1,2}:\d{2}\b(?:, \d+ minutes?\b)?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class NotedLine:
    """A line of the note, with the heard parts as (start, end) within it."""

    words: str
    marks: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Noted:
    """`flags` of a day's urgency or worse, the worst first, each flag once; `lines` are where they stand."""

    flags: tuple[HeardFlag, ...]
    lines: tuple[NotedLine, ...]


def hear_note(text: str) -> Noted:
    """Listen to a note. Strong pain is no flag here: a note says it each time."""
    heard = [flag for start, part in _parts(text) for flag in _flags_of(part, start)]
    spans = sorted({(quote.start, quote.end) for flag in heard for quote in flag.words})
    first: dict[str, HeardFlag] = {}
    for flag in sorted(heard, key=lambda flag: -flag.severity.rank):
        first.setdefault(flag.flag, flag)
    return Noted(tuple(first.values()), tuple(_lines(text, spans)))


def _parts(text: str) -> Iterator[tuple[int, str]]:
    """Stretches of whole lines, each short enough to be heard at once."""
    start = 0
    while start < len(text):
        end = min(len(text), start + MOST_AT_ONCE)
        line_end = text.rfind("\n", start, end) + 1
        end = line_end if start < line_end and end < len(text) else end
        yield start, text[start:end]
        start = end


def _flags_of(part: str, start: int) -> Iterator[HeardFlag]:
    plain = TRADE_WORDS.sub(lambda found: " " * len(found[0]), part)
    for flag in hear_by_rules([plain], beside_reader=True).flags:
        if flag.severity.rank < Severity.SAME_DAY.rank or getattr(flag, "by", "rules") != "rules":
            continue
        yield replace(flag, words=tuple(_moved(quote, part, start) for quote in flag.words))


def _moved(quote: Quote, part: str, start: int) -> Quote:
    text = part[quote.start : quote.end]
    return replace(quote, start=quote.start + start, end=quote.end + start, text=text)


def _lines(text: str, spans: list[tuple[int, int]]) -> Iterator[NotedLine]:
    start = 0
    for line in text.splitlines(keepends=True):
        end = start + len(line)
        inside = [(max(a, start), min(b, end)) for a, b in spans if a < end and b > start]
        if inside:
            yield NotedLine(line.rstrip("\r\n"), tuple((a - start, b - start) for a, b in inside))
        start = end
