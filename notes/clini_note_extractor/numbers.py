"""Numbers in a note that rate pain, a joint's range or a muscle, told apart by what stands around them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from notes.clini_note_extractor.sections import Layout, SectionKind
from notes.clini_note_extractor.types import Label, Span

WORD = r"(?:zero|one|two|three|four|five|six|seven|eight|nine|ten)"
TEN = r"(?:10|\d)(?:\.\d)?"
TO = r"\s{0,12}(?:-|–|—|to|or|through)\s{0,12}"
OVER = r"(?:\s{0,12}/\s{0,12}|\s{1,12}(?:out\s{1,12}of|over)\s{1,12}(?:a\s{1,12}possible\s{1,12})?)"
PAIN = re.compile(
    rf"(?<![\d./+\-–])(?:{TEN}\+?(?:{OVER}10)?{TO}(?:a\s{{1,12}})?)?{TEN}\+?{OVER}(?:10|ten)(?![\d/]"
    rf"|\.\d|\s{{0,12}}(?:feet|ft|reps|times|visits))"
    rf"|\b(?:{WORD}{TO})?{WORD}\s{{1,12}}out\s{{1,12}}of\s{{1,12}}(?:ten|10)\b",
    re.IGNORECASE,
)
# "pain is a 7", "pain level: 3-4": a bare number only right after words that ask for one.
BARE_PAIN = re.compile(
    rf"\b(?:pain(?:\s{{1,12}}(?:level|rating|scale|score|intensity|index|analog scale))*|VAS|NPRS|NRS"
    rf"|VNRS)\b[^.;\d\n]{{0,40}}?"
    rf"(?:\baverages?|\baveraging|\baveraged|\bis|\bwas|\bof|\bat|\bas|\bas\s{{1,12}}an?|\bto|\ba"
    rf"|[:=<>≤≥]|(?<=VAS)|(?<=PRS)|(?<=pain)"
    rf"|(?<=level)|(?<=rating)|(?<=score)|\bunder|\bbelow)\s{{0,12}}"
    rf"({TEN}(?:{TO}{TEN})?)(?![\d/%°]|\.\d|\s{{0,12}}(?:{TO}\s{{0,12}}\d|/|%|out|of\s{{1,12}}10"
    rf"|degrees?|deg|days?|weeks?|months?|years?|hours?"
    rf"|minutes?|mins?|feet|times|x\b|am\b|pm\b|visits?|reps|pounds|lbs|inches|cm|mm))",
    re.IGNORECASE,
)
ON_A_SCALE = re.compile(
    rf"(?<![\d./\-])({TEN}(?:{TO}{TEN})?)(?=\s{{0,12}},?\s{{1,12}}on\s{{1,12}}(?:a"
    rf"|the)\s{{1,12}}(?:\w+\s{{1,12}}){{0,3}}?(?:scale|VAS|NPRS|\d+\s{{0,12}}(?:-|–"
    rf"|to)\s{{0,12}}\d+\s{{1,12}}(?:\w+\s{{1,12}})?scale))",
    re.IGNORECASE,
)
PAIN_ELSEWHERE = re.compile(
    r"\b(?:PSFS|patient specific|GROC|global rating|COPM|RPE|exertion|Borg|satisf\w+|fatigue|stress"
    r"|anxiety|confidence"
    r"|dizziness|function\w* (?:score|rating)|trials?|attempts?|opportunit\w+|accuracy|Apgar|APGARs?)\b",
    re.IGNORECASE,
)
GRADE = r"(?:[+-]\s?)?[0-5]\s?(?:\+|-(?!\s?\d)|\s(?:plus|minus)\b|(?:\.5)?)"
STRENGTH = re.compile(
    rf"(?<![\d./])(?<!\d[-–]){GRADE}(?:\s?/\s?5)?{TO}{GRADE}{OVER}5(?![\d/.]\d|\d|/|\s?%)"
    rf"|(?<![\d./])(?<!\d[-–]){GRADE}(?:\s?/\s?|{OVER})5(?:\s?[+](?!\s?\d)|-(?=[\s,.;)]))?(?![\d/]|\.\d"
    rf"|\s?%)"
    rf"|\b(?:zero|one|two|three|four|five)(?:\s{{1,12}}(?:plus|minus))?\s{{1,12}}(?:out\s{{1,12}}of"
    rf"|over)\s{{1,12}}five\b",
    re.IGNORECASE,
)
# Within sections or clauses on strength: "quads 4+", "grade 4".
BARE_STRENGTH = re.compile(
    r"(?<![\w./+\-])(?:[1-5][+]|[1-5]-(?![\w-]))(?![\w/])|(?<=\bgrade )[0-5][+-]?(?![\w/])", re.IGNORECASE
)
STRENGTH_WORDS = re.compile(
    r"\b(?:strength|MMTs?|manual muscle|motor|muscle (?:grade|power|test\w*))\b", re.IGNORECASE
)
NOT_STRENGTH = re.compile(
    r"\b(?:reflex\w*|DTRs?|pulses?|edema|sensation|Waddell\w*|trials?|attempts?|visits?|Apgars?|spasm"
    r"|tone|jerks?"
    r"|tenderness|opportunit\w+|session|heart|murmur)\W+(?:\w+\W+){0,4}$",
    re.IGNORECASE,
)
# A hyphen right before a number is a minus; with a blank behind it ("flexion - 95 degrees") it only divides.
ANGLE = r"(?:[-–+−]|minus\s{1,12}|negative\s{1,12}|\bneg\s{1,12})?\d{1,3}(?:\.\d+)?"
DEGREE = r"(?:\s{0,12}(?:degrees?\b|degs?\b\.?|°|º|˚)|(?<=\d)\*(?!\*))"
ROM = re.compile(
    rf"(?<![\w./])(?:zero\s{{1,12}}to\s{{1,12}})?(?:{ANGLE}{DEGREE}?(?:\s{{0,12}}(?:-|–|—|to|through"
    rf"|/)\s{{0,12}}){{1}}){{0,2}}{ANGLE}{DEGREE}(?!\s{{0,12}}(?:F\b|C\b|Fahrenheit|Celsius"
    rf"|fahrenheit))",
    re.IGNORECASE,
)
# Without a unit: only after the name of a movement, or where the sentence is on range.
BARE_ROM = re.compile(
    rf"(?<![\w./%+])(?:{ANGLE}\s{{0,12}}(?:-|–|—|to)\s{{0,12}}){{1,2}}\d{{1,3}}(?![\w/%°.]?\d"
    rf"|\s{{0,12}}(?:/|%|x\b|times?|weeks?|days?|months?|years?|minutes?"
    rf"|mins?|seconds?|secs?|hours?|feet|ft|lbs?|pounds|reps|inches|cm\b|visits?|degrees?|deg|°"
    rf"|out\s{{1,12}}of|on\s{{1,12}}a|being|,?\s{{0,12}}10\s{{1,12}}being))",
    re.IGNORECASE,
)
MOTION = (
    r"(?:(?:dorsi|plantar|side|lateral|forward|horizontal|trunk|palmar|wrist|knee|hip|elbow"
    r"|shoulder)?[ -]?(?:flexion|extension|bending|bend)"
    r"|(?:horizontal )?(?:ab|ad)duction|(?:(?:internal|external|lateral|medial|int|ext|left|right|trunk"
    r"|cervical)\.? )?rotation|supination|pronation"
    r"|inversion|eversion|elevation|scaption|(?:radial|ulnar) deviation|opposition|flex|ext|abd|add|ER"
    r"|IR|DF|PF|SB|rot|sup|pron|sidebend(?:ing)?|hyperextension)"
)
AFTER_MOTION = re.compile(
    rf"\b{MOTION}\b\.?(?:\s{{1,12}}(?:is|was|to|of|at|measures?|measured|AROM|PROM|ROM|\(?[RLB]\)?"
    rf"|right|left|bilaterally|limited to|about))*(?<![A-Za-z](?=\d))"
    rf"\s{{0,12}}[:=]?\s{{0,12}}((?:{ANGLE}\s{{0,12}}(?:-|–|—"
    rf"|to)\s{{0,12}})?(?:(?<=\s)[-–−](?=\d))?\d{{1,3}})(?![\w/+.]?\d|\s{{0,3}}[-–—]\s{{0,3}}\d"
    rf"|\s{{0,12}}(?:/|%|\+|x\b|times|weeks?|days?|reps|lbs?|pounds|sets|seconds?|secs?"
    rf"|minutes?|degrees?|deg|°|cm\b|inches|out\s{{1,12}}of))",
    re.IGNORECASE,
)
# The jaw opens and glides in millimetres.
JAW = re.compile(
    r"\b(?:opening|MIO|MMO|excursions?|protrusion|protrudes?|laterotrusion|interincisal\w*|deviation"
    r"|(?:mouth|jaw) opens?)\b"
    r"[^.;\d]{0,30}?(\d{1,2}(?:\.\d)?\s{0,2}(?:mm|millimeters?))(?:\s{0,3}(?:\(?(?:right|left|R"
    r"|L)\)?)?,?\s{1,3}"
    r"(?:and\s)?(?:(?:right|left)\s)?(\d{1,2}\s{0,2}(?:mm|millimeters?)))?",
    re.IGNORECASE,
)
# The neutral-zero method, "3-0-142".
NEUTRAL_ZERO = re.compile(r"(?<![\w./-])\d{1,2}\s?[-–/]\s?0\s?[-–/]\s?\d{2,3}(?![\w/-]|\.\d)")
# "MCP 0/65" outside a section on motion.
FINGER_JOINT = re.compile(
    r"\b(?:MPJ?|MCPJ?|PIPJ?|DIPJ?"
    r"|IPJ?)\b\s{0,3}(?:joint\s)?[:=]?\s{0,3}([-–+]?\d{1,3}\s?/\s?\d{2,3})(?![\d/]|\.\d|\s?(?:lbs?|%))"
)
SECOND_SIDE = re.compile(
    r"(?:\band|,)\s{1,12}(\d{1,3})(?=\s{1,12}(?:(?:to|on)\s{1,12}the\s{1,12})?(?:left|right)\b)",
    re.IGNORECASE,
)
PERCENT_ROM = re.compile(
    rf"\b{MOTION}\b(?!\s(?:strength|power"
    rf"|torque))[^.;%\n]{{0,30}}?(?<![\d+\-–−])(?<![+\-–−]\s)(\d{{1,3}}(?:\s{{0,12}}(?:-"
    rf"|to)\s{{0,12}}\d{{1,3}})?\s{{0,12}}(?:%"
    rf"|percent))"
    rf"|(\d{{1,3}}\s{{0,12}}(?:%|percent))(?=\s{{1,12}}(?:of\s{{1,12}})?(?:normal|full|available"
    rf"|expected)?\s{{0,12}}(?:active\s{{1,12}}|passive\s{{1,12}})?(?:range|ROM|AROM|PROM))",
    re.IGNORECASE,
)
FLOOR = re.compile(r"\bfinger\s?-?tips?\b|\bfingers?[ -]to[ -](?:the )?floor|\bfloor\b", re.IGNORECASE)
FLOOR_DISTANCE = re.compile(
    r"(?<![\w./])\d{1,3}(?:\.\d+)?\s{0,12}(?:cm|centimeters?|centimetres?|inch(?:es)?|in\b|\")", re.IGNORECASE
)
ROM_WORDS = re.compile(
    r"\b(?:range of motion|[AP]?A?ROM|goniomet\w+|straight[ -]leg[ -]rais\w+|SLR|(?:active|passive) motion"
    r"|TAM|TPM"
    r"|arc of motion|goes|range(?=\W{1,3}$))\b",
    re.IGNORECASE,
)
MOTION_WORD = re.compile(rf"\b{MOTION}\b", re.IGNORECASE)
NOT_ROM = re.compile(
    r"\b(?:temperature|temp|head of (?:the )?bed|incline\w*|turn(?:s|ed|ing)?|Cobb|curve|pivot"
    r"|scoliosis|wedge|recline\w*"
    r"|cooler|warmer|oven|heated?|torsion angle|bed elevated|tilt table)\b",
    re.IGNORECASE,
)  # fmt: skip


OVER_TEN = re.compile(r"/\s?10$")
TWO_RATINGS = re.compile(r"(\S+?\s?/\s?10|\S+)\s{1,12}to\s{1,12}(?:a\s{1,12})?(\S+?\s?/\s?10)", re.IGNORECASE)
# "TKA 6/10": a date.
DATED = re.compile(
    r"\b(?:dated|since|DOS|DOI|surgery|release|repair|ORIF|T[KHS]A|T[KHS]R|fusion|reconstruction|discectomy"
    r"|evaluated|seen"
    r"|injury|onset|surgery on|on)\s{0,12}:?\s{0,12}$",
    re.IGNORECASE,
)
NOT_ROM_AFTER = re.compile(
    r"^\s{0,3}(?:per second|/\s?s(?:ec)?\b)|\b(?:temperature|incline\w*|turn\w*|curve|Cobb|scoliosis"
    r"|head of (?:the )?bed|(?:cooler"
    r"|warmer) than)\b",
    re.IGNORECASE,
)
# "deferred 2° to protocol" means secondary.
SECONDARY = re.compile(r"[12]\s?[°º]\s{1,12}(?:to\s{1,12}(?!\d)[a-z]|[a-z]{4,}(?<!left)(?<!flexion))")
# Hand therapy writes extension and flexion as "MP 0/70".
HAND_ROM = re.compile(
    r"\b(?:MPJ?|MCPJ?|PIPJ?|DIPJ?|IPJ?|CMC|MTP|wrist|elbow|thumb|index|long|middle|ring|small"
    r"|little)\b\s{0,12}[:=]?\s{0,12}"
    r"((?:[-–+]\s?)?\d{1,3}\s?/\s?(?:[-–+]\s?)?\d{2,3})(?![\d/]|\.\d|\s?(?:lbs?|pounds|%))",
    re.IGNORECASE,
)
# "C-spine AROM: F 35, E 40, RR 60, LSB 20".
INITIALS = re.compile(
    r"(?<![\w./])(?:[RL]?(?:F|E|R|SB|LF|SF|Rot|rot)|SB[RL]|Rot[RL])\s?:?\s?(\d{1,3})(?![\d/+%]|\.\d"
    r"|\s?-\s?\d|\s{0,12}(?:lbs?|out))"
)
# "left 38" or "35 L" in a row of movements.
SIDE_FIRST = re.compile(
    r"\b(?:left|right|[RLB]|lt|rt)\b\s{0,3}[:=]?\s{0,3}(-?\d{1,3})(?![\d/+%#*°]|[.:,]\d|\s?-\s?\d"
    r"|\s{0,12}(?:lbs?|pounds|kg|secs?|seconds"
    r"|degrees?|deg|cm|inches|in\b|reps|x\b|mm|out of|to \d|feet|ft|weeks?|days?|months?|years?|psi|ml))",
    re.IGNORECASE,
)
SIDE_PERCENT = re.compile(r"\b(?:left|right|[RL])\b\s{0,3}[:=]?\s{0,3}(\d{1,3}\s?%)", re.IGNORECASE)
VERSUS = re.compile(
    r"\b(?:versus|vs\.?|compared (?:to|with))\s{1,12}(\d{1,3})(?![\d/+%.]\d|[\d/+%]|\s{0,12}(?:degrees?|deg"
    r"|°|lbs?|pounds|kg|sec))",
    re.IGNORECASE,
)
SIDE_LAST = re.compile(
    r"(?<![\w./+%#\-])(-?\d{1,3})\s{1,3}\(?(?:[RLB]|left|right|bilaterally|bilat)\b(?!\s{1,12}(?:hand|knee"
    r"|hip|LE|UE|shoulder|leg|arm))"
)


def numbers_in(text: str, layout: Layout) -> Iterator[tuple[Span, Label]]:
    """Every rating, range and grade, the surer patterns first."""
    yield from _pains(text, layout)
    yield from _strengths(text, layout)
    yield from _ranges(text, layout)


def _sentence(
    text: str, layout: Layout, offset: int, *, before: int = 160, after: int = 80
) -> tuple[str, str]:
    """What stands before and after an offset in its sentence, bounded."""
    start, end = layout.sentence_at(offset)
    return text[max(start, offset - before) : offset], text[offset : min(end, offset + after)]


def _pains(text: str, layout: Layout) -> Iterator[tuple[Span, Label]]:
    for found in PAIN.finditer(text):
        before, after = _sentence(text, layout, found.start(), before=70, after=30)
        elsewhere = PAIN_ELSEWHERE.search(before) or PAIN_ELSEWHERE.search(after)
        if DATED.search(before):
            continue
        if not elsewhere or "pain" in before.lower():
            yield from _apart(found, before)
    for pattern in (BARE_PAIN, ON_A_SCALE):
        for found in pattern.finditer(text):
            before, _ = _sentence(text, layout, found.start(1))
            if pattern is BARE_PAIN or re.search(
                r"\b(?:pain|discomfort|ache|soreness)", before, re.IGNORECASE
            ):
                yield Span(found.start(1), found.end(1)), Label.PAIN_LEVEL


def _apart(found: re.Match[str], before: str) -> Iterator[tuple[Span, Label]]:
    """ "From 7/10 to 3/10" and "6/10 to 7/10" are two ratings, "6 to 7/10" is one."""
    two = TWO_RATINGS.fullmatch(found.group())
    if two is None or not (
        all(OVER_TEN.search(two.group(group)) for group in (1, 2))
        or re.search(r"\bfrom\W*(?:an?\W+)?$", before, re.IGNORECASE)
    ):
        yield Span(found.start(), found.end()), Label.PAIN_LEVEL
        return
    for group in (1, 2):
        yield Span(found.start() + two.start(group), found.start() + two.end(group)), Label.PAIN_LEVEL


def _strengths(text: str, layout: Layout) -> Iterator[tuple[Span, Label]]:
    for found in STRENGTH.finditer(text):
        before, _ = _sentence(text, layout, found.start(), before=60)
        if not NOT_STRENGTH.search(before):
            yield _trimmed(text, found.start(), found.end()), Label.STRENGTH
    for found in BARE_STRENGTH.finditer(text):
        before, _ = _sentence(text, layout, found.start())
        inside = layout.section_at(found.start()).kind is SectionKind.STRENGTH or STRENGTH_WORDS.search(
            before
        )
        if inside and not NOT_STRENGTH.search(before[-60:]):
            yield Span(found.start(), found.end()), Label.STRENGTH


def _ranges(text: str, layout: Layout) -> Iterator[tuple[Span, Label]]:
    for found in ROM.finditer(text):
        before, after = _sentence(text, layout, found.start(), before=50, after=45)
        secondary = SECONDARY.match(text, found.start()) is not None
        if not secondary and not NOT_ROM.search(before) and not NOT_ROM_AFTER.search(after):
            yield _trimmed(text, found.start(), found.end()), Label.ROM
    for found in FLOOR_DISTANCE.finditer(text):
        before, after = _sentence(text, layout, found.start())
        if FLOOR.search(before) or FLOOR.search(after):
            yield Span(found.start(), found.end()), Label.ROM
    for found in BARE_ROM.finditer(text):
        before, _ = _sentence(text, layout, found.start())
        if _about_range(before, layout, found.start()):
            yield _trimmed(text, found.start(), found.end()), Label.ROM
    for found in AFTER_MOTION.finditer(text):
        if layout.section_at(found.start(1)).kind is not SectionKind.STRENGTH:
            yield _trimmed(text, found.start(1), found.end(1)), Label.ROM
    for found in JAW.finditer(text):
        yield from (
            (Span(found.start(group), found.end(group)), Label.ROM) for group in (1, 2) if found.group(group)
        )
    for found in NEUTRAL_ZERO.finditer(text):
        yield Span(found.start(), found.end()), Label.ROM
    for found in FINGER_JOINT.finditer(text):
        yield Span(found.start(1), found.end(1)), Label.ROM
    for found in HAND_ROM.finditer(text):
        before, _ = _sentence(text, layout, found.start(1))
        if _about_range(before, layout, found.start(1)):
            yield Span(found.start(1), found.end(1)), Label.ROM
    yield from _sided_ranges(text, layout)
    for found in INITIALS.finditer(text):
        before, _ = _sentence(text, layout, found.start())
        if ROM_WORDS.search(before):
            yield Span(found.start(1), found.end(1)), Label.ROM
    for found in SECOND_SIDE.finditer(text):
        before, _ = _sentence(text, layout, found.start(1))
        if _about_range(before, layout, found.start(1)):
            yield Span(found.start(1), found.end(1)), Label.ROM
    for found in PERCENT_ROM.finditer(text):
        group = 1 if found.group(1) else 2
        yield Span(found.start(group), found.end(group)), Label.ROM


def _sided_ranges(text: str, layout: Layout) -> Iterator[tuple[Span, Label]]:
    for pattern in (SIDE_FIRST, SIDE_LAST, SIDE_PERCENT, VERSUS):
        for found in pattern.finditer(text):
            before, _ = _sentence(text, layout, found.start())
            moved = MOTION_WORD.search(before[-60:]) is not None
            section = layout.section_at(found.start()).kind
            if moved and section is not SectionKind.STRENGTH and _about_range(before, layout, found.start(1)):
                yield Span(found.start(1), found.end(1)), Label.ROM


def _about_range(before: str, layout: Layout, offset: int) -> bool:
    near = before[-90:]
    if "pain" in before[-25:].lower() or STRENGTH_WORDS.search(near):
        return False
    if ROM_WORDS.search(near) or MOTION_WORD.search(near):
        return True
    return layout.section_at(offset).kind is SectionKind.MOTION


def _trimmed(text: str, start: int, end: int) -> Span:
    """Without blanks, or a full stop after "deg", at the ends."""
    while end > start + 1 and text[end - 1] in " \t\r\n.\u00a0":
        end -= 1
    while start < end - 1 and text[start].isspace():
        start += 1
    return Span(start, end)
