"""What the assistant is shipped with: topics it may quote, wordings of questions, names of exercises."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).with_name("knowledge")


@dataclass(frozen=True, slots=True)
class Topic:
    """Something that Plumbline itself says. `text` are whole sentences; `page` names the page it speaks of,
    empty for none; `source` says where it comes from, for the clinician who signs it.
    """

    code: str
    ref: str
    title: str
    text: tuple[str, ...]
    questions: tuple[str, ...]
    source: str
    page: str


@dataclass(frozen=True, slots=True)
class Nicknames:
    """`names`: what patients call an exercise of the library; `shared`: names that fit several;
    `elsewhere`: exercises that the library does not have.
    """

    names: dict[str, tuple[str, ...]]
    shared: dict[str, tuple[str, ...]]
    elsewhere: tuple[str, ...]


@cache
def shipped_topics() -> dict[str, Topic]:
    """The topics of this release by code, in order."""
    topics = (_topic(row) for row in _read("topics.json")["topics"])
    return {topic.code: topic for topic in topics}


@cache
def shipped_wordings() -> dict[str, tuple[str, ...]]:
    """Questions as patients put them, by intent; an exercise is written as "this exercise"."""
    wordings = {code: tuple(rows) for code, rows in _read("wordings.json")["wordings"].items()}
    return wordings | {topic.code: topic.questions for topic in shipped_topics().values()}


@cache
def shipped_nicknames() -> Nicknames:
    """The names of exercises of this release."""
    read = _read("nicknames.json")
    return Nicknames(
        names={code: tuple(rows) for code, rows in read["names"].items()},
        shared={name: tuple(rows) for name, rows in read["shared"].items()},
        elsewhere=tuple(read["elsewhere"]),
    )


@cache
def shipped_short_forms() -> dict[str, str]:
    """Short forms, slang and common misspellings, each with the words that it stands for."""
    return dict(_read("short_forms.json")["short_forms"])


@cache
def shipped_small_words() -> tuple[frozenset[str], frozenset[str]]:
    """Small words of English, and those of other languages, without accents."""
    read = _read("small_words.json")
    return frozenset(read["english"]), frozenset(read["others"])


@cache
def shipped_common_words() -> frozenset[str]:
    """Words that say nothing of what is asked."""
    return frozenset(_read("common_words.json")["common"])


def _topic(row: dict[str, Any]) -> Topic:
    return Topic(
        code=row["code"],
        ref=row["ref"],
        title=row["title"],
        text=tuple(row["text"]),
        questions=tuple(row["questions"]),
        source=row["source"],
        page=row["page"],
    )


def _read(file: str) -> dict[str, Any]:
    return dict(json.loads((FOLDER / file).read_text(encoding="utf-8")))
