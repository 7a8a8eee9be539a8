"""How well the assistant hears, answers and withstands: the suite behind the safety runs and the command."""

from sessions.rehab_bot.evaluation.suite import suite_sha256
from sessions.rehab_bot.evaluation.vignettes import (
    Listen,
    VignetteScore,
    is_heard_right,
    score_vignettes,
    shipped_vignettes,
)

__all__ = [
    "Listen",
    "VignetteScore",
    "is_heard_right",
    "score_vignettes",
    "shipped_vignettes",
    "suite_sha256",
]
