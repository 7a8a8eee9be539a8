import pytest
from tests.browser.chromium import DESKTOP, PHONE
from tests.browser.pages import PAGES
W=[p for p in PAGES if p.name in ("review","start","upload","patient")]
@pytest.mark.parametrize("known", W, ids=lambda k:k.name)
def test_shot(person, known):
    with person(known.email, viewport=PHONE if known.name=="start" else DESKTOP) as (page,_):
        page.goto(known.find(page)); page.wait_for_load_state("networkidle"); page.wait_for_timeout(1500)
        page.screenshot(path=f"/tmp/shot-{known.name}.png", full_page=True)
