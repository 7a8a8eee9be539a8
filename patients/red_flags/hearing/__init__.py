"""Hearing red flags in patients' own words: rules over a lexicon, deterministic, without a model."""

from patients.red_flags.hearing.ear import hear
from patients.red_flags.hearing.rules import (
    HearingRule,
    HearingRules,
    parse_hearing_rules,
    shipped_hearing_rules,
)
from patients.red_flags.hearing.scoring import SuiteLine, SuiteScore, parse_suite, score
from patients.red_flags.hearing.types import Asking, Heard, HeardFlag, Quote

__all__ = [
    "Asking",
    "Heard",
    "HeardFlag",
    "HearingRule",
    "HearingRules",
    "Quote",
    "SuiteLine",
    "SuiteScore",
    "hear",
    "parse_hearing_rules",
    "parse_suite",
    "score",
    "shipped_hearing_rules",
]
