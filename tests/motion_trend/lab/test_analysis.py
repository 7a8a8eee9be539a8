"""A whole laboratory file to its summary."""

import json

import numpy as np
import pytest

from sessions.motion_trend.lab import analyse_lab, read_c3d
from sessions.motion_trend.lab.muscles import read_label
from tests.motion_trend.lab.test_emg import muscle
from tests.motion_trend.lab.write_c3d import PER_FRAME, RATE_HZ, write

N = round(12 * RATE_HZ * PER_FRAME)
T_S = np.arange(N) / (RATE_HZ * PER_FRAME)


def values(result) -> dict[tuple[str, str], float]:
    return {(finding.code, finding.place): finding.value for finding in result.summary}


def test_quiet_standing_on_two_plates_gives_sway_and_limb_loading_by_side(tmp_path):
    center = np.column_stack([5 * np.sin(2 * np.pi * T_S / 4), 8 * np.cos(2 * np.pi * T_S / 4)])
    path = write(tmp_path / "a.c3d", loads_n=(np.full(N, 420.0), np.full(N, 300.0)), centers_mm=center)
    result = analyse_lab(read_c3d(path))
    found = values(result)
    left, right = "left leg (plate 1)", "right leg (plate 2)"
    assert found["limb_symmetry_pct", f"{left} against {right}"] == pytest.approx(200 * 120 / 720, rel=1e-3)
    assert found["sway_ellipse_cm2", left] == pytest.approx(np.pi * 0.5 * 0.8 / 2 * 5.991, rel=0.03)
    assert result.curves[0].label == "Vertical force"
    assert result.contents["plates"] == 2


def test_without_foot_markers_the_plates_keep_their_numbers(tmp_path):
    path = write(tmp_path / "a.c3d", loads_n=(np.full(N, 420.0), np.full(N, 300.0)), markers=("C7", "T10"))
    result = analyse_lab(read_c3d(path))
    assert "sides_unknown" in [flag.code for flag in result.flags]
    assert ("limb_mean_n", "plate 1") in values(result)


def test_emg_gives_onset_and_co_contraction_and_is_normalised_to_a_reference(tmp_path):
    def emg(amplitude, seed):
        return muscle(((2.0, 8.0),), seconds=12, amplitude=amplitude, seed=seed)[1]

    names = ("L VastLat", "L BicepsFem", "R VastLat")
    contraction = {name: emg(1e-3, seed) for seed, name in enumerate(names)}
    walking = {
        name: emg(size, seed + 9)
        for seed, (name, size) in enumerate(zip(names, (5e-4, 2.5e-4, 2.5e-4), strict=True))
    }
    reference = read_c3d(write(tmp_path / "r.c3d", channels=contraction))
    file = read_c3d(write(tmp_path / "a.c3d", channels=walking))
    found = values(analyse_lab(file, reference=reference))
    assert found["emg_onset_s", "left vastus lateralis"] == pytest.approx(2.0, abs=0.05)
    assert found["emg_active_pct", "left vastus lateralis"] == pytest.approx(50, abs=2)
    assert found["emg_symmetry_pct", "vastus lateralis"] == pytest.approx(200 * (5 - 2.5) / 7.5, abs=10)
    pair = "left vastus lateralis and biceps femoris"
    assert found["co_contraction_pct", pair] == pytest.approx(200 * 2.5 / 7.5, abs=8)
    alone = analyse_lab(file)
    assert "no_reference_contraction" in [flag.code for flag in alone.flags]
    assert not [key for key in values(alone) if key[0] in ("emg_peak_pct", "emg_symmetry_pct")]


def test_the_result_is_plain_json_of_a_size_for_a_page(tmp_path):
    channels = {"L TA": muscle(seconds=12)[1], "L SOL": np.zeros(N), "Sync": T_S}
    path = write(tmp_path / "a.c3d", loads_n=(np.full(N, 420.0),), channels=channels)
    told = analyse_lab(read_c3d(path)).to_dict()
    text = json.dumps(told, allow_nan=False)
    assert len(text) < 300_000
    for curve in told["curves"]:
        assert len(curve["x"]) <= 2000
        assert all(len(line["values"]) == len(curve["x"]) for line in curve["lines"])
    assert "emg_unusable" in [flag["code"] for flag in told["flags"]]


def test_a_file_with_markers_only_says_that_nothing_could_be_analysed(tmp_path):
    result = analyse_lab(read_c3d(write(tmp_path / "a.c3d", seconds=2)))
    assert (result.summary, [flag.code for flag in result.flags]) == ((), ["nothing_measured"])


@pytest.mark.parametrize(
    ("text", "muscle_name", "side"),
    [
        ("EMG_L_VastLat", "vastus lateralis", "left"),
        ("RTA", "tibialis anterior", "right"),
        ("L Rectus Femoris", "rectus femoris", "left"),
        ("Soleus_R", "soleus", "right"),
        ("right.GastrocMed", "gastrocnemius medialis", "right"),
        ("VMO", "vastus medialis", ""),
        ("Fz1", "", ""),
        ("Sync", "", ""),
    ],
)
def test_reads_muscle_and_side_from_labels(text, muscle_name, side):
    assert read_label(text) == (muscle_name, side)
