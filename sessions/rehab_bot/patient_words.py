"""A patient's typing brought to plain words: short forms, slang and typing errors mended."""

import re
import unicodedata
from functools import cache

from patients.red_flags.hearing.spelling import Mender
from sessions.rehab_bot.knowledge import shipped_nicknames, shipped_wordings

LONGEST = 2000
TOKEN = re.compile(r"[a-z]+|\d+")
CLAUSE_ENDS = re.compile(r"[.!?;\n]+|,? (?:and|but|also|plus|so|then) |, ")
SLANG = {
    "u": "you", "ur": "your", "r": "are", "wot": "what", "wat": "what", "wats": "what is", "whats": "what is",
    "hows": "how is", "wheres": "where is", "whens": "when is", "whos": "who is", "im": "i am", "ive": "i have",
    "ill": "i will", "id": "i would", "dont": "do not", "doesnt": "does not", "didnt": "did not",
    "cant": "can not", "cannot": "can not", "wont": "will not", "isnt": "is not", "havent": "have not",
    "hasnt": "has not", "couldnt": "could not", "shouldnt": "should not", "wouldnt": "would not",
    "arent": "are not", "wasnt": "was not", "aint": "is not", "its": "it is", "thats": "that is",
    "theres": "there is", "gonna": "going to", "wanna": "want to", "gotta": "have to", "gimme": "give me",
    "lemme": "let me", "dunno": "do not know", "cuz": "because", "coz": "because", "cos": "because",
    "pls": "please", "plz": "please", "thx": "thanks", "tnx": "thanks", "thanx": "thanks", "ty": "thanks",
    "ta": "thanks", "cya": "bye", "tmrw": "tomorrow", "tmr": "tomorrow", "tomoz": "tomorrow", "2day": "today",
    "2moro": "tomorrow", "2morrow": "tomorrow", "b4": "before", "gr8": "great", "idk": "do not know",
    "rn": "now", "secs": "seconds", "sec": "seconds", "mins": "minutes", "min": "minutes", "reps": "reps",
    "wk": "week", "wks": "weeks", "hrs": "hours", "ex": "exercise", "exs": "exercises", "exercize": "exercise",
    "excercise": "exercise", "excercises": "exercises", "exersize": "exercise", "exersise": "exercise",
    "exersizes": "exercises", "exercices": "exercises", "excersise": "exercise", "excersises": "exercises",
    "physio": "therapist", "physiotherapist": "therapist", "pt": "therapist", "knackered": "too tired",
    "hurtin": "hurting", "doin": "doing", "goin": "going", "nothin": "nothing", "ya": "you", "yer": "your",
    "prog": "programme", "program": "programme", "routine": "programme", "regime": "programme",
    "workout": "session", "meds": "medicine", "hav": "have", "hw": "how", "hv": "have", "teh": "the",
    "nd": "and", "n": "and", "w": "with", "abt": "about", "ppl": "people", "k": "ok", "okay": "ok",
}  # fmt: skip
NUMBER_WORDS = {
    "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "nine": 9, "ten": 10,
}  # fmt: skip


def plain(text: str) -> str:
    """Lower case, one blank between words, apostrophes gone; sentence marks stay. At most 2,000 characters."""
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
    """A mended text in its parts, each a question or statement of its own; one part where it has no joints."""
    parts = [part.strip() for part in CLAUSE_ENDS.split(text)]
    return [part for part in parts if part]


def _mended_word(word: str) -> str:
    if word in SLANG:
        return SLANG[word]
    if not word.isalpha():
        return word
    fixed = _mender().mend(word)
    return SLANG.get(fixed, fixed)


@cache
def _mender() -> Mender:
    """Mends towards the words of all shipped wordings and names."""
    names = shipped_nicknames()
    texts = [text for rows in shipped_wordings().values() for text in rows]
    texts += [name for rows in names.names.values() for name in rows] + list(names.elsewhere)
    return Mender({word for text in texts for word in TOKEN.findall(plain(text))} | set(SLANG))
