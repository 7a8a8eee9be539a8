"""Hearing red flags in patients' own words: rules over a lexicon, and a second reader that may only add."""

from patients.red_flags.hearing.both import ReaderState, hear, reader_state
from patients.red_flags.hearing.ear import hear_by_rules
from patients.red_flags.hearing.rules import (
    HearingRule,
    HearingRules,
    parse_hearing_rules,
    shipped_hearing_rules,
)
from patients.red_flags.hearing.scoring import SuiteLine, SuiteScore, parse_suite, score
from patients.red_flags.hearing.types import (
    BY_READER,
    BY_RULES,
    RULES_AND_READER,
    RULES_ONLY,
    Asking,
    Heard,
    HeardFlag,
    Quote,
)

__all__ = [
    "BY_READER",
    "BY_RULES",
    "RULES_AND_READER",
    "RULES_ONLY",
    "Asking",
    "Heard",
    "HeardFlag",
    "HearingRule",
    "HearingRules",
    "Quote",
    "ReaderState",
    "SuiteLine",
    "SuiteScore",
    "hear",
    "hear_by_rules",
    "parse_hearing_rules",
    "parse_suite",
    "reader_state",
    "score",
    "shipped_hearing_rules",
]
