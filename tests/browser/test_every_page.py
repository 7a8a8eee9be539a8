"""What must hold on every page at both widths: open to everybody, without an error, nothing cut off."""

import pytest
from playwright.sync_api import Page

from tests.browser.chromium import DESKTOP, PHONE
from tests.browser.pages import PAGES
from tests.browser.product import ROOT

AXE = ROOT / "node_modules/axe-core/axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
GRAVE = ("serious", "critical")


@pytest.fixture(scope="module")
def found_addresses() -> dict[str, str]:
    """Addresses by the name of their page: each is looked for once."""
    return {}


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["390", "1440"])
@pytest.mark.parametrize("known", PAGES, ids=lambda known: known.name)
def test_a_page_is_accessible_and_whole(person, found_addresses, known, viewport):
    with person(known.email, viewport=viewport) as (page, _):
        address = found_addresses.get(known.name) or known.find(page)
        found_addresses[known.name] = address
        answer = page.goto(address)
        page.wait_for_load_state("networkidle")
        assert answer.status == 200
        assert accessibility_faults(page) == []
        assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0


def accessibility_faults(page: Page) -> list[str]:
    """Serious and critical findings of axe-core on this page, each with the first element concerned."""
    page.evaluate(AXE.read_text())
    found = page.evaluate("rules => axe.run({runOnly: rules})", RULES)
    return [
        f"{fault['impact']} {fault['id']}: {fault['nodes'][0]['html'][:200]} (of {len(fault['nodes'])})"
        for fault in found["violations"]
        if fault["impact"] in GRAVE
    ]
