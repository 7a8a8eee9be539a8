"""The error browser as one page."""

from html.parser import HTMLParser

from notes.clini_note_extractor import Extraction, Note
from notes.clini_note_extractor.evaluation import error_page, evaluate_extractions
from tests.clini_note_extractor.evaluation.annotated import entity

TEXT = "Left knee <b>arthritis</b> & no stroke. Gait training."
VOID = {"meta", "input"}


class Tree(HTMLParser):
    """Checks that tags close in order, and keeps attributes and words."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words += data


def page() -> Tree:
    note = Note("<n1>", TEXT, (entity(5, 22, "DIAGNOSIS"), entity(40, 53, "INTERVENTION")))
    found = (entity(10, 26, "DIAGNOSIS"), entity(32, 38, "DIAGNOSIS", "negated"))
    report = evaluate_extractions(
        [note],
        lambda _: Extraction(found, probabilities={found[1].span: 0.61}),
        system="rules",
        version="1<2",
    )
    tree = Tree()
    tree.feed(error_page(report))
    assert tree.open == []
    return tree


def test_words_of_notes_are_words_only() -> None:
    tree = page()
    assert not any(tag == "b" for tag, _ in tree.tags)
    assert "Left knee <b>arthritis</b> & no stroke." in tree.words
    assert "Note <n1>, from character 5: annotated" in tree.words
    assert (
        "annotated “knee <b>arthritis” DIAGNOSIS, present; found “<b>arthritis</b>” DIAGNOSIS" in tree.words
    )
    assert "probability 0.61" in tree.words


def test_it_warns_before_it_quotes() -> None:
    words = page().words
    assert 0 < words.index("This page quotes clinical notes") < words.index("arthritis")


def test_it_needs_nothing_else() -> None:
    tree = page()
    assert not {"script", "link", "img", "iframe"} & {tag for tag, _ in tree.tags}
    assert all(attrs.get("href", "#").startswith("#") for _, attrs in tree.tags)  # type: ignore[union-attr]
    assert not any(name.startswith("on") or name == "src" for _, attrs in tree.tags for name in attrs)
    policies = [attrs["content"] for tag, attrs in tree.tags if attrs.get("http-equiv")]
    assert policies == ["default-src 'none'; style-src 'unsafe-inline'"]


def test_every_number_leads_to_its_errors_and_every_filter_hides_some() -> None:
    tree = page()
    ids = [attrs["id"] for _, attrs in tree.tags if "id" in attrs]
    targets = [attrs["href"].removeprefix("#") for tag, attrs in tree.tags if tag == "a"]  # type: ignore[union-attr]
    assert len(ids) == len(set(ids))
    assert set(targets) <= set(ids)
    assert targets[1:] == ["spurious-DIAGNOSIS", "border-DIAGNOSIS", "missed-INTERVENTION"]
    classes = {name for _, attrs in tree.tags for name in (attrs.get("class") or "").split()}
    boxes = [one.removeprefix("show-") for one in ids if one and one.startswith("show-")]
    assert {"missed", "spurious", "border", "DIAGNOSIS", "INTERVENTION"} <= set(boxes)
    assert {f"of-{one}" for one in boxes} >= {one for one in classes if one.startswith("of-")}
    for one in boxes:
        assert f"body:has(#show-{one}:not(:checked)) .of-{one}{{display:none}}" in tree.words


def test_without_errors_it_says_so() -> None:
    report = evaluate_extractions([Note("a", TEXT)], lambda _: Extraction(()), system="rules", version="1")
    assert "0 errors" in error_page(report)
