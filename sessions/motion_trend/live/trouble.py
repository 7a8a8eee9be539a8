"""Why a sensor's signal cannot be judged, in words for the person who wears it."""

from __future__ import annotations

import math

import numpy as np

from sessions.motion_trend.live.film import SensorFilm
from sessions.motion_trend.live.reference import Reference

# Under this rate the far point of a quick repetition lies between two samples.
SLOWEST_HZ = 20.0
LONGEST_GAP_S = 0.5
# Mean change of the force, m/s³: a strapped phone in a quick squat stays under 100, a loose one does not.
MOST_SHAKE_M_S3 = 220.0
# How far the part may rest from where it rested before: more is a sensor that has slipped.
SLIPPED_DEG = 18.0
QUICK_ALONE_S = 1.6

CANNOT_COUNT = "This exercise cannot be counted with the sensor there."
NOT_STILL = "Hold still for a second before you begin. Not scored."
NO_PLACE = "That is not how this part of the body moves. Check where the sensor sits. Not scored."
SLIPPED = "The sensor has slipped. Fix it more tightly. Not scored."
GAP = "The sensor was silent for a moment. Not scored."
TOO_QUICK_ALONE = "This sensor cannot feel turning, so quick movements are not scored."
TROUBLE = {
    "slow_sensor": "The sensor is too slow to judge form. Close other programs on the phone.",
    "wrong_unit": "The sensor's numbers are in another unit. They are counted, not scored.",
    "loose": "The sensor shakes. Fix it more tightly. Not scored.",
}


def rate_hz(film: SensorFilm, window: slice) -> float:
    """Samples a second in a stretch of looks."""
    times = film.t_s[window]
    if len(times) < 2 or times[-1] <= times[0]:
        return math.inf
    return float(sum(film.samples[window][1:]) / (times[-1] - times[0]))


def why_signal_is_bad(film: SensorFilm, window: slice, reference: Reference, *, has_gyroscope: bool) -> str:
    """A code of ``TROUBLE``, or "" when the signal can be judged."""
    if reference.still and not reference.unit_fits:
        return "wrong_unit"
    if rate_hz(film, window) < SLOWEST_HZ:
        return "slow_sensor"
    if float(np.mean(film.shake[window] or [0.0])) > MOST_SHAKE_M_S3:
        return "loose"
    return ""
