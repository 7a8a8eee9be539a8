"""What a sensor gateway sends: a batch of samples, as JSON or as binary frames, gzip or not.

The same bytes may come by HTTP or from a broker. Everything is checked before anything is stored, and each
refusal says which field is wrong and what to do.
"""

import hashlib
import math
import zlib
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import numpy as np
import orjson
from numpy.typing import NDArray

from sessions.motion_codec import (
    IMU_FRAME,
    IMU_FRAME_BYTES,
    MOST_ACCELERATION_M_S2,
    MOST_ANGULAR_VELOCITY_RAD_S,
    MotionFrames,
)

LARGEST_SENT_BYTES = 2 * 1024 * 1024
LARGEST_BATCH_BYTES = 16 * 1024 * 1024
MOST_SAMPLES = 60_000
LONGEST_BATCH_MS = 15 * 60 * 1000.0
# The fastest body-worn sensors take 800 samples a second; whatever is faster is a clock that is wrong.
FASTEST_HZ = 1000.0
ACCELERATION_FACTORS = {"m/s2": 1.0, "g": 9.80665, "mg": 0.00980665}
ANGULAR_VELOCITY_FACTORS = {"rad/s": 1.0, "deg/s": math.pi / 180.0}
JSON_TYPE, FRAMES_TYPE = "application/json", "application/vnd.plumbline.imu"


class BatchRefused(ValueError):
    """A batch that is not stored: `field` is what is wrong, `words` say it, `cure` says what to do."""

    def __init__(self, field: str, words: str, cure: str, *, status: int = 400) -> None:
        super().__init__(f"{field}: {words}")
        self.field = field
        self.words = words
        self.cure = cure
        self.status = status

    def to_dict(self) -> dict[str, str]:
        """Plain JSON."""
        return {"field": self.field, "detail": self.words, "cure": self.cure}


@dataclass(frozen=True, slots=True)
class Batch:
    """Samples in order of time; `frames["capture_ms"]` is UTC in ms since 1970, units m/s² and rad/s.

    `key` names the batch for ever: the same key is stored once. `set_ref` is the exercise set that the
    wearer is doing, if any.
    """

    key: UUID
    frames: MotionFrames
    sampling_rate_hz: float
    sha256: str
    set_ref: UUID | None = None
    battery: float | None = None

    @property
    def first_ms(self) -> float:
        """When the first sample was taken."""
        return float(self.frames["capture_ms"][0])

    @property
    def last_ms(self) -> float:
        """When the last sample was taken."""
        return float(self.frames["capture_ms"][-1])


def unzip(body: bytes, *, encoding: str) -> bytes:
    """The batch's bytes; "gzip" is unpacked up to a limit. Raises BatchRefused."""
    encoding = encoding.strip().lower()
    if encoding in {"", "identity"}:
        return body
    if encoding != "gzip":
        raise BatchRefused(
            "Content-Encoding", f"{encoding[:20]} is not read", "Send gzip or plain.", status=415
        )
    unpacker = zlib.decompressobj(wbits=31)
    try:
        plain = unpacker.decompress(body, LARGEST_BATCH_BYTES)
    except zlib.error as error:
        raise BatchRefused("body", "This is not gzip.", "Compress the whole body once with gzip.") from error
    if unpacker.unconsumed_tail:
        raise too_large()
    if unpacker.unused_data:
        raise BatchRefused(
            "body", "Something follows the gzip data.", "Compress the whole body once with gzip."
        )
    if not unpacker.eof:
        raise BatchRefused("body", "The gzip data ends too early.", "Send the whole batch again.")
    return plain


def too_large() -> BatchRefused:
    """The refusal of a batch over the limits."""
    limit = LARGEST_SENT_BYTES // 1024**2
    return BatchRefused(
        "body", f"The batch is too large; the limit is {limit} MB.", "Send shorter batches.", status=413
    )


def parse_batch(body: bytes, *, content_type: str, key: str, set_ref: str = "") -> Batch:
    """A checked batch from its unpacked bytes.

    `key` and `set_ref` come from the headers; a JSON batch may carry them itself. Raises BatchRefused.
    """
    kind = content_type.partition(";")[0].strip().lower()
    if kind == FRAMES_TYPE:
        said: dict[str, Any] = {}
        frames = _binary_frames(body)
    elif kind in {JSON_TYPE, ""}:
        said = _json(body)
        frames = _json_frames(said)
    else:
        cure = f"Send {JSON_TYPE} or {FRAMES_TYPE}."
        raise BatchRefused("Content-Type", f"{kind[:60]} is not read.", cure, status=415)
    _check_frames(frames)
    set_text = set_ref or said.get("set") or ""
    return Batch(
        key=_uuid(key or said.get("key") or "", "Idempotency-Key"),
        frames=frames,
        sampling_rate_hz=_rate(frames),
        sha256=hashlib.sha256(body).hexdigest(),
        set_ref=_uuid(set_text, "set") if set_text else None,
        battery=_battery(said.get("battery")),
    )


def _binary_frames(body: bytes) -> MotionFrames:
    if not body or len(body) % IMU_FRAME_BYTES:
        words = f"{len(body)} bytes are not a whole number of {IMU_FRAME_BYTES}-byte frames."
        raise BatchRefused("body", words, "Send whole frames, little endian.")
    _check_count(len(body) // IMU_FRAME_BYTES)
    return np.frombuffer(body, dtype=IMU_FRAME).copy()


def _json(body: bytes) -> dict[str, Any]:
    # Empty lists take twenty times their bytes in memory: no batch that is allowed has so many parts.
    if body.count(b"[") > 2 * MOST_SAMPLES + 8 or body.count(b",") > 8 * MOST_SAMPLES or body.count(b"{") > 8:
        words = f"This holds more than {MOST_SAMPLES} samples."
        raise BatchRefused("body", words, "Send shorter batches.", status=413)
    try:
        said = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise BatchRefused("body", "This is not JSON.", "Send one JSON object in UTF-8.") from error
    if not isinstance(said, dict):
        raise BatchRefused("body", "This is not a JSON object.", "Send one JSON object.")
    return said


def _json_frames(said: dict[str, Any]) -> MotionFrames:
    times = _numbers(said.get("t_ms"), "t_ms", columns=1)[:, 0]
    _check_count(len(times))
    acceleration = _numbers(said.get("acceleration"), "acceleration", columns=3)
    turning = said.get("angular_velocity")
    angular = _numbers(turning, "angular_velocity", columns=3) if turning is not None else None
    for field, values in (("acceleration", acceleration), ("angular_velocity", angular)):
        if values is not None and len(values) != len(times):
            words = f"{len(values)} rows of {field} for {len(times)} times."
            raise BatchRefused(field, words, "Send one row for each time.")
    frames = np.zeros(len(times), dtype=IMU_FRAME)
    frames["capture_ms"] = times
    unit = _factor(said.get("acceleration_unit"), "acceleration_unit", ACCELERATION_FACTORS)
    frames["acceleration"] = acceleration * unit
    frames["angular_velocity"] = np.nan
    if angular is not None:
        unit = _factor(said.get("angular_velocity_unit"), "angular_velocity_unit", ANGULAR_VELOCITY_FACTORS)
        frames["angular_velocity"] = angular * unit
    return frames


def _numbers(raw: object, field: str, *, columns: int) -> NDArray[np.float64]:
    if not isinstance(raw, list) or not raw:
        raise BatchRefused(field, f"{field} is missing.", f"Send {field} as a list of numbers.")
    try:
        values = np.array(raw, dtype=np.float64)
    except (TypeError, ValueError, OverflowError) as error:
        words = f"{field} holds something that is not a number."
        raise BatchRefused(field, words, "Send numbers only, with a decimal point.") from error
    values = values[:, None] if values.ndim == 1 and columns == 1 else values
    if values.ndim != 2 or values.shape[1] != columns:
        raise BatchRefused(
            field, f"{field} needs {columns} numbers a row.", "Send x, y and z of each sample."
        )
    return values


def _factor(unit: object, field: str, factors: dict[str, float]) -> float:
    if not isinstance(unit, str) or unit not in factors:
        raise BatchRefused(field, f"{field} is not known.", f"Say one of: {', '.join(factors)}.")
    return factors[unit]


def _check_count(count: int) -> None:
    if count > MOST_SAMPLES:
        words = f"{count} samples in one batch; the limit is {MOST_SAMPLES}."
        raise BatchRefused("body", words, "Send shorter batches.", status=413)


def _check_frames(frames: MotionFrames) -> None:
    times = frames["capture_ms"]
    if not np.isfinite(times).all():
        raise BatchRefused("t_ms", "A time is not a number.", "Leave out samples without a time.")
    if len(times) > 1 and (np.diff(times) <= 0).any():
        raise BatchRefused("t_ms", "The times do not rise.", "Sort the samples by time, each time once.")
    if len(times) - 1 > FASTEST_HZ / 1000.0 * (times[-1] - times[0]):
        words = f"More than {FASTEST_HZ:,.0f} samples a second."
        raise BatchRefused("t_ms", words, "Times are milliseconds since 1970; check their unit.")
    if times[-1] - times[0] > LONGEST_BATCH_MS:
        raise BatchRefused("t_ms", "The batch is longer than 15 minutes.", "Send shorter batches.")
    acceleration = frames["acceleration"]
    if not (np.abs(acceleration) <= MOST_ACCELERATION_M_S2).all():
        words = "An acceleration is not a number, or more than 500 m/s²."
        raise BatchRefused("acceleration", words, "Check the unit, and leave out broken samples.")
    angular = frames["angular_velocity"]
    if (np.abs(angular) > MOST_ANGULAR_VELOCITY_RAD_S).any():
        words = "An angular velocity is more than 100 rad/s."
        raise BatchRefused("angular_velocity", words, "Check the unit: degrees or radians a second?")
    _check_gravity(acceleration)


def _check_gravity(acceleration: NDArray[np.float32]) -> None:
    """A body sensor feels about 9.8 m/s² on average; about 1 means that g was sent as m/s²."""
    length = float(np.median(np.linalg.norm(acceleration, axis=1)))
    if 0.5 <= length <= 2.0:
        cure = 'Say "acceleration_unit": "g", or multiply by 9.81.'
        raise BatchRefused("acceleration_unit", f"At rest we see {length:.2f}: that is g, not m/s².", cure)
    if length < 0.5:
        words = "Gravity is missing from the acceleration."
        raise BatchRefused("acceleration", words, "Send the acceleration that includes gravity.")


def _rate(frames: MotionFrames) -> float:
    times = frames["capture_ms"]
    return float(1000.0 / np.median(np.diff(times))) if len(times) > 1 else 0.0


def _uuid(raw: object, field: str) -> UUID:
    try:
        return UUID(str(raw))
    except ValueError as error:
        words = f"{field} is not a UUID."
        raise BatchRefused(
            field, words, "Make a new UUID for each batch; keep it when you send again."
        ) from error


def _battery(raw: object) -> float | None:
    is_share = isinstance(raw, (int, float)) and not isinstance(raw, bool) and 0 <= raw <= 1
    return float(raw) if is_share else None  # type: ignore[arg-type]
