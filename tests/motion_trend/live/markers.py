"""Sensors put on people who were filmed with markers (UI-PRMD, Vicon): what a phone there would have felt."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.signal import butter, filtfilt

from sessions.motion_trend.live.virtual import VirtualSamples, virtual_samples

Array = NDArray[np.float64]
_NAMES = """
LFHD RFHD LBHD RBHD C7 T10 CLAV STRN RBAK LSHO LUPA LELB LFRM LWRA LWRB LFIN RSHO RUPA RELB RFRM RWRA RWRB
RFIN LASI RASI LPSI RPSI LTHI LKNE LTIB LANK LHEE LTOE RTHI RKNE RTIB RANK RHEE RTOE
"""
MARKERS = _NAMES.split()
JOIN_S = 0.7
STILL_S = 1.6
RATE_HZ = 50.0


@dataclass(frozen=True)
class Filmed:
    """One person doing one movement, repetition after repetition: markers (N, 39, 3) in m, z up."""

    movement: int
    person: int
    repetitions: int
    points: Array

    def marker(self, name: str) -> Array:
        return self.points[:, MARKERS.index(name)]

    def middle(self, *names: str) -> Array:
        return np.mean([self.marker(name) for name in names], axis=0)


def filmed(folder: Path, *, movement: int, correct: tuple[bool, ...] = (True,)) -> list[Filmed]:
    """Each person's repetitions joined; correct ones first when both are asked for."""
    with np.load(folder / "uiprmd" / "vicon_markers.npz") as stored:
        points, off, meta = stored["X"] / 1000.0, stored["off"], stored["meta"]
    found = []
    for person in sorted({int(m[1]) for m in meta if m[0] == movement}):
        takes = [
            points[off[k] : off[k + 1]].reshape(-1, len(MARKERS), 3)
            for wanted in correct
            for k in np.argsort(meta[:, 2], kind="stable")
            if meta[k, 0] == movement and meta[k, 1] == person and bool(meta[k, 3]) == wanted
        ]
        if takes:
            found.append(Filmed(movement, person, len(takes), _joined(takes)))
    return found


def _joined(takes: list[Array]) -> Array:
    """Takes one after the other, after a stand, with a smooth step between them."""
    pieces = [np.repeat(takes[0][:1], int(STILL_S * RATE_HZ), axis=0)]
    for before, after in zip(takes, [*takes[1:], takes[-1][-1:]], strict=True):
        share = 0.5 - 0.5 * np.cos(np.linspace(0, np.pi, int(JOIN_S * RATE_HZ)))
        pieces += [before, before[-1] + share[:, None, None] * (after[0] - before[-1])]
    whole = np.concatenate(pieces)
    b, a = butter(2, 5.0, fs=RATE_HZ)
    return np.asarray(filtfilt(b, a, whole, axis=0))


def worn(person: Filmed, place: str) -> tuple[VirtualSamples, Array]:
    """What a sensor there would feel, and up as it truly is in the sensor's axes, (N, 3)."""
    rotation, position = _part(person, place)
    mount = np.linalg.qr(np.random.default_rng(person.person).normal(size=(3, 3)))[0]
    mount = mount * np.sign(np.linalg.det(mount))
    times = np.arange(len(position)) / RATE_HZ
    samples = virtual_samples(times, rotation, position, mount=mount, seed=person.person)
    return samples, (rotation @ mount)[:, 2, :]


def _part(person: Filmed, place: str) -> tuple[Array, Array]:
    side = "L" if place.startswith("left") else "R"
    part = place.removeprefix("left_").removeprefix("right_")
    if part == "thigh":
        knee, hip = person.marker(f"{side}KNE"), person.marker(f"{side}ASI")
        return _frame(hip - knee, person.marker(f"{side}THI") - knee), 0.6 * hip + 0.4 * knee
    if part == "shank":
        ankle, knee = person.marker(f"{side}ANK"), person.marker(f"{side}KNE")
        return _frame(knee - ankle, person.marker(f"{side}TIB") - ankle), 0.3 * knee + 0.7 * ankle
    if part == "wrist":
        wrist = person.middle(f"{side}WRA", f"{side}WRB")
        across = person.marker(f"{side}WRA") - person.marker(f"{side}WRB")
        return _frame(person.marker(f"{side}ELB") - wrist, across), wrist
    if part == "chest":
        front, back = person.middle("CLAV", "STRN"), person.middle("C7", "T10")
        return _frame(person.middle("C7", "CLAV") - person.middle("T10", "STRN"), front - back), front
    front, back = person.middle("LASI", "RASI"), person.middle("LPSI", "RPSI")
    across = person.marker("LASI") - person.marker("RASI")
    return _frame(np.cross(front - back, across), front - back), front


def _frame(up: Array, ahead: Array) -> Array:
    """Part to world from two directions, (N, 3, 3): third axis along `up`."""
    z = up / np.linalg.norm(up, axis=1, keepdims=True)
    x = ahead - z * np.sum(ahead * z, axis=1, keepdims=True)
    x = x / np.linalg.norm(x, axis=1, keepdims=True)
    return np.stack([x, np.cross(z, x), z], axis=2)
