"""Norms as their sources print them."""

import pytest

from sessions.motion_trend.timed import norm_for, tug_risk_words


@pytest.mark.parametrize(
    ("age", "sex", "low", "high"),
    [
        (60, "male", 14, 19),
        (67, "male", 12, 18),
        (72, "female", 10, 15),
        (94, "female", 4, 11),
        (85, "male", 8, 14),
    ],
)
def test_chair_stands_as_jones_and_rikli_print_them(age, sex, low, high):
    norm = norm_for("chair_stand_30s", age, sex)
    assert (norm.low, norm.high) == (low, high)


def test_words_name_place_people_and_source():
    norm = norm_for("chair_stand_30s", 72.9, "female")
    assert norm.words(9) == "below average for women of 70–74 (Jones & Rikli 2002; CDC STEADI)"
    assert norm.words(10) == "average for women of 70–74 (Jones & Rikli 2002; CDC STEADI)"
    assert norm.to_dict(16)["place"] == "high"
    assert norm.to_dict(None)["words"] == ""


def test_walking_speed_by_decade_and_sex():
    assert norm_for("walk_10m", 45, "male").mean == 1.43
    assert norm_for("walk_10m", 85, "female").mean == 0.94
    assert norm_for("walk_10m", 65, "female").place(1.10) == "low"
    assert norm_for("walk_10m", 65, "female").place(1.20) == "average"


def test_timed_up_and_go_counts_slow_as_worse_and_knows_no_sex():
    norm = norm_for("tug", 75, "")
    assert (
        norm.words(11.0)
        == "slower than average for people of 70–79 (Bohannon 2006, J Geriatr Phys Ther 29:64)"
    )
    assert norm_for("tug", 75, "unknown") == norm
    assert tug_risk_words(11.9) == ""
    assert "risk of falling" in tug_risk_words(12.0)


@pytest.mark.parametrize(
    ("kind", "age", "sex"),
    [("chair_stand_30s", 59, "male"), ("chair_stand_30s", 95, "male"), ("walk_10m", 19, "male"),
     ("tug", 59, "male"), ("walk_10m", 40, "unknown")],
)  # fmt: skip
def test_nobody_is_judged_whom_no_source_covers(kind, age, sex):
    assert norm_for(kind, age, sex) is None
