"""The chat in a real browser: walked through, stopped by pain, told of danger, answered by a person."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.chromium import DESKTOP, PHONE
from tests.browser.product import Product
from tests.browser.test_every_page import accessibility_faults
from tests.browser.test_note_dictation import ENGINE
from tests.browser.test_note_dictation import say as hear

# Nobody else's test holds this patient's exercise.
PATIENT, THERAPIST = "patient@south.demo", "therapist@south.demo"
ASK = "/c/south/assistant/"
ANSWERED_MS = 30_000
LEAST_TARGET_PX = 44


@pytest.fixture
def squats(product):
    """Hana's plan is two sets of three squats, and nothing is open of her."""
    product.run("-m", "tests.browser.settle_patient", "south", PATIENT)
    product.run("-m", "tests.browser.write_plan", "south", PATIENT, "squat:2:3:both")


@pytest.fixture
def voice_allowed(product) -> Iterator[None]:
    product.run("-m", "tests.browser.allow_voice", "south", "yes")
    yield
    product.run("-m", "tests.browser.allow_voice", "south", "no")


def say(page: Page, words: str) -> None:
    page.get_by_label("What do you want to say?").fill(words)
    page.keyboard.press("Enter")


def tap_face(page: Page, pain: int) -> None:
    page.locator(f"input[name=pain][value='{pain}']").check(force=True)
    page.locator("form", has=page.locator("input[name=pain]")).get_by_role("button", name="Send").click()


def newest(page: Page, author: str = "assistant"):
    return page.locator(f"[data-turn][data-author={author}]").last


def check_both_widths(page: Page) -> None:
    """Open to everybody and whole, on a phone and on a desk."""
    for viewport in (DESKTOP, PHONE):
        page.set_viewport_size(viewport)
        assert accessibility_faults(page) == []
        assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0


@contextmanager
def without_scripts(browser: Browser, product: Product, state: str) -> Iterator[Page]:
    context = browser.new_context(
        base_url=product.address, viewport=PHONE, storage_state=state, java_script_enabled=False
    )
    context.set_default_timeout(ANSWERED_MS)
    try:
        yield context.new_page()
    finally:
        context.close()


def test_walked_through_stopped_by_pain_told_of_danger_and_answered_by_a_person(person, squats):
    with person(PATIENT, viewport=PHONE) as (page, _):
        page.goto("/c/south/today/")
        page.get_by_role("button", name="Walk me through it").click()
        expect(page.get_by_role("heading", name="Before you start")).to_be_visible(timeout=ANSWERED_MS)
        tap_face(page, 2)
        card = page.locator(".chat__walk")
        expect(card).to_contain_text("Set 1 of 2", timeout=ANSWERED_MS)
        for target in card.get_by_role("button").all():
            box = target.bounding_box()
            assert min(box["width"], box["height"]) >= LEAST_TARGET_PX
        check_both_widths(page)
        card.get_by_role("button", name="Done", exact=True).click()
        card.get_by_role("button", name="Right", exact=True).click()
        expect(card).to_contain_text("How much does it hurt now?")
        tap_face(page, 7)
        expect(newest(page)).to_contain_text("Pain 7, over 5")
        expect(newest(page)).to_contain_text("I told your therapist")
        expect(card).to_have_count(0)

        say(page, "and my left calf is hot, red and swollen since last night")
        danger = page.locator("[data-danger]")
        expect(danger.get_by_role("link", name="Call 112")).to_be_visible(timeout=ANSWERED_MS)
        expect(page.locator("[data-part=assertive]")).to_contain_text("112")
        expect(page.get_by_label("What do you want to say?")).to_be_focused()
        expect(page.get_by_role("button", name="Start over")).to_have_count(0)
        check_both_widths(page)

        with person(THERAPIST, viewport=DESKTOP) as (desk, _):
            desk.goto("/c/south/caseload/?sort=name")
            row = desk.locator("tr", has_text="Hana Svoboda")
            patient_page = row.get_by_role("link", name="Hana Svoboda", exact=True).get_attribute("href")
            row.get_by_role("link", name=re.compile("alert", re.I)).first.click()
            alert = desk.url
            expect(desk.get_by_text("left calf is hot, red and swollen").first).to_be_visible()
            desk.get_by_role("button", name="I have seen it").click()
            expect(danger).to_contain_text("Marek Novak has seen it", timeout=ANSWERED_MS)

            desk.goto(f"{patient_page}conversations/")
            desk.locator("main a[href^='/c/south/conversations/']").first.click()
            desk.get_by_role("textbox").fill("I have called the hospital for you. They wait for you, Hana.")
            desk.get_by_role("button", name="Send").click()
            expect(newest(page, "person")).to_contain_text("They wait for you, Hana.", timeout=ANSWERED_MS)
            expect(newest(page, "person")).to_contain_text("Marek Novak")
            check_both_widths(page)

            desk.goto(alert)
            desk.get_by_label("What you did").fill("Seen in hospital, no clot.")
            desk.get_by_label("The patient may exercise again").check()
            desk.get_by_role("button", name="Close with this outcome").click()
        page.reload()
        expect(newest(page)).to_contain_text("You can ask me again.")


def test_a_question_is_answered_from_the_plan_without_leaving_the_page(person, squats):
    with person(PATIENT, viewport=PHONE) as (page, _):
        page.goto(ASK)
        box = page.get_by_label("What do you want to say?")
        box.fill("how do I do")
        page.keyboard.press("Shift+Enter")
        page.keyboard.type("the squat?")
        expect(box).to_have_value("how do I do\nthe squat?")
        page.keyboard.press("Enter")
        expect(newest(page)).to_contain_text("from Squat, how to", timeout=ANSWERED_MS)
        expect(page.locator("[data-turn] pl-figure svg")).to_be_visible()
        expect(page.locator("[data-part=polite]")).not_to_be_empty()
        expect(box).to_have_value("")
        expect(box).to_be_focused()
        assert page.evaluate("JSON.stringify([localStorage, sessionStorage])") == "[{},{}]"
        check_both_widths(page)
        page.get_by_role("button", name=re.compile("^Yes")).click()
        expect(page.get_by_text("Thank you. Your care team sees this.")).to_be_visible()
        page.get_by_role("button", name="Start over").click()
        page.get_by_role("dialog").get_by_role("button", name="Start over").click()
        expect(page.get_by_role("heading", name="What do you want to know?")).to_be_visible()
        expect(page.locator("[data-turn]")).to_have_count(0)


def test_a_lost_line_keeps_the_words(person, squats):
    with person(PATIENT, viewport=PHONE, faults_allowed=True) as (page, _):
        page.goto(ASK)
        page.context.set_offline(True)
        say(page, "what do I do today?")
        expect(page.get_by_text("That was not sent. Your words are still here.")).to_be_visible()
        box = page.get_by_label("What do you want to say?")
        expect(box).to_have_value("what do I do today?")
        expect(page.locator("[data-turn]")).to_have_count(0)
        page.context.set_offline(False)
        page.get_by_role("button", name="Send", exact=True).click()
        expect(newest(page)).to_contain_text("Squat", timeout=ANSWERED_MS)
        expect(box).to_have_value("")
        expect(page.get_by_text("That was not sent.")).to_be_hidden()


def test_spoken_words_stay_on_the_device_and_are_sent_like_typed_ones(person, squats, voice_allowed):
    with person(PATIENT, viewport=PHONE) as (page, _):
        page.add_init_script(ENGINE % "available")
        page.goto(ASK)
        page.get_by_role("button", name="Dictate").click()
        expect(page.get_by_text("Listening, on this device only")).to_be_visible()
        check_both_widths(page)
        hear(page, "what do I do today")
        expect(page.get_by_label("What do you want to say?")).to_have_value("What do I do today")
        page.get_by_role("button", name="Send", exact=True).click()
        expect(newest(page)).to_contain_text("Squat", timeout=ANSWERED_MS)
        expect(page.get_by_text("Dictation stopped.")).to_be_visible()


def test_a_browser_that_would_send_sound_away_gets_no_button(person, squats, voice_allowed):
    with person(PATIENT, viewport=PHONE) as (page, _):
        page.add_init_script("window.SpeechRecognition = window.webkitSpeechRecognition = class {};")
        page.goto(ASK)
        expect(page.get_by_text("this browser cannot turn speech into text on this device")).to_be_visible()
        expect(page.get_by_role("button", name="Dictate")).to_have_count(0)


def test_without_scripts_everything_can_be_sent(browser, product, signed_in_state, squats):
    with without_scripts(browser, product, signed_in_state(PATIENT)) as page:
        page.goto(ASK)
        page.get_by_role("button", name="What do I do today?").click()
        expect(newest(page, "patient")).to_contain_text("What do I do today?")
        expect(newest(page)).to_contain_text("Squat")
        page.get_by_label("What do you want to say?").fill("Walk me through my exercises")
        page.get_by_role("button", name="Send", exact=True).last.click()
        tap_face(page, 1)
        expect(page.locator(".chat__walk")).to_contain_text("Set 1 of 2")
        page.get_by_role("button", name="Stop for today").click()
        expect(page.locator(".chat__walk")).to_have_count(0)
