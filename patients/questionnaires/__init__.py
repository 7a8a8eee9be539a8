"""Questionnaires that the product ships: what is asked, how it is scored, and which change matters.

Arrays in, dataclasses out: no web framework. Items and bands are versioned data in `outcomes.json`.
"""

from patients.questionnaires.items import (
    MOST_ACTIVITIES,
    Bands,
    Questionnaire,
    activity_link,
    asked_links,
    shipped_questionnaire,
)
from patients.questionnaires.reading import AnswerUnreadable, checked_answers, worst_pain
from patients.questionnaires.scoring import (
    LEAST_ACTIVITIES,
    Answered,
    Change,
    change_since_last,
    change_since_start,
    function_change,
    function_score,
    pain_change,
    pain_score,
    rating_words,
    worsening_of,
)

__all__ = [
    "LEAST_ACTIVITIES",
    "MOST_ACTIVITIES",
    "AnswerUnreadable",
    "Answered",
    "Bands",
    "Change",
    "Questionnaire",
    "activity_link",
    "asked_links",
    "change_since_last",
    "change_since_start",
    "checked_answers",
    "function_change",
    "function_score",
    "pain_change",
    "pain_score",
    "rating_words",
    "shipped_questionnaire",
    "worsening_of",
    "worst_pain",
]
