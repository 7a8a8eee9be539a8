import math

import pytest

from sessions.stream_header import BadHeader, clock_offset_ms, parse_header, same_picture
from tests.factories.sessions import header


def test_a_page_of_ours_is_understood():
    parsed = parse_header(header(extra="ignored"))
    assert (parsed.width, parsed.height, parsed.source) == (640, 480, "camera")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("version", 2),
        ("version", "1"),
        ("width", 0),
        ("width", 10**9),
        ("height", 480.5),
        ("height", True),
        ("rotation", 45),
        ("running_mode", "IMAGE"),
        ("model_sha256", "not a sum"),
        ("source", "video"),
        ("epoch_ms", math.nan),
        ("monotonic_ms", None),
        ("source", "x" * 1000),
    ],
)
def test_a_bad_field_is_named(field, value):
    with pytest.raises(BadHeader) as error:
        parse_header(header(**{field: value}))
    assert error.value.field == field


@pytest.mark.parametrize("raw", [None, [], "header", 3])
def test_no_header_is_refused(raw):
    with pytest.raises(BadHeader):
        parse_header(raw)


def test_the_same_page_keeps_its_clock_and_a_reloaded_one_is_moved():
    first = parse_header(header())
    assert clock_offset_ms(first, parse_header(header(epoch_ms=first.epoch_ms + 20))) == 0.0
    reloaded = parse_header(header(epoch_ms=first.epoch_ms + 65_000, monotonic_ms=5_000))
    assert clock_offset_ms(first, reloaded) == 60_000


def test_another_picture_is_another_recording():
    first = parse_header(header())
    assert same_picture(first, parse_header(header(epoch_ms=1.0)))
    assert not same_picture(first, parse_header(header(width=1280)))
