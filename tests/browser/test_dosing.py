"""From rising pain to a changed dose, in a real browser: the patient without scripts, the therapist with."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Page, expect

from tests.browser.chromium import DESKTOP, PHONE
from tests.browser.journey import PATIENT, THERAPIST
from tests.browser.pages import patient_named

BETH = "Beth Carver"


@pytest.fixture
def squats_for_beth(product):
    """Beth's plan is two sets of eight squats, and nothing of an earlier test holds her."""
    product.run("-m", "tests.browser.settle_patient", "north", PATIENT)
    product.run("-m", "tests.browser.write_plan", "north", PATIENT, "squat:2:8:both")


@pytest.fixture
def without_scripts(product, browser, signed_in_state):
    """A page of a person whose browser runs no scripts."""

    @contextmanager
    def opened(email: str) -> Iterator[Page]:
        context = browser.new_context(
            base_url=product.address,
            storage_state=signed_in_state(email),
            viewport=PHONE,
            java_script_enabled=False,
            locale="en-GB",
        )
        context.set_default_timeout(15_000)
        yield context.new_page()
        context.close()

    return opened


def exercise(page: Page, *, before: int, after: int) -> None:
    """A whole session by hand: every set as planned, and how it felt."""
    page.goto("/c/north/sessions/start/")
    page.locator(f"input[name=pain][value='{before}']").check(force=True)
    page.locator("input[name=mode][value='tap']").check(force=True)
    page.get_by_role("button", name="Start", exact=True).click()
    page.wait_for_url("**/live/")
    done = page.get_by_role("button", name="Done")
    while "/live/" in page.url and done.count():
        with page.expect_navigation():
            done.first.click()
    if "/live/" in page.url:
        page.get_by_role("link", name="I am done for today").click()
    page.wait_for_url("**/pain/after/")
    page.locator(f"input[name=pain][value='{after}']").check(force=True)
    page.get_by_role("button", name="See how it went").click()
    page.wait_for_url("**/summary/")


def open_plan(page: Page) -> str:
    address = patient_named(BETH, "prescription/")(page)
    page.goto(address)
    return address


def test_rising_pain_is_proposed_edited_seen_and_logged(person, without_scripts, squats_for_beth):
    with without_scripts(PATIENT) as page:
        for before, after in ((1, 2), (2, 4), (4, 7)):
            exercise(page, before=before, after=after)
    with person(THERAPIST, viewport=DESKTOP) as (page, _):
        open_plan(page)
        proposal = page.locator(".proposal")
        expect(proposal).to_have_count(1)
        expect(proposal).to_contain_text(re.compile("step back", re.I))
        expect(proposal).to_contain_text("Pain 7 of 10 after")
        expect(proposal).to_contain_text("Easier")
        proposal.locator("summary", has_text="Edit").press("Enter")
        proposal.get_by_label("Repetitions").fill("4")
        proposal.get_by_label("Why").fill("Half for a week, then we look again")
        proposal.get_by_role("button", name="Use this dose").press("Enter")
        page.wait_for_url("**/prescription/?decided=*")
        expect(page.locator(".decided")).to_contain_text("Changed and accepted")
        expect(page.locator("article", has_text="Squat")).to_contain_text(re.compile(r"sets? of 4"))
        page.locator(".decided").get_by_role("link", name="Log").click()
        row = page.locator("tr", has_text="Half for a week, then we look again").first
        expect(row).to_contain_text("2 sets of 8")
        row.locator("summary").click()
        expect(row).to_contain_text("Pain passed its limit")
    with without_scripts(PATIENT) as page:
        page.goto("/c/north/today/")
        expect(page.locator("main")).to_contain_text(re.compile(r"sets? of 4"))


def test_who_was_faster_is_said_and_an_accepted_dose_is_taken_back(person, without_scripts, squats_for_beth):
    with without_scripts(PATIENT) as page:
        exercise(page, before=3, after=7)
    with person(THERAPIST, viewport=DESKTOP, faults_allowed=True) as (first, _):
        address = open_plan(first)
        second = first.context.new_page()
        second.goto(address)
        first.get_by_role("button", name=re.compile(r"^Accept")).click()
        first.wait_for_url("**/prescription/?decided=*")
        proposal = second.locator(".proposal")
        proposal.locator("summary", has_text="Edit").click()
        proposal.get_by_label("Repetitions").fill("15")
        proposal.get_by_label("Why").fill("More")
        proposal.get_by_role("button", name="Use this dose").click()
        expect(second.get_by_role("alert")).to_contain_text("Nothing was changed.")
        expect(second.get_by_role("alert")).to_contain_text("accepted this proposal")
        plan = first.locator("article", has_text="Squat")
        expect(plan).not_to_contain_text("2 sets of 8, rest")
        first.locator(".decided").get_by_role("button", name="Undo").click()
        expect(plan).to_contain_text("2 sets of 8, rest")
        expect(first.get_by_text("Taken back. The dose is again what it was before.")).to_be_visible()


def test_a_plan_closed_meanwhile_is_said(person, without_scripts, squats_for_beth):
    with without_scripts(PATIENT) as page:
        exercise(page, before=3, after=7)
    with person(THERAPIST, viewport=DESKTOP, faults_allowed=True) as (first, _):
        address = open_plan(first)
        second = first.context.new_page()
        second.goto(address)
        second.get_by_role("button", name="End this plan").click()
        second.get_by_role("dialog").get_by_role("button", name="End this plan").click()
        expect(second.get_by_text("The plan has ended.")).to_be_visible()
        first.get_by_role("button", name=re.compile(r"^Accept")).click()
        expect(first.get_by_role("alert")).to_contain_text("Nothing was changed.")
        expect(first.get_by_text("No plan yet")).to_be_visible()
