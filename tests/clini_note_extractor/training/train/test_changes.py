"""Changed training notes: labels stay on their words, and chance is the caller's."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from notes.clini_note_extractor import Label, Note
from notes.clini_note_extractor.training.changes import changed, misspelt, names_by_label, varied
from notes.clini_note_extractor.training.settings import TrainingSettings
from notes.clini_note_extractor.training.written.markup import parse, to_markup

MARKED = (
    "DIAGNOSIS:\n[[Left knee osteoarthritis|DIAGNOSIS]] and [[gout|DIAGNOSIS|historical]].\n\n"
    "The [[right|LATERALITY]] [[shoulder|BODY_REGION]] moves [[0 to 90 degrees|ROM]].\nPlan: [[gait training|"
    "INTERVENTION]]; [[LEFS|OUTCOME_MEASURE]] again."
)
NOTE = parse(MARKED, id="a")
STRONG = TrainingSettings(replaced_share=0.6, typing_share=0.4, flattened_share=0.5)


@given(st.integers(0, 10_000))
@settings(max_examples=60, deadline=None)
def test_labels_stay_on_their_words(seed: int) -> None:
    names = {Label.DIAGNOSIS: ["spinal stenosis", "COPD"], Label.INTERVENTION: ["ultrasound"]}
    told = varied(NOTE, names, STRONG, random.Random(seed))
    assert [one.label for one in told.entities] == [one.label for one in NOTE.entities]
    assert [one.assertion for one in told.entities] == [one.assertion for one in NOTE.entities]
    words = [told.text[one.start : one.end] for one in told.entities]
    assert words == [one.strip(" \n,.;") for one in words]
    assert words[4].startswith("0 to 90 d")
    letters = [sorted(set(one.lower())) for one in ("shoulder", words[3])]
    assert set(letters[1]) <= set(letters[0])
    if words[0] in names[Label.DIAGNOSIS]:
        assert told.text.startswith(("DIAGNOSIS", "D"))
    assert parse(to_markup(told), id="a") == told


def test_a_change_moves_what_follows() -> None:
    note = parse("[[hip|BODY_REGION]] and [[knee|BODY_REGION]]")
    assert (
        to_markup(changed(note, [(0, 3, "shoulder")])) == "[[shoulder|BODY_REGION]] and [[knee|BODY_REGION]]"
    )
    assert to_markup(changed(note, [(4, 7, "or")])) == "[[hip|BODY_REGION]] or [[knee|BODY_REGION]]"
    with pytest.raises(ValueError, match="overlap"):
        changed(note, [(0, 5, "a"), (4, 7, "b")])


def test_same_chance_same_note() -> None:
    names = names_by_label([NOTE])
    assert names[Label.DIAGNOSIS] == ["Left knee osteoarthritis", "gout"]
    assert Label.ROM not in names
    one, other = (varied(NOTE, names, STRONG, random.Random(5)) for _ in range(2))
    assert one == other
    assert varied(NOTE, names, STRONG, random.Random(6)) != one


def test_nothing_changes_without_shares() -> None:
    still = TrainingSettings(replaced_share=0, typing_share=0, flattened_share=0)
    assert varied(NOTE, names_by_label([NOTE]), still, random.Random(1)) == NOTE


@given(st.text("abcdefgh", min_size=4, max_size=12), st.integers(0, 1000))
def test_a_misspelling_keeps_the_first_letter(word: str, seed: int) -> None:
    wrong = misspelt(word, random.Random(seed))
    assert wrong[0] == word[0]
    assert abs(len(wrong) - len(word)) <= 1


def test_lines_run_together_keep_their_words() -> None:
    flat = varied(
        NOTE, {}, TrainingSettings(replaced_share=0, typing_share=0, flattened_share=1), random.Random(3)
    )
    assert "\n" not in flat.text
    assert [flat.text[one.start : one.end] for one in flat.entities] == [
        NOTE.text[one.start : one.end] for one in NOTE.entities
    ]
    assert isinstance(flat, Note)
