"""Names of exercises in a sentence: the plan's, the library's, and others that people have heard of."""

import json
import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

FILE = Path(__file__).with_name("lexicon") / "exercises.json"


@cache
def _known() -> tuple[str, ...]:
    return tuple(json.loads(FILE.read_text(encoding="utf-8"))["names"])


def names_in(text: str, own: Iterable[str] = ()) -> list[str]:
    """The names in `text`, in lower case and as they are listed, without a plural.

    A longer name hides the shorter ones inside it: "standing leg raise" is no "leg raise".
    """
    names = tuple(dict.fromkeys((*(name.lower() for name in own), *_known())))
    found = _pattern(names).findall(" ".join(text.lower().split()))
    return [_listed(each, names) for each in found]


@cache
def _pattern(names: tuple[str, ...]) -> re.Pattern[str]:
    longest_first = sorted(names, key=len, reverse=True)
    return re.compile(r"\b((?:" + "|".join(re.escape(name) for name in longest_first) + r")(?:e?s)?)\b")


def _listed(found: str, names: tuple[str, ...]) -> str:
    singulars = (found, found.removesuffix("s"), found.removesuffix("es"))
    return next(each for each in singulars if each in names)
