"""Phrases: a short form that becomes a text while typing, for the whole clinic or for one member."""

import re

from django.db import IntegrityError, transaction

from clinic.audit import record
from clinic.errors import Invalid
from clinic.models import Membership
from notes.errors import ShortFormTaken
from notes.models import Phrase
from notes.note_text import storable, with_plain_line_ends

PHRASE = "notes.Phrase"
SHORT_FORM = re.compile(r"[a-z0-9][a-z0-9_-]{0,23}")
TEXT_LENGTH = 2000
MOST_PHRASES = 300


def write_phrase(phrase: Phrase | None, *, short: str, text: str, owner: Membership | None) -> Phrase:
    """Make a phrase, or change one. Raises Invalid, ShortFormTaken."""
    short = short.strip().lstrip(".").lower()
    text = storable(with_plain_line_ends(text)).strip()
    _check(short, text)
    if phrase is None and Phrase.objects.filter(owner=owner).count() >= MOST_PHRASES:
        raise Invalid(f"There are {MOST_PHRASES} phrases already. Delete one that nobody uses.")
    row = phrase or Phrase(owner=owner)
    row.short, row.text = short, text
    try:
        with transaction.atomic():
            row.save()
            record("change" if phrase else "create", object_type=PHRASE, object_ref=row.ref)
    except IntegrityError as error:
        raise ShortFormTaken from error
    return row


def delete_phrase(phrase: Phrase) -> None:
    """Take a phrase away. The page keeps what it needs to write it again."""
    with transaction.atomic():
        record("delete", object_type=PHRASE, object_ref=phrase.ref)
        phrase.delete()


def _check(short: str, text: str) -> None:
    if not SHORT_FORM.fullmatch(short):
        words = "1 to 24 small letters, digits, hyphens or underscores, such as slr."
        raise Invalid(words, fields={"short": words})
    if not text or len(text) > TEXT_LENGTH:
        words = f"Write a text of at most {TEXT_LENGTH:,} characters."
        raise Invalid(words, fields={"text": words})
