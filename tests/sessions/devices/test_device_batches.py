"""What a gateway may send: good batches are read alike in every form, bad ones refused in words."""

import gzip
import io
import math
from uuid import uuid4

import numpy as np
import orjson
import pytest

from sessions.device_batches import (
    FRAMES_TYPE,
    JSON_TYPE,
    LARGEST_BATCH_BYTES,
    Batch,
    BatchRefused,
    parse_batch,
    unzip,
)
from sessions.motion_codec import IMU_FRAME

KEY = str(uuid4())
START_MS = 1_795_000_000_000.0


def said(count: int = 5, **changes: object) -> dict[str, object]:
    body: dict[str, object] = {
        "t_ms": [START_MS + 20.0 * i for i in range(count)],
        "acceleration": [[0.1, 0.2, 9.8]] * count,
        "acceleration_unit": "m/s2",
        "angular_velocity": [[10.0, 0.0, 0.0]] * count,
        "angular_velocity_unit": "deg/s",
        **changes,
    }
    return {name: value for name, value in body.items() if value is not None}


def read(body: dict[str, object], **options: str) -> Batch:
    return parse_batch(orjson.dumps(body), content_type=JSON_TYPE, key=options.pop("key", KEY), **options)


def refusal(body: bytes, content_type: str = JSON_TYPE, key: str = KEY) -> BatchRefused:
    with pytest.raises(BatchRefused) as caught:
        parse_batch(body, content_type=content_type, key=key)
    assert caught.value.words
    assert caught.value.cure
    return caught.value


def test_units_become_ours() -> None:
    batch = read(said(acceleration=[[0.0, 0.0, 1.0]] * 5, acceleration_unit="g"))
    assert batch.frames["acceleration"][0].tolist() == pytest.approx([0.0, 0.0, 9.80665])
    assert batch.frames["angular_velocity"][0, 0] == pytest.approx(math.radians(10.0))
    assert batch.sampling_rate_hz == pytest.approx(50.0)
    assert (batch.first_ms, batch.last_ms) == (START_MS, START_MS + 80.0)


def test_json_and_frames_are_read_alike() -> None:
    from_json = read(said(angular_velocity_unit="rad/s"))
    frames = from_json.frames.copy()
    from_frames = parse_batch(frames.tobytes(), content_type=FRAMES_TYPE, key=KEY)
    assert (from_frames.frames == frames).all()


def test_no_gyroscope_is_said_by_nan() -> None:
    batch = read(said(angular_velocity=None, angular_velocity_unit=None))
    assert np.isnan(batch.frames["angular_velocity"]).all()


def test_gzip_is_unpacked_and_other_encodings_are_not() -> None:
    body = orjson.dumps(said())
    assert unzip(gzip.compress(body), encoding="gzip") == body
    assert unzip(body, encoding="") == body
    with pytest.raises(BatchRefused) as caught:
        unzip(body, encoding="br")
    assert caught.value.status == 415


def test_a_gzip_bomb_is_refused_without_unpacking_it() -> None:
    packed = io.BytesIO()
    with gzip.GzipFile(fileobj=packed, mode="wb") as bomb:
        for _ in range(3):
            bomb.write(b"0" * LARGEST_BATCH_BYTES)
    with pytest.raises(BatchRefused) as caught:
        unzip(packed.getvalue(), encoding="gzip")
    assert caught.value.status == 413


@pytest.mark.parametrize("cut", [0, 1, 10, -1])
def test_cut_or_foreign_gzip_is_refused(cut: int) -> None:
    packed = gzip.compress(orjson.dumps(said()))[:cut]
    with pytest.raises(BatchRefused):
        unzip(packed, encoding="gzip")


def test_g_sent_as_metres_is_noticed() -> None:
    wrong = refusal(orjson.dumps(said(acceleration=[[0.0, 0.0, 1.0]] * 5)))
    assert wrong.field == "acceleration_unit"
    assert "g" in wrong.cure


def test_acceleration_without_gravity_is_noticed() -> None:
    assert refusal(orjson.dumps(said(acceleration=[[0.0, 0.0, 0.1]] * 5))).field == "acceleration"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("t_ms", None),
        ("t_ms", []),
        ("t_ms", "now"),
        ("t_ms", [START_MS] * 5),
        ("t_ms", [START_MS, START_MS + 1e9, START_MS + 2e9, START_MS + 3e9, START_MS + 4e9]),
        ("acceleration", [[1.0, 2.0]] * 5),
        ("acceleration", [[0.0, 0.0, 9.8]] * 4),
        ("acceleration", [["x", 0.0, 9.8]] * 5),
        ("acceleration", [[0.0, 0.0, 1e9]] * 5),
        ("acceleration", [[None, 0.0, 9.8]] * 5),
        ("acceleration", {"x": 1}),
        ("acceleration_unit", "stones"),
        ("acceleration_unit", None),
        ("angular_velocity", [[1e6, 0.0, 0.0]] * 5),
        ("angular_velocity_unit", "rpm"),
    ],
)
def test_wrong_fields_are_named(field: str, value: object) -> None:
    assert refusal(orjson.dumps(said(**{field: value}))).field.startswith(field)


@pytest.mark.parametrize("body", [b"", b"\xff\xfe", b"[]", b"{", b"null", b"{}" * 100])
def test_garbage_is_refused(body: bytes) -> None:
    refusal(body)


@pytest.mark.parametrize("body", [b"", b"x", b"x" * (IMU_FRAME.itemsize + 1)])
def test_frames_that_are_not_whole_are_refused(body: bytes) -> None:
    refusal(body, FRAMES_TYPE)


def test_too_many_samples_are_refused() -> None:
    frames = np.zeros(60_001, dtype=IMU_FRAME)
    assert refusal(frames.tobytes(), FRAMES_TYPE).status == 413


def test_another_content_type_is_refused() -> None:
    assert refusal(b"<xml/>", "text/xml").status == 415


def test_a_batch_needs_a_key() -> None:
    assert refusal(orjson.dumps(said()), key="").field == "Idempotency-Key"
    assert read(said(key=KEY), key="").key.hex == KEY.replace("-", "")


@pytest.mark.parametrize("part", [b"[]", b"{}", b"1"])
def test_millions_of_parts_are_refused_before_they_fill_the_memory(part, monkeypatch):
    monkeypatch.setattr(orjson, "loads", None)
    body = b'{"t_ms":[' + b",".join([part] * 2_000_000) + b"]}"
    with pytest.raises(BatchRefused) as refused:
        parse_batch(body, content_type=JSON_TYPE, key=KEY)
    assert refused.value.status == 413
