"""How many were done, as a patient tells it: "I did 8 out of 10 with my knee straight" is a count, no pain.

The words around the number are a closed list, so that nothing else that is told beside it is lost.
"""

import re

# fmt: off
_WORDS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
          "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen",
          "nineteen", "twenty")
# fmt: on
MOST_WORDS = 20
_NUMBERS = {word: number for number, word in enumerate(_WORDS)}
_N = rf"(?:\d{{1,3}}|{'|'.join(_WORDS[1:])})"
_LIMB = r"(?:knees?|legs?|arms?|elbows?|back|foot|feet|heels?|toes|hips?|hands?)"
_LEAD = (
    r"(?:ok(?:ay)? |no |yes |sorry |actually |wait |oops |i mean |i |i've |ive |i have |it was |"
    r"that was |we |so |and |"
    r"only |just |about |around |maybe |almost |nearly |another |all |well |"
    r"(?:could|can) only (?:do |manage )?)*"
)
_DID = r"(?:got to |got |managed |done |did |made |finished |completed? )"
_OF = rf"(?: (?:of|out of) (?:the |my )?(?P<of>{_N}))?"
_TIMES = (
    r"(?: (?:reps?|repetitions?|times|of them|of those|done|today|only|this time|that time|now|so far|in all|"
    r"i think))"
)
_HOW = (
    rf"(?: (?:with|keeping) (?:my |the |both )?(?:left |right |other )?{_LIMB} "
    r"(?:straight|bent|flat|together|apart|still|up|down|on (?:the|my) \w+|held|supported)"
    rf"| with (?:my |both |the )?(?:hands|help|a break|breaks|a (?:rest|pause)|rests)"
    rf"| (?:on|for|with) (?:my |the |each |one |both )+(?:left |right |good |bad |other )?"
    r"(?:sides?|legs?|arms?|one)|"
    r" each side| slowly| nicely| properly| in a row| without stopping| and (?:no|without(?: any)?) pain|"
    r" (?:with )?no pain| without(?: any)? pain)"
)
_COUNT = re.compile(
    rf"{_LEAD}(?P<did>{_DID})*(?:about |only |just |all )*(?P<n>{_N}){_OF}{_TIMES}*{_HOW}*{_TIMES}*"
)
_NOT = re.compile(rf"{_LEAD}{_DID}*(?P<n>{_N}) (?:and )?not (?P<of>{_N})")

_OF_COUNTS = re.compile(r"\b(?:reps?|repetitions?|times|of them)\b")


def count_said(text: str, *, is_asked: bool = False) -> int | None:
    """The repetitions that the whole of the words tell as done; None where they say more, or something else.

    Where none were asked for, a number needs a word that makes it a count: "did 8", "8 reps". Where they are
    (`is_asked`), "8" and "8 not 10" are counts too.
    """
    plain = _plain(text)
    if len(plain.split()) > MOST_WORDS:
        return None
    counted = _COUNT.fullmatch(plain)
    if counted is None:
        put_right = _NOT.fullmatch(plain) if is_asked else None
        return None if put_right is None else _number(put_right["n"])
    is_count = is_asked or counted["did"] is not None or _OF_COUNTS.search(plain) is not None
    return _number(counted["n"]) if is_count else None


def _number(word: str) -> int:
    return _NUMBERS[word] if word in _NUMBERS else int(word)


def _plain(text: str) -> str:
    plain = text.casefold().replace("’", "'")
    return " ".join(re.sub(r"[.,!…]+", " ", plain).split())
