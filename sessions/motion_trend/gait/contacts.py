"""Where somebody walks, and when each foot lands, from the length of the acceleration alone.

The length is the same in every sensor frame. Walking: peaks and troughs of the filtered norm in trains
(Paraschiv-Ionescu 2014, 2019). Contacts: upward zero crossings of the further filtered norm (Shin & Park
2011, improved by Paraschiv-Ionescu 2020). Both as in mobgap 1.2.0, which is the oracle of the tests, but for
the level that a peak must reach (settings.py).

Those crossings count well, but come from so narrow a band that they even out left and right: in steady
walking each is moved to the jolt that follows it, the peak of vertical acceleration below 10 Hz.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.signal import find_peaks

from sessions.motion_trend.gait.filters import (
    ANALYSIS_RATE_HZ,
    STEP_RATE_HZ,
    at_step_rate,
    contact_signal,
    low_passed,
    sequence_signal,
)
from sessions.motion_trend.gait.settings import GaitSettings

Array = NDArray[np.float64]
Span = tuple[float, float]

JOLT_HZ = 10.0


@dataclass(frozen=True, slots=True)
class Walking:
    """Contacts of one stretch of walking: contacts_s[K] ascending, s since the span's start."""

    start_s: float
    end_s: float
    contacts_s: Array


def find_walking(acceleration_m_s2: NDArray[np.float32], *, settings: GaitSettings) -> list[Walking]:
    """Stretches of walking in acceleration[N,3] at 100 Hz, with their contacts, unbroken for over 3 s."""
    norm = at_step_rate(np.sqrt(np.einsum("ij,ij->i", acceleration_m_s2, acceleration_m_s2)))
    peaked = sequence_signal(norm)
    troughs = find_peaks(-peaked, height=settings.peak_m_s2)[0]
    peaks = find_peaks(peaked, height=settings.peak_m_s2)[0]
    spans = sequences(peaks, troughs, len(norm), settings=settings)
    if not spans:
        return []
    contacts = upward_crossings(contact_signal(norm)) / STEP_RATE_HZ
    extrema = np.sort(np.concatenate([peaks, troughs]))
    heights = np.abs(peaked[extrema])
    found = []
    for start, end in spans:
        inside = contacts[(contacts >= start) & (contacts <= end)]
        within = (extrema >= start * STEP_RATE_HZ) & (extrema <= end * STEP_RATE_HZ)
        strong = within & (heights >= settings.weak_peak_share * np.median(heights[within]))
        steps = extrema[strong] / STEP_RATE_HZ
        for kept in _unbroken(inside, steps, longest_break_s=settings.longest_break_s):
            if len(kept) >= settings.least_bout_steps:
                found.append(Walking(float(kept[0]), float(kept[-1]), kept))
    return found


def sequences(
    peaks: NDArray[np.int64], troughs: NDArray[np.int64], samples: int, *, settings: GaitSettings
) -> list[Span]:
    """GSD: trains of peaks that meet trains of troughs, padded and merged; samples at 40 Hz → seconds."""
    margin = settings.peak_margin_s * STEP_RATE_HZ
    met = _intersections(_trains(peaks, margin), _trains(troughs, margin))
    kept: list[list[float]] = []
    for start, end in met:
        inside = peaks[(peaks >= start) & (peaks <= end)]
        if len(inside) < settings.least_steps:
            continue
        pad = settings.padding_steps * float(np.mean(np.diff(inside)))
        start, end = float(np.fix(start - pad)), float(np.fix(end + pad))
        if kept and start - kept[-1][1] <= settings.largest_merged_gap_s * STEP_RATE_HZ:
            kept[-1][1] = max(kept[-1][1], end)
        else:
            kept.append([start, end])
    return [(max(start, 0) / STEP_RATE_HZ, min(end, samples) / STEP_RATE_HZ) for start, end in kept]


def upward_crossings(signal: Array) -> Array:
    """Where the signal goes from below zero to zero or above, between samples; in samples."""
    below = np.flatnonzero((signal[:-1] < 0) & (signal[1:] >= 0))
    return below + signal[below] / (signal[below] - signal[below + 1])


def at_the_jolt(contacts_s: Array, vertical_m_s2: Array) -> Array:
    """contacts_s[K] moved to the peak of vertical_m_s2[N] (100 Hz, same clock) that belongs to each.

    The usual distance from crossing to peak is the bout's own; a contact without a peak there is moved by it.
    """
    smooth = low_passed(vertical_m_s2, cut_hz=JOLT_HZ)
    peaks = find_peaks(smooth)[0] / ANALYSIS_RATE_HZ
    step_s = float(np.median(np.diff(contacts_s)))
    if not len(peaks):
        return contacts_s
    usual_s = _usual_distance(contacts_s, peaks, smooth, step_s)
    expected = contacts_s + usual_s
    after = (
        np.clip(np.searchsorted(peaks, expected), 1, len(peaks) - 1) if len(peaks) > 1 else np.zeros(1, int)
    )
    before = np.maximum(after - 1, 0)
    nearest = np.where(expected - peaks[before] < peaks[after] - expected, peaks[before], peaks[after])
    moved = np.where(np.abs(nearest - expected) < 0.2 * step_s, nearest, expected)
    return np.maximum.accumulate(moved) if np.all(np.diff(moved) > 0) else expected


def _usual_distance(contacts_s: Array, peaks: Array, smooth: Array, step_s: float) -> float:
    """Median distance from each contact to the highest peak in the half step after it."""
    distances = []
    for contact in contacts_s:
        near = peaks[(peaks > contact - 0.1 * step_s) & (peaks < contact + 0.5 * step_s)]
        if len(near):
            distances.append(
                float(near[np.argmax(smooth[np.round(near * ANALYSIS_RATE_HZ).astype(int)])] - contact)
            )
    return float(np.median(distances)) if distances else 0.0


def _trains(events: NDArray[np.int64], margin: float) -> list[Span]:
    """Events that follow each other within the margin plus the train's mean distance so far."""
    trains: list[Span] = []
    first = 0
    while first < len(events) - 1:
        if events[first + 1] - events[first] >= margin:
            first += 1
            continue
        last = first + 1
        while last + 1 < len(events):
            mean = (events[last] - events[first]) / (last - first)
            if events[last + 1] - events[last] > mean + margin:
                break
            last += 1
        trains.append((float(events[first]), float(events[last])))
        first = last + 1
    return trains


def _intersections(ours: list[Span], theirs: list[Span]) -> list[Span]:
    """Where a span of one list meets a span of the other; overlapping results become one."""
    met: list[Span] = []
    i = j = 0
    while i < len(ours) and j < len(theirs):
        start, end = max(ours[i][0], theirs[j][0]), min(ours[i][1], theirs[j][1])
        if start < end:
            met.append((start, end))
        if ours[i][1] < theirs[j][1]:
            i += 1
        else:
            j += 1
    return met


def _unbroken(contacts: Array, extrema: Array, *, longest_break_s: float) -> list[Array]:
    """Runs of contacts that begin and end with a strong step, without a longer break inside."""
    starts = contacts[:-1]
    strong = np.searchsorted(extrema, contacts[1:], side="right") > np.searchsorted(
        extrema, starts, side="left"
    )
    steps = np.flatnonzero(strong)
    if not len(steps):
        return []
    paused = contacts[steps[1:]] - contacts[steps[:-1] + 1] > longest_break_s
    runs = np.split(steps, np.flatnonzero(paused) + 1)
    return [contacts[run[0] : run[-1] + 2] for run in runs]
