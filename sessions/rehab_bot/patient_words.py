"""A patient's typing brought to plain words: short forms, slang and typing errors mended."""

import re
import unicodedata
from functools import cache

from patients.red_flags.hearing.spelling import Mender
from sessions.rehab_bot.knowledge import shipped_nicknames, shipped_short_forms, shipped_wordings

LONGEST = 2000
TOKEN = re.compile(r"[a-z]+|\d+")
CLAUSE_ENDS = re.compile(r"[.!?;\n]+|,? (?:and|but|also|plus|so|then) |, ")


def plain(text: str) -> str:
    """Lower case, one blank between words, no apostrophes; sentence marks stay. At most 2,000 characters."""
    whole = unicodedata.normalize("NFKC", text[:LONGEST]).casefold()
    whole = whole.replace("’", "'").replace("‘", "'").replace("`", "'")
    whole = re.sub(r"(?<=[a-z])'(?=[a-z])", "", whole)
    return re.sub(r"[ \t\r\f\v]+", " ", whole).strip()


def mended(text: str) -> str:
    """`plain` with slang spelled out and typing errors mended towards the words that the assistant knows."""
    return re.sub(r"[a-z]+\d*[a-z]*|\d+[a-z]+", lambda found: _mended_word(found.group()), plain(text))


def words_of(text: str) -> list[str]:
    """The words and numbers of a mended text."""
    return TOKEN.findall(text)


def clauses_of(text: str) -> list[str]:
    """A mended text in its parts, each a question or statement of its own."""
    parts = [part.strip() for part in CLAUSE_ENDS.split(text)]
    return [part for part in parts if part]


def _mended_word(word: str) -> str:
    slang = shipped_short_forms()
    if word in slang:
        return slang[word]
    if not word.isalpha():
        return word
    fixed = _mender().mend(word)
    return slang.get(fixed, fixed)


@cache
def _mender() -> Mender:
    """Mends towards the words of all shipped wordings and names."""
    names = shipped_nicknames()
    texts = [text for rows in shipped_wordings().values() for text in rows]
    texts += [name for rows in names.names.values() for name in rows] + list(names.elsewhere)
    return Mender(
        {word for text in texts for word in TOKEN.findall(plain(text))} | set(shipped_short_forms())
    )
