"""EMG with bursts, hum and clipping that were put there."""

import numpy as np
import pytest

from sessions.motion_trend.lab import emg

RATE_HZ = 1000.0


def muscle(bursts=((2.0, 3.0),), *, seconds=6.0, amplitude=1e-3, noise=2e-5, rate_hz=RATE_HZ, seed=0):
    """White activity in the EMG's band inside the bursts, over quiet noise."""
    random = np.random.default_rng(seed)
    t_s = np.arange(round(seconds * rate_hz)) / rate_hz
    active = np.zeros(len(t_s))
    for start, end in bursts:
        active[(t_s >= start) & (t_s < end)] = amplitude
    return t_s, active * random.normal(0, 1, len(t_s)) + random.normal(0, noise, len(t_s))


@pytest.mark.parametrize("seed", range(8))
def test_finds_a_known_onset_and_offset(seed):
    _, signal = muscle(((2.0, 3.0),), seed=seed)
    (burst,) = emg.bursts(signal, RATE_HZ)
    assert burst.onset_s == pytest.approx(2.0, abs=0.03)
    assert burst.offset_s == pytest.approx(3.0, abs=0.05)


def test_finds_three_bursts_and_no_more():
    _, signal = muscle(((1.0, 1.4), (2.5, 2.9), (4.0, 4.4)))
    assert [round(b.onset_s, 1) for b in emg.bursts(signal, RATE_HZ)] == [1.0, 2.5, 4.0]


def test_a_movement_artefact_of_ten_milliseconds_is_no_burst():
    _, signal = muscle(())
    signal[3000:3010] += 2e-4
    assert emg.bursts(signal, RATE_HZ, baseline_s=(0.0, 1.0)) == []


def test_envelope_follows_the_amplitude_and_normalises_to_the_reference():
    _, signal = muscle(((1.0, 5.0),), amplitude=5e-4)
    _, contraction = muscle(((1.0, 5.0),), amplitude=1e-3, seed=1)
    reference = emg.reference_amplitude(contraction, RATE_HZ)
    scaled = emg.normalise_pct(emg.linear_envelope(signal, RATE_HZ), reference)
    assert scaled[2000:4000].mean() == pytest.approx(50, abs=7)
    assert scaled.min() >= 0
    with pytest.raises(ValueError, match="no amplitude"):
        emg.normalise_pct(scaled, 0.0)


def test_band_pass_keeps_the_band_and_drops_drift():
    t_s = np.arange(4000) / RATE_HZ
    kept = emg.band_pass(np.sin(2 * np.pi * 100 * t_s), RATE_HZ)[500:-500]
    gone = emg.band_pass(np.sin(2 * np.pi * 2 * t_s) + 3.0, RATE_HZ)[500:-500]
    assert kept.std() == pytest.approx(np.sqrt(0.5), rel=0.02)
    assert np.abs(gone).max() < 0.02


def test_a_slow_recording_is_refused_and_a_medium_one_flagged():
    with pytest.raises(ValueError, match="200"):
        emg.band_pass(np.zeros(1000), 100.0)
    _, signal = muscle(rate_hz=500.0)
    assert "emg_low_rate" in [flag.code for flag in emg.quality_flags(signal, 500.0, muscle="soleus")]


def test_hum_and_clipping_are_flagged_and_clean_emg_is_not():
    _, signal = muscle(((1.0, 5.0),))

    def codes(values):
        return [flag.code for flag in emg.quality_flags(values, 2000.0, muscle="soleus")]

    assert emg.quality_flags(signal, 2000.0, muscle="soleus") == []
    hum = signal + 1e-3 * np.sin(2 * np.pi * 50 * np.arange(len(signal)) / 2000)
    assert codes(hum) == ["mains_hum"]
    slow = np.sin(np.arange(6000) / 30.0)
    assert codes(np.clip(slow, -0.7, 0.7)) == ["clipped"]


def test_symmetry_and_co_contraction_by_hand():
    assert emg.symmetry_index_pct(30, 10) == pytest.approx(100)
    assert emg.symmetry_index_pct(0, 0) == 0
    a, b = np.array([0.4, 0.4, 0.0, 0.0]), np.array([0.2, 0.2, 0.2, 0.2])
    # Common area 0.4 of 0.8 + 0.8.
    assert emg.co_contraction_falconer_winter_pct(a, b) == pytest.approx(50)
    # (0.2 / 0.4) × 0.6 twice, 0 twice.
    assert emg.co_contraction_rudolph(a, b) == pytest.approx(0.15)
    assert emg.co_contraction_falconer_winter_pct(a, a) == pytest.approx(100)
