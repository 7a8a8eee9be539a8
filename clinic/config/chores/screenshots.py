"""Take the README's pictures from the running demo: ``make screenshots`` while ``make demo`` runs.

Two widths: 390 px as a patient holds it, 1440 px as a therapist sees it. Pictures go to docs/pictures.
"""

import os
import shutil
import sys
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from clinic.config.chores.progress import say

ROOT = Path(__file__).resolve().parents[3]
PICTURES = ROOT / "docs" / "pictures"
PASSWORD = os.environ.get("PLUMBLINE_DEMO_PASSWORD", "straight-as-a-plumbline")
PHONE = (390, 844)
DESK = (1440, 900)
THERAPIST = "therapist@north.demo"
PATIENT = "patient@north.demo"
ADMIN = "admin@north.demo"


@dataclass(frozen=True)
class Shot:
    """One picture: who looks, at which width, from which page, following which links."""

    name: str
    email: str
    size: tuple[int, int]
    path: str
    follow: tuple[str, ...] = ()
    whole_page: bool = False


PATIENT_LINK = "main a[href*='/patients/']:not([href*='/new/'])"
SESSION_LINK = "main a[href*='/sessions/']"
SHOTS = (
    Shot("caseload", THERAPIST, DESK, "/c/north/caseload/"),
    Shot("caseload-phone", THERAPIST, PHONE, "/c/north/caseload/"),
    Shot("patient", THERAPIST, DESK, "/c/north/caseload/", (PATIENT_LINK,)),
    Shot("review", THERAPIST, DESK, "/c/north/caseload/", (PATIENT_LINK, SESSION_LINK), whole_page=True),
    Shot("exercises", THERAPIST, DESK, "/c/north/exercises/"),
    Shot("today-phone", PATIENT, PHONE, "/c/north/today/"),
    Shot("today", PATIENT, DESK, "/c/north/today/"),
    Shot("stop-phone", PATIENT, PHONE, "/c/north/stop/"),
    Shot("audit", ADMIN, DESK, "/c/north/audit/"),
)


def main() -> int:
    """Take every picture; 1 with a message when the demo does not run or Chromium is missing."""
    address = f"http://127.0.0.1:{os.environ.get('PLUMBLINE_PORT', '8000')}"
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if not is_served(address):
        say(f"The demo does not run at {address}. Start it first: make demo")
        return 1
    if chromium is None:
        say("Chromium is missing. As root: apt-get install chromium")
        return 1
    PICTURES.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        for email in sorted({shot.email for shot in SHOTS}):
            take_as(browser, email, address=address)
        browser.close()
    return 0


def is_served(address: str) -> bool:
    """Whether the demo answers."""
    try:
        with urllib.request.urlopen(f"{address}/healthz", timeout=5):  # noqa: S310 - our own address
            return True
    except urllib.error.URLError:
        return False


def take_as(browser: Browser, email: str, *, address: str) -> None:
    """Sign in once and take all pictures of this person."""
    context = browser.new_context(base_url=address, reduced_motion="reduce", locale="en-GB")
    sign_in(context, email)
    for shot in SHOTS:
        if shot.email == email:
            take(context, shot)
    context.close()


def sign_in(context: BrowserContext, email: str) -> None:
    """Sign in through the page."""
    page = context.new_page()
    page.goto("/accounts/login/")
    page.fill("input[name=login]", email)
    page.fill("input[name=password]", PASSWORD)
    page.press("input[name=password]", "Enter")
    page.wait_for_load_state("networkidle")
    page.close()


def take(context: BrowserContext, shot: Shot) -> None:
    """Open the page, follow the links, save the picture."""
    page = context.new_page()
    page.set_viewport_size({"width": shot.size[0], "height": shot.size[1]})
    page.goto(shot.path)
    for selector in shot.follow:
        follow(page, selector)
    page.wait_for_load_state("networkidle")
    page.screenshot(path=PICTURES / f"{shot.name}.png", full_page=shot.whole_page)
    say(f"docs/pictures/{shot.name}.png")
    page.close()


def follow(page: Page, selector: str) -> None:
    """Go where the first matching link leads; a row may hide its link from the mouse."""
    address = page.locator(selector).first.get_attribute("href")
    page.goto(address or "/")


if __name__ == "__main__":
    sys.exit(main())
