"""What the foot method says about one foot."""

from __future__ import annotations

from dataclasses import dataclass

from sessions.motion_trend.types import Flag, Placement


@dataclass(frozen=True, slots=True)
class FootStride:
    """One stride, from rest in mid-stance to the next; times in seconds since the recording's start.

    `lift_s`, `contact_s`: foot off and foot strike, None where they are not clear. `length_m`: horizontal
    distance between the two rests. `turn_deg`: how far the foot turned about the vertical, left positive.
    `rise_m`: apparent height gained before the walk was taken as level.
    """

    start_s: float
    end_s: float
    length_m: float
    turn_deg: float
    rise_m: float
    lift_s: float | None = None
    contact_s: float | None = None

    @property
    def time_s(self) -> float:
        """Rest to rest."""
        return self.end_s - self.start_s

    @property
    def speed_m_s(self) -> float:
        """Length over time."""
        return self.length_m / self.time_s

    @property
    def swing_s(self) -> float | None:
        """From foot off to foot strike."""
        if self.lift_s is None or self.contact_s is None:
            return None
        return self.contact_s - self.lift_s


@dataclass(frozen=True, slots=True)
class FootWalk:
    """All strides of one foot in the order of time; `wear_s`: seconds of signal that could be read."""

    placement: Placement
    strides: tuple[FootStride, ...]
    sampling_rate_hz: float
    wear_s: float
    dropped: int = 0
    flags: tuple[Flag, ...] = ()
