"""A conversation as a row of words with their place in the text."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from patients.red_flags.hearing.spelling import Mender, forms_of, word_lists

SENTENCE_STEP, TURN_STEP = 3, 4
PIECES = re.compile(r"[a-z0-9]+(?:'[a-z0-9]+)*'?|\d|[.!?;\n]+|[,:()–—]|/|[^\s\w.,!?;]")
SPLIT_NUMBER = re.compile(r"^(\d+)([a-z]+)$")
DECIMAL = re.compile(r"\d+[.,]\d+")
ENDS = frozenset(".!?;\n")
JOINED = {
    "can not": "cant",
    "could not": "couldnt",
    "do not": "dont",
    "did not": "didnt",
    "does not": "doesnt",
    "is not": "isnt",
    "are not": "arent",
    "was not": "wasnt",
    "have not": "havent",
    "has not": "hasnt",
    "will not": "wont",
    "would not": "wouldnt",
    "should not": "shouldnt",
    "i am": "im",
    "i have": "ive",
    "any more": "anymore",
    "no one": "nobody",
}


@dataclass(frozen=True, slots=True)
class Token:
    """One word. `place` counts words through the conversation, with a step at sentence and turn ends."""

    turn: int
    start: int
    end: int
    word: str
    forms: frozenset[str]
    sentence: int
    place: int
    comma: bool
    number: float | None = None


@dataclass(frozen=True, slots=True)
class _Piece:
    start: int
    end: int
    word: str


def read_turns(messages: Sequence[str], mender: Mender) -> list[Token]:
    """The words of all turns in order; anything but text is an empty turn."""
    tokens: list[Token] = []
    sentence = place = 0
    for turn, message in enumerate(messages):
        for pieces in _sentences(message if isinstance(message, str) else ""):
            comma = False
            for piece in pieces:
                if not piece.word:
                    comma = True
                    continue
                tokens.append(_token(piece, mender, turn=turn, at=(sentence, place), comma=comma))
                place += 1
                comma = False
            sentence += 1
            place += SENTENCE_STEP
        place += TURN_STEP
    return tokens


def _token(piece: _Piece, mender: Mender, *, turn: int, at: tuple[int, int], comma: bool) -> Token:
    number = _number(piece.word)
    word = piece.word if number is not None else mender.mend(piece.word)
    return Token(turn, piece.start, piece.end, word, forms_of(word), at[0], at[1], comma, number)


def _number(word: str) -> float | None:
    if word[0].isdigit():
        try:
            return float(word.replace(",", "."))
        except ValueError:
            return None
    value = word_lists()["numbers"].get(word)
    return None if value is None else float(value)


def _sentences(text: str) -> Iterator[list[_Piece]]:
    """The pieces of each sentence; an empty word stands for a comma."""
    plain = _plain(text)
    pieces: list[_Piece] = []
    skip_to = 0
    for match in PIECES.finditer(plain):
        if match.start() < skip_to:
            continue
        found = match.group()
        decimal = DECIMAL.match(plain, match.start())
        if decimal and found.isdigit():
            pieces.append(_Piece(decimal.start(), decimal.end(), decimal.group()))
            skip_to = decimal.end()
        elif found[0] in ENDS:
            if pieces:
                yield _joined(pieces)
            pieces = []
        else:
            pieces.extend(_words(found, match.start()))
    if pieces:
        yield _joined(pieces)


@cache
def _plain_letter(letter: str) -> str:
    if letter in "'’‘`´ʼ′":
        return "'"
    base = unicodedata.normalize("NFKD", letter)
    return base[0].lower()[:1] or letter if base else letter


def _plain(text: str) -> str:
    """Lower case without accents, as long as `text`, so that offsets stay true."""
    if text.isascii():
        return text.lower().replace("`", "'")
    return "".join(_plain_letter(letter) for letter in text)


def _words(found: str, start: int) -> Iterator[_Piece]:
    """The words of one piece of text after short forms, apostrophes and emoji are brought to plain words."""
    if found in ",:()–—":
        yield _Piece(start, start + 1, "")
        return
    lists = word_lists()
    end = start + len(found)
    if not found[0].isalnum():
        for word in str(lists["signs"].get(found, "")).split():
            yield _Piece(start, end, word)
        return
    word = _without_apostrophe(found)
    if (split := SPLIT_NUMBER.match(word)) and word not in lists["short"]:
        middle = start + len(split[1])
        yield _Piece(start, middle, split[1])
        yield from _words(split[2], middle)
        return
    for part in str(lists["short"].get(word, word)).split():
        yield _Piece(start, end, part)


def _without_apostrophe(found: str) -> str:
    kept = word_lists()["apostrophes"].get(found)
    if kept:
        return str(kept)
    if found.endswith("'s") and found[:-2] not in ("it", "that", "there", "he", "she", "what", "how"):
        return found[:-2]
    return found.replace("'", "")


def _joined(pieces: list[_Piece]) -> list[_Piece]:
    """ "can not" as one word, and so on."""
    joined: list[_Piece] = []
    for piece in pieces:
        both = f"{joined[-1].word} {piece.word}" if joined else ""
        if both in JOINED:
            joined[-1] = _Piece(joined[-1].start, piece.end, JOINED[both])
        else:
            joined.append(piece)
    return joined
