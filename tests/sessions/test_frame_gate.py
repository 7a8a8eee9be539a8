import math

import numpy as np
import pytest

from sessions.codec import FRAME_BYTES, encode_frames
from sessions.frame_gate import FIRST_BURST_FRAMES, STRIKES_ALLOWED, FrameGate, Refused, imu_limits
from sessions.motion_codec import IMU_FORMAT, encode_motion


def gate(next_sequence=0, *, last=-math.inf, offset=0.0, away_s=0.0):
    return FrameGate(
        next_sequence=next_sequence, last_capture_ms=last, clock_offset_ms=offset, now=0.0, away_s=away_s
    )


def message(first, count=3, *, time_ms=None, value=0.5, step=33.0):
    start = first * step if time_ms is None else time_ms
    return encode_frames(
        np.arange(first, first + count),
        start + np.arange(count) * step,
        np.ones(count),
        np.full((count, 33, 4), value),
        np.zeros((count, 33, 3)),
    )


def refusal(a_gate, payload, now=0.0):
    with pytest.raises(Refused) as refused:
        a_gate.admit(payload, now=now)
    return refused.value


def test_frames_in_order_are_let_in_as_received():
    a_gate, payload = gate(), message(0)
    assert a_gate.admit(payload, now=0.0).raw == payload
    assert a_gate.expected == 3


def test_duplicates_are_dropped_and_the_new_rest_is_kept():
    a_gate = gate()
    a_gate.admit(message(0), now=0.0)
    admitted = a_gate.admit(message(1, 4), now=0.0)
    assert admitted.frames["sequence"].tolist() == [3, 4]
    assert admitted.raw == message(1, 4)[2 * FRAME_BYTES :]
    assert a_gate.admit(message(0, 5), now=0.0).count == 0


def test_a_gap_is_refused_with_the_number_to_send_from():
    a_gate = gate(10, last=0.0)
    error = refusal(a_gate, message(12))
    assert (error.code, error.next_sequence) == ("sequence_gap", 10)


def test_a_batch_that_skips_a_number_is_refused():
    payload = message(0, 1) + message(2, 1)
    assert refusal(gate(), payload).code == "sequence_gap"


@pytest.mark.parametrize(
    ("payload", "code"),
    [
        (b"x" * 939, "wrong_length"),
        (b"", "wrong_length"),
        (message(0, 31), "too_many_frames"),
        (message(0, value=math.nan), "not_a_number"),
        (message(0, value=math.inf), "not_a_number"),
        (message(0, time_ms=math.nan), "not_a_number"),
        (message(0, time_ms=math.inf), "not_a_number"),
        (message(0, step=0.0), "time_backwards"),
        (message(0, step=-1.0), "time_backwards"),
        (message(0, step=1e9), "time_jump"),
    ],
)
def test_a_bad_message_is_refused_by_name(payload, code):
    assert refusal(gate(), payload).code == code


def test_time_may_not_go_backwards_between_messages():
    a_gate = gate()
    a_gate.admit(message(0, time_ms=1000.0), now=0.0)
    assert refusal(a_gate, message(3, time_ms=900.0)).code == "time_backwards"


def test_a_refused_frame_does_not_block_the_ones_after_it():
    a_gate = gate()
    refusal(a_gate, message(0, value=math.nan))
    assert a_gate.admit(message(3), now=0.0).count == 3


def test_a_reloaded_page_goes_on_with_a_younger_clock():
    a_gate = gate(300, last=10_000.0, offset=60_000.0)
    assert a_gate.admit(message(300, time_ms=0.0), now=0.0).count == 3
    assert a_gate.last_capture_ms == 60_066.0


def test_ten_times_the_rate_is_refused_and_a_camera_is_not():
    def frames_let_in(hz, seconds=20):
        a_gate, sequence, refused = gate(), 0, 0
        for tick in range(int(seconds * hz / 3)):
            try:
                a_gate.admit(message(sequence), now=tick * 3 / hz)
                sequence += 3
            except Refused as error:
                assert error.code == "too_fast"
                refused += 1
        return sequence, refused

    assert frames_let_in(30)[1] == 0
    assert frames_let_in(60)[1] == 0
    let_in, refused = frames_let_in(300)
    assert refused > 0
    assert let_in <= FIRST_BURST_FRAMES + 75 * 20 + 3


def test_whoever_was_away_may_catch_up():
    a_gate = gate(away_s=60.0)
    sent = 0
    while sent < 60 * 30:
        sent += a_gate.admit(message(sent, 30), now=0.0).count
    assert sent == 1800


def test_a_client_that_never_learns_is_given_up():
    a_gate = gate()
    for _ in range(int(STRIKES_ALLOWED) + 1):
        refusal(a_gate, b"x")
    assert a_gate.has_given_up


def test_a_set_cannot_go_on_for_ever(monkeypatch):
    monkeypatch.setattr("sessions.frame_gate.LONGEST_SET_FRAMES", 5)
    a_gate = gate()
    a_gate.admit(message(0), now=0.0)
    assert refusal(a_gate, message(3)).code == "set_too_long"
    assert a_gate.has_given_up


def sensor_gate(last=-math.inf, away_s=0.0, first=0):
    return FrameGate(
        next_sequence=first, last_capture_ms=last, clock_offset_ms=0.0, now=0.0, away_s=away_s,
        format=IMU_FORMAT, limits=imu_limits(),
    )  # fmt: skip


def sensor_message(first, *, at_s):
    times = 1000.0 * at_s + 10.0 * np.arange(5)
    return encode_motion(np.arange(first, first + 5), times, np.full((5, 3), 5.7), None)


def test_a_sensors_clock_may_not_make_days_out_of_seconds():
    a_gate = sensor_gate()
    a_gate.admit(sensor_message(0, at_s=0.0), now=0.0)
    a_gate.admit(sensor_message(5, at_s=500.0), now=1.0)
    assert refusal(a_gate, sensor_message(10, at_s=1000.0), now=2.0).code == "time_jump"
    a_gate = sensor_gate(last=1e6, away_s=1000.0, first=10)
    a_gate.admit(sensor_message(10, at_s=1500.0), now=0.0)
    a_gate.admit(sensor_message(15, at_s=2090.0), now=0.0)
    assert refusal(a_gate, sensor_message(20, at_s=2650.0), now=10.0).code == "time_jump"
