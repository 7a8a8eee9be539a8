"""The invented notes of the demo, read from written.json; they tell the same stories as the sessions do."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FILE = Path(__file__).with_name("written.json")


@dataclass(frozen=True)
class DemoNote:
    """A note of one made-up patient, by the e-mail of whoever wrote it; with a cosigner it waits for them."""

    patient: str
    by: str
    days_ago: int
    kind: str
    text: str
    cosigner: str = ""
    addendum: str = ""


@cache
def written() -> tuple[DemoNote, ...]:
    """All of them, in the order of the file."""
    return tuple(DemoNote(**entry) for entry in json.loads(FILE.read_text(encoding="utf-8")))
