"""The avatar in front of the camera does a known number of repetitions: the stored frames give exactly those.

A drawing, not a person: it shows that camera, browser, stream, store and scoring belong together.
"""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.chromium import DESKTOP, PHONE
from tests.browser.films import avatar_film
from tests.browser.journey import PATIENT, THERAPIST, answer_pain_after, begin, session_ref

FAULT_WORDS = re.compile("knee", re.I)
AFTER_THE_LAST_S = 1.5


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


def perform(page, acts) -> list[int]:
    """Do every set in front of the camera; answers what the live screen had counted at the end of each."""
    page.get_by_role("button", name="Turn on the camera").click()
    expect(page.locator(".seen__words")).to_contain_text("I can see you", timeout=60_000)
    live = []
    for number, act in enumerate(acts):
        if number == 0:
            page.get_by_role("button", name="Start now").click()
        else:
            page.get_by_role("button", name="Skip the rest").click()
        expect(page.locator("[data-phase=moving]")).to_be_visible(timeout=15_000)
        assert film_s(page) < act.begins_s, "this machine was too slow for the film"
        wait_for_film(page, act.ends_s - 1.2 + AFTER_THE_LAST_S)
        live.append(int(page.locator(".ring__number").text_content()))
        page.get_by_role("button", name="End this set").click()
    return live


def test_the_stored_frames_give_the_drawn_repetitions(product, person, film, browser_with_camera):
    path, acts = film
    plan = ["squat:2:20:both", "shoulder_abduction:1:20:both", "wall_slide:1:20:both"]
    product.run("-m", "tests.browser.write_plan", "north", PATIENT, *plan)
    with person(PATIENT, viewport=PHONE, of=browser_with_camera(path)) as (page, _):
        begin(page, mode="camera")
        live = perform(page, acts)
        answer_pain_after(page, pain=1)
        ref = session_ref(page)
        expect(page.get_by_text("What went well")).to_be_visible(timeout=30_000)
    with person(THERAPIST, viewport=DESKTOP) as (page, _):
        page.goto(f"/c/north/sessions/{ref}/")
        sets = page.evaluate("JSON.parse(document.getElementById('review-config').textContent).sets")
    drawn = [act.repetitions for act in acts]
    stored = [len(one["repetitions"]) for one in sets]
    assert stored == drawn
    assert all(abs(shown - true) <= 1 for shown, true in zip(live, drawn, strict=True))
    squats, hidden, raises, slides = (one["repetitions"] for one in sets)
    poor = squats[acts[0].compensated]
    assert poor["classification"] in ("mild", "significant")
    assert any(FAULT_WORDS.search(finding["words"]) for finding in poor["findings"])
    assert all(one["classification"] != "not_scored" for one in [*squats, *raises, *slides])
    assert {one["classification"] for one in hidden} == {"not_scored"}
    assert "left" in hidden[0]["reason"]
