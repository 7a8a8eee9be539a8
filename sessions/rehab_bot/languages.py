"""Whether a text is English, by its small words and letters; good enough to say "English only"."""

import re
import unicodedata

LETTERS = re.compile(r"[^\W\d_]+")
ENGLISH = frozenset(
    ["the", "a", "an", "i", "my", "me", "you", "your", "it", "is", "are", "am", "do", "does", "did", "how", "what", "when", "where", "which", "why", "who", "can", "could", "should", "would", "will", "and", "or", "not", "to", "of", "in", "on", "at", "for", "with", "this", "that", "these", "have", "has", "had", "was", "were", "be", "been", "if", "but", "so", "hello", "hi", "thanks", "please", "yes", "no", "ok", "hurt", "hurts", "pain", "exercise", "exercises", "leg", "knee", "hip"]
)
OTHERS = frozenset(
    ["el", "la", "los", "las", "un", "una", "unos", "que", "como", "cuanto", "cuantos", "cuantas", "veces", "hago", "hacer", "mi", "mis", "tengo", "dolor", "me", "duele", "por", "para", "puedo", "debo", "ejercicio", "ejercicios", "hoy", "hola", "gracias", "rodilla", "espalda", "pierna", "cuando", "donde", "le", "les", "des", "une", "je", "tu", "il", "elle", "nous", "vous", "est", "suis", "mon", "ma", "mes", "dois", "faire", "combien", "fois", "pourquoi", "avec", "dans", "genou", "jambe", "bonjour", "merci", "exercice", "mal", "puis-je", "quel", "quelle", "der", "die", "das", "ein", "eine", "ich", "du", "er", "sie", "wir", "ihr", "ist", "bin", "mein", "meine", "wie", "viele", "oft", "muss", "kann", "soll", "ubung", "ubungen", "schmerzen", "schmerz", "bein", "knie", "heute", "und", "nicht", "was", "mit", "fur", "hallo", "danke", "warum", "wann", "tut", "weh", "mache", "o", "os", "eu", "meu", "minha", "joelho", "quantas", "fazer", "dor", "nao", "posso", "obrigado", "ola", "exercicio", "hoje", "tenho", "doi", "il", "lo", "gli", "mio", "mia", "ho", "fa", "male", "ginocchio", "quante", "volte", "devo", "esercizio", "esercizi", "oggi", "ciao", "grazie", "come", "posso", "ik", "je", "mijn", "hoe", "vaak", "moet", "doen", "pijn", "oefening", "oefeningen", "vandaag", "knie", "niet", "wat", "bedankt", "het", "een", "jak", "ile", "razy", "mam", "boli", "kolano", "cwiczenie", "cwiczenia", "dzis", "dziekuje", "czy", "moge", "nie", "co", "jest", "ben", "benim", "nasil", "kac", "kez", "diz", "agri", "egzersiz", "bugun", "tesekkurler", "yapmaliyim", "var", "mi", "nerede", "jag", "hur", "manga", "ont", "ovning"]
)
BOTH = ENGLISH & OTHERS
VOWEL = re.compile(r"[aeiouy]")


def is_english(text: str) -> bool:
    """False where most letters are not Latin or the small words are those of another language."""
    words = [_bare(word) for word in LETTERS.findall(text.casefold())]
    letters = [letter for word in words for letter in word]
    if not letters:
        return True
    if sum(not unicodedata.name(letter, "").startswith("LATIN") for letter in letters) * 2 > len(letters):
        return False
    foreign = sum(word in OTHERS and word not in BOTH for word in words)
    return foreign < 2 or foreign <= sum(word in ENGLISH for word in words)


def is_gibberish(text: str) -> bool:
    """True for letters without words: no vowels, or one run of a key held down."""
    words = LETTERS.findall(text.casefold())
    return bool(words) and all(not VOWEL.search(word) or len(set(word)) * 3 < len(word) for word in words)


def _bare(word: str) -> str:
    return "".join(one for one in unicodedata.normalize("NFD", word) if not unicodedata.combining(one))
