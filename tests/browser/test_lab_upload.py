"""A laboratory's C3D file in a browser: uploaded, read, its findings, its sway from above and its curves."""

import re

import numpy as np
import pytest
from playwright.sync_api import expect

from tests.browser.chromium import DESKTOP, PHONE
from tests.browser.pages import THERAPIST, patient_named
from tests.motion_trend.lab.test_emg import muscle
from tests.motion_trend.lab.write_c3d import PER_FRAME, RATE_HZ, write

SECONDS = 12.0


@pytest.mark.parametrize(("viewport", "load_n"), [(DESKTOP, 420.0), (PHONE, 430.0)], ids=["1440", "390"])
def test_a_laboratory_file_is_uploaded_and_its_sway_is_drawn(person, tmp_path, viewport, load_n):
    t_s = np.arange(round(SECONDS * RATE_HZ * PER_FRAME)) / (RATE_HZ * PER_FRAME)
    file = write(
        tmp_path / "stand.c3d",
        seconds=SECONDS,
        loads_n=(np.full(len(t_s), load_n), np.full(len(t_s), 300.0)),
        centers_mm=np.column_stack([5 * np.sin(t_s), 8 * np.cos(1.3 * t_s)]),
        channels={"L VastLat": muscle(((2.0, 4.0),), seconds=SECONDS)[1]},
    )
    with person(THERAPIST, viewport=viewport) as (page, _):
        page.goto(patient_named("Thomas Okafor", "movement/upload/")(page))
        page.set_input_files("#id_files", file)
        page.get_by_role("button", name="Upload and read").click()
        page.get_by_role("link", name="See the recording").click(timeout=60_000)
        page.wait_for_url(re.compile(r"/recordings/"))
        expect(page.locator("svg.sway__drawing")).to_have_count(2, timeout=60_000)
        expect(page.get_by_role("heading", name="Left and right", exact=True)).to_be_visible()
        expect(page.locator("pl-curves .uplot")).to_have_count(4)
        assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]
