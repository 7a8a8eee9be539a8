"""Does a passage say what a sentence says? Word by word, clause by clause, with the same "not" and "only if".

Deliberately narrow: a true sentence in other words than the passage's is refused too. It knows words, not
meaning; what it lets through says nothing that one sentence of a cited passage does not say.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from sessions.rehab_bot.citing import sentences_of
from sessions.rehab_bot.quantities import digits

_WORD = re.compile(r"[a-zà-ÿ]+(?:'[a-z]+)?|\d+(?:[.,]\d+)?")
_CLAUSE = re.compile(r"\s*[,;:]\s+|\s+(?:and|then|while|with|but|so)\s+|\s+[–—-]\s+")

_CONDITIONS = (
    "if|when|whenever|unless|until|till|before|after|once|although|though|despite|because|since|in case|"
    "as long|as soon"
)
_CONDITION = re.compile(rf"\s*(?:(?:even|only|just|and|but|or) )*(?:{_CONDITIONS})\b", re.IGNORECASE)

_CONTRACTIONS = (
    (re.compile(r"\b(?:can't|cannot)\b"), "can not"),
    (re.compile(r"\bwon't\b"), "will not"),
    (re.compile(r"\b(\w+)n't\b"), r"\1 not"),
    (re.compile(r"\b(\w+)'(?:re|ve|ll|d|m|s)\b"), r"\1"),
)

NEGATIONS = frozenset(
    {"not", "no", "never", "none", "nor", "neither", "without", "avoid", "nobody", "nothing"}
)
# A passage that allows something only so far must not be told without its limit.
LIMITS = frozenset({"only", "until", "unless", "before", "if", "when", "feel"})
CAUTIONS = frozenset({"stop", "rest", "call", "write", "ask", "tell"})

_SAME = {
    "raise": "lift", "rise": "lift", "rose": "lift", "slow": "slowly", "begin": "start", "tummy": "stomach",
    "belly": "stomach", "bottom": "buttock", "glute": "buttock", "hurt": "pain", "ache": "pain",
    "painful": "pain", "rep": "repetition", "time": "repetition", "sec": "second", "min": "minute",
    "physio": "therapist", "physiotherapist": "therapist", "movement": "move", "motion": "move",
    "bent": "bend", "lain": "lie", "lying": "lie", "held": "hold", "kept": "keep", "stood": "stand",
    "felt": "feel", "feet": "foot", "done": "do", "gone": "go", "went": "go", "sat": "sit", "leant": "lean",
    "made": "make", "straighten": "straight", "toward": "towards", "daily": "day", "everyday": "day",
}  # fmt: skip

# Words that say nothing by themselves. No direction, no permission, no amount, no "yes" is among them.
NEUTRAL = frozenset((Path(__file__).with_name("lexicon") / "neutral.txt").read_text(encoding="utf-8").split())


@lru_cache(maxsize=4096)
def stem(word: str) -> str:
    """A word without its ending: "lifting" and "lifts" are one. Coarse, and the same on both sides."""
    word = _SAME.get(word, word)
    for ending, least in (("ing", 4), ("ed", 4), ("es", 5), ("s", 4)):
        if (
            word.endswith(ending)
            and len(word) - len(ending) >= least - 1
            and not word.endswith(("ss", "ness"))
        ):
            if ending == "es" and not word.endswith(("ches", "shes", "sses", "xes", "oes")):
                continue
            word = _undouble(word[: -len(ending)]) if ending in ("ing", "ed") else word[: -len(ending)]
            break
    word = _SAME.get(word, _SAME.get(word + "e", word))
    return word[:-1] if word.endswith("e") and len(word) > 3 else word


def _undouble(word: str) -> str:
    return word[:-1] if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "sl" else word


def words_of(text: str) -> list[str]:
    """The stems of `text` in order, number words as digits, contractions written out."""
    plain = text.lower().replace("’", "'")
    for pattern, written in _CONTRACTIONS:
        plain = pattern.sub(written, plain)
    return [stem(word) for word in _WORD.findall(digits(plain))]


_NEUTRAL_STEMS = frozenset(stem(word) for word in NEUTRAL)
_NEGATION_STEMS = frozenset(stem(word) for word in NEGATIONS)
_LIMIT_STEMS = frozenset(stem(word) for word in LIMITS)
_CAUTION_STEMS = frozenset(stem(word) for word in CAUTIONS)


def content_of(words: Iterable[str]) -> frozenset[str]:
    """The words that need support; numbers but for "one" are checked with their units elsewhere."""
    return frozenset(
        each for each in words if each not in _NEUTRAL_STEMS and (each == "1" or not each[0].isdigit())
    )


@dataclass(frozen=True, slots=True)
class _Said:
    words: frozenset[str]
    denies: bool
    limits: frozenset[str]


def _said(text: str) -> _Said:
    words = frozenset(words_of(text))
    return _Said(words, bool(words & _NEGATION_STEMS), words & _LIMIT_STEMS)


@lru_cache(maxsize=2048)
def _passage_sentences(text: str) -> tuple[tuple[_Said, tuple[_Said, ...]], ...]:
    """Each sentence of a passage, and its clauses."""
    return tuple(
        (_said(sentence), tuple(_said(part) for part in clauses_of(sentence)))
        for sentence in sentences_of(text)
    )


def clauses_of(sentence: str) -> list[str]:
    """A sentence cut at what joins clauses. A condition stays with what it is said of: "hold, if it hurts" is
    one clause, so that one passage sentence must say both.
    """
    clauses: list[str] = []
    waits = False
    for part in _CLAUSE.split(sentence):
        if not part.strip():
            continue
        is_condition = bool(_CONDITION.match(part))
        if clauses and (is_condition or waits):
            clauses[-1] = f"{clauses[-1]} {part}"
        else:
            clauses.append(part)
        # A condition that opens the sentence waits for what depends on it.
        waits = is_condition and len(clauses) == 1 and clauses[0] == part
    return clauses


def unsupported(sentence: str, texts: Sequence[str], *, topic: Iterable[str] = ()) -> str:
    """Why the passages `texts` do not support `sentence`, or "".

    "unsupported": a clause has a word that no single passage sentence with its other words has; "negation":
    only a passage sentence with the opposite "not" does; "limit": the passage says "only", "if" or "until"
    and the sentence leaves it out. Words of `topic` (the exercise's name) need no support.
    """
    known = frozenset(word for each in topic for word in words_of(each))
    whole = frozenset(words_of(sentence))
    worst = ""
    for clause in clauses_of(sentence):
        said = _said(clause)
        wanted = content_of(said.words) - known - _NEGATION_STEMS
        if not wanted and not said.denies:
            continue
        reason = _clause_reason(said, wanted, whole, texts)
        if reason:
            worst = min((each for each in (worst, reason) if each), key=_ORDER.index)
    return worst


_ORDER = ("negation", "limit", "unsupported")


def _clause_reason(said: _Said, wanted: frozenset[str], whole: frozenset[str], texts: Sequence[str]) -> str:
    holding = [
        (sentence, clauses)
        for text in texts
        for sentence, clauses in _passage_sentences(text)
        if wanted and wanted <= sentence.words
    ]
    if not holding:
        return "unsupported"
    agreeing = [pair for pair in holding if _denies(pair, wanted) == said.denies]
    if not agreeing:
        return "negation"
    if any(sentence.limits <= whole for sentence, _ in agreeing) or said.words & _CAUTION_STEMS:
        return ""
    return "limit"


def _denies(pair: tuple[_Said, tuple[_Said, ...]], wanted: frozenset[str]) -> bool:
    """Whether the passage denies the wanted words: by the clause that has them all, else as a whole."""
    sentence, clauses = pair
    exact = [clause for clause in clauses if wanted <= clause.words]
    return exact[0].denies if exact else sentence.denies


def has_content(sentence: str, *, topic: Iterable[str] = ()) -> bool:
    """Whether `sentence` says anything that needs support, besides the exercise's name."""
    known = frozenset(word for each in topic for word in words_of(each))
    return bool(content_of(words_of(sentence)) - known)
