"""Debian's Chromium, started the way a closed machine needs it, and the faults that a page may report."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Playwright

EXECUTABLE = "/usr/bin/chromium"
PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1440, "height": 900}
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-fake-ui-for-media-stream",
)
# MediaPipe's runtime writes this line of information at the level of an error.
HARMLESS = ("Created TensorFlow Lite XNNPACK delegate for CPU",)


@dataclass
class Faults:
    """What a page complained about while it was open."""

    console: list[str] = field(default_factory=list)
    exceptions: list[str] = field(default_factory=list)
    elsewhere: list[str] = field(default_factory=list)

    @property
    def all(self) -> list[str]:
        return [*self.console, *self.exceptions, *self.elsewhere]

    def watch(self, page: Page, *, address: str) -> None:
        """Collect errors of this page, refused content included, and requests that leave our address."""
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.exceptions.append(str(error)))
        page.on("request", lambda request: self._check(request.url, address=address))

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not any(words in message.text for words in HARMLESS):
            self.console.append(f"{message.text} ({message.location.get('url', '')})")

    def _check(self, url: str, *, address: str) -> None:
        inside = (address, address.replace("http", "ws", 1), "data:", "blob:")
        if not url.startswith(inside):
            self.elsewhere.append(url)


def launch(playwright: Playwright, *, camera: Path | None = None) -> Browser:
    """A Chromium whose camera plays the MJPEG film ``camera`` in a loop; without a film it has no camera."""
    flags = list(FLAGS)
    if camera is not None:
        flags += ["--use-fake-device-for-media-stream", f"--use-file-for-fake-video-capture={camera}"]
    return playwright.chromium.launch(executable_path=EXECUTABLE, args=flags)


@contextmanager
def open_page(
    browser: Browser, *, address: str, state: str | None, viewport: dict[str, int] = PHONE
) -> Iterator[tuple[Page, Faults]]:
    """A page of somebody whose sign-in is stored in ``state`` (a file), and the faults it reports."""
    context = browser.new_context(
        base_url=address,
        viewport=viewport,  # type: ignore[arg-type]
        storage_state=state,
        reduced_motion="reduce",
        locale="en-GB",
        permissions=["camera"],
    )
    context.set_default_timeout(15_000)
    faults = Faults()
    page = context.new_page()
    faults.watch(page, address=address)
    try:
        yield page, faults
    finally:
        context.close()


def sign_in(context: BrowserContext, email: str, password: str) -> None:
    """Sign in through the page, as a person does; raises when the page refuses."""
    page = context.new_page()
    page.goto("/accounts/login/")
    page.locator("input[name=login]").fill(email)
    page.locator("input[name=password]").fill(password)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(lambda url: "/accounts/login/" not in url)
    page.close()
