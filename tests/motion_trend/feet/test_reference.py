"""Foot strides beside motion capture of a real person."""

import os
from pathlib import Path

import numpy as np
import pytest

from sessions.motion_trend.feet import strides_against_mocap

DATA = Path(os.environ.get("REHAB_DATA_DIR", "")) / "gaitmap_foot"
needs_data = pytest.mark.skipif(
    not (os.environ.get("REHAB_DATA_DIR") and DATA.exists()), reason="needs REHAB_DATA_DIR with gaitmap_foot"
)


@pytest.mark.data
@needs_data
def test_stride_length_lies_within_five_centimetres_on_average():
    compared = strides_against_mocap(DATA)
    found = [stride for stride in compared if stride.measured_m is not None]
    errors = np.array([stride.measured_m - stride.reference_m for stride in found])
    assert len(compared) == 57
    assert len(found) >= 0.9 * len(compared)
    assert np.abs(errors).mean() < 0.03


def test_a_folder_without_recordings_says_so(tmp_path):
    with pytest.raises(FileNotFoundError):
        strides_against_mocap(tmp_path)


@pytest.mark.parametrize("imu", ["", "a,b", ",left_sensor\n,acc_x\n0,1\n", ",x\n,y\n0,1,2\n"])
def test_a_table_of_another_form_says_so(tmp_path, imu):
    (tmp_path / "imu_1.csv").write_text(imu)
    (tmp_path / "mocap_1.csv").write_text(",L_FCC,L_FCC\n,x,y\n0,1,2\n")
    with pytest.raises(ValueError, match=r"."):
        strides_against_mocap(tmp_path)
