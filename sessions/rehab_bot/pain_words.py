"""How strong a pain is, as a patient puts it: a number from 0 to 10, or words."""

import re

from patients.red_flags.pain import PAIN_LEAST, PAIN_MOST
from sessions.rehab_bot.patient_words import NUMBER_WORDS

NUMBER = rf"(?:\d+(?:[.,]\d+)?|{'|'.join(NUMBER_WORDS)})"
OTHER_UNITS = (
    r"(?!\s*(?:sets?|reps?|repetitions?|times|days?|weeks?|months?|years?|minutes?|seconds?|hours?|exercises?"
    r"|am|pm|metres|meters|kg|lb|kilos|steps|ones|of them|squats|lunges|more|in a row|th|st|nd|rd|this)\b)"
)
ABOUT_PAIN = (
    r"(?:pain|pains|painful|hurts?|hurting|hurted|aches?|aching|sore|agony|discomfort|ouch|throbbing)"
)
OF_TEN = re.compile(
    rf"\b({NUMBER})(?:\s*(?:-|–|to|or)\s*({NUMBER}))?\s*(?:/|out of|of|on a scale of|from)\s*(?:10|ten)\b"
)
NEAR_PAIN = re.compile(
    rf"\b{ABOUT_PAIN}\b(?:[^\w.!?]+(?!{NUMBER}\b)[a-z]+){{0,6}}?[^\w.!?]+({NUMBER})(?:\s*(?:-|–|to|or)\s*({NUMBER}))?\b{OTHER_UNITS}"
    rf"|\b({NUMBER})(?:\s*(?:-|–|to|or)\s*({NUMBER}))?{OTHER_UNITS}(?:[^\w.!?]+[a-z]+){{0,2}}?[^\w.!?]+(?:pain|hurts?)\b"
)
SAID_AS = re.compile(
    rf"\b(?:it is|is|was|at|a|an|say|about|maybe|around|like|level|now|up to|to)\s+(?:a |an |about )?({NUMBER})\b{OTHER_UNITS}"
)
BARE = re.compile(
    rf"^\W*(?:pain |about |maybe |a |it is |like |around |i would say )*({NUMBER})(?:\s*(?:-|–|to|or)\s*({NUMBER}))?\W*$"
)
HAS_PAIN = re.compile(
    rf"\b{ABOUT_PAIN}\b|\bkilling me\b|\bplaying up\b|\bstings?\b|\bpinch(?:es|ing)?\b|\btwinges?\b"
)
NO_PAIN = re.compile(
    r"\b(?:no|zero|without(?: any)?|not any|never any) (?:more )?(?:pain|discomfort)\b"
    r"|\b(?:does|did|do|is|was) not (?:really )?(?:hurt|hurting|painful|sore|ache)\b|\bpain ?free\b"
    r"|\b(?:pain|it) (?:is|has|went|all) (?:gone|gone away|away)\b|\bnothing hurts\b"
)
STRONG = re.compile(
    r"\b(?:unbearable|excruciating|agony|agonising|agonizing|killing me|worst|can not (?:stand|bear)|severe|terrible"
    r"|horrible|awful|really bad|very bad|so bad|so much|very much|a lot|really hurts|hurts like hell|screaming|crippling"
    r"|very painful|really painful|too painful|too much|badly|intense|extreme|insane)\b"
)
MILD = re.compile(
    r"\b(?:a bit|a little|slight|slightly|mild|mildly|tiny|little|twinge|niggle|small|hardly|barely|not much)\b"
)


def pain_number(text: str, *, is_answer: bool = False) -> int | None:
    """The pain that a mended text names, 0 to 10; of a range the higher, a half rounded up; else None.

    A number alone counts only when it answers a question about pain (`is_answer`).
    """
    patterns = [
        OF_TEN,
        *([BARE] if is_answer else []),
        *([NEAR_PAIN, SAID_AS] if HAS_PAIN.search(text) else []),
    ]
    for pattern in [*patterns, *([SAID_AS] if is_answer else [])]:
        for found in pattern.finditer(text):
            values = [_value(group) for group in found.groups() if group]
            if values and all(PAIN_LEAST <= value <= PAIN_MOST for value in values):
                return max(values)
    return 0 if NO_PAIN.search(text) else None


def _value(words: str) -> int:
    if words in NUMBER_WORDS:
        return NUMBER_WORDS[words]
    return -int(-float(words.replace(",", ".")) // 1)


def strength_words(text: str) -> str:
    """ "strong" or "mild" where a mended text says so in words, else ""."""
    if STRONG.search(text):
        return "strong"
    return "mild" if MILD.search(text) else ""
