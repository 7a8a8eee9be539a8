"""Laboratory recordings: force plates and EMG from C3D files.

`read_c3d(path) -> LabFile` (in `lab.c3d`; raises ReadingError), `analyse_lab(file) -> LabResult`.
"""

from sessions.motion_trend.lab.analysis import analyse_lab
from sessions.motion_trend.lab.c3d import read_c3d
from sessions.motion_trend.lab.types import AnalogChannel, Finding, ForcePlate, LabCurve, LabFile, LabResult

__all__ = [
    "AnalogChannel",
    "Finding",
    "ForcePlate",
    "LabCurve",
    "LabFile",
    "LabResult",
    "analyse_lab",
    "read_c3d",
]
