"""A movement that a rule says is no repetition is told in words and not counted."""

from prescriptions.library import load
from prescriptions.movement import ExerciseRules
from prescriptions.movement.generator import generate
from sessions.posture_guard import PostureStream

HALF = "You did not stand up fully. That is not a full stand."


def test_a_half_stand_is_told_and_not_counted() -> None:
    motion = generate(
        "sit_to_stand", repetitions=6, view="side", side="both", seed=1,
        compensation="not_full_stand", severity=1.0, compensated=(2, 5),
    )  # fmt: skip
    rules = ExerciseRules.from_dict(load("sit_to_stand"))
    stream = PostureStream(rules, view="side", side="both", width=motion.width, height=motion.height)
    cues = []
    for t_ms, image in zip(motion.t_ms, motion.image, strict=True):
        state = stream.push(t_ms, image)
        cues.append(state.cue.code if state.cue else "")
    result = stream.finish()
    assert [r.index for r in result.repetitions] == [1, 2, 3, 4]
    assert [r.words for r in result.uncounted] == [HALF, HALF]
    assert state.count == 4
    assert "not_full_stand" in cues
    assert len(result.to_dict()["uncounted"]) == 2


def test_the_same_half_stand_from_the_front_is_counted() -> None:
    motion = generate("sit_to_stand", repetitions=6, view="front", side="both", seed=1,
                      compensation="not_full_stand", severity=1.0, compensated=(2, 5))  # fmt: skip
    rules = ExerciseRules.from_dict(load("sit_to_stand"))
    stream = PostureStream(rules, view="front", side="both", width=motion.width, height=motion.height)
    stream.push_many(motion.t_ms, motion.image)
    assert len(stream.finish().repetitions) == 6
