"""What the editor's script sends: a small JSON object, checked field by field before anything is done."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from clinic.errors import Invalid
from clinic.tenancy.request import ClinicRequest
from notes.clini_note_extractor import Label
from notes.errors import MOST_CHARACTERS, NoteTooLong
from notes.fact_merging import Correction, valid_assertion
from notes.note_text import storable
from notes.services.fact_corrections import MOST_CORRECTIONS, Quoted

# 200,000 characters of four bytes each, escapes, and the corrections.
LARGEST_BODY = 1_900_000
LINKS = ("region", "side", "motion", "measure")
LONGEST_LINK = 60
LABELS = frozenset(label.value for label in Label)
TOO_MANY = f"A note can have at most {MOST_CORRECTIONS:,} corrections."


@dataclass(frozen=True, slots=True)
class SentDraft:
    """An autosave. Without a text it is only a sign of life, or what to do with a text kept apart."""

    text: str | None
    revision: int
    facts: list[Quoted] = field(default_factory=list)
    settle: int | None = None
    take_over: bool = False
    let_go: bool = False


def sent_draft(request: ClinicRequest) -> SentDraft:
    """Raises Invalid, NoteTooLong."""
    body = _body(request)
    text = _text(body) if "text" in body else None
    return SentDraft(
        text=text,
        revision=_whole(body.get("revision", 0)),
        facts=_facts(body),
        settle=_whole(body["settle"]) if body.get("settle") is not None else None,
        take_over=body.get("take_over") is True,
        let_go=body.get("let_go") is True,
    )


def sent_marks(request: ClinicRequest) -> tuple[str, list[Correction]]:
    """The text, or the stretch of it, to be read, with its corrections. Raises Invalid, NoteTooLong."""
    body = _body(request)
    text = _text(body)
    fitting = [one.correction for one in _facts(body) if one.correction.end <= len(text)]
    return text, fitting


def _body(request: ClinicRequest) -> Mapping[str, Any]:
    raw = request.body if request.content_type == "application/json" else b""
    try:
        body = json.loads(raw) if len(raw) <= LARGEST_BODY else None
    except (ValueError, RecursionError):
        body = None
    if not isinstance(body, dict):
        raise Invalid("The page sent something that could not be read. Nothing was changed.")
    return body


def _text(body: Mapping[str, Any]) -> str:
    text = body.get("text")
    if not isinstance(text, str):
        raise Invalid
    if len(text) > MOST_CHARACTERS:
        raise NoteTooLong(len(text))
    return storable(text)


def _facts(body: Mapping[str, Any]) -> list[Quoted]:
    sent = body.get("facts", [])
    if not isinstance(sent, list) or not all(isinstance(one, dict) for one in sent):
        raise Invalid
    if len(sent) > MOST_CORRECTIONS:
        raise Invalid(TOO_MANY)
    return [Quoted(_correction(one), storable(_string(one.get("quote", "")))) for one in sent]


def _correction(sent: Mapping[str, Any]) -> Correction:
    start, end, label = _whole(sent.get("start")), _whole(sent.get("end")), sent.get("label")
    if not _is_label(label) or not 0 <= start < end <= MOST_CHARACTERS:
        raise Invalid
    found = sent.get("found")
    return Correction(
        start,
        end,
        str(label),
        valid_assertion(str(label), _string(sent.get("assertion", "present"))),
        is_removed=sent.get("removed") is True,
        links=_links(sent.get("links") or {}),
        found_as=_found_as(found) if found else {},
    )


def _is_label(sent: Any) -> bool:
    return isinstance(sent, str) and sent in LABELS


def _links(sent: Any) -> dict[str, str]:
    if not isinstance(sent, dict):
        raise Invalid
    said = {name: " ".join(_string(sent[name]).split()) for name in LINKS if sent.get(name)}
    return {name: storable(words)[:LONGEST_LINK] for name, words in said.items() if words}


def _found_as(sent: Any) -> dict[str, Any]:
    if not isinstance(sent, dict) or not _is_label(sent.get("label")):
        raise Invalid
    return {
        "start": _whole(sent.get("start")),
        "end": _whole(sent.get("end")),
        "label": sent["label"],
        "assertion": valid_assertion(sent["label"], _string(sent.get("assertion", "present"))),
    }


def _whole(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= 2**31 - 1:
        raise Invalid
    return value


def _string(value: Any) -> str:
    if not isinstance(value, str):
        raise Invalid
    return value
