"""Two people mark a text in the browser, a third settles it, and the data set is downloaded."""

import json

from playwright.sync_api import expect

from tests.browser.chromium import DESKTOP, PHONE
from tests.browser.pages import ADMIN, THERAPIST

COLLEAGUE = "colleague@north.demo"
ANA, OWEN, RUTH = "Ana Ferreira", "Owen Price", "Ruth Adeyemi"
TEXT = "Mr. Quentin Marlowe has left knee pain 6/10. He denies diabetes. 🙂 Gait training today."


def press(page, *keys):
    for key in keys:
        page.keyboard.press(key)


def choose(page, words):
    """Walk to a word by the arrow key, as somebody without a mouse does."""
    surface = page.get_by_role("application", name="Text to annotate")
    surface.focus()
    chosen = page.locator(".bar__now")
    for _ in range(60):
        if f"“{words}”" in chosen.inner_text():
            return
        page.keyboard.press("ArrowRight")
    raise AssertionError(f"{words} was not reached")


def tap(page, words):
    """Touch a word where it stands on the screen."""
    box = page.get_by_role("application", name="Text to annotate").evaluate(
        """(host, words) => {
            const walker = document.createTreeWalker(host, NodeFilter.SHOW_TEXT);
            for (let node = walker.nextNode(); node; node = walker.nextNode()) {
                const at = node.data.indexOf(words);
                if (at < 0) continue;
                const range = document.createRange();
                range.setStart(node, at);
                range.setEnd(node, at + words.length);
                const box = range.getBoundingClientRect();
                return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
            }
            return null;
        }""",
        words,
    )
    page.mouse.click(box["x"], box["y"])
    expect(page.locator(".bar__now")).to_contain_text(f"“{words}”")


def make_project(page, members):
    page.goto("/c/north/annotation/new/")
    page.get_by_label("Title").fill("Knees in June")
    page.get_by_label("Show what the extractor finds").uncheck()
    page.get_by_role("button", name="Make the project").click()
    for member, part in members:
        page.get_by_label("Colleague").select_option(label=member)
        page.get_by_label("Part").select_option(label=part)
        page.get_by_role("button", name="Add", exact=True).click()
        expect(page.get_by_role("row").filter(has_text=member).filter(has_text=part)).to_be_visible()
    page.get_by_role("link", name="Back to the project").click()


def side_that_marked(difference, words):
    """The key of the side, A or B, that marked these words."""
    first = difference.locator(".settle__side").first.locator("mark").all_text_contents()
    return "a" if words in first else "b"


def test_annotate_settle_and_export(person, tmp_path):
    with person(ADMIN, viewport=DESKTOP) as (page, _):
        make_project(page, [(ANA, "Annotator"), (OWEN, "Annotator"), (RUTH, "Adjudicator")])
        address = page.url
        page.get_by_role("link", name="Add texts").click()
        page.get_by_label("Text").fill(TEXT)
        page.get_by_role("button", name="Add this text").click()
        page.get_by_role("link", name="Check names").first.click()
        expect(page.locator(".check__word").first).to_have_text("Mr. Quentin Marlowe")
        press(page, "r", "Control+Enter")
        page.wait_for_url(address)
    with person(THERAPIST, viewport=DESKTOP) as (page, _):
        page.goto(address)
        page.get_by_role("button", name="Next document").click()
        choose(page, "left")
        press(page, "2")
        choose(page, "knee")
        press(page, "1")
        choose(page, "diabetes")
        press(page, "4", "u", "3", "b")
        choose(page, "Gait")
        press(page, "Shift+ArrowRight", "5")
        expect(page.locator("[data-saved]")).to_have_text("Saved")
        expect(page.locator("mark[data-tag='DX not']")).to_have_text("diabetes")
        press(page, "Control+Enter")
        page.wait_for_url(address)
        expect(page.get_by_text("Handed in. 1 of 1 done.")).to_be_visible()
    with person(COLLEAGUE, viewport=PHONE) as (page, _):
        page.goto(address)
        page.get_by_role("button", name="Next document").click()
        expect(page.locator("mark")).to_have_count(0)
        for words, label in (("left", "Side"), ("diabetes", "Diagnosis")):
            tap(page, words)
            page.locator(".bar__label", has_text=label).click()
        expect(page.locator("[data-saved]")).to_have_text("Saved")
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
        page.get_by_role("button", name="Hand in").click()
        page.wait_for_url(address)
    with person(ADMIN, viewport=DESKTOP) as (page, _):
        page.goto(address)
        page.get_by_role("link", name="Settle").first.click()
        differences = page.locator("[data-difference]")
        expect(differences).to_have_count(3)
        expect(differences.nth(0)).to_be_focused()
        press(page, side_that_marked(differences.nth(0), "knee"), "o")
        editor = page.get_by_role("application", name="Your own spans")
        expect(editor).to_be_focused()
        press(page, "3", "d", "Escape", "n", side_that_marked(differences.nth(2), "Gait training"))
        expect(page.locator("[data-left]")).to_have_text("All decided. Ctrl+Enter settles.")
        press(page, "Control+Enter")
        page.wait_for_url(address)
        page.get_by_role("button", name="Make a data set").click()
        with page.expect_download() as started:
            page.get_by_role("link", name="JSONL").click()
        started.value.save_as(tmp_path / "data.jsonl")
    row = json.loads((tmp_path / "data.jsonl").read_text())
    told = [
        (row["text"][one["start"] : one["end"]], one["label"], one["assertion"]) for one in row["entities"]
    ]
    assert row["text"].startswith("[NAME] has left knee")
    assert told == [
        ("left", "LATERALITY", "present"),
        ("knee", "BODY_REGION", "present"),
        ("diabetes", "DIAGNOSIS", "possible"),
        ("Gait training", "INTERVENTION", "present"),
    ]
