"""A clinic's templates: shipped ones to begin with, then written, ordered, retired and taken back."""

from collections.abc import Sequence

from django.db import IntegrityError, transaction

from clinic.audit import record
from clinic.errors import Invalid
from notes.errors import TitleTaken
from notes.models import NoteTemplate
from notes.shipped_templates import SHIPPED, Section

TEMPLATE = "notes.NoteTemplate"
MOST_SECTIONS = 20
HEADING_LENGTH, PROMPT_LENGTH, TITLE_LENGTH = 60, 300, 80
Kind = NoteTemplate.Kind


def ensure_shipped_templates() -> None:
    """Give a clinic the shipped templates the first time it writes notes; never a second time."""
    if NoteTemplate.objects.exists():
        return
    rows = [
        NoteTemplate(kind=kind, title=title, sections=[vars(section) for section in sections])
        for kind, title, sections in SHIPPED
    ]
    # Two people who open the page at once: the second one's rows are the first one's.
    made = NoteTemplate.objects.bulk_create(rows, ignore_conflicts=True)
    record("create", object_type=TEMPLATE, purpose="shipped templates", detail={"templates": len(made)})


def write_template(
    template: NoteTemplate | None, *, title: str, kind: str, sections: Sequence[Section]
) -> NoteTemplate:
    """Make a template, or change one. Notes that were begun with it keep their words.

    Raises Invalid for what cannot be a template, TitleTaken when another one is called so.
    """
    title = _words(title)
    kept = _checked(title, kind, sections)
    row = template or NoteTemplate()
    row.title, row.kind, row.sections = title, kind, [vars(section) for section in kept]
    try:
        with transaction.atomic():
            row.save()
            record(
                "change" if template else "create",
                object_type=TEMPLATE,
                object_ref=row.ref,
                detail={"sections": len(kept)},
            )
    except IntegrityError as error:
        raise TitleTaken from error
    return row


def _checked(title: str, kind: str, sections: Sequence[Section]) -> list[Section]:
    if not title or len(title) > TITLE_LENGTH:
        raise Invalid(
            "Give the template a name.", fields={"title": f"A name of 1 to {TITLE_LENGTH} letters."}
        )
    if kind not in Kind.values:
        raise Invalid("Choose a kind.", fields={"kind": "Choose a kind."})
    rows = [Section(_words(one.heading), _words(one.prompt)) for one in sections]
    kept = [one for one in rows if one.heading or one.prompt]
    if not kept:
        raise Invalid("A template needs at least one heading.")
    if len(kept) > MOST_SECTIONS:
        raise Invalid(f"A template has at most {MOST_SECTIONS} sections.")
    bare = [str(number) for number, one in enumerate(rows, start=1) if one.prompt and not one.heading]
    if bare:
        raise Invalid(f"Give section {', '.join(bare)} a heading, or take its help away.")
    if any(len(one.heading) > HEADING_LENGTH or len(one.prompt) > PROMPT_LENGTH for one in kept):
        raise Invalid(f"A heading has at most {HEADING_LENGTH} letters, its help {PROMPT_LENGTH}.")
    if len({one.heading.casefold() for one in kept}) < len(kept):
        raise Invalid("Two sections have the same heading.")
    return kept


def retire_template(template: NoteTemplate) -> NoteTemplate:
    """Offer it no longer; notes that were begun with it stay."""
    return _set_active(template, is_active=False)


def restore_template(template: NoteTemplate) -> NoteTemplate:
    """Offer it again. Raises TitleTaken when another one has its name by now."""
    return _set_active(template, is_active=True)


def _set_active(template: NoteTemplate, *, is_active: bool) -> NoteTemplate:
    template.is_active = is_active
    try:
        with transaction.atomic():
            template.save(update_fields=["is_active", "updated_at"])
            record(
                "change",
                object_type=TEMPLATE,
                object_ref=template.ref,
                purpose="offer again" if is_active else "retire",
            )
    except IntegrityError as error:
        raise TitleTaken from error
    return template


def _words(text: str) -> str:
    return " ".join(text.replace("\x00", "").split())
