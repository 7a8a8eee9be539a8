"""A folder like Mobilise-D's, of simulated people, so that the validation can be tested without real data."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
from scipy.io import savemat

from sessions.motion_trend.walker import walk

HEIGHT_M = 1.68


def write_person(root: Path, pid: str, *, cadence: float, length: float) -> list[dict[str, Any]]:
    """One person with one trial of one bout; returns its rows for reference_bouts.json."""
    signal, truth = walk(
        seconds=20, cadence_spm=cadence, step_length_m=length, height_m=HEIGHT_M, seed=int(cadence)
    )
    assert signal.angular_velocity_rad_s is not None
    events = np.array([step.t_s for step in truth.contacts])
    trial = {
        "SU": {
            "LowerBack": {
                "Acc": signal.acceleration_m_s2 / 9.80665,
                "Gyr": np.degrees(signal.angular_velocity_rad_s),
                "Fs": {"Acc": 100.0},
            }
        },
        "Standards": {
            "INDIP": {
                "ContinuousWalkingPeriod": {
                    "InitialContact_Event": events,
                    "InitialContact_LeftRight": np.array(
                        [step.side.capitalize() for step in truth.contacts], dtype=object
                    ),
                }
            }
        },
    }
    folder = root / "mobilised" / "XX" / pid
    folder.mkdir(parents=True)
    savemat(folder / "data.mat", {"data": {"TimeMeasure1": {"Test5": {"Trial1": trial}}}})
    return [
        {
            "cohort": "XX",
            "pid": pid,
            "test": "Test5",
            "trial": "Trial1",
            "start": round(truth.start_s * 100),
            "end": round(truth.end_s * 100),
            "cad": truth.cadence_spm,
            "sl": truth.stride_length_m,
            "ws": truth.walking_speed_m_s,
            "height": HEIGHT_M,
        }
    ]


def write_folder(root: Path) -> Path:
    """Three simulated people."""
    rows = [
        row
        for pid, cadence, length in (("001", 104.0, 0.6), ("002", 112.0, 0.66), ("003", 96.0, 0.55))
        for row in write_person(root, pid, cadence=cadence, length=length)
    ]
    (root / "mobilised" / "reference_bouts.json").write_text(json.dumps(rows))
    return root
