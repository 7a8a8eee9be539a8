"""A phone on a patient, as far as the stream is concerned."""

from typing import Any

import numpy as np

from sessions.motion_codec import IMU_FRAME_BYTES, encode_motion
from sessions.motion_trend.live.virtual import SimulatedSet, VirtualSamples, simulate_set
from tests.factories.sessions import EPOCH_MS
from tests.sessions.stream_client import StreamClient


def sensor_header(**changes: Any) -> dict[str, Any]:
    """A sensor's header as a phone's page sends it."""
    return {
        "version": 1,
        "kind": "imu",
        "placement": "right_thigh",
        "sampling_rate_hz": 60.0,
        "has_gyroscope": True,
        "epoch_ms": EPOCH_MS,
        "monotonic_ms": 0.0,
        "source": "phone",
        **changes,
    }


def thigh_squats(count: int = 4, **options: Any) -> VirtualSamples:
    """A simulated set of squats, felt at the thigh."""
    return simulate_set(SimulatedSet(repetitions=count, forward_deg=80.0, lever_m=0.25, **options), seed=3)


def frames_of_samples(samples: VirtualSamples, *, first: int = 0) -> bytes:
    """Samples as the bytes of frames."""
    count = len(samples.t_ms)
    sequence = np.arange(first, first + count)
    return encode_motion(sequence, samples.t_ms, samples.acceleration, samples.angular_velocity)


def messages_of_frames(raw: bytes, *, frames: int = 15) -> list[bytes]:
    """Messages of a quarter of a second."""
    step = frames * IMU_FRAME_BYTES
    return [raw[at : at + step] for at in range(0, len(raw), step)]


class Phone(StreamClient):
    """Streams a set, or a recording when given the recording's path."""

    def __init__(
        self, slug: str, ref: Any, cookie: bytes | None, *, what: str = "sets", **options: Any
    ) -> None:
        super().__init__(slug, ref, cookie, what=what, **options)

    async def hello(self, **changes: Any) -> dict[str, Any]:
        await self.open()
        await self.say({"type": "hello", "header": sensor_header(**changes)})
        return await self.until("welcome")

    async def send_all(self, raw: bytes) -> None:
        for message in messages_of_frames(raw):
            await self.send(message)
