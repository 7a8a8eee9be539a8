"""What a clinic has set up for its notes: templates, phrases, and whether it may be dictated."""

from uuid import UUID

from django.db.models import Case, Q, QuerySet, When

from clinic.models import Membership
from notes.errors import PhraseNotFound, TemplateNotFound
from notes.models import NoteSettings, NoteTemplate, Phrase


def is_dictation_allowed() -> bool:
    """Whether the clinic in scope lets its notes be dictated; not until an admin says so."""
    return NoteSettings.objects.filter(dictation_allowed=True).exists()


def offered_templates() -> QuerySet[NoteTemplate]:
    """The templates with which a note can begin: the everyday kind first, then by title."""
    order = Case(*(When(kind=kind, then=place) for place, kind in enumerate(NoteTemplate.Kind.values)))
    return NoteTemplate.objects.filter(is_active=True).order_by(order, "title", "id")


def retired_templates() -> QuerySet[NoteTemplate]:
    """Templates that are offered no longer; they can be taken back."""
    return NoteTemplate.objects.filter(is_active=False).order_by("title", "-updated_at")


def template_by_ref(ref: UUID | str) -> NoteTemplate:
    """Any template of the clinic. Raises TemplateNotFound."""
    try:
        wanted = UUID(str(ref))
    except ValueError as error:
        raise TemplateNotFound from error
    found = NoteTemplate.objects.filter(ref=wanted).first()
    if found is None:
        raise TemplateNotFound
    return found


def clinic_phrases() -> QuerySet[Phrase]:
    """Phrases for everybody who writes notes here."""
    return Phrase.objects.filter(owner=None)


def own_phrases(membership: Membership) -> QuerySet[Phrase]:
    """Phrases of one member, which nobody else sees."""
    return Phrase.objects.filter(owner=membership)


def phrases_for(membership: Membership) -> list[Phrase]:
    """What this member may type: the clinic's phrases and their own, which win over the clinic's."""
    by_short: dict[str, Phrase] = {}
    both = Phrase.objects.filter(Q(owner=None) | Q(owner=membership))
    for phrase in sorted(both, key=lambda one: one.owner_id is not None):
        by_short[phrase.short] = phrase
    return [by_short[short] for short in sorted(by_short)]


def phrase_by_ref(ref: UUID | str, *, owner: Membership | None) -> Phrase:
    """A phrase of this owner, or of the clinic for None. Raises PhraseNotFound."""
    try:
        wanted = UUID(str(ref))
    except ValueError as error:
        raise PhraseNotFound from error
    found = Phrase.objects.filter(ref=wanted, owner=owner).first()
    if found is None:
        raise PhraseNotFound
    return found
