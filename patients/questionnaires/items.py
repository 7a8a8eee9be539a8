"""What is asked, read from `outcomes.json`: wording, ends of the scales, bands of change, and sources."""

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

SCALE_LEAST, SCALE_MOST = 0, 10
MOST_ACTIVITIES = 5


@dataclass(frozen=True, slots=True)
class Bands:
    """Sizes of change, in points of the scale, from which patients call it small, medium or large."""

    small: float
    medium: float
    large: float

    def name(self, points: float) -> str:
        """ "none", "small", "medium" or "large", whatever the direction."""
        # Means of whole numbers: a hair under a threshold is a rounding error, not a smaller change.
        size = abs(points) + 1e-9
        if size >= self.large:
            return "large"
        if size >= self.medium:
            return "medium"
        return "small" if size >= self.small else "none"


@dataclass(frozen=True, slots=True)
class Item:
    """One question with a scale of 0 to 10; `short` names it in a table."""

    link_id: str
    short: str
    text: str


@dataclass(frozen=True, slots=True)
class PainItems:
    title: str
    items: tuple[Item, ...]
    least_words: str
    most_words: str
    bands: Bands
    source: str


@dataclass(frozen=True, slots=True)
class FunctionItems:
    title: str
    text: str
    least_words: str
    most_words: str
    bands: Bands
    source: str


@dataclass(frozen=True, slots=True)
class ChangeItem:
    """The rating of change; `choices` are (value, words), the best first."""

    title: str
    link_id: str
    text: str
    choices: tuple[tuple[int, str], ...]
    bands: Bands
    source: str


@dataclass(frozen=True, slots=True)
class WordsItem:
    text: str
    most_letters: int


@dataclass(frozen=True, slots=True)
class Questionnaire:
    """The questions in one version; a stored answer names the version that it was given to."""

    version: int
    title: str
    pain: PainItems
    function: FunctionItems
    change: ChangeItem
    words: WordsItem


@cache
def shipped_questionnaire() -> Questionnaire:
    """The version in force, as shipped."""
    read = json.loads((files(__package__) / "outcomes.json").read_text("utf-8"))
    pain, function, change = read["pain"], read["function"], read["change"]
    items = tuple(Item(**item) for item in pain["items"])
    choices = tuple((choice["value"], choice["words"]) for choice in change["choices"])
    return Questionnaire(
        version=read["version"],
        title=read["title"],
        pain=PainItems(**{**pain, "items": items, "bands": Bands(**pain["bands"])}),
        function=FunctionItems(**{**function, "bands": Bands(**function["bands"])}),
        change=ChangeItem(**{**change, "choices": choices, "bands": Bands(**change["bands"])}),
        words=WordsItem(**read["words"]),
    )


def activity_link(place: int) -> str:
    """The link id of the activity at this place, counted from 0."""
    return f"psfs.{place + 1}"


def asked_links(activities: int, *, with_change: bool) -> tuple[str, ...]:
    """Link ids of all that is asked of a patient with so many activities, in order."""
    asked = shipped_questionnaire()
    pain = (item.link_id for item in asked.pain.items)
    rating = (asked.change.link_id,) if with_change else ()
    return (*pain, *(activity_link(place) for place in range(activities)), *rating)
