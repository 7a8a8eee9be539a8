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
    r"|percentage|sum|summary|subscales?|subscores?|section|domain|part|item|symptoms?|severity"
    r"|function\w*|performance"
    r"|satisfaction|pain|sports?|recreation|daily|activit(?:y|ies)|ADLs?|IADLs?|mobility|applied"
    r"|cogniti\w+|physical"
    r"|mental|component|emotional|social|work|self-?care|upper|lower|extremity|UE|LE|sensory|balance"
    r"|gait|dyspnea"
    r"|fatigue|anxiety|depression|anterior|posterior\w*|posteromedial|posterolateral|medial|lateral"
    r"|reach|difference"
    r"|limb|symmetry|side|receptive|expressive|auditory|comprehension|verbal|memory|attention|recall"
    r"|locomotion"
    r"|stationary|grasping|visual|integration|language|communication|naming|age|equivalent|percentile"
    r"|mean|average"
    r"|averaged?|median|change|reading|value|category|III?|IV|=|:|,|<|>|≤|≥|<=|>=|(?<=\s)[-–](?=\s))"
)
NOT_BARE = (
    r"(?!\.?\d|\s{0,12}(?:/|%|-|–|out\s|of\s|seconds?|secs?|s\b|feet|ft|m\b|points?"
    r"|pts|lbs?|pounds|kg|reps|percent|weeks?|days?"
    r"|months?|years?|minutes?|min\b|times|visits?|items?|questions?|trials?|[A-Za-z]+\s{1,12}walk"
    r"|on\s{1,12}the|\)|line"
    r"|st\b|nd\b|rd\b|th\b))"
)
# Units that only instruments count in, and only right behind the name.
COUNTED = (
    r"(?:\s{1,2}(?:pins|pegs|lines?(?:\sloss)?|words|errors|cm|mm|months|blocks|cubes|percentile|taps"
    r"|steps|stands|levels?"
    r"|degrees of freedom)\b|(?:st|nd|rd|th)\s{1,2}percentile\b)"
)
BARE_AFTER = re.compile(
    rf"^(?:\s{{0,12}}\([A-Za-z\-]{{2,8}}\))?(?:\s{{0,12}}{CONNECTING}(?![A-Za-z])){{0,5}}\s{{0,12}}(?:\([^)]{{0,20}}\)\s{{0,12}})?"
    rf"([+]?\d{{1,3}}(?:\.\d+)?\+?(?:{COUNTED}|{NOT_BARE}))",
    re.IGNORECASE,
)
UNIT = (
    r"(?:\s{0,2}(?:%|percent\b|/\s?\d{1,3}|out of \d{1,3}|points?\b|pts\b|seconds?\b|secs?\b|s\b|feet\b"
    r"|ft\b|meters?\b"
    r"|m/s(?:ec)?\b|(?<=\d)(?:st|nd|rd|th)\spercentile\b|m\b|cm\b|mm\b|lbs?\b|pounds\b|kg\b|reps\b"
    r"|errors\b|months\b|words\b|blocks\b|pins\b))?"
)
STEP = (
    rf"(?:(?:{CONNECTING[3:-1]}|up|down|from|and|versus|vs\.?|compared|with|initially|previously|now"
    rf"|then|then to"
    r"|at|intake|admission|baseline|discharge|evaluation|eval|goal|for|gain)(?![A-Za-z])\s{0,3})"
)
# Another value of the same instrument: "PSFS 3, was 5", "68 → 74", "symptoms 3.1, function 2.4".
NEXT_VALUE = re.compile(
    rf"\s{{0,3}}(?:(?:→|->|=>|–>)\s{{0,3}}|[,;(]?\s{{0,3}}(?=[^\d.]{{0,60}}[A-Za-z]){STEP}{{1,6}})"
    rf"([+]?\d{{1,4}}(?:\.\d+)?\+?{UNIT})(?![\w/%°-]|\.\d|\s{{0,3}}(?:weeks?|days?|years?|visits?"
    rf"|minutes?|degrees?|x\b))",
    re.IGNORECASE,
)
# "3 at the adductors, 2 at the hamstrings", "31 right, 27 left".
NEXT_PLACE = re.compile(
    r"[^.;\d]{0,45}?(?:,|\band\b)\s{1,3}(?:and\s)?(\d{1,3}(?:\.\d+)?\+?(?:\s?(?:lbs?|pounds|kg|blocks"
    r"|seconds|secs?))?)"
    r"(?=\s{1,3}(?:(?:at|in|for|on|of|with)\s(?:the\s)?(?!\d)[a-z]|\(?(?:right|left|R|L)\b))",
    re.IGNORECASE,
)
PLACED = re.compile(r"\s{1,3}(?:(?:at|in|for|on|of|with)\s|\(?(?:right|left|R|L)\b)", re.IGNORECASE)
# Levels are written in Roman figures or letters: "Rancho level VII", "ASIA C", "GMFCS II-III".
LEVEL_AFTER = re.compile(
    r"^(?:\s{0,3}(?:scale|level|grade|stage|class|score|is|was|at|of|a|:|=)(?![A-Za-z])){0,4}\s{1,3}"
    r"((?:I{1,3}|IV|VI{0,3}|IX|X|[A-E])(?:\s?(?:-|–|to|or)\s?(?:I{1,3}|IV|VI{0,3}"
    r"|[A-E]))?)(?![\w'’&/-])(?!\s[a-z]{1,3}\s)",
)
GRIP = re.compile(r"\b(?:grip|pinch)(?:\s(?:strength|force|test\w*|measure\w*))?\b", re.IGNORECASE)
FORCE = re.compile(
    r"(?<![\w./,])\d{1,3}(?:\.\d+)?\s{0,2}(?:pounds?\b|lbs?\b|#|kgs?\b|kilograms?\b|psi\b|mm\s?Hg\b)",
    re.IGNORECASE,
)
GRADE = re.compile(r"[0-5][+-]?\s?/\s?5")
# Hops and reaches are told as a share of the other side too.
HOP = re.compile(r"\b(?:hop|balance|reach|isokinetic|biodex|dynamomet\w*)", re.IGNORECASE)
MOST_VALUES = 6
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
    for span, grip in grips_in(text, measures):
        if span.start not in taken:
            taken.add(span.start)
            yield span, grip


def _units(measure: Candidate) -> list[str]:
    """The kinds of value that fit an instrument, the likeliest first."""
    units = [unit for unit in measure.unit.split(",") if unit in VALUES]
    if measure.unit == "points":
        return ["points", "percent"]
    if measure.unit == "percent":
        return ["percent", "points"]
    return [*units, "percent"] if HOP.search(measure.name) else units


def _values_of(text: str, layout: Layout, measures: Sequence[Candidate], number: int) -> Iterator[Span]:
    measure = measures[number]
    if measure.unit == "rating":
        return
    sentence = layout.sentence_number(measure.span.start)
    begin, end = layout.sentences[sentence]
    following = measures[number + 1].span.start if number + 1 < len(measures) else len(text)
    before_limit = max(begin, measures[number - 1].span.end if number else 0, measure.span.start - 120)
    limit = min(end, following, measure.span.end + FARTHEST)
    found = list(_after(text, measure, limit))
    if found:
        found += [one for one in _further(text, found[-1].end, limit) if one not in found]
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
    level = LEVEL_AFTER.match(rest)
    if level and not any_found and not bare:
        yield Span(measure.span.end + level.start(1), measure.span.end + level.end(1))


def _further(text: str, first: int, limit: int) -> Iterator[Span]:
    """Values that go on from a first one: earlier ones, other subscales, other places."""
    at, placed = first, PLACED.match(text, first, limit) is not None
    for _ in range(MOST_VALUES):
        found = NEXT_VALUE.match(text, at, limit)
        if found is None and placed:
            found = NEXT_PLACE.match(text, at, limit)
        if (
            found is None
            or GRADE.fullmatch(found.group(1))
            or PAIN_BEFORE.search(text[max(0, found.start(1) - 60) : found.start(1)])
        ):
            return
        yield _span(text, found.start(1), found.end(1))
        at = found.end(1)


def grips_in(text: str, measures: Sequence[Candidate]) -> Iterator[tuple[Span, Candidate]]:
    """Forces after a bare "grip" or "pinch", which no instrument's name introduces."""
    known = [one.span for one in measures]
    for grip in GRIP.finditer(text):
        end = min(len(text), grip.end() + 70)
        stop = re.search(r"[.;](?=\s|$)", text[grip.end() : end])
        end = grip.end() + stop.start() if stop else end
        if any(one.start < grip.end() and grip.start() <= one.end + 1 for one in known):
            continue
        end = min([end, *(one.start for one in known if one.start >= grip.end())])
        label = Candidate(Span(grip.start(), grip.end()), None, -1, -1, "", "pounds")
        for force in FORCE.finditer(text, grip.end(), end):
            yield Span(force.start(), force.end()), label


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
