"""Simulated patients, policies and their comparison. Simulated benefit only. No web framework."""

from prescriptions.adapt_rx.simulation.comparison import POLICIES, Asked, BadComparison, compare
from prescriptions.adapt_rx.simulation.mechanisms import (
    MECHANISMS,
    Mechanism,
    UnknownMechanism,
    mechanism_of,
)
from prescriptions.adapt_rx.simulation.results import Comparison, as_text

__all__ = [
    "MECHANISMS",
    "POLICIES",
    "Asked",
    "BadComparison",
    "Comparison",
    "Mechanism",
    "UnknownMechanism",
    "as_text",
    "compare",
    "mechanism_of",
]
