"""The published filter chains of step detection, each folded into one symmetrical kernel at 40 Hz.

mobgap 1.2.0 (Apache-2.0, Mobilise-D) chains Savitzky–Golay, a drift filter run both ways, EPFL's gait filter
run both ways, a Mexican-hat wavelet and Gaussians (Paraschiv-Ionescu et al., J NeuroEng Rehabil 16:24, 2019;
Shin & Park 2011). All are linear and time-invariant, so a chain is one convolution; the tests compare with
mobgap's own output.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d
from scipy.signal import butter, oaconvolve, resample_poly, savgol_coeffs, sosfiltfilt

Array = NDArray[np.float64]

ANALYSIS_RATE_HZ = 100.0
STEP_RATE_HZ = 40
WAVELET_SCALE = 10.0
DRIFT_POLE = 0.9748
DRIFT_TAPS = 400

_EPFL_HALF = (
    -7.32062354912454e-05,
    3.78508622436883e-05,
    0.000246348109197937,
    0.000677903580565397,
    0.00139121173834152,
    0.00240120107902306,
    0.00365134729205267,
    0.00499791461345996,
    0.00621524709266542,
    0.0070271017935857,
    0.00716251647666459,
    0.00642763923506909,
    0.00477644184660929,
    0.00235955274741389,
    -0.000467004701949172,
    -0.00318729268148899,
    -0.00522215422251725,
    -0.00606335356628703,
    -0.00541421442262487,
    -0.00330024440090518,
    -0.000113511367820591,
    0.00343303842402714,
    0.00644432500038348,
    0.00805222780827783,
    0.00764951215205984,
    0.00508854384693732,
    0.000785246955265535,
    -0.00431394654940573,
    -0.00891383397938441,
    -0.0116725408042536,
    -0.0115599416061123,
    -0.00818324078638784,
    -0.00198780208134589,
    0.00573815422238463,
    0.0130835533924908,
    0.0179324660414459,
    0.0184981068429205,
    0.0138510767938709,
    0.00430688629153999,
    -0.00844188778061492,
    -0.0215122304374164,
    -0.031327756481065,
    -0.0343411216793298,
    -0.0278350948468902,
    -0.0106240721245163,
    0.016512308803778,
    0.0507816763239513,
    0.0877543665066161,
    0.122104791742143,
    0.148576643831182,
    0.162974796835057,
)


def at_step_rate(samples: NDArray[Any]) -> Array:
    """samples[N] at 100 Hz → [N·0.4] at 40 Hz, without aliases."""
    values = np.asarray(samples, dtype=np.float64)
    offset = float(values.mean()) if len(values) else 0.0
    return np.asarray(resample_poly(values - offset, 2, 5) + offset)


def sequence_signal(norm_40hz: Array) -> Array:
    """The signal whose peaks show walking (GSD of Paraschiv-Ionescu 2014 and 2019): norm[M] m/s² → [M]."""
    return _convolved(norm_40hz, _sequence_kernel())


def contact_signal(norm_40hz: Array) -> Array:
    """The signal whose upward zero crossings are initial contacts (Shin & Park 2011, improved): [M] → [M]."""
    return _convolved(norm_40hz, _contact_kernel())


def high_passed(samples: Array, *, cut_hz: float, rate_hz: float = ANALYSIS_RATE_HZ) -> Array:
    """Fourth-order Butterworth high pass run both ways (no phase shift); samples[N] → [N]."""
    sections = _butter(cut_hz, "highpass", rate_hz)
    return np.asarray(sosfiltfilt(sections, samples, padlen=min(len(samples) - 1, round(3 * rate_hz))))


def low_passed(samples: Array, *, cut_hz: float, rate_hz: float = ANALYSIS_RATE_HZ) -> Array:
    """Fourth-order Butterworth low pass run both ways; samples[N] → [N]."""
    sections = _butter(cut_hz, "lowpass", rate_hz)
    return np.asarray(sosfiltfilt(sections, samples, padlen=min(len(samples) - 1, round(rate_hz))))


def stride_banded(samples: Array, *, rate_hz: float = ANALYSIS_RATE_HZ) -> Array:
    """0.5 to 2 Hz, fourth-order Butterworth both ways, along axis 0: samples[N, …] → [N, …]."""
    sections = _butter((0.5, 2.0), "bandpass", rate_hz)
    return np.asarray(
        sosfiltfilt(sections, samples, axis=0, padlen=min(len(samples) - 1, round(2 * rate_hz)))
    )


@cache
def _butter(cut_hz: float | tuple[float, float], kind: str, rate_hz: float) -> Array:
    return np.asarray(butter(4, cut_hz, kind, fs=rate_hz, output="sos"))


def _convolved(samples: Array, kernel: Array) -> Array:
    """Zero phase; the edges see the signal mirrored."""
    half = len(kernel) // 2
    reach = min(half, max(len(samples) - 1, 0))
    padded = np.pad(samples, reach, mode="reflect") if reach else samples
    padded = np.pad(padded, half - reach, mode="edge")
    return np.asarray(oaconvolve(padded, kernel, mode="valid"))


@cache
def _gait_band() -> Array:
    """Drift filter and EPFL filter, each forwards and backwards."""
    drift = np.concatenate([[1.0], (DRIFT_POLE - 1.0) * DRIFT_POLE ** np.arange(DRIFT_TAPS)])
    epfl = np.array(_EPFL_HALF + _EPFL_HALF[::-1])
    return np.convolve(np.convolve(drift, drift[::-1]), np.convolve(epfl, epfl[::-1]))


@cache
def _wavelet() -> Array:
    """Second derivative of a Gaussian at scale 10: 1.2 Hz at 40 Hz."""
    # pywt's sampled wavelet lies half a sample later: mobgap's events come 13 ms a wavelet after these
    t = np.arange(-5 * WAVELET_SCALE, 5 * WAVELET_SCALE + 1) / WAVELET_SCALE
    hat = (1 - 2 * t**2) * np.exp(-(t**2)) * 2 / np.sqrt(3) * (2 / np.pi) ** 0.25
    return np.asarray(hat / np.sqrt(WAVELET_SCALE))


def _gaussian(sigma_samples: float) -> Array:
    impulse = np.zeros(2 * int(4 * sigma_samples + 0.5) + 1)
    impulse[len(impulse) // 2] = 1.0
    return np.asarray(gaussian_filter1d(impulse, sigma_samples, mode="constant", truncate=4.0))


@cache
def _sequence_kernel() -> Array:
    smooth = np.asarray(savgol_coeffs(3, 1))
    return _chained(smooth, _gait_band(), _wavelet(), smooth)


@cache
def _contact_kernel() -> Array:
    return _chained(
        np.asarray(savgol_coeffs(21, 7)),
        _gait_band(),
        _wavelet(),
        np.asarray(savgol_coeffs(11, 5)),
        _wavelet(),
        _gaussian(2),
        _gaussian(2),
        _gaussian(3),
    )


def _chained(*kernels: Array) -> Array:
    whole = kernels[0]
    for kernel in kernels[1:]:
        whole = np.convolve(whole, kernel)
    return whole
