"""Counting and judging from one sensor, on simulated movement: what is found, and what is left unsaid."""

from dataclasses import replace
from itertools import chain, permutations, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from prescriptions import library
from prescriptions.movement.criteria import InvalidRules
from prescriptions.movement.imu_rules import ImuRules, NoSensorRules
from sessions.motion_trend.live import ImuStream, score_samples
from sessions.motion_trend.live.inclination import UpTracker, tilt_deg
from sessions.motion_trend.live.trouble import CANNOT_COUNT, GAP, NO_PLACE, NOT_STILL, SLIPPED, TROUBLE
from sessions.motion_trend.live.virtual import SimulatedSet, VirtualSamples, simulate_set

SQUAT = ImuRules.from_spec(library.load("squat"))
CHEST = SimulatedSet(repetitions=6, forward_deg=35.0)
THIGH = SimulatedSet(repetitions=6, forward_deg=80.0, lever_m=0.25)
# A phone flat on the breastbone: its third axis looks straight ahead.
FLAT = np.array([[0.0, 0.0, 1.0], [1.0, 0.0, 0.0], [0.0, 1.0, 0.0]])


def rotations():
    """All 24 proper rotations onto the axes."""
    for order in permutations(range(3)):
        for signs in product((1.0, -1.0), repeat=3):
            turned = np.eye(3)[list(order)] * np.array(signs)[:, None]
            if np.linalg.det(turned) > 0:
                yield turned


def judged(samples, *, placement="chest", rules=SQUAT, side="both"):
    return score_samples(
        rules, samples.t_ms, samples.acceleration, samples.angular_velocity, placement=placement, side=side
    )


def classes(result):
    return [repetition.classification for repetition in result.repetitions]


def codes(result):
    return [[finding.code for finding in repetition.findings] for repetition in result.repetitions]


@pytest.mark.parametrize("mount", rotations())
def test_however_the_phone_lies_the_count_and_the_class_are_the_same(mount):
    samples = simulate_set(replace(CHEST, forward_by={5: 16.0}, sideways_by={6: 24.0}), mount=mount)
    result = judged(samples)
    assert classes(result) == ["correct"] * 4 + ["mild", "significant"]
    assert codes(result)[4:] == [["trunk_lean"], ["trunk_side_lean"]]


def test_each_fault_is_found_in_its_repetition_and_nowhere_else():
    chest = judged(
        simulate_set(replace(CHEST, forward_by={3: 30.0}, sideways_by={4: 14.0}, turn_by={6: 30.0}))
    )
    assert codes(chest) == [[], [], ["trunk_lean"], ["trunk_side_lean"], [], ["trunk_turn"]]
    thigh = judged(
        simulate_set(replace(THIGH, forward_by={4: -22.0, 5: -45.0}, seconds_by={6: (0.45, 1.3)})),
        placement="left_thigh",
    )
    assert codes(thigh) == [[], [], [], ["short_range"], ["short_range"], ["dropping"]]
    assert classes(thigh)[3:] == ["mild", "significant", "mild"]


def test_a_finding_carries_its_number_and_the_persons_own():
    result = judged(simulate_set(replace(THIGH, forward_by={5: -40.0})), placement="pocket")
    (finding,) = result.repetitions[4].findings
    assert (finding.unit, finding.cue) == ("deg", "Go a little lower if you can.")
    assert (finding.value, finding.baseline) == (pytest.approx(40.0, abs=2.0), pytest.approx(80.0, abs=2.0))
    assert result.versions == {"rules": "squat:imu1", "engine": "imu-1.0", "placement": "pocket"}


@settings(max_examples=25, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    rate_hz=st.sampled_from([30.0, 50.0, 60.0, 100.0]),
    pace=st.floats(1.6, 5.0),
    far_deg=st.floats(18.0, 60.0),
    count=st.integers(3, 9),
)
def test_clean_movement_is_counted_and_never_called_a_fault(seed, rate_hz, pace, far_deg, count):
    plan = SimulatedSet(repetitions=count, forward_deg=far_deg, repetition_s=pace, rate_hz=rate_hz)
    result = judged(simulate_set(plan, seed=seed))
    assert classes(result) == ["correct"] * count


@settings(max_examples=15, deadline=None)
@given(cuts=st.lists(st.integers(1, 200), min_size=1, max_size=40))
def test_live_says_what_the_batch_says_however_the_samples_come(cuts):
    samples = simulate_set(replace(CHEST, repetitions=3, forward_by={3: 25.0}))
    stream, at = ImuStream(SQUAT, placement="chest", side="both"), 0
    for size in [*cuts, len(samples.t_ms)]:
        piece = slice(at, at + size)
        stream.push_many(samples.t_ms[piece], samples.acceleration[piece], samples.angular_velocity[piece])
        at += size
    assert stream.finish() == judged(samples)


def test_the_cue_comes_with_the_repetition_while_the_set_goes_on():
    samples = simulate_set(replace(THIGH, forward_by={4: -45.0}))
    stream = ImuStream(SQUAT, placement="right_thigh", side="both")
    heard = {}
    for at in range(0, len(samples.t_ms), 15):
        piece = slice(at, at + 15)
        state = stream.push_many(
            samples.t_ms[piece], samples.acceleration[piece], samples.angular_velocity[piece]
        )
        heard.setdefault(state.count, (samples.t_ms[at], state.cue))
    assert [heard[count][1] for count in range(4)] == [None] * 4
    assert heard[4][1].words == "Go a little lower if you can."
    # Counted on the way back of the fourth, which ends 1.5 + 4 × 3.3 s after the start.
    assert heard[4][0] < 1000.0 * (1.5 + 4 * 3.3)


def test_a_habitual_lean_is_seen_where_the_phone_lies_flat_and_not_guessed_elsewhere():
    leaning = replace(CHEST, forward_deg=45.0, sideways_by=dict.fromkeys(range(1, 7), 36.0))
    flat = judged(simulate_set(leaning, mount=FLAT))
    assert set(classes(flat)) <= {"mild", "significant"}
    askew = np.array([[0.8, 0.0, 0.6], [0.0, 1.0, 0.0], [-0.6, 0.0, 0.8]])
    assert "trunk_side_lean" not in chain(*codes(judged(simulate_set(leaning, mount=askew))))


def altered(samples, **changes):
    return replace(samples, **changes)


def test_a_sensor_that_shakes_is_not_believed():
    clean = simulate_set(CHEST)
    noise = np.random.default_rng(1).normal(scale=6.0, size=clean.acceleration.shape)
    noise[clean.t_ms < 1200.0] = 0.0
    result = judged(altered(clean, acceleration=clean.acceleration + noise))
    assert {repetition.reason for repetition in result.repetitions} == {TROUBLE["loose"]}


def test_a_sensor_that_slips_is_told_from_the_repetition_on():
    clean = simulate_set(CHEST)
    from_here = int(len(clean.t_ms) * 0.62)
    angle = np.radians(30.0)
    slip = np.array(
        [[1, 0, 0], [0, np.cos(angle), -np.sin(angle)], [0, np.sin(angle), np.cos(angle)]], dtype=float
    )
    force, turning = clean.acceleration.copy(), clean.angular_velocity.copy()
    force[from_here:], turning[from_here:] = force[from_here:] @ slip, turning[from_here:] @ slip
    result = judged(altered(clean, acceleration=force, angular_velocity=turning))
    assert result.repetitions[-1].reason == SLIPPED
    assert classes(result)[:3] == ["correct"] * 3


def test_a_slow_sensor_counts_and_does_not_judge():
    result = judged(simulate_set(replace(CHEST, rate_hz=12.0, forward_by={4: 30.0})))
    assert classes(result) == ["not_scored"] * 6
    assert result.repetitions[0].reason == TROUBLE["slow_sensor"]


def test_a_pause_of_the_phone_leaves_its_repetition_unjudged():
    clean = simulate_set(CHEST)
    keep = ~((clean.t_ms > 5_300) & (clean.t_ms < 6_200))
    result = judged(VirtualSamples(clean.t_ms[keep], clean.acceleration[keep], clean.angular_velocity[keep]))
    assert GAP in [repetition.reason for repetition in result.repetitions]
    assert classes(result).count("correct") >= 4


@pytest.mark.parametrize("factor", [1 / 9.80665, 100.0])
def test_another_unit_counts_and_does_not_judge(factor):
    clean = simulate_set(CHEST, noise=0.0)
    result = judged(altered(clean, acceleration=clean.acceleration * factor))
    assert classes(result) == ["not_scored"] * 6
    assert result.not_scored == (TROUBLE["wrong_unit"],)


def test_who_never_stands_still_is_counted_and_not_judged():
    samples = simulate_set(replace(CHEST, still_s=0.1, rest_s=0.1, repetition_s=2.0, repetitions=6))
    wobble = np.random.default_rng(2).normal(scale=0.8, size=samples.angular_velocity.shape)
    result = judged(altered(samples, angular_velocity=samples.angular_velocity + wobble))
    assert NOT_STILL in result.not_scored
    assert set(classes(result)) == {"not_scored"}


def test_a_part_that_moves_as_no_thigh_does_is_another_place():
    result = judged(simulate_set(replace(THIGH, forward_deg=22.0)), placement="right_thigh")
    assert result.not_scored == (NO_PLACE,)


@pytest.mark.parametrize("placement", ["left_wrist", "left_foot", "unknown", "lower_back", "left", ""])
def test_a_place_that_cannot_count_says_so(placement):
    stream = ImuStream(SQUAT, placement=placement, side="both")
    samples = simulate_set(THIGH)
    state = stream.push_many(samples.t_ms, samples.acceleration, samples.angular_velocity)
    assert (state.count, state.not_scored.words) == (0, CANNOT_COUNT)
    assert stream.finish().not_scored == (CANNOT_COUNT,)


def test_the_other_leg_feels_nothing_of_it():
    rules = ImuRules.from_spec(library.load("standing_hip_abduction"))
    samples = simulate_set(SimulatedSet(forward_deg=35.0, lever_m=0.3))
    assert len(judged(samples, rules=rules, placement="left_thigh", side="left").repetitions) == 6
    assert judged(samples, rules=rules, placement="right_thigh", side="left").repetitions == ()


def test_without_a_gyroscope_slow_movement_is_judged_and_quick_is_not():
    slow = simulate_set(replace(CHEST, repetition_s=4.0, forward_by={5: 30.0}, lever_m=0.2))
    nothing = np.full_like(slow.angular_velocity, np.nan)
    result = judged(altered(slow, angular_velocity=nothing))
    assert codes(result)[4] == ["trunk_lean"]
    quick = simulate_set(replace(CHEST, repetition_s=1.2))
    result = judged(altered(quick, angular_velocity=np.full_like(quick.angular_velocity, np.nan)))
    assert "correct" not in classes(result)


def test_a_gyroscope_with_wrong_axes_is_not_believed_any_more():
    samples = simulate_set(replace(THIGH, repetitions=10))
    stream = ImuStream(SQUAT, placement="right_thigh", side="both")
    stream.push_many(samples.t_ms, samples.acceleration, samples.angular_velocity[:, [1, 2, 0]])
    assert stream._tracker.has_gyroscope is False
    right = ImuStream(SQUAT, placement="right_thigh", side="both")
    right.push_many(samples.t_ms, samples.acceleration, samples.angular_velocity)
    assert right._tracker.has_gyroscope is True


def test_numbers_that_are_none_and_times_that_go_back_are_ignored():
    clean = simulate_set(CHEST)
    force, times = clean.acceleration.copy(), clean.t_ms.copy()
    force[100] = np.nan
    force[200, 1] = np.inf
    times[300] = times[250]
    stream = ImuStream(SQUAT, placement="chest", side="both")
    stream.push_many(times, force, clean.angular_velocity)
    assert stream.ignored_samples == 3
    assert classes(stream.finish()) == ["correct"] * 6


def test_nothing_sent_is_nothing_said():
    result = ImuStream(SQUAT, placement="chest", side="both").finish()
    assert (result.repetitions, result.coverage, result.to_dict()["count"]) == ((), 0.0, 0)


def test_samples_of_another_shape_are_an_error():
    with pytest.raises(ValueError, match="must be"):
        ImuStream(SQUAT, placement="chest", side="both").push_many([0.0], np.zeros((1, 2)))


def test_up_agrees_with_vqf_on_the_same_trunk():
    from vqf import VQF

    samples = simulate_set(replace(CHEST, repetitions=8, rate_hz=100.0), seed=4)
    tracker, ours = UpTracker(), []
    for t, force, turn in zip(samples.t_ms, samples.acceleration, samples.angular_velocity, strict=True):
        tracker.push(t / 1000.0, tuple(force), tuple(turn))
        ours.append((tracker.x, tracker.y, tracker.z))
    acceleration = np.ascontiguousarray(samples.acceleration)
    quaternion = VQF(0.01).updateBatch(np.ascontiguousarray(samples.angular_velocity), acceleration)["quat6D"]
    w, x, y, z = quaternion.T
    theirs = np.column_stack([2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)])
    apart = [tilt_deg(a, tuple(b)) for a, b in zip(ours, theirs, strict=True)]
    assert np.sqrt(np.mean(np.square(apart[100:]))) < 2.0


class TestRules:
    def test_an_exercise_without_a_section_says_so(self):
        with pytest.raises(NoSensorRules):
            ImuRules.from_spec(library.load("wall_slide"))

    @pytest.mark.parametrize(
        "change",
        [
            lambda imu: imu["criteria"][2].update(mild=3.0),
            lambda imu: imu["criteria"][2].update(views=["hat"]),
            lambda imu: imu["criteria"][2].update(quantity="knee_flexion_of_mars"),
            lambda imu: imu.pop("placements"),
            lambda imu: imu.update(placements={}),
            lambda imu: imu["placements"].update(hat=imu["placements"]["chest"]),
            lambda imu: imu["placements"]["chest"].update(usual_deg=[9, 4]),
            lambda imu: imu.update(segmentation={"counts_at": "never"}),
        ],
    )
    def test_rules_that_break_the_schema_are_refused(self, change):
        spec = library.load("squat")
        change(spec["imu"])
        with pytest.raises(InvalidRules):
            ImuRules.from_spec(spec)

    @pytest.mark.parametrize("code", [code for code in library.codes() if "imu" in library.load(code)])
    def test_every_shipped_section_can_be_read_and_judges_from_each_place(self, code):
        rules = ImuRules.from_spec(library.load(code))
        for side in library.load(code)["sides"]:
            for placement in rules.placements_for(side):
                part = rules.part_of(placement, side=side)
                assert rules.criteria_for(part, side)
