"""How a test was done reaches its analysis: when "Go" was said, and whether there was a run-up."""

import pytest

from patients.models import Patient
from sessions import services
from sessions.models import Recording, TimedTest
from sessions.motion_trend.timed import simulation
from sessions.motion_trend.walker import walk
from tests.factories.movement import fill, make_open_recording


@pytest.fixture(autouse=True)
def gait():
    """The engine itself, in place of the false one."""


def analysed(patient, signal, *, activity, protocol):
    recording = fill(make_open_recording(patient, activity=activity, protocol=protocol), signal)
    services.finish_recording(recording)
    services.analyse_recording(recording.pk)
    found = Recording.objects.get(pk=recording.pk)
    assert found.state == "analysed", found.failure
    return found, TimedTest.objects.get(recording=recording)


def test_the_chair_stand_counts_from_the_word_go(north):
    signal, begins = simulation.chair_stands(stands=16, cycle_s=2.5)
    go_s = begins[3] - 0.4
    recording, test = analysed(
        north.paul, signal, activity="chair_stand_30s", protocol={"go_ms": 1000 * go_s}
    )
    assert recording.protocol["go_s"] == pytest.approx(go_s, abs=0.02)
    assert test.value == sum(go_s <= begin <= go_s + 28.9 for begin in begins)
    span = next(phase for phase in test.phases if phase["code"] == "test")
    assert span["start_s"] == pytest.approx(go_s, abs=0.05)
    assert span["end_s"] == pytest.approx(go_s + 30, abs=0.05)
    assert min(phase["start_s"] for phase in test.phases if phase["code"] == "stand") > go_s - 0.5


@pytest.mark.parametrize("go_ms", [-5000.0, 1e9, "soon"])
def test_a_go_outside_of_the_recording_is_as_if_it_was_never_said(north, go_ms):
    signal, _ = simulation.chair_stands(stands=12, cycle_s=2.4)
    recording, test = analysed(north.paul, signal, activity="chair_stand_30s", protocol={"go_ms": go_ms})
    assert "go_s" not in recording.protocol
    assert test.value == 12
    assert test.low == 11


def ten_metres_and(run_up_m):
    step_m, cadence_spm = 0.7, 110.0
    way_m = 10.0 + 2 * run_up_m
    signal, truth = walk(
        seconds=way_m / (step_m * cadence_spm / 60), cadence_spm=cadence_spm, step_length_m=step_m, seed=4
    )
    return signal, truth.walking_speed_m_s


def test_a_run_up_gives_the_steady_speed_and_its_norm(north):
    Patient.objects.filter(pk=north.paul.pk).update(sex="male", birth_date="1955-02-01")
    signal, speed = ten_metres_and(2.0)
    recording, test = analysed(north.paul, signal, activity="walk_10m", protocol={"run_up_m": 2.0})
    assert test.value == pytest.approx(speed, rel=0.09)
    assert [phase["code"] for phase in test.phases] == ["run_up", "timed", "run_out"]
    assert test.norm["source"]
    assert recording.result["basis"]["protocol"] == {"run_up_m": 2.0}


def test_from_a_standing_start_no_norm_holds(north):
    Patient.objects.filter(pk=north.paul.pk).update(sex="male", birth_date="1955-02-01")
    signal, speed = ten_metres_and(0.0)
    _, test = analysed(north.paul, signal, activity="walk_10m", protocol={})
    assert test.value < speed
    assert "standing_start" in [flag["code"] for flag in test.flags]
    assert test.norm == {}
