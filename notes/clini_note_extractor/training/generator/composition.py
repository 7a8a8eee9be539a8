"""Whole notes from frames: which sections a kind of note has, in which layout they stand."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from notes.clini_note_extractor.training.generator import noise
from notes.clini_note_extractor.training.generator.case import Case
from notes.clini_note_extractor.training.generator.frames import Frame
from notes.clini_note_extractor.training.generator.pieces import Pieces, plain, with_articles

Groups = Mapping[str, tuple[Frame, ...]]
Marker = Callable[[int], str]


@dataclass(frozen=True, slots=True)
class Section:
    """A section: its heading's group, the groups its sentences come from, how many, how often it is there."""

    heading: str
    groups: tuple[str, ...]
    fewest: int
    most: int
    chance: float = 1.0


def _section(heading: str, groups: str, fewest: int, most: int, chance: float = 1.0) -> Section:
    return Section(heading, tuple(groups.split()), fewest, most, chance)


DXLINE = _section("dxline", "dxline", 1, 2, 0.7)
HPI = _section("hpi", "hpi", 3, 8)
PMH = _section("pmh", "pmh", 1, 3, 0.8)
PSH = _section("psh", "psh", 1, 2, 0.6)
FH = _section("fh", "fh", 1, 2, 0.5)
SH = _section("sh", "sh", 1, 3, 0.6)
MEDS = _section("meds", "meds", 1, 1, 0.5)
ALLERGIES = _section("allergies", "allergies", 1, 1, 0.3)
ROS = _section("ros", "ros", 1, 3, 0.5)
PAIN = _section("pain", "painstate", 1, 3, 0.7)
ROM = _section("rom", "rom", 1, 5, 0.85)
STRENGTH = _section("strength", "strength", 1, 4, 0.8)
NEURO = _section("neuro", "neuro", 1, 3, 0.5)
OUTCOME = _section("outcome", "outcome balance", 1, 3, 0.6)
GAIT = _section("gait", "gait", 1, 3, 0.6)
FUNCTION = _section("function", "function", 1, 4, 0.6)
TREATMENT = _section("treatment", "treatment", 1, 5, 0.8)
ASSESSMENT = _section("assessment", "assessment", 1, 4)
STG = _section("stg", "stg", 2, 5, 0.7)
LTG = _section("ltg", "ltg", 1, 4, 0.6)
PLAN = _section("plan", "plan", 1, 5)
EXAM = _section("exam", "general observation palpation rom strength neuro special gait", 3, 9)
IMAGING = _section("imaging", "imaging", 1, 3, 0.6)
KINDS: dict[str, tuple[Section, ...]] = {
    "evaluation": (
        DXLINE, _section("cc", "cc", 1, 1, 0.4), HPI, PMH, PSH, MEDS, ALLERGIES, SH, PAIN,
        _section("goalspt", "goalspt", 1, 1, 0.4), _section("exam", "observation general", 1, 2, 0.5),
        _section("palpation", "palpation", 1, 2, 0.4), ROM, STRENGTH, NEURO,
        _section("special", "special", 1, 2, 0.4), GAIT, OUTCOME, FUNCTION, TREATMENT, ASSESSMENT,
        _section("problems", "problems", 1, 1, 0.4), STG, LTG, PLAN,
        _section("prognosis", "prognosis", 1, 1, 0.4),
    ),
    "daily": (
        _section("hpi", "painstate hpi cc", 1, 3), _section("exam",
        "rom strength gait observation function", 1, 4),
        _section("treatment", "treatment", 2, 6), _section("response", "response", 1, 2, 0.6),
        _section("assessment", "assessment response", 1, 2), _section("education", "education", 1, 2, 0.4),
        PLAN,
    ),
    "consultation": (
        _section("cc", "cc", 1, 1, 0.5), HPI, PAIN, PMH, PSH, MEDS, ALLERGIES, FH, SH, ROS,
        _section("vitals", "vitals", 1, 1, 0.5), EXAM, IMAGING, _section("emg", "emg", 1, 3, 0.2),
        ASSESSMENT, PLAN,
    ),
    "discharge": (
        DXLINE, _section("discharge", "discharge", 2, 5), PMH, PSH, _section("hpi", "hpi", 1, 4, 0.6),
        MEDS, FUNCTION,
        OUTCOME, ROM, STRENGTH, GAIT, _section("cognition", "cognition", 1, 2, 0.3),
        _section("swallow", "swallow", 1, 2, 0.25), _section("precautions", "precautions", 1, 2, 0.4), PLAN,
    ),
    "inpatient": (
        DXLINE, HPI, PMH, PSH, MEDS, SH, _section("precautions", "precautions", 1, 2, 0.6), ROS,
        _section("vitals", "vitals", 1, 1, 0.4), EXAM, FUNCTION, OUTCOME, _section("cognition",
        "cognition", 1, 2, 0.5),
        _section("swallow", "swallow", 1, 2, 0.4), _section("wound", "wound", 1, 2, 0.3), ASSESSMENT, STG,
        PLAN,
    ),
    "child": (
        DXLINE, _section("peds", "peds", 2, 5), PMH, PSH, _section("exam", "observation rom strength", 1,
        4), OUTCOME,
        TREATMENT, ASSESSMENT, STG, LTG, PLAN,
    ),
    "follow_up": (
        _section("hpi", "hpi painstate", 2, 5), _section("exam", "rom strength palpation special neuro", 2,
        5), IMAGING,
        ASSESSMENT, PLAN,
    ),
    "studies": (_section("hpi", "hpi", 1, 3), _section("emg", "emg", 3, 7), ASSESSMENT, PLAN),
    "goals": (_section("problems", "problems", 1, 2), STG, LTG, PLAN, _section("prognosis", "prognosis", 1,
    1)),
    "wound": (DXLINE, PMH, _section("wound", "wound", 2, 5), TREATMENT, ASSESSMENT, PLAN),
    "fragment": (
        _section("hpi", "hpi pmh painstate assessment", 2, 6, 0.6), _section("exam",
        "rom strength outcome gait", 2, 6, 0.6),
        _section("plan", "plan treatment stg ltg education", 2, 7, 0.6), PMH,
    ),
}  # fmt: skip
WEIGHTS = {"evaluation": 24, "daily": 14, "consultation": 20, "discharge": 9, "inpatient": 9, "child": 5,
           "follow_up": 8, "studies": 3, "goals": 5, "wound": 2, "fragment": 10}  # fmt: skip
LAYOUTS = ("blocks", "blocks", "inline", "inline", "inline", "export", "export", "paragraphs", "bullets",
    "numbers",
           "tabs", "lines")  # fmt: skip


def composed(case: Case, groups: Groups, headings: Groups) -> tuple[Pieces, set[str]]:
    """A note's pieces and the words of the frames it was made of."""
    rng = case.rng
    kind = rng.choices(list(WEIGHTS), list(WEIGHTS.values()))[0]
    layout = rng.choice(LAYOUTS)
    style = HeadingStyle.drawn(rng)
    used: set[str] = set()
    made: Pieces = []
    for section in KINDS[kind]:
        if rng.random() < section.chance:
            sentences = _sentences(case, groups, section, used)
            if sentences:
                heading = [] if layout == "paragraphs" else _heading(case, headings, section, style)
                made += _laid_out(rng, heading, sentences, layout)
    return (noise.exported(made) if layout == "export" else made), used


@dataclass(frozen=True, slots=True)
class HeadingStyle:
    """How one writer sets headings."""

    case: str
    end: str

    @classmethod
    def drawn(cls, rng: random.Random) -> HeadingStyle:
        """A style at random."""
        return cls(
            rng.choice(("upper", "upper", "title", "title", "as_is", "lower")),
            rng.choice((":", ":", ":", ":", "", " -", ".")),
        )

    def of(self, text: str) -> str:
        """Text in this style's case."""
        return {"upper": text.upper(), "title": text, "as_is": text, "lower": text.lower()}[self.case]


def _sentences(case: Case, groups: Groups, section: Section, used: set[str]) -> list[Pieces]:
    wanted = case.rng.randint(section.fewest, section.most)
    pool = [frame for group in section.groups for frame in groups.get(group, ())]
    drawn = case.rng.sample(pool, min(wanted, len(pool)))
    made = []
    for frame in drawn:
        used.add(frame.words)
        case.measure = None
        made.append(_capitalised(with_articles(frame.filled(case.fill, case.rng))))
    return made


def _capitalised(sentence: Pieces) -> Pieces:
    if sentence and sentence[0].text[:1].islower():
        first = sentence[0]
        return [first.saying(first.text[0].upper() + first.text[1:]), *sentence[1:]]
    return sentence


def _heading(case: Case, headings: Groups, section: Section, style: HeadingStyle) -> Pieces:
    frame = case.rng.choice(headings[f"heading.{section.heading}"])
    made = frame.filled(case.fill, case.rng)
    return [*[one.saying(style.of(one.text)) for one in made], plain(style.end)]


def _laid_out(rng: random.Random, heading: Pieces, sentences: list[Pieces], layout: str) -> Pieces:
    gap = rng.choice((" ", "  ", "  "))
    if layout == "bullets":
        mark = rng.choice(("- ", "• ", "* ", "-"))
        return [*heading, plain("\n"), *_each(sentences, lambda _: mark, "\n"), plain("\n")]
    if layout == "numbers" and len(sentences) > 1:
        dot = rng.choice((".  ", ". ", ") ", ".\t"))
        return [*heading, plain("\n"), *_each(sentences, lambda at: f"{at}{dot}", "\n")]
    if layout == "tabs":
        return [*heading, plain("\t"), *_each(sentences, lambda _: "", "\n\t")]
    if layout == "lines":
        return [*heading, plain("\n" if heading else ""), *_each(sentences, lambda _: "", "\n")]
    if layout == "export":
        between = rng.choice(("  \n", " \n ", "\n  ", "  ", " \n"))
        return [*heading, plain(between), *_each(sentences, lambda _: "", gap, end="\n")]
    if layout == "blocks":
        return [*heading, plain("\n"), *_each(sentences, lambda _: "", gap, end="\n\n")]
    return [*heading, plain(" " if heading else ""), *_each(sentences, lambda _: "", gap, end="\n")]


def _each(sentences: list[Pieces], mark: Marker, gap: str, *, end: str = "\n") -> Pieces:
    made: Pieces = []
    for at, sentence in enumerate(sentences, start=1):
        made += [plain(mark(at)), *sentence, plain(gap if at < len(sentences) else end)]
    return made
