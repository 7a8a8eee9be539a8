"""The hearing rules as data: which concepts, how close together, unless what."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from patients.red_flags.hearing.context import cue_vocabulary
from patients.red_flags.hearing.expressions import Lexicon, UnreadableExpression
from patients.red_flags.hearing.spelling import FOLDER, Mender
from patients.red_flags.types import Severity

RULES_FILE = Path(__file__).with_name("rules.json")
LEXICON_FILES = ("body", "signs", "chest_head", "bones_joints", "nerves_wounds_mind", "mimics")
# A sign must be the patient's, now; an event must be now, whoever or whatever did it; context may be long
# past; a place is only a word near which signs count.
KINDS = frozenset({"sign", "event", "context", "place", "piece"})
USUAL_SPAN = 12


@dataclass(frozen=True, slots=True)
class HearingRule:
    """Fires when one concept of each group of `need` stands within `span` words of the first, and none of
    `unless` near them. `chronic`: it counts however long it has been so. `transient`: it counts though it
    went away again. `alone`: too often wrong to count beside the second reader; it counts where no reader
    listens. `questions`: Stop questions that would settle it.
    """

    id: str
    flag: str
    severity: Severity
    version: int
    need: tuple[tuple[str, ...], ...]
    span: int
    unless: tuple[str, ...]
    chronic: bool
    transient: bool
    source: str
    alone: bool = False
    questions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Flag:
    """One kind of danger; `tick_rules` are the rules of the Stop page that ask for the same."""

    name: str
    severity: Severity
    tick_rules: tuple[str, ...]


@dataclass(frozen=True)
class HearingRules:
    """All that hearing needs, of one release."""

    version: int
    flags: dict[str, Flag]
    rules: tuple[HearingRule, ...]
    asks: tuple[HearingRule, ...]
    lexicon: Lexicon
    kinds: Mapping[str, str]
    mender: Mender


@cache
def shipped_hearing_rules() -> HearingRules:
    """The rules of this release."""
    concepts: dict[str, Any] = {}
    for name in LEXICON_FILES:
        concepts |= json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))["concepts"]
    return parse_hearing_rules(json.loads(RULES_FILE.read_text(encoding="utf-8")), concepts)


def parse_hearing_rules(data: Mapping[str, Any], concepts: Mapping[str, Any]) -> HearingRules:
    """Raises UnreadableExpression where a rule, a flag or a concept does not exist or cannot be read."""
    flags = {
        name: Flag(name, Severity(flag["severity"]), tuple(flag["tick_rules"]))
        for name, flag in data["flags"].items()
    }
    rules = tuple(_parse_rule(rule, data["sources"], flags) for rule in data["rules"])
    asks = tuple(_parse_rule(rule, data["sources"], flags) for rule in data["asks"])
    kinds = {name: str(concept["kind"]) for name, concept in concepts.items()}
    heard = {name for rule in rules + asks for group in (*rule.need, rule.unless) for name in group}
    if strange := (heard - set(kinds)) | (set(kinds.values()) - KINDS):
        raise UnreadableExpression(f"no such concept or kind: {sorted(strange)}")
    if len({rule.id for rule in rules}) != len(rules):
        raise UnreadableExpression("a rule id is used twice")
    lexicon = Lexicon({name: concept["words"] for name, concept in concepts.items()}, heard=heard)
    return HearingRules(
        int(data["version"]),
        flags,
        rules,
        asks,
        lexicon,
        kinds,
        Mender(lexicon.vocabulary | cue_vocabulary()),
    )


def _parse_rule(
    data: Mapping[str, Any], sources: Mapping[str, str], flags: Mapping[str, Flag]
) -> HearingRule:
    if data["flag"] not in flags:
        raise UnreadableExpression(f"no such flag: {data['flag']}")
    return HearingRule(
        id=data["id"],
        flag=data["flag"],
        severity=Severity(data.get("severity", flags[data["flag"]].severity)),
        version=int(data.get("version", 1)),
        need=tuple(tuple(group) for group in data["need"]),
        span=int(data.get("span", USUAL_SPAN)),
        unless=tuple(data.get("unless", ())),
        chronic=bool(data.get("chronic", False)),
        transient=bool(data.get("transient", False)),
        source=sources[data["source"]] if "source" in data else "",
        alone=bool(data.get("alone", False)),
        questions=tuple(data.get("questions", ())),
    )
