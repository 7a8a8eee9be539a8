"""The text of files: exact, with page starts, and clear words for what cannot be read."""

import io
import random
import zipfile
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notes.note_files import (
    ImportedText,
    Limits,
    NoteFileRefused,
    pages_of,
    place_in,
    read_note_file,
)
from notes.note_files.plain_text import split_pages
from tests.notes.imports.made_files import (
    make_docx,
    make_pdf,
    marked_as_locked,
    note_docx,
    part_of,
    tracked_paragraph,
    with_parts,
)

NOTE = "SUBJECTIVE: pain 4/10.\nOBJECTIVE: knee flexion 0–110°.\n"


@pytest.mark.parametrize(
    ("encoding", "mark", "guessed"),
    [
        ("utf-8", b"", False),
        ("utf-8", b"\xef\xbb\xbf", False),
        ("utf-16-le", b"\xff\xfe", False),
        ("utf-16-be", b"\xfe\xff", False),
        ("utf-16-le", b"", True),
        ("utf-16-be", b"", True),
        ("cp1252", b"", True),
    ],
)
def test_text_is_read_in_its_encoding_and_a_guess_is_told(encoding: str, mark: bytes, guessed: bool) -> None:
    found = read_note_file(mark + NOTE.encode(encoding))
    assert (found.text, found.page_starts, found.format) == (NOTE, (0,), "txt")
    assert any("degree signs" in one for one in found.warnings) == guessed


def test_line_ends_become_one_kind_and_form_feeds_begin_pages() -> None:
    found = read_note_file(b"one\r\ntwo\rthree\fsecond page\f\fthird")
    assert found.text == "one\ntwo\nthree\nsecond page\nthird"
    assert pages_of(found.text, found.page_starts) == ["one\ntwo\nthree\n", "second page\n", "third"]


@given(st.text())
def test_pages_joined_are_the_text(text: str) -> None:
    whole, starts = split_pages(text)
    assert "".join(pages_of(whole, starts)) == whole
    assert starts[0] == 0 and list(starts) == sorted(set(starts))
    assert "\f" not in whole


def test_a_place_is_told_as_page_and_characters() -> None:
    text = "a" * 100 + "b" * 400
    assert place_in((0, 100), 409, 424).words == "page 2, characters 310–324"
    assert place_in((0, 100), 99, 100).words == "page 1, character 100"
    assert text[100 + 309 : 100 + 324] == "b" * 15
    for starts, start, end in (((0,), 3, 3), ((), 0, 1), ((5,), 6, 7), ((0,), -1, 2)):
        with pytest.raises(ValueError, match="stretch"):
            place_in(starts, start, end)


def test_a_pdf_is_read_page_by_page() -> None:
    found = read_note_file(make_pdf(["Knee flexion 110 degrees", "Pain 4/10"], ["Plan: bridge"]))
    assert found.text == "Knee flexion 110 degrees\nPain 4/10\nPlan: bridge\n"
    assert pages_of(found.text, found.page_starts)[1] == "Plan: bridge\n"
    assert (found.format, found.warnings) == ("pdf", ())


def test_a_page_without_text_keeps_its_number_and_is_told() -> None:
    found = read_note_file(make_pdf(["first"], [], ["third"]))
    start = found.text.index("third")
    assert place_in(found.page_starts, start, start + 5).words == "page 3, characters 1–5"
    assert found.warnings == ("Page 2 holds no text, perhaps a picture: what is on it was not read.",)


def test_a_word_document_is_read_in_order_with_its_pages() -> None:
    found = read_note_file(note_docx())
    assert pages_of(found.text, found.page_starts) == [
        "Eastside Clinic\nSUBJECTIVE: pain 4/10 in the left knee.\nMotion\tRange\nFlexion\t0 to 110°\n"
        "After the table.\n",
        "PLAN: go on.\nConfidential\n",
    ]
    assert "Header and footer were taken over once" in " ".join(found.warnings)


def test_tracked_changes_are_read_as_they_would_be_accepted() -> None:
    data = make_docx(lambda document: tracked_paragraph(document, inserted="4/10", deleted="9/10"))
    found = read_note_file(data)
    assert "Pain 4/10" in found.text and "9/10" not in found.text
    assert any("tracked changes" in one for one in found.warnings)


def test_cells_of_several_lines_keep_their_lines() -> None:
    def build(document: Any) -> None:
        cells = document.add_table(rows=1, cols=2).rows[0].cells
        cells[0].text = "S"
        cells[1].text = "first line"
        cells[1].add_paragraph("second line")

    assert read_note_file(make_docx(build)).text == "S\nfirst line\nsecond line\n"


def test_a_document_with_macros_is_read_and_told() -> None:
    found = read_note_file(with_parts(note_docx(), {"word/vbaProject.bin": b"\x00macro"}))
    assert "pain 4/10" in found.text
    assert any("macros" in one for one in found.warnings)


def _refusal(data: bytes, **limits: Any) -> str:
    with pytest.raises(NoteFileRefused) as refused:
        read_note_file(data, limits=Limits(**limits))
    return refused.value.words


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b" \n\x00 ", "empty"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "password"),
        (b"{\\rtf1 hello}", "RTF"),
        (b"\x89PNG\r\n\x1a\n....", "picture"),
        (bytes(range(256)) * 20, "not a text file"),
        (b"\xff\xfe\x00", "damaged or cut short"),
        (make_pdf([], []), "scan"),
        (make_pdf(["secret"], password="opened-by-nobody"), "password"),
        (b"%PDF-1.7\n" + b"garbage " * 50, "damaged"),
        (b"PK\x03\x04" + b"garbage " * 50, "damaged"),
        (b"PK\x05\x06" + b"\x00" * 18, "empty archive"),
        (marked_as_locked(note_docx()), "password"),
    ],
)
def test_what_cannot_be_read_is_said_in_words(data: bytes, words: str) -> None:
    assert words in _refusal(data)


def test_a_word_document_that_names_an_entity_is_not_opened() -> None:
    data = note_docx()
    xml = part_of(data, "word/document.xml").decode()
    stolen = xml.replace("?>", '?><!DOCTYPE w [<!ENTITY x SYSTEM "file:///etc/passwd">]>', 1)
    stolen = stolen.replace("After the table.", "&x;")
    assert "from elsewhere" in _refusal(with_parts(data, {"word/document.xml": stolen.encode()}))
    wide = b"\xff\xfe" + stolen.replace('encoding="UTF-8"', 'encoding="UTF-16"').encode("utf-16-le")
    assert "from elsewhere" in _refusal(with_parts(data, {"word/document.xml": wide}))


def test_an_archive_that_unpacks_to_too_much_is_not_opened() -> None:
    bomb = with_parts(note_docx(), {"word/media/bomb.png": b"\x00" * (210 * 1024**2)})
    assert len(bomb) < 1_000_000
    assert "unpacks to far more" in _refusal(bomb)
    long = with_parts(note_docx(), {"word/document.xml": b"<w>" + b" " * (41 * 1024**2) + b"</w>"})
    assert "far longer than a note" in _refusal(long)


def test_deeply_nested_text_ends_the_reading_and_nothing_else() -> None:
    data = note_docx()
    deep = b"<w:sdt xmlns:w='http://schemas.openxmlformats.org/wordprocessingml/2006/main'>" * 20_000
    assert _refusal(with_parts(data, {"word/document.xml": deep}))


def test_limits_are_told_with_their_numbers() -> None:
    assert _refusal(b"word " * 300, bytes=1_000) == "The file has 0 MB. Up to 0 MB are read."
    assert "Up to 1,000 are read" in _refusal(b"word " * 300, characters=1_000)
    assert "3 pages. Up to 2" in _refusal(make_pdf(["a"], ["b"], ["c"]), pages=2)
    assert "too long to read" in _refusal(make_pdf(["a"]), seconds=0.001)


@pytest.mark.parametrize("tenth", range(1, 10))
@pytest.mark.parametrize("make", [note_docx, lambda: make_pdf(["Pain 4/10"] * 20, ["Plan"] * 20)])
def test_a_file_that_was_cut_short_is_refused_or_read_and_never_breaks(make: Any, tenth: int) -> None:
    whole = make()
    try:
        found = read_note_file(whole[: len(whole) * tenth // 10])
    except NoteFileRefused as refused:
        assert refused.words and refused.cure
    else:
        assert isinstance(found, ImportedText) and found.text.strip()


@pytest.mark.parametrize("seed", range(12))
def test_changed_bytes_are_refused_or_read_and_never_break(seed: int) -> None:
    chance = random.Random(seed)
    data = bytearray(note_docx() if seed % 2 else make_pdf(["Pain 4/10"] * 20, ["Plan"] * 20))
    for _ in range(30):
        data[chance.randrange(8, len(data))] = chance.randrange(256)
    try:
        found = read_note_file(bytes(data))
    except NoteFileRefused as refused:
        assert refused.words and refused.cure
    else:
        assert found.text.strip()


def test_an_archive_that_is_no_word_document_is_refused() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("note.txt", "hello")
    assert "no Word document" in _refusal(out.getvalue())


def test_nothing_of_the_file_stays_on_disk(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    read_note_file(note_docx())
    with pytest.raises(NoteFileRefused):
        read_note_file(b"PK\x03\x04" + b"garbage " * 50)
    assert list(tmp_path.iterdir()) == []
