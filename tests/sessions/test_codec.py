import numpy as np
import pytest

from sessions.codec import (
    FRAME_BYTES,
    BadFrames,
    CorruptSegment,
    all_finite,
    decode_frames,
    encode_frames,
    pack_frames,
    unpack_frames,
)


def frames(count=3, *, value=0.5):
    return encode_frames(
        np.arange(count),
        np.arange(count) * 33.0,
        np.ones(count),
        np.full((count, 33, 4), value),
        np.full((count, 33, 3), value),
    )


def test_a_frame_is_940_bytes_in_the_agreed_order():
    raw = encode_frames(
        np.array([7]), np.array([12.5]), np.array([0.25]), np.full((1, 33, 4), 2.0), np.full((1, 33, 3), 3.0)
    )
    assert len(raw) == FRAME_BYTES == 940
    assert int.from_bytes(raw[:4], "little") == 7
    assert np.frombuffer(raw[4:12], "<f8")[0] == 12.5
    assert np.frombuffer(raw[12:16], "<f4")[0] == 0.25
    assert np.frombuffer(raw[16:544], "<f4").tolist() == [2.0] * 132
    assert np.frombuffer(raw[544:], "<f4").tolist() == [3.0] * 99


@pytest.mark.parametrize("length", [0, 1, 939, 941, 940 * 2 - 1])
def test_wrong_length_is_refused(length):
    with pytest.raises(BadFrames, match="wrong_length"):
        decode_frames(b"\0" * length)


def test_more_than_thirty_frames_are_refused():
    with pytest.raises(BadFrames, match="too_many_frames"):
        decode_frames(frames(31))


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf, 1e30, -1e30])
def test_numbers_must_be_possible(bad):
    assert all_finite(frames()) is True
    assert all_finite(frames(value=bad)) is False


def test_what_is_unpacked_is_what_was_packed():
    raw = frames(50)
    packed = pack_frames(raw)
    assert unpack_frames(packed.payload, sha256=packed.sha256) == raw


@pytest.mark.parametrize("fault", ["checksum", "bytes", "codec"])
def test_a_changed_segment_is_noticed(fault):
    packed = pack_frames(frames(50))
    payload = packed.payload[:-3] if fault == "bytes" else packed.payload
    sha256 = "0" * 64 if fault == "checksum" else packed.sha256
    with pytest.raises(CorruptSegment):
        unpack_frames(payload, sha256=sha256, codec="other" if fault == "codec" else packed.codec)
