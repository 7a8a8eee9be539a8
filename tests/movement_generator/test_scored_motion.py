"""What the generator draws and what PostureGuard sees agree: counts, clean form, faults, hidden limbs."""

import pytest

from prescriptions import library
from prescriptions.movement.generator import Motion, compensations, generate
from prescriptions.movement.rules import ExerciseRules
from sessions.posture_guard import SetResult, score_recording

CODES = sorted(library.codes())
FIRST_FAULTY = 3
NAMED = [
    ("squat", "side", "trunk_lean"),
    ("squat", "side", "heel_rise"),
    ("squat", "side", "short_range"),
    ("squat", "front", "knee_valgus"),
    ("squat", "front", "weight_shift"),
    ("squat", "front", "knees_together"),
    ("squat", "front", "trunk_side_lean"),
    ("sit_to_stand", "side", "not_full_stand"),
    ("sit_to_stand", "side", "trunk_lean"),
    ("sit_to_stand", "side", "trunk_sway"),
    ("sit_to_stand", "front", "knee_valgus"),
    ("sit_to_stand", "front", "weight_shift"),
    ("lunge", "side", "trunk_lean"),
    ("lunge", "front", "pelvis_drop"),
    ("lunge", "front", "trunk_side_lean"),
    ("calf_raise", "side", "knee_bend"),
    ("calf_raise", "side", "trunk_lean"),
    ("shoulder_abduction", "front", "trunk_side_lean"),
    ("shoulder_abduction", "front", "shrug"),
    ("shoulder_abduction", "front", "elbow_bend"),
    ("shoulder_abduction", "front", "uneven_arms"),
    ("wall_slide", "front", "shrug"),
    ("wall_slide", "front", "uneven_arms"),
    ("wall_slide", "front", "trunk_side_lean"),
    ("standing_straight_leg_raise", "side", "knee_bend"),
    ("standing_straight_leg_raise", "side", "trunk_lean"),
    ("standing_hip_abduction", "front", "pelvis_hike"),
    ("standing_straight_leg_raise", "side", "standing_hip_bend"),
    ("straight_leg_raise", "side", "extensor_lag"),
    ("bridge", "side", "short_of_line"),
    ("bridge", "side", "back_arch"),
    ("clamshell", "feet_end", "pelvis_roll"),
]


def default_view(code: str) -> str:
    return next(name for name, view in library.load(code)["views"].items() if view["default"])


def usual_side(code: str) -> str:
    sides = library.load(code)["sides"]
    return "both" if "both" in sides else "left"


def scored(motion: Motion) -> SetResult:
    rules = ExerciseRules.from_dict(library.load(motion.code))
    return score_recording(
        rules, motion.t_ms, motion.image, motion.presence,
        view=motion.view, side=motion.side, width=motion.width, height=motion.height,
    )  # fmt: skip


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("seed", range(3))
def test_the_count_is_the_number_drawn_and_clean_form_is_correct(code, seed):
    motion = generate(code, repetitions=6, view=default_view(code), side=usual_side(code), seed=seed)
    result = scored(motion)
    assert [r.classification for r in result.repetitions] == ["correct"] * 6
    assert result.view_check.fits


@pytest.mark.parametrize("code", CODES)
def test_repetitions_are_found_where_they_were_drawn(code):
    motion = generate(code, repetitions=4, view=default_view(code), side=usual_side(code), seed=4)
    for found, drawn in zip(scored(motion).repetitions, motion.truth.repetitions, strict=True):
        assert found.peak_s == pytest.approx(drawn.peak_s, abs=0.8)


@pytest.mark.parametrize("repetition_s", [1.6, 3.0, 6.0])
def test_tempo_does_not_change_the_count(repetition_s):
    motion = generate("squat", repetitions=5, seconds_per_repetition=repetition_s, view="side", seed=2)
    assert len(scored(motion).repetitions) == 5


def judged(code: str, view: str) -> set[str]:
    return {c["code"] for c in library.load(code)["criteria"] if view in c["views"]}


@pytest.mark.parametrize(
    ("code", "view", "compensation"), [row for row in NAMED if row[2] in judged(*row[:2])]
)
def test_a_drawn_compensation_is_named(code, view, compensation):
    motion = generate(
        code, repetitions=6, view=view, side=usual_side(code), seed=1,
        compensation=compensation, severity=1.0, compensated=(3, 4, 5),
    )  # fmt: skip
    result = scored(motion)
    repetitions = sorted((*result.repetitions, *result.uncounted), key=lambda one: one.peak_s)
    assert len(repetitions) == 6
    for repetition in repetitions[FIRST_FAULTY:]:
        assert compensation in [finding.code for finding in repetition.findings]
        assert repetition.classification in ("mild", "significant")


def test_what_is_asked_to_be_named_can_be_drawn():
    assert all(compensation in compensations(code) for code, _, compensation in NAMED)


@pytest.mark.parametrize(
    ("code", "view", "covered"),
    [
        ("squat", "side", ("left_leg", "right_leg")),
        ("shoulder_abduction", "front", ("left_arm", "right_arm")),
        ("straight_leg_raise", "side", ("left_leg", "right_leg")),
    ],
)
def test_covered_limbs_are_not_scored(code, view, covered):
    motion = generate(code, repetitions=4, view=view, side=usual_side(code), seed=1, covered=covered)
    result = scored(motion)
    assert all(r.classification == "not_scored" for r in result.repetitions)
    assert result.coverage < 0.1


@pytest.mark.parametrize("seed", range(4))
def test_squats_half_as_deep_as_they_should_be_are_counted_from_the_front(seed):
    motion = generate(
        "squat", repetitions=6, view="front", side="both", seed=seed, compensation="short_range", severity=1.0
    )
    assert len(scored(motion).repetitions) == 6
