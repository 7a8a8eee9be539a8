"""Take the README's pictures: ``make screenshots``, of the running demo or of one started for it.

Pages at 390 px, as a patient holds them, and at 1440 px, as a therapist sees them; into docs/screenshots.
"""

import os
import re
import shutil
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from clinic.config.chores.progress import Steps, say
from clinic.config.embedded.supervisor import EmbeddedServers
from clinic.config.serve import STATE, Demo
from sessions.demo.accounts import DEMO_PASSWORD

ROOT = Path(__file__).resolve().parents[3]
PICTURES = ROOT / "docs" / "screenshots"
PHONE, DESK = (390, 844), (1440, 900)
BOTH = (PHONE, DESK)
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
THERAPIST = "therapist@north.demo"
PATIENT = "patient@north.demo"
ADMIN = "admin@north.demo"
# Somebody else exercises for the picture, so that the demo's own patient still has today to do.
MOVER = "patient2@north.demo"
QUALITY = 70


@dataclass(frozen=True)
class Shot:
    """One page: who looks, at which address and widths; ``press`` names a button to press first."""

    name: str
    email: str | None
    path: str
    sizes: tuple[tuple[int, int], ...] = BOTH
    press: str = ""
    whole_page: bool = True


SHOTS = (
    Shot("landing", None, "/"),
    Shot("sign-in", None, "/accounts/login/", (PHONE,)),
    Shot("caseload", THERAPIST, "/c/north/caseload/"),
    Shot("patient", THERAPIST, "/c/north/patients/{Thomas}/", whole_page=False),
    Shot("patient-whole", THERAPIST, "/c/north/patients/{Thomas}/", (DESK,)),
    Shot("movement", THERAPIST, "/c/north/patients/{Thomas}/movement/", whole_page=False),
    Shot("plan", THERAPIST, "/c/north/patients/{Maya}/prescription/"),
    Shot("doses", THERAPIST, "/c/north/patients/{Maya}/doses/", (DESK,)),
    Shot("dosing", ADMIN, "/c/north/settings/dosing/", (DESK,), whole_page=False),
    Shot("comparison", ADMIN, "/c/north/settings/dosing/comparison/", (DESK,), whole_page=False),
    Shot("review", THERAPIST, "/c/north/sessions/{session}/", press="set 1 of 2"),
    Shot("notes", THERAPIST, "/c/north/notes/", whole_page=False),
    Shot("note-editor", THERAPIST, "/c/north/notes/{draft}/edit/", whole_page=False),
    Shot("note", THERAPIST, "/c/north/notes/{note}/", (DESK,), whole_page=False),
    Shot("findings", THERAPIST, "/c/north/patients/{Maya}/findings/", (DESK,), whole_page=False),
    Shot("annotation", THERAPIST, "/c/north/annotation/", (DESK,), whole_page=False),
    Shot("escalations", THERAPIST, "/c/north/escalations/", whole_page=False),
    Shot("knowledge", THERAPIST, "/c/north/knowledge/", (DESK,), whole_page=False),
    Shot("exercises", THERAPIST, "/c/north/exercises/", (DESK,)),
    Shot("exercise", THERAPIST, "/c/north/exercises/squat/", (DESK,)),
    Shot("today", PATIENT, "/c/north/today/"),
    Shot("start", PATIENT, "/c/north/sessions/start/", (PHONE,)),
    Shot("summary", PATIENT, "/c/north/sessions/{session}/summary/", (PHONE,)),
    Shot("own-movement", PATIENT, "/c/north/movement/", (PHONE,)),
    Shot("walk-test", PATIENT, "/c/north/movement/tests/walk/", (PHONE,)),
    Shot("assistant", PATIENT, "/c/north/assistant/", (PHONE,)),
    Shot("messages", PATIENT, "/c/north/messages/", (PHONE,)),
    Shot("stop", PATIENT, "/c/north/stop/", (PHONE,), whole_page=False),
    Shot("members", ADMIN, "/c/north/members/", (DESK,)),
    Shot("models", ADMIN, "/c/north/settings/models/", (DESK,), whole_page=False),
    Shot("audit", ADMIN, "/c/north/audit/", (DESK,), whole_page=False),
)


def main() -> int:
    """Take every picture; 1 with a message when Chromium is missing."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        say("Chromium is missing. As root: apt-get install chromium")
        return 1
    PICTURES.mkdir(parents=True, exist_ok=True)
    with running_demo() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        places = find_places(browser, address=address)
        for email in dict.fromkeys(shot.email for shot in SHOTS):
            take_as(browser, email, places, address=address)
        take_live(browser, address=address)
        browser.close()
    return 0


@contextmanager
def running_demo() -> Iterator[str]:
    """The address of the demo that runs on PLUMBLINE_PORT, else of one that runs as long as it is needed."""
    port = int(os.environ.get("PLUMBLINE_PORT", "8000"))
    address = f"http://127.0.0.1:{port}"
    if is_served(address):
        yield address
        return
    demo = Demo(host="127.0.0.1", port=port, servers=EmbeddedServers(STATE))
    try:
        demo.start(Steps(total=7, log=STATE / "setup.log"))
        yield address
    finally:
        demo.stop()


def is_served(address: str) -> bool:
    """Whether the demo answers."""
    try:
        with urllib.request.urlopen(f"{address}/healthz", timeout=5):  # noqa: S310 - our own address
            return True
    except urllib.error.URLError:
        return False


def find_places(browser: Browser, *, address: str) -> dict[str, str]:
    """The references in the addresses: two patients, Maya's newest session and note, and a draft."""
    context = signed_in(browser, THERAPIST, address=address)
    page, places = context.new_page(), {}
    for name in ("Thomas", "Maya"):
        page.goto(f"/c/north/caseload/?q={name}")
        places[name] = ref_in(page, f"main a[href*='/patients/']:has-text('{name}')")
    page.goto(f"/c/north/patients/{places['Maya']}/")
    places["session"] = ref_in(page, "main li a[href*='/sessions/']")
    page.goto("/c/north/notes/")
    places["draft"] = ref_in(page, "main a[href*='/notes/'][href$='/edit/']:has-text('Thomas')")
    page.goto(f"/c/north/patients/{places['Maya']}/notes/")
    places["note"] = ref_in(page, "main a[href*='/notes/0']:not([href$='/edit/'])")
    context.close()
    return places


def ref_in(page: Page, selector: str) -> str:
    """The reference in the address of the first matching link."""
    found = re.search(r"[0-9a-f-]{36}", page.locator(selector).first.get_attribute("href") or "")
    return found[0] if found else ""


def signed_in(browser: Browser, email: str | None, *, address: str) -> BrowserContext:
    """A browser window of this person, or of a visitor."""
    context = browser.new_context(base_url=address, reduced_motion="reduce", locale="en-GB")
    if email is not None:
        page = context.new_page()
        page.goto("/accounts/login/")
        page.fill("input[name=login]", email)
        page.fill("input[name=password]", DEMO_PASSWORD)
        page.press("input[name=password]", "Enter")
        page.wait_for_url(lambda url: "/accounts/login/" not in url)
        page.close()
    return context


def take_as(browser: Browser, email: str | None, places: dict[str, str], *, address: str) -> None:
    """Sign in once and take all pictures of this person."""
    context = signed_in(browser, email, address=address)
    for shot in SHOTS:
        if shot.email == email:
            for size in shot.sizes:
                take(context, shot, places, size=size)
    context.close()


def take(context: BrowserContext, shot: Shot, places: dict[str, str], *, size: tuple[int, int]) -> None:
    """Open the page, press what is to be pressed, save the picture."""
    page = context.new_page()
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.goto(shot.path.format(**places))
    page.wait_for_load_state("networkidle")
    if shot.press:
        page.get_by_role("button", name=shot.press).last.click()
    page.wait_for_timeout(400)
    save(page, f"{shot.name}-{size[0]}", whole_page=shot.whole_page)
    page.close()


def take_live(browser: Browser, *, address: str) -> None:
    """The live screen in the middle of a sample motion, at both widths."""
    context = signed_in(browser, MOVER, address=address)
    page = context.new_page()
    page.goto("/c/north/sessions/start/")
    page.locator("input[name=pain][value='2']").check(force=True)
    page.locator("input[name=mode][value='sample']").check(force=True)
    page.get_by_role("button", name="Start", exact=True).click()
    page.wait_for_url("**/live/")
    page.get_by_role("button", name="Play a sample motion").click()
    page.locator(".ring__number", has_text="2").wait_for(timeout=60_000)
    for width, height in BOTH:
        page.set_viewport_size({"width": width, "height": height})
        page.wait_for_timeout(1200)
        save(page, f"live-{width}", whole_page=False)
    context.close()


def save(page: Page, name: str, *, whole_page: bool) -> None:
    """Write one picture as JPEG."""
    page.screenshot(path=PICTURES / f"{name}.jpg", type="jpeg", quality=QUALITY, full_page=whole_page)
    say(f"docs/screenshots/{name}.jpg")


if __name__ == "__main__":
    sys.exit(main())
