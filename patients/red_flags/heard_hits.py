"""What was heard in free words, as hits of the rules that the Stop page asks for."""

from collections.abc import Iterable

from patients.red_flags.hearing import HeardFlag, shipped_hearing_rules
from patients.red_flags.rules import shipped_rules
from patients.red_flags.types import RedFlagHit, RuleSet

# A flag that no tick box asks for; its words must be as plain as theirs.
OTHER_ACTION = "Rest until you have talked to a person."


def heard_hits(flags: Iterable[HeardFlag], *, rules: RuleSet | None = None) -> list[RedFlagHit]:
    """One hit a flag, in the order given: the flag's own severity, the action of the matching tick rule."""
    rule_set = rules or shipped_rules()
    by_id = {rule.id: rule for rule in rule_set.rules}
    known = shipped_hearing_rules().flags
    hits: dict[str, RedFlagHit] = {}
    for flag in flags:
        ticked = [by_id[name] for name in known[flag.flag].tick_rules if name in by_id]
        same = [rule for rule in ticked if rule.severity == flag.severity] or ticked
        hits.setdefault(
            flag.flag,
            RedFlagHit(
                rule_id=flag.flag,
                rule_version=flag.rule_version,
                headline=same[0].headline if same else flag.flag.replace("_", " ").capitalize(),
                severity=flag.severity,
                action=same[0].action if same else OTHER_ACTION,
                question_ids=(),
            ),
        )
    return list(hits.values())
