"""What a C3D file's first block promises, checked before a C library reads the rest.

Format: c3d.org user guide. The header says how many points, analog values and frames follow and where; a file
that is shorter than its own promise was cut off, and one that promises the absurd is not read at all.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path

from sessions.motion_trend.reading.errors import ReadingError

BLOCK = 512
MARK = 0x50
MOST_BYTES = 512 * 1024 * 1024
MOST_VALUES = 60_000_000
MOST_POINTS, MOST_ANALOG = 1000, 20_000
INTEL, DEC, MIPS = 84, 85, 86
WHOLE_FRAMES = 65_535

SEND_AGAIN = "Export the measurement again and send the whole file."
NOT_C3D = "This is not a C3D file."


@dataclass(frozen=True, slots=True)
class Header:
    """Counts that the header promises; `analog_per_frame` counts all channels of one video frame."""

    points: int
    analog_per_frame: int
    frames: int
    data_at: int
    value_bytes: int

    @property
    def values(self) -> int:
        """All numbers in the data section."""
        return self.frames * (4 * self.points + self.analog_per_frame)


def check_header(path: Path, *, name: str) -> Header:
    """Read and judge the first blocks. Raises ReadingError: not C3D, cut off, too large, or absurd."""
    size = path.stat().st_size
    if size > MOST_BYTES:
        words = f"The file has {size / 1e6:.0f} MB; at most {MOST_BYTES / 1e6:.0f} MB can be read."
        raise ReadingError(name, None, words, "Export a shorter part of the measurement.")
    with path.open("rb") as file:
        first = file.read(BLOCK)
        if len(first) < BLOCK or first[1] != MARK or not first[0]:
            raise ReadingError(name, None, NOT_C3D, "Send the .c3d file that the laboratory exported.")
        file.seek((first[0] - 1) * BLOCK)
        parameters = file.read(4)
    if len(parameters) < 4 or parameters[3] not in (INTEL, DEC, MIPS):
        raise ReadingError(name, None, "The file breaks off after its header.", SEND_AGAIN)
    header = _unpack(first, parameters[3])
    _judge(header, size, name)
    return header


def _unpack(first: bytes, processor: int) -> Header:
    words = struct.unpack((">" if processor == MIPS else "<") + "10H", first[:20])
    # Values are floats where the scale is negative; processors keep the sign in different bytes.
    sign = first[12 + {INTEL: 3, DEC: 1, MIPS: 0}[processor]]
    frames = max(0, words[4] - words[3] + 1)
    return Header(words[1], words[2], frames, (words[8] - 1) * BLOCK, 4 if sign & 0x80 else 2)


def _judge(header: Header, size: int, name: str) -> None:
    if header.points > MOST_POINTS or header.analog_per_frame > MOST_ANALOG:
        raise ReadingError(name, None, "The file's header cannot be right.", SEND_AGAIN)
    if not header.points and not header.analog_per_frame:
        raise ReadingError(name, None, "The file holds no measurement.", "Send a recorded trial.")
    if header.values > MOST_VALUES:
        raise ReadingError(name, None, "The measurement is too long to read.", "Export a shorter part of it.")
    # Longer trials than the header's 16 bits can say are counted in the parameters; those the library checks.
    if header.frames >= WHOLE_FRAMES:
        return
    needed = header.data_at + header.values * header.value_bytes
    if size < needed:
        share = max(0.0, (size - header.data_at) / max(1, needed - header.data_at))
        words = f"The file breaks off: about {round(100 * share)} % of the measurement is there."
        raise ReadingError(name, None, words, SEND_AGAIN)
