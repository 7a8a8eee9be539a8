"""The real camera path with a real person in front of it: found, streamed, stored, replayed."""

import json
import struct

import numpy as np
import pytest
from playwright.sync_api import expect

from sessions.codec import FRAME
from tests.browser.chromium import DESKTOP, PHONE
from tests.browser.films import NoFilm, human_film
from tests.browser.journey import PATIENT, THERAPIST, answer_pain_after, begin, session_ref

FILMED_S = 6.0
FEWEST_FRAMES_A_SECOND = 3


@pytest.fixture(scope="module")
def camera(browser_with_camera):
    try:
        return browser_with_camera(human_film())
    except NoFilm as error:
        pytest.skip(f"no human film here: {error}")


def test_a_real_person_is_found_streamed_stored_and_replayed(product, person, camera):
    product.run("-m", "tests.browser.write_plan", "north", PATIENT, "squat:1:20:both")
    with person(PATIENT, viewport=PHONE, of=camera) as (page, _):
        begin(page, mode="camera")
        page.get_by_role("button", name="Turn on the camera").click()
        expect(page.locator(".seen__words")).to_contain_text("I can see", timeout=60_000)
        page.get_by_role("button", name="Start now").click()
        expect(page.locator("[data-phase=moving]")).to_be_visible(timeout=15_000)
        page.wait_for_timeout(FILMED_S * 1000)
        page.get_by_role("button", name="End this set").click()
        answer_pain_after(page, pain=1)
        ref = session_ref(page)
    with person(THERAPIST, viewport=DESKTOP) as (page, _):
        page.goto(f"/c/north/sessions/{ref}/")
        frames = stored_frames(page, page.locator("script#review-config").text_content())
        check_frames(frames)
        page.get_by_role("button", name="Play").click()
        expect(page.get_by_role("slider")).not_to_have_value("0", timeout=10_000)


def stored_frames(page, config):
    """The recording of the first set as the therapist's page fetches it."""
    address = json.loads(config)["sets"][0]["frames_url"]
    body = page.request.get(address).body()
    assert struct.unpack_from("<II", body) == (640, 480)
    return np.frombuffer(body, dtype=FRAME, offset=8)


def check_frames(frames):
    """As many frames as a slow browser finds, in order, of a person who is wholly in the picture."""
    assert len(frames) >= FILMED_S * FEWEST_FRAMES_A_SECOND
    assert (np.diff(frames["sequence"].astype(int)) == 1).all()
    assert (np.diff(frames["capture_ms"]) > 0).all()
    found = frames["presence"] > 0.5
    assert found.mean() > 0.9
    nose, ankles = frames["image"][found, 0, 1], frames["image"][found][:, [27, 28], 1].max(axis=1)
    assert np.median(nose) < 0.45
    assert np.median(ankles) > 0.6
    assert (np.median(nose) < np.median(ankles) - 0.3).all()
