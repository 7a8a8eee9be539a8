"""Notes out to CoNLL and back."""

from io import StringIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from notes.clini_note_extractor import BadCorpus, Note
from notes.clini_note_extractor.evaluation import read_conll, write_conll
from tests.clini_note_extractor.evaluation.annotated import TEXT, entity, notes

NOTE = Note(
    "a",
    TEXT,
    (entity(0, 4, "LATERALITY"), entity(5, 19, "DIAGNOSIS"), entity(24, 30, "DIAGNOSIS", "negated")),
)
WRITTEN = f"""# id = "a"
# text = "{TEXT}"
Left\tB-LATERALITY\tpresent\t0\t4
knee\tB-DIAGNOSIS\tpresent\t5\t9
arthritis\tI-DIAGNOSIS\tpresent\t10\t19
.\tO\t_\t19\t20
No\tO\t_\t21\t23
stroke\tB-DIAGNOSIS\tnegated\t24\t30
.\tO\t_\t30\t31
Gait\tO\t_\t32\t36
training\tO\t_\t37\t45
.\tO\t_\t45\t46

"""


def test_written_by_hand() -> None:
    assert write_conll([NOTE]) == WRITTEN
    assert read_conll(WRITTEN) == [NOTE]
    assert read_conll("\ufeff\r\n" + WRITTEN.replace("\n", "\r\n").rstrip()) == [NOTE]


@given(notes())
@settings(max_examples=300, deadline=None)
def test_what_is_written_is_read_back(made: list[Note]) -> None:
    assert read_conll(write_conll(made)) == made


def test_tokens_are_divided_at_borders_within_words() -> None:
    note = Note("a", "20lbs  \t", (entity(0, 2, "OUTCOME_SCORE"), entity(2, 4, "ROM"), entity(5, 7, "ROM")))
    rows = [line.split("\t") for line in write_conll([note]).splitlines()[2:-1]]
    assert [row[:2] for row in rows] == [
        ["20", "B-OUTCOME_SCORE"],
        ["lb", "B-ROM"],
        ["s", "O"],
        ["␣␣", "B-ROM"],
    ]
    assert read_conll(write_conll([note])) == [note]


def test_other_comments_are_passed_over() -> None:
    assert read_conll(WRITTEN.replace("Left\t", "# sent_id = 1\n# done\nLeft\t", 1)) == [NOTE]


def test_overlapping_entities_cannot_be_written() -> None:
    with pytest.raises(ValueError, match="overlap"):
        write_conll([Note("a", TEXT, (entity(0, 9, "ROM"), entity(5, 12, "ROM")))])


@pytest.mark.parametrize(
    ("old", "new", "line", "wrong"),
    [
        (WRITTEN, "", 1, "There is no note"),
        ('# id = "a"\n', "", 1, 'no line "# id'),
        (f'# text = "{TEXT}"\n', "", 1, 'no line "# text'),
        ('"a"', "a", 1, "not a JSON string"),
        ('"a"', "7", 1, "not a JSON string"),
        ('"a"', "[" * 100_000, 1, "not a JSON string"),
        ("\t0\t4", "\t0", 3, "4 columns"),
        ("\t0\t4", "\t0\tfour", 3, "not whole numbers"),
        ("\t0\t4", "\t0\t²", 3, "not whole numbers"),
        ("\t0\t4", "\t0\t" + "9" * 5000, 3, "not whole numbers"),
        ("\t0\t4", "\t-1\t4", 3, "not whole numbers"),
        ("\t0\t4", "\t4\t4", 3, "no place"),
        ("\t45\t46", "\t45\t47", 12, "no place"),
        ("\t5\t9", "\t3\t9", 4, "no place"),
        ("Left\t", "left\t", 3, "not what the text holds"),
        ("B-LATERALITY", "LATERALITY", 3, "tag is unknown"),
        ("B-LATERALITY", "B-KNEE", 3, "tag is unknown"),
        ("B-LATERALITY", "E-ROM", 3, "tag is unknown"),
        ("negated", "denied", 8, "assertion is unknown"),
        ("I-DIAGNOSIS\tpresent", "I-DIAGNOSIS\tnegated", 5, "continues nothing"),
        ("B-LATERALITY", "I-LATERALITY", 3, "continues nothing"),
        ("No\tO\t_", "No\tI-DIAGNOSIS\tpresent", 7, "continues nothing"),
        (WRITTEN, WRITTEN + WRITTEN, 14, "also stands in line 1"),
        (TEXT, "\\ud800" + TEXT, 3, "not what the text holds"),
        ("Left\t", "\x00\xff\t", 3, "not what the text holds"),
    ],
)
def test_garbage_is_told_with_its_line(old: str, new: str, line: int, wrong: str) -> None:
    with pytest.raises(BadCorpus, match=wrong) as error:
        read_conll(WRITTEN.replace(old, new, 1))
    assert (error.value.line, bool(error.value.cure), "arthritis" in str(error.value)) == (line, True, False)


def test_what_the_jsonl_refuses_is_refused_here() -> None:
    with pytest.raises(BadCorpus, match="Line 1: The text holds half a character"):
        read_conll('# id = "a"\n# text = "\\ud800"\n')
    with pytest.raises(BadCorpus, match=r"Line 2: The note has 200,001 characters"):
        read_conll(f'\n# id = "a"\n# text = "{"a" * 200_001}"\n')


@given(st.text(max_size=200), st.integers(0, len(WRITTEN)))
@settings(max_examples=150, deadline=None)
def test_any_damage_is_told_or_harmless(noise: str, place: int) -> None:
    for damaged in (WRITTEN[:place], WRITTEN[:place] + noise + WRITTEN[place:], noise):
        try:
            read = read_conll(damaged)
        except BadCorpus as error:
            assert error.line >= 1
        else:
            assert all(one.text for one in read) or read[0].text == ""


def test_a_long_note_is_written_in_one_walk() -> None:
    text = "knee pain 5/10. " * 12_000
    entities = tuple(entity(start, start + 4, "BODY_REGION") for start in range(0, len(text), 16))
    note = Note("long", text, entities)
    assert read_conll(StringIO(write_conll([note])).read()) == [note]
