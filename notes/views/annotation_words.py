"""What the annotation pages print: marked passages, agreement in rows, what the scripts need."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from notes.annotating.guideline import label_help
from notes.annotating.spans import Marked
from notes.clini_note_extractor.evaluation import Agreement
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


def agreement_rows(found: Agreement | None) -> list[AgreementRow]:
    """All labels, then each in the schema's order, then tokens and assertion; nothing without documents."""
    if found is None:
        return []
    told = found.to_dict()
    micro, labels, said = told["strict"]["micro"], told["strict"]["labels"], told["assertion"]
    spans = f"{micro['gold'] + micro['found']} spans in {told['notes']} documents"
    same = {"value": said["accuracy"], **(said.get("accuracy_interval") or {})}
    return [
        _row("All labels, span F1", {**micro, "value": micro["f1"]}, spans),
        *(
            _row(f"{one.name}, span F1", {**labels[code], "value": labels[code]["f1"]}, _spans(labels[code]))
            for code, one in LABELS.items()
            if code in labels
        ),
        _row("All tokens, Cohen’s kappa", told["kappa_tokens"], "inflated: most tokens carry no label"),
        _row("Tokens that one or both marked, kappa", told["kappa_marked"], "errs the other way"),
        _row("Is it so, same answer", same, f"{said['n']} spans that both marked"),
    ]


def _spans(counts: Mapping[str, Any]) -> str:
    return f"{counts['gold']} and {counts['found']} spans"


def _row(name: str, told: Mapping[str, Any], detail: str) -> AgreementRow:
    value, low, high = (
        None if told.get(key) is None else 100 * told[key] for key in ("value", "low", "high")
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
