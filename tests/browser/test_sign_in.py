"""Each role lands where it works, and a stranger lands nowhere."""

import pytest
from playwright.sync_api import expect

from tests.browser.chromium import DESKTOP, PHONE


@pytest.mark.parametrize(
    ("email", "viewport", "lands_on", "sees"),
    [
        ("therapist@north.demo", DESKTOP, "/c/north/caseload/", "Harold Bennett"),
        ("patient@north.demo", PHONE, "/c/north/today/", "Start today's session"),
        ("admin@north.demo", DESKTOP, "/c/north/members/", "Ana Ferreira"),
    ],
)
def test_each_role_lands_on_its_own_page(person, product, email, viewport, lands_on, sees):
    with person(email, viewport=viewport) as (page, _):
        page.goto("/")
        assert page.url == product.address + lands_on
        expect(page.get_by_text(sees).first).to_be_visible()


def test_one_person_in_two_clinics_chooses_and_switches(person, product):
    with person("both@plumbline.demo", viewport=DESKTOP) as (page, _):
        page.goto("/")
        page.get_by_role("main").get_by_text("Southgate Rehab").click()
        assert page.url.startswith(f"{product.address}/c/south/")
        page.goto("/clinics/")
        page.get_by_role("main").get_by_text("Northside Physiotherapy").click()
        assert page.url.startswith(f"{product.address}/c/north/")


def test_a_visitor_is_asked_to_sign_in(person, product):
    with person(None) as (page, _):
        page.goto("/c/north/caseload/")
        assert page.url.startswith(f"{product.address}/accounts/login/")


@pytest.mark.parametrize(
    ("stranger", "refusals"),
    [
        ("therapist@south.demo", [404, 404]),
        ("patient2@north.demo", [403, 404]),
        ("colleague@north.demo", [403, 403]),
    ],
)
def test_nobody_else_sees_a_patient_or_a_session(person, stranger, refusals):
    with person("therapist@north.demo", viewport=DESKTOP) as (page, _):
        page.goto("/c/north/caseload/?sort=name")
        patient = page.get_by_role("link", name="Maya Lindqvist", exact=True).get_attribute("href")
        page.goto(patient)
        session = page.locator("main a[href*='/sessions/']").first.get_attribute("href")
    with person(stranger, faults_allowed=True) as (page, _):
        for address, refusal in zip((patient, session), refusals, strict=True):
            answer = page.goto(address)
            assert answer.status == refusal
            assert "Lindqvist" not in page.content()
