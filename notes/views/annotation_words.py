"""What the annotation pages print: marked passages, agreement in rows, what the scripts need."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from clinic.statistics import Interval
from notes.annotating.agreement import Agreement
from notes.annotating.guideline import label_help
from notes.annotating.spans import Marked
from notes.label_words import ASSERTIONS, LABELS
from notes.marked_text import Piece, marked_pieces

# Assertions have letters beside the label's digits, as n and p move between spans here.
ASSERTION_KEYS = dict(zip(ASSERTIONS, "abcdef", strict=True))
AROUND = 90


@dataclass(frozen=True, slots=True)
class AgreementRow:
    """One line of the table; values in per cent, None where nothing can be said."""

    name: str
    value: float | None
    low: float | None
    high: float | None
    detail: str


def agreement_rows(found: Agreement) -> list[AgreementRow]:
    """All labels, then each, then tokens and assertion."""
    if not found.documents:
        return []
    spans = sum(one.spans_a + one.spans_b for one in found.labels)
    return [
        _row("All labels, span F1", found.f1, f"{spans} spans in {found.documents} documents"),
        *(
            _row(f"{LABELS[one.label].name}, span F1", one.f1, f"{one.spans_a} and {one.spans_b} spans")
            for one in found.labels
        ),
        _row("Tokens, Cohen’s kappa", found.kappa, "100 is full agreement, 0 is chance"),
        _row("Is it so, same answer", found.assertion, f"{found.asserted_spans} spans that both marked"),
    ]


def _row(name: str, interval: Interval, detail: str) -> AgreementRow:
    value, low, high = (
        None if one is None else 100 * one for one in (interval.value, interval.low, interval.high)
    )
    return AgreementRow(name, value, low, high, detail)


def passage(text: str, spans: Sequence[Marked], *, start: int, end: int) -> list[Piece]:
    """The text around a place, cut at words, with the spans in it marked; offsets stay those of the text."""
    first = text.rfind(" ", 0, max(0, start - AROUND)) + 1
    after = text.find(" ", min(len(text), end + AROUND))
    last = len(text) if after < 0 else after
    inside = [one for one in spans if first <= one.start and one.end <= last]
    pieces = marked_pieces(text[:last], inside)
    return [_cut(one, first) for one in pieces if one.start + len(one.text) > first]


def _cut(piece: Piece, first: int) -> Piece:
    if piece.start >= first:
        return piece
    return Piece(piece.text[first - piece.start :], first)


def labels_for_script() -> list[dict[str, Any]]:
    """Names, keys and help of the labels."""
    told = label_help()
    return [
        {"code": code, "name": one.name, "tag": one.tag, "key": one.key, "css": one.css,
         "asserted": one.may_be_denied, "help": told.get(one.key, "")}
        for code, one in LABELS.items()
    ]  # fmt: skip


def assertions_for_script() -> list[dict[str, str]]:
    """Names, short words and keys of the assertions."""
    return [
        {"code": code, "name": one.name, "short": one.short, "key": ASSERTION_KEYS[code]}
        for code, one in ASSERTIONS.items()
    ]
