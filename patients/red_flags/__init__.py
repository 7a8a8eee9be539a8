"""The safety spine: versioned red-flag and pain rules, used by every part that hears a patient."""

from patients.red_flags.answers import StopAnswer, answer_stop, emergency_number
from patients.red_flags.asking import AskedSection, asked_sections
from patients.red_flags.pain import PAIN_RULE, PainRule, screen_pain, usual_pain
from patients.red_flags.rules import NONE_OF_THESE, parse_rules, screen, shipped_rules
from patients.red_flags.types import Question, RedFlagHit, Rule, RuleSet, Severity, UnknownAnswer

__all__ = [
    "NONE_OF_THESE",
    "PAIN_RULE",
    "AskedSection",
    "PainRule",
    "Question",
    "RedFlagHit",
    "Rule",
    "RuleSet",
    "Severity",
    "StopAnswer",
    "UnknownAnswer",
    "answer_stop",
    "asked_sections",
    "emergency_number",
    "parse_rules",
    "screen",
    "screen_pain",
    "shipped_rules",
    "usual_pain",
]
