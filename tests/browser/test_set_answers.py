"""The two questions after a set: answered, declined, reloaded, told; and too much pain."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.chromium import DESKTOP, PHONE
from tests.browser.journey import PATIENT, THERAPIST, answer_pain_after, begin, session_ref

TOO_HARD = "That was too hard, so the next set is 4, not 5."
LEAST_TARGET_PX = 44


@pytest.fixture
def three_sets(product):
    """Beth's plan is three sets of five squats, and her therapist lets small changes happen."""
    product.run("-m", "tests.browser.write_plan", "north", PATIENT, "squat:3:5:both")
    product.run("-m", "tests.browser.allow_changes", "north", PATIENT)


def do_set(page: Page, count: int) -> None:
    """Tap a set through, until its questions are up and take a tap."""
    expect(page.locator("[data-phase=moving]")).to_be_visible(timeout=15_000)
    for _tap in range(count):
        page.locator(".tap-pad").click()
    expect(page.locator("[data-phase=resting]")).to_be_visible(timeout=15_000)
    page.wait_for_timeout(700)


def start_tapping(page: Page) -> None:
    begin(page, mode="tap")
    page.get_by_role("button", name="Count by tapping").click()


def effort(page: Page, name: str):
    return page.get_by_role("group", name="How hard was it?").get_by_role("button", name=name, exact=True)


def pain(page: Page, value: int):
    return page.locator(f"[data-question=pain] button[data-value='{value}']")


def test_too_hard_makes_the_next_set_easier_and_the_patient_may_decline(person, three_sets):
    with person(PATIENT, viewport=PHONE) as (page, _):
        start_tapping(page)
        do_set(page, 5)
        for button in page.locator(".answers button").all():
            box = button.bounding_box()
            assert min(box["width"], box["height"]) >= LEAST_TARGET_PX
        pain(page, 2).click()
        expect(pain(page, 2)).to_have_attribute("aria-pressed", "true")
        effort(page, "Too hard").focus()
        page.keyboard.press("Enter")
        expect(page.get_by_text(TOO_HARD)).to_be_visible()
        expect(page.locator(".live__card--rest")).to_contain_text("Squat · 4 times")
        page.get_by_role("button", name="Keep it as planned").click()
        expect(page.locator(".live__card--rest")).to_contain_text("Squat · 5 times")
        expect(page.get_by_text(TOO_HARD)).to_be_hidden()
        page.get_by_role("button", name="Skip the rest").click()
        do_set(page, 5)
        effort(page, "Too hard").dblclick()
        expect(page.get_by_text(TOO_HARD)).to_be_visible()
        page.reload()
        expect(page.get_by_text(TOO_HARD)).to_be_visible()
        page.get_by_role("button", name="Count by tapping").click()
        expect(page.locator("[data-phase=moving]")).to_be_visible(timeout=15_000)
        expect(page.locator(".tap-pad")).to_contain_text("of 4")
        for _tap in range(4):
            page.locator(".tap-pad").click()
        page.wait_for_url("**/pain/after/", timeout=30_000)
        page.get_by_label("Hard", exact=True).check()
        answer_pain_after(page, pain=2)
        ref = session_ref(page)
    with person(THERAPIST, viewport=DESKTOP) as (page, _):
        page.goto(f"/c/north/sessions/{ref}/")
        expect(page.get_by_text("The patient said: Too hard (10 of 10), pain 2 of 10.")).to_be_visible()
        expect(page.get_by_text("The patient kept it as planned.").first).to_be_visible()
        expect(page.get_by_text("The patient said: Hard (7 of 10), pain 2 of 10.")).to_be_visible()


def test_too_much_pain_ends_the_session_with_fixed_words_and_tells_the_therapist(person, three_sets):
    with person(PATIENT, viewport=PHONE) as (page, _):
        start_tapping(page)
        do_set(page, 5)
        pain(page, 8).click()
        card = page.get_by_role("alert")
        expect(card).to_contain_text("Stop for today")
        expect(card).to_contain_text("Pain 8, over 5. Rest for today.")
        card.get_by_role("link", name="Say what is wrong").click()
        page.wait_for_url("**/stop/?session=**")
        expect(page.get_by_text("You have stopped. Good.")).to_be_visible()
    with person(THERAPIST, viewport=DESKTOP) as (page, _):
        page.goto("/c/north/caseload/?sort=name")
        expect(page.locator("tr", has_text="Beth Carver")).to_contain_text(re.compile("pain", re.I))


def test_nobody_has_to_answer_and_a_lost_line_says_so(person, three_sets):
    with person(PATIENT, viewport=PHONE, faults_allowed=True) as (page, _):
        start_tapping(page)
        do_set(page, 5)
        page.context.set_offline(True)
        effort(page, "Right").click()
        expect(page.get_by_text("That was not saved. Please tap again.")).to_be_visible()
        expect(effort(page, "Right")).to_have_attribute("aria-pressed", "false")
        page.context.set_offline(False)
        effort(page, "Right").click()
        expect(page.get_by_text("That was not saved. Please tap again.")).to_be_hidden()
        page.get_by_role("button", name="Skip the rest").click()
        do_set(page, 5)
        page.get_by_role("button", name="Skip the rest").click()
        expect(page.locator("[data-phase=ready], [data-phase=moving]")).to_be_visible()
