"""Golden values from mobgap 1.2.0, whose algorithms these are, on simulated walking."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pytest

from sessions.motion_trend.gait.contacts import find_walking, upward_crossings
from sessions.motion_trend.gait.filters import at_step_rate, contact_signal, sequence_signal
from sessions.motion_trend.gait.settings import SETTINGS
from sessions.motion_trend.gait.sides import INTERCEPT, WEIGHTS
from sessions.motion_trend.gait.smoothing import hampel
from sessions.motion_trend.gait.step_length import step_lengths, vertical_way
from sessions.motion_trend.types import SensorSignal
from sessions.motion_trend.walker import joined, rest, walk

# mobgap samples its wavelet half a sample late: its contacts come one 40 Hz sample later.
LATE_S = 1 / 40


@pytest.fixture(scope="module")
def signal() -> SensorSignal:
    walks = [walk(seconds=s, cadence_spm=c, step_length_m=0.6, seed=s)[0] for s, c in ((12, 98), (30, 112))]
    return joined([rest(seconds=20), walks[0], rest(seconds=25), walks[1], rest(seconds=20)])


@pytest.fixture(scope="module")
def frame(signal: SensorSignal) -> Any:
    pandas = pytest.importorskip("pandas")
    assert signal.angular_velocity_rad_s is not None
    values = np.hstack([signal.acceleration_m_s2, np.degrees(signal.angular_velocity_rad_s)]).astype(float)
    names = [f"{kind}_{axis}" for kind in ("acc", "gyr") for axis in ("pa", "ml", "is")]
    return pandas.DataFrame(values, columns=names)


def norm(signal: SensorSignal) -> np.ndarray:
    return at_step_rate(np.linalg.norm(signal.acceleration_m_s2, axis=1))


def shifted(values: np.ndarray, samples: float) -> np.ndarray:
    at = np.arange(len(values))
    return np.interp(at - samples, at, values)


def test_the_sequence_signal_is_theirs(signal: SensorSignal, frame: Any) -> None:
    from mobgap.gait_sequences import GsdIonescu

    theirs = np.ravel(GsdIonescu().detect(frame, sampling_rate_hz=100.0).filtered_signal_)
    ours = shifted(sequence_signal(norm(signal)), 0.5)
    inner = slice(200, -200)
    assert np.corrcoef(ours[inner], theirs[inner])[0, 1] > 0.999
    assert np.std(ours[inner]) == pytest.approx(np.std(theirs[inner]), rel=0.08)


def test_the_sequences_are_theirs(signal: SensorSignal, frame: Any) -> None:
    from mobgap.gait_sequences import GsdIonescu

    with_our_level = GsdIonescu(active_signal_threshold=SETTINGS.peak_m_s2)
    found = with_our_level.detect(frame, sampling_rate_hz=100.0).gs_list_
    theirs = found[["start", "end"]].to_numpy() / 100
    ours = find_walking(signal.acceleration_m_s2, settings=SETTINGS)
    assert len(ours) == len(theirs) == 2
    for walking, (start, end) in zip(ours, theirs, strict=True):
        assert start - 0.1 <= walking.start_s < start + 1.5
        assert end - 1.5 < walking.end_s <= end + 0.1


def test_the_contacts_are_theirs(signal: SensorSignal, frame: Any) -> None:
    from mobgap.initial_contacts import IcdShinImproved

    theirs = IcdShinImproved().detect(frame, sampling_rate_hz=100.0).ic_list_["ic"].to_numpy() / 100
    ours = np.concatenate([w.contacts_s for w in find_walking(signal.acceleration_m_s2, settings=SETTINGS)])
    late = [theirs[np.argmin(np.abs(theirs - t - LATE_S))] - t for t in ours]
    assert np.median(late) == pytest.approx(LATE_S, abs=0.008)
    assert np.max(np.abs(np.array(late) - LATE_S)) < 0.03


def test_the_weights_are_those_of_their_pickled_classifier() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from mobgap.laterality import LrcUllrich

        pipeline = LrcUllrich().clf_pipe
    scaler, classifier = pipeline.named_steps["scaler"], pipeline.named_steps["clf"]
    plain = (classifier.dual_coef_ @ classifier.support_vectors_).ravel()
    assert np.allclose(WEIGHTS, plain * scaler.scale_, rtol=1e-9)
    assert pytest.approx(float(classifier.intercept_[0] + plain @ scaler.min_), rel=1e-9) == INTERCEPT
    assert list(classifier.classes_) == ["left", "right"]


def test_hampel_is_theirs() -> None:
    from mobgap.data_transform import HampelFilter

    values = np.random.default_rng(1).normal(1, 0.1, 60)
    values[[5, 20, 21]] = [4.0, -3.0, 9.0]
    theirs = np.ravel(HampelFilter(2, 3.0).filter(values).transformed_data_)
    assert np.allclose(hampel(values), theirs)


def test_step_lengths_are_theirs_when_each_step_stands_alone(frame: Any) -> None:
    import pandas
    from mobgap.stride_length import SlZijlstra

    part = frame.iloc[6000:8500].reset_index(drop=True)
    contacts = np.arange(0, 2500, 53)
    contacts[-1] = 2499
    theirs = SlZijlstra().calculate(
        part,
        initial_contacts=pandas.DataFrame({"ic": contacts}).rename_axis("step_id"),
        sampling_rate_hz=100.0,
        sensor_height_m=0.6 * 1.7,
    )
    lengths = theirs.raw_step_length_per_step_["step_length_m"].to_numpy()[2:-2]
    way = vertical_way(part["acc_is"].to_numpy() - 9.80665)
    ours = step_lengths(way, contacts / 100, height_m=1.7, settings=SETTINGS, pooled=(0,))[2:-2]
    assert np.median(np.abs(ours - lengths)) < 0.01


def test_a_crossing_is_found_between_samples() -> None:
    assert upward_crossings(np.array([1.0, -1.0, 3.0, 2.0, -2.0, 2.0])) == pytest.approx([1.25, 4.5])


def test_contact_signal_has_no_offset() -> None:
    assert np.abs(contact_signal(np.full(2000, 9.81))).max() < 1e-6
