"""Squats counted by a sensor that sends by itself, from the key to the summary. A thread is the gateway."""

import json
import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.request import Request, urlopen
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from sessions.motion_trend.live.virtual import SimulatedSet, simulate_set
from tests.browser.chromium import PHONE
from tests.browser.journey import PATIENT, answer_pain_after, begin
from tests.browser.walks import hurry

BATCH_S, RATE_HZ = 0.5, 60.0


@pytest.fixture
def squats_for_beth(product):
    """Beth's plan is one set of four squats."""
    product.run("-m", "tests.browser.write_plan", "north", PATIENT, "squat:1:4:both")


class Gateway:
    """A sensor on the right thigh: stands, and squats once its wearer has begun a set."""

    def __init__(self, address: str, key: str) -> None:
        self.address, self.key = f"{address}/devices/north/batches/", key
        plan = SimulatedSet(repetitions=4, forward_deg=80.0, lever_m=0.25, rate_hz=RATE_HZ, still_s=3.0)
        self.samples = simulate_set(plan, seed=5)
        self.states: list[dict[str, object]] = []

    def ask(self, body: bytes | None = None, **headers: str) -> dict[str, object]:
        """One request with the sensor's key; a body is a batch."""
        said = {"Authorization": f"Bearer {self.key}", "Idempotency-Key": str(uuid4())}
        said |= {"Content-Type": "application/json", **headers}
        with urlopen(Request(self.address, data=body, headers=said), timeout=10) as answer:  # noqa: S310
            return json.loads(answer.read())

    def run(self, over: threading.Event) -> None:
        """Ask until a set is named, then send its squats, half a second at a time."""
        while not over.is_set() and self.ask()["set"] is None:
            time.sleep(0.2)
        running, began_ms = self.ask()["set"], time.time() * 1000.0
        size = int(BATCH_S * RATE_HZ)
        for at in range(0, len(self.samples.t_ms), size):
            part = slice(at, at + size)
            while time.time() * 1000.0 < began_ms + self.samples.t_ms[part][-1]:
                time.sleep(0.05)
            answer = self.ask(self.batch(part, began_ms), **{"X-Exercise-Set": str(running)})
            self.states.append(answer["state"])
            if over.is_set() or answer["set"] != running:
                return

    def batch(self, part: slice, began_ms: float) -> bytes:
        """A part of the squats as JSON, as if they had begun at ``began_ms``."""
        body = {
            "t_ms": (began_ms + self.samples.t_ms[part]).tolist(),
            "acceleration": self.samples.acceleration[part].tolist(),
            "acceleration_unit": "m/s2",
            "angular_velocity": self.samples.angular_velocity[part].tolist(),
            "angular_velocity_unit": "rad/s",
        }
        return json.dumps(body).encode()


@contextmanager
def sending(gateway: Gateway) -> Iterator[None]:
    """The gateway sends beside the test."""
    over = threading.Event()
    thread = threading.Thread(target=gateway.run, args=[over])
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join(timeout=20)


def add_a_sensor(page: Page) -> str:
    """The patient adds a sensor and reads its key."""
    page.goto("/c/north/movement/devices/")
    agree = page.get_by_role("button", name="I agree")
    if agree.count():
        agree.click()
    page.get_by_text("Add a sensor", exact=True).click()
    page.get_by_label("What do you call it?").fill("Green sensor")
    page.get_by_label("What is it?").select_option("metamotion")
    page.get_by_label("Where do you wear it?").select_option("right_thigh")
    page.get_by_role("button", name="Add this sensor").click()
    return page.get_by_label("Key").input_value()


def test_a_worn_sensor_hears_of_the_set_and_counts_it(person, product, squats_for_beth):
    with person(PATIENT, viewport=PHONE) as (page, _):
        gateway = Gateway(product.address, add_a_sensor(page))
        begin(page, mode="sensor")
        page.get_by_role("button", name="My worn sensor counts").click()
        page.get_by_role("button", name="It is in place").click()
        with sending(gateway):
            expect(page.locator(".live__sensor-count")).to_have_text(re.compile("[1-4]"), timeout=40_000)
            answer_pain_after(page, pain=1)
        expect(page.locator("#summary")).to_contain_text("4 times", timeout=20_000)
        assert gateway.states[-1]["count"] == 4


def test_a_silent_sensor_is_not_trusted_in_silence(person, squats_for_beth):
    with person(PATIENT, viewport=PHONE) as (page, _):
        add_a_sensor(page)
        hurry(page)
        begin(page, mode="sensor")
        page.get_by_role("button", name="My worn sensor counts").click()
        page.get_by_role("button", name="It is in place").click()
        expect(page.get_by_text("Nothing comes from your sensor")).to_be_visible(timeout=20_000)
        page.get_by_role("button", name=re.compile("Count by tapping")).click()
        page.locator(".tap-pad").click(timeout=20_000)
        expect(page.locator(".tap-pad__number")).to_have_text("1")
