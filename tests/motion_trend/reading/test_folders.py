"""Files that belong together, sensors worn together."""

from dataclasses import replace

import numpy as np

from sessions.motion_trend.reading.folders import align_sensors, find_bundles
from sessions.motion_trend.types import SensorSignal


def test_parts_of_one_recording_are_found_together(tmp_path):
    for name in (
        "a/Walk1_Accelerometer_100.000Hz_1.7.3.csv", "a/Walk1_Gyroscope_100.000Hz_1.7.3.csv",
        "a/Walk2_Accelerometer_100.000Hz_1.7.3.csv", "a/notes.pdf", "a/.hidden.csv",
        "b/TotalAcceleration.csv", "b/Gyroscope.csv", "plain.csv",
    ):  # fmt: skip
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("x")
    found = {bundle.name: len(bundle.paths) for bundle in find_bundles([tmp_path])}
    assert found == {"Walk1": 2, "Walk2_Accelerometer_100.000Hz_1.7.3.csv": 1, "b": 2, "plain.csv": 1}


def felt(shown_s, *, source):
    """Two sensors of one walk: the same shaking, each at its own clock's times."""
    chance = np.random.default_rng(4)
    t_s = np.arange(0, 600, 0.01)
    shaking = 9.81 + np.convolve(chance.normal(0, 12, len(t_s)), np.ones(12) / 12, mode="same")
    acceleration = np.zeros((len(t_s), 3), np.float32)
    acceleration[:, 2] = shaking
    return SensorSignal(shown_s(t_s), acceleration, None, 100.0, source=source)


def test_the_second_sensors_clock_is_put_right_by_what_both_felt():
    first = felt(lambda t_s: t_s, source="left")
    second = felt(lambda t_s: 1.3 + t_s * (1 + 80e-6), source="right")
    (kept, moved), (repair,) = align_sensors([first, second])
    assert kept is first
    assert np.abs(moved.t_s - np.arange(0, 600, 0.01)).max() < 0.01
    assert "+1.30 s against left" in repair.words


def test_sensors_that_felt_nothing_in_common_stay_as_they_are():
    first = felt(lambda t_s: t_s, source="left")
    chance = np.random.default_rng(9).normal(9.81, 1, first.acceleration_m_s2.shape).astype(np.float32)
    pieces = [first, replace(first, acceleration_m_s2=chance, source="right")]
    assert align_sensors(pieces) == (pieces, ())
