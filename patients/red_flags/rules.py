"""The red-flag rules as data, and the screen over them.

Rules name a sign and what to do; they never name a diagnosis to the patient. There is little evidence for
the accuracy of most single red flags (Finucane et al. 2020), so any one tick is enough and the worst wins.
"""

import json
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from patients.red_flags.types import Question, RedFlagHit, Rule, RuleSet, Severity, UnknownAnswer

RULES_FILE = Path(__file__).with_name("rules.json")
NONE_OF_THESE = "none_of_these"


@cache
def shipped_rules() -> RuleSet:
    """The rules of this release."""
    return parse_rules(json.loads(RULES_FILE.read_text(encoding="utf-8")))


def parse_rules(data: dict[str, Any]) -> RuleSet:
    """Read a rule set; raises ValueError when a group is unknown or a question is asked twice."""
    groups = tuple((str(key), str(title)) for key, title in data["groups"])
    rules = tuple(_parse_rule(rule) for rule in data["rules"])
    rule_set = RuleSet(version=int(data["version"]), groups=groups, rules=rules)
    _check(rule_set)
    return rule_set


def _parse_rule(data: dict[str, Any]) -> Rule:
    return Rule(
        id=data["id"],
        version=int(data["version"]),
        headline=data["headline"],
        severity=Severity(data["severity"]),
        questions=tuple(Question(id=q["id"], text=q["text"], group=q["group"]) for q in data["questions"]),
        action=data["action"],
        source=data["source"],
        needs_clinician_approval=bool(data.get("needs_clinician_approval", False)),
    )


def _check(rule_set: RuleSet) -> None:
    ids = [question.id for question in rule_set.questions]
    twice = {question_id for question_id in ids if ids.count(question_id) > 1}
    if twice or NONE_OF_THESE in ids:
        raise ValueError(f"questions asked twice or reserved: {sorted(twice)}")
    strange = {question.group for question in rule_set.questions} - {key for key, _ in rule_set.groups}
    if strange:
        raise ValueError(f"unknown question groups: {sorted(strange)}")


def screen(answers: Iterable[str], *, rules: RuleSet | None = None) -> list[RedFlagHit]:
    """The rules that the ticked questions set off, the worst first.

    `answers` are question ids; "none_of_these" counts for nothing, so a box ticked beside it still counts.
    Raises UnknownAnswer when an id belongs to no question.
    """
    rule_set = rules or shipped_rules()
    ticked = frozenset(answers) - {NONE_OF_THESE}
    unknown = ticked - {question.id for question in rule_set.questions}
    if unknown:
        raise UnknownAnswer(unknown)
    hits = [hit for rule in rule_set.rules if (hit := _hit(rule, ticked))]
    return sorted(hits, key=lambda hit: -hit.severity.rank)


def _hit(rule: Rule, ticked: frozenset[str]) -> RedFlagHit | None:
    given = tuple(question.id for question in rule.questions if question.id in ticked)
    if not given:
        return None
    return RedFlagHit(
        rule_id=rule.id,
        rule_version=rule.version,
        headline=rule.headline,
        severity=rule.severity,
        action=rule.action,
        question_ids=given,
    )
