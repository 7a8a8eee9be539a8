"""The third person decides where two differ."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from clinic.audit import Action, record
from notes.annotating.differences import Difference
from notes.annotating.spans import Marked, SpansWrong, read_spans
from notes.annotation_errors import DecisionMissing, NotOpenForThis, SpansRefused
from notes.models import ProjectDocument
from notes.selectors.annotation.access import ProjectAccess, check_may_settle
from notes.selectors.annotation.agreement import two_sides_of
from notes.services.annotation.projects import locked_project

TAKES = ("a", "b", "own", "neither")


@dataclass(frozen=True, slots=True)
class Choice:
    """What is taken for one difference; `own` holds rows of spans where neither side is right."""

    take: str
    own: object = ()


@transaction.atomic
def settle_document(
    access: ProjectAccess, document: ProjectDocument, choices: Mapping[int, Choice]
) -> ProjectDocument:
    """Keep what both marked alike and what was chosen for each difference, by its place in the list.

    Raises SettledByOthers, NotOpenForThis, DecisionMissing with how many are left, SpansRefused.
    """
    check_may_settle(access, document)
    locked_project(access.project)
    stored = ProjectDocument.objects.select_for_update().get(pk=document.pk)
    if stored.state != ProjectDocument.State.TO_SETTLE:
        raise NotOpenForThis
    sides = two_sides_of(stored)
    missing = [
        at for at in range(len(sides.differences)) if at not in choices or choices[at].take not in TAKES
    ]
    if missing:
        raise DecisionMissing(len(missing))
    spans = [Marked(*one.key, origin="agreed") for one in sides.agreed]
    for at, difference in enumerate(sides.differences):
        spans += _chosen(choices[at], difference, text=stored.text)
    stored.settled = [one.to_row() for one in _whole(spans, text=stored.text)]
    stored.state = ProjectDocument.State.SETTLED
    stored.settled_by, stored.settled_at = access.membership, timezone.now()
    stored.save()
    taken = [choices[at].take for at in range(len(sides.differences))]
    record(
        Action.CHANGE,
        object_type="notes.ProjectDocument",
        object_ref=stored.ref,
        purpose="settled",
        detail={"agreed": len(sides.agreed), **{take: taken.count(take) for take in TAKES}},
    )
    return stored


def _chosen(choice: Choice, difference: Difference, *, text: str) -> list[Marked]:
    if choice.take == "neither":
        return []
    if choice.take == "own":
        own = _whole(choice.own, text=text)
        if not own:
            raise DecisionMissing(1)
        return own
    side = difference.a if choice.take == "a" else difference.b
    return [Marked(*one.key, origin=choice.take) for one in side]


def _whole(spans: object, *, text: str) -> list[Marked]:
    rows = (
        [one.to_row() if isinstance(one, Marked) else one for one in spans]
        if isinstance(spans, list)
        else spans
    )
    try:
        return read_spans(rows, text=text)
    except SpansWrong as error:
        raise SpansRefused(str(error)) from error
