"""Annotated notes as CoNLL: one token a line, BIO tags, and offsets that survive.

    # id = "n1"
    # text = "Left knee 0-105.\\n"
    Left    B-LATERALITY    present    0    4
    knee    B-BODY_REGION   present    5    9
    0       B-ROM           present    10   11
    ...
    .       O               _          15   16

Columns are divided by tabs: token, tag, assertion, start, end (code points of the text). A blank line ends a
note. `# id` and `# text` are JSON strings, so that white space survives; white space within a token is shown
as U+2423. Tokens are divided at each border of an entity, so that any offsets can be written.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from notes.clini_note_extractor.corpus import ASSERTIONS, LABELS, BadCorpus, notes_of
from notes.clini_note_extractor.types import Entity, Note

TOKEN = re.compile(r"[^\W_]+|_+|[^\w\s]")
SPACE = re.compile(r"\s")
SHOWN_SPACE = "␣"
OUTSIDE, NOTHING = "O", "_"
COLUMNS = "token, tag, assertion, start, end, divided by tabs"


def write_conll(notes: Sequence[Note]) -> str:
    """The notes as CoNLL, which `read_conll` gives back. Raises ValueError where entities overlap."""
    return "".join(_block(note) for note in notes)


def read_conll(text: str) -> list[Note]:
    """Every note of a CoNLL file that `write_conll` wrote, possibly with tags changed since.

    Raises BadCorpus with the line, for whatever it cannot use.
    """
    notes: list[Note] = []
    lines: dict[str, int] = {}
    for block in _blocks(text.removeprefix("\ufeff")):
        note = _note(block)
        if note.id in lines:
            told = f"The id also stands in line {lines[note.id]}."
            raise BadCorpus(block.line, told, "Give each note its own id.")
        lines[note.id] = block.line
        notes.append(note)
    if not notes:
        raise BadCorpus(1, "There is no note.", 'A note begins with the lines "# id = …" and "# text = …".')
    return notes


def _block(note: Note) -> str:
    head = (("id", note.id), ("text", note.text))
    told = [f"# {name} = {json.dumps(value, ensure_ascii=False)}" for name, value in head]
    return "\n".join([*told, *_rows(note), "", ""])


def _rows(note: Note) -> Iterator[str]:
    for start, end, entity in _pieces(note):
        word = SPACE.sub(SHOWN_SPACE, note.text[start:end])
        yield "\t".join((word, *_tag(entity, start), str(start), str(end)))


def _tag(entity: Entity | None, start: int) -> tuple[str, str]:
    if entity is None:
        return OUTSIDE, NOTHING
    first = "B" if start == entity.start else "I"
    return f"{first}-{entity.label.value}", entity.assertion.value


def _pieces(note: Note) -> Iterator[tuple[int, int, Entity | None]]:
    """Every token with the entity that holds it, divided at the borders of entities."""
    place = 0
    for entity in sorted(note.entities, key=lambda one: one.span):
        if entity.start < place:
            raise ValueError("Entities that overlap cannot be written as one tag a token.")
        yield from ((start, end, None) for start, end in _tokens(note.text, place, entity.start))
        yield from ((start, end, entity) for start, end in _inside(note.text, entity))
        place = entity.end
    yield from ((start, end, None) for start, end in _tokens(note.text, place, len(note.text)))


def _tokens(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    return (found.span() for found in TOKEN.finditer(text, start, end))


def _inside(text: str, entity: Entity) -> Iterator[tuple[int, int]]:
    """Tokens of an entity; white space at its borders, which no annotator means, is kept as a token."""
    tokens = list(_tokens(text, entity.start, entity.end))
    if not tokens:
        yield entity.start, entity.end
        return
    if tokens[0][0] > entity.start:
        yield entity.start, tokens[0][0]
    yield from tokens
    if tokens[-1][1] < entity.end:
        yield tokens[-1][1], entity.end


@dataclass(slots=True)
class _Block:
    """The lines of one note; `line` is the number of the first."""

    line: int
    head: dict[str, str] = field(default_factory=dict)
    rows: list[tuple[int, list[str]]] = field(default_factory=list)


def _blocks(text: str) -> Iterator[_Block]:
    block: _Block | None = None
    # Not splitlines(): a JSON string may hold line separators as they are.
    for number, raw in enumerate(text.split("\n"), start=1):
        line = raw.removesuffix("\r")
        if not line.strip():
            if block is not None:
                yield block
            block = None
            continue
        block = block or _Block(number)
        if line.startswith("# "):
            _read_head(block, number, line)
        else:
            block.rows.append((number, line.split("\t")))
    if block is not None:
        yield block


def _read_head(block: _Block, number: int, line: str) -> None:
    name, _, value = line.removeprefix("# ").partition(" = ")
    if name not in {"id", "text"}:
        return
    try:
        told = json.loads(value)
    except (ValueError, RecursionError):
        told = None
    if not isinstance(told, str):
        wrong = f'"# {name}" is not a JSON string.'
        raise BadCorpus(number, wrong, 'Write it in quotation marks: # id = "n1".')
    block.head[name] = told


def _note(block: _Block) -> Note:
    for name in ("id", "text"):
        if name not in block.head:
            raise BadCorpus(
                block.line, f'The note has no line "# {name} = …".', "Export it again with comments."
            )
    row = {**block.head, "entities": _entities(block)}
    try:
        return notes_of([json.dumps(row)])[0]
    except BadCorpus as error:
        raise BadCorpus(block.line, error.wrong, error.cure) from error


def _entities(block: _Block) -> list[dict[str, Any]]:
    entities: list[dict[str, Any]] = []
    last_end, last_tag = 0, OUTSIDE
    for number, columns in block.rows:
        start, end = _place(number, columns, block.head["text"], last_end)
        _, tag, assertion, *_ = columns
        first, label = _read_tag(number, tag, assertion)
        if first == "B":
            entities.append({"start": start, "end": end, "label": label, "assertion": assertion})
        elif first == "I":
            if last_tag == OUTSIDE or (entities[-1]["label"], entities[-1]["assertion"]) != (
                label,
                assertion,
            ):
                raise BadCorpus(number, f"{tag} continues nothing.", "An entity begins with B-.")
            entities[-1]["end"] = end
        last_end, last_tag = end, tag
    return entities


def _place(number: int, columns: list[str], text: str, last_end: int) -> tuple[int, int]:
    if len(columns) != 5:
        raise BadCorpus(number, f"There are {len(columns)} columns.", f"Five are needed: {COLUMNS}.")
    word, _, _, *places = columns
    # Longer numbers than any note has are refused before they are read: int() is slow on them.
    if not all(one.isascii() and one.isdigit() and len(one) < 10 for one in places):
        raise BadCorpus(number, "Start and end are not whole numbers.", f"The columns are {COLUMNS}.")
    start, end = int(places[0]), int(places[1])
    if not last_end <= start < end <= len(text):
        raise BadCorpus(number, "The token has no place behind the one before it.", "Keep start and end.")
    if SPACE.sub(SHOWN_SPACE, text[start:end]) != word:
        raise BadCorpus(number, "The token is not what the text holds there.", "Change tags only.")
    return start, end


def _read_tag(number: int, tag: str, assertion: str) -> tuple[str, str]:
    if tag == OUTSIDE:
        return OUTSIDE, ""
    first, _, label = tag.partition("-")
    if first not in {"B", "I"} or label not in LABELS:
        raise BadCorpus(number, "The tag is unknown.", f"Tags are O, B- and I- with {', '.join(LABELS)}.")
    if assertion not in ASSERTIONS:
        raise BadCorpus(number, "The assertion is unknown.", f"Assertions are {', '.join(ASSERTIONS)}.")
    return first, label
