"""The released extractor on invented notes that nobody who wrote it has read: what it must not fall below."""

from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest

from notes.clini_note_extractor import System, extract, read_notes
from notes.clini_note_extractor.evaluation import Report, compare, evaluate_extractions

HELD = Path(__file__).parent / "written" / "held.jsonl"


@lru_cache
def report(system: System) -> Report:
    return evaluate_extractions(
        read_notes(HELD), lambda text: extract(text, system=system), system=system.value, version=""
    )


def told() -> dict[str, Any]:
    return report(System.COMBINED).to_dict()


def test_the_combination_reaches_what_was_promised():
    assert told()["strict"]["micro"]["f1"] >= 0.88
    assert told()["assertion"]["macro_f1"] >= 0.80


def test_no_label_is_left_behind():
    frequent = {name: one for name, one in told()["strict"]["labels"].items() if one["gold"] >= 20}
    assert len(frequent) == 10
    assert min(one["f1"] for one in frequent.values()) >= 0.80


@pytest.mark.parametrize("other", [System.RULES, System.MODEL])
def test_the_combination_beats_each_alone(other: System):
    assert compare(report(System.COMBINED), report(other))["verdict"] == "better"
