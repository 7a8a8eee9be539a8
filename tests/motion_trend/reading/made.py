"""Files as people's programs write them, made from one known signal."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import UTC, datetime

import numpy as np
from numpy.typing import NDArray

from sessions.motion_trend.reading import Source
from sessions.motion_trend.types import GRAVITY_M_S2

STARTED_AT = datetime(2024, 3, 5, 9, 0, tzinfo=UTC)
STARTED_S = STARTED_AT.timestamp()
Array = NDArray[np.float64]


def source(name: str, content: str | bytes, *, encoding: str = "utf-8") -> Source:
    """A file in memory."""
    held = content.encode(encoding) if isinstance(content, str) else content
    return Source(name, lambda: io.BytesIO(held), len(held))


def motion(t_s: Array) -> tuple[Array, Array]:
    """A sensor that turns slowly and bobs: specific force (m/s²) and angular velocity (rad/s), right-handed.

    It rolls about its x axis by 0.5 sin(2π 0.3 t); the angular velocity is that angle's derivative, exactly.
    """
    angle = 0.5 * np.sin(2 * np.pi * 0.3 * t_s)
    rate = 0.5 * 2 * np.pi * 0.3 * np.cos(2 * np.pi * 0.3 * t_s)
    up = GRAVITY_M_S2 + 0.3 * np.sin(2 * np.pi * 2 * t_s)
    acceleration = np.column_stack([0.2 * np.sin(2 * np.pi * t_s), up * np.sin(angle), up * np.cos(angle)])
    return acceleration, np.column_stack([rate, np.zeros_like(t_s), np.zeros_like(t_s)])


def grid(seconds: float, *, rate_hz: float) -> Array:
    """Times from 0."""
    return np.arange(round(seconds * rate_hz)) / rate_hz


def metawear(
    t_s: Array,
    values: Array,
    unit: str,
    *,
    start_s: float = STARTED_S,
    head: str = "epoch (ms),time (-13:00)",
) -> str:
    """A MetaBase export of one quantity."""
    lines = [f"{head},elapsed (s),x-axis ({unit}),y-axis ({unit}),z-axis ({unit})"]
    lines += [
        f"{round(1000 * (start_s + t))},2024-03-05T09.00.00.000,{t:.3f},{x:.4f},{y:.4f},{z:.4f}"
        for t, (x, y, z) in zip(t_s, values, strict=True)
    ]
    return "\n".join(lines) + "\n"


def sensorlog(t_s: Array, *, fused: bool = True, separator: str = ",", decimal: str = ".") -> str:
    """A SensorLog export of an iPhone in its pocket, Apple's signs."""
    acceleration, turn = motion(t_s)
    raw = -acceleration / GRAVITY_M_S2
    gravity = raw / np.linalg.norm(raw, axis=1, keepdims=True)
    columns: dict[str, Callable[[int], str]] = {
        "loggingTime(txt)": lambda n: _clock(t_s[n]),
        "loggingSample(N)": lambda n: str(n),
        "accelerometerTimestamp_sinceReboot(s)": lambda n: f"{81_000 + t_s[n]:.6f}",
    }
    for axis, letter in enumerate("XYZ"):
        columns[f"accelerometerAcceleration{letter}(G)"] = _cell(raw[:, axis])
    columns["motionTimestamp_sinceReboot(s)"] = lambda n: f"{81_000 + t_s[n]:.6f}"
    for axis, letter in enumerate("XYZ"):
        user = (raw - gravity)[:, axis] if fused else np.zeros(len(t_s))
        columns[f"motionUserAcceleration{letter}(G)"] = _cell(user)
        columns[f"motionGravity{letter}(G)"] = _cell(gravity[:, axis] if fused else np.zeros(len(t_s)))
        columns[f"motionRotationRate{letter}(rad/s)"] = _cell(turn[:, axis])
    lines = [separator.join(columns)]
    for n in range(len(t_s)):
        lines.append(separator.join(cell(n).replace(".", decimal) for cell in columns.values()))
    return "\n".join(lines) + "\n"


def _cell(values: Array) -> Callable[[int], str]:
    return lambda n: f"{values[n]:.6f}"


def _clock(t_s: float) -> str:
    return datetime.fromtimestamp(STARTED_S + 3600 + t_s, tz=UTC).strftime("%Y-%m-%d %H:%M:%S.%f") + " +0100"


DTD = """<!DOCTYPE HealthData [
<!-- HealthKit Export Version: 12 -->
<!ELEMENT HealthData (ExportDate,Me,(Record|Correlation)*)>
<!ATTLIST HealthData
  locale CDATA #REQUIRED
>
<!ATTLIST VisionPrescription
  type             CDATA #REQUIRED
  brand            CDATA #IMPLIED
<!ELEMENT RightEye EMPTY>
]>
"""


def record(
    kind: str, value: object, start: str, *, unit: str, who: str = "Anna’s iPhone", end: str = ""
) -> str:
    """One record of an export."""
    device = "&lt;&lt;HKDevice: 0x28&gt;, name:iPhone, model:iPhone&gt;"
    if "Watch" in who:
        device = "&lt;&lt;HKDevice: 0x29&gt;, name:Apple Watch, model:Watch&gt;"
    return (
        f' <Record type="HKQuantityTypeIdentifier{kind}" sourceName="{who}" sourceVersion="17.6" '
        f'device="{device}" unit="{unit}" creationDate="{start}" startDate="{start}" '
        f'endDate="{end or start}" value="{value}"/>\n'
    )


def health(records: str, *, dtd: str = DTD, end: str = "</HealthData>\n") -> str:
    """A whole export."""
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{dtd}<HealthData locale="de_DE">\n{records}{end}'
