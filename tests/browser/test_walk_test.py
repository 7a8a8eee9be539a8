"""A walk test on a phone, from the tap to the result. Nobody really walks here: events are simulated."""

import re

import pytest
from playwright.sync_api import Page, expect

from sessions.motion_trend.timed.simulation import Sensor, chair_stands, timed_up_and_go
from tests.browser.chromium import DESKTOP, PHONE
from tests.browser.journey import PATIENT, THERAPIST
from tests.browser.test_every_page import accessibility_faults
from tests.browser.walks import RATE_HZ, carry_a_phone, feel, hurry, let_the_line_break

WALK_S = 30.0
SMALL_PHONE = {"width": 320, "height": 568}
START = re.compile("start$")


def open_walk_test(page: Page, kind: str = "walk") -> None:
    """To the last step before a test, answering what is asked."""
    page.goto(f"/c/north/movement/tests/{kind}/")
    following = page.get_by_role("button", name="Next")
    while following.is_visible():
        height = page.get_by_label("How tall are you?")
        if height.is_visible():
            height.fill("5 ft 6")
        following.click()
    consent = page.locator("input[name=consent]")
    if consent.count():
        consent.check()


def begin(page: Page) -> None:
    page.get_by_role("button", name=START).click()
    expect(page.locator("[data-phase=countdown]")).to_be_visible()
    expect(page.get_by_text("The phone is still")).to_be_visible()
    expect(page.locator("[data-phase=recording]")).to_be_visible(timeout=20_000)
    page.evaluate("startWalking()")
    expect(page.get_by_text("The phone feels you moving")).to_be_visible(timeout=10_000)


def walk_until(page: Page, seconds: float) -> None:
    page.wait_for_function("seconds => walkedSeconds() >= seconds", arg=seconds, timeout=90_000)


def finish(page: Page) -> None:
    page.get_by_role("button", name="Done").click()
    page.get_by_role("button", name="Tap again to finish").click()
    page.wait_for_url("**/movement/recordings/**", timeout=60_000)


def told(page: Page, pattern: str) -> float:
    """The number in a sentence of the result."""
    sentence = page.locator("#result").get_by_text(re.compile(pattern)).first
    expect(sentence).to_be_visible(timeout=90_000)
    return float(re.search(pattern, sentence.text_content())[1])


def test_a_walk_from_the_tap_to_the_result(person):
    with person(PATIENT, viewport=PHONE) as (page, _):
        hurry(page)
        truth = carry_a_phone(page, seconds=WALK_S)
        page.goto("/c/north/today/")
        open_walk_test(page)
        begin(page)
        expect(page.get_by_role("link", name="Something is wrong")).to_be_visible()
        walk_until(page, WALK_S + 6)
        finish(page)
        assert told(page, r"You took (\d+) steps a minute") == pytest.approx(truth.cadence_spm, rel=0.09)
        assert told(page, r"You took (\d+) steps in") == pytest.approx(len(truth.contacts), abs=4)
        expect(page.get_by_text(re.compile("You walked|Not shown: walking speed")).first).to_be_visible()
        expect(page.get_by_role("link", name="Do it again")).to_be_visible()
        page.goto("/c/north/movement/")
        expect(
            page.get_by_role("link", name=re.compile("Walk test.*steps a minute|Walk test.*metres")).first
        ).to_be_visible()


def test_what_was_walked_without_a_line_arrives_later(person):
    with person(PATIENT, viewport=PHONE, faults_allowed=True) as (page, _):
        hurry(page)
        truth = carry_a_phone(page, seconds=20)
        let_the_line_break(page)
        open_walk_test(page)
        begin(page)
        walk_until(page, 6)
        page.evaluate("cutLine()")
        expect(
            page.get_by_text("The connection is lost").or_(page.get_by_text("kept in this page")).first
        ).to_be_visible()
        walk_until(page, 26)
        page.get_by_role("button", name="Done").click()
        page.get_by_role("button", name="Tap again to finish").click()
        expect(page.get_by_text("until the line is back")).to_be_visible(timeout=10_000)
        page.evaluate("mendLine()")
        page.wait_for_url("**/movement/recordings/**", timeout=60_000)
        assert told(page, r"You took (\d+) steps in") == pytest.approx(len(truth.contacts), abs=4)


def test_a_test_that_was_ended_elsewhere_ends_here_too(person):
    """Nobody walks on for two minutes in vain."""
    with person(PATIENT, viewport=PHONE) as (page, _):
        hurry(page)
        carry_a_phone(page, seconds=20)
        open_walk_test(page)
        with page.expect_response(lambda answer: answer.status == 201) as started:
            begin(page)
        walk_until(page, 14)
        page.evaluate(
            "url => fetch(url,"
            " {method: 'POST', headers: JSON.parse(document.body.getAttribute('hx-headers'))})",
            started.value.json()["finish_url"],
        )
        page.wait_for_url("**/movement/recordings/**", timeout=20_000)
        expect(page.locator("#result").get_by_text(re.compile("steps in|No result"))).to_be_visible(
            timeout=60_000
        )


def test_up_and_go_ends_by_itself_when_the_person_sits_again(person):
    signal, _ = timed_up_and_go(seconds=11.0, sensor=Sensor(rate_hz=RATE_HZ))
    with person(PATIENT, viewport=PHONE) as (page, _):
        hurry(page)
        feel(page, signal)
        open_walk_test(page, "tug")
        begin(page)
        page.wait_for_url("**/movement/recordings/**", timeout=60_000)
        assert told(page, r"You needed ([\d.]+) seconds") == pytest.approx(11.0, abs=1.0)
        expect(page.get_by_role("heading", name="The parts of it")).to_be_visible()


def test_standing_up_is_counted_for_thirty_seconds(person):
    signal, begins = chair_stands(stands=14, cycle_s=2.6, lead_s=1.5, sensor=Sensor(rate_hz=RATE_HZ))
    with person(PATIENT, viewport=PHONE) as (page, _):
        hurry(page)
        feel(page, signal)
        open_walk_test(page, "chair_stand_30s")
        begin(page)
        page.wait_for_url("**/movement/recordings/**", timeout=90_000)
        # The thirty seconds begin with "Go"; the simulated person sits for a little longer.
        in_time = sum(1 for begin_s in begins if begin_s + 1.3 <= begins[0] + 28)
        assert told(page, r"You stood up (\d+) times") == pytest.approx(in_time, abs=1)
        ref = page.url.rstrip("/").rsplit("/", 1)[-1]
    with person(THERAPIST, viewport=DESKTOP) as (page, _):
        page.goto(f"/c/north/recordings/{ref}/")
        expect(page.get_by_text("The word “Go”")).to_be_visible()


def test_a_refused_permission_is_explained_with_its_cure(person):
    with person(PATIENT, viewport=PHONE) as (page, _):
        page.add_init_script("DeviceMotionEvent.requestPermission = () => Promise.resolve('denied');")
        open_walk_test(page)
        page.get_by_role("button", name=START).click()
        card = page.locator("[data-trouble=denied]")
        expect(card).to_be_visible()
        card.get_by_role("button", name="Try again").click()
        expect(page.get_by_role("button", name=START)).to_be_visible()


def test_the_permission_is_asked_within_the_tap(person):
    with person(PATIENT, viewport=PHONE) as (page, _):
        page.add_init_script(
            "DeviceMotionEvent.requestPermission = () => {"
            " window.wasTapped = navigator.userActivation.isActive; return Promise.resolve('denied'); };"
        )
        open_walk_test(page)
        page.get_by_role("button", name=START).click()
        expect(page.locator("[data-trouble=denied]")).to_be_visible()
        assert page.evaluate("window.wasTapped") is True


def test_a_computer_without_a_sensor_says_so(person):
    with person(PATIENT, viewport=DESKTOP) as (page, _):
        open_walk_test(page)
        page.get_by_role("button", name=START).click()
        expect(page.get_by_role("heading", name="No motion sensor here")).to_be_visible(timeout=10_000)


def test_every_step_and_the_measuring_screen_are_accessible(person):
    with person(PATIENT, viewport=SMALL_PHONE) as (page, _):
        hurry(page)
        carry_a_phone(page, seconds=20)
        page.goto("/c/north/movement/tests/walk_10m/")
        following = page.get_by_role("button", name="Next")
        while following.is_visible():
            assert accessibility_faults(page) == []
            following.click()
        begin(page)
        assert accessibility_faults(page) == []
        expect(page.get_by_role("link", name="Something is wrong")).to_be_in_viewport(ratio=1)
        expect(page.get_by_role("button", name="Done")).to_be_in_viewport(ratio=1)


def test_something_is_wrong_leaves_at_once(person):
    with person(PATIENT, viewport=PHONE) as (page, _):
        hurry(page)
        carry_a_phone(page, seconds=20)
        open_walk_test(page)
        begin(page)
        page.get_by_role("link", name="Something is wrong").click()
        page.wait_for_url("**/stop/**")
        expect(page.get_by_role("button", name="Tell my therapist")).to_be_visible()
