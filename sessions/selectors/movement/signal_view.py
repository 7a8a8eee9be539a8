"""A stretch of a recording's samples: thinned for the screen, whole for a spreadsheet."""

import io
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sessions.errors import RecordingNotFound
from sessions.models import Recording
from sessions.motion_files import MotionFileCorrupt, iter_pieces, read_signals
from sessions.motion_trend.types import Placement, SensorSignal

MOST_WINDOW_S = 20 * 60.0
MOST_CSV_S = 3600.0
GAP_S = 0.5
COLUMNS = "sensor,t_s,ax_m_s2,ay_m_s2,az_m_s2,gx_rad_s,gy_rad_s,gz_rad_s\n"


class LongWindow(ValueError):
    """More seconds were asked for than one answer holds; `most_s` is how many it does."""

    def __init__(self, most_s: float) -> None:
        super().__init__(f"at most {most_s:.0f} s")
        self.most_s = most_s


def signal_window(
    recording: Recording,
    *,
    start_s: float | None,
    end_s: float | None,
    most_points: int,
    sensor: int = 0,
) -> dict[str, Any]:
    """One sensor's samples between two times, at most `most_points` a line, gaps as nulls.

    Where samples must be left out, each stretch gives its least and its most, so that no peak is lost.
    A window longer than MOST_WINDOW_S is cut. Raises RecordingNotFound without samples.
    """
    low = max(0.0, start_s or 0.0)
    high = min(end_s if end_s is not None else low + MOST_WINDOW_S, low + MOST_WINDOW_S)
    signal = _read(recording, low, high, sensor=sensor)
    if signal is None:
        return _empty(low, high)
    t_s, force, turn = thinned(signal, most_points=most_points)
    return {
        "start_s": low,
        "end_s": high,
        "t_s": np.round(t_s, 4).tolist(),
        "acceleration_m_s2": _lists(force, 3),
        "angular_velocity_rad_s": None if turn is None else _lists(turn, 4),
        "coarse": len(signal) > most_points,
    }


def _empty(low: float, high: float) -> dict[str, Any]:
    axes: list[list[float]] = [[], [], []]
    return {
        "start_s": low, "end_s": high, "t_s": [], "acceleration_m_s2": axes, "angular_velocity_rad_s": None,
        "coarse": False,
    }  # fmt: skip


def _read(recording: Recording, low: float, high: float, *, sensor: int) -> SensorSignal | None:
    """A sensor's samples in a window; None where they lie in a gap, or for a sensor that is not there."""
    if not recording.has_file:
        raise RecordingNotFound
    name = sensor_names(recording)[sensor : sensor + 1]
    try:
        signals = read_signals(recording.file_key, start_s=low, end_s=high)
    except MotionFileCorrupt as error:
        raise RecordingNotFound from error
    if not name:
        return signals[0] if signals and sensor == 0 else None
    return next((signal for signal in signals if signal.source == name[0]), None)


def sensor_names(recording: Recording) -> list[str]:
    """The sensors of a recording's file, in their order, as the file names them."""
    sensors = recording.quality.get("sensors")
    if not isinstance(sensors, list):
        return []
    return [str(one.get("name", "")) for one in sensors if isinstance(one, dict)]


def sensor_words(recording: Recording) -> list[str]:
    """The same, by where they were worn."""
    sensors = recording.quality.get("sensors")
    if not isinstance(sensors, list):
        return []
    known = set(Placement)
    return [
        Placement(one["placement"]).words
        if one.get("placement") in known and one["placement"] != Placement.UNKNOWN
        else f"Sensor {number}"
        for number, one in enumerate(sensors, start=1)
        if isinstance(one, dict)
    ]


def thinned(
    signal: SensorSignal, *, most_points: int
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64] | None]:
    """Times and samples, at most `most_points` and one more for each gap, which is a row of NaN.

    Samples that are left out lie between the least and the most of their stretch, axis by axis.
    """
    t_s = signal.t_s
    force = signal.acceleration_m_s2.astype(np.float64)
    turn = None if signal.angular_velocity_rad_s is None else signal.angular_velocity_rad_s.astype(np.float64)
    if len(t_s) > most_points:
        bounds = np.linspace(0, len(t_s), max(1, most_points // 2) + 1).astype(int)[:-1]
        ends = np.append(bounds[1:], len(t_s))
        t_s = np.stack([t_s[bounds], t_s[(bounds + ends) // 2]], axis=1).ravel()
        force = _extremes(force, bounds)
        turn = None if turn is None else _extremes(turn, bounds)
    return _with_gaps(t_s, force, turn)


def _extremes(values: NDArray[np.float64], bounds: NDArray[np.int_]) -> NDArray[np.float64]:
    least, most = np.minimum.reduceat(values, bounds), np.maximum.reduceat(values, bounds)
    return np.stack([least, most], axis=1).reshape(-1, values.shape[1])


def _with_gaps(
    t_s: NDArray[np.float64], force: NDArray[np.float64], turn: NDArray[np.float64] | None
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64] | None]:
    steps = np.diff(t_s)
    usual = float(np.median(steps[steps > 0])) if (steps > 0).any() else GAP_S
    gaps = np.flatnonzero(steps > max(GAP_S, 3 * usual)) + 1
    if not len(gaps):
        return t_s, force, turn
    middle = (t_s[gaps - 1] + t_s[gaps]) / 2
    return (
        np.insert(t_s, gaps, middle),
        np.insert(force, gaps, np.nan, axis=0),
        None if turn is None else np.insert(turn, gaps, np.nan, axis=0),
    )


def _lists(values: NDArray[np.float64], decimals: int) -> list[list[float | None]]:
    """One list an axis; what is not a number is null, as JSON wants it."""
    rounded = np.round(values, decimals)
    return [[None if value != value else value for value in axis] for axis in rounded.T.tolist()]


def signal_as_csv(recording: Recording, *, start_s: float | None, end_s: float | None) -> bytes:
    """Every sample of a stretch, all sensors one after the other. Raises LongWindow above MOST_CSV_S."""
    low = max(0.0, start_s or 0.0)
    high = end_s if end_s is not None else max(recording.duration_s or 0.0, low) + 1.0
    if high - low > MOST_CSV_S + 1.0:
        raise LongWindow(MOST_CSV_S)
    out = io.StringIO()
    out.write(COLUMNS)
    try:
        for piece in iter_pieces(recording.file_key, start_s=low, end_s=high):
            _write_piece(out, piece)
    except MotionFileCorrupt as error:
        raise RecordingNotFound from error
    return out.getvalue().encode()


def _write_piece(out: io.StringIO, piece: SensorSignal) -> None:
    turn = piece.angular_velocity_rad_s
    name = "".join(letter for letter in piece.source if letter.isalnum() or letter in "_- ") or "sensor"
    for row, at in enumerate(piece.t_s):
        force = ",".join(f"{value:.4f}" for value in piece.acceleration_m_s2[row])
        spin = ",,," if turn is None else "," + ",".join(f"{value:.5f}" for value in turn[row])
        out.write(f"{name},{at:.4f},{force}{spin}\n")
