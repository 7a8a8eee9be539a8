"""The validation: honest counting on simulated people, clear errors, and bounds on real ones."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from io import StringIO
from pathlib import Path
from shutil import rmtree

import numpy as np
import pytest
from django.core.management import CommandError, call_command

from sessions.motion_trend.types import Measure, WalkingBout
from sessions.motion_trend.validation import BadData, as_text, validate
from sessions.motion_trend.validation.agreement import agreement
from sessions.motion_trend.validation.contacts_study import ContactAgreement
from sessions.motion_trend.validation.matching import METRICS, covers, pairs_of
from sessions.motion_trend.validation.mobilised import ReferenceBout, read_trials
from sessions.motion_trend.validation.placement_study import (
    at_50_hz,
    degraded,
    dropped,
    jittered,
    placement_study,
    to_8_bits,
)
from sessions.motion_trend.validation.report import LowerBack
from sessions.motion_trend.walker import walk
from tests.motion_trend.validation.made import write_folder

DATA = Path(os.environ.get("REHAB_DATA_DIR", "nowhere"))
needs_data = pytest.mark.skipif(not (DATA / "mobilised").is_dir(), reason="needs REHAB_DATA_DIR")


def a_bout(start_s: float, end_s: float, **values: float | None) -> WalkingBout:
    measures = {
        code: Measure(code, values.get(code), unit, 0.0, 200.0, withheld="" if code in values else "too slow")
        for code, unit in METRICS.items()
    }
    return WalkingBout(start_s, end_s, (), measures)


REFERENCE = ReferenceBout("P", "T", 10.0, 20.0, 100.0, 1.2, 1.0)


def test_a_reference_bout_is_reported_when_half_of_it_is_covered() -> None:
    assert covers([a_bout(9, 14)], REFERENCE) == []
    assert [seconds for _, seconds in covers([a_bout(9, 14), a_bout(17, 30)], REFERENCE)] == [4, 3]


def test_reported_values_are_weighed_by_the_time_they_share() -> None:
    pairs = pairs_of([a_bout(10, 16, cadence_spm=90.0), a_bout(18, 30, cadence_spm=110.0)], REFERENCE)
    cadence = next(pair for pair in pairs if pair.code == "cadence_spm")
    assert cadence.measured == pytest.approx((6 * 90 + 2 * 110) / 8)
    assert cadence.error == pytest.approx(-5)


def test_what_is_withheld_is_not_an_error_and_says_why() -> None:
    pairs = pairs_of([a_bout(10, 20, cadence_spm=90.0)], REFERENCE)
    speed = next(pair for pair in pairs if pair.code == "walking_speed_m_s")
    assert (speed.measured, speed.withheld) == (None, "too slow")


def test_a_missed_bout_is_counted() -> None:
    assert {pair.withheld for pair in pairs_of([], REFERENCE)} == {"not found"}


def test_over_5_s_is_read_both_ways() -> None:
    short = replace(REFERENCE, end_s=14.0)
    pairs = (
        *pairs_of([a_bout(8, 20, cadence_spm=95.0)], short),
        *pairs_of([a_bout(10, 20, cadence_spm=104.0)], REFERENCE),
    )
    back = LowerBack(1, 2, 2, pairs, ContactAgreement(0, None, None, 0, 0), ())
    metric = back.metrics()["cadence_spm"]
    assert (metric["n"], metric["over_5_s"]["n"], metric["over_5_s_by_reference"]["n"]) == (2, 2, 1)
    assert metric["over_5_s_by_reference"]["mae"] == pytest.approx(4)


def test_agreement_by_hand() -> None:
    found = agreement([1.1, 0.9, 1.3], [1.0, 1.0, 1.0])
    assert (found.n, found.bias, found.mae, found.mape) == (
        3,
        pytest.approx(0.1),
        pytest.approx(0.5 / 3),
        pytest.approx(50 / 3),
    )
    spread = 1.96 * float(np.std([0.1, -0.1, 0.3], ddof=1))
    assert (found.loa_low, found.loa_high) == (pytest.approx(0.1 - spread), pytest.approx(0.1 + spread))
    assert agreement([], []).bias is None
    assert agreement([1.0, 2.0], [1.0, 1.0]).loa_low is None


def test_simulated_people_are_measured_and_the_report_is_plain_json(tmp_path: Path) -> None:
    report = validate(write_folder(tmp_path)).to_dict()
    assert (report["people"], report["reference_bouts"], report["share_reported"]) == (3, 3, 1.0)
    assert report["metrics"]["cadence_spm"]["mape"] < 2
    assert report["metrics"]["stride_length_m"]["mae"] < 0.06
    assert report["contacts"]["sides_right"] == report["contacts"]["sides_given"] > 50
    assert report["missing"] == ["gaitmap_foot"]
    assert all(guard["met"] for guard in report["guards"])
    for metric in report["metrics"].values():
        assert {"n", "bias", "mae", "mape", "loa_low", "loa_high"} <= metric.keys()
    json.dumps(report, allow_nan=False)
    assert "no claim of accuracy" in as_text(report)


def test_the_command_prints_both_ways(tmp_path: Path) -> None:
    write_folder(tmp_path)
    table, plain = StringIO(), StringIO()
    call_command("validate_motion_trend", "--data", str(tmp_path), stdout=table)
    call_command("validate_motion_trend", "--data", str(tmp_path), "--json", stdout=plain)
    assert "Reference bouts reported: 3 of 3" in table.getvalue()
    assert json.loads(plain.getvalue())["people"] == 3


@pytest.mark.parametrize(
    ("path", "content", "says"),
    [
        ("mobilised/reference_bouts.json", "not json", "reference_bouts.json: is not a list"),
        ("mobilised/reference_bouts.json", '[{"cohort": "X"}]', "has a bout without cad, end, height, pid"),
        ("mobilised/reference_bouts.json", "[1]", "is not a list of reference bouts"),
        ("mobilised/XX/001/data.mat", "no matlab", "data.mat: cannot be read"),
    ],
)
def test_broken_data_is_named(tmp_path: Path, path: str, content: str, says: str) -> None:
    (write_folder(tmp_path) / path).write_text(content)
    with pytest.raises(BadData, match=says):
        validate(tmp_path)
    with pytest.raises(CommandError, match=says):
        call_command("validate_motion_trend", "--data", str(tmp_path))


def test_people_who_are_not_there_are_named_and_the_others_scored(tmp_path: Path) -> None:
    rmtree(write_folder(tmp_path) / "mobilised" / "XX" / "002")
    report = validate(tmp_path).to_dict()
    assert (report["people"], report["reference_bouts"]) == (2, 2)
    assert "mobilised/XX/002" in report["missing"]


def test_a_folder_with_neither_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadData, match="holds neither"):
        validate(tmp_path)
    with pytest.raises(BadData, match="is not a folder"):
        validate(tmp_path / "gone")


def test_spoiling_does_what_it_says() -> None:
    signal, _ = walk(seconds=20, cadence_spm=104, step_length_m=0.6)
    assert at_50_hz(signal).sampling_rate_hz == 50
    assert len(dropped(signal, seed=1)) < 0.98 * len(signal)
    assert np.all(np.diff(jittered(signal, seed=1).t_s) > 0)
    assert len(np.unique(to_8_bits(signal).acceleration_m_s2)) <= 256
    assert np.all(np.diff(degraded(signal, seed=2).t_s) > 0)


@pytest.mark.data
@needs_data
def test_real_people_stay_within_the_bounds() -> None:
    report = validate(DATA).to_dict()
    assert report["share_reported"] >= 0.8
    assert {guard["name"]: guard["met"] for guard in report["guards"]} == {
        guard["name"]: True for guard in report["guards"]
    }
    assert report["contacts"]["sides_right"] >= 0.9 * report["contacts"]["sides_given"]


@pytest.mark.data
@needs_data
def test_however_a_real_sensor_lies_and_however_poor_it_is_the_metrics_stay_in_their_bands() -> None:
    conditions = placement_study(list(read_trials(DATA)))
    assert [(condition.name, condition.outside) for condition in conditions] == [
        (condition.name, 0) for condition in conditions
    ]
    turned = conditions[0]
    assert (turned.withheld, turned.bouts_lost) == (0, 0)
    assert all(condition.withheld <= 0.2 * condition.compared for condition in conditions)
