"""Force plates: how somebody loads the ground, step by step, and each leg against the other.

Load is the force along the plate's normal, positive when somebody stands on it, whichever sign the file uses.
Sources: peaks and loading rate as in gait laboratories (two vertical peaks in walking; mean slope from 20 to
80 % of the first); 50 Hz low-pass (fourth order, no phase shift); contact over 20 N.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.ndimage import label
from scipy.signal import butter, find_peaks, sosfiltfilt

from sessions.motion_trend.lab.types import Array, ForcePlate

LOW_PASS_HZ = 50.0
CONTACT_N = 20.0
SHORTEST_CONTACT_S = 0.1
PEAK_PROMINENCE_SHARE = 0.05
# Both feet on their plates: each carries at least this share of the two.
LEAST_SHARE = 0.05
RISE_S = 0.15


@dataclass(frozen=True, slots=True)
class Contact:
    """One loading of a plate: times in s, forces in N, impulse in N·s; NaN where a peak does not exist."""

    start_s: float
    end_s: float
    first_peak_n: float
    second_peak_n: float
    highest_n: float
    mean_n: float
    loading_rate_n_s: float
    impulse_n_s: float

    @property
    def seconds(self) -> float:
        """How long it lasted."""
        return self.end_s - self.start_s


@dataclass(frozen=True, slots=True)
class LimbLoading:
    """Two plates under the two legs, while both carry load. Symmetry index: Robinson 1987, + means the
    first more.
    """

    seconds: float
    first_mean_n: float
    second_mean_n: float
    symmetry_index_pct: float
    least_pct: float
    most_pct: float
    rises: tuple[float, ...]


def plate_load_n(plate: ForcePlate) -> Array:
    """Force along the plate's normal [N], low-passed, positive under load."""
    normal = np.cross(plate.corners_m[1] - plate.corners_m[0], plate.corners_m[3] - plate.corners_m[0])
    length = float(np.linalg.norm(normal))
    axis = normal / length if length > 0 else np.array([0.0, 0.0, 1.0])
    along = np.nan_to_num(plate.force_n) @ axis
    if along.sum() < 0:
        along = -along
    if plate.rate_hz <= 2.2 * LOW_PASS_HZ or len(along) < 30:
        return np.asarray(along, dtype=np.float64)
    sos = butter(2, LOW_PASS_HZ, fs=plate.rate_hz, output="sos")
    return np.asarray(sosfiltfilt(sos, along), dtype=np.float64)


def contacts(load_n: Array, rate_hz: float) -> list[Contact]:
    """Every loading of at least 0.1 s over 20 N that begins and ends within the recording."""
    groups, count = label(load_n > CONTACT_N)
    found = []
    for k in range(1, count + 1):
        index = np.flatnonzero(groups == k)
        first, last = int(index[0]), int(index[-1])
        whole = first > 0 and last < len(load_n) - 1
        if whole and (last - first) / rate_hz >= SHORTEST_CONTACT_S:
            found.append(_contact(load_n[first : last + 1], first, rate_hz))
    return found


def _contact(load: Array, first: int, rate_hz: float) -> Contact:
    peaks, _ = find_peaks(load, prominence=PEAK_PROMINENCE_SHARE * load.max())
    half = len(load) / 2
    early, late = peaks[peaks < half], peaks[peaks >= half]
    early_at = int(early[np.argmax(load[early])]) if early.size else -1
    late_at = int(late[np.argmax(load[late])]) if late.size else -1
    rate = loading_rate_n_s(load, early_at if early_at >= 0 else int(np.argmax(load)), rate_hz)
    return Contact(
        first / rate_hz,
        (first + len(load)) / rate_hz,
        float(load[early_at]) if early_at >= 0 else float("nan"),
        float(load[late_at]) if late_at >= 0 else float("nan"),
        float(load.max()),
        float(load.mean()),
        rate,
        float(load.sum() / rate_hz),
    )


def loading_rate_n_s(load: Array, peak: int, rate_hz: float) -> float:
    """Mean slope from 20 to 80 % of the way up to a peak."""
    rise = load[: peak + 1]
    low = int(np.argmax(rise >= 0.2 * load[peak]))
    high = int(np.argmax(rise >= 0.8 * load[peak]))
    if high <= low:
        return float("nan")
    return float((load[high] - load[low]) * rate_hz / (high - low))


def limb_loading(first_n: Array, second_n: Array, rate_hz: float) -> LimbLoading | None:
    """How two legs share the load in squat or sit-to-stand, one plate under each; None where both never
    carry load.

    `rises`: symmetry index of each time the common load climbs from under to over the middle of its range
    (standing up from a chair), read at the highest load within the next 1.5 s.
    """
    both = (first_n > CONTACT_N) & (second_n > CONTACT_N)
    total = first_n + second_n
    share = np.divide(np.minimum(first_n, second_n), total, out=np.zeros_like(total), where=total > 0)
    both &= share >= LEAST_SHARE
    if both.sum() < 0.5 * rate_hz:
        return None
    index = 200.0 * (first_n[both] - second_n[both]) / total[both]
    return LimbLoading(
        float(both.sum() / rate_hz),
        float(first_n[both].mean()),
        float(second_n[both].mean()),
        _index(float(first_n[both].mean()), float(second_n[both].mean())),
        float(np.quantile(index, 0.05)),
        float(np.quantile(index, 0.95)),
        tuple(_rises(first_n, second_n, rate_hz)),
    )


def _rises(first_n: Array, second_n: Array, rate_hz: float) -> list[float]:
    total = first_n + second_n
    low, high = np.quantile(total, (0.05, 0.95))
    # Standing still or squatting: the whole weight is on the plates all the time.
    if high - low < 0.3 * high:
        return []
    over = total > (low + high) / 2
    starts = np.flatnonzero(over[1:] & ~over[:-1]) + 1
    found, free_from = [], 0
    for start in starts:
        if start < free_from:
            continue
        window = slice(int(start), int(start + 1.5 * rate_hz))
        at = int(start) + int(np.argmax(total[window]))
        found.append(_index(float(first_n[at]), float(second_n[at])))
        free_from = int(start + 1.0 * rate_hz)
    return found


def _index(first: float, second: float) -> float:
    return 200.0 * (first - second) / (first + second) if first + second else 0.0
