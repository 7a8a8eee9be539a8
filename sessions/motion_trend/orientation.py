"""Which way is up, and which way does the wearer face? From gravity and gait, never from the sensor's axes.

Up comes from VQF (Laidig & Seel, Information Fusion 2023; MIT) where there is a gyroscope, else from the mean
acceleration. Forward comes from walking: seen from above, the trunk speeds up and slows down once a step and
sways once a stride, so the direction that carries most of the step frequency is fore-and-aft
(Moe-Nilssen & Helbostad 2004); which end is the front is told by the phase between rise and surge.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sessions.motion_trend.types import GRAVITY_M_S2

Array = NDArray[np.float64]

SETTLE_S = 4.0
TAU_S = 3.0


@dataclass(frozen=True, slots=True)
class Levelled:
    """A span seen from a level frame that turns with the wearer; per sample.

    vertical_m_s2[N]: acceleration upwards without gravity; horizontal_m_s2[N,2]: along two fixed level
    directions (right-handed with up; not yet fore-and-aft); yaw_rad_s[N] and tilting_rad_s[N,2]
    (about the same two directions), or None without a gyroscope; up[3]: mean up in sensor axes.
    """

    vertical_m_s2: Array
    horizontal_m_s2: Array
    yaw_rad_s: Array | None
    tilting_rad_s: Array | None
    up: Array


@dataclass(frozen=True, slots=True)
class Facing:
    """Unit directions in the level plane: forward[2]; `share` of step-frequency power along it (0.5 to 1)."""

    forward: Array
    share: float

    @property
    def left(self) -> Array:
        """Right angles to forward, counter-clockwise seen from above."""
        return np.array([-self.forward[1], self.forward[0]])


def level(
    acceleration_m_s2: NDArray[np.float32],
    angular_velocity_rad_s: NDArray[np.float32] | None,
    *,
    rate_hz: float,
) -> Levelled:
    """Find up, sample by sample; acceleration[N,3] (specific force) and angular velocity[N,3], any axes."""
    force = np.ascontiguousarray(acceleration_m_s2, dtype=np.float64)
    if angular_velocity_rad_s is None:
        ups = np.broadcast_to(_unit(force.mean(axis=0)), force.shape)
        turning = None
    else:
        turning = np.ascontiguousarray(angular_velocity_rad_s, dtype=np.float64)
        ups = ups_of(force, turning, rate_hz=rate_hz)
    up = _unit(ups.mean(axis=0))
    first, second = _level_axes(up)
    plane = np.stack([first, second], axis=1)
    vertical = np.einsum("ij,ij->i", force, ups)
    horizontal = (force - vertical[:, None] * ups) @ plane
    if turning is None:
        return Levelled(vertical - GRAVITY_M_S2, horizontal, None, None, up)
    yaw = np.einsum("ij,ij->i", turning, ups)
    return Levelled(vertical - GRAVITY_M_S2, horizontal, yaw, turning @ plane, up)


def ups_of(force: Array, turning: Array, *, rate_hz: float, tau_s: float = TAU_S) -> Array:
    """Up in sensor axes for each sample: force[N,3], turning[N,3] → [N,3] unit vectors, by VQF.

    VQF starts level; it sees the first seconds twice, so that it has settled when the span begins.
    """
    from vqf import VQF

    settle = min(round(SETTLE_S * rate_hz), len(force))
    lead_force, lead_turning = force[:settle][::-1], -turning[:settle][::-1]
    found = VQF(1 / rate_hz, tauAcc=tau_s).updateBatch(
        np.ascontiguousarray(np.concatenate([lead_turning, turning])),
        np.ascontiguousarray(np.concatenate([lead_force, force])),
    )
    w, x, y, z = found["quat6D"][settle:].T
    return np.column_stack([2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)])


def facing(levelled: Levelled, *, step_hz: float, rate_hz: float) -> Facing:
    """Fore-and-aft of a stretch of walking with `step_hz` steps a second."""
    spectrum = np.fft.rfft(
        levelled.horizontal_m_s2 * np.hanning(len(levelled.vertical_m_s2))[:, None], axis=0
    )
    hertz = np.fft.rfftfreq(len(levelled.vertical_m_s2), 1 / rate_hz)
    step = _cross_power(spectrum, np.abs(hertz - step_hz) < 0.25 * step_hz)
    stride = _cross_power(spectrum, np.abs(hertz - step_hz / 2) < 0.2 * step_hz)
    balance = step / max(np.trace(step), 1e-12) - stride / max(np.trace(stride), 1e-12)
    forward = np.linalg.eigh(balance)[1][:, -1]
    share = float(forward @ step @ forward / max(np.trace(step), 1e-12))
    rise = np.fft.rfft(levelled.vertical_m_s2 * np.hanning(len(levelled.vertical_m_s2)))
    chosen = np.abs(hertz - step_hz) < 0.25 * step_hz
    surge = spectrum @ forward
    lead = np.sum(surge[chosen] * np.conj(rise[chosen]))
    return Facing(forward if lead.imag >= 0 else -forward, share)


def _cross_power(spectrum: NDArray[np.complex128], chosen: NDArray[np.bool_]) -> Array:
    part = spectrum[chosen]
    return np.asarray((part.conj().T @ part).real)


def _level_axes(up: Array) -> tuple[Array, Array]:
    """Two level directions, right-handed with up, from the sensor axis that lies most level."""
    axis = np.eye(3)[int(np.argmin(np.abs(up)))]
    first = _unit(axis - (axis @ up) * up)
    return first, np.cross(up, first)


def _unit(vector: Array) -> Array:
    length = float(np.linalg.norm(vector))
    return vector / length if length > 0 else np.array([0.0, 0.0, 1.0])
