"""A session from the patient's first tap to the therapist's comment, in a real browser on the product."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.chromium import DESKTOP, PHONE
from tests.browser.journey import PATIENT, THERAPIST, answer_pain_after, begin, session_ref


@pytest.fixture
def squats_for_beth(product):
    """Beth's plan is one set of three squats."""
    product.run("-m", "tests.browser.write_plan", "north", PATIENT, "squat:1:3:both")


def test_a_sample_motion_from_pain_before_to_the_therapists_comment(person, squats_for_beth):
    with person(PATIENT, viewport=PHONE) as (page, _):
        begin(page, mode="sample")
        page.get_by_role("button", name="Play a sample motion").click()
        expect(page.locator(".seen__words")).to_contain_text("see", timeout=10_000)
        expect(page.locator(".ring__number")).to_have_text("2", timeout=40_000)
        answer_pain_after(page, pain=3)
        ref = session_ref(page)
        expect(page.get_by_text("What went well")).to_be_visible(timeout=20_000)
        expect(page.locator("#summary")).to_contain_text("3 times")
    with person(THERAPIST, viewport=DESKTOP) as (page, _):
        page.goto(f"/c/north/sessions/{ref}/")
        rows = page.locator("table.table--dense tbody tr")
        expect(rows).to_have_count(3)
        page.get_by_label("Comment").fill("Three calm squats. Thank you, Beth.")
        page.get_by_role("button", name="Send to Beth").click()
        expect(page.get_by_text("Three calm squats.").first).to_be_visible()
    with person(PATIENT, viewport=PHONE) as (page, _):
        page.goto(f"/c/north/sessions/{ref}/summary/")
        expect(page.get_by_text("Three calm squats. Thank you, Beth.")).to_be_visible()


def test_without_a_camera_each_tap_counts(person, squats_for_beth):
    with person(PATIENT, viewport=PHONE) as (page, _):
        begin(page, mode="tap")
        page.get_by_role("button", name="Count by tapping").click()
        pad = page.locator(".tap-pad")
        expect(page.locator("[data-phase=moving]")).to_be_visible(timeout=15_000)
        page.get_by_role("button", name="Voice").click()
        expect(page.get_by_role("button", name="Voice")).to_have_attribute("aria-pressed", "false")
        for _tap in range(3):
            pad.click()
        answer_pain_after(page, pain=2)
        expect(page.locator("#summary")).to_contain_text("3 times")


def test_stop_asks_answers_and_tells_the_therapist(person, squats_for_beth):
    with person(PATIENT, viewport=PHONE) as (page, _):
        begin(page, mode="sample")
        page.get_by_role("button", name="Play a sample motion").click()
        page.get_by_role("link", name="Stop").click()
        page.get_by_label("It hurts too much to go on").check()
        page.get_by_role("button", name="Tell my therapist").click()
        expect(page.get_by_text("Stop for today.")).to_be_visible()
    with person(THERAPIST, viewport=DESKTOP) as (page, _):
        page.goto("/c/north/caseload/?sort=name")
        row = page.locator("tr", has_text="Beth Carver")
        expect(row).to_contain_text(re.compile("pain|hurts", re.I))
        expect(row.get_by_role("link", name=re.compile("Answer alert"))).to_be_visible()
        page.goto(row.get_by_role("link", name="Beth Carver", exact=True).get_attribute("href"))
        page.locator("#timeline li", has_text=re.compile("pain|hurts", re.I)).locator(
            "a[href*='/alerts/']"
        ).first.click()
        expect(page.get_by_text("It hurts too much to go on")).to_be_visible()
