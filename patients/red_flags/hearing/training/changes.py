"""Examples as others might have written them: slips of the keyboard, other ages, sides, days, more talk."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence

from patients.red_flags.hearing.reader.labels import URGENT
from patients.red_flags.hearing.training.messages_of import Example

NEIGHBOURS = {
    "a": "sq", "b": "vn", "c": "xv", "d": "sf", "e": "wr", "f": "dg", "g": "fh", "h": "gj", "i": "uo",
    "j": "hk", "k": "jl", "l": "k", "m": "n", "n": "bm", "o": "ip", "p": "o", "q": "wa", "r": "et", "s": "ad",
    "t": "ry", "u": "yi", "v": "cb", "w": "qe", "x": "zc", "y": "tu", "z": "x",
}  # fmt: skip
SHORT = {
    "you": "u", "your": "ur", "are": "r", "and": "n", "to": "2", "for": "4", "because": "cos",
    "please": "pls",
    "when": "wen", "with": "wiv", "cannot": "cant", "going": "goin", "the": "da", "that": "dat",
    "though": "tho",
    "about": "bout", "what": "wot", "right": "rite", "night": "nite", "tonight": "2nite", "tomorrow": "tmrw",
    "yesterday": "yday", "don't": "dont", "can't": "cant", "it's": "its", "i'm": "im", "i've": "ive",
}  # fmt: skip
# Words of one row may stand for each other without changing what the message asks for.
ALIKE = (
    ("left", "right"),
    ("yesterday", "this morning", "last night", "on Sunday", "on Tuesday", "since Friday"),
    ("husband", "wife", "partner"),
    ("mum", "mother", "dad", "father", "nan"),
    ("son", "daughter"),
    ("physio", "therapist", "PT"),
    ("exercises", "exercise programme", "stretches", "home exercises"),
    ("knee", "hip") , ("wrist", "ankle", "elbow"),
)  # fmt: skip
OPENINGS = (
    "Hi.", "Hello there,", "Morning!", "Evening.", "Hi, it's me again.", "Sorry to bother you.",
    "Quick question.",
    "Hope you're well.", "Not sure if this matters.", "Probably nothing but", "Just to let you know,",
    "Hiya, all good with the app.", "Thanks for the new video.", "I did set one and two.", "Day 12 today.",
    "Don't laugh.", "Long one, sorry.", "My daughter says I should tell you.", "ok so", "lol ok", "Update:",
    "Before I start today:", "Dear team,", "Forgive the spelling.", "Typing on the bus.",
    "Yes I did my homework.",
    "The stretchy band is fine.", "Loved the clamshells.", "I had a cup of tea first.", "It is raining here.",
)  # fmt: skip
CLOSINGS = (
    "Thanks.", "Any ideas?", "Should I still do my exercises?", "Shall I carry on?", "Is that normal?",
    "cheers",
    "What do you think?", "See you Thursday.", "Otherwise fine.", "Anyway, which band do I use?", "xx", "lol",
    "Sorry to moan.", "Not complaining.", "Can I do the squats today?", "Do I tick it as done?",
    "Hope the weather holds.", "How many reps today?", "Probably nothing.", "No rush to reply.", "Ta love.",
    "I'll do the rest tomorrow.", "The video is a bit small on my phone.", "When is my next appointment?",
    "Will I be able to play golf?", "Kind regards, M.", "Please advise.", "Is it ok to walk the dog?",
)  # fmt: skip
_AGE = re.compile(r"\b([3-8]\d)(?=( years?\b| yo\b|,| and )|\.|$)")
_SENTENCE = re.compile(r"(?<=[.!?])\s+")

Change = Callable[[list[str], random.Random], list[str]]


def varied(example: Example, harmless: Sequence[Example], chance: random.Random) -> Example:
    """The example, changed in ways that leave its labels as they are."""
    turns = list(example.messages)
    for share, change in CHANGES:
        if chance.random() < share:
            turns = change(turns, chance)
    if chance.random() < 0.15 and harmless:
        turns = _beside(turns, list(chance.choice(harmless).messages), chance)
    # Of "???" nothing is left without its points.
    return Example(tuple(turns), example.labels) if any(turn.strip() for turn in turns) else example


def together(one: Example, other: Example) -> Example:
    """What somebody says who has both to say."""
    return Example(one.messages + other.messages, one.labels | other.labels)


def harmless_of(examples: Sequence[Example]) -> list[Example]:
    """Those that may stand beside any other without making it urgent."""
    return [one for one in examples if not one.labels and URGENT not in one.labels]


def _beside(turns: list[str], others: list[str], chance: random.Random) -> list[str]:
    if chance.random() < 0.4:
        return [*others, *turns]
    return [*turns, *others] if chance.random() < 0.6 else [f"{others[0]} {turns[0]}", *turns[1:]]


def _mistyped(turns: list[str], chance: random.Random) -> list[str]:
    share = chance.choice((0.03, 0.06, 0.12))
    return [" ".join(_slip(word, chance) if chance.random() < share else word for word in turn.split(" "))
            for turn in turns]  # fmt: skip


def _slip(word: str, chance: random.Random) -> str:
    if len(word) < 4:
        return word
    at = chance.randrange(1, len(word) - 1)
    kind = chance.randrange(4)
    if kind == 0:
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    if kind == 1:
        return word[:at] + word[at + 1 :]
    if kind == 2:
        return word[:at] + word[at] + word[at:]
    return word[:at] + chance.choice(NEIGHBOURS.get(word[at].lower(), word[at])) + word[at + 1 :]


def _shortened(turns: list[str], chance: random.Random) -> list[str]:
    return [
        " ".join(
            SHORT[word.lower()] if word.lower() in SHORT and chance.random() < 0.6 else word
            for word in turn.split(" ")
        )
        for turn in turns
    ]


def _without_points(turns: list[str], chance: random.Random) -> list[str]:
    marks = chance.choice((".,;:!?", ",", ".,;:!?'’", "'’"))
    return [turn.translate(str.maketrans("", "", marks)) for turn in turns]


def _exchanged(turns: list[str], chance: random.Random) -> list[str]:
    for row in ALIKE:
        if chance.random() < 0.5:
            turns = [_exchange_one(turn, row, chance) for turn in turns]
    return [_AGE.sub(lambda _: str(chance.randrange(28, 90)), turn) for turn in turns]


def _exchange_one(turn: str, row: Sequence[str], chance: random.Random) -> str:
    order = list(row)
    chance.shuffle(order)
    told = dict(zip(row, order, strict=True))
    pattern = re.compile(r"\b(" + "|".join(map(re.escape, row)) + r")\b")
    return pattern.sub(lambda found: told[found.group(0)], turn)


def _opened(turns: list[str], chance: random.Random) -> list[str]:
    return [f"{chance.choice(OPENINGS)} {turns[0]}", *turns[1:]]


def _closed(turns: list[str], chance: random.Random) -> list[str]:
    return [*turns[:-1], f"{turns[-1]} {chance.choice(CLOSINGS)}"]


def _split(turns: list[str], chance: random.Random) -> list[str]:
    parted: list[str] = []
    for turn in turns:
        sentences = _SENTENCE.split(turn)
        at = chance.randrange(1, len(sentences)) if len(sentences) > 1 else 0
        parted += [" ".join(sentences[:at]), " ".join(sentences[at:])] if at else [turn]
    return parted


def _run_together(turns: list[str], _: random.Random) -> list[str]:
    return [" ".join(turns)]


CHANGES: tuple[tuple[float, Change], ...] = (
    (0.35, _exchanged),
    (0.15, _opened),
    (0.15, _closed),
    (0.15, _split),
    (0.10, _run_together),
    (0.20, _without_points),
    (0.12, _shortened),
    (0.25, _mistyped),
)
