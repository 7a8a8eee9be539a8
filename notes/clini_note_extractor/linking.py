"""From spans to findings: which value belongs to which body part, side, movement or instrument, with units.

Within a sentence by the order of values and names (`attachment.py`); across sentences only what the
sentence before named last.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from notes.clini_note_extractor.attachment import Attached, attached, motion_in
from notes.clini_note_extractor.columns import heads_of
from notes.clini_note_extractor.extractor import Extraction
from notes.clini_note_extractor.sections import Layout, SectionKind
from notes.clini_note_extractor.tokens import with_points, without_marks
from notes.clini_note_extractor.types import Entity, Label, Span

ICF_TABLE = Path(__file__).parent / "icf.tsv"
NUMBER = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")
WORDS = {word: float(number) for number, word in enumerate(
    ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"])}  # fmt: skip
SCORE_UNITS = (
    ("%", re.compile(r"%|percent", re.IGNORECASE)),
    ("m/s", re.compile(r"m/s|met(?:er|re)s? (?:per|/)\s?s", re.IGNORECASE)),
    ("s", re.compile(r"\ds\b|\bs\b|sec|\"", re.IGNORECASE)),
    ("m", re.compile(r"feet|foot|ft|met(?:er|re)|\bm\b|yard|yd|'", re.IGNORECASE)),
    ("kg", re.compile(r"pound|lb|#|kg|kilogram", re.IGNORECASE)),
    ("cm", re.compile(r"inch|\bin\b|cm|centim", re.IGNORECASE)),
)
TO_UNIT = (
    (re.compile(r"feet|foot|ft|'", re.IGNORECASE), 0.3048),
    (re.compile(r"yard|yd", re.IGNORECASE), 0.9144),
    (re.compile(r"pound|lb|#", re.IGNORECASE), 0.45359237),
    (re.compile(r"inch|\bin\b", re.IGNORECASE), 2.54),
)
KINDS = {
    Label.PAIN_LEVEL: "pain", Label.ROM: "range", Label.STRENGTH: "strength", Label.OUTCOME_SCORE: "score",
}  # fmt: skip
REACH = 160


@dataclass(frozen=True, slots=True)
class Finding:
    """One value of the patient. `low` and `high` are equal unless a range was written; `out_of` is the
    scale's top.

    Units: "0-10" for pain, "deg", "%", "cm" for ranges, "0-5" for strength (a plus adds 1/3, a minus takes
    1/3), "points", "%", "s", "m",
    "m/s", "kg", "cm", "count" for scores. `goal` marks values that stand under goals.
    """

    kind: str
    span: Span
    low: float
    high: float
    unit: str
    out_of: float | None = None
    region: str = ""
    side: str = ""
    motion: str = ""
    measure: str = ""
    goal: bool = False
    icf_code: str = ""
    icf_title: str = ""
    sources: tuple[Span, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON."""
        told = asdict(self)
        told["span"] = [self.span.start, self.span.end]
        told["sources"] = [[span.start, span.end] for span in self.sources]
        return told


def findings_of(text: str, extraction: Extraction) -> list[Finding]:
    """Every value of an extraction as a finding, in reading order. A value that cannot be read as a number
    is left out.
    """
    text = without_marks(with_points(text))
    layout = Layout(text)
    by_sentence: dict[int, list[Entity]] = {}
    for entity in extraction.entities:
        by_sentence.setdefault(layout.sentence_number(entity.start), []).append(entity)
    return [
        finding
        for sentence, entities in sorted(by_sentence.items())
        for finding in _in_sentence(text, layout, extraction, entities, by_sentence.get(sentence - 1, []))
    ]


def _in_sentence(
    text: str, layout: Layout, extraction: Extraction, entities: Sequence[Entity], previous: Sequence[Entity]
) -> Iterator[Finding]:
    values = [one for one in entities if one.label in KINDS]
    if not values:
        return
    begin, end = layout.sentence_at(values[0].start)
    for one in attached(text, values, entities, begin=begin, end=end):
        _look_up(text, one, extraction.entities)
        kind = KINDS[one.value.label]
        value = _value_of(text[one.value.start : one.value.end], kind)
        if value is not None:
            yield _finding(layout, extraction, one, kind, value, previous)


def _look_up(text: str, one: Attached, entities: Sequence[Entity]) -> None:
    """In a table the column's head tells the side, and the row's first cell the movement."""
    heads = heads_of(text, one.value, entities)
    if heads is None:
        return
    one.side, one.side_name = heads.side, ""
    one.behind.add("column")
    one.region = heads.region or one.region
    if heads.first_cell is not None:
        one.motion = motion_in(text, heads.first_cell) or one.motion


def _finding(
    layout: Layout, extraction: Extraction, one: Attached, kind: str,
    value: tuple[float, float, str, float | None], previous: Sequence[Entity],
) -> Finding:  # fmt: skip
    low, high, unit, out_of = value
    region, side = one.region, one.side
    if region is None and kind != "score" and "column" not in one.behind:
        region, earlier = _of_sentence_before(one.value, previous)
        side = side or earlier
    owner = extraction.instruments.get(one.value.span)
    region_name = extraction.names.get(region.span, "") if region else ""
    measure = extraction.names.get(owner, "") if owner else ""
    code, title = icf_of(kind, measure if kind == "score" else region_name)
    sources = [entity.span for entity in (region, side) if entity] + ([owner] if owner else [])
    return Finding(
        kind, one.value.span, low, high, unit, out_of,
        region=region_name if kind != "score" else "",
        side=extraction.names.get(side.span, "") if side else one.side_name,
        motion=one.motion if kind in {"range", "strength"} else "",
        measure=measure,
        goal=layout.section_at(one.value.start).kind is SectionKind.GOALS,
        icf_code=code, icf_title=title, sources=tuple(sorted(sources)),
    )  # fmt: skip


def _of_sentence_before(value: Entity, previous: Sequence[Entity]) -> tuple[Entity | None, Entity | None]:
    """The region that the sentence before named, and the side right before it: for pain the first, which
    the others
    are only where it goes to; for a measurement the last.
    """
    named = [one for one in previous if one.label is Label.BODY_REGION and value.start - one.end <= REACH]
    if not named:
        return None, None
    region = named[0] if value.label is Label.PAIN_LEVEL else named[-1]
    sides = [one for one in previous if one.label is Label.LATERALITY and 0 < region.start - one.end <= 2]
    return region, sides[-1] if sides else None


def _value_of(words: str, kind: str | None) -> tuple[float, float, str, float | None] | None:
    if kind == "strength":
        return _grade(words)
    if kind == "pain":
        numbers = [WORDS[word] for word in words.lower().split() if word in WORDS] or _numbers(words)
        rated = numbers[:-1] if re.search(r"/|\bof\b|\bover\b", words) and len(numbers) > 1 else numbers
        rated = [number for number in rated if number <= 10]
        return (min(rated), max(rated), "0-10", 10.0) if rated else None
    if kind == "range":
        return _angle(words)
    return _score(words)


def _grade(words: str) -> tuple[float, float, str, float | None] | None:
    spelled = re.sub("|".join(WORDS), lambda word: f"{WORDS[word.group()]:.0f}", words.lower())
    graded = re.sub(r"\s*plus", "+", re.sub(r"\s*minus", "-", spelled))
    grades = re.findall(
        r"([+-]?)\s?([0-5](?:\.5)?)\s?([+-](?!\s?\d))?", re.sub(r"(?:/|out of|over)\s*5", " ", graded)
    )
    values = [
        float(number) + {"+": 1 / 3, "-": -1 / 3}.get(sign or lead, 0.0) for lead, number, sign in grades
    ]
    return (round(min(values), 2), round(max(values), 2), "0-5", 5.0) if values else None


def _angle(words: str) -> tuple[float, float, str, float | None] | None:
    unit = (
        "%"
        if re.search(r"%|percent", words)
        else "cm"
        if re.search(r"cm|cent|inch|\bin\b|\"", words)
        else "deg"
    )
    scale = 2.54 if re.search(r"inch|\bin\b|\"", words) else 1.0
    values = [number * scale for number in _numbers(words)]
    if "zero" in words.lower():
        values.append(0.0)
    if values and re.match(r"\s*(?:[-–−]|minus|neg)", words, re.IGNORECASE):
        values[0] = -values[0]
    return (round(min(values), 2), round(max(values), 2), unit, None) if values else None


def _score(words: str) -> tuple[float, float, str, float | None] | None:
    numbers = _numbers(words)
    if not numbers:
        return None
    over = re.match(r"\s*(\d+(?:\.\d+)?)\s*(?:/|out of|of)\D*(\d+)", words)
    if over:
        return float(over.group(1)), float(over.group(1)), "points", float(over.group(2))
    minutes = re.match(r"\s*(\d+)\s*min\w*\D*(\d+(?:\.\d+)?)?", words)
    if minutes and "sec" in words.lower():
        seconds = float(minutes.group(1)) * 60 + float(minutes.group(2) or 0)
        return seconds, seconds, "s", None
    unit = next((name for name, pattern in SCORE_UNITS if pattern.search(words)), "points")
    unit = "count" if re.search(r"rep|stand|times|block|step", words) else unit
    scale = (
        next((factor for pattern, factor in TO_UNIT if pattern.search(words)), 1.0)
        if unit in {"m", "kg", "cm"}
        else 1.0
    )
    return round(min(numbers) * scale, 2), round(max(numbers) * scale, 2), unit, None


def _numbers(words: str) -> list[float]:
    return [float(number.replace(",", "")) for number in NUMBER.findall(words)]


def icf_of(kind: str, part: str) -> tuple[str, str]:
    """Code and title for a kind of finding and its body part or instrument; the general code where none is
    listed.
    """
    table = _icf_table()
    return table.get((kind, part)) or table.get((kind, ""), ("", ""))


@lru_cache(maxsize=1)
def _icf_table() -> dict[tuple[str, str], tuple[str, str]]:
    rows = [
        line.split("\t")
        for line in ICF_TABLE.read_text(encoding="utf-8").splitlines()
        if line and line[0] != "#"
    ]
    return {(kind, part): (code, title) for kind, part, code, title in rows}
