"""CoNLL: one token a line with a BIO tag, an empty line between sentences or texts.

We write token, start, end and tag, separated by tabs, below "# id" and "# text" comments in JSON: nothing is
lost, not even white space, which is shown as U+2423 within a token. From other tools we also read two or more
columns with the tag last; their text is put together with blanks between tokens and a line for each sentence.
A tag is B-LABEL, I-LABEL or O; "B-DIAGNOSIS|negated" carries an assertion.
"""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from notes.clini_note_extractor import ASSERTED, Assertion, Entity, Label, Note, Span

TOKEN = re.compile(r"[^\W_]+|_+|[^\w\s]")
SPACE = re.compile(r"\s")
SHOWN_SPACE = "␣"
NOT_THERE = "The token does not stand there in the text."


@dataclass(slots=True)
class _Open:
    """A text that is being read."""

    first_line: int = 0
    name: str = ""
    text: str | None = None
    rows: list[tuple[int, str, list[str]]] = field(default_factory=list)
    problem: tuple[int, str] | None = None


class _BadRow(Exception):
    def __init__(self, line: int, words: str) -> None:
        super().__init__(words)
        self.line, self.words = line, words


def write(notes: Iterable[Note]) -> str:
    """Every note with its tokens; a token that a span cuts is written in parts."""
    return "\n".join(_written(note) for note in notes)


def parse(text: str) -> Iterator[tuple[int, Note | str]]:
    """Notes with the line on which each begins, or what is wrong and where."""
    for place, opened in enumerate(_documents(text), start=1):
        if opened.problem:
            yield opened.problem
            continue
        try:
            yield opened.first_line, _note(opened, name=opened.name or f"text-{place}")
        except _BadRow as error:
            yield error.line, error.words


def _written(note: Note) -> str:
    lines = [f"# id = {json.dumps(note.id)}", f"# text = {json.dumps(note.text)}"]
    for start, end, entity in _pieces(note):
        word = SPACE.sub(SHOWN_SPACE, note.text[start:end])
        lines.append(f"{word}\t{start}\t{end}\t{_tag(entity, start)}")
    return "\n".join(lines) + "\n"


def _pieces(note: Note) -> Iterator[tuple[int, int, Entity | None]]:
    """Every token with the entity that holds it, divided at the borders of entities."""
    place = 0
    for entity in sorted(note.entities, key=lambda one: one.span):
        yield from ((start, end, None) for start, end in _tokens(note.text, place, entity.start))
        yield from ((start, end, entity) for start, end in _inside(note.text, entity))
        place = entity.end
    yield from ((start, end, None) for start, end in _tokens(note.text, place, len(note.text)))


def _tokens(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    return (found.span() for found in TOKEN.finditer(text, start, end))


def _inside(text: str, entity: Entity) -> Iterator[tuple[int, int]]:
    """Tokens of an entity; blanks at its borders are tokens too, so that any offsets survive."""
    reached = entity.start
    for start, end in _tokens(text, entity.start, entity.end):
        if start > reached == entity.start:
            yield reached, start
        yield start, end
        reached = end
    if reached < entity.end:
        yield reached, entity.end


def _tag(entity: Entity | None, start: int) -> str:
    if entity is None:
        return "O"
    said = f"|{entity.assertion.value}" if entity.label in ASSERTED else ""
    return f"{'B' if start == entity.start else 'I'}-{entity.label.value}{said}"


def _documents(text: str) -> Iterator[_Open]:
    opened = _Open()
    for number, line in enumerate(text.split("\n"), start=1):
        line = line.rstrip("\r")
        if line.startswith("# id =") or line.startswith("-DOCSTART-"):
            if opened.rows or opened.text is not None:
                yield opened
            opened = _Open(number)
        if line.startswith("# "):
            _take_comment(opened, number, line)
        elif line.strip() and not line.startswith("-DOCSTART-"):
            opened.first_line = opened.first_line or number
            opened.rows.append((number, line, line.split("\t") if "\t" in line else line.split()))
        elif opened.rows and not line.strip():
            opened.rows.append((number, "", []))
    if opened.rows or opened.text is not None:
        yield opened


def _take_comment(opened: _Open, number: int, line: str) -> None:
    for name in ("id", "text"):
        start = f"# {name} = "
        if not line.startswith(start):
            continue
        try:
            value = json.loads(line[len(start) :])
        except (ValueError, RecursionError):
            value = None
        if not isinstance(value, str):
            opened.problem = (number, f'The comment "{name}" is no JSON string.')
        elif name == "id":
            opened.name = value
        else:
            opened.text = value


def _note(opened: _Open, *, name: str) -> Note:
    text, placed = _with_given_text(opened) if opened.text is not None else _with_own_text(opened)
    return Note(name, text, tuple(_entities(text, placed)))


# A token's line number, its start and end, and its tag.
Placed = list[tuple[int, int, int, str]]


def _with_given_text(opened: _Open) -> tuple[str, Placed]:
    text, placed, reached = opened.text or "", [], 0
    for number, _, columns in opened.rows:
        if not columns:
            continue
        token = columns[0]
        start = _whole(columns[1]) if len(columns) >= 4 else text.find(token, reached)
        if start is None or start < reached:
            raise _BadRow(number, NOT_THERE)
        end = start + len(token)
        if SPACE.sub(SHOWN_SPACE, text[start:end]) != SPACE.sub(SHOWN_SPACE, token):
            raise _BadRow(number, NOT_THERE)
        reached = end
        placed.append((number, start, end, columns[-1]))
    return text, placed


def _with_own_text(opened: _Open) -> tuple[str, Placed]:
    parts: list[str] = []
    placed: Placed = []
    reached = 0
    for number, _, columns in opened.rows:
        if not columns:
            if parts:
                parts[-1] = "\n"
            continue
        if len(columns) < 2:
            raise _BadRow(number, "A line needs a token and a tag.")
        token = columns[0]
        parts += [token, " "]
        placed.append((number, reached, reached + len(token), columns[-1]))
        reached += len(token) + 1
    return "".join(parts).rstrip(), placed


def _whole(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def _entities(text: str, placed: Placed) -> Iterator[Entity]:
    opened: tuple[int, int, Label, Assertion] | None = None
    for number, start, end, tag in placed:
        begins, label, assertion = _read_tag(number, tag)
        goes_on = opened is not None and not begins and (label, assertion) == opened[2:]
        if opened is not None and not goes_on:
            yield Entity(Span(opened[0], opened[1]), opened[2], opened[3])
            opened = None
        if label is not None and assertion is not None:
            opened = (opened[0] if opened else start, end, label, assertion)
    if opened is not None:
        yield Entity(Span(opened[0], opened[1]), opened[2], opened[3])


def _read_tag(number: int, tag: str) -> tuple[bool, Label | None, Assertion | None]:
    if tag == "O":
        return False, None, None
    kind, _, rest = tag.partition("-")
    label, _, said = rest.partition("|")
    if kind not in {"B", "I"} or label not in Label.__members__:
        raise _BadRow(number, f"The tag is unknown. Tags are O, B-… and I-… of {', '.join(Label)}.")
    if said and said not in list(Assertion):
        raise _BadRow(number, f"The assertion is unknown. Assertions are {', '.join(Assertion)}.")
    asserted = Assertion(said) if said and Label(label) in ASSERTED else Assertion.PRESENT
    return kind == "B", Label(label), asserted
