"""How strong a pain is, as a patient puts it: a number from 0 to 10, or words.

The number is read as the pain report reads it (`pain_said`), so that answer and record agree; what is read
beyond that only ever makes the answer stricter.
"""

import re

from patients.red_flags.pain import PAIN_LEAST, PAIN_MOST
from sessions.rehab_bot.pain_said import number_said, pain_said

ABOUT_PAIN = (
    r"(?:pain|pains|painful|hurts?|hurting|aches?|aching|sore|agony|discomfort|uncomfortable|ouch"
    r"|ow|throbbing)"
)
OTHER_UNITS = (
    r"(?!\s*(?:sets?|reps?|repetitions?|times|days?|weeks?|months?|years?|minutes?|seconds?|hours?|exercises?"
    r"|am|pm|metres|meters|kg|lb|kilos|steps|ones|of them|more|in a row|th|st|nd|rd|this)\b)"
)
SAID_AS = re.compile(
    r"\b(?:it is|is|was|at|a|an|say|about|maybe|around|like|level|now|up to) (?:a |an |about )?"
    rf"(\d{{1,2}}(?:\.5)?)\b(?![./:]\d){OTHER_UNITS}"
)
BARE = re.compile(r"^\W*(?:pain|about|maybe|it is|i would say|around|a|an|[ ,])*(.+?)\W*$")
HAS_PAIN = re.compile(
    rf"\b{ABOUT_PAIN}\b|\bkilling me\b|\bplaying up\b|\bstings?\b|\bpinch(?:es|ing)?\b|\btwinges?\b"
)
NO_PAIN = re.compile(
    r"\b(?:no|zero|without(?: any)?|not any|never any) (?:more )?(?:pain|discomfort)\b"
    r"|\b(?:does|did|do|is|was) not (?:really )?(?:hurt|hurting|painful|sore|ache)\b|\bpain ?free\b"
    r"|\b(?:pain|it) (?:is|has|went|all) (?:gone|gone away|away)\b|\bnothing hurts\b"
)
STRONG = re.compile(
    r"\b(?:unbearable|excruciating|agony|agonising|agonizing|killing me|worst|can not (?:stand|bear)|severe"
    r"|terrible|horrible|awful|really bad|very bad|so bad|so much|very much|a lot|really hurts|like hell"
    r"|screaming|crippling|very painful|really painful|too painful|too much|badly|intense|extreme|insane)\b"
)


def pain_number(text: str, *, is_answer: bool = False) -> int | None:
    """The pain that a mended text names, 0 to 10; of several the worst; None without a number.

    A number alone counts only when it answers a question about pain (`is_answer`).
    """
    told: list[int | None] = [pain_said(text)]
    if is_answer or HAS_PAIN.search(text):
        told += _said_as(text)
    if is_answer and (bare := BARE.match(text)):
        told.append(number_said(bare[1]))
    known = [value for value in told if value is not None and PAIN_LEAST <= value <= PAIN_MOST]
    if known:
        return max(known)
    return 0 if NO_PAIN.search(text) else None


def _said_as(text: str) -> list[int]:
    """Half a point counts as a whole one."""
    return [-int(-float(found[1]) // 1) for found in SAID_AS.finditer(text)]


def is_strong(text: str) -> bool:
    """Whether a mended text calls its pain strong in words."""
    return STRONG.search(text) is not None
