"""Squats counted by a phone on the thigh, from the tap to the therapist. Nobody moves: simulated events."""

import json

import pytest
from playwright.sync_api import Page, expect

from sessions.motion_trend.live.virtual import SimulatedSet, simulate_set
from tests.browser.chromium import DESKTOP, PHONE
from tests.browser.journey import PATIENT, THERAPIST, answer_pain_after, begin, session_ref
from tests.browser.walks import PLAYER, hurry

RATE_HZ = 60.0


@pytest.fixture
def squats_for_beth(product):
    """Beth's plan is one set of four squats."""
    product.run("-m", "tests.browser.write_plan", "north", PATIENT, "squat:1:4:both")


def carry_a_phone(page: Page) -> None:
    """Every page of this tab feels a thigh that stands, and squats four times, the last less deep."""
    hurry(page)
    plan = SimulatedSet(repetitions=4, forward_deg=80.0, lever_m=0.25, rate_hz=RATE_HZ, forward_by={3: -45.0})
    samples = simulate_set(plan, seed=5)
    turning = samples.angular_velocity * 57.29577951308232
    rows = [
        [round(float(value), 3) for value in (*force, *rate)]
        for force, rate in zip(samples.acceleration, turning, strict=True)
    ]
    page.add_init_script(PLAYER.replace("SAMPLES", json.dumps(rows)))


def choose_the_phone(page: Page) -> None:
    page.get_by_role("button", name="Use this phone as a sensor").click()
    expect(page.locator("[data-helper=sensor]")).to_be_visible()
    expect(page.get_by_text("The screen must stay on")).to_be_visible()


def test_a_phone_counts_cues_and_tells_the_therapist(person, squats_for_beth):
    with person(PATIENT, viewport=PHONE) as (page, _):
        carry_a_phone(page)
        begin(page, mode="sensor")
        choose_the_phone(page)
        expect(page.get_by_text("The sensor works.")).to_be_visible(timeout=10_000)
        page.get_by_role("button", name="It is in place").click()
        expect(page.locator("[data-phase=moving]")).to_be_visible(timeout=20_000)
        page.evaluate("startWalking()")
        expect(page.locator(".live__sensor-count")).to_have_text("2", timeout=30_000)
        expect(page.locator(".live__cue")).to_have_text("Go a little lower if you can.", timeout=20_000)
        answer_pain_after(page, pain=1)
        ref = session_ref(page)
        expect(page.locator("#summary")).to_contain_text("4 times", timeout=20_000)
    with person(THERAPIST, viewport=DESKTOP) as (page, _):
        page.goto(f"/c/north/sessions/{ref}/")
        rows = page.locator("table.table--dense tbody tr")
        expect(rows).to_have_count(4)
        expect(rows.nth(2)).to_contain_text("You did not go as low as before.")


def test_a_set_ends_by_a_long_press_and_not_by_a_touch(person, squats_for_beth):
    with person(PATIENT, viewport=PHONE) as (page, _):
        carry_a_phone(page)
        begin(page, mode="sensor")
        choose_the_phone(page)
        page.get_by_role("button", name="It is in place").click()
        expect(page.locator("[data-phase=moving]")).to_be_visible(timeout=20_000)
        end = page.get_by_role("button", name="Hold to end this set")
        end.click()
        page.wait_for_timeout(500)
        expect(page.locator("[data-phase=moving]")).to_be_visible()
        end.click(delay=1200)
        page.wait_for_url("**/pain/after/", timeout=20_000)


def test_a_refused_permission_leads_to_tapping(person, squats_for_beth):
    with person(PATIENT, viewport=PHONE) as (page, _):
        page.add_init_script("DeviceMotionEvent.requestPermission = () => Promise.resolve('denied');")
        begin(page, mode="sensor")
        page.get_by_role("button", name="Use this phone as a sensor").click()
        card = page.locator("[data-trouble=motion_denied]")
        expect(card).to_be_visible()
        card.get_by_role("button", name="Count by tapping instead").click()
        expect(page.locator(".tap-pad")).to_be_visible(timeout=15_000)


def test_a_computer_without_a_sensor_says_so(person, squats_for_beth):
    with person(PATIENT, viewport=DESKTOP) as (page, _):
        begin(page, mode="sensor")
        page.get_by_role("button", name="Use this phone as a sensor").click()
        expect(page.get_by_role("heading", name="No motion sensor answers")).to_be_visible(timeout=10_000)
