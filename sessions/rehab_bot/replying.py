"""Short replies to a question that the assistant has left open."""

import re
from collections.abc import Sequence

from patients.red_flags import shipped_rules

_YES = re.compile(
    r"(?:yes|yeah|yep|yup|aye|y|yes i do|yes i have|i do|i have|correct|right|true|sure|both|all of them|"
    r"(?:yes )?(?:a bit|a little|sometimes|slightly|somewhat|maybe|i think so|kind of|sort of|possibly|"
    r"not sure|i(?: a|')m not sure|i don'?t know|don'?t know))"
    r"(?: (?:it is|it does|they are|there is|they do|that'?s right|i am|please|indeed))*"
)
_NO = re.compile(
    r"(?:no|nope|nah|n|none|neither|not at all|no i don'?t|no i haven'?t|i don'?t|i haven'?t|nothing|never|"
    r"nothing like that|none of (?:these|those|them|that)|no neither)"
    r"(?: (?:none|nothing|neither|not at all|it isn'?t|it doesn'?t|i don'?t|i haven'?t|thanks|thank you|"
    r"at all|of (?:these|those|them|that)|like that))*"
)
_BUT = re.compile(r"\b(?:but|though|except|only|just|idea|sure|clue|more)\b")
SHORT = 8
_MOMENTS = (
    (
        "next_morning",
        re.compile(r"\b(?:this morning|next morning|morning after|when i woke|woke up|on waking)\b"),
    ),
    ("before", re.compile(r"\b(?:before|not (?:yet )?(?:exercised|started|begun)|have not started)\b")),
    ("after", re.compile(r"\b(?:after|afterwards|since the exercises?|later)\b")),
    ("stop", re.compile(r"\b(?:during|while|in the middle|when i (?:do|did|was doing)|doing)\b")),
)


def read_screening_reply(text: str, choices: Sequence[str]) -> tuple[str, ...] | None:
    """The questions (ids, of `choices`) that the words say yes to; () for a no; None for anything else.

    A bare yes, and one in doubt ("not sure"), says yes to every question that was asked.
    """
    plain = _plain(text)
    named = tuple(
        question.id
        for question in shipped_rules().questions
        if question.id in choices and _plain(question.text) in plain.removeprefix("yes ")
    )
    if named:
        return named
    if _YES.fullmatch(plain) or plain.startswith(("yes ", "yeah ", "yep ")):
        return tuple(choices)
    is_short_no = plain.startswith(("no ", "nope ")) and len(plain.split()) <= SHORT
    return () if _NO.fullmatch(plain) or (is_short_no and not _BUT.search(plain)) else None


def read_pain_moment(text: str) -> str | None:
    """When a pain was felt: "before" or "after" exercise, the "next_morning", or "stop" (while at it)."""
    plain = _plain(text)
    return next((moment for moment, pattern in _MOMENTS if pattern.search(plain)), None)


def _plain(text: str) -> str:
    plain = text.casefold().replace("’", "'")
    return " ".join(re.sub(r"[^\w'\s]", " ", plain).split())
