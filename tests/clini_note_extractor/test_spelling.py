"""Slips of the keyboard are read; sound words, short words and inflections are left alone."""

import pytest

from notes.clini_note_extractor import extract_by_rules
from notes.clini_note_extractor.spelling import corrected


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("hypertenson", "hypertension"),
        ("osteoarthrtis", "osteoarthritis"),
        ("arthirtis", "arthritis"),
        ("adhesve", "adhesive"),
        ("tendonopathy", "tendinopathy"),
        ("strengthenning", "strengthening"),
        ("haemorrhagic", "hemorrhagic"),
        ("stabilisation", "stabilization"),
        ("apnoea", "apnea"),
    ],
)
def test_slips_are_read(written: str, meant: str) -> None:
    assert corrected(written) == meant


@pytest.mark.parametrize(
    "word",
    ["confusion", "impatient", "structure", "projection", "nothing", "pian", "knes", "osteoarthritix", ""],
)
def test_other_words_stay(word: str) -> None:
    assert corrected(word) == word


def test_offsets_are_those_of_the_misspelt_text() -> None:
    text = "Rt adhesve capsulitis, s/p arthoscopic menisectomy."
    words = [text[one.start : one.end] for one in extract_by_rules(text).entities]
    assert words == ["Rt adhesve capsulitis", "arthoscopic menisectomy"]
