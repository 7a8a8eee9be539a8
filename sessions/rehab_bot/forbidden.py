"""What no answer may say, whoever wrote it: illness, medicine, "keep going", the prompt, links, markup."""

import json
import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from sessions.rehab_bot.types import Passage, TurnInput

FOLDER = Path(__file__).with_name("lexicon")
SHINGLE = 6

# What turns a wish to go on into its opposite, when it stands right before it.
_DENIED = (
    "do not ",
    "don't ",
    "don’t ",
    "never ",
    "not ",
    "cannot ",
    "can't ",
    "can’t ",
    "must not ",
    "not to ",
)
_TOP_LEVELS = "com|org|net|io|co|ai|gov|edu|info|biz|uk|us|de|ru|cn|me|app|dev|xyz|ly|gl|tv|health|example"
_LINK = re.compile(
    r"[a-z][a-z0-9+.-]{1,12}:(?://|\\\\)\S*"
    r"|\bwww\.\S+"
    r"|\b(?:mailto|javascript|data|tel|vbscript):\S+"
    r"|//[a-z]\S+"
    rf"|\b[a-z0-9-]+(?:\.[a-z0-9-]+)*\.(?:{_TOP_LEVELS})\b(?:/\S*)?"
    r"|\b\d{1,3}(?:\.\d{1,3}){3}\b"
    r"|\S+@\S+\.\S+",
    re.IGNORECASE,
)
_MARKUP = re.compile(
    r"<\s*[a-z/!?%]|&(?:#|[a-z]{2,8};)|\{\{|\{%|\]\(|\]\[|!\[|`|\|\s*-{2,}|\$\{|\\[xu]"
    r"|\bon(?:click|load|error|mouse\w+)\s*=",
    re.IGNORECASE,
)
_PERSONAL = re.compile(
    r"\[[A-Z]{4,}\]|(?i:\b(?:other|another|different|next) (?:patients?|person|people|users?|client\w*)\b)"
)
_LETTER = re.compile(r"[^\W\d_]")
_LATIN = re.compile(r"[A-Za-zÀ-ÖØ-öø-ÿ]")


@cache
def _read(name: str) -> dict[str, Any]:
    return dict(json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8")))


@cache
def _names(lexicon: str) -> re.Pattern[str]:
    """The names of a lexicon, and words with one of its endings."""
    data = _read(lexicon)
    longest_first = sorted(data["names"], key=len, reverse=True)
    names = "|".join(re.escape(each).replace(r"\ ", r"[\s-]+") for each in longest_first)
    return re.compile(rf"\b(?:{names})\b|\b[a-z]{{2,}}(?:{'|'.join(data['endings'])})\b", re.IGNORECASE)


@cache
def _phrases(kind: str, *, denied: tuple[str, ...] = ()) -> re.Pattern[str]:
    not_after = "".join(rf"(?<!{re.escape(words)})" for words in denied)
    return re.compile(rf"{not_after}\b(?:{'|'.join(_read('phrases')[kind])})\b", re.IGNORECASE)


def illnesses(text: str) -> frozenset[str]:
    """Names of illnesses and injuries in `text`, in lower case."""
    return frozenset(match[0].lower() for match in _names("illnesses").finditer(text))


def medicines(text: str) -> frozenset[str]:
    """Names of medicines in `text`, in lower case."""
    return frozenset(match[0].lower() for match in _names("medicines").finditer(text))


def diagnoses(text: str) -> bool:
    """Whether `text` speaks of what is the matter with someone."""
    return bool(_phrases("diagnosis").search(text))


def encourages(text: str) -> bool:
    """Whether `text` tells to go on; "do not go on" does not."""
    return bool(_phrases("onward", denied=_DENIED).search(text))


def calms(text: str) -> bool:
    """Whether `text` says that all is well, or that nobody need be told."""
    return bool(_phrases("calming").search(text))


def shape_of(text: str, *, urls: Iterable[str] = ()) -> str:
    """What is wrong with how `text` is written: html, link, language, about_itself, personal or ""."""
    if _MARKUP.search(text):
        return "html"
    without = text
    for url in sorted((url for url in urls if url), key=len, reverse=True):
        without = without.replace(url, " ")
    if _LINK.search(without):
        return "link"
    letters = _LETTER.findall(text)
    if not letters or any(not _LATIN.match(letter) for letter in letters):
        return "language"
    if _phrases("about_itself").search(text):
        return "about_itself"
    return "personal" if _PERSONAL.search(text) else ""


def in_danger(turn: TurnInput) -> bool:
    """Whether this turn is no moment for kind words: pain over the rule, a flag heard, a hold."""
    heard = turn.heard.flags or turn.heard.needs_asking
    return bool(heard or turn.pain_hit or turn.escalation or turn.is_held or turn.plan.on_hold)


def shingles(text: str) -> frozenset[tuple[str, ...]]:
    """Every run of `SHINGLE` words of `text`."""
    words = re.findall(r"[a-z0-9']+", text.lower())
    return frozenset(tuple(words[place : place + SHINGLE]) for place in range(len(words) - SHINGLE + 1))


def leaks(text: str, secret: frozenset[tuple[str, ...]], passages: Iterable[Passage]) -> bool:
    """Whether `text` repeats `SHINGLE` words of the prompt that are not a passage's own."""
    shared = shingles(text) & secret
    if not shared:
        return False
    own = frozenset(each for passage in passages for each in shingles(passage.text))
    return bool(shared - own)
