"""Sentences and citations are read from whatever a model writes, whole or in pieces."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sessions.rehab_bot.citing import TEXT_MOST, Cited, Reader, plain, read_answer, read_line, write_lines
from sessions.rehab_bot.types import Sentence

REF = "exercise:clamshell:how"


@pytest.mark.parametrize(
    ("line", "cited"),
    [
        ("Lift your knee. [a]", [Cited("Lift your knee.", ("a",))]),
        ("Lift your knee [a].", [Cited("Lift your knee.", ("a",))]),
        ("Lift your knee. [a, b]", [Cited("Lift your knee.", ("a", "b"))]),
        ("Lift your knee. [a][b]", [Cited("Lift your knee.", ("a", "b"))]),
        ("Lift your knee. [a; a]", [Cited("Lift your knee.", ("a",))]),
        ("Lie down. Lift your knee. [a]", [Cited("Lie down.", ("a",)), Cited("Lift your knee.", ("a",))]),
        ("Lie down. [a] Lift your knee. [b]", [Cited("Lie down.", ("a",)), Cited("Lift your knee.", ("b",))]),
        ("Lift your knee.", [Cited("Lift your knee.")]),
        ("Lift it. [a] Then rest", [Cited("Lift it.", ("a",)), Cited("Then rest")]),
        ("Lift your knee. []", [Cited("Lift your knee.")]),
        ("Use 2.5 kg. [a]", [Cited("Use 2.5 kg.", ("a",))]),
        ("[a]", []),
        ("...", []),
        ("", []),
    ],
)
def test_a_line_is_read(line: str, cited: list[Cited]) -> None:
    assert read_line(line) == cited


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("- Lift your knee.", "Lift your knee."),
        ("2. Lift **your** knee.", "Lift your knee."),
        ("### Lift it", "Lift it"),
        ("Lift\u200b your\u202e knee", "Lift your knee"),
        ("Ｌｉｆｔ　it", "Lift it"),
        ("Lift\x00it\x07now", "Lift it now"),
        ("  Lift \n it ", "Lift it"),
    ],
)
def test_layout_and_hidden_characters_go(text: str, clean: str) -> None:
    assert plain(text) == clean


def test_a_sentence_is_given_as_soon_as_it_is_complete() -> None:
    reader = Reader()
    assert reader.feed(f"Lie down. [{REF}") == []
    assert reader.feed("]") == []
    assert reader.feed("\n") == [Cited("Lie down.", (REF,))]
    assert reader.feed(f"Lift it. [{REF}] Then") == [Cited("Lift it.", (REF,))]
    assert reader.close() == [Cited("Then")]


def test_what_passes_the_limit_is_not_read() -> None:
    reader = Reader()
    first = reader.feed("Lie down. [a]\n" + "x" * TEXT_MOST)
    assert (first, reader.is_full) == ([Cited("Lie down.", ("a",))], True)
    assert (reader.feed("More. [a]\n"), reader.close()) == ([], [])


def test_a_line_without_end_is_left_out() -> None:
    assert read_answer("x " * 800 + "\nLift it. [a]\n") == [Cited("Lift it.", ("a",))]


def test_written_lines_are_read_back() -> None:
    said = [Sentence("Lie down.", ("a", "b")), Sentence("Rest 30 s."), Sentence("How are you?", ("c",))]
    assert read_answer(write_lines(said)) == [Cited(each.text, each.sources) for each in said]


TEXTS = st.text(
    st.characters(exclude_categories=["Cs"]) | st.sampled_from(list("[].,!? \nab1*-<")), max_size=300
)


@settings(deadline=None)
@given(TEXTS)
def test_anything_can_be_read(text: str) -> None:
    for cited in read_answer(text):
        assert cited.text == plain(cited.text) != ""
        assert "\n" not in cited.text


@settings(deadline=None)
@given(TEXTS, st.lists(st.integers(1, 20), max_size=40))
def test_pieces_give_what_the_whole_gives(text: str, sizes: list[int]) -> None:
    """Where a line break ends each sentence, it does not matter how the answer was cut."""
    reader, read, place = Reader(), [], 0
    for size in sizes:
        read += reader.feed(text[place : place + size])
        place += size
    read += reader.feed(text[place:]) + reader.close()
    assert [each.text for each in read] == [each.text for each in read_answer(text)]
