"""From facts, as read or corrected, to findings: the extractor's linking on what is kept. Pure functions."""

from collections.abc import Sequence
from dataclasses import replace

from notes.clini_note_extractor import Assertion, Entity, Extraction, Label, Span
from notes.clini_note_extractor.linking import KINDS, Finding, findings_of, icf_of
from notes.clini_note_extractor.names import names_in
from notes.clini_note_extractor.phrases import phrases_of
from notes.clini_note_extractor.tokens import without_marks
from notes.fact_merging import ShownFact

NAMED = (Label.BODY_REGION, Label.LATERALITY, Label.OUTCOME_MEASURE)
VALUES = frozenset(label.value for label in KINDS)
SCORE_REACH = 260
SIDES = {"l": "left", "r": "right", "b": "bilateral", "bilaterally": "bilateral", "both": "bilateral"}


def findings_of_facts(text: str, facts: Sequence[ShownFact], read: Extraction) -> list[Finding]:
    """Every value among `facts` as a finding, in reading order. `read` gives canonical names where it found
    the same stretch; what a clinician linked by hand stands over what was linked by nearness.
    """
    entities = tuple(_entity(one) for one in facts)
    names = _names(text, entities, read)
    kept = replace(read, entities=entities, names=names, instruments=_instruments(entities, read))
    by_span = {(one.start, one.end): one.links for one in facts if one.links}
    return [_linked(one, by_span.get((one.span.start, one.span.end))) for one in findings_of(text, kept)]


def _entity(fact: ShownFact) -> Entity:
    return Entity(Span(fact.start, fact.end), Label(fact.label), Assertion(fact.assertion))


def _names(text: str, entities: Sequence[Entity], read: Extraction) -> dict[Span, str]:
    labels = {one.span: one.label for one in read.entities}
    names = {one.span: read.names[one.span] for one in entities if _is_known(one, labels, read)}
    unnamed = [one for one in entities if one.label in NAMED and one.span not in names]
    return names | {one.span: _name_of(text[one.start : one.end], one.label) for one in unnamed}


def _is_known(entity: Entity, labels: dict[Span, Label], read: Extraction) -> bool:
    return entity.span in read.names and labels.get(entity.span) is entity.label


def _name_of(words: str, label: Label) -> str:
    """The canonical name of words that a clinician marked; their own, where no lexicon has them."""
    plain = " ".join(words.split())
    if label is Label.LATERALITY:
        return SIDES.get(plain.lower().rstrip("."), plain.lower())
    marked = without_marks(words)
    named = [one for one in names_in(marked, phrases_of(marked)) if one.label is label and one.name]
    if named:
        return max(named, key=lambda one: one.span.end - one.span.start).name
    return plain.lower() if label is Label.BODY_REGION else plain


def _instruments(entities: Sequence[Entity], read: Extraction) -> dict[Span, Span]:
    """As read, else the last instrument before the score."""
    measures = [one.span for one in entities if one.label is Label.OUTCOME_MEASURE]
    told = {}
    for one in entities:
        if one.label is not Label.OUTCOME_SCORE:
            continue
        owner = read.instruments.get(one.span)
        before = [span for span in measures if 0 <= one.start - span.end <= SCORE_REACH]
        if owner in measures:
            told[one.span] = owner
        elif before:
            told[one.span] = before[-1]
    return {span: owner for span, owner in told.items() if owner is not None}


def _linked(finding: Finding, links: dict[str, str] | None) -> Finding:
    if not links:
        return finding
    linked = replace(
        finding,
        region=links.get("region", finding.region),
        side=links.get("side", finding.side),
        motion=links.get("motion", finding.motion),
        measure=links.get("measure", finding.measure),
    )
    code, title = icf_of(linked.kind, linked.measure if linked.kind == "score" else linked.region)
    return replace(linked, icf_code=code, icf_title=title)
