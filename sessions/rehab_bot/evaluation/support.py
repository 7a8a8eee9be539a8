"""Whether a sentence rests on what it cites, judged apart from the graph's own verification.

Cruder than that, and on purpose not the same code: it counts words and numbers only.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sessions.rehab_bot.quantities import digits
from sessions.rehab_bot.types import Passage, Plan, PlanExercise, Sentence

WORD = re.compile(r"[a-z]+(?:'[a-z]+)?")
NUMBER = re.compile(r"\d+(?:\.\d+)?")
STEM_LENGTH = 5
SHORTEST_WORD = 4
LEAST_SHARED = 0.5
SETS = re.compile(r"(\d+) sets?\b")
OF_EACH = re.compile(r"(\d+) sets? of (\d+)(?! seconds?| s\b)")
HELD = re.compile(r"hold[a-z ]*?(?:for )?(\d+) (?:seconds?|s\b)|sets? of (\d+) seconds?", re.IGNORECASE)
RESTED = re.compile(r"rest[a-z ]*?(?:for )?(\d+) (?:seconds?|s\b)", re.IGNORECASE)
DAYS = re.compile(r"(\d+) (?:days|times) a week")
LIMIT = re.compile(r"pain (?:is |goes |gets )?(?:up to|over|above|more than) (\d+)", re.IGNORECASE)
ATTRIBUTES = {
    "set": "sets",
    "repetition": "repetitions",
    "hold": "hold_s",
    "rest": "rest_s",
    "day": "days_per_week",
    "pain": "pain_limit",
}


def is_supported(sentence: Sentence, passages: Mapping[str, Passage], *, plan: Plan, question: str) -> bool:
    """Whether every source exists, every number stands in one, and half of the longer words do.

    A sentence that cites nothing may hold no number and no exercise's name: it may only talk.
    """
    text = digits(sentence.text).lower()
    asked = digits(question).lower()
    if not sentence.sources:
        named = any(exercise.name.lower() in text for exercise in plan.exercises)
        return not (named or set(NUMBER.findall(text)) - set(NUMBER.findall(asked)))
    if any(ref not in passages for ref in sentence.sources):
        return False
    cited = " ".join(f"{passages[ref].title} {passages[ref].text}" for ref in sentence.sources)
    known = digits(cited).lower()
    if set(NUMBER.findall(text)) - set(NUMBER.findall(known)) - set(NUMBER.findall(asked)):
        return False
    stems = _stems(text)
    return not stems or len(stems & (_stems(known) | _stems(asked))) >= LEAST_SHARED * len(stems)


def _stems(text: str) -> set[str]:
    return {word[:STEM_LENGTH] for word in WORD.findall(text) if len(word) >= SHORTEST_WORD}


@dataclass(frozen=True, slots=True)
class Quoted:
    """A dose or limit that an answer tells, and what the plan allows it to be."""

    unit: str
    value: int
    allowed: frozenset[int]

    @property
    def is_right(self) -> bool:
        return self.value in self.allowed


def quoted_doses(sentence: Sentence, plan: Plan) -> list[Quoted]:
    """Each number of sets, repetitions, seconds, days or pain that the sentence tells, with the plan's own:
    of the exercises that it cites or names, of all when it does neither.
    """
    text = digits(sentence.text)
    about = _about(sentence, plan)
    found = [("set", value) for value in SETS.findall(text)]
    found += [("repetition", value) for _, value in OF_EACH.findall(text)]
    found += [("hold", one or other) for one, other in HELD.findall(text)]
    found += [("rest", value) for value in RESTED.findall(text)]
    found += [("day", value) for value in DAYS.findall(text)]
    found += [("pain", value) for value in LIMIT.findall(text)]
    return [Quoted(unit, int(value), _allowed(unit, about)) for unit, value in found]


def _about(sentence: Sentence, plan: Plan) -> Sequence[PlanExercise]:
    cited = {ref.split(":")[1] for ref in sentence.sources if ref.startswith("exercise:")}
    text = sentence.text.lower()
    about = [one for one in plan.exercises if one.code in cited or one.name.lower() in text]
    return about or plan.exercises


def _allowed(unit: str, exercises: Iterable[PlanExercise]) -> frozenset[int]:
    return frozenset(int(getattr(one, ATTRIBUTES[unit])) for one in exercises)
