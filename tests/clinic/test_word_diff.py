"""Two versions of a text, word by word."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinic.word_diff import Change, DiffPiece, compare

WORDS = st.text(alphabet="ab \n😀°", max_size=60)


def sides(old: str, new: str) -> list[tuple[str, str, str]]:
    """Rows as (change, old with [removed], new with [added])."""

    def marked(pieces: tuple[DiffPiece, ...]) -> str:
        return "".join(f"[{piece.text}]" if piece.is_changed else piece.text for piece in pieces)

    return [(row.change.value, marked(row.old), marked(row.new)) for row in compare(old, new).rows]


def test_a_word_is_changed_within_its_line():
    assert sides("Pain 4/10 on stairs.", "Pain 6/10 on stairs.") == [
        ("changed", "Pain [4]/10 on stairs.", "Pain [6]/10 on stairs.")
    ]


def test_lines_are_added_and_removed():
    assert sides("a\nb", "a\nnew\nb") == [("same", "a", "a"), ("added", "", "[new]"), ("same", "b", "b")]
    assert sides("a\nb", "b") == [("removed", "[a]", ""), ("same", "b", "b")]


def test_what_is_far_from_a_change_is_folded():
    old = "\n".join(map(str, range(20)))
    rows = compare(old, old.replace("10", "ten")).rows
    assert [(row.change.value, row.folded) for row in rows] == [
        ("folded", ("0", "1", "2", "3", "4", "5", "6", "7")),
        ("same", ()),
        ("same", ()),
        ("changed", ()),
        ("same", ()),
        ("same", ()),
        ("folded", ("13", "14", "15", "16", "17", "18", "19")),
    ]


def test_words_are_counted():
    diff = compare("one two three", "one 2 three four five")
    assert (diff.words_added, diff.words_removed, diff.is_empty) == (3, 1, False)
    assert compare("same", "same").is_empty


@given(WORDS, WORDS)
def test_nothing_is_lost_and_nothing_invented(old: str, new: str):
    rows = list(compare(old, new).rows)
    lefts = [
        "\n".join(row.folded) if row.folded else "".join(piece.text for piece in row.old)
        for row in rows
        if row.change != Change.ADDED
    ]
    rights = [
        "\n".join(row.folded) if row.folded else "".join(piece.text for piece in row.new)
        for row in rows
        if row.change != Change.REMOVED
    ]
    assert "\n".join(lefts) == old
    assert "\n".join(rights) == new


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("\n" * 200_000, "x" + "\n" * 199_999),
        ("word " * 40_000, "other " * 33_000),
        ("a b " * 50_000, "b a " * 50_000),
        ("\n".join(["same"] * 40_000), "\n".join(["same", "other"] * 20_000)),
        ("x" * 200_000, "y" * 200_000),
    ],
)
def test_the_longest_notes_are_compared_without_their_words(old: str, new: str):
    """Above the limit there is one change; difflib alone would take hours."""
    assert not compare(old, new).is_empty
