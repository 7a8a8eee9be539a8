"""What a note says, by rules, by the trained model or by both: spans first, then their assertion."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from notes.clini_note_extractor.assertion import assertion_of
from notes.clini_note_extractor.calibration import Origin
from notes.clini_note_extractor.combination import SILENT, Mention, combine
from notes.clini_note_extractor.doubt import credible
from notes.clini_note_extractor.language import foreign_language
from notes.clini_note_extractor.names import Candidate, names_in
from notes.clini_note_extractor.numbers import numbers_in
from notes.clini_note_extractor.phrases import Phrase, phrases_of
from notes.clini_note_extractor.resolution import resolve
from notes.clini_note_extractor.scores import scores_in
from notes.clini_note_extractor.sections import Layout
from notes.clini_note_extractor.sides import sides_in
from notes.clini_note_extractor.tokens import with_points, without_marks
from notes.clini_note_extractor.types import Entity, Label, Span

if TYPE_CHECKING:
    from notes.clini_note_extractor.model import NoteModel

RULES_VERSION = "1.2"
LONGEST_NOTE = 200_000
# How far behind an instrument's name a score that no rule has linked may stand, in characters.
SCORE_REACH = 260
UNPROVED = "The trained model read its own validation notes badly, or was not measured; rules decided."


class System(StrEnum):
    """Who reads: the rules, the trained model, or both."""

    RULES = "rules"
    MODEL = "model"
    COMBINED = "combined"


DEFAULT_SYSTEM = System.COMBINED


class NoteTooLong(ValueError):
    """The text has more characters than a note may have."""

    def __init__(self, characters: int) -> None:
        super().__init__(
            f"The note has {characters:,} characters; up to {LONGEST_NOTE:,} are read. Divide it."
        )
        self.characters = characters


@dataclass(frozen=True, slots=True)
class Extraction:
    """Entities in reading order, canonical names by span, the instrument of each score, and what to tell.

    `probabilities`: how likely each span is right, 0 to 1, calibrated on the model's validation notes;
    `uncalibrated`: what the model said; `origins`: who found it. All three are empty where only rules read.
    `fell_back`: the model was asked for and could not be loaded, so rules read alone; `warnings` says why.
    """

    entities: tuple[Entity, ...]
    names: dict[Span, str] = field(default_factory=dict)
    instruments: dict[Span, Span] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
    system: System = System.RULES
    version: str = f"rules {RULES_VERSION}"
    probabilities: dict[Span, float] = field(default_factory=dict)
    uncalibrated: dict[Span, float] = field(default_factory=dict)
    origins: dict[Span, Origin] = field(default_factory=dict)
    fell_back: bool = False

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON: entities with probabilities and warnings, without the note's text."""
        return {
            "system": self.system.value,
            "version": self.version,
            "fell_back": self.fell_back,
            "entities": [self._entity(one) for one in self.entities],
            "warnings": list(self.warnings),
        }

    def _entity(self, entity: Entity) -> dict[str, Any]:
        probability = self.probabilities.get(entity.span)
        told = {} if probability is None else {"probability": round(probability, 3)}
        return {**entity.to_dict(), **told}


def extract(
    text: str, *, system: System | str = DEFAULT_SYSTEM, model: NoteModel | None = None
) -> Extraction:
    """Entities of one note; offsets are those of `text`.

    `model`: the released one unless another is given. Where the release cannot be loaded, "combined" falls
    back to rules and says so, and "model" raises ModelUnusable. Raises NoteTooLong; ValueError for an
    unknown system, or where the text holds half a character. Nothing is extracted from a note that is not in
    English; a warning says so. Source of the labels and of what is excluded: annotation guideline 1.1.
    """
    system = System(system)
    if len(text) > LONGEST_NOTE:
        raise NoteTooLong(len(text))
    if system is System.RULES:
        return _by_rules(text)
    from notes.clini_note_extractor.model import ModelUnusable, load_released

    try:
        loaded = model or load_released()
    except ModelUnusable as error:
        if system is System.MODEL:
            raise
        told = f"The trained model cannot be used; rules read alone. {error}"
        alone = _by_rules(text)
        return replace(alone, warnings=(*alone.warnings, told), fell_back=True)
    return _with_model(text, system, loaded)


def extract_by_rules(text: str) -> Extraction:
    """Entities of one note by rules alone. Raises NoteTooLong."""
    return extract(text, system=System.RULES)


@dataclass(frozen=True, slots=True)
class _Rules:
    """What the rules find in a text, before anybody else is asked."""

    layout: Layout
    phrases: Sequence[Phrase]
    names: Sequence[Candidate]
    scores: dict[Span, Span]
    kept: Sequence[Candidate]


def _read_by_rules(text: str) -> _Rules:
    layout = Layout(text)
    phrases = phrases_of(text)
    names = names_in(text, phrases)
    sided = list(sides_in(text, phrases))
    numbers = [Candidate(span, label, -1, -1) for span, label in numbers_in(text, layout)]
    measures = [one for one in resolve(names) if one.label is Label.OUTCOME_MEASURE]
    scores = {span: measure.span for span, measure in scores_in(text, layout, measures)}
    scored = [Candidate(span, Label.OUTCOME_SCORE, -1, -1) for span in scores]
    return _Rules(layout, phrases, [*names, *sided], scores, resolve([*names, *sided, *numbers, *scored]))


def _by_rules(text: str) -> Extraction:
    unread = _unread(text)
    if unread:
        return Extraction((), warnings=unread)
    text = without_marks(with_points(text))
    rules = _read_by_rules(text)
    mentions = [(one.span, one.label) for one in rules.kept if one.label is not None]
    return _extraction(text, rules, mentions)


def _with_model(text: str, system: System, model: NoteModel) -> Extraction:
    version = model.version if system is System.MODEL else f"{RULES_VERSION}+{model.version}"
    version = f"{system.value} {version}"
    unread = _unread(text)
    if unread:
        return Extraction((), warnings=unread, system=system, version=version)
    text = with_points(text)
    reading = model.read(text)
    text = without_marks(text)
    rules = _read_by_rules(text)
    found = [Mention(one.span, one.label, one.probability) for one in reading.spans]
    origins = {one.span: Origin.MODEL for one in found}
    told: tuple[str, ...] = ()
    if system is System.COMBINED:
        ruled = [
            Mention(one.span, one.label, reading.probability(one.span, one.label))
            for one in rules.kept
            if one.label is not None
        ]
        by_model = {(one.span, one.label) for one in found}
        found = combine(ruled, credible(text, rules.phrases, ruled, found), model.policies)
        by_rules = {(one.span, one.label) for one in ruled}
        origins = {one.span: _origin((one.span, one.label), by_rules, by_model) for one in found}
        told = (UNPROVED,) if all(one == SILENT for one in model.policies.values()) else ()
    extraction = _extraction(text, rules, [(one.span, one.label) for one in found])
    return replace(
        extraction, system=system, version=version, warnings=told, origins=origins,
        uncalibrated={one.span: one.probability for one in found},
        probabilities={
            one.span: model.calibration.of(one.probability, origins[one.span]) for one in found
        },
    )  # fmt: skip


def _origin(
    mention: tuple[Span, Label], by_rules: set[tuple[Span, Label]], by_model: set[tuple[Span, Label]]
) -> Origin:
    if mention not in by_rules:
        return Origin.MODEL_ONLY
    return Origin.AGREED if mention in by_model else Origin.RULES_ONLY


def _unread(text: str) -> tuple[str, ...]:
    """Why nothing is read in a text; empty where it is read."""
    if not text.strip():
        return ("The note is empty.",)
    language = foreign_language(text)
    if language is None:
        return ()
    return (f"This note seems to be in {language}. Only English is read; nothing was extracted.",)


def _extraction(text: str, rules: _Rules, mentions: Iterable[tuple[Span, Label]]) -> Extraction:
    """Assertion, names and instruments of the spans that remain."""
    entities = tuple(
        Entity(span, label, assertion_of(text, span, label, rules.layout)) for span, label in mentions
    )
    names = _names_of(text, entities, [*rules.names, *rules.kept])
    return Extraction(entities, names=names, instruments=_instruments(rules.scores, entities))


def _names_of(text: str, entities: Sequence[Entity], known: Sequence[Candidate]) -> dict[Span, str]:
    """Canonical names: of the very span, else of one with the same begin or end, else the note's words."""
    exact = {(one.span, one.label): one.name for one in known if one.name}
    edges = {
        (edge, one.label): one.name for one in known if one.name for edge in (one.span.start, -one.span.end)
    }
    names = {}
    for one in entities:
        name = exact.get((one.span, one.label)) or edges.get((one.start, one.label))
        name = name or edges.get((-one.end, one.label)) or _own_words(text, one)
        if name:
            names[one.span] = name
    return names


def _own_words(text: str, entity: Entity) -> str:
    """What no lexicon knows is called what the note calls it, where findings need a name."""
    words = " ".join(text[entity.start : entity.end].split())
    if entity.label is Label.OUTCOME_MEASURE:
        return words
    return words.lower() if entity.label is Label.BODY_REGION else ""


def _instruments(by_rules: dict[Span, Span], entities: Sequence[Entity]) -> dict[Span, Span]:
    """Which instrument each score belongs to: as the rules say, else the last one named before it."""
    measures = {one.span for one in entities if one.label is Label.OUTCOME_MEASURE}
    last: Span | None = None
    told = {}
    for one in entities:
        if one.label is Label.OUTCOME_MEASURE:
            last = one.span
        if one.label is not Label.OUTCOME_SCORE:
            continue
        owner = by_rules.get(one.span)
        if owner in measures:
            told[one.span] = owner
        elif (
            last is not None
            and one.start - last.end <= SCORE_REACH
            and (owner is None or _touch(owner, last))
        ):
            told[one.span] = last
    return {span: owner for span, owner in told.items() if owner is not None}


def _touch(one: Span, other: Span) -> bool:
    """Whether two names overlap; a bare "grip" that rules read belongs to no instrument before it."""
    return one.start < other.end and other.start < one.end
