"""How hard a text is to read, as a school grade."""

import re

WORDS = re.compile(r"[A-Za-z]+(?:['’][A-Za-z]+)*|\d+(?:[.,]\d+)*")
SENTENCE_ENDS = re.compile(r"[.!?:]+(?=\s|$)|\n+")
VOWELS = re.compile(r"[aeiouy]+")
SILENT_END = re.compile(r"(?:[^laeiouy]es|[^tdaeiouy]ed|[^laeiouy]e)$")
SPLIT_VOWELS = re.compile(r"i[aou]|[^q]ua|eo|[aeiou]ing|ya")
JOINED_VOWELS = re.compile(r"[tcsg]i[aou]|eou|geo")
BY_HAND = {"exercise": 3, "exercises": 3, "something": 2, "sometimes": 2, "somebody": 3, "someone": 2}


def reading_grade(text: str) -> float:
    """Flesch-Kincaid grade (Kincaid et al. 1975); 0.0 for a text without words, never below 0.

    Syllables are counted by rule, so that single words may be one off; numbers count as one syllable.
    """
    words = WORDS.findall(text)
    if not words:
        return 0.0
    sentences = sum(1 for part in SENTENCE_ENDS.split(text) if WORDS.search(part))
    syllables = sum(syllables_of(word) for word in words)
    return max(0.0, 0.39 * len(words) / max(sentences, 1) + 11.8 * syllables / len(words) - 15.59)


def syllables_of(word: str) -> int:
    """Syllables of an English word, at least one."""
    plain = word.lower().replace("’", "'").split("'")[0]
    if plain in BY_HAND:
        return BY_HAND[plain]
    if not plain or plain[0].isdigit():
        return 1
    count = len(VOWELS.findall(plain)) - (1 if SILENT_END.search(plain) else 0)
    count += len(SPLIT_VOWELS.findall(plain)) - len(JOINED_VOWELS.findall(plain))
    return max(1, count)
