"""How well the assistant hears, answers and withstands: the suite behind the safety runs and the command."""

from sessions.rehab_bot.evaluation.questions import Asking, Outcome, QuestionLine, shipped_questions
from sessions.rehab_bot.evaluation.running import (
    Item,
    judge_item,
    library_maker,
    outcome_key,
    suite_items,
    summarise,
)
from sessions.rehab_bot.evaluation.scores import Check, check_goals, has_passed, score_answers
from sessions.rehab_bot.evaluation.vignettes import (
    Listen,
    VignetteScore,
    score_vignettes,
    shipped_red_flag_suites,
    shipped_vignettes,
)

__all__ = [
    "Asking",
    "Check",
    "Item",
    "Listen",
    "Outcome",
    "QuestionLine",
    "VignetteScore",
    "check_goals",
    "has_passed",
    "judge_item",
    "library_maker",
    "outcome_key",
    "score_answers",
    "score_vignettes",
    "shipped_questions",
    "shipped_red_flag_suites",
    "shipped_vignettes",
    "suite_items",
    "summarise",
]
