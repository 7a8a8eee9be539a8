"""Ladders: over the shipped exercises, in order, small enough, and every dose in its place."""

import numpy as np
import pytest

from prescriptions import library
from prescriptions.adapt_rx import (
    REST,
    Action,
    ladder_of,
    load_of,
    nearest_action,
    resistance_of,
    shipped_ladders,
)
from prescriptions.adapt_rx.ladders import TABLE_COLUMNS
from prescriptions.dose import RANGES, SECONDS_PER_REPETITION, TEXT_LENGTHS
from tests.adapt_rx.doses import KNEE


def test_every_shipped_exercise_stands_on_one_rung_of_one_ladder():
    on_rungs = [rung.exercise_code for one in shipped_ladders().values() for rung in one.rungs]
    assert sorted(on_rungs) == sorted(library.codes())


@pytest.mark.parametrize("ladder", shipped_ladders().values(), ids=lambda one: one.code)
class TestEachLadder:
    def test_has_the_names_of_the_library(self, ladder):
        for rung in ladder.rungs:
            shipped = library.load(rung.exercise_code)
            assert (rung.name, rung.position, rung.kind) == (
                shipped["name"],
                shipped["position"],
                shipped["kind"],
            )

    def test_gets_harder_rung_by_rung_and_resistance_by_resistance(self, ladder):
        demands = [rung.demand for rung in ladder.rungs]
        assert demands[0] == 1.0
        assert demands == sorted(set(demands))
        for rung in ladder.rungs:
            factors = [one.factor for one in rung.resistances]
            assert factors[0] == 1.0
            assert factors == sorted(set(factors))
            assert rung.resistances[0].equipment == ""
            assert all(one.equipment and one.words for one in rung.resistances[1:])

    def test_opens_harder_rungs_no_earlier_after_an_operation(self, ladder):
        days = [rung.open_days_after_surgery for rung in ladder.rungs]
        assert days == sorted(days)
        for rung in ladder.rungs:
            assert rung.resistance_days_after_surgery >= rung.open_days_after_surgery
            assert "to be signed by a clinician" in rung.surgery_source

    def test_is_a_table_of_at_most_300_doses_that_can_be_prescribed(self, ladder):
        actions = ladder.actions()
        assert len(actions) == len(set(actions)) == len(ladder.table()) <= 300
        assert actions[-1] == REST
        for action in actions[:-1]:
            for name in ("sets", "repetitions", "hold_s"):
                least, most = RANGES[name]
                assert least <= getattr(action, name) <= most
            words = ladder.rungs[action.rung].resistances[action.resistance].words
            assert len(words) <= TEXT_LENGTHS["resistance"]

    def test_finds_each_dose_where_it_stands(self, ladder):
        assert [ladder.index(one) for one in ladder.actions()] == list(range(len(ladder.actions())))
        assert ladder.find(Action(0, 9, 9)) == -1

    def test_says_the_load_as_documented(self, ladder):
        for action, load in zip(ladder.actions()[:-1], ladder.loads, strict=False):
            rung = ladder.rungs[action.rung]
            seconds = SECONDS_PER_REPETITION + action.hold_s
            demand = rung.demand * rung.resistances[action.resistance].factor
            work = action.sets * action.repetitions * seconds / SECONDS_PER_REPETITION
            assert load == pytest.approx(demand * work)
        assert load_of(ladder, REST) == 0

    def test_cannot_be_changed_by_who_reads_it(self, ladder):
        with pytest.raises(ValueError, match="read-only"):
            ladder.table()[0, 0] = 5


def test_a_clinics_own_exercise_is_on_no_ladder():
    assert ladder_of("heel_slide_of_our_own") is None
    ladder, rung = ladder_of("squat")
    assert (ladder.code, rung) == ("knee_extension", 2)


@pytest.mark.parametrize(
    ("typed", "stands_for"),
    [
        ({"sets": 2, "repetitions": 10}, Action(2, 2, 10)),
        ({"sets": 2, "repetitions": 11}, Action(2, 2, 10)),
        ({"sets": 10, "repetitions": 60}, Action(2, 3, 15)),
        ({"sets": 1, "repetitions": 1}, Action(2, 1, 5)),
        ({"sets": 3, "repetitions": 8, "resistance_words": " 2 KG in each hand "}, Action(2, 3, 8, 0, 1)),
        ({"sets": 3, "repetitions": 8, "resistance_words": "grandfather's anvil"}, Action(2, 3, 8)),
    ],
)
def test_a_dose_between_the_steps_stands_for_the_next_one_that_is_not_harder(typed, stands_for):
    assert nearest_action(KNEE, 2, **typed) == stands_for


def test_an_unknown_resistance_is_said_to_be_unknown():
    assert resistance_of(KNEE, 2, "grandfather's anvil") is None
    assert resistance_of(KNEE, 2, "") == 0
    assert resistance_of(KNEE, 2, "hand_4kg") == 2


def test_the_table_has_the_columns_it_names():
    row = dict(zip(TABLE_COLUMNS, KNEE.table()[KNEE.index(Action(2, 3, 8, 0, 1))], strict=True))
    assert (row["rung"], row["sets"], row["repetitions"], row["hold_s"], row["resistance"]) == (2, 3, 8, 0, 1)
    assert row["demand"] == pytest.approx(1.7 * 1.1)
    assert row["surgery_days"] == 84
    assert KNEE.equipment_codes[int(row["equipment"]) - 1] == "hand_weight"
    assert np.isfinite(KNEE.table()).all()
