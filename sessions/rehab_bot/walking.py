"""The walk-through of today's exercises: what the patient's words do in it.

Short answers only ("done", "8", "pain 3", "skip"): longer words are a question, and are answered as one.
"""

import re
from dataclasses import dataclass

from sessions.rehab_bot.pain_said import number_said, pain_said, says_no_pain
from sessions.rehab_bot.types import WalkAct, WalkState

READY, DONE, EFFORT, PAIN, OVER = "ready", "done", "effort", "pain", "over"
MOST_ON_SCALE, MOST_COUNTED = 10, 999
# Over this many words it is not a short answer any more.
SHORT = 8


@dataclass(frozen=True, slots=True)
class WalkSaid:
    """What to do, and the number that goes with it: a count for DONE, 0 to 10 for EFFORT and PAIN."""

    act: WalkAct
    value: int | None = None


_START = re.compile(
    r"(?:can you |could you |please |i want you to |i'd like you to )*"
    r"(?:(?:walk|take|guide|lead|talk) me (?:through|thru)\b.*"
    r"|(?:do|go through|go thru) (?:my|the|today'?s) (?:exercises?|programm?e|plan|session)"
    r"(?: with me| together)?"
    r"|(?:start|begin)(?: (?:my|the|today'?s) (?:exercises?|programm?e|plan|session|workout))?(?: now)?"
    r"|let'?s (?:start|go|begin|do it|exercise)(?: now)?"
    r"|i(?: a|')m ready(?: to (?:start|begin|go|exercise))?|guide me)"
)
_READY = re.compile(r"(?:i(?: a|')m )?ready|yes|yeah|yep|ok(?:ay)?|go|start|begin|sure|skip|next|let'?s go")
_FINISHED = re.compile(
    r"(?:ok(?:ay)? |yes |yeah |yep |i(?: a|')m |i have |i've |all |that(?: i|')s |now )*"
    r"(?:done(?: it| that| them| all)?|finished(?: it| that)?|finish|completed?|did it|did them(?: all)?|"
    r"did all(?: of them)?|all of them|next|yes|yeah|yep|ready)"
    r"(?: (?:now|with (?:it|that|this)|this (?:one|set)|the set|all|please|thanks|thank you))*"
)
_COUNTED = re.compile(
    r"(?:ok(?:ay)? |i |i've |only |just |got |managed |manage |done |did |finished |completed? )*"
    r"(?P<n>\d{1,3})(?: (?:of|out of) \d{1,3})?(?: (?:reps?|repetitions?|times?|of them|done|today|only))*"
)
_SKIP = re.compile(
    r"(?:please |i(?: wi|')ll |let'?s |i(?:'d| would) (?:like|rather) (?:to )?|can (?:i|we) )*"
    r"(?:skip|pass|leave (?:it|this|that) out|next (?:one|exercise|set))"
    r"(?: (?:it|this|that|the|one|set|exercise|please))*"
)
_REPEAT = re.compile(
    r"(?:please )?(?:repeat|again|say (?:it |that )?again|say that once more|what\??|pardon|sorry|"
    r"where (?:are|were) we|what (?:is|was) next|what now|show me again)(?: please)?"
)
_HEARD = re.compile(r"ok(?:ay)?|sure|fine|right|alright|all right|k|got it|i see")
_KEEP = re.compile(r".*\b(?:keep|leave|do) (?:it |this |that |them )?as (?:it )?(?:planned|is|was)\b.*")
_CAMERA = re.compile(r".*\b(?:use|with|open|turn on|switch on|start) (?:the |my |a )?(?:camera|webcam)\b.*")
_END = re.compile(
    r"(?:please |let'?s |i want to |i(?:'d| would) like to |i need to |can (?:i|we) )*"
    r"(?:stop|end|quit|exit|cancel|enough|no more|that'?s (?:it|all|enough)|i(?: a|')m done for today|"
    r"done for today|finish for today|i give up)"
    r"(?: (?:it|now|here|for|today|please|the|session|exercises?|walk(?:-| )?through|exercising|this))*"
)
# Whole answers only. Anchors as in sessions/effort.py; between "hard" and "too hard" the harder is taken.
_EFFORTS = (
    (
        re.compile(
            r".*\b(?<!not )(?:too hard|too much|max(?:imum)?|impossible|extremely hard|exhausting)\b.*"
        ),
        10,
    ),
    (
        re.compile(r"(?:it was |was |it's |felt |quite |very |really |pretty |rather )*(?:hard|tough|heavy)"),
        7,
    ),
    (
        re.compile(
            r"(?:it was |was |it's |felt |just |about )*"
            r"(?:right|ok(?:ay)?|fine|good|medium|moderate|alright|all right|somewhat hard|a bit hard|"
            r"not too hard)"
        ),
        4,
    ),
    (
        re.compile(
            r"(?:it was |was |it's |felt |very |really |quite |too |so )*(?:easy|light|no effort|not hard)"
        ),
        2,
    ),
)
_WITHOUT_PAIN = re.compile(r"(?: and| with)? (?:no|without(?: any)?) pain$")
_NO_PAIN = re.compile(r"(?:no(?:ne|pe|thing)?|not? at all|zero|nil|no pain(?: at all)?|pain[- ]?free)")


def read_walk(text: str, walk: WalkState | None) -> WalkSaid | None:
    """What the words do in a walk-through at `walk`; None when they are something else, such as a question.

    Without a running walk-through only the wish to start is read.
    """
    plain = _plain(text)
    if walk is None or walk.waiting_for == OVER:
        return WalkSaid(WalkAct.START) if _START.fullmatch(plain.rstrip("? ")) else None
    if len(plain.split()) > SHORT and walk.waiting_for != PAIN:
        return None
    for pattern, act in ((_END, WalkAct.END), (_KEEP, WalkAct.KEEP), (_CAMERA, WalkAct.CAMERA)):
        if pattern.fullmatch(plain):
            return WalkSaid(act)
    return _answer(plain, walk.waiting_for) or _any_time(plain)


def _answer(plain: str, waiting_for: str) -> WalkSaid | None:
    """The answer to the question that stands."""
    if waiting_for == DONE:
        return _done(plain)
    if waiting_for == EFFORT:
        return _effort(plain)
    return _pain(plain) or (_start(plain) if waiting_for == READY else None)


def _done(plain: str) -> WalkSaid | None:
    if _FINISHED.fullmatch(plain):
        return WalkSaid(WalkAct.DONE)
    counted = _COUNTED.fullmatch(_WITHOUT_PAIN.sub("", plain))
    if counted and pain_said(plain) is None:
        return WalkSaid(WalkAct.DONE, min(int(counted["n"]), MOST_COUNTED))
    # "ok" says neither that it was done nor that it was not: where the walk stands is said again.
    return WalkSaid(WalkAct.REPEAT) if _HEARD.fullmatch(plain) else _told_pain(plain)


def _effort(plain: str) -> WalkSaid | None:
    number = number_said(plain)
    if number is not None:
        return WalkSaid(WalkAct.EFFORT, number) if number <= MOST_ON_SCALE else WalkSaid(WalkAct.REPEAT)
    felt = next((value for pattern, value in _EFFORTS if pattern.fullmatch(plain)), None)
    return _told_pain(plain) if felt is None else WalkSaid(WalkAct.EFFORT, felt)


def _pain(plain: str) -> WalkSaid | None:
    number = number_said(plain)
    if number is not None:
        return WalkSaid(WalkAct.PAIN, number) if number <= MOST_ON_SCALE else WalkSaid(WalkAct.REPEAT)
    return WalkSaid(WalkAct.PAIN, 0) if _NO_PAIN.fullmatch(plain) else _told_pain(plain)


def _told_pain(plain: str) -> WalkSaid | None:
    """ "pain 3" is an answer; a longer sentence with a number in it is a question about pain too."""
    if len(plain.split()) > SHORT:
        return None
    value = pain_said(plain)
    if value is None and says_no_pain(plain):
        value = 0
    return None if value is None else WalkSaid(WalkAct.PAIN, value)


def _start(plain: str) -> WalkSaid | None:
    return WalkSaid(WalkAct.START) if _READY.fullmatch(plain) or _START.fullmatch(plain) else None


def _any_time(plain: str) -> WalkSaid | None:
    for pattern, act in ((_SKIP, WalkAct.SKIP), (_REPEAT, WalkAct.REPEAT)):
        if pattern.fullmatch(plain):
            return WalkSaid(act)
    return WalkSaid(WalkAct.REPEAT) if _START.fullmatch(plain) else None


def _plain(text: str) -> str:
    """Lower case, one blank between words, without the full stops and commas of short answers."""
    plain = text.casefold().replace("’", "'")
    plain = re.sub(r"(?<!\d)[.,!…]+|[.,!…]+(?!\d)", " ", plain)
    return " ".join(plain.split())
