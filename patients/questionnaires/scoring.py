"""Scores, and what a change of them means: pure functions over answers by link id.

A score with too few answers is None, never a guess. A change is named by published bands, small, medium or
large; none of them says that somebody has recovered. The bands were found in people who got better (JOSPT
2014;44:560); that a change for the worse is called small at the same size is a default of ours.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from statistics import fmean

from patients.questionnaires.items import activity_link, shipped_questionnaire

# Fewer activities than three make no mean of the scale (its authors ask for three to five).
LEAST_ACTIVITIES = 3


@dataclass(frozen=True, slots=True)
class Answered:
    """One time of answering: the patient's own day, answers by link id, and the activities as put to them."""

    day: date
    answers: Mapping[str, int]
    activities: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """`points`: of the score, + is better. `band`: "none", "small", "medium" or "large"."""

    points: float
    band: str

    @property
    def is_better(self) -> bool:
        return self.points > 0

    @property
    def size(self) -> float:
        """How far, whatever the direction: a sign would be read as that of the score."""
        return abs(self.points)

    @property
    def words(self) -> str:
        """ "small change, better"; a change below every band is no change that matters."""
        if self.band == "none":
            return "no change that matters"
        return f"{self.band} change, {'better' if self.is_better else 'worse'}"


def pain_score(answers: Mapping[str, int]) -> float | None:
    """The mean of the three pain answers, 0 to 10; None unless all three are there."""
    values = [answers.get(item.link_id) for item in shipped_questionnaire().pain.items]
    told = [value for value in values if value is not None]
    return fmean(told) if len(told) == len(values) else None


def function_score(answers: Mapping[str, int], activities: Sequence[str]) -> float | None:
    """The mean of the activities answered, 0 to 10; None with fewer than three."""
    told = [answers[link] for link in map(activity_link, range(len(activities))) if link in answers]
    return fmean(told) if len(told) >= LEAST_ACTIVITIES else None


def pain_change(before: Answered, after: Answered) -> Change | None:
    """How pain changed, + is less pain; None where either time has no score."""
    then, now = pain_score(before.answers), pain_score(after.answers)
    if then is None or now is None:
        return None
    return change_of(then - now, shipped_questionnaire().pain.bands.name(now - then))


def function_change(before: Answered, after: Answered) -> Change | None:
    """How the activities changed, over those that were put and answered both times; None with fewer than
    three: another activity is another scale.
    """
    then, now = _by_activity(before), _by_activity(after)
    both = [name for name in then if name in now]
    if len(both) < LEAST_ACTIVITIES:
        return None
    points = fmean(now[name] - then[name] for name in both)
    return change_of(points, shipped_questionnaire().function.bands.name(points))


def change_of(points: float, band: str) -> Change:
    """A change without the noise of binary fractions."""
    return Change(round(points, 6), band)


def _by_activity(answered: Answered) -> dict[str, int]:
    places = enumerate(answered.activities)
    links = ((name, activity_link(place)) for place, name in places)
    return {name: answered.answers[link] for name, link in links if link in answered.answers}


def rating_words(value: int | None) -> str:
    """The rating of change in its own words; empty where it was not answered."""
    return dict(shipped_questionnaire().change.choices).get(value, "") if value is not None else ""


Compare = Callable[[Answered, Answered], Change | None]


def worsening_of(history: Sequence[Answered]) -> str:
    """What got worse by at least the smallest change that matters, in words; empty where nothing did.

    `history` is oldest first. The newest answers are compared with those before them and with the first
    ones: a slow slide is one too.
    """
    if not history:
        return ""
    found = [*_worse("pain", pain_change, history), *_worse("activities", function_change, history)]
    change = shipped_questionnaire().change
    rating = history[-1].answers.get(change.link_id)
    if rating is not None and rating < 0 and change.bands.name(rating) != "none":
        found.append(f"“{rating_words(rating).lower()}” than at the start")
    return "; ".join(found)


def change_since_start(compare: Compare, earlier: Sequence[Answered], now: Answered) -> Change | None:
    """Against the first time that can be compared; `earlier` is oldest first."""
    return next((change for before in earlier if (change := compare(before, now))), None)


def change_since_last(compare: Compare, earlier: Sequence[Answered], now: Answered) -> Change | None:
    """Against the newest time that can be compared; `earlier` is oldest first."""
    return change_since_start(compare, earlier[::-1], now)


def _worse(name: str, compare: Compare, history: Sequence[Answered]) -> list[str]:
    *earlier, now = history
    for change, since in (
        (change_since_last(compare, earlier, now), "last time"),
        (change_since_start(compare, earlier, now), "the start"),
    ):
        if change is not None and not change.is_better and change.band != "none":
            return [f"{name} worse by {abs(change.points):.1f} since {since}"]
    return []
