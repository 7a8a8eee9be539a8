"""What rules and model find, made one: agreement is kept, disagreement is decided by label.

The thresholds were chosen on notes that neither trained the model nor stand in any measurement that is quoted
as held out; docs/science/clini_note_extractor.md says on which and how.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from notes.clini_note_extractor.types import Label, Span

NEVER = 1.01
# Names whose site and side belong to them: the model's pieces of one that rules found whole are dropped.
WHOLE = frozenset({Label.DIAGNOSIS, Label.SURGERY, Label.INTERVENTION})
# Values keep the unit and the other end of the range that rules found with them ("25*", "0-105").
VALUES = frozenset({Label.PAIN_LEVEL, Label.ROM, Label.STRENGTH, Label.OUTCOME_SCORE})


@dataclass(frozen=True, slots=True)
class Mention:
    """A span with its label, and the model's probability of it, 0 to 1."""

    span: Span
    label: Label
    probability: float


@dataclass(frozen=True, slots=True)
class Policy:
    """When the model is believed, as its least probability; NEVER is above all.

    `alone`: a span of this label is taken where rules have nothing. `against`: it replaces what rules have at
    its place. `veto`: what rules alone have is kept only from this probability on; 0 keeps all.
    """

    alone: float
    against: float
    veto: float


# One policy a kind of label: thresholds for each single label did no better on notes they were not chosen on.
_NAMES = Policy(alone=0.95, against=0.8, veto=0.1)
_SIDES = Policy(alone=0.7, against=0.8, veto=0.05)
_VALUES = Policy(alone=0.5, against=0.9, veto=0.05)
POLICIES: dict[Label, Policy] = {
    Label.BODY_REGION: _NAMES,
    Label.LATERALITY: _SIDES,
    Label.DIAGNOSIS: _NAMES,
    Label.SURGERY: _NAMES,
    Label.INTERVENTION: _NAMES,
    Label.OUTCOME_MEASURE: _NAMES,
    Label.OUTCOME_SCORE: _VALUES,
    Label.PAIN_LEVEL: _VALUES,
    Label.ROM: _VALUES,
    Label.STRENGTH: _VALUES,
}


# A model is believed as far as it has proved itself on its own validation notes (strict F1 of a label where
# there are enough spans of it, else of all): above the first bound fully; above the second it may add what
# it is very sure of, and takes nothing from rules; below that, and where nothing was measured, rules decide.
TRUSTED_F1, HEARD_F1 = 0.8, 0.5
FEWEST_SPANS = 20
HEARD_FROM = 0.95
SILENT = Policy(alone=NEVER, against=NEVER, veto=0.0)


def policies_for(scores: Any) -> dict[Label, Policy]:
    """Policies for a model with these `scores` in its manifest; SILENT for a label that they do not tell."""
    strict = _at(_at(scores, "validation"), "strict")
    overall = _f1(_at(strict, "micro"))
    policies = {}
    for label, usual in POLICIES.items():
        own = _at(_at(strict, "labels"), label.value)
        known = _at(own, "gold")
        enough = isinstance(known, int) and known >= FEWEST_SPANS
        policies[label] = _policy(usual, _f1(own) if enough else overall)
    return policies


def _policy(usual: Policy, f1: float) -> Policy:
    if f1 >= TRUSTED_F1:
        return usual
    if f1 >= HEARD_F1:
        return Policy(alone=max(usual.alone, HEARD_FROM), against=NEVER, veto=0.0)
    return SILENT


def _at(told: Any, name: str) -> Any:
    return told.get(name) if isinstance(told, Mapping) else None


def _f1(told: Any) -> float:
    """0 where it is missing or no share."""
    value = _at(told, "f1")
    return float(value) if isinstance(value, int | float) and 0 <= value <= 1 else 0.0


def combine(
    by_rules: Iterable[Mention],
    by_model: Iterable[Mention],
    policies: Mapping[Label, Policy] = POLICIES,
) -> list[Mention]:
    """Mentions in reading order, none overlapping. Each input holds none that overlap among themselves.

    `by_rules` carry the model's probability of exactly that span, `by_model` of what it decoded.
    """
    kept: list[Mention] = []
    for rules, model in _clusters(by_rules, by_model):
        kept += _decided(rules, model, policies)
    return sorted(kept, key=lambda one: one.span)


def _decided(
    rules: Sequence[Mention], model: Sequence[Mention], policies: Mapping[Label, Policy]
) -> Sequence[Mention]:
    if not rules:
        return [one for one in model if one.probability >= policies[one.label].alone]
    if not model:
        return [one for one in rules if one.probability >= policies[one.label].veto]
    if _rules_know_better(rules, model):
        return rules
    # Both have something here: the model's, where it is sure of each that rules do not have; else the rules'.
    same = {(one.span, one.label) for one in rules}
    others = [one for one in model if (one.span, one.label) not in same]
    return model if all(one.probability >= policies[one.label].against for one in others) else rules


def _rules_know_better(rules: Sequence[Mention], model: Sequence[Mention]) -> bool:
    """The same words under another label; pieces of a longer name or value; several names taken for one."""
    labels = {one.span: one.label for one in rules}
    if any(labels.get(one.span, one.label) is not one.label for one in model):
        return True
    if all(any(one.label in WHOLE and _covers(one, piece) for one in rules) for piece in model):
        return True
    if all(
        any(one.label in VALUES and one.label is piece.label and _covers(one, piece) for one in rules)
        for piece in model
    ):
        return True
    return any(sum(_covers(one, part) and part.label is one.label for part in rules) > 1 for one in model)


def _covers(one: Mention, other: Mention) -> bool:
    return one.span.start <= other.span.start and other.span.end <= one.span.end


def _clusters(
    by_rules: Iterable[Mention], by_model: Iterable[Mention]
) -> Iterator[tuple[list[Mention], list[Mention]]]:
    """Mentions that overlap, directly or through others, in reading order: of the rules, of the model."""
    marked = [(one, 0) for one in by_rules] + [(one, 1) for one in by_model]
    cluster: tuple[list[Mention], list[Mention]] = ([], [])
    end = -1
    for one, side in sorted(marked, key=lambda pair: (pair[0].span, pair[1])):
        if one.span.start >= end and (cluster[0] or cluster[1]):
            yield cluster
            cluster = ([], [])
        cluster[side].append(one)
        end = max(end, one.span.end)
    if cluster[0] or cluster[1]:
        yield cluster
