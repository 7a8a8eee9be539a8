"""Texts and annotated texts from files, and data sets into files. What is wrong is told by line, without
a word of the text.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from notes.annotating import conll
from notes.clini_note_extractor import LONGEST_NOTE, BadCorpus, Note
from notes.clini_note_extractor.corpus import notes_of
from notes.note_text import LONE_SURROGATE_OR_NUL

MOST_DOCUMENTS = 2000
MOST_BYTES = 30_000_000
MOST_TOLD = 20
FORMATS = (".txt", ".jsonl", ".conll")


@dataclass(frozen=True, slots=True)
class Problem:
    """One line that cannot be used, and what to do; 0 where it is about the whole file."""

    line: int
    words: str

    def __str__(self) -> str:
        return f"Line {self.line}: {self.words}" if self.line else self.words


@dataclass(frozen=True, slots=True)
class ReadFile:
    """What a file holds, with or without spans; nothing where there is a problem."""

    notes: list[Note] = field(default_factory=list)
    annotated: frozenset[str] = frozenset()
    problems: list[Problem] = field(default_factory=list)


def read_file(name: str, data: bytes) -> ReadFile:
    """Read an uploaded .txt, .jsonl or .conll file. Problems are returned, never raised."""
    if len(data) > MOST_BYTES:
        return _refused(0, f"The file has more than {MOST_BYTES // 1_000_000} MB. Divide it.")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        return _refused(line, "This is not UTF-8 text. Save the file as UTF-8.")
    ending = next((one for one in FORMATS if name.lower().endswith(one)), "")
    read: dict[str, Callable[[str], ReadFile]] = {
        ".txt": read_plain, ".jsonl": read_jsonl, ".conll": read_conll,
    }  # fmt: skip
    if not ending:
        return _refused(0, "Send a .txt, .jsonl or .conll file.")
    return _within_limits(read[ending](text))


def read_plain(text: str) -> ReadFile:
    """The whole file is one text, without a name: file names often name people."""
    if not text.strip():
        return _refused(0, "The file holds no text.")
    problem = text_problem(text)
    return _refused(0, problem) if problem else ReadFile([Note("", text)])


def read_jsonl(text: str) -> ReadFile:
    """One text a line, as {"id", "text"} and, where it is annotated already, "entities"."""
    notes: list[Note] = []
    annotated: set[str] = set()
    problems: list[Problem] = []
    seen: dict[str, int] = {}
    # Not splitlines(): a text may hold line separators that JSON leaves as they are.
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            has_spans = _has_spans(line)
            note = notes_of([line], annotated=has_spans)[0]
        except BadCorpus as error:
            problems.append(Problem(number, f"{error.wrong} {error.cure}"))
            continue
        wrong = _id_problem(note.id, seen) or text_problem(note.text)
        if wrong:
            problems.append(Problem(number, wrong))
        seen[note.id] = number
        notes.append(note)
        annotated |= {note.id} if has_spans else set()
    return _whole(notes, annotated, problems)


def read_conll(text: str) -> ReadFile:
    """Annotated texts of a CoNLL file."""
    notes: list[Note] = []
    problems: list[Problem] = []
    seen: dict[str, int] = {}
    for number, found in conll.parse(text):
        if isinstance(found, str):
            problems.append(Problem(number, found))
            continue
        wrong = _id_problem(found.id, seen) or text_problem(found.text)
        if wrong:
            problems.append(Problem(number, wrong))
        seen[found.id] = number
        notes.append(found)
    return _whole(notes, {note.id for note in notes}, problems)


def write_jsonl(notes: Iterable[Note]) -> str:
    """One note a line, keys and entities in a fixed order: equal data are equal bytes."""
    return "".join(f"{json.dumps(_row(note), ensure_ascii=False)}\n" for note in notes)


def write_conll(notes: Iterable[Note]) -> str:
    """The same data as tokens, with their offsets and the whole text in comments."""
    return conll.write(notes)


def text_problem(text: str) -> str:
    """Why this text cannot enter a project, or nothing."""
    if not text.strip():
        return "There is no text."
    if len(text) > LONGEST_NOTE:
        return f"The text has {len(text):,} characters; up to {LONGEST_NOTE:,} are taken. Divide it."
    if LONE_SURROGATE_OR_NUL.search(text):
        return "The text holds a character that cannot be stored (NUL or half a character)."
    return ""


def _has_spans(line: str) -> bool:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError):
        return False
    return isinstance(row, dict) and row.get("entities") is not None


def _id_problem(name: str, seen: dict[str, int]) -> str:
    return f"The id also stands in line {seen[name]}. Give each text its own." if name in seen else ""


def _row(note: Note) -> dict[str, Any]:
    entities: Sequence[Any] = sorted(note.entities, key=lambda one: one.span)
    return {"id": note.id, "text": note.text, "entities": [one.to_dict() for one in entities]}


def _whole(notes: list[Note], annotated: set[str], problems: list[Problem]) -> ReadFile:
    if problems:
        return ReadFile(problems=_told(problems))
    return ReadFile(notes, frozenset(annotated)) if notes else _refused(0, "The file holds no text.")


def _told(problems: list[Problem]) -> list[Problem]:
    rest = len(problems) - MOST_TOLD
    return problems if rest <= 0 else [*problems[:MOST_TOLD], Problem(0, f"And {rest:,} more.")]


def _within_limits(read: ReadFile) -> ReadFile:
    if len(read.notes) > MOST_DOCUMENTS:
        return _refused(
            0, f"The file holds {len(read.notes):,} texts; up to {MOST_DOCUMENTS:,} are taken at once."
        )
    return read


def _refused(line: int, words: str) -> ReadFile:
    return ReadFile(problems=[Problem(line, words)])
