import numpy as np
import pytest

from sessions.codec import BadFrames, CorruptSegment, unpack_frames
from sessions.motion_codec import (
    IMU_FRAME,
    IMU_FRAME_BYTES,
    decode_motion,
    encode_motion,
    pack_motion,
    sound_frames,
)


def frames(count=5, **changes):
    one = np.frombuffer(
        encode_motion(
            np.arange(count),
            np.arange(count) * 10.0,
            np.full((count, 3), 9.81 / np.sqrt(3)),
            np.zeros((count, 3)),
        ),
        dtype=IMU_FRAME,
    ).copy()
    for field, value in changes.items():
        one[field][2] = value
    return one


def test_a_frame_is_36_bytes_in_the_order_that_the_phone_writes():
    raw = encode_motion(np.array([7]), np.array([12.5]), np.array([[1.0, 2.0, 3.0]]), None)
    assert len(raw) == IMU_FRAME_BYTES == 36
    assert raw[:4] == b"\x07\0\0\0"
    back = decode_motion(raw)
    assert (back["capture_ms"][0], back["acceleration"][0].tolist()) == (12.5, [1.0, 2.0, 3.0])
    assert np.isnan(back["angular_velocity"]).all()


@pytest.mark.parametrize(
    ("payload", "code"),
    [(b"", "wrong_length"), (b"x" * 35, "wrong_length"), (b"\0" * 36 * 257, "too_many_frames")],
)
def test_a_message_of_no_whole_frames_or_too_many_is_named(payload, code):
    with pytest.raises(BadFrames) as bad:
        decode_motion(payload)
    assert bad.value.code == code


@pytest.mark.parametrize(
    "nonsense",
    [
        {"acceleration": (np.nan, 0, 0)},
        {"acceleration": (np.inf, 0, 0)},
        {"acceleration": (0, 0, -501)},
        {"angular_velocity": (np.nan, 0, 0)},
        {"angular_velocity": (0, -np.inf, 0)},
        {"angular_velocity": (0, 0, 101)},
    ],
)
def test_a_frame_of_nonsense_is_found_and_its_neighbours_are_not(nonsense):
    assert sound_frames(frames(**nonsense)).tolist() == [True, True, False, True, True]


def test_no_gyroscope_is_no_nonsense():
    assert sound_frames(frames(angular_velocity=(np.nan, np.nan, np.nan))).all()


def test_what_is_packed_comes_back_bit_for_bit():
    raw = frames(600).tobytes()
    packed = pack_motion(raw)
    assert len(packed.payload) < len(raw) / 3
    assert unpack_frames(packed.payload, sha256=packed.sha256, codec=packed.codec) == raw
    with pytest.raises(CorruptSegment):
        unpack_frames(packed.payload, sha256=packed.sha256)
