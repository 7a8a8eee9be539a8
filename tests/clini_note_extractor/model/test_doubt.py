"""What is not taken from the model because rules know it to be something else."""

import pytest

from notes.clini_note_extractor import Label, Span, System, extract
from notes.clini_note_extractor.combination import Mention
from notes.clini_note_extractor.doubt import credible
from notes.clini_note_extractor.phrases import phrases_of


def kept(text: str, words: str, label: str, *, beside: str = "", agreed: bool = False) -> list[str]:
    """The words that stay of what the model is made to say; `beside` is an instrument that it also found."""
    said = [Mention(Span(text.index(words), text.index(words) + len(words)), Label(label), 0.99)]
    if beside:
        at = text.index(beside)
        said.insert(0, Mention(Span(at, at + len(beside)), Label.OUTCOME_MEASURE, 0.99))
    found = credible(text, phrases_of(text), said if agreed else [], said)
    return [text[one.span.start : one.span.end] for one in found if one.label is Label(label)]


@pytest.mark.parametrize(
    ("text", "words", "label"),
    [
        ("He performs functional activities and work tasks.", "functional activities", "INTERVENTION"),
        ("She avoids household chores.", "household chores", "INTERVENTION"),
        ("He was seen for home physical therapy.", "home physical therapy", "INTERVENTION"),
        ("There was no nystagmus.", "nystagmus", "DIAGNOSIS"),
        ("The slump test was negative.", "slump", "OUTCOME_MEASURE"),
        ("Troponin peaked at 6.", "6", "OUTCOME_SCORE"),
        ("ER 62, IR T12.", "T12", "ROM"),
        ("ER 62, IR T12.", "12", "ROM"),
        ("Flexion -20 % in a month.", "-20 %", "ROM"),
        ("Flexion - 20 percent.", "20 percent", "ROM"),
        ("LEFS changed by +15%.", "15%", "OUTCOME_SCORE"),
        ("Shoulder flexion 5-10 reps.", "5-10 reps", "ROM"),
        ("12 correct repetitions.", "correct", "LATERALITY"),
        ("DOB 4/5/1950.", "4/5", "STRENGTH"),
        ("Seen on 12/4/5.", "4/5", "STRENGTH"),
        ("Pain 7, over 5 (open).", "5 (open", "PAIN_LEVEL"),
    ],
)
def test_known_otherwise(text: str, words: str, label: str) -> None:
    assert kept(text, words, label) == []
    assert kept(text, words, label, agreed=True) == [words]


@pytest.mark.parametrize(
    ("text", "words", "label"),
    [
        ("Plan: therapeutic activities.", "therapeutic activities", "INTERVENTION"),
        ("Plan: zigzag stepping.", "zigzag stepping", "INTERVENTION"),
        ("She has zebrafinch palsy.", "zebrafinch palsy", "DIAGNOSIS"),
    ],
)
def test_new_names_are_taken(text: str, words: str, label: str) -> None:
    assert kept(text, words, label) == [words]


def test_a_score_needs_an_instrument_near() -> None:
    near, far = "Zebra Balance Index 42.", "Zebra Balance Index. " + "He walked home. " * 20 + "42."
    assert kept(near, "42", "OUTCOME_SCORE", beside="Zebra Balance Index") == ["42"]
    assert kept("42 on the Zebra Balance Index.", "42", "OUTCOME_SCORE", beside="Zebra Balance Index") == [
        "42"
    ]
    assert kept(far, "42", "OUTCOME_SCORE", beside="Zebra Balance Index") == []


def test_words_before_a_name_are_dropped() -> None:
    text = "She denies any associated zebrafinch palsy."
    assert kept(text, "any associated zebrafinch palsy", "DIAGNOSIS") == ["zebrafinch palsy"]


@pytest.mark.parametrize("system", list(System))
@pytest.mark.parametrize("text", ["", " \n\t"])
def test_an_empty_note_is_told(text: str, system: System) -> None:
    told = extract(text, system=system)
    assert told.entities == ()
    assert told.warnings == ("The note is empty.",)
