"""What can be streamed: a set that a camera sees or a sensor feels, a walk or test that a phone records.

One connection class serves them all; a kind says how its frames look, who may open it, who scores it live,
and what follows from its end.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from prescriptions.movement.results import LiveState, SetResult
from prescriptions.movement.rules import ExerciseRules
from sessions import selectors, services
from sessions.codec import FRAME, POSE_FORMAT, FrameFormat, Frames
from sessions.frame_gate import GateLimits, imu_limits, pose_limits
from sessions.live_frames import LiveFrames
from sessions.live_recording import LiveRecording
from sessions.live_set import LiveSet
from sessions.motion_codec import IMU_FORMAT, IMU_FRAME
from sessions.posture_guard import PostureStream
from sessions.services.streams import OpenStream
from sessions.stream_header import BadHeader, SensorHeader, StreamHeader, parse_header, parse_sensor_header

OnScored = Callable[[], None]


@dataclass(frozen=True, slots=True)
class StreamKind:
    """`check_own` and `open` take membership and ref; `finish` and `keep` what was opened and shown.

    `note_go` takes what was opened and when the person was told to go; None where nobody is told.
    """

    format: FrameFormat
    limits: Callable[[], GateLimits]
    parse_header: Callable[[object], StreamHeader | SensorHeader]
    check_own: Callable[..., object]
    open: Callable[..., OpenStream]
    live: Callable[[OpenStream, OnScored], LiveFrames]
    finish: Callable[[OpenStream, dict[str, Any]], None]
    keep: Callable[[OpenStream, dict[str, Any]], None]
    note_go: Callable[[OpenStream, float], None] | None = None


class PoseScorer:
    """PostureGuard on a camera's frames."""

    def __init__(self, opened: OpenStream) -> None:
        self._stream = PostureStream(
            ExerciseRules.from_dict(opened.spec),
            view=opened.view,
            side=opened.side,
            width=opened.header["width"],
            height=opened.header["height"],
        )

    def push(self, frames: Frames, *, clock_offset_ms: float) -> LiveState:
        """Take frames; the state after the last."""
        times = frames["capture_ms"] + clock_offset_ms
        return self._stream.push_many(times, frames["image"], frames["presence"])

    def finish(self) -> SetResult:
        """The whole set."""
        return self._stream.finish()


def _live_pose(opened: OpenStream, on_scored: OnScored) -> LiveFrames:
    return LiveSet(opened, dtype=FRAME, scorer=PoseScorer, on_scored=on_scored)


def _live_sensor(opened: OpenStream, on_scored: OnScored) -> LiveFrames:
    from sessions.sensor_scorer import SensorScorer

    return LiveSet(opened, dtype=IMU_FRAME, scorer=SensorScorer, on_scored=on_scored)


def _live_recording(opened: OpenStream, on_scored: OnScored) -> LiveFrames:
    return LiveRecording(opened, on_scored=on_scored)


def _finish_set(opened: OpenStream, as_shown: dict[str, Any]) -> None:
    if opened.set_id is not None:
        services.finish_streamed_set(opened.set_id, as_shown=as_shown)


def _keep_set(opened: OpenStream, as_shown: dict[str, Any]) -> None:
    if opened.set_id is not None:
        services.keep_as_shown(opened.set_id, as_shown)


def _finish_recording(opened: OpenStream, as_shown: dict[str, Any]) -> None:
    services.finish_streamed_recording(opened.recording_id)


def _keep_recording(opened: OpenStream, as_shown: dict[str, Any]) -> None:
    """The page may come back and go on; what was recorded is stored."""


def _note_go(opened: OpenStream, capture_ms: float) -> None:
    services.note_go(opened.recording_id, capture_ms + opened.clock_offset_ms, connection=opened.connection)


def _open_set(ref: Any, **options: Any) -> OpenStream:
    return services.open_stream(ref, **options)


POSE_SET = StreamKind(
    format=POSE_FORMAT,
    limits=pose_limits,
    parse_header=parse_header,
    check_own=selectors.own_set,
    open=_open_set,
    live=_live_pose,
    finish=_finish_set,
    keep=_keep_set,
)
SENSOR_SET = StreamKind(
    format=IMU_FORMAT,
    limits=imu_limits,
    parse_header=parse_sensor_header,
    check_own=selectors.own_set,
    open=_open_set,
    live=_live_sensor,
    finish=_finish_set,
    keep=_keep_set,
)
RECORDING = StreamKind(
    format=IMU_FORMAT,
    limits=imu_limits,
    parse_header=parse_sensor_header,
    check_own=selectors.own_phone_recording,
    open=services.open_recording_stream,
    live=_live_recording,
    finish=_finish_recording,
    keep=_keep_recording,
    note_go=_note_go,
)
SET_KINDS = {"pose": POSE_SET, "imu": SENSOR_SET}
RECORDING_KINDS = {"imu": RECORDING}


def kind_of(header: object, *, among: dict[str, StreamKind]) -> StreamKind:
    """The kind that a header asks for, "pose" when it does not say. Raises BadHeader."""
    asked = header.get("kind", "pose") if isinstance(header, dict) else "pose"
    kind = among.get(asked) if isinstance(asked, str) else None
    if kind is None:
        raise BadHeader("kind")
    return kind
