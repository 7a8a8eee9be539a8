"""A C3D file from its reader to its page: findings in groups, curves, the sway from above."""

import re

import numpy as np
import pytest

from clinic.tenancy.scope import clinic_scope
from sessions.models import Recording
from sessions.motion_trend.lab import analyse_lab, read_c3d
from sessions.selectors.movement.dashboard import devices_used
from sessions.selectors.movement.lab_view import curves_config, lab_shown
from sessions.selectors.movement.sway_drawing import draw_sway
from tests.motion_trend.lab.test_emg import muscle
from tests.motion_trend.lab.write_c3d import PER_FRAME, RATE_HZ, write
from tests.sessions.movement_pages.episode import make_recording

SECONDS = 12.0
N = round(SECONDS * RATE_HZ * PER_FRAME)
T_S = np.arange(N) / (RATE_HZ * PER_FRAME)


@pytest.fixture(scope="module")
def result(tmp_path_factory):
    """Both legs on a plate each, swaying on a circle of 5 by 8 mm, one muscle that works twice."""
    center = np.column_stack([5 * np.sin(2 * np.pi * T_S / 4), 8 * np.cos(2 * np.pi * T_S / 4)])
    path = write(
        tmp_path_factory.mktemp("lab") / "stand.c3d",
        seconds=SECONDS,
        loads_n=(np.full(N, 420.0), np.full(N, 300.0)),
        centers_mm=center,
        channels={"L VastLat": muscle(((2.0, 4.0), (7.0, 8.0)), seconds=SECONDS)[1]},
        subject="Anna Muster",
    )
    return {**analyse_lab(read_c3d(path)).to_dict(), "kind": "lab"}


def make_lab_recording(patient, result):
    recording = make_recording(patient, bouts=0)
    with clinic_scope(patient.clinic_id):
        recording.modality = Recording.Modality.LAB
        recording.activity = Recording.Activity.LAB
        recording.title, recording.result = "Laboratory file", result
        recording.save()
    return recording


def text_of(page):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.content.decode()))


def test_the_page_groups_the_findings_and_draws_the_sway(floor, signed_in, result):
    recording = make_lab_recording(floor.paul, result)
    page = signed_in(floor.people.nora).get(f"/c/north/recordings/{recording.ref}/")
    text = text_of(page)
    for words in (
        "12 s, 2 markers, 2 force plates, 1 muscle signals",
        "Standing still",
        "Left and right",
        "Muscles",
    ):
        assert words in text
    for words in ("Sway area", "Loading symmetry", "left leg (plate 1)", "First onset", "cm²"):
        assert words in text
    html = page.content.decode()
    assert html.count('class="sway__ellipse"') == 2
    assert "Anna" not in html
    assert "Height used" not in text and "Length 12 s" in text
    assert "Parquet" not in text and "is not given out" in text


def test_without_plates_and_muscles_the_page_says_so(floor, signed_in):
    recording = make_lab_recording(floor.paul, {"kind": "lab", "summary": [], "curves": [], "contents": {}})
    page = signed_in(floor.people.nora).get(f"/c/north/recordings/{recording.ref}/")
    assert "Neither force plates nor muscle signals" in text_of(page)


def test_numbers_have_three_digits_and_a_unit(result):
    rows = {row["name"]: row["value"] for group in lab_shown(result)["groups"] for row in group["rows"]}
    assert rows["Mean load"] == "300 N"
    assert rows["Limb loading symmetry"] == "33.3 %"
    assert re.fullmatch(r"3\.\d\d cm²", rows["Sway area"])


def test_the_ellipse_has_the_sways_own_axes_and_one_scale(result):
    (curve, _) = [one for one in result["curves"] if "ellipse" in one]
    drawn = draw_sway(curve)
    assert drawn is not None
    assert drawn.long_radius / drawn.short_radius == pytest.approx(8 / 5, rel=0.02)
    assert drawn.turn == pytest.approx(-90, abs=1)
    way = np.array([point.split(",") for point in drawn.way.split()], dtype=float)
    width, height = np.ptp(way, axis=0)
    assert height / width == pytest.approx(8 / 5, rel=0.02)
    assert drawn.left < way[:, 0].min() and way[:, 1].max() < drawn.floor
    assert drawn.center_y + drawn.long_radius <= drawn.floor


@pytest.mark.parametrize(
    "ellipse", [None, {}, {"half_axes": [1], "angle_deg": 2}, {"half_axes": [1, "x"], "angle_deg": 2}, "x"]
)
def test_a_curve_without_a_sound_ellipse_is_not_drawn_from_above(ellipse):
    line = {"name": "a", "values": [0.0, 1.0]}
    assert draw_sway({"label": "x", "x": [0, 1], "lines": [line, line], "ellipse": ellipse}) is None


def test_the_curves_are_all_on_the_page_and_odd_ones_are_left_out(result):
    odd = {"label": "odd", "unit": "N", "x": [0, 1], "lines": [{"name": "a", "values": [1]}]}
    config = curves_config(Recording(result={**result, "curves": [odd, *result["curves"]]}))
    labels = [curve["label"] for curve in config["curves"]]
    assert labels[0] == "Vertical force"
    assert len(labels) == 4
    assert curves_config(Recording(result={"curves": "x"})) is None


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (1.996, "2.00 s"),
        (0.3876, "0.388 s"),
        (-31.31, "−31.3 s"),
        (1234.5, "1,234 s"),
        (None, "–"),
        (True, "–"),
    ],
)
def test_a_finding_keeps_its_noughts(value, told):
    row = {"code": "emg_onset_s", "name": "first onset", "value": value, "unit": "s"}
    assert lab_shown({"summary": [row]})["groups"][0]["rows"][0]["value"] == told


def test_a_laboratorys_measurement_is_no_device_of_the_daily_values(floor, result):
    make_lab_recording(floor.paul, result)
    with clinic_scope(floor.paul.clinic_id):
        assert devices_used(floor.paul) == ()
        Recording.objects.filter(patient=floor.paul).update(modality="health", source="upload")
        assert [use.name for use in devices_used(floor.paul)] == ["Apple Health export"]
