"""What must hold on every page at both widths: open to everybody, without an error, nothing cut off."""

import pytest
from playwright.sync_api import Page

from tests.browser.chromium import DESKTOP, PHONE
from tests.browser.pages import PAGES
from tests.browser.product import ROOT

AXE = ROOT / "node_modules/axe-core/axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
GRAVE = ("serious", "critical")


# Whatever follows the window's width has followed it two frames later.
SETTLED = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"


@pytest.mark.parametrize("known", PAGES, ids=lambda known: known.name)
def test_a_page_is_accessible_and_whole_at_both_widths(person, known):
    """Opened on a phone, then in a wide window: no page asks for anything else because of its width."""
    with person(known.email, viewport=PHONE) as (page, _):
        address = known.find(page)
        answer = page.goto(address)
        page.wait_for_load_state("networkidle")
        assert answer.status == 200
        assert faults_at_this_width(page) == []
        page.set_viewport_size(DESKTOP)
        page.evaluate(SETTLED)
        assert faults_at_this_width(page) == []


def faults_at_this_width(page: Page) -> list[str]:
    """What somebody cannot use, or cannot see because it is cut off."""
    cut_px = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    width = page.viewport_size["width"]
    return [
        *accessibility_faults(page),
        *([f"{cut_px} px are cut off at {width}"] if cut_px > 0 else []),
    ]


def accessibility_faults(page: Page) -> list[str]:
    """Serious and critical findings of axe-core on this page, each with the first element concerned."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text())
    found = page.evaluate("rules => axe.run({runOnly: rules})", RULES)
    return [
        f"{fault['impact']} {fault['id']}: {fault['nodes'][0]['html'][:200]} (of {len(fault['nodes'])})"
        for fault in found["violations"]
        if fault["impact"] in GRAVE
    ]
