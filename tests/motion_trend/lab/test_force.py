"""Loads and sway of known shape."""

import numpy as np
import pytest
from scipy.stats import chi2

from sessions.motion_trend.lab.force_plates import contacts, limb_loading, plate_load_n
from sessions.motion_trend.lab.sway import prediction_ellipse, sway_of
from sessions.motion_trend.lab.types import ForcePlate

RATE_HZ = 1000.0
CORNERS = np.array([[0.5, 0.5, 0.0], [0.0, 0.5, 0.0], [0.0, 0.0, 0.0], [0.5, 0.0, 0.0]])


def plate(force_z, rate_hz=RATE_HZ):
    force = np.column_stack([np.zeros(len(force_z)), np.zeros(len(force_z)), force_z])
    return ForcePlate(force, np.zeros((len(force_z), 3)), CORNERS, rate_hz, 2)


def stance(seconds=0.7, first_n=800.0, valley_n=550.0, second_n=780.0):
    """The two-humped load of a walking step, between two quarter seconds of nothing."""
    from scipy.interpolate import PchipInterpolator

    t_s = np.arange(round(seconds * RATE_HZ)) / RATE_HZ
    knots = PchipInterpolator(
        np.array([0, 0.2, 0.5, 0.8, 1.0]) * seconds, [0, first_n, valley_n, second_n, 0]
    )
    return np.concatenate([np.zeros(250), knots(t_s), np.zeros(250)])


@pytest.mark.parametrize("sign", [1, -1])
def test_load_is_positive_whichever_sign_the_file_uses(sign):
    assert plate_load_n(plate(sign * np.full(3000, 600.0)))[1500] == pytest.approx(600, rel=1e-3)


def test_a_step_has_two_peaks_an_impulse_and_a_loading_rate():
    load = plate_load_n(plate(-stance()))
    (contact,) = contacts(load, RATE_HZ)
    assert contact.seconds == pytest.approx(0.7, abs=0.02)
    assert contact.first_peak_n == pytest.approx(800, rel=0.01)
    assert contact.second_peak_n == pytest.approx(780, rel=0.01)
    assert contact.impulse_n_s == pytest.approx(stance().sum() / RATE_HZ, rel=0.01)
    assert contact.loading_rate_n_s == pytest.approx(800 / 0.14, rel=0.35)


def test_loading_rate_of_a_straight_ramp_is_its_slope():
    load = np.concatenate(
        [np.zeros(500), np.linspace(0, 1000, 100), np.linspace(1000, 0, 400), np.zeros(500)]
    )
    (contact,) = contacts(load, RATE_HZ)
    assert contact.loading_rate_n_s == pytest.approx(10_000, rel=0.05)


def test_contacts_that_are_cut_off_by_the_recording_are_left_out():
    assert contacts(np.full(2000, 500.0), RATE_HZ) == []


def test_limb_loading_of_a_one_sided_squat():
    n = 8000
    loading = limb_loading(np.full(n, 450.0), np.full(n, 300.0), RATE_HZ)
    assert loading.symmetry_index_pct == pytest.approx(40)
    assert loading.seconds == pytest.approx(8)
    assert loading.rises == ()


def test_standing_up_is_compared_rise_by_rise():
    t_s = np.arange(20_000) / RATE_HZ
    stands = 100 + 600 * (np.sin(2 * np.pi * t_s / 5 - np.pi / 2) > 0)
    loading = limb_loading(0.6 * stands, 0.4 * stands, RATE_HZ)
    assert len(loading.rises) == 4
    assert loading.rises == pytest.approx([40.0] * 4, abs=1)


def test_two_plates_used_one_after_the_other_are_not_compared():
    first, second = np.zeros(4000), np.zeros(4000)
    first[:1900], second[2100:] = 700, 700
    assert limb_loading(first, second, RATE_HZ) is None


def test_the_ellipse_of_points_on_an_ellipse_has_a_closed_form():
    angle = np.linspace(0, 2 * np.pi, 60_000, endpoint=False)
    a, b = 0.02, 0.008
    turn = np.deg2rad(30)
    points = np.column_stack([a * np.cos(angle), b * np.sin(angle)])
    points = points @ np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
    area, axes, degrees = prediction_ellipse(points)
    # Variances a²/2 and b²/2; with many samples the factor is chi-square's 5.991.
    factor = chi2.ppf(0.95, 2)
    assert area == pytest.approx(np.pi * a * b / 2 * factor, rel=1e-3)
    assert axes == pytest.approx((a * np.sqrt(factor / 2), b * np.sqrt(factor / 2)), rel=1e-3)
    assert degrees == pytest.approx(30, abs=0.1)


def test_the_ellipse_holds_95_percent_of_normal_points():
    random = np.random.default_rng(2)
    inside = []
    for _ in range(300):
        points = random.normal(0, [0.004, 0.009], (30, 2))
        _, (long, short), degrees = prediction_ellipse(points[:-1])
        turn = np.deg2rad(degrees)
        away = (points[-1] - points[:-1].mean(axis=0)) @ np.array(
            [[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]]
        )
        inside.append((away[0] / long) ** 2 + (away[1] / short) ** 2 <= 1)
    assert np.mean(inside) == pytest.approx(0.95, abs=0.035)


def test_sway_of_a_circle():
    t_s = np.arange(20_000) / RATE_HZ
    radius, turns_per_s = 0.01, 0.5
    way = radius * np.column_stack(
        [np.cos(2 * np.pi * turns_per_s * t_s), np.sin(2 * np.pi * turns_per_s * t_s)]
    )
    sway = sway_of(way, RATE_HZ)
    assert sway.mean_velocity_m_s == pytest.approx(2 * np.pi * radius * turns_per_s, rel=0.01)
    assert sway.path_m == pytest.approx(2 * np.pi * radius * turns_per_s * 20, rel=0.01)
    assert sway.rms_m == pytest.approx(radius, rel=0.01)
    assert sway.ranges_m == pytest.approx((0.02, 0.02), rel=0.02)
    with pytest.raises(ValueError, match="10 seconds"):
        sway_of(way[:5000], RATE_HZ)
