"""Two people mark a text in the browser, a third settles it; a model learns from it and is put in use."""

import json
import re

from playwright.sync_api import expect

from tests.browser.chromium import DESKTOP, PHONE
from tests.browser.pages import ADMIN, THERAPIST

COLLEAGUE = "colleague@north.demo"
ANA, OWEN, RUTH = "Ana Ferreira", "Owen Price", "Ruth Adeyemi"
TEXT = "Mr. Quentin Marlowe has left knee pain 6/10. He denies diabetes. 🙂 Gait training today."
# Settled elsewhere. By the hashes of their texts the first and the last measure a model, the second teaches.
HOPS = (
    ("hop-1", "Right knee pain 4/10 on the stairs. The brook hop took 12 seconds."),
    ("hop-2", "Right knee pain 4/10 on the ward. The brook hop took 12 seconds."),
    ("hop-3", "Right knee pain 4/10 on the bike. The brook hop took 12 seconds."),
)


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


def annotate_by_keyboard(page, address):
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


def annotate_by_touch(page, address):
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


def settle(page, address):
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


def hop_row(name, text):
    """A line of a file in which the clinic's own test and the knee are marked."""
    spans = [("knee", "BODY_REGION"), ("brook hop", "OUTCOME_MEASURE")]
    entities = [
        {"start": text.index(words), "end": text.index(words) + len(words), "label": label,
         "assertion": "present"} for words, label in spans
    ]  # fmt: skip
    return json.dumps({"id": name, "text": text, "entities": entities})


def bring_settled_texts(page, address):
    """Send texts that were annotated elsewhere; each is looked at for names all the same."""
    content = "\n".join(hop_row(name, text) for name, text in HOPS).encode()
    page.goto(address)
    page.get_by_role("link", name="Add texts").click()
    file = {"name": "hops.jsonl", "mimeType": "application/x-ndjson", "buffer": content}
    page.get_by_label("File").set_input_files(file)
    page.get_by_role("button", name="Send the file").click()
    page.goto(address)
    page.get_by_role("link", name="Check names").first.click()
    for name, _ in HOPS:
        expect(page.get_by_role("heading", level=1)).to_contain_text(name)
        page.get_by_role("button", name="Replace and open for annotation").click()
    page.wait_for_url(address)


def download_data_set(page, path):
    page.get_by_role("button", name="Make a data set").click()
    with page.expect_download() as started:
        page.get_by_role("link", name="JSONL").click()
    started.value.save_as(path)
    rows = [json.loads(line) for line in path.read_text().splitlines()]
    return {row["text"]: row["entities"] for row in rows}


def put_in_use(page, version, reason):
    """Open a version from the settings and let it run; returns the page's address."""
    page.goto("/c/north/settings/")
    page.get_by_role("link", name="Models").click()
    page.get_by_role("link", name=version, exact=True).click()
    page.get_by_label("Why").fill(reason)
    page.get_by_role("button", name="Put in use").click()
    expect(page.get_by_text(f"Version {version} runs from now on.")).to_be_visible()
    return page.url


def switch_off(page):
    page.get_by_label("Why").fill("Only tried.")
    page.get_by_role("button", name="Switch off").click()
    page.get_by_role("dialog").get_by_role("button", name="Switch off").click()
    expect(page.get_by_text("is switched off.")).to_be_visible()


def released_version(page):
    """The version that ships and runs before anything is decided."""
    page.goto("/c/north/settings/models/")
    versions = page.get_by_role("region", name="Versions of CliniNoteExtractor")
    running = versions.get_by_role("row").filter(has=page.get_by_role("cell", name="In use", exact=True))
    return running.get_by_role("link").inner_text()


def test_annotate_settle_export_retrain_and_promote(person, product, tmp_path):
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
        annotate_by_keyboard(page, address)
    with person(COLLEAGUE, viewport=PHONE) as (page, _):
        annotate_by_touch(page, address)
    with person(ADMIN, viewport=DESKTOP) as (page, _):
        settle(page, address)
        bring_settled_texts(page, address)
        texts = download_data_set(page, tmp_path / "data.jsonl")
    assert {text for _, text in HOPS} < texts.keys()
    own = next(text for text in texts if text.startswith("[NAME] has left knee"))
    told = [(own[one["start"] : one["end"]], one["label"], one["assertion"]) for one in texts[own]]
    assert told == [
        ("left", "LATERALITY", "present"),
        ("knee", "BODY_REGION", "present"),
        ("diabetes", "DIAGNOSIS", "possible"),
        ("Gait training", "INTERVENTION", "present"),
    ]
    said = product.run("manage.py", "retrain_note_extractor", "--clinic", "north", "--quick")
    version = re.search(r"Registered (\S+):", said).group(1)
    see_and_promote(person, version)


def see_and_promote(person, version):
    """The admin compares and promotes; a member sees each error in its sentence; the old one comes back."""
    with person(ADMIN, viewport=DESKTOP) as (page, _):
        before = released_version(page)
        page.get_by_role("link", name=version, exact=True).click()
        expect(page.get_by_text(re.compile(rf"^Against .*{re.escape(before)} on 2 notes"))).to_be_visible()
        expect(page.get_by_text("2 documents learned from, 2 kept for measuring")).to_be_visible()
        page.get_by_role("link", name="See its errors one by one").click()
        expect(page.get_by_role("row").filter(has_text="OUTCOME_MEASURE")).to_be_visible()
        errors = page.url
        model = put_in_use(page, version, "Knows the hop.")
        expect(page.locator(".chip--on", has_text="In use")).to_be_visible()
        expect(page.get_by_text("Ruth Adeyemi").first).to_be_visible()
    with person(THERAPIST, viewport=PHONE) as (page, _):
        page.goto(errors)
        expect(page.locator("article mark", has_text="brook hop").first).to_be_visible()
    with person(ADMIN, viewport=DESKTOP) as (page, _):
        page.goto(model)
        switch_off(page)
        page.goto("/c/north/settings/models/")
        expect(page.get_by_text("No model runs")).to_be_visible()
        put_in_use(page, before, "Back to what ships.")
