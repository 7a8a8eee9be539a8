"""Whether a note is in English: lexicons and rules for another language would find nothing, or nonsense."""

from __future__ import annotations

import re
from collections.abc import Callable

WORD = re.compile(r"[^\W\d_]+")
ENGLISH = frozenset(
    [
        "the",
        "of",
        "and",
        "to",
        "in",
        "with",
        "is",
        "was",
        "for",
        "on",
        "at",
        "by",
        "has",
        "had",
        "patient",
        "no",
        "left",
        "right",
        "pain",
        "he",
        "she",
        "his",
        "her",
        "be",
        "will",
        "that",
        "not",
        "are",
        "were",
    ]
)
# The commonest words of languages that English clinics receive letters in.
FOREIGN = {
    "Spanish": frozenset({
        "el", "la", "los", "las", "de", "del", "que", "y", "en", "con", "por", "para", "una", "un",
        "se", "su", "al", "es", "paciente", "dolor", "derecha", "izquierda", "rodilla", "sin",
        "más", "años",
    }),
    "French": frozenset({
        "le", "la", "les", "des", "du", "une", "et", "est", "avec", "pour", "dans", "sur", "au",
        "aux", "droite", "gauche", "douleur", "sans", "patient", "ans",
    }),
    "German": frozenset({
        "der", "die", "das", "und", "ist", "mit", "nicht", "ein", "eine", "von", "im", "zu", "den",
        "dem", "des", "auf", "links", "rechts", "schmerzen", "keine", "seit",
    }),
    "Portuguese": frozenset({
        "o", "os", "as", "do", "da", "dos", "das", "que", "e", "em", "com", "por", "para", "uma",
        "um", "se", "paciente", "dor", "direita", "esquerda", "joelho", "sem", "não",
    }),
    "Italian": frozenset({
        "il", "lo", "gli", "di", "che", "e", "un", "una", "con", "per", "dolore", "destra",
        "sinistra", "ginocchio", "senza", "non", "della", "del",
    }),
}  # fmt: skip
ENOUGH_WORDS = 12
LOOKED_AT = 20_000


def foreign_language(text: str) -> str | None:
    """The language's name where the text is clearly not English, "another language" for other scripts, or
    None.
    """
    words = [found.group().lower() for found in WORD.finditer(text[:LOOKED_AT])]
    if len(words) < ENOUGH_WORDS:
        return None
    if _share(words, lambda word: word.isascii()) < 0.5:
        return "another language"
    english = _share(words, ENGLISH.__contains__)
    name, share = max(
        ((name, _share(words, common.__contains__)) for name, common in FOREIGN.items()),
        key=lambda pair: pair[1],
    )
    return name if share > 0.15 and share > 1.5 * english else None


def _share(words: list[str], wanted: Callable[[str], bool]) -> float:
    return sum(wanted(word) for word in words) / len(words)
