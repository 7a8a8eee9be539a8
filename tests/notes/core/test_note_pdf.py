"""A note on paper: every character, every page, whatever was typed."""

from io import BytesIO

import pypdfium2
import pytest

from notes.note_pdf import PrintedNote, PrintedPart, pdf_of


def printed(*texts: str, **said: str) -> list[str]:
    """The words on each page of a note with these texts as its parts."""
    parts = tuple(
        PrintedPart(f"Part {number}", text, ("Signed by Nora, Therapist",))
        for number, text in enumerate(texts)
    )
    note = PrintedNote(
        said.get("clinic", "North"), said.get("patient", "Paul Ellsworth"), "About.", parts, "Printed today"
    )
    document = pypdfium2.PdfDocument(BytesIO(pdf_of(note)))
    return [page.get_textpage().get_text_bounded().replace("\r\n", "\n") for page in document]


def test_head_text_signature_and_page_are_there():
    (page,) = printed("SUBJECTIVE:\nPain 4/10.\n\nPLAN:\nStretch.")
    for words in ("North", "Paul Ellsworth", "SUBJECTIVE:", "Pain 4/10.", "Signed by Nora", "Page 1 of 1"):
        assert words in page


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("flexion 95° ± 5°", "flexion 95° ± 5°"),
        ("Café, naïve, Müller, ñ, ß", "Café, naïve, Müller, ñ, ß"),
        ("½ × 3 – 4 — “so” ’ … •", "½ × 3 – 4 — “so” ’ … •"),
        ("Źdźbło", "Zdzbło"),
        ("smile 😀!", "smile [grinning face]!"),
        ("a\u200fb\u200bc\ufe0f", "abc"),
        ("a < b & c > d <font>", "a < b & c > d <font>"),
        ("ﬁt", "fit"),
    ],
)
def test_characters(typed: str, words: str):
    assert words in printed(typed)[0]


@pytest.mark.parametrize("greek", ["α", "β", "Ω", "π", "Δ", "→", "≥", "✓"])
def test_greek_arrows_and_ticks_have_a_glyph(greek: str):
    """Symbol is read back under other code points, so the ink is counted."""
    assert ink(greek) > 20
    assert "stands for a character" not in printed(greek)[0]


def ink(text: str) -> int:
    """Dark points that a character adds to an otherwise blank note."""

    def dark(words: str) -> int:
        note = PrintedNote("", "", "", (PrintedPart("", words, ()),), "")
        page = pypdfium2.PdfDocument(BytesIO(pdf_of(note)))[0]
        bitmap = page.render(scale=3, grayscale=True).to_numpy()
        return int((bitmap < 128).sum())

    return dark(f".{text}") - dark(".")


@pytest.mark.parametrize("unknown", ["Ж", "ש", "ع", "語"])
def test_what_no_font_has_is_a_box_and_is_said(unknown: str):
    (page,) = printed(f"a{unknown}b")
    assert "stands for a character that this font does not have" in page


def test_addenda_follow_and_pages_are_counted():
    pages = printed("Line.\n" * 150, "The addendum.")
    assert [f"Page {n} of {len(pages)}" in page for n, page in enumerate(pages, start=1)] == [True] * len(
        pages
    )
    assert len(pages) > 2
    assert "The addendum." in pages[-1]


@pytest.mark.slow
@pytest.mark.parametrize(
    "text", ["x" * 200_000, "word " * 40_000, "\n" * 200_000, "é\n" * 20_000, "😀" * 20_000, "\t" * 9_000]
)
def test_a_very_long_note_is_printed(text: str):
    assert "Signed by Nora" in printed(text)[-1]


def test_nothing_of_the_patient_is_in_the_files_properties():
    part = PrintedPart("Zanzibar", "Zanzibar", ())
    document = pypdfium2.PdfDocument(
        BytesIO(pdf_of(PrintedNote("Zanzibar", "Zanzibar", "Zanzibar", (part,), "")))
    )
    assert "Zanzibar" not in str(document.get_metadata_dict())
