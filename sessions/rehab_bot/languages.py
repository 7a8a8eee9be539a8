"""Whether a text is English, by its small words and letters; good enough to say "English only"."""

import re
import unicodedata

from sessions.rehab_bot.knowledge import shipped_small_words

LETTERS = re.compile(r"[^\W\d_]+")


def is_english(text: str) -> bool:
    """False where most letters are not Latin or the small words are those of another language."""
    words = [_bare(word) for word in LETTERS.findall(text.casefold())]
    letters = [letter for word in words for letter in word]
    if not letters:
        return True
    if sum(not unicodedata.name(letter, "").startswith("LATIN") for letter in letters) * 2 > len(letters):
        return False
    english, others = shipped_small_words()
    foreign = sum(word in others - english for word in words)
    return foreign < 2 or foreign <= sum(word in english for word in words)


def _bare(word: str) -> str:
    return "".join(one for one in unicodedata.normalize("NFD", word) if not unicodedata.combining(one))
