"""Questions in a real browser: asked by a therapist, answered on a phone with danger in it, seen at once."""

from playwright.sync_api import expect

from tests.browser.chromium import DESKTOP, PHONE
from tests.browser.test_every_page import accessibility_faults

PATIENT, THERAPIST = "patient@south.demo", "therapist@south.demo"
ANSWERED_MS = 30_000
LEAST_TARGET_PX = 44
ACTIVITIES = ("climb the stairs", "carry the shopping", "kneel down")


def test_asked_answered_with_danger_and_in_the_queue(product, person):
    product.run("-m", "tests.browser.settle_patient", "south", PATIENT)
    with person(THERAPIST, viewport=DESKTOP) as (desk, _), person(PATIENT, viewport=PHONE) as (page, _):
        desk.goto("/c/south/caseload/?sort=name")
        desk.get_by_role("link", name="Hana Svoboda", exact=True).first.click()
        desk.locator("#answers").get_by_role("link").click()
        for place, activity in enumerate(ACTIVITIES, start=1):
            desk.get_by_label(f"Activity {place}").fill(activity)
        desk.get_by_role("button", name="Ask from today").click()
        expect(desk.get_by_role("heading", name="Asked now")).to_be_visible()

        page.goto("/c/south/today/")
        page.get_by_role("link", name="Answer the questions").click()
        for name, value in {
            "nprs.now": 2,
            "nprs.worst": 4,
            "nprs.usual": 3,
            "psfs.1": 5,
            "psfs.3": 6,
        }.items():
            choice = page.locator(f".scale__choice:has(input[name='{name}'][value='{value}'])")
            box = choice.bounding_box()
            assert min(box["width"], box["height"]) >= LEAST_TARGET_PX
            choice.click()
        assert accessibility_faults(page) == []
        assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
        page.get_by_label("Is there anything else we should know?").fill(
            "my left calf is hot, red and swollen since last night"
        )
        page.get_by_role("button", name="Send my answers").click()
        expect(page.get_by_role("link", name="Call 112")).to_be_visible(timeout=ANSWERED_MS)
        expect(page.get_by_text("They see the words that you wrote.")).to_be_visible()

        desk.goto("/c/south/escalations/?source=questionnaire")
        row = desk.locator("article", has_text="Hana Svoboda")
        expect(row).to_contain_text("left calf is hot, red and swollen")
        expect(row).to_contain_text("Questionnaire")
    product.run("-m", "tests.browser.settle_patient", "south", PATIENT)
