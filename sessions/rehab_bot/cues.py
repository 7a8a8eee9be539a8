"""Words that settle what a question is about: each adds to how well the wording fits the intent."""

import json
import re
from dataclasses import dataclass
from functools import cache

from sessions.rehab_bot.knowledge import FOLDER

WORTH = {"sure": 0.6, "firm": 0.35, "some": 0.2}


@dataclass(frozen=True, slots=True)
class Cue:
    code: str
    worth: float
    pattern: re.Pattern[str]


@cache
def shipped_cues() -> tuple[Cue, ...]:
    """The cues of this release; a pattern is matched between word boundaries of a mended text."""
    rows = json.loads((FOLDER / "cues.json").read_text(encoding="utf-8"))["rules"]
    return tuple(
        Cue(row["code"], WORTH[row["worth"]], re.compile(rf"\b(?:{row['words']})(?!\w)")) for row in rows
    )


def cues_in(text: str) -> dict[str, float]:
    """What the cues in a mended text add, by intent."""
    worth: dict[str, float] = {}
    for cue in shipped_cues():
        if cue.pattern.search(text):
            worth[cue.code] = max(worth.get(cue.code, 0.0), cue.worth)
    return worth
