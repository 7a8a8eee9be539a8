"""What may name a person: measured on made-up sentences, written by the same hand as the rules."""

import re
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from notes.deidentification import Kind, Suspect, find_suspects, replace

HERE = Path(__file__).parent
PLANTED = re.compile(r"\[\[([A-Z]+):(.*?)\]\]")


def lines_of(name: str) -> list[str]:
    lines = (HERE / name).read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def planted(line: str) -> tuple[str, list[tuple[int, int, str]]]:
    text, spans, reached = "", [], 0
    for found in PLANTED.finditer(line):
        text += line[reached : found.start()]
        spans.append((len(text), len(text) + len(found[2]), found[1]))
        text += found[2]
        reached = found.end()
    return text + line[reached:], spans


def measure() -> tuple[int, int, int, list[str]]:
    """Identifiers planted, wholly found, found with the right kind, and what was missed."""
    total = whole = right = 0
    missed = []
    for line in lines_of("planted.txt"):
        text, spans = planted(line)
        found = find_suspects(text)
        covered = {place for one in found for place in range(one.start, one.end)}
        for start, end, kind in spans:
            total += 1
            letters = [at for at in range(start, end) if text[at].isalnum()]
            if all(at in covered for at in letters):
                whole += 1
                right += any(one.kind == kind and one.start < end and start < one.end for one in found)
            else:
                missed.append(f"{kind}: {text[start:end]}")
    return total, whole, right, missed


def test_planted_identifiers_are_found():
    total, whole, right, missed = measure()
    print(f"{whole} of {total} planted identifiers wholly found, {right} with their kind; missed: {missed}")
    assert len(lines_of("planted.txt")) == 40
    assert whole / total >= 0.95, missed
    assert right / total >= 0.9


def test_few_false_alarms_where_nobody_is_named():
    alarms = [
        (text[one.start : one.end], one.kind) for text in lines_of("plain.txt") for one in find_suspects(text)
    ]
    print(alarms)
    assert len(alarms) <= 3


@pytest.mark.parametrize(
    "words", ["Seen with Mai Quill today.", "QUILL WALKED 20 FEET.", "told by quill today"]
)
def test_the_clinics_own_people_are_known_in_any_case(words):
    found = find_suspects(words, own_names={"Quill"})
    at = words.lower().index("quill")
    assert any(one.start <= at < one.end and one.kind is Kind.NAME for one in found)


def test_values_of_a_note_are_no_identifiers():
    text = "LEFS 42/80, MMT 4/5, pain 6/10, 120/80, 5/12 steps, T12, C5-C6, 0-105 degrees, 67 y/o, 1000 feet"
    assert find_suspects(text) == []


def test_replacing_moves_spans_exactly():
    text = "Paul Ellsworth has left knee pain since 3/4/2021 in his left knee."
    name, date = Suspect(0, 14, Kind.NAME), Suspect(40, 48, Kind.DATE)
    cleaned, moved = replace(text, [date, name])
    assert cleaned == "[NAME] has left knee pain since [DATE] in his left knee."
    start, end = moved(19, 28)
    assert cleaned[start:end] == text[19:28] == "left knee"
    start, end = moved(56, 65)
    assert cleaned[start:end] == "left knee"
    assert moved(0, 14) is None
    start, end = moved(5, 28)
    assert cleaned[start:end] == "[NAME] has left knee"


@settings(max_examples=80, deadline=None)
@given(st.text(max_size=300))
def test_any_text_gives_ordered_suspects_within_it(text):
    found = find_suspects(text, own_names={"paul"})
    assert all(0 <= one.start < one.end <= len(text) for one in found)
    assert all(left.end <= right.start for left, right in pairwise(found))
    assert replace(text, found)[0].count("[") >= len(found)
