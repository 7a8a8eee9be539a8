"""The browser ring: one running product, one Chromium, and people who are signed in."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Playwright, sync_playwright

from clinic.config.chores import front
from sessions.demo.accounts import DEMO_PASSWORD
from tests.browser.chromium import EXECUTABLE, PHONE, Faults, launch, open_page, sign_in
from tests.browser.product import Product, new_folder, new_product, running_product

LAST_SEEN = front.BUILD / "browser"
Person = Callable[..., AbstractContextManager[tuple[Page, Faults]]]


HERE = Path(__file__).parent
# Two processes share these files in this order. The first makes the demo that the second copies, while the
# second does the flows, which need none. Whatever takes long comes early, so that both end together.
FIRST = ("test_avatar_film", "test_session_flow", "test_walk_test", "test_every_page")
SHARED = pytest.StashKey[Path]()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder is the browser ring."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)
    items.sort(key=lambda item: place_of(item.path.stem))


def place_of(file: str) -> int:
    """Files that FIRST does not name come after those, in the order in which they were."""
    return FIRST.index(file) if file in FIRST else len(FIRST)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Tell each process of the run where the seeded demo of all of them lies."""
    if SHARED not in node.config.stash:
        node.config.stash[SHARED] = new_folder()
    shared = node.config.stash[SHARED]
    node.workerinput["seeded_product"] = str(shared / "seeded")


def pytest_unconfigure(config: pytest.Config) -> None:
    """Remove the demo that the processes copied."""
    if SHARED in config.stash:
        shutil.rmtree(config.stash[SHARED], ignore_errors=True)


@pytest.fixture(scope="session")
def product(request: pytest.FixtureRequest) -> Iterator[Product]:
    """The real product with a small demo in it; PLUMBLINE_RUNNING names one that runs already."""
    if shutil.which("chromium") is None and not Path(EXECUTABLE).exists():
        pytest.fail("The browser ring needs Chromium. As root: apt-get install chromium")
    if not (front.BUILD / "static/manifest.json").exists():
        pytest.fail("The browser ring needs the built front end: make front")
    if "PLUMBLINE_RUNNING" in os.environ:
        yield running_product(Path(os.environ["PLUMBLINE_RUNNING"]))
        return
    running = new_product()
    try:
        seeded = getattr(request.config, "workerinput", {}).get("seeded_product")
        if seeded is None:
            running.start()
        else:
            running.start_as_copy(Path(seeded))
        yield running
    finally:
        running.stop()


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """Playwright's driver. Its event loop stays on this thread, where Django would refuse the database."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as driver:
        yield driver


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """A Chromium without a camera."""
    chromium = launch(playwright)
    yield chromium
    chromium.close()


@pytest.fixture(scope="session")
def signed_in_state(product: Product, browser: Browser, tmp_path_factory: pytest.TempPathFactory):
    """The cookies of a demo account by e-mail; each signs in once, through the page."""
    folder, known = tmp_path_factory.mktemp("signed-in"), {}

    def state_of(email: str) -> str:
        if email not in known:
            context = browser.new_context(base_url=product.address, locale="en-GB")
            sign_in(context, email, DEMO_PASSWORD)
            known[email] = str(folder / f"{email}.json")
            context.storage_state(path=known[email])
            context.close()
        return known[email]

    return state_of


@pytest.fixture
def person(product: Product, browser: Browser, signed_in_state, request: pytest.FixtureRequest) -> Person:
    """``with person(email) as (page, faults)``: their page, which must report no fault by the end.

    ``email`` None is a visitor; ``of`` another browser, such as one with a camera. When a test fails, its
    page is kept as a picture in build/browser.
    """

    @contextmanager
    def opened(
        email: str | None, *, viewport=PHONE, of: Browser | None = None, faults_allowed: bool = False
    ) -> Iterator[tuple[Page, Faults]]:
        state = signed_in_state(email) if email else None
        with open_page(of or browser, address=product.address, state=state, viewport=viewport) as opening:
            page, faults = opening
            try:
                yield page, faults
                if not faults_allowed:
                    assert faults.all == []
            except BaseException:
                page.screenshot(path=LAST_SEEN / f"{request.node.name}.png", full_page=True)
                print(page.url, *faults.all, sep="\n")
                raise

    return opened


@pytest.fixture(scope="session")
def browser_with_camera(playwright: Playwright) -> Iterator[Callable[[Path], Browser]]:
    """A Chromium whose camera plays a film; one per film."""
    with ExitStack() as stack:
        known: dict[Path, Browser] = {}

        def with_film(film: Path) -> Browser:
            if film not in known:
                known[film] = launch(playwright, camera=film)
                stack.callback(known[film].close)
            return known[film]

        yield with_film
