"""A pain of 0 to 10 that somebody tells in their own words.

Weak where the number stands far from the word for pain ("my knee, after all that walking, a six"): then
nothing is read, and the patient is asked.
"""

import re

MOST = 10
_NUMBER_WORDS = dict(
    zip(
        ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
        range(MOST + 1),
        strict=True,
    )
)
_N = rf"(?:\d{{1,2}}(?:[.,]\d)?|{'|'.join(_NUMBER_WORDS)})"
_RANGE = rf"(?P<first>{_N})(?:\s*(?:-|–|to|or|and)\s*(?P<second>{_N}))?"
_OF_TEN = r"\s*(?:/|out\s+of|of|on)\s*(?:a\s+|the\s+)?(?:10|ten)\b"
_PAIN = (
    r"(?:pain\w*|hurt\w*|sore\w*|ach(?:e|es|ed|ing|y)|ouch|stings?|stinging|throb\w*|burn(?:s|ing)|twinge\w*)"
)
# "is now about a", "went up to", "level of", "in my left knee is": what may stand between word and number.
_BETWEEN = (
    r"(?:\s*[:=,]?\s*(?:is|was|are|at|a|an|about|around|like|of|level|score|scale|now|still|only|just|maybe|"
    r"went|goes|got|up|to|from|it|its|it's|say|says|today|between|by|in|on|my|the|left|right|knee|hip|"
    r"shoulder|back|leg|foot|ankle|neck|arm|calf|wrist|elbow|thigh|rating|number)\b){0,7}\s*[:=,~]?\s*"
)
_UNITS = (
    r"(?!\s*(?:days?|weeks?|months?|years?|hours?|hrs?|minutes?|mins?|seconds?|secs?|times?|reps?|"
    r"repetitions?|sets?|steps?|stairs?|miles?|km|kg|pm|am|o'?clock|exercises?|more|different|of\s+them|"
    r"of\s+the)\b)(?!\s*(?!this|is|was|as|its|always|sometimes|towards|afterwards|across)[a-z]{3,}s\b)"
)
_AFTER_WORD = re.compile(rf"\b{_PAIN}{_BETWEEN}\b{_RANGE}(?:{_OF_TEN}|\b(?!\d|[./:]\d){_UNITS})")
_BEFORE_WORD = re.compile(
    rf"\b(?:level\s+)?{_RANGE}(?:{_OF_TEN})?\s+(?:for\s+|of\s+|in\s+)?(?:the\s+)?(?:pain|soreness)\b"
)
_ALONE = re.compile(rf"\b{_RANGE}\s*(?:/|out\s+of)\s*(?:10|ten)\b(?!\s*(?:reps?|repetitions?|times?)\b)")
_PART = r"(?:knee?|hip|shoulder|back|leg|foot|ankle|neck|arm|calf|wrist|elbow|thigh|heel|hand)s?"
_OF_A_PART = re.compile(
    rf"\b{_PART}\s+(?:(?:is|was|are|at|feels|felt|like|now|still|only|just|maybe|about|around|a)\s+){{1,4}}"
    rf"{_RANGE}{_OF_TEN}(?!\s*(?:reps?|repetitions?|times?)\b)"
)
_ROSE = re.compile(rf"\bfrom\s+(?:a\s+)?{_N}\s+(?:up\s+)?to\s+(?:a\s+)?(?P<first>{_N})(?P<second>)\b{_UNITS}")
_NONE = re.compile(rf"\b(?:no|not\s+any|without|zero)\s+{_PAIN}\b|\bpain[\s-]?free\b")
_TALKS_OF_PAIN = re.compile(rf"\b{_PAIN}\b")


def pain_said(text: str) -> int | None:
    """The pain that the words put a number to, 0 to 10; of two numbers the worse. None without one.

    "no pain" alone is not read as 0 here: it may be one of many ("no pain in the hip, but the knee …").
    """
    plain = text.casefold().replace("’", "'")
    if not _TALKS_OF_PAIN.search(plain):
        return _worse(rated) if (rated := _OF_A_PART.search(plain)) else None
    patterns = (_ROSE, _AFTER_WORD, _BEFORE_WORD) + (() if _NONE.search(plain) else (_ALONE,))
    for pattern in patterns:
        values = [value for match in pattern.finditer(plain) if (value := _worse(match)) is not None]
        if values:
            return max(values)
    return None


def says_no_pain(text: str) -> bool:
    """Whether the words say that there is none, and put no number to any."""
    plain = text.casefold()
    return _NONE.search(plain) is not None and pain_said(text) is None


def number_said(text: str) -> int | None:
    """A lone number such as "8", "eight", "8/10" or "7-8" (the higher); None where the words say more."""
    plain = re.sub(r"[!.…]+$", "", text.casefold().replace("’", "'").strip()).strip()
    match = re.fullmatch(
        rf"(?:(?:a|an|about|around|maybe|it's|its|it is|it was|that's|that was|was|felt like|more like|up to|"
        rf"(?:it )?(?:got|went)(?: up)? to|i'd give it|like|just|only|now|say|i'd say|i would say|i think|"
        rf"probably)\s+)*"
        rf"{_RANGE}(?:{_OF_TEN})?(?:\s*ish)?(?:\s+(?:i think|i guess|maybe|now|today|at most|please|or so))*",
        plain,
    )
    return None if match is None else max(_numbers(match))


def _worse(match: re.Match[str]) -> int | None:
    worst = max(_numbers(match))
    return worst if worst <= MOST else None


def _numbers(match: re.Match[str]) -> list[int]:
    """Half a point counts as a whole one: a limit is not passed by rounding down."""
    said = [match["first"], match["second"]]
    return [-int(-float(_as_digits(each)) // 1) for each in said if each]


def _as_digits(word: str) -> str:
    return str(_NUMBER_WORDS.get(word, word)).replace(",", ".")
