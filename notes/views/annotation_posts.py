"""What the annotating page sends: JSON from its script, or one change from a form."""

import json
from collections.abc import Mapping
from typing import Any

from clinic.errors import Invalid
from clinic.tenancy.request import ClinicRequest
from notes.annotating.spans import Row
from notes.annotation_errors import WordsNotFound
from notes.forms_annotation import SpanForm
from notes.models import Annotation

LARGEST_JSON = 1_900_000


def sent_save(request: ClinicRequest) -> dict[str, Any]:
    """Arguments of `save_annotation` from the script's JSON. Raises Invalid."""
    body = request.body if request.content_type == "application/json" else b""
    try:
        fields = json.loads(body) if len(body) <= LARGEST_JSON else None
    except (ValueError, RecursionError):
        fields = None
    if not isinstance(fields, dict):
        raise Invalid
    return {
        "entities": fields.get("entities"),
        "rejected": fields.get("rejected"),
        "revision": _whole(fields.get("revision")),
        "seconds": max(0, _whole(fields.get("seconds", 0))),
    }


def sent_changes(sent: Mapping[str, str], annotation: Annotation) -> dict[str, Any]:
    """Arguments of `save_annotation` after one change by a form. Raises Invalid, WordsNotFound."""
    entities, rejected = list(annotation.entities), list(annotation.rejected)
    action, place = sent.get("action"), sent.get("place", "")
    if action == "add":
        entities.append(_span_of(sent, annotation.document.text))
    elif action == "remove":
        entities = [one for one in entities if _place_of(one) != place]
    elif action == "accept":
        entities += [_accepted(one) for one in annotation.proposals if _place_of(one) == place]
    elif action == "reject":
        rejected += [_refused(one) for one in annotation.proposals if _place_of(one) == place]
    else:
        raise Invalid
    revision = sent.get("revision", "")
    return {
        "entities": entities,
        "rejected": rejected,
        "revision": int(revision) if revision.isdecimal() and len(revision) < 9 else -1,
    }


def span_by_words(
    text: str, words: str, *, occurrence: int, within: tuple[int, int] | None = None
) -> tuple[int, int]:
    """Where these words stand for the n-th time, in the whole text or a part. Raises WordsNotFound."""
    start, end = within or (0, len(text))
    at = start - 1
    for _ in range(occurrence):
        at = text.find(words, at + 1, end)
        if at < 0 or not words:
            raise WordsNotFound
    return at, at + len(words)


def _span_of(sent: Mapping[str, str], text: str) -> Row:
    form = SpanForm(sent)
    if not form.is_valid():
        raise Invalid("Give the words, which time they occur, and a label.")
    asked = form.cleaned_data
    start, end = span_by_words(text, asked["words"].strip(), occurrence=asked["occurrence"])
    return {
        "start": start, "end": end, "label": asked["label"], "assertion": asked["assertion"], "origin": "own",
    }  # fmt: skip


def _place_of(row: Row) -> str:
    return f"{row['start']}-{row['end']}-{row['label']}"


def _accepted(row: Row) -> Row:
    kept = {name: row[name] for name in ("start", "end", "label", "assertion")}
    return {**kept, "origin": "accepted"}


def _refused(row: Row) -> Row:
    return {name: row[name] for name in ("start", "end", "label")}


def _whole(value: object) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10**9 else -1
