"""Surface electromyography: envelope, normalisation, onset, symmetry, co-contraction, and what spoils it.

Band-pass 20-450 Hz (fourth order, no phase shift; bounded by the sampling rate), rectified, 6 Hz low-pass.
Amplitudes mean something only against a reference contraction of the same muscle on the same day; without
one the envelope is shown in per cent of its own peak, and amplitudes of different muscles or days must not
be compared.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.ndimage import label
from scipy.signal import butter, sosfiltfilt, welch

from sessions.motion_trend.lab.types import Array
from sessions.motion_trend.types import Flag

LOW_HZ, HIGH_HZ = 20.0, 450.0
ENVELOPE_HZ = 6.0
LEAST_RATE_HZ = 200.0
NYQUIST_SHARE = 0.9
REFERENCE_WINDOW_S = 0.5

# Hodges & Bui 1996: over the baseline's mean plus three standard deviations, after a 50 Hz low-pass.
ONSET_HZ = 50.0
ONSET_SD = 3.0
ONSET_WINDOW_S = 0.025
BASELINE_S = 0.5
SHORTEST_BURST_S = 0.05
SHORTEST_GAP_S = 0.1

HUM_HZ = (50.0, 60.0)
HUM_RATIO = 10.0
HUM_SHARE = 0.15
CLIPPED_RUN = 3
CLIPPED_SHARE = 0.001

LOW_RATE = Flag(
    "emg_low_rate", "Sampled too slowly for the whole 20-450 Hz band; amplitudes come out too low."
)
HUM = "mains_hum"
CLIPPED = "clipped"


@dataclass(frozen=True, slots=True)
class Burst:
    """One period of activity, in seconds."""

    onset_s: float
    offset_s: float


def band_pass(emg: Array, rate_hz: float) -> Array:
    """20-450 Hz of emg[N], or up to 0.9 of the Nyquist frequency; mean removed. Raises ValueError under
    200 Hz.
    """
    if rate_hz < LEAST_RATE_HZ:
        raise ValueError(f"EMG needs at least {LEAST_RATE_HZ:g} samples a second.")
    high = min(HIGH_HZ, NYQUIST_SHARE * rate_hz / 2)
    sos = butter(2, (LOW_HZ, high), "band", fs=rate_hz, output="sos")
    return np.asarray(sosfiltfilt(sos, emg - np.mean(emg)), dtype=np.float64)


def linear_envelope(emg: Array, rate_hz: float, *, cutoff_hz: float = ENVELOPE_HZ) -> Array:
    """Band-pass, rectify, low-pass: the linear envelope of emg[N], in its unit, never negative."""
    rectified = np.abs(band_pass(emg, rate_hz))
    sos = butter(2, cutoff_hz, fs=rate_hz, output="sos")
    return np.asarray(np.maximum(sosfiltfilt(sos, rectified), 0.0), dtype=np.float64)


def reference_amplitude(emg: Array, rate_hz: float) -> float:
    """The strongest half second of a reference contraction: the peak of the envelope's moving mean."""
    envelope = linear_envelope(emg, rate_hz)
    width = min(len(envelope), max(1, round(REFERENCE_WINDOW_S * rate_hz)))
    return float(np.convolve(envelope, np.ones(width) / width, mode="valid").max())


def normalise_pct(envelope: Array, reference: float) -> Array:
    """An envelope in per cent of a reference amplitude. Raises ValueError for a reference of 0."""
    if not reference > 0:
        raise ValueError("The reference contraction has no amplitude.")
    return envelope / reference * 100.0


def bursts(emg: Array, rate_hz: float, *, baseline_s: tuple[float, float] | None = None) -> list[Burst]:
    """Periods of activity after Hodges & Bui (Electroencephalogr Clin Neurophysiol 1996).

    Threshold: mean plus 3 SD of the baseline (given in seconds, else the quietest half second), which the
    mean of 50 ms must exceed. Shorter than 50 ms: no burst; a gap under 100 ms does not end one.
    """
    rectified = np.abs(band_pass(emg, rate_hz))
    sos = butter(2, min(ONSET_HZ, NYQUIST_SHARE * rate_hz / 2), fs=rate_hz, output="sos")
    smooth = np.asarray(sosfiltfilt(sos, rectified))
    first, last = _baseline(smooth, rate_hz) if baseline_s is None else _samples(baseline_s, rate_hz)
    quiet = smooth[first:last]
    threshold = float(quiet.mean() + ONSET_SD * quiet.std())
    runs = _runs(smooth > threshold, least=ONSET_WINDOW_S * rate_hz)
    spans = _joined(runs, round(SHORTEST_GAP_S * rate_hz))
    least = SHORTEST_BURST_S * rate_hz
    return [Burst(a / rate_hz, (b + 1) / rate_hz) for a, b in spans if b + 1 - a >= least]


def _samples(span_s: tuple[float, float], rate_hz: float) -> tuple[int, int]:
    first, last = (round(t_s * rate_hz) for t_s in span_s)
    if last - first < 10:
        raise ValueError("The baseline is too short.")
    return first, last


def _baseline(smooth: Array, rate_hz: float) -> tuple[int, int]:
    width = min(len(smooth), round(BASELINE_S * rate_hz))
    means = np.convolve(smooth, np.ones(width) / width, mode="valid")
    first = int(np.argmin(means))
    return first, first + width


def _runs(over: np.ndarray[tuple[int, ...], np.dtype[np.bool_]], *, least: float) -> list[tuple[int, int]]:
    """First and last samples of the stretches that last at least `least` samples."""
    edges = np.flatnonzero(np.diff(np.r_[0, over.astype(int), 0])).reshape(-1, 2)
    return [(int(first), int(end) - 1) for first, end in edges if end - first >= least]


def _joined(runs: list[tuple[int, int]], most_gap: int) -> list[tuple[int, int]]:
    spans: list[tuple[int, int]] = []
    for first, last in runs:
        if spans and first - spans[-1][1] - 1 < most_gap:
            spans[-1] = (spans[-1][0], last)
        else:
            spans.append((first, last))
    return spans


def symmetry_index_pct(left: float, right: float) -> float:
    """Robinson et al. 1987: difference over mean in per cent; 0 is equal, + means left is larger."""
    total = left + right
    return 0.0 if total == 0 else 200.0 * (left - right) / total


def co_contraction_falconer_winter_pct(first: Array, second: Array) -> float:
    """Falconer & Winter 1985: twice the common area over the sum of both envelopes' areas, in per cent
    (0-100).
    """
    total = float(np.sum(first) + np.sum(second))
    return 0.0 if total == 0 else 200.0 * float(np.sum(np.minimum(first, second))) / total


def co_contraction_rudolph(first: Array, second: Array) -> float:
    """Rudolph et al. 2000: mean of (lower / higher) × (lower + higher); both envelopes normalised alike
    (as shares).
    """
    lower, higher = np.minimum(first, second), np.maximum(first, second)
    ratio = np.divide(lower, higher, out=np.zeros_like(lower), where=higher > 0)
    return float(np.mean(ratio * (lower + higher)))


def quality_flags(emg: Array, rate_hz: float, *, muscle: str) -> list[Flag]:
    """Mains hum (50 or 60 Hz standing out of its surroundings), clipping, and too low a rate."""
    flags = []
    if has_hum(emg, rate_hz):
        flags.append(Flag(HUM, f"{muscle}: mains hum. Amplitudes contain it; check the electrodes."))
    if is_clipped(emg):
        flags.append(Flag(CLIPPED, f"{muscle}: the amplifier reached its limits; peaks are cut off."))
    if rate_hz < 2 * HIGH_HZ / NYQUIST_SHARE:
        flags.append(LOW_RATE)
    return flags


def has_hum(emg: Array, rate_hz: float) -> bool:
    """Whether 50 or 60 Hz holds 15 % of the power and ten times that of its neighbours."""
    width = min(len(emg), round(2 * rate_hz))
    hertz, power = welch(emg - np.mean(emg), rate_hz, nperseg=width)
    inside = (hertz >= LOW_HZ) & (hertz <= HIGH_HZ)
    total = float(power[inside].sum())
    for mains in HUM_HZ:
        if mains > NYQUIST_SHARE * rate_hz / 2 or total == 0:
            continue
        line = power[np.abs(hertz - mains) <= 1.0]
        near = power[(np.abs(hertz - mains) > 2.0) & (np.abs(hertz - mains) < 8.0)]
        if line.sum() > HUM_SHARE * total and line.max() > HUM_RATIO * float(np.median(near)):
            return True
    return False


def is_clipped(emg: Array) -> bool:
    """Whether the signal stays at its own extreme for three samples and more, again and again."""
    if np.ptp(emg) == 0:
        return False
    for extreme in (float(emg.max()), float(emg.min())):
        at = np.abs(emg - extreme) <= 1e-9 + 1e-4 * np.ptp(emg)
        groups, count = label(at)
        runs = np.bincount(groups)[1:] if count else np.zeros(0)
        if runs[runs >= CLIPPED_RUN].sum() > CLIPPED_SHARE * len(emg):
            return True
    return False
