"""Simulated walks and tests through the whole store, judged by the real engines."""

from dataclasses import dataclass, replace

import numpy as np
import pytest

from patients.models import Patient
from sessions import services
from sessions.models import MovementMeasure, Recording, TimedTest, WalkingBout
from sessions.motion_files import motion_storage
from sessions.motion_trend.timed import simulation
from sessions.motion_trend.types import Placement, SensorSignal
from sessions.motion_trend.walker import joined, rest, walk
from tests.factories.movement import MORNING, make_analysed_recording
from tests.motion_trend.lab.write_c3d import write as write_c3d


@pytest.fixture(autouse=True)
def gait():
    """The engine itself, in place of the false one."""


def walked(seconds: float, *, seed: int = 1, placement: Placement = Placement.LOWER_BACK) -> SensorSignal:
    return walk(
        seconds=seconds, cadence_spm=108, step_length_m=0.62, height_m=1.8, seed=seed, placement=placement
    )[0]


def test_a_walk_with_the_phone_is_measured(north):
    signal = joined([rest(seconds=5), walked(40), rest(seconds=5)])
    recording = make_analysed_recording(north.paul, signal)
    assert recording.state == "analysed", recording.failure
    bout = WalkingBout.objects.get(recording=recording)
    assert bout.cadence_spm == pytest.approx(108, rel=0.09)
    assert bout.walking_speed_m_s == pytest.approx(108 / 60 * 0.62, abs=0.15)
    assert bout.steps[0][1] in {"left", "right"}
    speed = MovementMeasure.objects.get(code="walking_speed_m_s")
    assert speed.low < 108 / 60 * 0.62 < speed.high
    assert recording.result["versions"]["engine"]


def test_without_a_height_no_length_is_shown(north):
    make_analysed_recording(north.petra, walked(40))
    codes = set(MovementMeasure.objects.values_list("code", flat=True))
    assert "cadence_spm" in codes
    assert not codes & {"walking_speed_m_s", "step_length_m"}
    told = WalkingBout.objects.get().measures["walking_speed_m_s"]
    assert told["withheld"]


def test_a_cut_walk_and_noise_are_no_error(north):
    short = make_analysed_recording(north.paul, rest(seconds=2))
    assert short.state == "analysed"
    assert not WalkingBout.objects.exists()


def test_the_chair_stand_is_counted_and_placed(north):
    Patient.objects.filter(pk=north.paul.pk).update(sex="male", birth_date="1955-02-01")
    signal, _ = simulation.chair_stands(stands=12, cycle_s=2.4)
    recording = make_analysed_recording(north.paul, signal, activity="chair_stand_30s")
    test = TimedTest.objects.get(recording=recording)
    assert (test.kind, test.value, test.unit) == ("chair_stand_30s", 12, "stands")
    assert test.norm["source"]
    measure = MovementMeasure.objects.get(recording=recording)
    assert (measure.code, measure.value, measure.origin) == ("chair_stand_count", 12, "timed")


def test_the_timed_up_and_go_has_phases_in_the_recordings_seconds(north):
    signal, acted = simulation.timed_up_and_go(seconds=11.0)
    recording = make_analysed_recording(north.paul, signal, activity="tug")
    test = TimedTest.objects.get(recording=recording)
    assert test.value == pytest.approx(11.0, abs=1.0)
    assert test.phases[0]["start_s"] == pytest.approx(acted.start_s, abs=0.6)
    assert recording.result["test"] == "tug"


def test_a_test_that_shows_nothing_is_withheld_with_its_reason(north):
    recording = make_analysed_recording(north.paul, rest(seconds=20), activity="tug")
    test = TimedTest.objects.get(recording=recording)
    assert test.value is None
    assert test.withheld
    assert not MovementMeasure.objects.filter(origin="timed").exists()


def test_feet_go_to_the_foot_method(north):
    left = replace(walked(40, placement=Placement.LEFT_FOOT), source="left", started_at=MORNING)
    right = replace(walked(40, placement=Placement.RIGHT_FOOT, seed=2), source="right", started_at=MORNING)
    recording = services.start_recording(
        north.paul, activity="free_living", source="upload", started_at=MORNING, by=None
    )
    from sessions.services.movement.imports import store_signals

    store_signals(recording, [left, right])
    services.analyse_recording(recording.pk)
    found = Recording.objects.get(pk=recording.pk)
    assert found.state == "analysed", found.failure
    bout = WalkingBout.objects.get(recording=recording)
    assert bout.placement == "left_foot"
    assert found.result["versions"]["method"].startswith("foot")


@dataclass
class LabFile:
    """A C3D file that was recognised."""

    path: str
    kind: str = "lab"
    signals: tuple = ()
    repairs: tuple = ()

    def lab_path(self) -> str:
        return self.path


def test_a_c3d_file_is_read_and_analysed(north, tmp_path):
    loads = np.full(12_000, 400.0) + np.random.default_rng(1).normal(0, 2, 12_000)
    path = write_c3d(tmp_path / "stance.c3d", loads_n=(loads, loads), centers_mm=np.zeros((12_000, 2)))
    recording = services.import_reading(north.paul, LabFile(str(path)), by=north.people.nora)
    assert recording.state == "analysed", recording.failure
    assert recording.result["kind"] == "lab"
    assert recording.result["summary"]
    assert recording.file_key.endswith(".c3d")


def test_a_cut_c3d_file_is_told_and_kept(north, tmp_path):
    path = write_c3d(tmp_path / "stance.c3d", seconds=2.0)
    path.write_bytes(path.read_bytes()[:700])
    recording = services.import_reading(north.paul, LabFile(str(path)), by=None, title="stance.c3d")
    assert recording.state == "failed"
    assert recording.failure
    assert motion_storage().exists(recording.file_key)
