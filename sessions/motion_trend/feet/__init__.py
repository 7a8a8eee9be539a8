"""Walking from sensors on the feet: strides by zero-velocity update, with their length measured rather than
modelled.

`analyse_foot(signal) -> FootWalk` (strides of one foot), `gait_from_feet(signals) -> GaitResult` (bouts),
`strides_against_mocap(folder) -> list[ComparedStride]` (validation).
"""

from sessions.motion_trend.feet.gait import gait_from_feet
from sessions.motion_trend.feet.reference import ComparedStride, strides_against_mocap
from sessions.motion_trend.feet.strides import analyse_foot
from sessions.motion_trend.feet.types import FootStride, FootWalk

__all__ = [
    "ComparedStride",
    "FootStride",
    "FootWalk",
    "analyse_foot",
    "gait_from_feet",
    "strides_against_mocap",
]
