"""Statistics that every evaluation shares: intervals, resampling over people, agreement. No web framework."""

from clinic.statistics.agreement import BlandAltman, bland_altman, cohen_kappa
from clinic.statistics.classification import balanced_accuracy, sensitivity, specificity
from clinic.statistics.intervals import Interval, bootstrap_over_people, wilson

__all__ = [
    "BlandAltman",
    "Interval",
    "balanced_accuracy",
    "bland_altman",
    "bootstrap_over_people",
    "cohen_kappa",
    "sensitivity",
    "specificity",
    "wilson",
]
