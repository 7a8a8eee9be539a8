"""What a week did to the patient's own activities, for the reward."""

import math
from collections.abc import Sequence
from datetime import date

from patients.questionnaires import Answered, function_change, shipped_questionnaire

WEEK_DAYS = 7
MOST = 3.0


def function_change_of_week(times: Sequence[Answered], *, first: date, last: date) -> float:
    """Change of the activities in smallest changes that matter (1.3 points), + is better; NaN unless they
    were answered within the days `first` < day <= `last`, and the same ones before.

    The questions come about every four weeks, so the change between two answers belongs to all the days
    between them: the week gets its share by days, not all of it. Limited to ±3, as progress is. The share is
    a default of ours. `times` is oldest first.
    """
    within = [one for one in times if first < one.day <= last]
    if not within:
        return math.nan
    for before in reversed([one for one in times if one.day <= first]):
        change = function_change(before, within[-1])
        if change is not None:
            days = (within[-1].day - before.day).days
            points = change.points / shipped_questionnaire().function.bands.small
            return max(-MOST, min(MOST, points * min(1.0, WEEK_DAYS / days)))
    return math.nan
