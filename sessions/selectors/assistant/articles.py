"""Named reads of what the assistant may quote."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Q, QuerySet

from clinic.models import Membership
from patients.models import Patient
from patients.selectors import check_patient_access
from sessions.assistant_errors import ArticleNotFound
from sessions.models import Article, ArticleVersion
from sessions.rehab_bot.types import Passage, PassageKind


def approved_passages(patient: Patient) -> tuple[Passage, ...]:
    """What may be quoted to this patient: of each article the newest approved version, corrections first."""
    articles = Article.objects.filter(Q(patient=None) | Q(patient=patient), retired_at=None)
    newest = _newest_approved(articles)
    rows = sorted(newest, key=lambda version: (version.article.kind != Article.Kind.CORRECTION, version.pk))
    return tuple(_passage(version) for version in rows)


def _newest_approved(articles: QuerySet[Article]) -> Iterable[ArticleVersion]:
    versions = ArticleVersion.objects.filter(article__in=articles, approved_at__isnull=False)
    return versions.select_related("article").order_by("article_id", "-number").distinct("article_id")


def _passage(version: ArticleVersion) -> Passage:
    is_correction = version.article.kind == Article.Kind.CORRECTION
    return Passage(
        ref=f"{'correction' if is_correction else 'article'}:{version.ref}",
        kind=PassageKind.CORRECTION if is_correction else PassageKind.ARTICLE,
        title=version.title,
        text=version.body,
        exercise_code=version.article.exercise_code,
        questions=tuple(version.questions),
    )


def articles_of_clinic() -> QuerySet[Article]:
    """Every article and correction for everybody, the newest first, with its versions."""
    return Article.objects.filter(patient=None).prefetch_related("versions__written_by").order_by("-id")


def access_article(membership: Membership, ref: UUID | str, *, purpose: str) -> Article:
    """An article, or a correction for a patient whom this person may open. Raises ArticleNotFound."""
    try:
        article = Article.objects.select_related("patient", "turn").filter(ref=UUID(str(ref))).first()
    except ValueError as wrong:
        raise ArticleNotFound from wrong
    if article is None:
        raise ArticleNotFound
    if article.patient is not None:
        check_patient_access(membership, article.patient.ref, purpose=purpose)
    return article
