"""The steps of a patient's session that several tests walk through."""

import re

from playwright.sync_api import Page

PATIENT, THERAPIST = "patient2@north.demo", "colleague@north.demo"


def begin(page: Page, *, mode: str, pain: int = 2) -> None:
    """From Today to the live page: pain before, how to count, start."""
    page.goto("/c/north/today/")
    page.get_by_role("link", name=re.compile("session", re.I)).first.click()
    page.locator(f"input[name=pain][value='{pain}']").check(force=True)
    page.locator(f"input[name=mode][value='{mode}']").check(force=True)
    for kind in ("camera", "motion"):
        consent = page.locator(f"input[name={kind}_consent]")
        if consent.count():
            consent.check()
    page.get_by_role("button", name="Start", exact=True).click()
    page.wait_for_url("**/live/")


def answer_pain_after(page: Page, *, pain: int) -> None:
    page.wait_for_url("**/pain/after/", timeout=60_000)
    page.locator(f"input[name=pain][value='{pain}']").check(force=True)
    page.get_by_role("button", name="See how it went").click()
    page.wait_for_url("**/summary/")


def session_ref(page: Page) -> str:
    return re.search(r"/sessions/([0-9a-f-]{36})/", page.url)[1]
