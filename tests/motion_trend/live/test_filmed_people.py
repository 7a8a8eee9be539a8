"""Virtual sensors on six filmed healthy people (UI-PRMD, Vicon): counts, lean and faults that they acted."""

import os
from pathlib import Path

import numpy as np
import pytest

from prescriptions import library
from prescriptions.movement.imu_rules import ImuRules
from sessions.motion_trend.live import ImuStream
from tests.motion_trend.live.markers import RATE_HZ, filmed, worn

DATA = Path(os.environ.get("REHAB_DATA_DIR", "nowhere"))
pytestmark = [
    pytest.mark.data,
    pytest.mark.skipif(not (DATA / "uiprmd").is_dir(), reason="needs REHAB_DATA_DIR"),
]
SQUAT, SIT_TO_STAND, LEG_RAISE, ABDUCTION = 1, 5, 6, 7


def run(person, code, placement, *, side):
    samples, truth = worn(person, placement)
    stream = ImuStream(ImuRules.from_spec(library.load(code)), placement=placement, side=side)
    stream.push_many(samples.t_ms, samples.acceleration, samples.angular_velocity)
    film = stream._film
    looks = np.round(np.asarray(film.t_s) * RATE_HZ).astype(int)
    cosine = np.clip((film.up(slice(None)) * truth[looks]).sum(axis=1), -1.0, 1.0)
    return stream.finish(), np.degrees(np.arccos(cosine))


@pytest.mark.parametrize(
    ("movement", "code", "placement", "side", "rms_deg"),
    [
        (SQUAT, "squat", "right_thigh", "both", 1.6),
        (SQUAT, "squat", "chest", "both", 1.8),
        (SIT_TO_STAND, "sit_to_stand", "right_thigh", "both", 1.2),
        (LEG_RAISE, "standing_straight_leg_raise", "right_thigh", "right", 2.0),
        (ABDUCTION, "shoulder_abduction", "right_wrist", "right", 5.0),
    ],
)
def test_ten_repetitions_are_ten_and_up_is_up(movement, code, placement, side, rms_deg):
    people = filmed(DATA, movement=movement)
    assert len(people) >= 5
    for person in people:
        result, apart = run(person, code, placement, side=side)
        assert len(result.repetitions) == person.repetitions
        assert np.sqrt(np.mean(apart**2)) < rms_deg


@pytest.mark.parametrize(
    ("movement", "code", "placement", "side", "found"),
    [
        (SQUAT, "squat", "chest", "both", 0.6),
        (LEG_RAISE, "standing_straight_leg_raise", "right_thigh", "right", 0.6),
        (ABDUCTION, "shoulder_abduction", "right_wrist", "right", 0.6),
    ],
)
def test_acted_faults_are_found_and_clean_repetitions_are_left_alone(movement, code, placement, side, found):
    wrong, clean = [], []
    for person in filmed(DATA, movement=movement, correct=(True, False)):
        result, _ = run(person, code, placement, side=side)
        if len(result.repetitions) != person.repetitions:
            continue
        faults = [bool(repetition.findings) for repetition in result.repetitions]
        half = person.repetitions // 2
        clean += faults[2:half]
        wrong += faults[half:]
    assert len(wrong) >= 40
    assert np.mean(clean) <= 0.05
    assert np.mean(wrong) >= found
