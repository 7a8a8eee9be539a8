"""One invented patient: what is wrong where, and the words that fill the frames of this patient's note."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal

from notes.clini_note_extractor.training.generator import values
from notes.clini_note_extractor.training.generator.frames import parse_frame
from notes.clini_note_extractor.training.generator.names import Name, Pools
from notes.clini_note_extractor.training.generator.pieces import Piece, Pieces, plain
from notes.clini_note_extractor.training.generator.plain_words import WORDS_OF
from notes.clini_note_extractor.types import Assertion, Label

REGIONS = ("knee", "hip", "shoulder", "elbow", "wrist", "ankle", "neck", "back")
MIDLINE = frozenset({"neck", "back"})
Side = Literal["left", "right", "bilateral"]
# Terse notes say L and R; a letter of its own is a side only beside a region.
SHORT: dict[Side, tuple[str, ...]] = {
    "left": ("L", "L", "Lt", "lt", "(L)", "(L)", "left"),
    "right": ("R", "R", "Rt", "rt", "(R)", "(R)", "right"),
    "bilateral": ("B", "bilat", "B/L", "(B)", "bilateral", "bilat."),
}
PLURALS = frozenset(
    {"knee", "hip", "shoulder", "elbow", "wrist", "hand", "ankle", "heel", "thumb", "forearm"}
)
# Of "hip flexors" only the joint is a region; directions before a region are none.
MUSCLES_OF = re.compile(
    r"(?i)(hip|knee|elbow|wrist|ankle|shoulder|neck|cervical|trunk|back|finger|digit)"
    r"( (?:(?:external |internal )?rotators?|flexors?|extensors?|abductors?|adductors?|evertors?|invertors?"
    r"|dorsiflexors|plantar ?flexors|stabilizers))"
)
# Words that a site or a side before them makes no sense with.
SEVERITY = ("mild", "moderate", "severe", "early", "advanced", "mild to moderate")
DEFINITE = ("acute", "chronic", "recurrent", "degenerative", "post-traumatic", "traumatic", "old", "subacute")


@dataclass(slots=True)
class Case:
    """The patient of one note; fills places in frames, and remembers which names it used."""

    rng: random.Random
    pools: Pools
    is_terse: bool = False
    sex: str = "f"
    region: str = "knee"
    side: Side = "left"
    measure: Name | None = None
    is_promised: bool = False
    motion_top: int = 90
    names: set[str] = field(default_factory=set)

    @classmethod
    def drawn(cls, rng: random.Random, pools: Pools) -> Case:
        """A patient at random."""
        side: Side = rng.choice(("left", "right") * 5 + ("bilateral",))
        return cls(rng, pools, rng.random() < 0.3, rng.choice("fm"), rng.choice(REGIONS), side)

    def fill(self, name: str, argument: str) -> Pieces:
        """The words of a place. Raises KeyError where no such place is known."""
        method = FILLS.get(name)
        if method is not None:
            return method(self, argument)
        if name in WORDS_OF:
            return [plain(WORDS_OF[name](self, argument))]
        return list(_parsed(self.word(name)))

    def word(self, pool: str) -> str:
        """A wording that names nothing."""
        return self.pools.pick(self.rng, pool).words

    def name(self, pool: str) -> Name:
        """A name, remembered unless every writer uses it."""
        found = self.pools.pick(self.rng, pool)
        if not found.is_common:
            self.names.add(found.words)
        return found

    def side_word(self) -> str:
        """The side as this note's writer says it."""
        if self.is_terse and self.rng.random() < 0.6:
            return self.rng.choice(SHORT[self.side])
        return self.side

    def other_side(self) -> Side:
        """The side that is not affected."""
        return "right" if self.side == "left" else "left"


@lru_cache(maxsize=2048)
def _parsed(words: str) -> tuple[Piece, ...]:
    """A wording of a pool, which may hold marked regions."""
    return tuple(part for part in parse_frame(words) if isinstance(part, Piece))


def _side(case: Case, argument: str) -> Pieces:
    if argument == "other":
        return [Piece(case.other_side(), Label.LATERALITY)]
    if argument == "both":
        return [Piece(case.rng.choice(("bilateral", "bilateral", "B", "bilat")), Label.LATERALITY)]
    if argument == "ly":
        return [Piece(case.rng.choice(("bilaterally", "bilaterally", "bilat", "B")), Label.LATERALITY)]
    if argument in {"left", "right"}:
        return [Piece(argument, Label.LATERALITY)]
    if argument == "one" and case.side == "bilateral":
        return [Piece(case.rng.choice(("left", "right")), Label.LATERALITY)]
    return _bracketed(case.side_word(), Label.LATERALITY)


def _bracketed(word: str, label: Label) -> Pieces:
    """Brackets stand outside of a mention: (L)."""
    if word.startswith("("):
        return [plain("("), Piece(word.strip("()"), label), plain(")")]
    return [Piece(word, label)]


def _region(case: Case, argument: str) -> Pieces:
    """The complaint's region, or any other: argument "any", "muscle", "adj" or a region's key."""
    if argument == "any":
        pool = case.rng.choice(("site", "site", "vocabulary_region"))
    elif argument == "muscle":
        pool = f"{case.region}.muscle"
    elif argument == "adj":
        pool = "adjective"
    else:
        pool = f"{argument or case.region}.region"
    words = case.name(pool).words
    if case.side == "bilateral" and argument == "" and case.rng.random() < 0.5 and words in PLURALS:
        words += "s"
    group = MUSCLES_OF.fullmatch(words)
    if group:
        return [Piece(group[1], Label.BODY_REGION), plain(group[2])]
    return [Piece(words, Label.BODY_REGION)]


def _sided_region(case: Case, argument: str) -> Pieces:
    """Side and region in one of their orders; the midline often goes without a side."""
    region = _region(case, argument)
    if case.region in MIDLINE and argument == "" and case.rng.random() < 0.6:
        return region
    if case.is_terse and case.rng.random() < 0.2:
        return [*region, plain(" "), *_side(case, "")]
    return [*_side(case, ""), plain(" "), *region]


def _joint(case: Case, _argument: str) -> Pieces:
    """The joint as it stands before a motion: knee, cervical."""
    spoken = {"neck": ("cervical", "neck", "cervical spine"), "back": ("lumbar", "trunk", "lumbar spine")}
    words = case.rng.choice(spoken.get(case.region, (case.region,)))
    return [Piece(words, Label.BODY_REGION)]


def _motion(case: Case, _argument: str) -> Pieces:
    words, _, top = case.pools.pick(case.rng, f"{case.region}.motion").words.partition("=")
    case.motion_top = int(top)
    return list(_parsed(words))


def _said(argument: str) -> Assertion:
    return Assertion(argument) if argument else Assertion.PRESENT


def _diagnosis(case: Case, argument: str) -> Pieces:
    """The complaint's diagnosis: of the region, with its side, or of another kind."""
    draw = case.rng.random()
    if draw < 0.5:
        words = _regional_diagnosis(case)
    elif draw < 0.62:
        words = _coded_diagnosis(case)
    elif draw < 0.85:
        words = case.name("dx").words
    else:
        words = case.name("vocabulary_diagnosis").words
    return [Piece(_graded(case, words), Label.DIAGNOSIS, _said(argument))]


def _graded(case: Case, words: str) -> str:
    """Now and then with its severity, which belongs to the name."""
    if case.rng.random() < 0.06 and words[:1].islower():
        return f"{case.rng.choice(SEVERITY)} {words}"
    return words


def _regional_diagnosis(case: Case) -> str:
    midline = case.region in MIDLINE
    words = case.name(f"{case.region}.{'mid' if midline else 'dx'}").words
    if case.rng.random() < 0.12 and words.split()[0].lower() not in DEFINITE:
        words = f"{case.rng.choice(DEFINITE)} {words}"
    if midline or case.rng.random() < 0.2:
        return words
    side = case.side_word().strip("()").rstrip(".")
    if case.region in words and words.startswith(case.region) and case.rng.random() < 0.15:
        what = words.removeprefix(case.region).strip()
        return case.rng.choice((f"{what} of the {side} {case.region}", f"{what} {side} {case.region}"))
    return f"{side} {words}"


def _coded_diagnosis(case: Case) -> str:
    """As in a list with codes: "Trochanteric bursitis, right hip"."""
    side = case.side if case.side != "bilateral" else "left"
    words = case.name("coded_conditions").words.replace("%", side)
    if case.rng.random() < 0.6:
        what, _, site = words.partition(", ")
        words = f"{site} {what[0].lower()}{what[1:]}" if "(" not in site else words
    return words


def _surgery(case: Case, argument: str) -> Pieces:
    """The operation behind the complaint, with its side."""
    draw = case.rng.random()
    if draw < 0.7:
        words = case.name(f"{case.region}.surgery").words
        if case.region not in MIDLINE and case.rng.random() < 0.8:
            words = f"{case.side_word().strip('()').rstrip('.')} {words}"
    else:
        words = case.name("nsurgery" if draw < 0.9 else "vocabulary_surgery").words
    return [Piece(words, Label.SURGERY, _said(argument))]


def _old_surgery(case: Case, argument: str) -> Pieces:
    pool = case.rng.choice(("oldsurgery", "oldsurgery", "oldsurgery", "vocabulary_surgery"))
    return [Piece(case.name(pool).words, Label.SURGERY, _said(argument or "historical"))]


def _condition(case: Case, argument: str) -> Pieces:
    """A disease of general medicine."""
    pool = case.rng.choice(
        ("cond", "cond", "cond", "cond", "conditions", "conditions", "vocabulary_diagnosis")
    )
    return [Piece(case.name(pool).words, Label.DIAGNOSIS, _said(argument))]


def _treatment(case: Case, argument: str) -> Pieces:
    """An intervention; argument "ex", "modality", or an assertion, or both with a dash."""
    kind, _, said = argument.partition("-")
    if kind in {"ex", "modality", "manual"}:
        pool = kind
    else:
        pool, said = case.rng.choice(("tx", "tx", "tx", "tx", "ex", "vocabulary_intervention")), said or kind
    return [Piece(case.name(pool).words, Label.INTERVENTION, _said(said))]


def _measure(case: Case, argument: str) -> Pieces:
    """An instrument; the next score is one of its own. Argument: the unit wanted."""
    if case.measure is None or not case.is_promised:
        case.measure = _drawn_measure(case, argument)
    case.is_promised = False
    return [Piece(case.measure.words, Label.OUTCOME_MEASURE)]


def _drawn_measure(case: Case, unit: str) -> Name:
    found = Name("LEFS", "points", is_common=True)
    for _ in range(60):
        drawn = case.pools.pick(case.rng, "vocabulary_measure")
        if (unit in drawn.unit.split(",")) if unit else drawn.unit != "rating":
            found = drawn
            break
    if not found.is_common:
        case.names.add(found.words)
    return found


def _score(case: Case, argument: str) -> Pieces:
    """A score of the instrument named before it in the sentence, or else of the one that follows."""
    if case.measure is None:
        case.measure, case.is_promised = _drawn_measure(case, argument), True
    unit = argument or case.measure.unit
    label = Label.PAIN_LEVEL if unit == "rating" else Label.OUTCOME_SCORE
    return [Piece(values.score(case.rng, case.measure.words, unit), label)]


def _several(case: Case, argument: str) -> Pieces:
    """A list of a kind: "conds/negated", "txs", "exs"; with commas, "and", "or", or each on its line."""
    kind, _, said = argument.partition("/")
    fill: Fill = {"conds": _condition, "surgeries": _old_surgery, "txs": _treatment, "dxs": _diagnosis}.get(
        kind, _treatment
    )
    inner = f"{kind}-{said}" if kind in {"ex", "modality"} else said
    count = case.rng.choice((2, 2, 3, 3, 3, 4, 4, 5, 6))
    made: list[Pieces] = []
    while len(made) < count:
        made.append(fill(case, inner))
    return joined(case.rng, made, last="or" if said == "negated" else "and")


def joined(rng: random.Random, parts: list[Pieces], *, last: str) -> Pieces:
    """Parts as a list within a sentence."""
    between = rng.choice((", ", ", ", ", ", ", ", "; ", " / " if last == "and" else ", "))
    end = rng.choice((f" {last} ", f", {last} ", f" {last} ", between))
    made: Pieces = []
    for index, part in enumerate(parts):
        if index:
            made.append(plain(end if index == len(parts) - 1 else between))
        made += part
    return made


def _value(maker: Callable[[random.Random], str], label: Label) -> Fill:
    def fill(case: Case, _argument: str) -> Pieces:
        return [Piece(maker(case.rng), label)]

    return fill


def _range(case: Case, argument: str) -> Pieces:
    maker = values.bare_angle if argument == "bare" else values.angle
    return [Piece(maker(case.rng, case.motion_top), Label.ROM)]


Fill = Callable[[Case, str], Pieces]
FILLS: dict[str, Fill] = {
    "side": _side, "region": _region, "sr": _sided_region, "joint": _joint, "motion": _motion,
    "dx": _diagnosis, "surg": _surgery, "oldsurg": _old_surgery, "cond": _condition, "tx": _treatment,
    "measure": _measure, "score": _score, "list": _several, "rom": _range,
    "pain": _value(values.pain, Label.PAIN_LEVEL), "barepain": _value(values.bare_pain, Label.PAIN_LEVEL),
    "grade": _value(values.grade, Label.STRENGTH), "baregrade": _value(values.bare_grade, Label.STRENGTH),
    "floor": _value(values.fingertip_distance, Label.ROM),
}  # fmt: skip
