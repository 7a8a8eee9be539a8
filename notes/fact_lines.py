"""Facts as lines of a page: the words, what they are, whether it is so, and who says it."""

from collections.abc import Iterable
from dataclasses import dataclass

from notes.fact_merging import ShownFact
from notes.label_words import ASSERTIONS, LABELS


@dataclass(frozen=True, slots=True)
class FactLine:
    """`assertion` is empty where something simply is so; `is_seen` where a clinician has looked at it."""

    start: int
    words: str
    name: str
    tag: str
    css: str
    assertion: str
    source: str
    is_seen: bool


def fact_lines(text: str, facts: Iterable[ShownFact]) -> list[FactLine]:
    """In the order of the facts."""
    return [_line(text, fact) for fact in facts]


def _line(text: str, fact: ShownFact) -> FactLine:
    label = LABELS[fact.label]
    assertion = ASSERTIONS.get(fact.assertion, ASSERTIONS["present"])
    return FactLine(
        start=fact.start,
        words=" ".join(text[fact.start : fact.end].split()),
        name=label.name,
        tag=label.tag,
        css=label.css,
        assertion=assertion.name if assertion.short else "",
        source=fact.source,
        is_seen=fact.is_decided,
    )
