"""Files into texts and spans, and back; what is wrong is told by line."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from notes.annotating.files import MOST_DOCUMENTS, read_file, write_conll, write_jsonl
from notes.clini_note_extractor import Assertion, Entity, Label, Note, Span

TEXT = "Left knee flexion 0-95°.\n\n\tDenies\u200e diabetes 🙂. R hip 4+/5 (_____)"


def entity(start: int, end: int, label: Label, assertion: Assertion = Assertion.PRESENT) -> Entity:
    return Entity(Span(start, end), label, assertion)


NOTE = Note(
    "n-1",
    TEXT,
    (
        entity(0, 4, Label.LATERALITY),
        entity(5, 9, Label.BODY_REGION),
        entity(18, 23, Label.ROM),
        entity(35, 43, Label.DIAGNOSIS, Assertion.NEGATED),
        entity(47, 48, Label.LATERALITY),
    ),
)


@pytest.mark.parametrize(("name", "write"), [("a.jsonl", write_jsonl), ("a.conll", write_conll)])
def test_what_is_written_is_read_again(name, write):
    bare = Note("n-2", "Nothing to mark.\r\n")
    read = read_file(name, write([NOTE, bare]).encode())
    assert read.problems == []
    assert read.notes == [NOTE, bare]
    assert read.annotated == {"n-1", "n-2"}
    assert write(read.notes) == write([NOTE, bare])


@settings(max_examples=60, deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), min_size=1), st.data())
def test_any_span_of_any_text_survives_conll(text, data):
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    if not text.strip():
        return
    note = Note("x", text, (entity(start, end, Label.SURGERY, Assertion.FAMILY),))
    read = read_file("a.conll", write_conll([note]).encode())
    assert (read.problems, read.notes) == ([], [note])


def test_lines_without_spans_are_texts_to_annotate():
    rows = [{"id": 1, "text": "Knee pain."}, {"id": 2, "text": "x", "entities": []}]
    lines = "\n\n".join(json.dumps(row) for row in rows)
    read = read_file("a.jsonl", lines.encode())
    assert [note.id for note in read.notes] == ["1", "2"]
    assert read.annotated == {"2"}


def test_every_bad_line_is_told_without_its_text():
    lines = [
        json.dumps({"id": "a", "text": "Secret knee", "entities": [{"start": 7, "end": 99, "label": "ROM"}]}),
        json.dumps(
            {"id": "b", "text": "Secret knee", "entities": [{"start": 7, "end": 11, "label": "KNEE"}]}
        ),
        '{"id": "c", "text": "Secret kn',
        json.dumps({"id": "d", "text": "Secret one"}),
        json.dumps({"id": "d", "text": "Secret two"}),
        json.dumps({"id": "e", "text": "Secret\x00"}),
    ]
    read = read_file("a.jsonl", "\n".join(lines).encode())
    assert read.notes == []
    assert [one.line for one in read.problems] == [1, 2, 3, 5, 6]
    assert "Secret" not in " ".join(map(str, read.problems))


@pytest.mark.parametrize(
    ("name", "data", "line"),
    [
        ("a.pdf", b"%PDF", 0),
        ("a.jsonl", b"\xff\xfe\x00", 1),
        ("a.jsonl", b"", 0),
        ("a.txt", b"  \n ", 0),
        ("a.txt", b"x" * 200_001, 0),
        ("a.conll", b"knee\tB-KNEE\n", 1),
        ("a.conll", b"hip\tO\nknee\n", 2),
        ("a.conll", b'# id = "a"\n# text = "left hip"\nknee\t0\t4\tO\n', 3),
        ("a.conll", b'# id = "a"\n# text = "left hip\nleft\t0\t4\tO\n', 2),
        ("a.jsonl", b'{"id": 1, "text": "x"}\n' * 1 + b"[" * 100_000, 2),
    ],
)
def test_what_cannot_be_used_is_refused(name, data, line):
    read = read_file(name, data)
    assert read.notes == []
    assert [one.line for one in read.problems] == [line]


def test_more_texts_than_are_taken_are_refused():
    lines = "".join(f'{{"id": {number}, "text": "x"}}\n' for number in range(MOST_DOCUMENTS + 1))
    assert "2,001 texts" in str(read_file("a.jsonl", lines.encode()).problems[0])


def test_conll_of_other_tools_gets_a_text_of_its_own():
    data = b"Left\tB-LATERALITY\nknee\tB-BODY_REGION\n\nlow\tB-BODY_REGION\nback\tI-BODY_REGION\n"
    [note] = read_file("a.conll", data).notes
    assert note.text == "Left knee\nlow back"
    assert [(note.text[one.start : one.end], one.label.value) for one in note.entities] == [
        ("Left", "LATERALITY"),
        ("knee", "BODY_REGION"),
        ("low back", "BODY_REGION"),
    ]
