"""How hard a set was, in four words that can be tapped, stored as numbers of Borg's CR10 scale.

Anchors: Borg, Med Sci Sports Exerc 1982;14:377, with the words of Foster's form for training sessions
(J Strength Cond Res 2001;15:109): 2 easy, 4 somewhat hard, 7 very hard, 10 as hard as can be. "Right" stands
for somewhat hard: what an exercise at home should feel like.
"""

from dataclasses import dataclass

LEAST, MOST = 0, 10


@dataclass(frozen=True, slots=True)
class EffortChoice:
    value: int
    words: str


EFFORT_CHOICES = (
    EffortChoice(2, "Easy"),
    EffortChoice(4, "Right"),
    EffortChoice(7, "Hard"),
    EffortChoice(10, "Too hard"),
)


def effort_in_words(value: int) -> str:
    """ "Hard (7 of 10)"; a number between the buttons takes the words of the nearest below."""
    at_most = [choice for choice in EFFORT_CHOICES if choice.value <= value]
    words = at_most[-1].words if at_most else EFFORT_CHOICES[0].words
    return f"{words} ({value} of {MOST})"
