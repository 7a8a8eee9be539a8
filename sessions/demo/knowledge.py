"""The demo's knowledge: the starter articles, four of them approved by a colleague."""

from clinic.models import Membership, Role
from sessions.models import ArticleVersion
from sessions.services.assistant.articles import add_starter_articles, approve_version

APPROVED = 4


def write_knowledge() -> None:
    """In the clinic in scope; where one therapist works alone, nothing is approved."""
    therapists = list(Membership.objects.filter(role=Role.THERAPIST).order_by("pk")[:2])
    if not therapists:
        return
    add_starter_articles(by=therapists[0])
    if len(therapists) < 2:
        return
    for version in ArticleVersion.objects.select_related("article").order_by("pk")[:APPROVED]:
        approve_version(version, by=therapists[1])
