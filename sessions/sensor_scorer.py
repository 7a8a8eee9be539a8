"""One set as a movement sensor feels it: the stream's frames handed to the live sensor engine."""

from prescriptions.movement.imu_rules import ImuRules
from prescriptions.movement.results import LiveState, SetResult
from sessions.codec import Frames
from sessions.motion_trend.live import ImuStream
from sessions.services.streams import OpenStream


class SensorScorer:
    """Counts and judges one set from a sensor's frames."""

    def __init__(self, opened: OpenStream) -> None:
        rules = ImuRules.from_spec(opened.spec)
        self._stream = ImuStream(rules, placement=opened.header["placement"], side=opened.side)

    def push(self, frames: Frames, *, clock_offset_ms: float) -> LiveState:
        """Take frames; the state after the last."""
        times = frames["capture_ms"] + clock_offset_ms
        return self._stream.push_many(times, frames["acceleration"], frames["angular_velocity"])

    def finish(self) -> SetResult:
        """The whole set."""
        return self._stream.finish()
