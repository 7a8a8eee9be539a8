"""Values in a table take the side of their column, or none; never that of a neighbour."""

import pytest

from notes.clini_note_extractor import extract_by_rules
from notes.clini_note_extractor.linking import findings_of

LETTER = (
    "Motion\tRight knee\tLeft knee\nFlexion\t60 degrees\t128 degrees\nExtension lacks\t8 degrees\t0 degrees\n"
)


def told(text: str) -> list[tuple[str, str, str, float]]:
    """Side, region, movement and value of each range or grade."""
    found = findings_of(text, extract_by_rules(text))
    return [
        (one.side, one.region, one.motion, one.high) for one in found if one.kind in {"range", "strength"}
    ]


def test_each_column_keeps_its_side():
    assert told(LETTER) == [
        ("right", "knee", "flexion", 60.0),
        ("left", "knee", "flexion", 128.0),
        ("right", "knee", "extension", 8.0),
        ("left", "knee", "extension", 0.0),
    ]


def test_bars_part_cells_too():
    text = "| Shoulder | Left | Right |\n| Abduction | 90 degrees | 170 degrees |\n"
    assert [(side, value) for side, _, _, value in told(text)] == [("left", 90.0), ("right", 170.0)]


def test_a_row_that_does_not_fit_its_head_has_no_side():
    text = "Motion\tRight knee\tLeft knee\nFlexion\t60 degrees\t128 degrees\t45 degrees\n"
    assert [side for side, _, _, _ in told(text)] == ["", "", ""]


def test_the_cells_own_side_wins():
    text = "Motion\tRight knee\tLeft knee\nFlexion\tleft 60 degrees\t128 degrees\n"
    assert [side for side, _, _, _ in told(text)] == ["left", "left"]


def test_a_table_ends_where_a_line_has_no_cells():
    text = LETTER + "Left hip flexion 100 degrees.\nflexion\t95 degrees\n"
    assert told(text)[-2][:3] == ("left", "hip", "flexion")
    assert told(text)[-1][0] != "right"


@pytest.mark.timeout(20)
def test_a_long_table_takes_time_in_proportion():
    text = LETTER + "Flexion\t60 degrees\t128 degrees\n" * 4000
    assert len(told(text[:120_000])) > 4000
