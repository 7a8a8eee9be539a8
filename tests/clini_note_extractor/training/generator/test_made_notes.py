"""Made notes: exact spans, one answer a seed, nothing shared between training and validation."""

from __future__ import annotations

import subprocess
import sys
from itertools import pairwise

import pytest

from notes.clini_note_extractor.training.generator import corpus_sha256, made_notes, make_notes, written_notes
from notes.clini_note_extractor.training.generator.frames import frames, parse_frame, read_frames
from notes.clini_note_extractor.training.generator.names import WORDS, pools
from notes.clini_note_extractor.types import ASSERTED, Assertion, Entity, Label, Note, Span

EDGES = " \t\r\n.,;:!?\"'"


@pytest.fixture(scope="module")
def train() -> list[Note]:
    return make_notes(count=400, seed=5, split="train")


@pytest.fixture(scope="module")
def validation() -> list[Note]:
    return make_notes(count=400, seed=5, split="validation")


def check(note: Note) -> None:
    """The invariants of an annotated note."""
    for one in note.entities:
        words = note.text[one.start : one.end]
        assert words
        assert words == words.strip(EDGES)
        assert one.assertion is Assertion.PRESENT or one.label in ASSERTED
    assert all(left.end <= right.start for left, right in pairwise(note.entities))
    assert all(one.end <= len(note.text) for one in note.entities)


def test_spans_are_exact_and_apart(train: list[Note], validation: list[Note]) -> None:
    for note in [*train, *validation]:
        check(note)


def test_every_written_note_keeps_the_rules() -> None:
    assert len(written_notes("train")) >= 85
    assert len(written_notes("validation")) >= 14
    for note in [*written_notes("train"), *written_notes("validation")]:
        check(note)
        assert note.entities


def test_each_label_and_each_assertion_is_there(train: list[Note], validation: list[Note]) -> None:
    for notes in (train, validation):
        found = [one for note in notes for one in note.entities]
        assert {one.label for one in found} == set(Label)
        for assertion in Assertion:
            assert sum(one.assertion is assertion for one in found) >= 30


def test_the_same_seed_gives_the_same_notes(train: list[Note]) -> None:
    asked = "from notes.clini_note_extractor.training.generator import *; " \
            "print(corpus_sha256(make_notes(count=400, seed=5, split='train')))"  # fmt: skip
    # A process of its own: sets of words are ordered differently there.
    elsewhere = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert elsewhere.stdout.strip() == corpus_sha256(train)


def test_another_seed_gives_others(train: list[Note]) -> None:
    others = make_notes(count=400, seed=6, split="train")
    assert corpus_sha256(others) != corpus_sha256(train)
    # A written note may come twice as it stands; most are changed.
    assert len({note.text for note in others} & {note.text for note in train}) < 40


def test_a_longer_run_begins_with_the_shorter(train: list[Note]) -> None:
    assert make_notes(count=20, seed=5, split="train") == train[:20]


def test_the_fingerprint_sees_each_part() -> None:
    note = Note("a", "left knee", (Entity(Span(5, 9), Label.BODY_REGION),))
    others = [
        Note("b", note.text, note.entities),
        Note("a", "left Knee", note.entities),
        Note("a", note.text, ()),
        Note("a", note.text, (Entity(Span(5, 9), Label.DIAGNOSIS),)),
        Note("a", note.text, (Entity(Span(5, 9), Label.DIAGNOSIS, Assertion.NEGATED),)),
    ]
    assert len({corpus_sha256([one]) for one in [note, *others]}) == 6
    assert corpus_sha256([note, others[0]]) != corpus_sha256([others[0], note])


def test_no_frame_and_no_rare_name_and_no_written_note_stands_in_both() -> None:
    sources = {split: list(made_notes(count=600, seed=9, split=split)) for split in ("train", "validation")}
    for kind in ("frames", "names", "written"):
        used = [
            {word.lower() for made in sources[split] for word in getattr(made, kind)} for split in sources
        ]
        assert used[0]
        assert used[1]
        assert not used[0] & used[1]


def test_no_rare_name_stands_in_both_pools() -> None:
    rare = [
        {name.words.lower() for pool, name in pools(split).all_names() if not name.is_common}
        for split in ("train", "validation")
    ]
    assert len(rare[0]) > 4000
    assert len(rare[1]) > 400
    assert not rare[0] & rare[1]


def test_both_splits_have_frames_of_the_main_groups() -> None:
    for split in ("train", "validation"):
        assert {"hpi", "pmh", "rom", "strength", "outcome", "assessment", "plan", "treatment"} <= set(
            frames(split)
        )
    words = [
        {frame.words for group, found in frames(split).items() if "heading" not in group for frame in found}
        for split in ("train", "validation")
    ]
    assert len(words[0]) > 400
    assert not words[0] & words[1]


def test_pools_of_plain_words_hold_no_names_of_the_schema() -> None:
    plain = {name.words.lower() for pool, name in pools("train").all_names() if pool in WORDS}
    named = {
        name.words.lower()
        for pool, name in pools("train").all_names()
        if pool in {"dx", "cond", "oldsurgery", "tx", "modality", "vocabulary_measure"}
    }
    # A patient's own ice is no intervention, a therapist's is.
    assert plain & named == {"ice"}


def test_a_note_of_many_forms(train: list[Note]) -> None:
    texts = [note.text for note in train]
    assert any(text.isupper() for text in texts)
    assert any(text.islower() for text in texts)
    assert any(".,PLAN:" in text for text in texts)
    assert any("\t" in text for text in texts)
    assert len({text.split("\n")[0] for text in texts}) > 250


@pytest.mark.parametrize("count", [-1, -100])
def test_a_negative_count_is_refused(count: int) -> None:
    with pytest.raises(ValueError, match="not negative"):
        make_notes(count=count, seed=1, split="train")


def test_no_notes_are_none() -> None:
    assert make_notes(count=0, seed=1, split="train") == []


@pytest.mark.parametrize("bad", ["a <b", "a > b", "a | b", "[[knee|BODY]]", "[[asthma|DIAGNOSIS|maybe]]"])
def test_a_malformed_frame_is_told_with_its_line(bad: str) -> None:
    with pytest.raises(ValueError, match=r"x\.txt, line 2"):
        read_frames(f"== group\n{bad}\n", name="x.txt")


def test_choices_nest() -> None:
    (choice,) = parse_frame("<a|<b|c> d>")
    assert [len(option) for option in choice.options] == [1, 2]  # type: ignore[union-attr]


def test_the_entry_point_prints_marked_notes() -> None:
    asked = [sys.executable, "-m", "notes.clini_note_extractor.training.generator", "--count", "2"]
    printed = subprocess.run(asked, capture_output=True, text=True, check=True).stdout
    assert printed.count("=== made-train-1-") == 2
    assert "|BODY_REGION]]" in printed
