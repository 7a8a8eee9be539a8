"""The walk-through of today's exercises: what the patient's words do in it.

Short answers only ("done", "8", "pain 3", "skip"): longer words are a question, and are answered as one.
"""

import re
from dataclasses import dataclass

from sessions.rehab_bot.again import AGAIN
from sessions.rehab_bot.counting import count_said
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
_READY = re.compile(
    r"(?:i(?: a|')m |i feel |ok(?:ay)? |yes )*(?:ready|yes|yeah|yep|ok(?:ay)?|go|start|begin|sure|skip|next|"
    r"let'?s go|go on|continue|fine|good|all good|great)"
)
_FINISHED = re.compile(
    r"(?:ok(?:ay)? |yes |yeah |yep |i(?: a|')m |im |i have |i've |ive |i mean |i |all |that(?: i|"
    r"')s |now |got )*"
    r"(?:done(?: it| that| them| all)?|finished(?: it| that)?|finish|completed?|did it|did (?:this|"
    r"that)(?: one)?|"
    r"did them(?: all)?|did all(?: of them)?|all of them|done all|it done|next|yes|yeah|yep|ready)"
    r"(?: (?:now|with (?:it|that|this|(?:my )?hands|help)|this (?:one|set)|the set|all|"
    r"i think|again|please|thanks|thank you))*"
)
_SKIP = re.compile(
    r"(?:please |i(?: wi|')ll |let'?s |i(?:'d| would) (?:like|rather) (?:to )?|can (?:i|we) )*"
    r"(?:skip|pass|leave (?:it|this|that) out|next (?:one|exercise|set))"
    r"(?: (?:it|this|that|the|one|set|exercise|please))*"
)
# Of the questions after a set: one may be passed over, and left as it was for the set before.
_PASS = re.compile(
    r"next|rather not(?: say)?|(?:i )?(?:do not|don't|dont) (?:want to (?:say|tell)|know)|(?:i(?: a|"
    r"')m )?not sure|"
    r"no idea|never ?mind|whatever"
)
_SAME = re.compile(
    r"(?:about |still |much )*(?:the )?same(?: (?:as|like) (?:before|last time|the last one)| again)?|"
    r"as before|no change"
)
_REPEAT = re.compile(
    r"(?:please |can you |could you |ok(?:ay)? |i(?: a|')m |im )*(?:repeat(?: (?:it|that))?|again|"
    r"say (?:it |that )?again|say that once more|back(?: (?:now|again))?|here again|go on|carry on|continue|"
    r"resume|let'?s (?:go on|continue|carry on)|where (?:are|were) we|what (?:is|was|"
    r"did you say) ?(?:next|again)?|"
    r"what did (?:you|u) say|i forgot what you said|what now|show me again)(?: please)?\??"
)
_WAIT = re.compile(
    r"(?:please |ok(?:ay)? |can you |can (?:i|we) |let me |i |i(?: wi|')ll |just )*"
    r"(?:wait|hold on|hang on|(?:give me |need |have |take |want )*(?:a |one |some |to )*"
    r"(?:moment|minute|min|second|sec|break|pause|rest|breather|drink)|not (?:done )?yet|slow(?:er| down)|"
    r"too fast|(?:i(?: a|')m |im )?still (?:doing|going|resting|working|on) ?(?:it|this|that|on it)?|brb|"
    r"be right back|(?:be )?back (?:soon|in a (?:minute|moment|second|sec))|(?:have|need|got) to go(?: now)?|"
    r"(?:someone|somebody)(?: i|')?s at the door|the (?:door ?bell|phone) (?:rang|is ringing))"
    r"(?: (?:please|now|there|first|a (?:minute|moment|second|bit)))*"
)
_LOST = re.compile(
    r"(?:sorry |oops |i |i've |ive |i have )*(?:lost (?:count|track)|forgot (?:to count|the count|how many)|"
    r"(?:did not|didn't|didnt|do not|don't|dont) (?:count|know how many)(?: (?:them|it|i did))?|"
    r"not sure how many(?: i did)?|no idea how many(?: i did)?)"
)
_LEFT = re.compile(
    r"(?:so |and |ok(?:ay)? )*(?:how (?:many|much|long)(?: (?:more|longer|sets?|exercises?|are|is|"
    r"have i got|do i have|"
    r"there|time|still|to do|left|to go|until i(?: a|')m done))+|(?:am i|are we|is (?:it|that|this))"
    r"(?: (?:nearly|almost|all|there|done|finished|it|over|soon|the last(?: one| set| exercise)?|yet|now))+|"
    r"when (?:am i|will i be|is (?:it|this)) (?:done|finished|over)|how far (?:are we|am i)(?: along)?|"
    r"what(?: i|')s left|what is left(?: for today| to do)?|nearly (?:done|there|finished))\??"
)
_HEARD = re.compile(r"ok(?:ay)?|sure|fine|right|alright|all right|k|got it|i see|good|great|cool|yes please")
# Pain that is told in words where a number was asked for.
_VAGUE = re.compile(
    r"(?:it |its |it's |it is |hurts |only |just |maybe |very |quite |really |pretty |still |feels )*"
    r"(?:a (?:bit|little|lot|tiny bit|little bit)|mild|slight(?:ly)?|some|moderate|medium|average|bad|"
    r"not (?:much|bad|too bad|really|that bad)|hardly any|better|worse|less|more|ok(?:ay)?|fine|good|alright|"
    r"all (?:good|right)|i(?: a|')m (?:fine|ok|good)|done|finished|yes|yeah|right|easy|"
    r"hard)(?: (?:now|today|i think))*"
)
_KEEP = re.compile(r".*\b(?:keep|leave|do) (?:it |this |that |them )?as (?:it )?(?:planned|is|was)\b.*")
_CAMERA = re.compile(r".*\b(?:use|with|open|turn on|switch on|start) (?:the |my |a )?(?:camera|webcam)\b.*")
_END = re.compile(
    r"(?:please |let'?s |i want to |i(?:'d| would) like to |i need to |can (?:i|we) )*"
    r"(?:stop|end|quit|exit|cancel|enough|no more|that'?s (?:it|all|enough)|i(?: a|')m done for today|"
    r"done for today|finish for today|i give up)"
    r"(?: (?:it|now|here|for|today|please|the|session|exercises?|walk(?:-| )?through|exercising|this))*"
)
# Outside a walk-through: nothing that may as well be said to the assistant, such as "that's enough".
_STOP = re.compile(
    r"(?:please |ok(?:ay)? |i want to |i need to |let'?s )*(?:stop|end|quit|exit|cancel)"
    r"(?: (?:it|now|here|for today|today|please|the|session|exercises?|walk(?:-| )?through|exercising|this))*"
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
        re.compile(
            r"(?:it was |was |it's |felt |quite |very |really |pretty |rather |so |that was )*"
            r"(?:hard|tough|heavy|difficult|challenging|tiring|a struggle|hard work)"
        ),
        7,
    ),
    (
        re.compile(
            r"(?:it was |was |it's |felt |just |about |that was |pretty |quite )*"
            r"(?:right|ok(?:ay)?|fine|good|medium|moderate|alright|all right|somewhat hard|"
            r"a (?:bit|little) (?:hard|tough|tiring|difficult)|not too (?:hard|bad|easy)|not bad|so ?so|"
            r"average|normal|comfortable|manageable|in between|in the middle)"
        ),
        4,
    ),
    (
        re.compile(
            r"(?:it was |was |it's |felt |very |really |quite |too |so |super |that was |pretty )*"
            r"(?:easy|easy peasy|ez|light|no effort|not hard|simple|no problem|no bother|a piece of cake|"
            r"piece of cake|nothing)"
        ),
        2,
    ),
)
_NO_PAIN = re.compile(r"(?:no(?:ne|pe|thing)?|not? at all|zero|nil|no pain(?: at all)?|pain[- ]?free)")


def read_walk(text: str, walk: WalkState | None) -> WalkSaid | None:
    """What the words do in a walk-through at `walk`; None when they are something else, such as a question.

    Without a running walk-through only the wishes to start and to stop are read.
    """
    plain = _plain(text)
    if walk is None or walk.waiting_for == OVER:
        return _outside(plain)
    if (counted := _counted(text, walk.waiting_for)) is not None:
        return counted
    if len(plain.split()) > SHORT and walk.waiting_for != PAIN:
        return None
    for pattern, act in ((_END, WalkAct.END), (_KEEP, WalkAct.KEEP), (_CAMERA, WalkAct.CAMERA)):
        if pattern.fullmatch(plain):
            return WalkSaid(act)
    return _answer(plain, walk.waiting_for) or _any_time(plain, walk.waiting_for)


def _outside(plain: str) -> WalkSaid | None:
    if _STOP.fullmatch(plain):
        return WalkSaid(WalkAct.END)
    return WalkSaid(WalkAct.START) if _START.fullmatch(plain.rstrip("? ")) else None


def _counted(text: str, waiting_for: str) -> WalkSaid | None:
    """A count of the set that is on; after it only words that can mean nothing else are a better count."""
    is_number = number_said(text) is not None
    # "It got to 8" tells of pain where pain is asked for.
    if waiting_for == READY or (waiting_for == PAIN and is_number):
        return None
    is_asked = waiting_for == DONE or (waiting_for == EFFORT and not is_number)
    count = count_said(text, is_asked=is_asked)
    return None if count is None else WalkSaid(WalkAct.DONE, min(count, MOST_COUNTED))


def _answer(plain: str, waiting_for: str) -> WalkSaid | None:
    """The answer to the question that stands."""
    if waiting_for == DONE:
        return _done(plain)
    if waiting_for == EFFORT:
        return _effort(plain) or _passed(plain)
    if waiting_for == READY:
        return _pain(plain) or _start(plain) or _unclear_pain(plain)
    return _pain(plain) or _passed(plain) or _unclear_pain(plain)


def _done(plain: str) -> WalkSaid | None:
    if _FINISHED.fullmatch(plain):
        return WalkSaid(WalkAct.DONE)
    if _LOST.fullmatch(plain):
        return WalkSaid(WalkAct.GUESS)
    if plain in ("none", "zero", "nothing"):
        return WalkSaid(WalkAct.DONE, 0)
    # "ok" says neither that it was done nor that it was not: where the walk stands is said again.
    return WalkSaid(WalkAct.WAIT) if _HEARD.fullmatch(plain) else _told_pain(plain)


def _effort(plain: str) -> WalkSaid | None:
    number = number_said(plain)
    if number is not None:
        return WalkSaid(WalkAct.EFFORT, number) if number <= MOST_ON_SCALE else WalkSaid(WalkAct.EXPLAIN)
    felt = next((value for pattern, value in _EFFORTS if pattern.fullmatch(plain)), None)
    return _told_pain(plain) if felt is None else WalkSaid(WalkAct.EFFORT, felt)


def _passed(plain: str) -> WalkSaid | None:
    """What is said to both questions after a set; "done" again leaves them open."""
    for pattern, act in ((_PASS, WalkAct.SKIP), (_SAME, WalkAct.SAME), (_FINISHED, WalkAct.REPEAT)):
        if pattern.fullmatch(plain):
            return WalkSaid(act)
    return None


def _unclear_pain(plain: str) -> WalkSaid | None:
    return WalkSaid(WalkAct.EXPLAIN) if _VAGUE.fullmatch(plain) else None


def _pain(plain: str) -> WalkSaid | None:
    number = number_said(plain)
    if number is not None:
        return WalkSaid(WalkAct.PAIN, number) if number <= MOST_ON_SCALE else WalkSaid(WalkAct.EXPLAIN)
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


def _any_time(plain: str, waiting_for: str) -> WalkSaid | None:
    ways = [(_SKIP, WalkAct.SKIP), (_WAIT, WalkAct.WAIT), (AGAIN, WalkAct.EXPLAIN), (_REPEAT, WalkAct.REPEAT)]
    if waiting_for != READY:
        ways.append((_LEFT, WalkAct.LEFT))
    for pattern, act in ways:
        if pattern.fullmatch(plain):
            return WalkSaid(act)
    return WalkSaid(WalkAct.REPEAT) if _START.fullmatch(plain) else None


def _plain(text: str) -> str:
    """Lower case, one blank between words, without the full stops and commas of short answers."""
    plain = text.casefold().replace("’", "'")
    plain = re.sub(r"(?<!\d)[.,!…]+|[.,!…]+(?!\d)", " ", plain)
    return " ".join(plain.split())
