"""The names of rules in plain words for staff, with what to ask. Never shown to a patient."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

WORDS_FILE = Path(__file__).with_name("flag_words.json")


@dataclass(frozen=True, slots=True)
class FlagWords:
    """`ask` may be empty for a rule of another app."""

    name: str
    ask: str = ""


@cache
def _shipped() -> dict[str, FlagWords]:
    data = json.loads(WORDS_FILE.read_text(encoding="utf-8"))
    return {rule_id: FlagWords(name, ask) for rule_id, (name, ask) in data.items()}


def words_of_flag(rule_id: str) -> FlagWords:
    """What a flag or rule is called; an unknown one is called by its id."""
    return _shipped().get(rule_id) or FlagWords(rule_id.replace("_", " ").capitalize())
