"""The avatar in front of the camera does a known number of repetitions: the stored frames give exactly those.

A drawing, not a person: it shows that camera, browser, stream, store and scoring belong together.
"""

import re
from dataclasses import dataclass

import pytest
from playwright.sync_api import expect

from tests.browser.chromium import DESKTOP, PHONE
from tests.browser.films import avatar_film
from tests.browser.journey import PATIENT, THERAPIST, answer_pain_after, begin, session_ref

FAULT_WORDS = re.compile("knee", re.I)
STANDING_S = 1.0


@pytest.fixture(scope="module")
def film():
    return avatar_film()


def film_s(page) -> float:
    """Seconds of the film that the camera has played."""
    return page.locator("video").evaluate("video => video.currentTime")


def wait_for_film(page, until_s: float) -> None:
    page.wait_for_function(
        "until => document.querySelector('video').currentTime >= until", arg=until_s, timeout=60_000
    )


@dataclass
class Shown:
    """What the live screen showed at the end of one set."""

    count: int
    cue: str


def perform(page, acts) -> list[Shown]:
    """Do every set in front of the camera."""
    page.get_by_role("button", name="Turn on the camera").click()
    expect(page.locator(".seen__words")).to_contain_text("I can see you", timeout=60_000)
    shown = []
    for act in acts:
        page.get_by_role("button", name="Skip the rest" if shown else "Start now").click()
        expect(page.locator("[data-phase=moving]")).to_be_visible(timeout=15_000)
        assert film_s(page) < act.begins_s + STANDING_S, "this machine was too slow for the film"
        wait_for_film(page, act.ends_s)
        count = int(page.locator(".ring__number").text_content())
        shown.append(Shown(count, page.locator(".live__cue").text_content()))
        page.get_by_role("button", name="End this set").click()
    return shown


def stored_sets(page, ref):
    """What the therapist's page holds of each set, from the analysis of the stored frames."""
    page.goto(f"/c/north/sessions/{ref}/")
    return page.evaluate("JSON.parse(document.getElementById('review-config').textContent).sets")


def test_the_stored_frames_give_the_drawn_repetitions(product, person, film, browser_with_camera):
    path, acts = film
    plan = ["squat:2:20:both", "shoulder_abduction:1:20:both", "wall_slide:1:20:both"]
    product.run("-m", "tests.browser.write_plan", "north", PATIENT, *plan)
    with person(PATIENT, viewport=PHONE, of=browser_with_camera(path)) as (page, _):
        begin(page, mode="camera")
        shown = perform(page, acts)
        answer_pain_after(page, pain=1)
        ref = session_ref(page)
        expect(page.get_by_text("What went well")).to_be_visible(timeout=30_000)
    with person(THERAPIST, viewport=DESKTOP) as (page, _):
        stored = [one["repetitions"] for one in stored_sets(page, ref)]
    in_sight = [number for number, act in enumerate(acts) if not act.hidden]
    for number in in_sight:
        drawn = acts[number].repetitions
        assert len(stored[number]) == drawn
        assert abs(shown[number].count - drawn) <= 1
        assert all(one["classification"] != "not_scored" for one in stored[number])
    check_the_fault_is_named(stored[0][acts[0].compensated])
    hidden = next(number for number, act in enumerate(acts) if act.hidden)
    assert all(one["classification"] == "not_scored" for one in stored[hidden])
    assert "not scored" in shown[hidden].cue


def check_the_fault_is_named(repetition):
    """The repetition with the drawn fault is not called correct, and words say what was wrong."""
    assert repetition["classification"] in ("mild", "significant")
    assert any(FAULT_WORDS.search(finding["words"]) for finding in repetition["findings"])
