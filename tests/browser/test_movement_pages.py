"""The Movement page in a browser: zoom, keyboard, a point's day, weeks side by side, the signal of a bout."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.chromium import DESKTOP, PHONE
from tests.browser.pages import THERAPIST, newest_walk, patient_named

MOVEMENT = patient_named("Maya Lindqvist", "movement/")
SPEED = "#walking_speed_m_s"


def open_movement(page: Page) -> None:
    page.goto(MOVEMENT(page))
    page.wait_for_selector(f"{SPEED} .uplot")


def test_the_charts_zoom_together_and_remember_the_weeks(person):
    with person(THERAPIST, viewport=DESKTOP) as (page, _):
        open_movement(page)
        page.get_by_role("link", name="2 weeks").click()
        expect(page).to_have_url(re.compile(r"weeks=2"))
        expect(page.get_by_role("link", name="2 weeks")).to_have_attribute("aria-current", "true")
        page.reload()
        expect(page.get_by_role("link", name="2 weeks")).to_have_attribute("aria-current", "true")


def test_dragging_over_a_chart_zooms_all_of_them(person):
    with person(THERAPIST, viewport=DESKTOP) as (page, _):
        open_movement(page)
        box = page.locator(f"{SPEED} .u-over").bounding_box()
        middle = box["y"] + box["height"] / 2
        page.mouse.move(box["x"] + box["width"] * 0.3, middle)
        page.mouse.down()
        page.mouse.move(box["x"] + box["width"] * 0.6, middle, steps=6)
        page.mouse.up()
        expect(page.locator(".movement__weeks .chip--on")).to_have_count(0)
        page.locator(f"{SPEED} .u-over").dblclick(position={"x": 5, "y": 5})


def test_the_keyboard_walks_from_day_to_day_and_opens_one(person):
    with person(THERAPIST, viewport=DESKTOP) as (page, _):
        open_movement(page)
        page.locator(f"{SPEED} .trend__plot").focus()
        page.keyboard.press("ArrowLeft")
        readout = page.locator(f"{SPEED} .trend__readout")
        expect(readout).to_contain_text("m/s")
        first = readout.inner_text()
        page.keyboard.press("ArrowLeft")
        expect(readout).not_to_have_text(first)
        page.keyboard.press("+")
        page.keyboard.press("0")
        page.keyboard.press("Enter")
        page.wait_for_url(re.compile(r"/movement/days/\d{4}-\d\d-\d\d/$"))


def test_a_tap_on_a_point_opens_its_day(person):
    with person(THERAPIST, viewport=PHONE) as (page, _):
        open_movement(page)
        page.get_by_role("link", name="2 weeks").click()
        box = page.locator(f"{SPEED} .u-over").bounding_box()
        for share in (0.5, 0.55, 0.6, 0.65, 0.7):
            page.locator(f"{SPEED} .u-over").click(
                position={"x": box["width"] * share, "y": box["height"] / 2}
            )
            page.wait_for_timeout(200)
            if "/days/" in page.url:
                break
        assert re.search(r"/movement/days/\d{4}-\d\d-\d\d/$", page.url)


def test_two_other_weeks_are_compared(person):
    with person(THERAPIST, viewport=DESKTOP) as (page, _):
        open_movement(page)
        page.locator("#compare-then").select_option(index=1)
        page.get_by_role("button", name="Compare").click()
        expect(page.locator("#compare table")).to_be_visible()
        expect(page).to_have_url(re.compile(r"with=\d{4}-\d\d-\d\d"))


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["1440", "390"])
def test_a_bouts_signal_is_drawn_and_finer_samples_are_fetched(person, viewport):
    with person(THERAPIST, viewport=viewport) as (page, _):
        page.goto(newest_walk("Maya Lindqvist")(page))
        page.locator("main a[href*='/bouts/']").first.click()
        page.wait_for_selector("pl-signal .uplot")
        says = page.locator("pl-signal .trend__readout")
        whole = says.inner_text()
        assert "steps" in whole
        with page.expect_response(re.compile(r"/signal/\?start=")) as answer:
            for _ in range(3):
                page.get_by_role("button", name="Zoom in").click()
        assert answer.value.status == 200
        expect(says).not_to_have_text(whole)
        page.get_by_role("button", name="Show all").click()
        expect(says).to_have_text(whole)


def test_without_scripts_everything_is_there_to_read(product, browser, signed_in_state):
    context = browser.new_context(
        base_url=product.address, storage_state=signed_in_state(THERAPIST), java_script_enabled=False
    )
    page = context.new_page()
    page.goto(MOVEMENT(page))
    expect(page.locator(f"{SPEED} svg.trend-svg")).to_be_visible()
    page.locator(f"{SPEED} summary", has_text="as a table").click()
    expect(page.locator(f"{SPEED} table")).to_be_visible()
    context.close()
