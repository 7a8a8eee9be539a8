"""The header that opens a stream: what made the frames, and which clock they carry."""

import math
import re
from dataclasses import asdict, dataclass
from typing import Any

from sessions.motion_trend.types import Placement

SUPPORTED_VERSION = 1
SOURCES = ("camera", "sample")  # a film's recording says "video", but comes by no stream
ROTATIONS = (0, 90, 180, 270)
LARGEST_SIDE_PX = 8192
SHA256 = re.compile(r"[0-9a-f]{64}")
SAME_CLOCK_MS = 500.0
LATEST_CLOCK_MS = 1e13
SENSOR_SOURCES = ("phone", "device")
SLOWEST_HZ, FASTEST_HZ = 1.0, 400.0


class BadHeader(ValueError):
    """A header that cannot be trusted; ``field`` names what is wrong with it."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


@dataclass(frozen=True, slots=True)
class SensorHeader:
    """Of a movement sensor's stream; clocks as in ``StreamHeader``. `sampling_rate_hz`: nominal."""

    version: int
    placement: str
    sampling_rate_hz: float
    has_gyroscope: bool
    epoch_ms: float
    monotonic_ms: float
    source: str

    def to_dict(self) -> dict[str, Any]:
        return {"kind": "imu", **asdict(self)}

    @property
    def origin_ms(self) -> float:
        """Wall clock at the capture clock's zero."""
        return self.epoch_ms - self.monotonic_ms


@dataclass(frozen=True, slots=True)
class StreamHeader:
    """Of a camera's stream. Sizes in pixels.

    ``epoch_ms`` is the wall clock at the moment when the capture clock read ``monotonic_ms``.
    """

    version: int
    model_sha256: str
    running_mode: str
    width: int
    height: int
    mirror: bool
    rotation: int
    epoch_ms: float
    monotonic_ms: float
    source: str

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)

    @property
    def origin_ms(self) -> float:
        """Wall clock at the capture clock's zero."""
        return self.epoch_ms - self.monotonic_ms


def parse_header(raw: object) -> StreamHeader:
    """Check every field of a header; raises ``BadHeader``. Unknown fields are ignored."""
    if not isinstance(raw, dict):
        raise BadHeader("header")
    header = StreamHeader(
        version=_integer(raw, "version"),
        model_sha256=_text(raw, "model_sha256"),
        running_mode=_text(raw, "running_mode"),
        width=_integer(raw, "width"),
        height=_integer(raw, "height"),
        mirror=bool(raw.get("mirror", False)),
        rotation=_integer(raw, "rotation", default=0),
        epoch_ms=_number(raw, "epoch_ms"),
        monotonic_ms=_number(raw, "monotonic_ms"),
        source=_text(raw, "source"),
    )
    _check_values(header)
    return header


def parse_sensor_header(raw: object) -> SensorHeader:
    """Check every field of a sensor's header; raises ``BadHeader``. Unknown fields are ignored."""
    if not isinstance(raw, dict):
        raise BadHeader("header")
    header = SensorHeader(
        version=_integer(raw, "version"),
        placement=_text(raw, "placement"),
        sampling_rate_hz=_number(raw, "sampling_rate_hz"),
        has_gyroscope=bool(raw.get("has_gyroscope", False)),
        epoch_ms=_number(raw, "epoch_ms"),
        monotonic_ms=_number(raw, "monotonic_ms"),
        source=_text(raw, "source"),
    )
    _check_clock(header)
    if header.placement not in tuple(Placement):
        raise BadHeader("placement")
    if not SLOWEST_HZ <= header.sampling_rate_hz <= FASTEST_HZ:
        raise BadHeader("sampling_rate_hz")
    if header.source not in SENSOR_SOURCES:
        raise BadHeader("source")
    return header


def clock_offset_ms(first: StreamHeader | SensorHeader, now: StreamHeader | SensorHeader) -> float:
    """What to add to capture times of ``now`` so that they go on from ``first``: the page may have been
    reloaded.

    The same page that connects again keeps its clock; small differences are only the reading of the wall
    clock.
    """
    offset = now.origin_ms - first.origin_ms
    return 0.0 if abs(offset) < SAME_CLOCK_MS else offset


def same_picture(first: StreamHeader, now: StreamHeader) -> bool:
    """Whether frames of both headers may stand in one recording."""

    def shape(header: StreamHeader) -> tuple[object, ...]:
        return (
            header.width,
            header.height,
            header.mirror,
            header.rotation,
            header.model_sha256,
            header.source,
        )

    return shape(first) == shape(now)


def same_sensor(first: SensorHeader, now: SensorHeader) -> bool:
    """Whether frames of both headers may stand in one recording."""

    def sensor(header: SensorHeader) -> tuple[object, ...]:
        return (header.placement, header.has_gyroscope, header.source)

    return sensor(first) == sensor(now)


def _check_clock(header: StreamHeader | SensorHeader) -> None:
    if header.version != SUPPORTED_VERSION:
        raise BadHeader("version")
    for field in ("epoch_ms", "monotonic_ms"):
        if abs(getattr(header, field)) > LATEST_CLOCK_MS:
            raise BadHeader(field)


def _check_values(header: StreamHeader) -> None:
    _check_clock(header)
    if header.model_sha256 and not SHA256.fullmatch(header.model_sha256):
        raise BadHeader("model_sha256")
    if header.running_mode != "VIDEO":
        raise BadHeader("running_mode")
    for field in ("width", "height"):
        if not 16 <= getattr(header, field) <= LARGEST_SIDE_PX:
            raise BadHeader(field)
    if header.rotation not in ROTATIONS:
        raise BadHeader("rotation")
    if header.source not in SOURCES:
        raise BadHeader("source")


def _integer(raw: dict[str, Any], field: str, *, default: int | None = None) -> int:
    value = raw.get(field, default)
    if isinstance(value, bool) or not isinstance(value, int):
        raise BadHeader(field)
    return value


def _number(raw: dict[str, Any], field: str) -> float:
    value = raw.get(field)
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise BadHeader(field)
    return float(value)


def _text(raw: dict[str, Any], field: str) -> str:
    value = raw.get(field, "")
    if not isinstance(value, str) or len(value) > 100:
        raise BadHeader(field)
    return value
