"""The Stop questions in the order in which they are asked: what cannot wait first."""

from dataclasses import dataclass

from patients.red_flags.types import Question, RuleSet, Severity

HEADINGS = {
    Severity.EMERGENCY: "Call for help now",
    Severity.SAME_DAY: "Call your therapist today",
    Severity.TELL_THERAPIST: "Tell your therapist",
}


@dataclass(frozen=True)
class AskedSection:
    """The questions of one urgency, in blocks by part of the body; `blocks` are (title, questions)."""

    severity: Severity
    heading: str
    blocks: tuple[tuple[str, tuple[Question, ...]], ...]


def asked_sections(rules: RuleSet) -> tuple[AskedSection, ...]:
    """Every question of `rules` once, the most urgent section first, without empty sections."""
    sections = (
        AskedSection(severity, heading, _blocks(rules, severity)) for severity, heading in HEADINGS.items()
    )
    return tuple(section for section in sections if section.blocks)


def _blocks(rules: RuleSet, severity: Severity) -> tuple[tuple[str, tuple[Question, ...]], ...]:
    asked = [question for rule in rules.rules if rule.severity == severity for question in rule.questions]
    blocks = ((title, tuple(q for q in asked if q.group == key)) for key, title in rules.groups)
    return tuple((title, questions) for title, questions in blocks if questions)
