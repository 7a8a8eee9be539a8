"""Which region, side and movement a value belongs to, within its sentence.

Notes name first and measure then ("left knee flexion 105") or the other way round ("5/5 on the right"), row
after row. So each value looks at the words since the value before it and at the words right behind it; what
it does not find it takes over from its neighbours. No annotated links of real notes were at hand: see the
development figure in the docs.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from notes.clini_note_extractor.types import Entity, Label, Span

# Between a value and what is said of it right behind it; no comma, for behind a comma the next row begins.
JOINS = re.compile(
    r"[\s(]*(?:(?:strength|pain|motion|(?:extension|extensor|quad) lag|grossly|only|throughout|both"
    r"|degrees?|rating|of \w+)\s{1,12}){0,3}"
    r"(?:(?:on|in|for|of|at|to|throughout|over|with)\s{1,12})?(?:(?:the|his|her|their|both|all)\s{1,12})*",
    re.IGNORECASE,
)
NEXT_VALUE = re.compile(r"\s*[:=]?\s*[-–+]?\s*\d")
MOTION = re.compile(
    r"(?:\b(?P<bend>dorsi|plantar|lateral |side |forward |horizontal |palmar )?-?\s?(?P<flex>flexion"
    r"|flexors?|flexes|flex|extension"
    r"|extensors?|ext|bending|bend)\b"
    r"|\b(?:horizontal )?(?:abduction|abductors?|abd|adduction|adductors?|add)\b"
    r"|\b(?:internal|external|int|ext|medial|lateral)\.? (?:rotation|rotators?|rot)\b"
    r"|\b(?:dorsiflexors?|plantarflexors?|rotation|rot|supination|sup|pronation|pron|inversion|eversion"
    r"|elevation|scaption"
    r"|opposition|ER|IR|DF|PF|SB|sidebend\w*)\b"
    r"|\b(?:radial|ulnar) deviation\b|\bstraight[ -]leg[ -]rais\w+|\bSLR\b)",
    re.IGNORECASE,
)
NAMES = {
    "flex": "flexion", "flexor": "flexion", "flexors": "flexion", "flexes": "flexion", "ext": "extension",
    "extensor": "extension", "extensors": "extension", "abd": "abduction", "abductor": "abduction",
    "abductors": "abduction", "add": "adduction", "adductor": "adduction", "adductors": "adduction",
    "er": "external rotation", "ir": "internal rotation", "df": "dorsiflexion", "pf": "plantarflexion",
    "sb": "side bending", "rot": "rotation", "sup": "supination", "pron": "pronation", "bend": "bending",
    "dorsiflexors": "dorsiflexion", "dorsiflexor": "dorsiflexion", "plantarflexors": "plantarflexion",
    "plantarflexor": "plantarflexion", "plantar flexors": "plantarflexion", "dorsi flexion": "dorsiflexion",
    "plantar flexion": "plantarflexion", "side bend": "side bending", "lateral bending": "side bending",
    "lateral flexion": "side bending", "sidebending": "side bending", "sidebend": "side bending",
    "int rotation": "internal rotation", "ext rotation": "external rotation", "int rot": "internal rotation",
    "ext rot": "external rotation", "internal rotators": "internal rotation", "slr": "straight leg raise",
    "external rotators": "external rotation", "medial rotation": "internal rotation",
    "lateral rotation": "external rotation",
}  # fmt: skip
MOTION_BEHIND = re.compile(r"\s{0,12}(?:of\s{1,12})?(?:active\s{1,12}|passive\s{1,12})?", re.IGNORECASE)
SIDED_LIMB = re.compile(r"([RLB])[UL]E(?:s|'s)?$")
LIMB_SIDES = {"R": "right", "L": "left", "B": "bilateral"}
BOTH = re.compile(r"\bboth\s{1,12}(?:\w+\s{1,12})?$", re.IGNORECASE)


@dataclass(slots=True)
class Attached:
    """What one value is said of; `behind` tells which were found right behind the value."""

    value: Entity
    region: Entity | None = None
    side: Entity | None = None
    side_name: str = ""
    motion: str = ""
    behind: set[str] = field(default_factory=set)


def attached(
    text: str, values: Sequence[Entity], entities: Sequence[Entity], *, begin: int, end: int
) -> list[Attached]:
    """For each value of a sentence (begin and end are its offsets) what it belongs to, in reading order."""
    found: list[Attached] = []
    for number, value in enumerate(values):
        start = values[number - 1].end if number else begin
        stop = values[number + 1].start if number + 1 < len(values) else end
        one = Attached(value)
        _look_behind(text, one, [other for other in entities if value.end <= other.start < stop], stop)
        taken = {id(other) for last in found[-1:] if last.behind for other in (last.region, last.side)}
        since = [other for other in entities if start <= other.start < value.start and id(other) not in taken]
        _look_back(text, one, since, start, previous=found[-1] if found else None)
        if found:
            _take_over(one, found[-1], fresh=bool(since))
        found.append(one)
    _spread_back(found)
    return found


def motion_in(text: str, cell: Span) -> str:
    """The movement that a stretch of the text names first, or nothing."""
    found = MOTION.search(text, cell.start, cell.end)
    return _named(found) if found else ""


def _look_behind(text: str, one: Attached, following: Sequence[Entity], stop: int) -> None:
    at = one.value.end
    for other in following:
        joined = JOINS.fullmatch(text, at, other.start)
        if joined is None or NEXT_VALUE.match(text, other.end, min(stop + 1, len(text))):
            break
        if other.label is Label.LATERALITY and one.side is None:
            one.side = other
            one.behind.add("side")
        elif other.label is Label.BODY_REGION and one.region is None:
            one.region = other
            one.behind.add("region")
        else:
            break
        at = other.end
    start = MOTION_BEHIND.match(text, one.value.end)
    motion = MOTION.match(text, start.end(), stop) if start else None
    if motion is not None and not NEXT_VALUE.match(text, motion.end()):
        one.motion = _named(motion)
        one.behind.add("motion")


def _look_back(
    text: str, one: Attached, since: Sequence[Entity], start: int, *, previous: Attached | None
) -> None:
    regions = [other for other in since if other.label is Label.BODY_REGION]
    sides = [other for other in since if other.label is Label.LATERALITY]
    if regions and "region" not in one.behind:
        one.region = regions[-1]
    if sides and "side" not in one.behind:
        one.side = sides[-1]
    if one.side is None and one.region is not None:
        one.side_name = _side_within(text, one.region)
    if "motion" not in one.behind:
        motions = [
            found
            for found in MOTION.finditer(text, start, one.value.start)
            if not any(other.start <= found.start() < other.end for other in regions)
        ]
        if previous is not None and "motion" in previous.behind:
            motions = motions[1:]
        if previous is not None and "region" in previous.behind and "region" in one.behind:
            motions = []
        one.motion = _named(motions[-1]) if motions else ""


def _side_within(text: str, region: Entity) -> str:
    limb = SIDED_LIMB.match(text[region.start : region.end])
    if limb is not None:
        return LIMB_SIDES[limb.group(1)]
    return "bilateral" if BOTH.search(text, max(0, region.start - 24), region.start) else ""


def _take_over(one: Attached, previous: Attached, *, fresh: bool) -> None:
    """What the row before says holds on until it is named anew."""
    same_region = one.region is None
    if one.region is None:
        one.region = previous.region
    if one.side is None and not one.side_name and "side" not in previous.behind:
        one.side, one.side_name = previous.side, previous.side_name
    if not one.motion and same_region and (not fresh or one.side is not None):
        one.motion = previous.motion


def _spread_back(found: Sequence[Attached]) -> None:
    """ "4/5 and 5/5 bilaterally", "40 of flexion and 10 of extension in the lumbar spine": said of all
    before."""
    for one, later in reversed(list(pairwise(found))):
        if one.region is None and "region" in later.behind:
            one.region = later.region
            one.behind.add("region")
        nothing_said = one.side is None and not one.side_name
        if nothing_said and "side" in later.behind and one.region in {None, later.region}:
            one.side = later.side
            one.behind.add("side")


def _named(found: re.Match[str]) -> str:
    words = " ".join(found.group().lower().replace(".", "").replace("-", " ").split())
    if words.startswith("straight leg"):
        return "straight leg raise"
    return NAMES.get(words, words)
