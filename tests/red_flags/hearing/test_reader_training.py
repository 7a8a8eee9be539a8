"""Training of the second reader in small: from a few messages to a served folder, and its refusals."""

import json
import random
from pathlib import Path

import numpy as np
import pytest

from patients.red_flags.hearing import hear, hear_by_rules
from patients.red_flags.hearing.reader.folder import CARD, MANIFEST
from patients.red_flags.hearing.reader.labels import LABELS, URGENT
from patients.red_flags.hearing.reader.served import load_reader
from patients.red_flags.hearing.scoring import SuiteLine
from patients.red_flags.hearing.training.changes import harmless_of, together, varied
from patients.red_flags.hearing.training.choosing import Judged, choose_limits, is_right, limits_at, measure
from patients.red_flags.hearing.training.messages_of import Example, authors, example_of
from patients.red_flags.hearing.training.settings import TrainingSettings

TINY = TrainingSettings(version=7, epochs=1, batch=4, most_steps=2)
URGENT_LINE = SuiteLine("u", ("my smile hangs on one side",), "emergency", frozenset({"stroke_neck_artery"}))
CALM_LINE = SuiteLine("c", ("how many bridges today?",), "none", frozenset())
LINES = {"one": (URGENT_LINE, CALM_LINE) * 4, "two": (CALM_LINE, URGENT_LINE) * 2}


def test_a_small_training_leaves_a_reader_that_is_served(tmp_path: Path) -> None:
    pytest.importorskip("torch")
    from patients.red_flags.hearing.training.releasing import Plan, release

    told: list[str] = []
    plan = Plan((("two",),), 0.5, TINY, "a command")
    release(plan, out=tmp_path / "out", work=tmp_path / "work", tell=told.append, lines=LINES)
    reader = load_reader(tmp_path / "out")
    assert reader.manifest.version == 7
    assert reader.probabilities(["hello"]).shape == (len(LABELS),)
    assert hear(["hello"], load=lambda: reader).reader == "rules and reader"
    card = (tmp_path / "out" / CARD).read_text()
    assert "a command" in card and reader.manifest.told["data_sha256"] in card
    assert "smile hangs" not in card + (tmp_path / "out" / MANIFEST).read_text() + "".join(told)
    again = tmp_path / "again"
    from_work = Plan((("two",),), 0.5, TINY, "a command")
    release(from_work, out=again, work=tmp_path / "work", tell=told.append, lines=LINES)
    assert json.loads((again / MANIFEST).read_text())["limits"] == reader.manifest.limits.to_dict()
    taken_over = Plan((), 0.5, TINY, "a command", measured=again)
    release(taken_over, out=tmp_path / "third", work=tmp_path / "work", tell=told.append, lines=LINES)
    assert load_reader(tmp_path / "third").manifest.limits == reader.manifest.limits
    with pytest.raises(ValueError, match="nobody"):
        release(Plan((("nobody",),), 0.5, TINY, ""), out=again, work=None, tell=told.append, lines=LINES)


def test_settings_that_make_no_sense_are_refused() -> None:
    for wrong in ({"epochs": 0}, {"masked_share": 1.0}, {"most_steps": -1}):
        with pytest.raises(ValueError):
            TrainingSettings(**wrong)


def judged(line: SuiteLine, **likely: float) -> Judged:
    row = np.array([likely.get(label, 0.01) for label in LABELS])
    heard = hear_by_rules(["hello"])
    return Judged(line, heard, heard, row)


def test_the_lowest_limit_that_keeps_false_alarms_in_bounds_is_chosen() -> None:
    lines = [
        judged(CALM_LINE, urgent=0.2),
        judged(CALM_LINE, urgent=0.6),
        judged(CALM_LINE),
        judged(CALM_LINE),
    ]
    lines += [judged(URGENT_LINE, urgent=0.5, stroke_neck_artery=0.4)]
    assert choose_limits(lines, most_false=0.5).urgent == 0.05
    assert choose_limits(lines, most_false=0.25).urgent == 0.21
    assert choose_limits(lines, most_false=0.0).urgent == 0.61
    assert measure(lines, limits_at(0.4)).sensitivity.hits == 1
    assert measure(lines, None).sensitivity.hits == 0
    assert not is_right(judged(URGENT_LINE, urgent=0.9, cardiac=0.9), limits_at(0.4))


def test_changes_keep_the_labels_and_some_words() -> None:
    chance = random.Random(3)
    example = Example(("I fell yesterday. My left wrist is swollen, it is blue.",), frozenset({"x", URGENT}))
    calm = Example(("how many bridges",), frozenset())
    made = [varied(example, [calm], chance) for _ in range(300)]
    assert all(one.labels == example.labels and any(turn.strip() for turn in one.messages) for one in made)
    assert len({one.messages for one in made}) > 100
    assert any("right" in " ".join(one.messages) for one in made)
    assert harmless_of([example, calm]) == [calm]
    assert together(example, calm).messages == (*example.messages, *calm.messages)


def test_of_a_message_of_points_something_is_left() -> None:
    chance = random.Random(5)
    made = [varied(Example(("???",), frozenset()), [], chance) for _ in range(200)]
    assert all(any(turn.strip() for turn in one.messages) for one in made)


def test_every_author_can_be_read_and_no_suite_kept_aside_is_among_them() -> None:
    written = authors()
    assert {"w1", "w2", "w3", "w4", "w5", "development", "second"} <= set(written)
    assert not any("kept" in name or "held" in name for name in written)
    labels = {label for lines in written.values() for line in lines for label in example_of(line).labels}
    assert labels == set(LABELS)
