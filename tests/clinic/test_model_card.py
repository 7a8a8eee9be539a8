"""A model card becomes headings, words, lists and tables; nothing in it becomes markup."""

from django.template.loader import render_to_string
from hypothesis import given
from hypothesis import strategies as st

from clinic.model_register.card import card_blocks

CARD = """# Note model 1

Finds ten labels
in **notes**.

| | |
|---|---|
| encoder | `MiniLM` |
| notes | 54 |

## Limits

- English only, and
  nothing else.
- <script>alert(1)</script>

| label | F1 |
|---|---:|
| ROM | 0.97 |
After the table.

```
make model
```
"""


def told(card: str) -> list[tuple[str, list[list[str]]]]:
    return [(one.kind, one.rows) for one in card_blocks(card)]


def test_a_card_is_read_block_by_block():
    assert told(CARD) == [
        ("heading", [["Note model 1"]]),
        ("text", [["Finds ten labels in notes."]]),
        ("table", [["", ""], ["encoder", "MiniLM"], ["notes", "54"]]),
        ("heading", [["Limits"]]),
        ("list", [["English only, and nothing else."], ["<script>alert(1)</script>"]]),
        ("table", [["label", "F1"], ["ROM", "0.97"]]),
        ("text", [["After the table."]]),
        ("code", [["make model"]]),
    ]
    heads = [one.head for one in card_blocks(CARD) if one.kind == "table"]
    assert heads == [[], ["label", "F1"]]


def test_the_page_escapes_it():
    page = render_to_string("clinic/_model_card.html", {"blocks": card_blocks(CARD)})
    assert "&lt;script&gt;" in page and "<script>" not in page
    assert page.count("<tr>") == 4 and "**" not in page and "| ROM" not in page


@given(st.text(alphabet="#|-*` ab\n:", max_size=80))
def test_no_card_breaks_it_and_no_word_is_lost(card: str):
    kept = "".join(cell for block in card_blocks(card) for row in block.rows for cell in row)
    assert kept.count("a") == card.count("a") or "```" in card
