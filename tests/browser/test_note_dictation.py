"""Dictating a note, with an engine that is made up: the real one needs a microphone and files of its maker,
which no test has. What is proved is what the page does with any engine that keeps to the browsers' interface:
it asks for this device alone, shows what is heard, types what is final, and stops.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Page, expect

from tests.browser.pages import ADMIN, THERAPIST
from tests.browser.test_note_editor import DESKTOP, SLOW_MS, begin

ENGINE = """
class MadeUpSpeech extends EventTarget {
  #isLocal = false;
  heard = "";
  static async available({ langs, processLocally }) {
    if (!processLocally) throw new Error("asked about sound that leaves");
    return langs[0] === "en-GB" ? MadeUpSpeech.state : "unavailable";
  }
  static async install({ processLocally }) {
    if (processLocally) MadeUpSpeech.state = "available";
    return processLocally;
  }
  get processLocally() { return this.#isLocal; }
  set processLocally(value) { this.#isLocal = value; }
  start() {
    if (!this.#isLocal) throw new Error("sound would leave");
    window.speech = this;
    queueMicrotask(() => this.dispatchEvent(new Event("start")));
  }
  say(words, isFinal) {
    this.heard = isFinal ? "" : words;
    const result = Object.assign([{ transcript: words }], { isFinal });
    this.dispatchEvent(Object.assign(new Event("result"), { resultIndex: 0, results: [result] }));
  }
  stop() {
    if (this.heard) this.say(this.heard, true);
    this.dispatchEvent(new Event("end"));
  }
  abort() {
    window.aborted = (window.aborted ?? 0) + 1;
    this.dispatchEvent(Object.assign(new Event("error"), { error: "aborted" }));
    this.dispatchEvent(new Event("end"));
  }
  fail(error) {
    this.dispatchEvent(Object.assign(new Event("error"), { error }));
    this.dispatchEvent(new Event("end"));
  }
}
MadeUpSpeech.state = "%s";
window.SpeechRecognition = MadeUpSpeech;
"""


@contextmanager
def dictation_allowed(person) -> Iterator[None]:
    """The clinic allows it for as long as the test needs it."""
    for is_allowed in (True, False):
        with person(ADMIN, viewport=DESKTOP) as (page, _):
            page.goto("/c/north/settings/notes/")
            page.get_by_label("Let people dictate their notes").set_checked(is_allowed)
            page.locator("form", has=page.get_by_label("Let people dictate")).get_by_role("button").click()
            expect(page.get_by_label("Let people dictate their notes")).to_be_checked(checked=is_allowed)
        if is_allowed:
            yield


def say(page: Page, words: str, *, final: bool = True) -> None:
    page.evaluate("([words, final]) => window.speech.say(words, final)", [words, final])


def test_spoken_words_are_typed_shown_first_saved_and_taken_back(person):
    with dictation_allowed(person), person(THERAPIST, viewport=DESKTOP, faults_allowed=True) as (page, _):
        page.add_init_script(ENGINE % "available")
        begin(page)
        area, strip = page.locator("#note-text"), page.locator("[data-part=dictation]")
        area.fill("OBJECTIVE:\n")
        area.press("Control+End")
        page.keyboard.press("Alt+d")
        expect(strip).to_contain_text("Listening, on this device only")
        expect(page.get_by_role("button", name="Stop dictating")).to_have_attribute("aria-pressed", "true")

        say(page, "left knee flexion zero", final=False)
        expect(strip.locator("q")).to_have_text("left knee flexion zero")
        expect(area).to_have_value("OBJECTIVE:\n")
        say(page, "left knee flexion 0 to 95 degrees full stop new line no swelling")
        expect(area).to_have_value("OBJECTIVE:\nLeft knee flexion 0 to 95 degrees.\nNo swelling")
        expect(page.locator("[data-part=findings]")).to_contain_text(
            "left knee flexion 0–95°", timeout=SLOW_MS
        )
        say(page, "comma no warmth")
        expect(area).to_have_value("OBJECTIVE:\nLeft knee flexion 0 to 95 degrees.\nNo swelling, no warmth")
        page.keyboard.press("Control+z")
        expect(area).to_have_value("OBJECTIVE:\nLeft knee flexion 0 to 95 degrees.\nNo swelling")

        say(page, "full stop", final=False)
        page.get_by_role("button", name="Stop dictating").click()
        expect(area).to_have_value("OBJECTIVE:\nLeft knee flexion 0 to 95 degrees.\nNo swelling.")
        expect(strip.get_by_role("status")).to_have_text("Dictation stopped.")
        page.keyboard.press("Control+s")
        expect(page.locator("[data-part=state]")).to_contain_text("Saved", timeout=SLOW_MS)
        page.reload()
        expect(area).to_have_value("OBJECTIVE:\nLeft knee flexion 0 to 95 degrees.\nNo swelling.")


def test_leaving_the_text_stops_it_and_loses_no_word(person):
    with dictation_allowed(person), person(THERAPIST, viewport=DESKTOP, faults_allowed=True) as (page, _):
        page.add_init_script(ENGINE % "available")
        begin(page)
        area, strip = page.locator("#note-text"), page.locator("[data-part=dictation]")
        area.fill("Seen today.")
        area.press("Control+End")
        page.get_by_role("button", name="Dictate").click()
        say(page, "gait is better", final=False)
        page.get_by_role("button", name="Keys").focus()
        expect(strip).to_contain_text("Dictation stopped because you left the text.")
        assert page.evaluate("window.aborted") == 1
        say(page, "after the stop")
        expect(area).to_have_value("Seen today.")
        strip.get_by_role("button", name="Write these words").click()
        expect(area).to_have_value("Seen today. Gait is better")
        expect(strip).to_be_hidden()

        page.get_by_role("button", name="Dictate").click()
        say(page, "a word to the neighbour", final=False)
        page.get_by_role("button", name="Save").focus()
        strip.get_by_role("button", name="Leave them out").click()
        expect(area).to_have_value("Seen today. Gait is better")
        expect(strip).to_be_hidden()

        for leave in ("window.dispatchEvent(new Event('blur'))", "hide()"):
            page.get_by_role("button", name="Dictate").click()
            expect(strip).to_contain_text("Listening")
            page.evaluate(
                """() => { window.hide = () => {
                    Object.defineProperty(document, "hidden", { value: true, configurable: true });
                    document.dispatchEvent(new Event("visibilitychange"));
                    delete document.hidden;
                } }"""
            )
            page.evaluate(leave)
            expect(strip).to_contain_text("Dictation stopped because you left the text.")

        page.get_by_role("button", name="Dictate").click()
        page.evaluate("window.speech.fail('not-allowed')")
        expect(strip).to_contain_text("The microphone was not allowed.")

        area.press("Control+End")
        page.get_by_role("button", name="Dictate").click()
        say(page, "home programme given", final=False)
        page.keyboard.press("Control+Enter")
        page.wait_for_url("**/sign/")
        expect(page.locator("main")).to_contain_text("Gait is better home programme given")


def test_nothing_is_fetched_before_the_person_agrees(person):
    with dictation_allowed(person), person(THERAPIST, viewport=DESKTOP, faults_allowed=True) as (page, _):
        page.add_init_script(ENGINE % "downloadable")
        begin(page)
        strip, button = page.locator("[data-part=dictation]"), page.get_by_role("button", name="Dictate")
        button.click()
        dialog = page.get_by_role("dialog", name="Dictation needs a download, once")
        dialog.get_by_role("button", name="Not now").click()
        assert page.evaluate("window.SpeechRecognition.state") == "downloadable"
        expect(strip).to_be_hidden()
        button.click()
        dialog.get_by_role("button", name="Let the browser fetch it").click()
        expect(strip.get_by_role("status")).to_have_text("Ready: press Dictate.")
        button.click()
        expect(strip).to_contain_text("Listening")


def test_where_the_browser_cannot_or_the_clinic_does_not_allow_it_there_is_no_button(person):
    with person(THERAPIST, viewport=DESKTOP) as (page, _):
        page.add_init_script(ENGINE % "available")
        begin(page)
        expect(page.locator("[data-part=dictate]")).to_have_count(0)
    with dictation_allowed(person), person(THERAPIST, viewport=DESKTOP) as (page, _):
        page.add_init_script("delete window.SpeechRecognition; delete window.webkitSpeechRecognition;")
        begin(page)
        expect(page.locator("[data-part=dictation-why]")).to_contain_text("sends no sound anywhere")
        expect(page.locator("[data-part=dictate]")).to_be_hidden()
