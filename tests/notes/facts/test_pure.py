"""Moving, merging and saying facts: no database."""

from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notes.clini_note_extractor import extract_by_rules
from notes.fact_findings import findings_of_facts
from notes.fact_merging import Correction, ShownFact, found_facts, merge, valid_assertion
from notes.finding_words import is_unlinked, say_finding, say_line, say_value
from notes.text_edits import edit_between, found_again, moved

words = st.text(alphabet="ab 🦵é\u0301\u202b\n", max_size=12)


@given(words, words)
def test_an_edit_turns_the_old_text_into_the_new(old, new):
    edit = edit_between(old, new)
    if edit is None:
        assert old == new
        return
    assert old[: edit.start] + new[edit.start : edit.new_end] + old[edit.old_end :] == new
    assert edit.growth == len(new) - len(old)


@given(words, words, words, st.integers(0, 36), st.integers(1, 36))
def test_a_stretch_outside_the_edit_keeps_its_words(before, typed, after, start, length):
    old, new = before + after, before + typed + after
    end = min(start + length, len(old))
    edit = edit_between(old, new)
    if edit is None or start >= end:
        return
    place = moved(start, end, edit)
    if end <= edit.start or start >= edit.old_end:
        assert place is not None and new[place[0] : place[1]] == old[start:end]
    if place is not None:
        assert 0 <= place[0] < place[1] <= len(new)


def test_typing_inside_a_stretch_belongs_to_it():
    old, new = "the knne hurts", "the knxne hurts"
    edit = edit_between(old, new)
    assert edit is not None
    assert moved(4, 8, edit) == (4, 9)


def test_an_edit_across_the_border_ends_the_stretch():
    edit = edit_between("left knee pain", "left hip pain")
    assert edit is not None
    assert moved(5, 9, edit) is None
    assert moved(0, 4, edit) == (0, 4)
    assert moved(10, 14, edit) == (9, 13)


def test_words_between_two_edits_are_found_again():
    old, new = "A knee B", "AA knee BB"
    edit = edit_between(old, new)
    assert edit is not None
    assert found_again("knee", old, new, edit) == (3, 7)
    old, new = "A knee knee B", "AA knee knee BB"
    edit = edit_between(old, new)
    assert edit is not None
    assert found_again("knee", old, new, edit) is None


def fact(start: int, end: int, label: str = "DIAGNOSIS") -> ShownFact:
    return ShownFact(start, end, label, "present")


def test_a_clinicians_mark_wins_over_what_was_found():
    merged = merge([fact(0, 4), fact(5, 9)], [Correction(3, 6, "ROM")])
    assert [(one.start, one.end, one.label, one.source) for one in merged] == [(3, 6, "ROM", "marked by you")]


def test_what_was_taken_away_stays_away_but_hides_no_other_label_over_more():
    removed = Correction(5, 9, "BODY_REGION", is_removed=True, found_as={"label": "BODY_REGION"})
    assert merge([fact(5, 9, "BODY_REGION"), fact(5, 9, "ROM")], [removed]) == []
    longer = fact(0, 14, "DIAGNOSIS")
    assert merge([longer], [removed]) == [longer]


@given(
    st.lists(
        st.tuples(st.integers(0, 9), st.integers(1, 4), st.sampled_from(["ROM", "DIAGNOSIS"])), max_size=6
    )
)
def test_merged_marks_of_a_clinician_never_overlap_found_ones(chosen):
    corrections = [Correction(start * 5, start * 5 + length, label) for start, length, label in chosen]
    found = [fact(n * 4, n * 4 + 3) for n in range(12)]
    merged = merge(found, corrections)
    decided = [one for one in merged if one.is_decided]
    others = [one for one in merged if not one.is_decided]
    assert len(decided) == len(corrections)
    assert not any(a.start < b.end and b.start < a.end for a in decided for b in others)


@pytest.mark.parametrize(
    ("label", "asked", "kept"),
    [("DIAGNOSIS", "negated", "negated"), ("ROM", "negated", "present"), ("SURGERY", "nonsense", "present")],
)
def test_assertions_that_the_schema_does_not_know_are_present(label, asked, kept):
    assert valid_assertion(label, asked) == kept


@dataclass
class Value:
    kind: str
    low: float
    high: float
    unit: str
    out_of: float | None = None
    region: str = ""
    side: str = ""
    motion: str = ""
    measure: str = ""
    more: dict[str, str] = field(default_factory=dict)


@pytest.mark.parametrize(
    ("value", "words_"),
    [
        (Value("range", 0, 105, "deg", None, "knee", "left", "flexion"), "left knee flexion 0–105°"),
        (Value("range", 105, 105, "deg"), "105° (of what?)"),
        (Value("strength", 4.33, 4.33, "0-5", 5, "quadriceps"), "quadriceps strength 4+/5"),
        (
            Value("strength", 3.67, 4, "0-5", 5, "hip", "right", "abduction"),
            "right hip abduction strength 4-–4/5",
        ),
        (Value("pain", 0, 2, "0-10", 10, "knee", "left"), "pain left knee 0–2/10"),
        (Value("pain", 6, 6, "0-10", 10), "pain 6/10"),
        (Value("score", 42, 42, "points", 80, measure="LEFS"), "LEFS 42/80"),
        (Value("score", 14.2, 14.2, "s", measure="TUG"), "TUG 14.2 s"),
        (Value("score", 9, 9, "points"), "9 (of what?)"),
        (Value("range", 50, 50, "%", None, "lumbar spine", "", "flexion"), "lumbar spine flexion 50%"),
    ],
)
def test_findings_are_said_in_words(value, words_):
    assert say_finding(value) == words_
    assert is_unlinked(value) is ("of what" in words_)


def test_a_line_names_four_and_counts_the_rest():
    values = [Value("pain", n, n, "0-10", 10) for n in range(6)] + [Value("range", 1, 1, "deg")]
    assert say_line(values) == "pain 0/10, pain 1/10, pain 2/10, pain 3/10 and 2 more"
    assert say_line([]) == ""


def test_a_value_is_linked_as_the_clinician_said():
    text = "OBJECTIVE:\nFlexion 105 degrees."
    read = extract_by_rules(text)
    start = text.index("105")
    found = [one for one in found_facts(read) if one.label == "ROM"]
    assert say_value(findings_of_facts(text, found, read)[0]) == "105°"
    links = {"region": "knee", "side": "left", "motion": "flexion"}
    decided = merge(found, [Correction(start, start + 11, "ROM", links=links)])
    finding = findings_of_facts(text, decided, read)[0]
    assert (say_finding(finding), finding.icf_code) == ("left knee flexion 105°", "b710")


def test_a_region_that_only_the_clinician_marked_gives_its_name_to_the_value():
    text = "Fnordicus joint, left: 20 degrees of flexion."
    read = extract_by_rules(text)
    found = found_facts(read)
    marked = Correction(0, 9, "BODY_REGION")
    said = [say_finding(one) for one in findings_of_facts(text, merge(found, [marked]), read)]
    assert said == ["left fnordicus flexion 20°"]


def test_a_score_goes_to_the_instrument_that_a_clinician_marked():
    text = "Our walk thing 31/44 today."
    read = extract_by_rules(text)
    corrections = [Correction(4, 14, "OUTCOME_MEASURE"), Correction(15, 20, "OUTCOME_SCORE")]
    said = [say_finding(one) for one in findings_of_facts(text, merge(found_facts(read), corrections), read)]
    assert said == ["walk thing 31/44"]
