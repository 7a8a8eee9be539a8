"""The values of instruments and functional tests: found from the instrument's name, by the unit it is
counted in.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from notes.clini_note_extractor.names import Candidate
from notes.clini_note_extractor.sections import Layout
from notes.clini_note_extractor.types import Span

NUMBER = r"(?<![\w./,])\d{1,4}(?:,\d{3})?(?:\.\d+)?"
RANGE = rf"{NUMBER}(?:\s{{0,12}}(?:-|–|to)\s{{0,12}}\d+(?:\.\d+)?)?"
VALUES = {
    "points": re.compile(
        rf"{NUMBER}\s{{0,12}}(?:/|out\s{{1,12}}of(?:\s{{1,12}}a\s{{1,12}}possible)?"
        rf"|of)\s{{0,12}}\d{{1,3}}(?![\d/])(?:\s{{0,12}}(?:points?"
        rf"|pts)\b)?(?:\s{{0,12}}\(\d+(?:\.\d+)?\s?%\))?"
        rf"|{NUMBER}\s{{0,12}}(?:points|pts)\b",
        re.IGNORECASE,
    ),
    "percent": re.compile(rf"{RANGE}\s{{0,12}}(?:%|percent\b)", re.IGNORECASE),
    "seconds": re.compile(
        rf"(?:{NUMBER}\s{{0,12}}(?:minutes?|"
            rf"mins?)\s{{0,12}}(?:and\s{{0,12}})?,?\s{{0,12}})?{RANGE}\s{{0,12}}(?:seconds?\b|"
            rf"secs?\b\.?|s\b|\")(?!\s{{0,12}}hold)", re.IGNORECASE
    ),
    "distance": re.compile(rf"{RANGE}\s{{0,12}}(?:feet|foot|ft\b\.?|meters?|metres?|m\b(?!/)|yards?"
    rf"|yds?\b|'(?!s))", re.IGNORECASE),
    "speed": re.compile(rf"{NUMBER}\s{{0,12}}(?:m/s(?:ec)?|meters?/s\w*|metres?/s\w*|ft/s\w*|feet/s\w*"
    rf"|meters? per second|feet per second|mph)", re.IGNORECASE),
    "pounds": re.compile(rf"{RANGE}\s{{0,12}}(?:pounds?|lbs?\b\.?|#|kg\b|kgs\b|kilograms?|psi"
    rf"|PSI)(?:\s{{1,12}}of\s{{1,12}}(?:force|pressure))?", re.IGNORECASE),
    "count": re.compile(
        rf"{NUMBER}\s{{0,12}}(?:reps?\b|repetitions|stands|times|blocks|stances|steps)", re.IGNORECASE
    ),
    "inches": re.compile(rf"{RANGE}\s{{0,12}}(?:inches|inch|in\b(?!\s{{1,12}}(?:the|a)\b)|cm\b"
    rf"|centimeters?|\")", re.IGNORECASE),
    "millimetres": re.compile(rf"{NUMBER}\s{{0,12}}(?:mm\b|millimeters?|grams?|g\b)"
    rf"|{NUMBER}(?=\s{{1,12}}monofilament)", re.IGNORECASE),
}  # fmt: skip
# A bare number is a score only where it follows the name or the word "score" at once.
CONNECTING = (
    r"(?:scores?|scored|raw|total|composite|overall|rating|results?|level|stage|grade|today|initial"
    r"|currently|current|of|is|was|at|to"
    r"|be|improved|decreased|increased|reduced|dropped|has|had|by|initially|below|under|above|over|less"
    r"|greater|than|least|about"
    r"|approximately|a|an|the|quotient|aphasia|standard|scaled|motor|gross|fine|index|survey|questionnaire"
    r"|percentage|=|:|,|<|>|≤|≥|<=|>=|(?<=\s)[-–](?=\s))"
)
NOT_BARE = (
    r"(?!\.?\d|\s{0,12}(?:/|%|-|–|out\s|of\s|seconds?|secs?|s\b|feet|ft|m\b|points?"
    r"|pts|lbs?|pounds|kg|reps|percent|weeks?|days?"
    r"|months?|years?|minutes?|min\b|times|visits?|items?|questions?|trials?|[A-Za-z]+\s{1,12}walk"
    r"|on\s{1,12}the|\)|line"
    r"|st\b|nd\b|rd\b|th\b))"
)
BARE_AFTER = re.compile(
    rf"^(?:\s{{0,12}}\([A-Za-z\-]{{2,8}}\))?(?:\s{{0,12}}{CONNECTING}(?![A-Za-z])){{0,5}}\s{{0,12}}(?:\([^)]{{0,20}}\)\s{{0,12}})?"
    rf"(\d{{1,3}}(?:\.\d+)?\+?){NOT_BARE}",
    re.IGNORECASE,
)
# "from 14 to 11": the second of two values.
FROM_TO = re.compile(
    rf"^[^.;:\d]{{0,40}}\bfrom\s{{1,12}}(?:a\s)?(\d{{1,3}}(?:\.\d+)?)\s{{1,12}}to\s{{1,12}}(?:a\s)?(\d{{1,3}}(?:\.\d+)?){NOT_BARE}",
    re.IGNORECASE,
)
BARE_BEFORE = re.compile(
    r"\b(?:scor(?:e|ed|es|ing)|rated|is|was)\s{1,12}(?:a\s{1,12}|an\s{1,12}|at\s{1,12}"
    r"|of\s{1,12})?(\d{1,3}(?:\.\d+)?\+?)\s{1,12}(?:on|in|for|by)\s{1,12}(?:the\s{1,12})?(?:\w+\s{1,12})?$",
    re.IGNORECASE,
)
REACHED = re.compile(
    r"(?:complet\w+|walk\w*|ambulat\w+|cover\w*|stop\w*(?:\s{1,12}after)?|achiev\w+|distance|perform\w*"
    r"|total\w*|travel\w*|went|test|result\w*|scor\w+"
    r"|able to\s{1,12}\w+|to|of|for|was|is|[:=,(\-–])\s{0,12}(?:a\s{1,12}|of\s{1,12}|about\s{1,12}"
    r"|approximately\s{1,12}|only\s{1,12}|up\s{1,12}to\s{1,12}|at\s{1,12}|was\s{1,12}|is\s{1,12}"
    r"|total\s{1,12}|distance\s{1,12})*$",
    re.IGNORECASE,
)
# "41 on the first, 48 on the second and 19 on the third".
NEXT_OF_ROW = re.compile(
    r"\W{0,4}(?:and\s{1,12})?(\d{1,3}(?:\.\d+)?)\s{1,12}(?:on|in)\s{1,12}(?:the\s{1,12})?", re.IGNORECASE
)
# Grip and pinch by side: "R 14 L 20".
BY_SIDE = re.compile(
    r"\b(?:right|left|[RL])\b\s{0,3}[:=]?\s{0,3}(\d{1,3}(?:\.\d)?)(?!\d|[/+]|\.\d|\s?(?:lbs?|#|pounds|kg|%"
    r"|-))"
)
PAIN_BEFORE = re.compile(
    r"\bpain\b[^.;,]{0,25}$|\b(?:SpO2|O2 sats?|sats?|saturation|heart rate|HR|BP|BMI|weight|MVC|CV"
    r"|assist\w*|lift)\W[^.;,]{0,10}$",
    re.IGNORECASE,
)
GOES_ON = 3
FARTHEST = 260


def scores_in(text: str, layout: Layout, measures: Sequence[Candidate]) -> Iterator[tuple[Span, Candidate]]:
    """Every value with the instrument it belongs to. `measures` in reading order."""
    taken: set[int] = set()
    for number, measure in enumerate(measures):
        for span in _values_of(text, layout, measures, number):
            if span.start not in taken:
                taken.add(span.start)
                yield span, measure


def _units(measure: Candidate) -> list[str]:
    """The kinds of value that fit an instrument, the likeliest first."""
    units = [unit for unit in measure.unit.split(",") if unit in VALUES]
    if measure.unit == "points":
        return ["points", "percent"]
    if measure.unit == "percent":
        return ["percent", "points"]
    return units


def _values_of(text: str, layout: Layout, measures: Sequence[Candidate], number: int) -> Iterator[Span]:
    measure = measures[number]
    if measure.unit == "rating":
        return
    sentence = layout.sentence_number(measure.span.start)
    begin, end = layout.sentences[sentence]
    following = measures[number + 1].span.start if number + 1 < len(measures) else len(text)
    before_limit = max(begin, measures[number - 1].span.end if number else 0, measure.span.start - 120)
    found = list(_after(text, measure, min(end, following, measure.span.end + FARTHEST)))
    if not found:
        found = list(_ahead(text, measure, before_limit))
    if not found or measure.unit == "pounds":
        found += list(_in_next_sentences(text, layout, measure, sentence, following))
    yield from found


def _after(text: str, measure: Candidate, limit: int) -> Iterator[Span]:
    rest = text[measure.span.end : limit]
    any_found = False
    for unit in _units(measure):
        for value in VALUES[unit].finditer(rest):
            if PAIN_BEFORE.search(rest[: value.start()]):
                continue
            if unit != "distance" or value.start() < 16 or REACHED.search(rest[: value.start()]):
                any_found = True
                yield _span(text, measure.span.end + value.start(), measure.span.end + value.end())
    if measure.unit == "pounds" and not any_found:
        for value in BY_SIDE.finditer(rest[:60]):
            any_found = True
            yield Span(measure.span.end + value.start(1), measure.span.end + value.end(1))
    two = FROM_TO.match(rest)
    if two and not any_found:
        yield Span(measure.span.end + two.start(1), measure.span.end + two.end(1))
        yield Span(measure.span.end + two.start(2), measure.span.end + two.end(2))
        return
    bare = BARE_AFTER.match(rest)
    if bare and not any_found:
        yield Span(measure.span.end + bare.start(1), measure.span.end + bare.end(1))


def _ahead(text: str, measure: Candidate, limit: int) -> Iterator[Span]:
    """Values before the name: "complete 800 feet in a six-minute walk test", "scored 42 on the DASH"."""
    before = text[limit : measure.span.start]
    for unit in _units(measure):
        values = list(VALUES[unit].finditer(before))
        if values and len(before) - values[-1].end() < 60:
            yield _span(text, limit + values[-1].start(), limit + values[-1].end())
            return
    bare = BARE_BEFORE.search(before) or NEXT_OF_ROW.fullmatch(before)
    if bare:
        yield Span(limit + bare.start(1), limit + bare.end(1))


def _in_next_sentences(
    text: str, layout: Layout, measure: Candidate, sentence: int, following: int
) -> Iterator[Span]:
    """ "He performed a six-minute walk test. He completed 600 feet": a unit that fits, soon after."""
    units = [
        unit for unit in _units(measure) if unit in {"distance", "seconds", "pounds", "points", "percent"}
    ]
    section = layout.section_at(measure.span.start)
    for start, end in layout.sentences[sentence + 1 : sentence + 1 + GOES_ON]:
        if start >= min(following, section.end) or start - measure.span.end > FARTHEST:
            return
        part = text[start : min(end, following, start + FARTHEST)]
        for unit in units:
            hits = [
                hit
                for hit in VALUES[unit].finditer(part)
                if REACHED.search(part[: hit.start()]) or unit == "pounds"
            ]
            if hits and unit in {"points", "percent"} and not re.search(r"\bscor", part, re.IGNORECASE):
                continue
            for hit in hits:
                yield _span(text, start + hit.start(), start + hit.end())
            if hits and unit != "pounds":
                return


def _span(text: str, start: int, end: int) -> Span:
    while text[end - 1] in " .\t\n":
        end -= 1
    return Span(start, end)
